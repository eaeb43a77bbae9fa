"""The functions of whole maps asked with everything together, and what each case needs."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, Shape, array_needs, drawn, laid_out, worldly
from ...criteria.criterion import call
from ...criteria.judges import close
from ...model import Case, Criterion
from .shapes import BELOW_ZERO, MAPS, PLAIN, RECTANGLES, SAMPLES, sides

SHAPES = {"counts": ((1, 1), (2, 1), (1, 3), (2, 3)), "sides": MAPS}
EXAMPLES = (
    {"counts": (1, 1), "sides": (3, 3), **PLAIN},
    {"counts": (2, 1), "sides": (2, 3), "values": "numbers", "dtype": "uint8", "layout": "Fortran"},
)

together = partial(
    all_at_once, 0.5, {**SHAPES, **ARRAYS}, examples=EXAMPLES, plain=[{**EXAMPLES[0], "sides": "square"}] * 2
)


def averages_at_once() -> Criterion:
    """Return the last criterion of ``global_avg_pool2d``."""

    def make(rng: Generator, row: Row) -> Case:
        x = drawn(rng, (*row["counts"], *sides(rng, row["sides"])), row)
        return Case(call("global_avg_pool2d", x), close, needs(row, x.shape, "the average of the whole map"))

    return together(make)


def maxima_at_once() -> Criterion:
    """Return the last criterion of ``global_max_pool2d``, whose first one asks for rectangles, too."""

    def make(rng: Generator, row: Row) -> Case:
        x = drawn(rng, (*row["counts"], *sides(rng, row["sides"])), row)
        low, high = x.min(axis=(2, 3)).astype(float), x.max(axis=(2, 3)).astype(float)
        below = {BELOW_ZERO} if (high < -low).any() else set()
        asked = needs(row, x.shape, "the largest value of the whole map") - {RECTANGLES} | below
        return Case(call("global_max_pool2d", x), close, asked)

    # Most bytes are the largest: with them, samples that are mixed up have one maximum.
    return together(make, examples=(EXAMPLES[0], {**EXAMPLES[1], "dtype": "int64"}))


def gradients_at_once() -> Criterion:
    """Return the last criterion of ``global_avg_pool2d_backward``."""

    def make(rng: Generator, row: Row) -> Case:
        x_shape = (*row["counts"], *sides(rng, row["sides"]))
        made = call("global_avg_pool2d_backward", gradient(rng, row), x_shape)
        return Case(made, close, needs(row, x_shape, "every cell gets its share"))

    return together(make)


def gradient(rng: Generator, row: Row) -> Array:
    """Draw a gradient; one that is not of a worked example lies at any level, or nobody would need to compute."""
    array = worldly(rng, row["counts"], row["values"], row["dtype"])
    if isinstance(row["sides"], str) and array.dtype.kind in "fi":
        array = array + np.asarray(rng.integers(1000, 100_000), dtype=array.dtype)
    return laid_out(array, row["layout"])


def needs(row: Row, shape: Shape, base: str) -> frozenset[str]:
    """Return the criteria that a row needs for maps of a shape; ``base`` is the function's first one."""
    *_, height, width = shape
    found = {SAMPLES: row["counts"] != (1, 1), RECTANGLES: height != width}
    return array_needs(row, base) | {name for name, needed in found.items() if needed}
