"""What an instructor looks at after grading: one page that stands for itself, for up to some thousand students."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np

from . import alike, statistics
from .model import Assignment, Status, Verdict
from .pages import render as render_page
from .store import write_atomically

GROUPS = 20
TROUBLES = 60
NAMES = 12


def render(verdicts: Sequence[Verdict], assignment: Assignment, waiting: Collection[str] | None = None) -> str:
    """Return the page as HTML; its links lead to ``feedback/`` beside it.

    ``waiting`` are the students whose answer in words still needs a mark; without it the page counts
    every hand-in that could be read.
    """
    ordered = sorted(verdicts, key=lambda verdict: verdict.student.casefold())
    scores = np.array([verdict.score for verdict in ordered], float)
    groups, troubles = alike.wrong_results(ordered), alike.troubles(ordered)
    points = sum(question.points for question in assignment.questions)
    return render_page(
        "report.html",
        assignment=assignment,
        points=points,
        totals=statistics.totals(scores, points),
        few=len(ordered) < statistics.FEW,
        items=statistics.items(ordered, assignment),
        groups=groups[:GROUPS],
        groups_left=max(0, len(groups) - GROUPS),
        troubles=troubles[:TROUBLES],
        troubles_left=max(0, len(troubles) - TROUBLES),
        waiting=sorted(_readable(ordered) if waiting is None else waiting),
        names=NAMES,
        rows=[(verdict, *_row(verdict, assignment)) for verdict in ordered],
        link=lambda student: _link(student, assignment.name),
    )


def write(
    verdicts: Sequence[Verdict], assignment: Assignment, path: Path, waiting: Collection[str] | None = None
) -> None:
    """Write the page; see :func:`render`."""
    write_atomically(path, render(verdicts, assignment, waiting).encode())


def _readable(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if any(result.status is not Status.MALFORMED for result in verdict.results):
            yield verdict.student


def _row(verdict: Verdict, assignment: Assignment) -> tuple[list[float], list[str]]:
    """Return a student's points by question, and every way but a wrong result in which points were lost."""
    scores = [
        sum(result.score for result in verdict.results if result.question == question.name)
        for question in assignment.questions
    ]
    usual = (Status.PASSED, Status.FAILED)
    return scores, list(dict.fromkeys(result.status for result in verdict.results if result.status not in usual))


def _link(student: str, assignment: str) -> str:
    parts = ("feedback", student, assignment, f"{assignment}.html")
    return "/".join(quote(os.fsencode(part), safe="") for part in parts)
