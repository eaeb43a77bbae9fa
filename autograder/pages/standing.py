"""What ``check_all`` shows: each function of a notebook, what it holds, and what is left to do before handing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model import Assignment, Status
from .check_table import CheckTable
from .rendering import render
from .words import points_text


@dataclass(frozen=True)
class Row:
    """One function: how many criteria hold, and what these are worth."""

    name: str
    criteria: int
    points: float
    held: int = 0
    earned: float = 0.0
    said: str = ""

    @property
    def words(self) -> str:
        return self.said or f"{self.held} of {self.criteria} criteria hold"


@dataclass(frozen=True)
class Standing:
    """All functions of an assignment as ``check`` judges them; ``tables`` lacks those that the notebook lacks.

    ``answered`` says whether the question in words has an answer, ``None`` where that cannot be seen. ``remarks`` say
    where and until when to hand in.
    """

    assignment: Assignment
    tables: Mapping[str, CheckTable]
    answered: bool | None = None
    remarks: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> list[Row]:
        rows = []
        for question in self.assignment.questions:
            table, count = self.tables.get(question.name), len(question.criteria)
            if table is None or table.unwritten:
                said = "not written yet" if table else "the notebook has no such function, or its cell has not run"
                rows.append(Row(question.name, count, question.points, said=said))
                continue
            held = sum(result.status is Status.PASSED for result in table.results)
            rows.append(Row(question.name, count, question.points, held, sum(one.score for one in table.results)))
        return rows

    @property
    def words(self) -> str:
        """Say what is known of the question in words."""
        if self.answered is None:
            return "look yourself whether you have answered it: it cannot be seen from here"
        return "answered, as the file was saved last" if self.answered else "unanswered, as the file was saved last"

    @property
    def headline(self) -> str:
        earned, worth = (points_text(sum(map(of, self.rows))) for of in (_earned, _points))
        return f"{self.assignment.name}: {earned} of {worth} points on the worked examples"

    def _repr_html_(self) -> str:
        return render("check_all.html", standing=self)

    def __repr__(self) -> str:
        wide = max(len(row.name) for row in self.rows)
        texts = [f"  {row.name:{wide}}  {row.words} ({_of(row)} points)" for row in self.rows]
        texts.append(f"  {'in words':{wide}}  {self.words}")
        return "\n".join([self.headline, *texts, *(f"  {remark}" for remark in self.remarks)])


def _earned(row: Row) -> float:
    return row.earned


def _points(row: Row) -> float:
    return row.points


def _of(row: Row) -> str:
    return f"{points_text(row.earned)} of {points_text(row.points)}"
