"""What the functions of this assignment have in common: arrays to draw, and criteria that several of them have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ...criteria.arrays import Array, Generator, Shape, any_values, worldly
from ...criteria.criterion import Draw, criterion
from ...criteria.judges import same, same_value
from ...criteria.refusals import Mixed, bad_arguments_are_refused
from ...criteria.windows import image
from ...model import Call, Case, Criterion, Judge

COUNT = image([1, 2, 3], [4, 5, 6], [7, 8, 9])
BOX = np.ones((1, 1, 2, 2))
ONES = np.ones((1, 1, 4, 4))
# Of some features the criterion that asks for them alone, in each function that has them.
SHARED = {
    "sides": "height and width are two things",
    "integers": "integers, NaN and infinity are numbers, too",
    "frozen": "the input stays untouched",
}


def number(rng: Generator, value: Any) -> Any:
    """Draw a whole number from a range; a number is itself, and a tuple one of what it holds.

    >>> number(np.random.default_rng(1), (range(5, 6), 7))
    (5, 7)
    """
    if isinstance(value, tuple):
        return tuple(number(rng, part) for part in value)
    return int(rng.integers(value.start, value.stop)) if isinstance(value, range) else value


def mirrored(array: Array) -> Array:
    """Return averages of an array's cells that look the same from all sides.

    The last two axes can be flipped and, where they are equally long, transposed.
    """
    half = (array + array[..., ::-1]) / 2
    both = (half + half[..., ::-1, :]) / 2
    square = both.shape[-2] == both.shape[-1]
    return (both + both.swapaxes(-1, -2)) / 2 if square else both


def of_the_world(rng: Generator, images: Shape, filters: Shape) -> tuple[Array, Array]:
    """Draw images like the world's, and filters that look the same from all sides, with which every sum is exact."""
    return worldly(rng, images, any_values(rng)), mirrored(rng.integers(-4, 5, filters) / 2)


def larger_filter(rng: Generator, given: Mapping[str, Any]) -> Array:
    """Make a filter that is higher than the image, or wider, or both; padding none."""
    (_, channels, height, width), filters = given["x"].shape, len(given["weight"])
    more = rng.integers(0, 9, 2) + rng.permutation(2)
    return np.ones((filters, channels, height + int(more[0]), width + int(more[1])))


def only_last(*shape: int) -> Array:
    """Return an array of zeros whose very last cell is 2."""
    array = np.zeros(shape)
    array.flat[-1] = 2.0
    return array


def two_sides(examples: Iterable[Call | Case], draw: Draw, judge: Judge = same_value) -> Criterion:
    """Images and filters are rectangles."""
    return criterion(
        SHARED["sides"],
        0.5,
        examples,
        draw,
        judge=judge,
        hint="Every size, window and loop bound exists twice: once along the height, once along the width.",
        tries="images and filters that are not square",
    )


def odd_numbers(
    examples: Iterable[Call | Case], draw: Draw, *, hint: str, tries: str, judge: Judge = same_value
) -> Criterion:
    """Arrays hold integers, NaN or infinity."""
    return criterion(SHARED["integers"], 0.5, examples, draw, judge=judge, hint=hint, tries=tries)


def refusals(
    points: float,
    works: Iterable[Call | Case],
    refused: Iterable[tuple[str, Call] | Case],
    draw: Mixed,
    judge: Judge = same,
) -> Criterion:
    """Arguments are bad."""
    return bad_arguments_are_refused(
        "bad arguments are refused",
        points,
        works=works,
        refused=refused,
        draw=draw,
        judge=judge,
        hint="Check what came in before computing, and raise ValueError with the argument's name in the message.",
    )
