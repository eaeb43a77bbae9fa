"""How hard each criterion was and whom it told apart, year by year: as in a class's report, for years side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..model import Verdict
from .item_statistics import correlation
from .rendering import render

Place = tuple[str, str, str]


@dataclass(frozen=True)
class Figures:
    """A criterion's figures in one year, of so many hand-ins; see :mod:`item_statistics`."""

    count: int
    difficulty: float
    discrimination: float | None


@dataclass(frozen=True)
class Item:
    """A criterion, and its figures in each of the years; none of a year in which it was not asked."""

    assignment: str
    question: str
    criterion: str
    years: tuple[Figures | None, ...]

    @property
    def change(self) -> float | None:
        """How much more of the points was earned in the last year than in the one before in which it was asked."""
        *_, before, last = (None, None, *filter(None, self.years))
        return last.difficulty - before.difficulty if self.years[-1] and before and last else None


def items(years: Sequence[Mapping[str, Iterable[Verdict]]]) -> list[Item]:
    """Return every criterion's figures, in the last year's order; a year has the verdicts of its assignments."""
    found = [
        {(name, *place): one for name, verdicts in year.items() for place, one in figures(verdicts).items()}
        for year in years
    ]
    places: dict[Place, None] = {place: None for year in reversed(found) for place in year}
    return [Item(*place, tuple(year.get(place) for year in found)) for place in places]


def figures(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], Figures]:
    """Return the figures of the criteria of one assignment, by question and criterion."""
    scores: dict[tuple[str, str], list[tuple[float, float]]] = {}
    worth: dict[tuple[str, str], float] = {}
    for verdict in verdicts:
        for result in verdict.results:
            place = (result.question, result.criterion)
            scores.setdefault(place, []).append((result.score, verdict.score - result.score))
            worth[place] = result.max_score
    return {place: _figures(np.array(pairs), worth[place]) for place, pairs in scores.items()}


def _figures(pairs: np.ndarray, worth: float) -> Figures:
    own, rest = pairs.T
    return Figures(len(own), float(own.mean() / worth) if worth else 0.0, correlation(own, rest))


def table(some: Sequence[Item], names: Sequence[str]) -> Iterator[list[str]]:
    """Yield a head, and a row for each criterion; ``names`` are those of the years."""
    heads = [f"{name} {word}" for name in names for word in ("hand-ins", "difficulty", "discrimination")]
    yield ["assignment", "question", "criterion", *heads, "change of difficulty"]
    for item in some:
        cells = [cell for one in item.years for cell in (_cells(one) if one else ("", "", ""))]
        yield [item.assignment, item.question, item.criterion, *cells, _number(item.change)]


def _cells(one: Figures) -> tuple[str, str, str]:
    return str(one.count), _number(one.difficulty), _number(one.discrimination)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def page(some: Sequence[Item], names: Sequence[str], title: str) -> str:
    """Return the page with the same table."""
    return render("over_years.html", items=some, names=names, title=title)
