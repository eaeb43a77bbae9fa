"""What is asked of ``expected_max_after_dropout``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, any_values, drawn, laid_out, worldly
from ...criteria.comparison import RELATIVE_TOLERANCE, SINGLE_TOLERANCE, difference
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import Refused, trouble
from ...criteria.parts import UntouchedIf
from ...criteria.refusals import bad_arguments_are_refused
from ...model import Call, Case, Judge, Question, Reply
from .draws import BAD_P, REFUSED, any_p, bad_p, chance, mixed


def window(values: Any, p: float) -> Call:
    """Return a call."""
    return call("expected_max_after_dropout", np.array(values, dtype=float), p)


RANKS = "each value counts when all larger ones fell"
TIES = "equal values stand in for each other"
ANYWHERE = "the largest value may stand anywhere"
SHAPE = "a window has any shape"
LIMITS = "zeros and p = 0 are no exceptions"
UNTOUCHED = "the input stays untouched"

TWO = window([2, 1], 0.5)
FOUR_ONES = np.ones(4)


def up_to_scaling(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold for the expectation with or without the factor 1 / (1 - p), which has a criterion of its own."""
    wrong = trouble(got)
    if wrong:
        return wrong
    window, p = case.call.args
    tolerance = SINGLE_TOLERANCE if window.dtype == np.float32 else RELATIVE_TOLERANCE
    value = float(got.value) if isinstance(got.value, int) and not isinstance(got.value, bool) else got.value
    if not difference(value, expected.value * (1 - p), tolerance=tolerance):
        return None
    return difference(value, expected.value, tolerance=tolerance)


untouched = UntouchedIf(up_to_scaling)


def positive(rng: Generator, *shape: int) -> Array:
    """Draw different values above zero, in random order."""
    count = int(np.prod(shape))
    return rng.permutation(np.round(np.arange(1, count + 1) + rng.uniform(0, 0.9, count), 5)).reshape(shape)


def of_the_world(rng: Generator, *shape: int) -> Array:
    """Draw values like the world's, none below zero."""
    return np.abs(worldly(rng, shape, any_values(rng)))


def descending(values: Array) -> Array:
    """Return the values in the same shape, the largest first in row-major order."""
    return np.sort(values.ravel())[::-1].reshape(values.shape).copy()


def features(values: Array, p: float) -> set[str]:
    """Return the criteria that ask for one of a window's features alone."""
    flat = values.ravel()
    alone = {
        TIES: np.unique(flat).size < flat.size,
        ANYWHERE: bool((flat[1:] > flat[:-1]).any()),
        SHAPE: values.ndim > 1,
        LIMITS: p == 0 or not flat.all(),
    }
    return {name for name, asked in alone.items() if asked}


def besides(own: str, values: Any, p: float, judge: Judge = up_to_scaling) -> Case:
    """Return a case of the criterion ``own`` on a window that has features of other criteria, too."""
    made = window(values, p)
    return Case(made, judge, frozenset(features(made.args[0], p) - {own}))


def draw_single(rng: Generator) -> Iterator[Call]:
    """Draw windows of one cell."""
    for p in ((0.1, 0.4), (0.4, 0.7), (0.7, 0.95)):
        yield window(positive(rng, 1) * 3, chance(rng, *p))
    yield window([2.0**30], chance(rng))


def draw_ranked(rng: Generator) -> Iterator[Call | Case]:
    """Draw different values, the largest first."""
    for size in (2, 4, 6):
        yield window(descending(positive(rng, size)), chance(rng, 0.2))
    yield window([2.0**30, 1, 2.0**-10], 0.9)


def draw_limits(rng: Generator) -> Iterator[Call]:
    """Draw p = 0, and zeros among the values."""
    yield window(descending(positive(rng, 4)), 0.0)
    yield window(np.zeros(3), chance(rng))
    yield window([*descending(positive(rng, 2)), 0, 0], chance(rng))


def draw_ties(rng: Generator) -> Iterator[Call | Case]:
    """Draw windows in which values repeat, the largest first."""
    yield besides(TIES, descending(of_the_world(rng, 5)), 0.6)
    for size in (4, 6):
        yield window(descending(rng.integers(1, 3, size) * rng.uniform(1, 2)), chance(rng, 0.4))


def draw_unsorted(rng: Generator) -> Iterator[Call | Case]:
    """Draw windows of which the largest value stands last, or anywhere."""
    yield window(np.sort(positive(rng, 2)), chance(rng, 0.2))
    yield besides(ANYWHERE, of_the_world(rng, 4), 0.5)
    for size in (4, 6):
        yield window(positive(rng, size), chance(rng, 0.2))


def draw_shapes(rng: Generator) -> Iterator[Call | Case]:
    """Draw windows of two and more axes, the largest first in row-major order, then in any order."""
    for shape in ((3, 1), (1, 1, 2, 3)):
        yield window(descending(positive(rng, *shape)), chance(rng, 0.1, 0.4))
    yield besides(SHAPE, of_the_world(rng, 2, 2), 0.5)
    for values in (positive(rng, 2, 2), positive(rng, 3, 1, 2)):
        yield besides(SHAPE, np.sort(values), chance(rng, 0.2))


