"""Where nbgrader itself runs a notebook, `check` tells it what holds: when it validates, and when it grades."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade, setenv

from autograder.notebook import grade_id
from tests.helpers.tiny_course import ROOT

RIGHT, WRONG = "avg_pool_weight", "max_pool2d"
FIRST_VALUES = "def max_pool2d(x, kernel_size, **_):\n    return x[..., ::kernel_size, ::kernel_size]"


@pytest.fixture
def notebook() -> NotebookNode:
    """The released notebook with two functions written, one of them wrong, and without all others."""
    written = {grade_id(cell): cell.source for cell in jupytext.read(ROOT / "solutions" / "pooling.py").cells}
    released = nbformat.read(ROOT / "exercises" / "pooling" / "pooling.ipynb", 4)
    kept = ("released_start_1", RIGHT, f"check_{RIGHT}", WRONG, f"check_{WRONG}")
    released.cells = [cell for cell in released.cells if grade_id(cell) in kept]
    sources = {RIGHT: written[RIGHT], WRONG: FIRST_VALUES}
    for cell in released.cells:
        cell.source = sources.get(grade_id(cell), cell.source)
    return released


def validate(notebook: NotebookNode, folder: Path) -> str:
    """Return what nbgrader's command says of a notebook."""
    nbformat.write(notebook, folder / "pooling.ipynb")
    command = [Path(sys.executable).with_name("nbgrader"), "validate", "pooling.ipynb"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_validation_fails_with_the_criteria_that_fail(notebook: NotebookNode, tmp_path: Path) -> None:
    said = validate(notebook, tmp_path)
    assert said.startswith("VALIDATION FAILED ON 1 CELL(S)!")
    assert f"check({WRONG})" in said
    assert f"check({RIGHT})" not in said
    assert "FAILS  the largest value of every window (1.5 points): " in said
    assert "Traceback" not in said
    assert "..." not in said  # nbgrader cuts lines that are too long for it


def test_validation_fails_for_what_grading_lacks(notebook: NotebookNode, tmp_path: Path) -> None:
    notebook.cells = [cell for cell in notebook.cells if WRONG not in (grade_id(cell) or "")]
    solution = notebook.cells[1]
    solution.source = "import scipy\n" + solution.source.replace("    return ", "    scipy\n    return ")
    said = " ".join(validate(notebook, tmp_path).split())
    assert said.startswith("VALIDATION FAILED ON 1 CELL(S)!")
    assert re.search(r"all \d+ criteria hold on the worked examples BUT", said)
    assert "uses scipy, which grading lacks" in said


def test_nbgraders_own_grading_gives_partial_credit(notebook: NotebookNode) -> None:
    with setenv(NBGRADER_EXECUTION="autograde"):
        graded, _ = Execute().preprocess(notebook, {})
    grades = {grade_id(cell): determine_grade(cell) for cell in graded.cells if cell.metadata.nbgrader.grade}
    score, points = grades[f"check_{RIGHT}"]
    assert score == points
    score, points = grades[f"check_{WRONG}"]
    assert 0 < score < points
    tables = [output.data["text/html"] for cell in graded.cells for output in cell.outputs if "data" in output]
    assert len(tables) == 2
    assert "the largest value of every window" in tables[0]
