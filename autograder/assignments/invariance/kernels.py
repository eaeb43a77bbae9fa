"""What is asked of ``binomial_kernel``."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...criteria.criterion import call, criterion
from ...model import Question
from .judges import proportions, sums_to_one
from .names import EVEN, SUM, TRIANGLE
from .shapes import refusals
from .shifts_at_once import sizes_at_once

KERNEL = partial(call, "binomial_kernel")

BINOMIAL_KERNEL = Question(
    "binomial_kernel",
    (
        criterion(
            TRIANGLE,
            1,
            [KERNEL(3), KERNEL(5)],
            lambda rng: [KERNEL(int(size)) for size in 2 * rng.choice(np.arange(3, 9), 2) + 1],
            judge=proportions,
            hint="Size 3 is 1 2 1 along both axes, so that the middle of the kernel weighs 2 times 2.",
            tries="other odd sizes",
        ),
        criterion(
            SUM,
            0.5,
            [KERNEL(3), KERNEL(5)],
            judge=sums_to_one,
            hint="A constant image must not become brighter: what do the numbers of a row of the triangle sum to?",
        ),
        criterion(
            EVEN,
            0.5,
            [KERNEL(2), KERNEL(4), KERNEL(66)],
            lambda rng: [KERNEL(2 * int(size)) for size in (rng.integers(3, 8), rng.integers(20, 40))],
            judge=proportions,
            hint="Every row of the triangle will do; in a large one the numbers outgrow 64 bits.",
            tries="other even sizes, small and large",
        ),
        criterion(
            "size 1 changes nothing",
            0.5,
            [KERNEL(1)],
            judge=proportions,
            hint="The first row of the triangle is a single 1.",
        ),
        refusals(
            0.5,
            works=[KERNEL(3)],
            judge=proportions,
            refused=[("", KERNEL(0)), ("", KERNEL(-2))],
            hint="There is no kernel without a cell.",
        ),
        sizes_at_once(),
    ),
)
