"""nbgrader's part: released notebooks, the gradebook, and what nbgrader runs instead of a hand-in."""
