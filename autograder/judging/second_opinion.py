"""A reference is believed when others agree: right ways to write each function, where there are some, sit its exam.

They are in ``sample_class/variants/<assignment>``, as lists of what has a ``function``, a ``name`` and a ``source``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from ..model import Result, Status
from ..notebook import grade_id
from ..submission import Submission
from .exam import Exam
from .grading import ExamError, grade

FOLDER = Path("sample_class", "variants")


class Way(Protocol):
    """A way to write a function."""

    function: str
    name: str
    source: str


def refuse_contradicted(exam: Exam, released: Mapping[str, Any], root: Path) -> None:
    """Raise :class:`ExamError` if a right way to write a function is judged wrong by what the reference answers."""
    ways: dict[str, list[Way]] = defaultdict(list)
    for way in _right(exam.assignment, root):
        ways[way.function].append(way)
    lost: dict[tuple[str, str], list[tuple[str, Result]]] = {}
    for number in range(max(map(len, ways.values()), default=0)):
        chosen = {function: some[number] for function, some in ways.items() if number < len(some)}
        verdict = grade(exam, "second opinion", _handed_in(released, chosen, exam))
        for result in verdict.results:
            if result.question in chosen and result.status is not Status.PASSED:
                name = chosen[result.question].name
                lost.setdefault((result.question, result.criterion), []).append((name, result))
    if lost:
        (question, criterion), others = next(iter(lost.items()))
        said = ", ".join(name for name, _ in others)
        raise ExamError(
            f"solutions/{exam.assignment}.py: {question}, {criterion}: the reference contradicts {said}, which "
            f"{FOLDER / exam.assignment} has for right: {others[0][1].message}; mend the one that is wrong"
        )


def _right(assignment: str, root: Path) -> Sequence[Way]:
    place = root / FOLDER / assignment
    if not place.is_dir() and not place.with_suffix(".py").is_file():
        return ()
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    right: Sequence[Way] = import_module(".".join((*FOLDER.parts, assignment))).RIGHT
    return right


def _handed_in(released: Mapping[str, Any], ways: Mapping[str, Way], exam: Exam) -> Submission:
    cells = [
        {**cell, "source": ways[name].source} if (name := grade_id(cell) or "") in ways else cell
        for cell in released["cells"]
    ]
    return Submission.of({**released, "cells": cells}, exam.release)
