"""A term as a whole: each assignment's share, weighed, the lowest dropped, for a class and for one student."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from urllib.parse import quote

from .marked import Marked
from .rendering import render
from .words import points_text

NOT_HANDED_IN = "not handed in"
# What the class page is named, before `.html`; and as much of a student's id as fits into the name of a file.
CLASS, LONGEST = "index", 200


@dataclass(frozen=True)
class Entry:
    """An assignment in a student's term: nothing is ``marked`` where nothing was handed in."""

    assignment: str
    worth: float
    weight: float
    marked: Marked | None = None
    dropped: bool = False

    @property
    def share(self) -> float:
        """The share of the points; of what was not handed in there is none."""
        return self.marked.total / self.worth if self.marked and self.worth else 0.0

    @property
    def words(self) -> str:
        return points_text(self.marked.total) if self.marked else NOT_HANDED_IN

    @property
    def remarks(self) -> str:
        """What people should know of it, in words."""
        one = self.marked
        lost = f": −{points_text(one.penalty)}" if one and one.penalty else ""
        said = [f"{one.lateness}{lost}" if one and one.late else "", "not all marked yet" if one and one.waits else ""]
        return "; ".join(filter(None, [*said, "dropped, the lowest" if self.dropped else ""]))


@dataclass(frozen=True)
class Term:
    """A student's term."""

    student: str
    name: str
    entries: tuple[Entry, ...]

    @property
    def percent(self) -> float:
        """The weighed mean of the shares that count, of 100."""
        counted = [one for one in self.entries if not one.dropped]
        whole = sum(one.weight for one in counted)
        return 100 * sum(one.weight * one.share for one in counted) / whole if whole else 0.0

    @property
    def page(self) -> str:
        """The name of the student's page; of an id that is too long, or the class page's name, a hash is part of it."""
        student = os.fsencode(self.student)
        name = quote(student, safe="")
        if name.casefold() == CLASS or len(name) > LONGEST:
            name = f"{name[:LONGEST]}-{sha256(student).hexdigest()[:16]}"
        return f"{name}.html"


@dataclass(frozen=True)
class Rules:
    """How a term's total is made: ``weights`` by assignment, by default its points, and how many shares are dropped."""

    weights: Mapping[str, float] = field(default_factory=dict)
    drop_lowest: int = 0

    def weight(self, assignment: str, worth: float) -> float:
        """Return what an assignment weighs."""
        return self.weights[assignment] if self.weights else worth

    @property
    def words(self) -> str:
        weights = ", ".join(f"{name} {points_text(weight)}" for name, weight in self.weights.items())
        by = f"by weight ({weights})" if self.weights else "by its points"
        dropped = f", the lowest {self.drop_lowest} dropped" if self.drop_lowest else ""
        return f"The total is the mean of the shares, each assignment counted {by}{dropped}."


def term(student: str, name: str, marked: Mapping[str, Marked], worth: Mapping[str, float], rules: Rules) -> Term:
    """Return a student's term.

    >>> from autograder.pages.marked import Mark
    >>> marked = {"a": Marked((Mark("x", 4, 1.0),)), "b": Marked((Mark("x", 4, 3.0),))}
    >>> [term("ann", "Ann", marked, {"a": 4, "b": 4}, Rules(drop_lowest=drop)).percent for drop in (0, 1, 2)]
    [50.0, 75.0, 75.0]
    """
    entries = [Entry(one, points, rules.weight(one, points), marked.get(one)) for one, points in worth.items()]
    # The best always counts.
    dropped = min(rules.drop_lowest, max(0, len(entries) - 1))
    lowest = sorted(range(len(entries)), key=lambda place: entries[place].share)[:dropped]
    kept = [replace(one, dropped=place in lowest) for place, one in enumerate(entries)]
    return Term(student, name, tuple(kept))


def table(terms: Sequence[Term], emails: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield a head, and a row for each student: points, lateness and remarks for each assignment, and the total."""
    names = [one.assignment for one in terms[0].entries] if terms else []
    columns = [f"{name}{word}" for name in names for word in ("", " late", " remarks")]
    yield ["student", "name", "email", *columns, "total %"]
    for one in terms:
        cells = [
            text
            for entry in one.entries
            for text in (entry.words, entry.marked.lateness if entry.marked else "", entry.remarks)
        ]
        yield [one.student, one.name, emails.get(one.student, ""), *cells, f"{one.percent:.2f}"]


def class_page(terms: Sequence[Term], title: str, rule: str) -> str:
    """Return the instructor's page on a term; its links lead to students' pages beside it."""
    return render("term.html", terms=terms, title=title, rule=rule)


def student_page(one: Term, title: str, rule: str) -> str:
    """Return a student's page on a term."""
    return render("term_student.html", term=one, title=title, rule=rule)
