"""What is asked of ``adaptive_avg_pool2d``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...criteria.arrays import Generator
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import same
from ...criteria.refusals import below, other_axes, spoilt
from ...criteria.windows import distinct, image, special_values, square, worked
from ...model import Call, Question
from .bins_at_once import adaptive_at_once
from .shapes import (
    BINS,
    INF,
    MORE_BINS,
    NAN,
    OVERLAPPING,
    SIDE_BY_SIDE,
    by_itself,
    each,
    integers,
    refusals,
    spoiled,
    two_sides,
)

ADAPTIVE = partial(call, "adaptive_avg_pool2d")
ADAPTIVE_WORKS = [ADAPTIVE(distinct(worked(), square(2)), 1), ADAPTIVE(distinct(worked(), square(4)), 2)]


def four_cells_a_bin(rng: Generator) -> Iterator[Call]:
    """Draw bins of 2x2 cells side by side."""
    bins = int(rng.integers(2, 5))
    yield ADAPTIVE(distinct(rng, square(2 * bins)), bins)


ADAPTIVE_AVG_POOL2D = Question(
    "adaptive_avg_pool2d",
    (
        criterion(
            SIDE_BY_SIDE,
            1.5,
            ADAPTIVE_WORKS,
            each(ADAPTIVE, (square(6), 2), (square(3), 3), (square(8), 4), fractions=True),
            tries="other sizes",
            hint="Six cells in three bins: two cells each. Here adaptive pooling is ordinary pooling.",
        ),
        criterion(
            OVERLAPPING,
            1.5,
            [ADAPTIVE(distinct(worked(), square(3)), 2), ADAPTIVE(distinct(worked(), square(4)), 3)],
            each(ADAPTIVE, (square(7), 5), (square(5), 2), (square(9), 7), (square(7), 3)),
            tries="other sizes that do not divide",
            hint=BINS.format("rounded outwards on both sides, so that no cell is lost"),
        ),
        criterion(
            MORE_BINS,
            1,
            [ADAPTIVE(distinct(worked(), square(1)), 2), ADAPTIVE(distinct(worked(), square(2)), 3)],
            each(ADAPTIVE, (square(3), 5), (square(2), 4)),
            tries="other sizes",
            hint=BINS.format("never empty, also where a bin is narrower than a cell"),
        ),
        by_itself(
            0.5,
            [ADAPTIVE(distinct(worked(), (1, 2, 2, 2)), 1), ADAPTIVE(distinct(worked(), (2, 1, 2, 2)), 1)],
            each(ADAPTIVE, ((2, 4, 4, 4), 2)),
        ),
        two_sides(
            0.5,
            [ADAPTIVE(distinct(worked(), (1, 1, 2, 4)), 2), ADAPTIVE(distinct(worked(), square(2)), (1, 2))],
            each(ADAPTIVE, ((1, 1, 4, 3), (2, 3)), (square(6), (2, 3))),
        ),
        special_values(
            0.5,
            [ADAPTIVE(image([1, NAN], [2, 3]), 1), ADAPTIVE(image([1, NAN], [2, 3]), 2)],
            spoiled(ADAPTIVE, square(4), INF, arguments=(2,)),
            "NaN in one bin is no business of the others, as it is with running sums.",
        ),
        integers(0.5, ADAPTIVE(image([1, 2], [3, 4]), 1), each(ADAPTIVE, (square(6), 3))),
        input_stays_untouched(0.5, ADAPTIVE_WORKS[1:], each(ADAPTIVE, (square(4), 2))),
        refusals(
            1,
            ADAPTIVE_WORKS[1:],
            [
                *(("x", ADAPTIVE(np.ones(shape), 2)) for shape in ((4, 4), (1, 4, 4), (1, 1, 1, 4, 4))),
                *(("", ADAPTIVE(np.ones(square(4)), bad)) for bad in (0, (2, 0), (-1, 2))),
            ],
            spoilt(
                four_cells_a_bin,
                ("x", "output_size"),
                {"x": other_axes("x", 4), "output_size": below(1, pairs=True)},
                unnamed=("output_size",),
                judge=same,
            ),
            "Neither a map without height and width nor a grid without bins: a ValueError, for x by name.",
        ),
        adaptive_at_once(),
    ),
)
