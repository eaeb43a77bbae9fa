"""A course of two small functions, in a folder of its own, for tests of what nbgrader does with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from autograder.gradebook.filling import fill
from autograder.gradebook.nbgrader_course import course_config, open_gradebook
from autograder.gradebook.release import release_notebook
from autograder.model import Assignment, Case, Criterion, Question, Result, Status, Verdict

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = '''\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # Two small functions
# Run the cells from top to bottom.

# %%
import numpy as np
from autograder import check

# %% [markdown]
# ## Doubling

# %% nbgrader={"grade_id": "double", "solution": true}
import numpy as np

def double(x):
    """Return twice `x`."""
    ### BEGIN SOLUTION
    return 2 * np.asarray(x)
    ### END SOLUTION

# %% nbgrader={"grade_id": "check_double", "grade": true, "locked": true}
check(double)

# %% tags=["demo"]
# %matplotlib inline
print(double(np.arange(3)))

# %% nbgrader={"grade_id": "largest", "solution": true}
import numpy as np

def largest(x):
    """Return the largest entry of `x`."""
    ### BEGIN SOLUTION
    return np.max(x)
    ### END SOLUTION

# %% nbgrader={"grade_id": "check_largest", "grade": true, "locked": true}
check(largest)

# %% [markdown]
# ## In words

# %% [markdown] nbgrader={"grade_id": "explain_tiny", "grade": true, "solution": true, "points": 3}
# Is the largest entry of the doubled array twice the largest entry? Always, even if 2 < 1?
#
# ### BEGIN SOLUTION
# Yes: doubling keeps the order.
# ### END SOLUTION
'''


def _draw(rng: np.random.Generator) -> Iterator[Case]:
    del rng
    return iter(())


def _question(name: str, **points: float) -> Question:
    return Question(name, tuple(Criterion(each, worth, (), _draw, "", "") for each, worth in points.items()))


TINY = Assignment("tiny", (_question("double", plain=2, integers=1), _question("largest", plain=1.5, negative=0.5)))


@cache
def _empty_gradebook() -> bytes:
    """Return a new gradebook's file: making one takes nbgrader seconds."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "gradebook.db")
        with open_gradebook(f"sqlite:///{path}", "pooling-measured"):
            return path.read_bytes()


def make_course(root: Path, solution: str = SOLUTION) -> Path:
    """Lay out a course folder with the repository's nbgrader configuration."""
    (root / "solutions").mkdir(parents=True, exist_ok=True)
    if not (root / "gradebook.db").exists():
        (root / "gradebook.db").write_bytes(_empty_gradebook())
    (root / "solutions" / "tiny.py").write_text(solution)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


def release_tiny(root: Path, **options: Any) -> Path:
    return release_notebook("tiny", root, assignment=TINY, **options)


def nbgrader(root: Path, *command: str) -> str:
    """Run an nbgrader command as an instructor would, and return what it printed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("nbgrader")), *command],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def hand_in(root: Path, student: str, edits: dict[str, str] | None = None, timestamp: str | None = None) -> Path:
    """Hand the released notebook in, with the sources of some cells replaced."""
    notebook = json.loads((root / "exercises/tiny/tiny.ipynb").read_text())
    for cell in notebook["cells"]:
        cell["source"] = (edits or {}).get(cell["id"], cell["source"])
    folder = root / "submitted" / student / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tiny.ipynb").write_text(json.dumps(notebook))
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)
    return folder / "tiny.ipynb"


def verdict(student: str, *lost: str, remarks: tuple[str, ...] = ()) -> Verdict:
    """Return a verdict in which the criteria named ``question/criterion`` are lost."""
    results = []
    for question in TINY.questions:
        for one in question.criteria:
            failed = f"{question.name}/{one.name}" in lost
            message = f"expected 4 < 5, got <b>{one.name}</b>" if failed else ""
            status = Status.FAILED if failed else Status.PASSED
            score = 0.0 if failed else one.points
            results.append(Result(question.name, one.name, score, one.points, status, message))
    return Verdict(student, "tiny", 1, tuple(results), remarks)


def url(root: Path) -> str:
    return f"sqlite:///{root / 'gradebook.db'}"


def record(
    root: Path,
    verdicts: Verdict | Sequence[Verdict],
    gradebook: str | None = None,
    *,
    name: str = "tiny",
    autograded: Path | None = None,
) -> list[str]:
    """Record a verdict or many in the course's gradebook, or another one; return the notes."""
    return fill(
        gradebook or url(root),
        name,
        [verdicts] if isinstance(verdicts, Verdict) else verdicts,
        released=root / "exercises" / name / f"{name}.ipynb",
        submitted=root / "submitted",
        autograded=autograded or root / "autograded",
        config=course_config(root),
    )
