"""What is asked of the global pools, and of the gradient of the average."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...criteria.arrays import Array, Generator, Shape
from ...criteria.comparison import difference, shape_difference
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import same, same_value, trouble
from ...criteria.refusals import Mixed, other_axes, spoilt
from ...criteria.windows import Calls, distinct, image, special_values, square, worked
from ...model import Call, Case, Question, Reply
from .maps_at_once import averages_at_once, gradients_at_once, maxima_at_once
from .shapes import (
    BELOW_ZERO,
    INF,
    NAN,
    Make,
    by_itself,
    each,
    integers,
    refusals,
    sides,
    spoiled,
    two_sides,
)

AVG = partial(call, "global_avg_pool2d")
MAX = partial(call, "global_max_pool2d")
BACK = partial(call, "global_avg_pool2d_backward")
RANKS = ((4, 4), (1, 4, 4), (1, 1, 1, 4, 4))


def whole_maps(make: Make) -> list[Call]:
    """Return the smallest example, and one larger."""
    return [make(distinct(worked(), square(side))) for side in (2, 3)]


def other_ranks(make: Make) -> Mixed:
    """Draw a map, and an array with another number of axes."""

    def draw(rng: Generator) -> Iterator[Call]:
        yield make(distinct(rng, square(int(rng.integers(4, 7)))))

    return spoilt(draw, ("x",), {"x": other_axes("x", 4)}, judge=same)


GLOBAL_AVG_POOL2D = Question(
    "global_avg_pool2d",
    (
        criterion(
            "the average of the whole map",
            0.5,
            whole_maps(AVG),
            each(AVG, (square(5),), (square(4),), (square(1),), (square(3),), fractions=True),
            tries="other sizes",
            hint="One number for each map, of shape (N, C): both axes of the map are gone.",
        ),
        by_itself(
            0.5,
            [AVG(distinct(worked(), (1, 2, 2, 2))), AVG(distinct(worked(), (2, 1, 2, 2)))],
            each(AVG, ((2, 4, 3, 3),)),
        ),
        two_sides(0.5, [AVG(distinct(worked(), (1, 1, 1, 3)))], each(AVG, ((1, 1, 3, 5),))),
        special_values(
            0.5,
            [AVG(image([1, NAN], [2, 3])), AVG(image([1, INF], [-INF, 3]))],
            spoiled(AVG, square(3), -INF),
            "The average of a map that holds NaN is NaN, and so is that of both infinities.",
        ),
        integers(0.5, AVG(image([1, 2], [3, 4])), each(AVG, (square(6),))),
        input_stays_untouched(0.5, whole_maps(AVG)[:1], each(AVG, (square(4),))),
        refusals(0.5, whole_maps(AVG)[:1], [("x", AVG(np.ones(shape))) for shape in RANKS], other_ranks(AVG)),
        averages_at_once(),
    ),
)

GLOBAL_MAX_POOL2D = Question(
    "global_max_pool2d",
    (
        criterion(
            "the largest value of the whole map",
            0.5,
            whole_maps(MAX),
            each(MAX, (square(4),), ((1, 1, 3, 5),), (square(1),), ((1, 1, 6, 2),), fractions=True, positive=True),
            tries="other sizes, also rectangles",
            hint="One number for each map, of shape (N, C): both axes of the map are gone.",
        ),
        criterion(
            BELOW_ZERO,
            0.5,
            [MAX(image([-3, -1], [-2, -4]))],
            lambda rng: iter([MAX(-1e300 * distinct(rng, square(3)))]),
            tries="other negative numbers, also very large ones",
            hint="Zero is larger than every negative number: a search for the maximum must not start from it.",
        ),
        by_itself(
            0.5,
            [MAX(distinct(worked(), (1, 2, 2, 2))), MAX(distinct(worked(), (2, 1, 2, 2)))],
            each(MAX, ((2, 4, 3, 3),), positive=True),
        ),
        special_values(
            0.5,
            [MAX(image([1, NAN], [2, 3])), MAX(image([1, INF], [-INF, 3]))],
            spoiled(MAX, square(3), NAN, INF),
            "The maximum of a map that holds NaN is NaN: a comparison with NaN is never true.",
        ),
        integers(0.5, MAX(image([1, 2], [3, 4])), each(MAX, (square(4),)), same_value),
        input_stays_untouched(0.5, whole_maps(MAX)[:1], each(MAX, (square(4),), positive=True)),
        refusals(0.5, whole_maps(MAX)[:1], [("x", MAX(np.ones(shape))) for shape in RANKS], other_ranks(MAX)),
        maxima_at_once(),
    ),
)


def gradient(rng: Generator, *shape: int) -> Array:
    """Draw gradients of so many digits that nobody knows their shares by heart."""
    return np.asarray(rng.choice([-1, 1], shape) * rng.integers(1000, 1_000_000, shape) / 100)


def gradients(*maps: tuple[tuple[int, int], str | tuple[int, int]]) -> Calls:
    """Draw gradients for each number of samples and channels, and a kind of maps."""

    def draw(rng: Generator) -> Iterator[Call]:
        for counts, kind in maps:
            yield BACK(gradient(rng, *counts), (*counts, *sides(rng, kind)))

    return draw


def any_share(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold also when all cells get the same share of another size, which other criteria ask for."""
    wrong = same_value(case, got, expected)
    if wrong and not trouble(got) and not shape_difference(got.value, expected.value):
        ratio = np.divide(got.value, expected.value)
        first = float(ratio.flat[0])
        if 0 < first < INF and not difference(ratio, np.full_like(ratio, first)):
            return None
    return wrong


