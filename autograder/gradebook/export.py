"""Points as a learning platform imports them, as the gradebook counts: marks, extra credit and lateness, too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..pages.words import points_text
from .people import Person
from .totals import Totals


@dataclass(frozen=True)
class Column:
    """One column of points: its name, what it is worth, and each student's; nothing where there was no hand-in."""

    name: str
    worth: float
    points: Mapping[str, float]

    def of(self, person: Person) -> str:
        """Return a person's points as text."""
        points = self.points.get(person.id)
        return "" if points is None else points_text(points)


def columns(totals: Totals) -> list[Column]:
    """Return a column for each assignment, as the gradebook counts it."""
    return [
        Column(name, worth, {student: marked.total for student, marked in totals.of_assignment(name).items()})
        for name, worth in totals.worth.items()
    ]


def _csv(people: Sequence[Person], columns: Sequence[Column]) -> Iterator[list[str]]:
    yield ["student", "first_name", "last_name", "email", *(one.name for one in columns)]
    for person in people:
        points = (one.of(person) for one in columns)
        yield [person.id, person.first_name, person.last_name, person.email, *points]


def _moodle(people: Sequence[Person], columns: Sequence[Column]) -> Iterator[list[str]]:
    yield ["ID number", "Email address", *(one.name for one in columns)]
    for person in people:
        yield [person.id, person.email, *(one.of(person) for one in columns)]


def _canvas(people: Sequence[Person], columns: Sequence[Column]) -> Iterator[list[str]]:
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(one.name for one in columns)]
    yield ["    Points Possible", "", "", "", "", *(points_text(one.worth) for one in columns)]
    for person in people:
        yield [person.name, person.id, "", "", "", *(one.of(person) for one in columns)]


Format = Callable[[Sequence[Person], Sequence[Column]], Iterator[list[str]]]
FORMATS: Mapping[str, Format] = {"csv": _csv, "moodle": _moodle, "canvas": _canvas}


def table(people: Sequence[Person], columns: Sequence[Column], kind: str) -> bytes:
    """Return the table as one of the ``FORMATS``."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(FORMATS[kind](people, columns))
    return text.getvalue().encode("utf-8", "backslashreplace")
