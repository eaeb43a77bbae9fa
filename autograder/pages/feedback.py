"""What a student gets back: one page that stands for itself, and one line for tables.

A page shows for each criterion that was lost the smallest case that failed, as numbers and as a picture, and
a hint. It holds no seed and no expected result beyond those cases, and it needs no script and no request.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..files import write_atomically
from ..model import Assignment, Criterion, Evidence, Result, Status, Verdict
from .calls import settings_text
from .marked import Marked
from .rendering import render as render_page
from .words import EXPLANATIONS, Explanation, clean, one_line

# Of a cell, as its author sees it again.
WRITTEN = 20_000
Rows = list[tuple[Criterion, Result]]


@dataclass(frozen=True)
class Lost:
    """One reason for which points were lost, and all criteria that it cost."""

    names: tuple[str, ...]
    message: str
    why: Explanation
    evidence: Evidence | None
    hints: tuple[str, ...]


def render(
    verdict: Verdict,
    assignment: Assignment,
    marked: Marked | None = None,
    name: str = "",
    wrote: Mapping[str, str] | None = None,
) -> str:
    """Return a student's page as HTML, with what the gradebook counts, the student's name and own cells, if known."""
    results = {(result.question, result.criterion): result for result in verdict.results}
    questions = []
    for question in assignment.questions:
        rows = [(criterion, results[question.name, criterion.name]) for criterion in question.criteria]
        questions.append((question, rows, _lost(rows)))
    return render_page(
        "feedback.html",
        verdict=verdict,
        assignment=assignment,
        questions=questions,
        marked=marked,
        by_hand=[mark for mark in marked.marks if mark.is_by_hand or mark.auto is None or mark.waits] if marked else [],
        name=name or verdict.student,
        wrote={cell: clean(source.expandtabs(4), WRITTEN) for cell, source in (wrote or {}).items()},
    )


def _lost(rows: Rows) -> list[Lost]:
    """Group what was lost: a wrong result stands alone, whatever else has one message is told once."""
    groups: dict[object, Rows] = {}
    for criterion, result in rows:
        alone = result.status is Status.FAILED
        if result.status is not Status.PASSED:
            key = criterion.name if alone else (result.status, result.message)
            groups.setdefault(key, []).append((criterion, result))
    return [_reason(group) for group in groups.values()]


def _reason(group: Rows) -> Lost:
    first = group[0][1]
    helpful = first.status in (Status.FAILED, Status.ERROR)
    hints = dict.fromkeys(criterion.hint for criterion, _ in group) if helpful else ()
    names = tuple(criterion.name for criterion, _ in group)
    return Lost(names, first.message, EXPLANATIONS[first.status], first.evidence, tuple(hints))


def path(root: Path, student: str, assignment: str) -> Path:
    """Return where a student's page stands, the place in which nbgrader looks for it.

    Raises
    ------
    ValueError
        If the student's name is not that of a single folder.
    """
    if student in ("", ".", "..") or any(character in student for character in (os.sep, "/", "\0")):
        raise ValueError(f"{student!r} cannot be the name of a student's folder")
    return root / "feedback" / student / assignment / f"{assignment}.html"


def write(
    verdicts: Iterable[Verdict],
    assignment: Assignment,
    root: Path,
    marked: Mapping[str, Marked] | None = None,
    names: Mapping[str, str] | None = None,
    *,
    wrote: Callable[[str], Mapping[str, str]] | None = None,
) -> int:
    """Write a page for each verdict below ``root/feedback``, one at a time; return their number.

    ``marked`` has what the gradebook counts, ``names`` how a person is called, ``wrote`` what stands in the cells, each
    by student.
    """
    count = 0
    for verdict in verdicts:
        student = verdict.student
        known = (marked or {}).get(student), (names or {}).get(student, ""), wrote(student) if wrote else None
        page = render(verdict, assignment, *known)
        write_atomically(path(root, verdict.student, assignment.name), page.encode())
        count += 1
    return count


def as_text(result: Result) -> str:
    """Return one line that says what became of a criterion, for a table or a notebook's output.

    >>> as_text(Result("max_pool2d", "plain windows", 0, 2, Status.FAILED, "expected 1, got 2"))
    'max_pool2d, plain windows: expected 1, got 2'
    """
    said = one_line(result.message) or EXPLANATIONS[result.status].label
    settings = settings_text(result.evidence.call) if result.evidence else ""
    line = f"{result.question}, {result.criterion}: {said}"
    return f"{line}; {one_line(settings)}" if settings else line
