"""Points as a learning platform imports them, as the gradebook counts: marks, extra credit and lateness, too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from ..pages.words import points_text
from . import nbgrader_course
from .people import Person, people_in


@dataclass(frozen=True)
class Totals:
    """What the gradebook counts: points by student and assignment, and what each assignment is worth.

    Who has not handed in has no points, not none. ``waiting`` are students and assignments with answers that nobody has
    marked yet.
    """

    people: Sequence[Person]
    points: Mapping[tuple[str, str], float]
    worth: Mapping[str, float]
    waiting: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, folder: Path) -> Totals:
        """Read the gradebook in an output folder.

        Raises
        ------
        GradebookError
            If there is none, or it cannot be read.
        """
        if not (folder / "gradebook.db").exists():
            raise nbgrader_course.GradebookError(f"{folder} has no gradebook; run `grade` first")
        course = nbgrader_course.course_config(folder).CourseDirectory.course_id
        with nbgrader_course.open_gradebook(nbgrader_course.gradebook_url(folder), course) as book:
            return cls._read(book)

    @classmethod
    def _read(cls, book: Gradebook) -> Totals:
        people = list(people_in(book).values())
        points, waiting = {}, set()
        for assignment in book.assignments:
            for one in book.assignment_submissions(assignment.name):
                place = (one.student.id, assignment.name)
                points[place] = max(0.0, one.score - (one.late_submission_penalty or 0.0))
                waiting |= {place} if one.needs_manual_grade else set()
        worth = {one.name: float(one.max_score) for one in book.assignments}
        return cls(people, points, worth, frozenset(waiting))

    def row(self, person: Person) -> list[str]:
        """Return a person's points in each assignment, nothing where there was no hand-in."""
        found = (self.points.get((person.id, name)) for name in self.worth)
        return ["" if points is None else points_text(points) for points in found]


def _csv(totals: Totals) -> list[list[str]]:
    head = ["student", "first_name", "last_name", "email", *totals.worth]
    return [head, *([one.id, one.first_name, one.last_name, one.email, *totals.row(one)] for one in totals.people)]


def _moodle(totals: Totals) -> list[list[str]]:
    head = ["ID number", "Email address", *totals.worth]
    return [head, *([one.id, one.email, *totals.row(one)] for one in totals.people)]


def _canvas(totals: Totals) -> list[list[str]]:
    worth = [points_text(points) for points in totals.worth.values()]
    rows = ([one.name, one.id, "", "", "", *totals.row(one)] for one in totals.people)
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *totals.worth]
    return [head, ["    Points Possible", "", "", "", "", *worth], *rows]


FORMATS: Mapping[str, Callable[[Totals], list[list[str]]]] = {"csv": _csv, "moodle": _moodle, "canvas": _canvas}


def table(totals: Totals, kind: str) -> bytes:
    """Return the table as one of the ``FORMATS``."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(FORMATS[kind](totals))
    return text.getvalue().encode("utf-8", "backslashreplace")
