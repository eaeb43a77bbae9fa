"""The functions of whole maps asked with everything together, and what each case needs."""

from __future__ import annotations

from functools import partial

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Generator, Row, array_needs, drawn
from ...criteria.criterion import call
from ...criteria.judges import close
from ...model import Case, Criterion
from .shapes import BELOW_ZERO, PLAIN, RECTANGLES, SAMPLES

SHAPES = {"counts": ((1, 1), (2, 1), (1, 3), (2, 3)), "sides": ((2, 2), (3, 3), (1, 4), (5, 2))}
EXAMPLES = (
    {"counts": (1, 1), "sides": (3, 3), **PLAIN},
    {"counts": (2, 1), "sides": (2, 3), "values": "numbers", "dtype": "uint8", "layout": "Fortran"},
)

together = partial(all_at_once, 0.5, {**SHAPES, **ARRAYS}, examples=EXAMPLES)


def averages_at_once() -> Criterion:
    """Return the last criterion of ``global_avg_pool2d``."""

    def make(rng: Generator, row: Row) -> Case:
        x = drawn(rng, (*row["counts"], *row["sides"]), row)
        return Case(call("global_avg_pool2d", x), close, needs(row, "the average of the whole map"))

    return together(make)


def maxima_at_once() -> Criterion:
    """Return the last criterion of ``global_max_pool2d``, whose first one asks for rectangles, too."""

    def make(rng: Generator, row: Row) -> Case:
        x = drawn(rng, (*row["counts"], *row["sides"]), row)
        low, high = x.min(axis=(2, 3)).astype(float), x.max(axis=(2, 3)).astype(float)
        below = {BELOW_ZERO} if (high < -low).any() else set()
        asked = needs(row, "the largest value of the whole map") - {RECTANGLES} | below
        return Case(call("global_max_pool2d", x), close, asked)

    # Most bytes are the largest: with them, samples that are mixed up have one maximum.
    return together(make, examples=(EXAMPLES[0], {**EXAMPLES[1], "dtype": "int64"}))


def gradients_at_once() -> Criterion:
    """Return the last criterion of ``global_avg_pool2d_backward``."""

    def make(rng: Generator, row: Row) -> Case:
        made = call("global_avg_pool2d_backward", drawn(rng, row["counts"], row), (*row["counts"], *row["sides"]))
        return Case(made, close, needs(row, "every cell gets its share"))

    return together(make)


def needs(row: Row, base: str) -> frozenset[str]:
    """Return the criteria that a row needs; ``base`` is the function's first one."""
    height, width = row["sides"]
    found = {SAMPLES: row["counts"] != (1, 1), RECTANGLES: height != width}
    return array_needs(row, base) | {name for name, needed in found.items() if needed}
