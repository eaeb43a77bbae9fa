"""What is asked of ``max_pool2d`` and ``max_pool2d_backward``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...criteria.arrays import Generator, worldly
from ...criteria.criterion import criterion
from ...criteria.edges import (
    drops_windows_in_the_padding,
    keeps_the_last_window,
    pads,
    refuses_bad_padding,
    refuses_bad_sizes,
    refuses_large_windows,
    sane,
)
from ...criteria.judges import same, same_value
from ...criteria.windows import (
    Pool,
    height_comes_first,
    image,
    leaves_out_incomplete_windows,
    moves_by_the_stride,
    plain,
    scattered,
    special_values,
    square,
    stays_untouched,
    takes_integers,
    takes_samples_and_channels,
)
from ...model import Call, Case, Question
from .at_once import CEIL, EVERYWHERE, KERNELS, PADDINGS, windows_at_once
from .special import INF, NAN, special, special_gradients, spoiled, spoiled_gradient

HUGE = 1e300

MAX, MAX_BACK = Pool("max_pool2d"), Pool("max_pool2d_backward", backward="x")


def below_zero(rng: Generator) -> Iterator[Call]:
    """Draw one value below zero everywhere, so that where padding lies does not matter, and no padding."""
    for value, kernel_size, padding in ((-HUGE * rng.random(), 2, 1), (-INF, 4, 2)):
        yield MAX.on(np.full(square(4), value), kernel_size, padding=padding)


def special_numbers(rng: Generator) -> Iterator[Call | Case]:
    """Draw NaN in one of four windows, also where windows reach into a padding that NaN has no share in."""
    yield from special(MAX, NAN)(rng)
    x = scattered(rng, square(4))
    x.flat[rng.integers(x.size)] = NAN
    yield Case(MAX.on(x, 2, padding=1), same, frozenset({"padding surrounds the input", "padding never wins"}))


MAX_POOL2D = Question(
    "max_pool2d",
    (
        criterion(
            "the largest value of every window",
            1.5,
            sane(MAX),
            plain(MAX),
            tries="other sizes and numbers",
            hint="Without a stride the windows lie side by side: every number is in one of them.",
        ),
        moves_by_the_stride(MAX, 0.5),
        leaves_out_incomplete_windows(MAX, 0.5),
        height_comes_first(MAX, 0.5),
        takes_samples_and_channels(MAX, 0.5),
        pads(MAX, "padding surrounds the input", 1, "Padding is added before the first and after the last cell."),
        criterion(
            "padding never wins",
            1,
            [MAX.on(image([-3, -1], [-2, -4]), 2), MAX.on(np.full(square(2), -1.0), 2, padding=1)],
            below_zero,
            tries="other negative numbers, also very large ones",
            hint="Zero is larger than every negative number. Which number is larger than none?",
        ),
        keeps_the_last_window(MAX, 0.5),
        drops_windows_in_the_padding(MAX, 0.5),
        special_values(
            0.5,
            [MAX.on(image([1, NAN], [2, 3]), 2), spoiled(MAX, INF), spoiled(MAX, -INF)],
            special_numbers,
            "A window that holds NaN has no maximum, and says so: a comparison with NaN is never true.",
        ),
        takes_integers(MAX, 0.5, same_value),
        stays_untouched(MAX),
        refuses_bad_sizes(MAX),
        refuses_bad_padding(MAX),
        refuses_large_windows(MAX, ceil_mode=True),
        windows_at_once(
            MAX,
            {**KERNELS, **PADDINGS, **CEIL},
            {
                "the largest value of every window": "plain",
                **EVERYWHERE,
                "padding surrounds the input": "padding",
                "padding never wins": "negative",
                "ceil_mode keeps the last window": "clipped",
                "no window begins in the padding": "dropped",
            },
        ),
    ),
)


def ties(rng: Generator) -> Iterator[Call]:
    """Draw windows in which the maximum stands several times: all alike, behind a rectifier, of few values."""
    for values, kernel_size in (("flat", 2), ("rectified", 2), ("repeated", 3)):
        yield MAX_BACK.on(worldly(rng, square(6), values) + 2, kernel_size, rng)


def peaks(rng: Generator) -> Iterator[Call]:
    """Draw overlapping windows around one cell that wins all of those that see it."""
    for kernel_size, stride in ((3, 2), (4, 1)):
        x = scattered(rng, square(5))
        x[0, 0, 2, 2] += 10_000
        yield MAX_BACK.on(x, kernel_size, rng, stride=stride)


def losing_padding(rng: Generator) -> Iterator[Call]:
    """Draw numbers below zero, with padding and without."""
    yield MAX_BACK.on(-HUGE / 10_000 * scattered(rng, square(4)), 2, rng, padding=1)
    x = scattered(rng, square(4))
    x[0, 0, 0, rng.choice([0, -1])] = -INF
    yield MAX_BACK.on(x, 2, rng, padding=1)


def special_maxima(rng: Generator) -> Iterator[Call]:
    """Draw special values in the input and in the gradients."""
    yield from special(MAX_BACK, NAN)(rng)
    yield from special_gradients(MAX_BACK, INF)(rng)


MAX_POOL2D_BACKWARD = Question(
    "max_pool2d_backward",
    (
        criterion(
            "the gradient goes to the maximum",
            1,
            sane(MAX_BACK),
            plain(MAX_BACK),
            tries="other sizes and numbers",
            hint="One cell of each window decided the output: it gets the whole gradient, the others none.",
        ),
        criterion(
            "ties go to the first maximum",
            1,
            [MAX_BACK.on(image([0, 7], [7, 7]), 2), MAX_BACK.on(np.ones(square(2)), 2)],
            ties,
            tries="many equal numbers",
            hint="Of several equal maxima the first in reading order gets everything: row by row, from the left.",
        ),
        criterion(
            "overlapping windows add up",
            1,
            [
                MAX_BACK.on(image([0, 0, 0], [0, 1, 0], [0, 0, 0]), 2, stride=1),
                MAX_BACK.on(image([1, 2, 3], [4, 9, 5], [6, 7, 8]), 2, stride=1),
            ],
            peaks,
            tries="other windows around one large cell",
            hint="A cell that wins several windows gets the sum of their gradients; = would keep only the last.",
        ),
        moves_by_the_stride(MAX_BACK, 0.5, overlap=False),
        leaves_out_incomplete_windows(MAX_BACK, 0.5),
        height_comes_first(MAX_BACK, 0.5),
        takes_samples_and_channels(MAX_BACK, 0.5),
        pads(MAX_BACK, "padding surrounds the input", 0.5, "The gradient has the input's shape: cut the padding off."),
        criterion(
            "padding never wins",
            1,
            [
                MAX_BACK.on(image([-3, -1], [-2, -4]), 2),
                MAX_BACK.on(image([-1, -2], [-3, -4]), 2, padding=1),
                MAX_BACK.on(image([-INF]), 2, padding=1),
            ],
            losing_padding,
            tries="other negative numbers, also very large ones",
            hint="A gradient that goes to the padding is lost. A cell wins even where all of them are minus infinity.",
        ),
        special_values(
            0.5,
            [
                MAX_BACK.on(image([1, NAN], [2, 3]), 2),
                spoiled_gradient(MAX_BACK, NAN),
            ],
            special_maxima,
            "NaN wins its window; and 0 * NaN is not 0.",
        ),
        takes_integers(MAX_BACK, 0.5),
        stays_untouched(MAX_BACK),
        refuses_bad_sizes(MAX_BACK),
        refuses_bad_padding(MAX_BACK),
        refuses_large_windows(MAX_BACK),
        windows_at_once(
            MAX_BACK,
            {**KERNELS, **PADDINGS},
            {
                "the gradient goes to the maximum": "plain",
                "ties go to the first maximum": "ties",
                "overlapping windows add up": "overlap",
                **EVERYWHERE,
                "padding surrounds the input": "padding",
                "padding never wins": "negative",
            },
        ),
    ),
)
