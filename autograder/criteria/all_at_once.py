"""The last criterion of a function: all parameters, types, layouts and kinds of numbers drawn together.

Every two values of different factors meet in at least one case (a covering array), so that what no criterion shows by
itself shows here. A case names, as its ``needs``, the criteria that its features have to themselves: a mistake costs
its own criterion, and not this one as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from ..model import Case, Criterion
from .arrays import Generator, Row

NAME = "all at once"


@dataclass(frozen=True, eq=False)
class AllAtOnce:
    """Draws the cases; ``factors`` are names with the values that each may take.

    ``make(rng, row)`` turns a row, a value for each factor, into a case; ``fits(row)`` says whether values may meet,
    and is also asked about rows that lack factors. The rows ``plain`` are always among those drawn: their cases need
    no other criterion, so that something is left to ask of who lost all of them.
    """

    factors: Mapping[str, Sequence[Any]]
    make: Callable[[Generator, Row], Case]
    fits: Callable[[Row], bool]
    plain: Sequence[Row] = ()

    def rows(self, rng: Generator) -> list[Row]:
        """Draw rows in which every two values meet that fit; other ones for each generator."""
        from allpairspy import AllPairs  # noqa: PLC0415 - a student's `check`, which draws nothing, does without

        names = sorted(self.factors, key=lambda name: -len(self.factors[name]))
        places = [[int(i) for i in rng.permutation(len(self.factors[name]))] for name in names]

        def row(chosen: Iterable[int]) -> Row:
            return {name: self.factors[name][i] for name, i in zip(names, chosen, strict=False)}

        found = [tuple(chosen) for chosen in AllPairs(places, filter_func=lambda chosen: self.fits(row(chosen)))]
        # Where not everything fits the library gives up some pairs that do.
        for one, other in combinations(range(len(names)), 2):
            for i, j in product(places[one], places[other]):
                if not any(chosen[one] == i and chosen[other] == j for chosen in found):
                    found += self._completed(names, places, {one: i, other: j})
        return [row(chosen) for chosen in found]

    def _completed(
        self, names: Sequence[str], places: Sequence[Sequence[int]], chosen: dict[int, int]
    ) -> list[tuple[int, ...]]:
        """Return one row that holds what is chosen already, or none."""
        if not self.fits({names[factor]: self.factors[names[factor]][i] for factor, i in chosen.items()}):
            return []
        if len(chosen) == len(names):
            return [tuple(chosen[factor] for factor in range(len(names)))]
        free = next(factor for factor in range(len(names)) if factor not in chosen)
        tried = (self._completed(names, places, {**chosen, free: i}) for i in places[free])
        return next((rows for rows in tried if rows), [])

    def __call__(self, rng: Generator) -> Iterator[Case]:
        """Draw the cases of a grading run, smallest first."""
        yield from sorted((self.make(rng, row) for row in (*self.plain, *self.rows(rng))), key=_size)


def _size(case: Case) -> int:
    return sum(np.size(value) for value in (*case.call.args, *case.call.kwargs.values()))


def anything_fits(row: Row) -> bool:
    """Let all values meet."""
    del row
    return True


def all_at_once(
    points: float,
    factors: Mapping[str, Sequence[Any]],
    make: Callable[[Generator, Row], Case],
    examples: Iterable[Row],
    fits: Callable[[Row], bool] = anything_fits,
    *,
    plain: Sequence[Row] = (),
) -> Criterion:
    """Return the criterion; ``examples`` are the rows that ``check`` shows, smallest first.

    ``fits`` and ``plain`` are those of :class:`AllAtOnce`.
    """
    return Criterion(
        name=NAME,
        points=points,
        examples=tuple(make(np.random.default_rng(5), row) for row in examples),
        generate=AllAtOnce(factors, make, fits, plain),
        tries="all arguments together, with other numbers, types and memory layouts",
        hint="Everything here holds by itself. Which two things meet in this call for the first time?",
    )