def draw_disordered(rng: Generator) -> Iterator[Call | Case]:
    """Draw windows in order, in ascending order and in none: one in order is the same when it is sorted in place."""
    yield window(descending(positive(rng, 4)), chance(rng))
    for values in (np.sort(positive(rng, 4)), positive(rng, 6)):
        yield besides(UNTOUCHED, values, chance(rng, 0.2), untouched)


def draw_bad(rng: Generator) -> Iterator[Case]:
    """Draw windows with a negative value or a p that is none, among some of which nothing is bad."""
    works = [Case(window(descending(positive(rng, 4)), chance(rng)), up_to_scaling) for _ in range(2)]
    bad = [window(positive(rng, 4), bad_p(rng)) for _ in range(2)]
    for size in (1, 5):
        values = positive(rng, size)
        values[rng.integers(size)] *= -(2.0 ** -rng.integers(10))
        bad.append(window(values, chance(rng)))
    yield from mixed(rng, works, [Case(made, Refused()) for made in bad])


FACTORS = {
    "shape": ((5,), (1,), (2, 3), (3, 3), (2, 1, 4)),
    "order": ("descending", "any"),
    "p": (0.0, (0.2, 0.4), (0.4, 0.6), (0.8, 0.95)),
    **ARRAYS,
}
FIRST_ROW: Row = {
    "shape": (3,),
    "order": "descending",
    "p": 0.5,
    "values": "numbers",
    "dtype": "float64",
    "layout": "C",
}
SECOND_ROW: Row = {**FIRST_ROW, "shape": (2, 2), "order": "any", "values": "rectified", "dtype": "uint8"}


def windows(rng: Generator, row: Row) -> Case:
    """Return a case of a row."""
    p = any_p(rng, row["p"])
    values = np.abs(drawn(rng, row["shape"], row))
    if row["order"] == "descending":
        values = laid_out(descending(values), row["layout"])
    needs = features(values, p)
    # Of a single value the maximum is the expectation: who cannot rank shows nothing there.
    if row["values"] == "numbers" or values.size == 1:
        needs.add(RANKS)
    if row["layout"] in ("backwards", "broadcast"):
        needs.add(UNTOUCHED)
    return Case(call("expected_max_after_dropout", values, p), up_to_scaling, frozenset(needs))


EXPECTED_MAX_AFTER_DROPOUT = Question(
    "expected_max_after_dropout",
    (
        criterion(
            "one value keeps its expectation",
            1,
            [window([3], 0.5)],
            draw_single,
            hint="Kept with probability 1 - p, and then divided by 1 - p.",
            tries="other single values at several p",
        ),
        criterion(
            RANKS,
            1.5,
            [TWO, window([4, 3, 2, 1], 0.5)],
            draw_ranked,
            judge=up_to_scaling,
            hint="Order the values; with which probability is the k-th largest the maximum of what is left?",
            tries="up to six different values, the largest first",
        ),
        criterion(
            LIMITS,
            0.5,
            [window(np.zeros(2), 0.5), window([2, 1], 0.0)],
            draw_limits,
            judge=up_to_scaling,
            hint="Without dropout the expectation is the maximum; of zeros it is zero.",
            tries="p = 0, zeros among the values and alone",
        ),
        criterion(
            TIES,
            1,
            [window([1, 1], 0.5), window(FOUR_ONES, 0.5)],
            draw_ties,
            judge=up_to_scaling,
            hint="If one of two equal values falls the other is still the maximum: count both, in any order.",
            tries="up to six values of which some are equal",
        ),
        criterion(
            ANYWHERE,
            1,
            [window([1, 2], 0.5)],
            draw_unsorted,
            judge=up_to_scaling,
            hint="A maximum does not care for the order of a window, your function should not either.",
            tries="values in ascending and in random order",
        ),
        criterion(
            SHAPE,
            1,
            [window([[4, 3], [2, 1]], 0.5), besides(SHAPE, [[4, 1], [3, 2]], 0.5)],
            draw_shapes,
            judge=up_to_scaling,
            hint="A window of 2x2 has four values, not two rows.",
            tries="two, three and four axes",
        ),
        input_stays_untouched(
            0.5,
            [TWO, besides(UNTOUCHED, [1, 3, 2], 0.5, untouched)],
            draw_disordered,
            judge=untouched,
            hint="Some ways to sort work in place.",
            tries="other windows",
        ),
        bad_arguments_are_refused(
            REFUSED,
            1,
            works=[TWO],
            refused=[("", window(bad, 0.5)) for bad in ([2, -1], [[-0.001]])]
            + [("", window(FOUR_ONES, p)) for p in BAD_P],
            draw=draw_bad,
            hint="The formula holds for activations that are not negative, and for p from 0 to below 1.",
            judge=up_to_scaling,
        ),
        all_at_once(0.5, FACTORS, windows, [FIRST_ROW, SECOND_ROW]),
    ),
)
