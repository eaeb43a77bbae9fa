"""A copy of the whole course with two small assignments of its own, for tests that run its command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.forked_command_line import CommandLine, Done
from tests.helpers.tiny_course import SOLUTION

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = '''"""What the assignment asks."""

import numpy as np

from ..model import Assignment, Question
from ..criteria.criterion import call, criterion


def numbers(rng):
    """Draw arrays."""
    for size in (2, 5):
        yield call("double", rng.normal(size=size))


DOUBLE = Question("double", (criterion("twice", 2, [call("double", np.arange(3.0))], numbers, hint="Add."),))
LARGEST = Question("largest", (criterion("plain", 1, [call("largest", np.arange(3.0))], hint="Look."),))
ASSIGNMENT = Assignment("{name}", (DOUBLE, LARGEST))
'''
RIGHT = {"double": "def double(x):\n    return x + x", "largest": "def largest(x):\n    return max(x)"}


@contextmanager
def restored(path: Path) -> Iterator[str]:
    """Yield a file's text, and write it again at the end: a test may change what the next ones share."""
    text = path.read_text("utf-8")
    try:
        yield text
    finally:
        path.write_text(text, "utf-8")


def make(folder: Path) -> Path:
    """Copy the course into ``folder`` and add the assignments ``tiny`` and ``other``."""
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "solutions").mkdir()
    for name in ("tiny", "other"):
        (folder / "solutions" / f"{name}.py").write_text(SOLUTION.replace("explain_tiny", f"explain_{name}"))
        (folder / "autograder" / "assignments" / f"{name}.py").write_text(ASSIGNMENT.format(name=name))
    done = autograder(folder, "release", "tiny", "other")
    assert done.returncode == 0, done.stderr
    return folder


_forked: dict[Path, CommandLine] = {}


@contextmanager
def forking(folder: Path) -> Iterator[Path]:
    """Have commands of the course in ``folder`` forked from one process, where no test asks for one of their own."""
    _forked[folder] = CommandLine(folder)
    yield folder
    _forked.pop(folder).close()


def autograder(folder: Path, *arguments: str | Path, before: tuple[str, ...] = (), **environment: str) -> Done:
    """Run a command of the course in ``folder``; behind words, or in an environment, it is a process of its own."""
    if folder in _forked and not before and not environment:
        return _forked[folder](*arguments)
    # Started in the folder, `-m` finds the copy there before the installed one.
    command = [*before, sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def killed(folder: Path, place: str, count: int, *arguments: str | Path) -> Done:
    """Run a command, killed when it is about to put the ``count``-th file whose path holds ``place`` in its place."""
    return _forked[folder](*arguments, killed_at=(place, count))


def hand_in(folder: Path, student: str, assignment: str = "tiny", **functions: str) -> None:
    """Hand in right answers, or other ones, below ``folder/submitted``."""
    notebook = json.loads((folder / "exercises" / assignment / f"{assignment}.ipynb").read_text())
    sources = {**RIGHT, f"explain_{assignment}": f"{student} says yes.", **functions}
    for cell in notebook["cells"]:
        cell["source"] = sources.get(cell["id"], cell["source"])
    place = folder / "submitted" / student / assignment
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{assignment}.ipynb").write_text(json.dumps(notebook))
