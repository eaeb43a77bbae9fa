"""What an instructor looks at after grading: one page that stands for itself, for up to some thousand students."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import numpy as np

from ..files import write_atomically
from ..model import Assignment, Status, Verdict
from . import item_statistics, shared_outcomes
from .hardest import Reasons
from .item_statistics import Marks
from .marked import Mark, Marked
from .rendering import render as render_page
from .words import one_line

GROUPS = 20
TROUBLES = 60
USUAL = (Status.PASSED, Status.FAILED)
NAMES = 12


@dataclass(frozen=True)
class Row:
    """What the page keeps of a student's verdict."""

    student: str
    marks: Marks
    assignment: Assignment
    remarks: tuple[str, ...] = ()
    seed: int = 0

    @property
    def lost(self) -> dict[Status, list[str]]:
        """The questions in which points were lost, by the way in which they were."""
        lost: dict[Status, dict[str, None]] = {}
        asked = ((question.name, one) for question in self.assignment.questions for one in question.criteria)
        for (name, criterion), (score, status) in zip(asked, self.marks, strict=True):
            if score < criterion.points:
                lost.setdefault(status, {})[name] = None
        return {status: list(names) for status, names in lost.items()}

    @property
    def score(self) -> float:
        return sum(score for score, _ in self.marks)

    @property
    def by_question(self) -> list[float]:
        """The points for each question."""
        scores = (score for score, _ in self.marks)
        return [sum(islice(scores, len(question.criteria))) for question in self.assignment.questions]

    @property
    def ways(self) -> list[Status]:
        """Every way but a wrong result in which points were lost."""
        return [status for status in dict.fromkeys(status for _, status in self.marks) if status not in USUAL]

    @property
    def readable(self) -> bool:
        """Whether there is a notebook to read an answer in."""
        return any(status is not Status.MALFORMED for _, status in self.marks)


class Overview:
    """A class as the page shows it, collected one verdict at a time; of these only marks and hashes are kept."""

    def __init__(self, assignment: Assignment, verdicts: Iterable[Verdict] = ()) -> None:
        self.assignment = assignment
        self.rows: list[Row] = []
        self.common = shared_outcomes.SharedOutcomes()
        self.reasons = Reasons()
        # What the gradebook counts, and how people are called, by student; nobody where there is no gradebook.
        self.marked: Mapping[str, Marked] = {}
        self.names: Mapping[str, str] = {}
        # Who has handed in nothing, as a person reads it.
        self.absent: list[str] = []
        # What confined the hand-ins, of how many.
        self.confinements: Counter[str] = Counter()
        for verdict in verdicts:
            self.add(verdict)

    def add(self, verdict: Verdict) -> None:
        """Take one more verdict into account."""
        marks = item_statistics.marks(verdict, self.assignment)
        remarks = tuple(map(one_line, verdict.remarks))
        self.rows.append(Row(verdict.student, marks, self.assignment, remarks, verdict.seed))
        self.common.add(verdict)
        self.reasons.add(verdict)
        self.confinements[verdict.confinement] += 1

    def shown(self, student: str) -> str:
        """Return a student's name as a person reads it."""
        return self.names.get(student, student)

    @property
    def changed(self) -> list[tuple[str, Mark]]:
        """Return, by student, what a person gave instead of the machine's points, or besides."""
        return [
            (student, mark)
            for student, marked in sorted(self.marked.items())
            for mark in marked.marks
            if mark.extra or (mark.manual is not None and mark.auto is not None and mark.manual != mark.auto)
        ]

    @property
    def by_hand(self) -> list[Row]:
        """Return, by their names, the students of whose hand-ins something is remarked."""
        return sorted((row for row in self.rows if row.remarks), key=lambda row: row.student.casefold())

    def render(
        self, verdicts: Sequence[Verdict], waiting: Collection[str] | None = None, notes: Sequence[str] = ()
    ) -> str:
        """Return the page as HTML; its links lead to ``feedback/`` beside it.

        ``verdicts`` are those added, of which the first of each group of equal wrong results is looked at again.
        ``waiting`` are the students whose answer in words still needs a mark; without it the page counts every
        hand-in that could be read. ``notes`` are what the gradebook left out.
        """
        rows = sorted(self.rows, key=lambda row: row.student.casefold())
        groups, troubles = self.common.wrong_results(), self.common.troubles()
        points = sum(question.points for question in self.assignment.questions)
        items = item_statistics.items([row.marks for row in rows], self.assignment)
        return render_page(
            "report.html",
            assignment=self.assignment,
            points=points,
            totals=item_statistics.totals(np.array([row.score for row in rows], float), points),
            few=len(rows) < item_statistics.FEW,
            items=items,
            hardest=self.reasons.hardest(items),
            marked=self.marked,
            worth=max((one.worth for one in self.marked.values()), default=points),
            changed=self.changed,
            shown=self.shown,
            absent=self.absent,
            groups=[(group, shared_outcomes.shown(group, verdicts[group.first])) for group in groups[:GROUPS]],
            groups_left=max(0, len(groups) - GROUPS),
            troubles=troubles[:TROUBLES],
            troubles_left=max(0, len(troubles) - TROUBLES),
            by_hand=self.by_hand,
            notes=notes,
            confinements=self.confinements,
            waiting=sorted((row.student for row in rows if row.readable) if waiting is None else waiting),
            names=NAMES,
            rows=rows,
            link=lambda student: _link(student, self.assignment.name),
        )


def render(verdicts: Sequence[Verdict], assignment: Assignment, waiting: Collection[str] | None = None) -> str:
    """Return the page on a class; see :class:`Overview`."""
    return Overview(assignment, verdicts).render(verdicts, waiting)


def write(
    verdicts: Sequence[Verdict], assignment: Assignment, path: Path, waiting: Collection[str] | None = None
) -> None:
    """Write the page on a class; see :class:`Overview`."""
    write_atomically(path, render(verdicts, assignment, waiting).encode())


def _link(student: str, assignment: str) -> str:
    parts = ("feedback", student, assignment, f"{assignment}.html")
    return "/".join(quote(os.fsencode(part), safe="") for part in parts)