def special_gradients(rng: Generator) -> Iterator[Call | Case]:
    """Draw a gradient that is no number, or infinite, and finite ones."""
    yield BACK(np.array([[rng.choice([NAN, INF, -INF])]]), (1, 1, *sides(rng, "square")))
    for _ in range(2):
        yield Case(BACK(gradient(rng, 1, 1), (1, 1, *sides(rng, "square"))), any_share)


def whole_gradients(rng: Generator) -> Iterator[Call]:
    """Draw gradients that are integers, and such as become bytes."""
    yield BACK(rng.integers(-999_999, 1_000_000, (1, 1)), (1, 1, *sides(rng, "square")))
    yield BACK(distinct(rng, (1, 1)) + rng.integers(8), square(3))


def other_length(rng: Generator, given: Mapping[str, Any]) -> Shape:
    """Make a shape with an entry less or more."""
    return given["x_shape"][1:] if rng.integers(2) else (1, *given["x_shape"])


BACK_WORKS = [BACK(np.array([[8.0]]), square(2)), BACK(np.array([[9.0]]), square(3))]

GLOBAL_AVG_POOL2D_BACKWARD = Question(
    "global_avg_pool2d_backward",
    (
        criterion(
            "every cell gets its share",
            0.5,
            BACK_WORKS,
            gradients(((1, 1), (1, 1)), ((1, 1), "square"), ((1, 1), "square")),
            tries="other sizes",
            hint="Each cell of the map influenced the average alike: by one over the number of cells.",
        ),
        by_itself(
            0.5,
            [BACK(np.array([[4.0, 8.0]]), (1, 2, 2, 2)), BACK(np.array([[4.0], [8.0]]), (2, 1, 2, 2))],
            gradients(((3, 2), (3, 3))),
        ),
        two_sides(
            0.5,
            [BACK(np.array([[6.0]]), (1, 1, 1, 3))],
            gradients(((1, 1), "wide")),
        ),
        special_values(
            0.5,
            [BACK(np.array([[NAN]]), square(2)), BACK(np.array([[-INF]]), square(2))],
            special_gradients,
            "A gradient of NaN or infinity reaches every cell of its map.",
        ),
        integers(0.5, BACK(np.array([[6.0]]), square(2)), whole_gradients),
        input_stays_untouched(0.5, BACK_WORKS[:1], gradients(((1, 1), "square"))),
        refusals(
            0.5,
            BACK_WORKS[:1],
            [
                *(("grad_output", BACK(np.ones(shape), square(4))) for shape in ((1,), (1, 1, 1))),
                *(("", BACK(np.ones((1, 1)), shape)) for shape in ((4, 4), (1, 1, 1, 4, 4))),
            ],
            spoilt(
                gradients(((1, 1), "square")),
                ("grad_output", "x_shape"),
                {"grad_output": other_axes("grad_output", 2), "x_shape": other_length},
                unnamed=("x_shape",),
                judge=same,
            ),
        ),
        gradients_at_once(),
    ),
)
