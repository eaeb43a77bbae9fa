"""What is asked of ``expected_max_after_dropout``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...criteria.comparison import difference
from ...criteria.criterion import bad_arguments_are_refused, call, criterion, input_stays_untouched
from ...criteria.judges import trouble
from ...criteria.parts import UntouchedIf
from ...criteria.windows import Array, Generator
from ...model import Call, Case, Question, Reply
from .draws import BAD_P, REFUSED


def window(values: Any, p: float) -> Call:
    """Return a call."""
    return call("expected_max_after_dropout", np.array(values, dtype=float), p)


TWO = window([2, 1], 0.5)
FOUR_ONES = np.ones(4)


def up_to_scaling(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold for the expectation with or without the factor 1 / (1 - p), which has a criterion of its own."""
    wrong = trouble(got)
    if wrong:
        return wrong
    value = float(got.value) if isinstance(got.value, int) and not isinstance(got.value, bool) else got.value
    if not difference(value, expected.value * (1 - case.call.args[1])):
        return None
    return difference(value, expected.value)


def positive(rng: Generator, *shape: int) -> Array:
    """Draw different values above zero, in random order."""
    count = int(np.prod(shape))
    return rng.permutation(np.round(np.arange(1, count + 1) + rng.uniform(0, 0.9, count), 2)).reshape(shape)


def descending(values: Array) -> Array:
    """Return the values in the same shape, the largest first in row-major order."""
    return np.sort(values.ravel())[::-1].reshape(values.shape).copy()


def draw_single(rng: Generator) -> Iterator[Call]:
    """Draw windows of one cell."""
    for p in (0.2, 0.5, 0.9):
        yield window(positive(rng, 1) * 3, p)


def draw_ranked(rng: Generator) -> Iterator[Call]:
    """Draw different values, the largest first."""
    for size, p in ((2, 0.3), (4, 0.5), (6, 0.8)):
        yield window(descending(positive(rng, size)), p)


def draw_ties(rng: Generator) -> Iterator[Call]:
    """Draw windows in which values repeat, the largest first."""
    for size, p in ((2, 0.3), (4, 0.6), (6, 0.8)):
        yield window(descending(rng.integers(1, 3, size)), p)


def draw_unsorted(rng: Generator) -> Iterator[Call]:
    """Draw different values of which the largest stands last, or anywhere."""
    for size, p in ((2, 0.3), (4, 0.5), (6, 0.8)):
        yield window(np.sort(positive(rng, size)), p)
        yield window(positive(rng, size), p)


def draw_shapes(rng: Generator) -> Iterator[Call]:
    """Draw windows of two and more axes, the largest first in row-major order."""
    for shape, p in (((2, 2), 0.5), ((3, 1), 0.3), ((2, 1, 3), 0.6), ((1, 1, 2, 3), 0.2)):
        yield window(descending(positive(rng, *shape)), p)


def draw_limits(rng: Generator) -> Iterator[Call]:
    """Draw p = 0, and zeros among the values."""
    yield window(descending(positive(rng, 4)), 0.0)
    yield window(np.zeros(3), 0.5)
    yield window([2.5, 1.5, 0, 0], 0.5)


EXPECTED_MAX_AFTER_DROPOUT = Question(
    "expected_max_after_dropout",
    (
        criterion(
            "one value keeps its expectation",
            1,
            [window([3], 0.5)],
            draw_single,
            hint="Kept with probability 1 - p, and then divided by 1 - p.",
            tries="single values at p = 0.2, 0.5 and 0.9",
        ),
        criterion(
            "each value counts when all larger ones fell",
            2,
            [TWO, window([4, 3, 2, 1], 0.5)],
            draw_ranked,
            judge=up_to_scaling,
            hint="Order the values; with which probability is the k-th largest the maximum of what is left?",
            tries="up to six different values, the largest first",
        ),
        criterion(
            "equal values stand in for each other",
            1,
            [window([1, 1], 0.5), window(FOUR_ONES, 0.5)],
            draw_ties,
            judge=up_to_scaling,
            hint="If one of two equal values falls the other is still the maximum: count both, in any order.",
            tries="up to six values of which some are equal",
        ),
        criterion(
            "the largest value may stand anywhere",
            1,
            [window([1, 2], 0.5)],
            draw_unsorted,
            judge=up_to_scaling,
            hint="A maximum does not care for the order of a window, your function should not either.",
            tries="values in ascending and in random order",
        ),
        criterion(
            "a window has any shape",
            1,
            [window([[4, 3], [2, 1]], 0.5)],
            draw_shapes,
            judge=up_to_scaling,
            hint="A window of 2x2 has four values, not two rows.",
            tries="two, three and four axes",
        ),
        criterion(
            "zeros and p = 0 are no exceptions",
            0.5,
            [window(np.zeros(2), 0.5), window([2, 1], 0.0)],
            draw_limits,
            judge=up_to_scaling,
            hint="Without dropout the expectation is the maximum; of zeros it is zero.",
            tries="p = 0, zeros among the values and alone",
        ),
        input_stays_untouched(
            0.5,
            [TWO],
            draw_ranked,
            judge=UntouchedIf(up_to_scaling),
            hint="Some ways to sort work in place.",
            tries="other windows",
        ),
        bad_arguments_are_refused(
            REFUSED,
            1,
            works=[TWO],
            refused=[("", window(bad, 0.5)) for bad in ([2, -1], [[-0.001]])]
            + [("", window(FOUR_ONES, p)) for p in BAD_P],
            hint="The formula holds for activations that are not negative, and for p from 0 to below 1.",
            judge=up_to_scaling,
        ),
    ),
)
