"""Where a line of formulas may break."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
from build_time_math import side_by_side


@pytest.mark.parametrize(("latex", "formulas"), [
    (r"a = b", ["a = b"]),
    (r"r \leftarrow r + 1, \qquad j \leftarrow j s", [r"r \leftarrow r + 1, ", r" j \leftarrow j s"]),
    (r"x = \begin{cases} a \qquad b \\ c \end{cases} \qquad d",
     [r"x = \begin{cases} a \qquad b \\ c \end{cases} ", " d"]),
    (r"\left\{ a \qquad b \right\} \qquad \text{c \qquad d}", [r"\left\{ a \qquad b \right\} ", r" \text{c \qquad d}"]),
    (r"a \qquad b \\ c", [r"a \qquad b \\ c"]),
])  # fmt: skip
def test_formulas_beside_each_other_part_and_groups_do_not(latex, formulas):
    assert side_by_side(latex) == formulas
