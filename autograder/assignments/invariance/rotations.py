"""What is asked of ``rotation_pool``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...criteria.arrays import Array, Generator, Shape
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import accepted, same_value
from ...criteria.refusals import Spoiler, other_axes, spoilt
from ...criteria.windows import Calls, image, square
from ...model import Call, Case, Question
from .blurs_at_once import rotations_at_once
from .names import CHANNELS, EVERY_FILTER, POSITION, RESPONSES, TURNS
from .shapes import SIX, SMALL, all_round, odd_values_are_taken, positive, refusals, several, spoiled

ROTATION = partial(call, "rotation_pool")
ONE = np.ones(square(1))
BOX = np.ones(square(2))


def round_filter(rng: Generator, *shape: int) -> Array:
    """Draw a filter of weights above 1 that looks the same from all sides."""
    return all_round(positive(rng, *shape)) + 1


def positions(rng: Generator) -> Iterator[Call]:
    """Draw one image and one filter that looks the same from all sides, with a positive response."""
    for k, content in zip((2, 1, 3), several(rng, square(3), square(2), square(5)), strict=True):
        yield ROTATION(np.abs(content), round_filter(rng, 1, 1, k, k))


def one_position(rng: Generator) -> Iterator[Call]:
    """Draw an image that a filter covers, which looks the same from all sides."""
    yield ROTATION(positive(rng, 1, 1, 2, 2), round_filter(rng, 1, 1, 2, 2))


def turned_filters(rng: Generator) -> Iterator[Call]:
    """Draw images that are a filter, turned, and the turns of one image that is not."""
    weight = positive(rng, 1, 1, 3, 3) + 0.1
    for x in (weight, positive(rng, 1, 1, 3, 3)):
        for turns in range(4):
            yield ROTATION(np.ascontiguousarray(np.rot90(x, turns, axes=(2, 3))), weight)


def below_zero(rng: Generator) -> Iterator[Call]:
    """Draw images and filters of which every response is negative."""
    for k in (1, 2, 3):
        yield ROTATION(-positive(rng, 1, 1, k, k) - 1, round_filter(rng, 1, 1, k, k))


def filtered(*shapes: tuple[Shape, Shape]) -> Calls:
    """Draw images and round filters of these shapes."""

    def draw(rng: Generator) -> Iterator[Call]:
        images = several(rng, *(shape for shape, _ in shapes))
        for content, (_, filters) in zip(images, shapes, strict=True):
            yield ROTATION(np.abs(content), round_filter(rng, *filters))

    return draw


def odd_rotations(rng: Generator) -> Iterator[Call]:
    """Draw integers under fractional filters, wide and narrow, and an image with one NaN."""
    for kind in (np.int64, np.uint8):
        yield ROTATION(rng.integers(100, 200, (1, 1, 2, 2)).astype(kind), all_round(positive(rng, 1, 1, 2, 2)) + 0.25)
    x = spoiled(rng, positive(rng, 1, 1, 2, 2), np.nan)
    yield ROTATION(x, all_round(positive(rng, 1, 1, 2, 2)) + 0.25)


def oblong(name: str) -> Spoiler:
    """Make squares with a row or a column more."""

    def spoil(rng: Generator, given: Mapping[str, Any]) -> Array:
        longer = [(0, 0), (0, 0), (0, 1), (0, 0)] if rng.integers(2) else [(0, 0), (0, 0), (0, 0), (0, 1)]
        return np.asarray(np.pad(given[name], longer))

    return spoil


def bad_filter(rng: Generator, given: Mapping[str, Any]) -> Array:
    """Make filters that are larger than the images, or have another number of axes."""
    if rng.integers(2):
        return np.asarray(other_axes("weight", 4)(rng, given))
    side = given["x"].shape[2] + int(rng.integers(1, 5))
    return positive(rng, 1, 1, side, side)


def bad_arguments(rng: Generator) -> Iterator[Case]:
    """Draw arrays of other ranks, filters that do not fit, and what is not square."""
    arrays = ("x", "weight")
    ranks = spoilt(one_position, arrays, {"x": other_axes("x", 4), "weight": bad_filter}, judge=same_value)
    shapes = spoilt(one_position, arrays, {name: oblong(name) for name in arrays}, unnamed=arrays, judge=same_value)
    yield from (*ranks(rng), *shapes(rng))


ROTATION_POOL = Question(
    "rotation_pool",
    (
        criterion(
            POSITION,
            1,
            [ROTATION(SMALL, ONE), ROTATION(SIX, BOX)],
            positions,
            judge=same_value,
            hint="Correlate at every position without padding; the largest response is the result.",
            tries="filters that look the same from all sides",
        ),
        criterion(
            TURNS,
            1,
            [
                ROTATION(image([1, 0], [0, 0]), SMALL),
                ROTATION(image([2, 4], [1, 3]), SMALL),
            ],
            turned_filters,
            judge=same_value,
            hint="numpy.rot90 with the right axes turns a filter by 0, 90, 180 and 270 degrees; a flip is no rotation.",
            tries="images that are the filter, turned, and four turns of another image",
        ),
        criterion(
            RESPONSES,
            0.5,
            [ROTATION(-SMALL, BOX)],
            below_zero,
            judge=same_value,
            hint="Start from minus infinity or from the first response, never from zero.",
            tries="images below zero under filters above zero, of the same size",
        ),
        criterion(
            CHANNELS,
            1,
            [ROTATION(np.array([[[[1.0]], [[2.0]]]]), np.array([[[[3.0]], [[4.0]]]]))],
            filtered(((1, 2, 1, 1), (1, 2, 1, 1)), ((1, 3, 2, 2), (1, 3, 2, 2)), ((1, 2, 3, 3), (1, 2, 3, 3))),
            judge=same_value,
            hint="A filter has a slice for each channel; all of its slices turn together.",
            tries="up to three channels",
        ),
        criterion(
            EVERY_FILTER,
            0.5,
            [ROTATION(np.array([[[[4.0]]], [[[5.0]]]]), np.array([[[[1.0]]], [[[2.0]]], [[[3.0]]]]))],
            filtered(((2, 1, 2, 2), (1, 1, 2, 2)), ((1, 1, 2, 2), (3, 1, 2, 2)), ((3, 1, 2, 2), (2, 1, 2, 2))),
            judge=same_value,
            hint="The result has a row for each image and a column for each filter.",
            tries="up to three images and three filters",
        ),
        odd_values_are_taken(
            [ROTATION(np.array([[[[3]]]]), ONE / 2), ROTATION(np.array([[[[np.nan]]]]), ONE)],
            odd_rotations,
            judge=same_value,
            hint="Compute in float64 whatever comes in; a window with NaN has no response that is a number.",
            tries="other integers, also of eight bits, and NaN",
        ),
        input_stays_untouched(0.5, [ROTATION(SMALL, BOX)], one_position),
        refusals(
            1,
            works=[ROTATION(SMALL, BOX), Case(ROTATION(SMALL, ONE), accepted)],
            judge=same_value,
            refused=[
                ("weight", ROTATION(SMALL, np.ones(square(3)))),
                *(("", ROTATION(np.ones((1, 1, *sides)), BOX)) for sides in ((3, 4), (4, 3))),
                *(("", ROTATION(np.ones(square(4)), np.ones((1, 1, *sides)))) for sides in ((2, 3), (3, 2))),
                ("x", ROTATION(SMALL[0], BOX)),
                ("weight", ROTATION(SMALL, BOX[0])),
            ],
            draw=bad_arguments,
            hint="Only squares fit onto themselves after a quarter turn; a filter must fit into the image.",
        ),
        rotations_at_once(),
    ),
)
