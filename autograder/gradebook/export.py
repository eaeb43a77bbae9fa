"""Points as a learning platform imports them, as the gradebook counts: marks, extra credit and lateness, too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping

from ..pages.words import points_text
from .people import Person
from .totals import Totals


def _row(totals: Totals, person: Person) -> list[str]:
    """Return a person's points in each assignment, nothing where there was no hand-in."""
    found = (totals.marked.get((person.id, name)) for name in totals.worth)
    return ["" if marked is None else points_text(marked.total) for marked in found]


def _csv(totals: Totals) -> list[list[str]]:
    head = ["student", "first_name", "last_name", "email", *totals.worth]
    return [
        head,
        *([one.id, one.first_name, one.last_name, one.email, *_row(totals, one)] for one in totals.people.values()),
    ]


def _moodle(totals: Totals) -> list[list[str]]:
    head = ["ID number", "Email address", *totals.worth]
    return [head, *([one.id, one.email, *_row(totals, one)] for one in totals.people.values())]


def _canvas(totals: Totals) -> list[list[str]]:
    worth = [points_text(points) for points in totals.worth.values()]
    rows = ([one.name, one.id, "", "", "", *_row(totals, one)] for one in totals.people.values())
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *totals.worth]
    return [head, ["    Points Possible", "", "", "", "", *worth], *rows]


FORMATS: Mapping[str, Callable[[Totals], list[list[str]]]] = {"csv": _csv, "moodle": _moodle, "canvas": _canvas}


def table(totals: Totals, kind: str) -> bytes:
    """Return the table as one of the ``FORMATS``."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(FORMATS[kind](totals))
    return text.getvalue().encode("utf-8", "backslashreplace")
