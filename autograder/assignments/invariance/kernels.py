"""What is asked of ``binomial_kernel``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...criteria.arrays import Generator
from ...criteria.criterion import call, criterion
from ...criteria.judges import accepted
from ...criteria.refusals import below, spoilt
from ...criteria.windows import Calls
from ...model import Call, Case, Question
from .judges import proportions, sums_to_one
from .names import EVEN, SUM, TRIANGLE
from .shapes import refusals
from .shifts_at_once import sizes_at_once

KERNEL = partial(call, "binomial_kernel")
# Odd sizes that no worked example has: such whose sums are whole numbers of at most 64 bits, and larger ones.
MODERATE, LARGE = range(9, 32, 2), range(33, 150, 2)


def odd_sizes(sizes: range, count: int = 1) -> Calls:
    """Draw sizes, smallest first."""

    def draw(rng: Generator) -> Iterator[Call]:
        for size in np.sort(rng.choice(sizes, count, replace=False)):
            yield KERNEL(int(size))

    return draw


BINOMIAL_KERNEL = Question(
    "binomial_kernel",
    (
        criterion(
            TRIANGLE,
            1,
            [KERNEL(3), KERNEL(5)],
            odd_sizes(MODERATE, 2),
            judge=proportions,
            hint="Size 3 is 1 2 1 along both axes, so that the middle of the kernel weighs 2 times 2.",
            tries="other odd sizes",
        ),
        criterion(
            SUM,
            0.5,
            [KERNEL(3), KERNEL(5)],
            odd_sizes(MODERATE),
            judge=sums_to_one,
            tries="another size",
            hint="A constant image must not become brighter: what do the numbers of a row of the triangle sum to?",
        ),
        criterion(
            EVEN,
            0.5,
            [KERNEL(2), KERNEL(4), KERNEL(66)],
            lambda rng: [KERNEL(2 * int(size)) for size in (rng.integers(6, 17), rng.integers(20, 75))],
            judge=proportions,
            hint="Every row of the triangle will do; in a large one the numbers outgrow 64 bits.",
            tries="other even sizes, small and large",
        ),
        criterion(
            "size 1 changes nothing",
            0.5,
            [KERNEL(1)],
            lambda rng: (Case(made, accepted) for made in odd_sizes(LARGE)(rng)),
            judge=proportions,
            tries="another size, which need only have the right shape",
            hint="The first row of the triangle is a single 1.",
        ),
        refusals(
            0.5,
            works=[KERNEL(3)],
            judge=proportions,
            refused=[("", KERNEL(0)), ("", KERNEL(-2))],
            draw=spoilt(odd_sizes(LARGE), ("size",), {"size": below(1)}, unnamed=("size",)),
            hint="There is no kernel without a cell.",
        ),
        sizes_at_once(),
    ),
)
