"""What the gradebook counts: points of a whole class, from which every table and page takes them.

Before it is read, it is brought up to date with the ``course.toml`` of its own course: what being late costs depends on
marks that may have been given since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select
from traitlets.config import Config

from ..course import Course
from ..pages.marked import Mark, Marked
from ..submission import CHECK
from . import deadlines, nbgrader_course, rows
from .people import Person, people_in

Place = tuple[str, str]


@dataclass(frozen=True)
class Totals:
    """A class: who is in it, what assignments are worth, and what hand-ins got, by student and assignment.

    Who has not handed in has no points, not none.
    """

    people: Mapping[str, Person]
    worth: Mapping[str, float]
    marked: Mapping[Place, Marked]

    @classmethod
    def of(cls, folder: Path, *, settled: bool = True) -> Totals:
        """Bring the gradebook of an output folder up to date, where its course has a ``course.toml``, and read it.

        Raises
        ------
        GradebookError
            If there is none, or it cannot be used.
        """
        if not nbgrader_course.has_gradebook(folder):
            raise nbgrader_course.GradebookError(f"{folder} has no gradebook; run `grade` first")
        config = nbgrader_course.course_config(folder)
        url = nbgrader_course.gradebook_url(folder)
        with nbgrader_course.open_gradebook(url, config.CourseDirectory.course_id) as book:
            told = nbgrader_course.told_in(config)
            if settled and told:
                settle(book, config, told)
            return cls.read(book)

    @classmethod
    def read(cls, book: Gradebook) -> Totals:
        """Read a gradebook."""
        worth = {one.name: float(one.max_score) for one in book.assignments}
        return cls(people_in(book), worth, dict(_marked(book)))

    @property
    def names(self) -> dict[str, str]:
        """How each student is called where a person reads."""
        return {student: person.shown for student, person in self.people.items()}

    def of_assignment(self, name: str) -> dict[str, Marked]:
        """Return what everybody's hand-in got, by student."""
        return {student: marked for (student, assignment), marked in self.marked.items() if assignment == name}

    @property
    def waiting(self) -> list[Place]:
        """Hand-ins with answers that nobody has marked yet."""
        return [place for place, marked in self.marked.items() if marked.waits]


def settle(book: Gradebook, config: Config, told: Course) -> list[str]:
    """Have the times of ``course.toml`` and today's marks count in a gradebook; return notes."""
    notes = []
    for assignment in [one.name for one in book.assignments]:
        notes += deadlines.put(book, assignment, told)
        rows.renew_penalties(book, assignment, config)
    return notes


def _marked(book: Gradebook) -> Iterator[tuple[Place, Marked]]:
    names = {one.id: one.name for one in book.assignments}
    due = {one.id: one.duedate for one in book.assignments}
    marks: dict[str, list[Mark]] = defaultdict(list)
    said = dict(_comments(book))
    notebook = SubmittedNotebook
    columns = (Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
    found = (
        select(notebook.assignment_id, GradeCell.name, GradeCell.max_score, *columns)
        .join(notebook, Grade.notebook_id == notebook.id)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .order_by(GradeCell.name)
    )
    for submission, cell, worth, auto, manual, extra, waits in book.db.execute(found):
        # On code a person writes beside the function, which is the cell above its check.
        comment = said.get((submission, cell)) or said.get((submission, cell.removeprefix(CHECK)), "")
        marks[submission].append(Mark(cell, float(worth), auto, manual, extra or 0.0, comment, bool(waits)))
    penalties: dict[str, float] = defaultdict(float)
    for submission, penalty in book.db.execute(select(notebook.assignment_id, notebook.late_submission_penalty)):
        penalties[submission] += penalty or 0.0
    for one in book.db.scalars(select(SubmittedAssignment)):
        until = due[one.assignment_id]
        late = timedelta()
        if until and one.timestamp:
            late = max(late, one.timestamp - until - (one.extension or timedelta()))
        yield (one.student_id, names[one.assignment_id]), Marked(tuple(marks[one.id]), penalties[one.id], late)


def _comments(book: Gradebook) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what people have written, by submission and cell."""
    found = (
        select(SubmittedNotebook.assignment_id, SolutionCell.name, Comment.manual_comment)
        .join(SubmittedNotebook, Comment.notebook_id == SubmittedNotebook.id)
        .join(SolutionCell, Comment.cell_id == SolutionCell.id)
        .where(Comment.manual_comment.is_not(None))
    )
    for submission, cell, comment in book.db.execute(found):
        yield (submission, cell), comment
