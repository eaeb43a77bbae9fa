"""What the questions of this assignment share: the arrays they are asked on, and the criteria they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...criteria.arrays import VALUES, Array, Generator, Shape, worldly
from ...criteria.criterion import criterion
from ...criteria.refusals import bad_arguments_are_refused
from ...criteria.windows import image, numbers
from .names import APART, INTEGERS, ODD, SIDES

RANKS = ((4, 4), (1, 4, 4), (1, 1, 1, 4, 4))
SMALL = image([1, 2], [3, 4])
SIX = np.arange(36.0).reshape(1, 1, 6, 6)

# What arrays are in the plainest example of "all at once".
PLAIN = {"values": "rectified", "dtype": "float64", "layout": "C"}

integers_are_taken = partial(criterion, INTEGERS, 0.5)
odd_values_are_taken = partial(criterion, ODD, 0.5)
images_stay_apart = partial(criterion, APART, 0.5)
height_is_not_width = partial(criterion, SIDES, 0.5)
refusals = partial(bad_arguments_are_refused, "bad arguments are refused")


def world(rng: Generator, *shape: int) -> Array:
    """Draw numbers like those of the world: half zeros, repeated, constant, large beside small."""
    return worldly(rng, shape, str(rng.choice(VALUES)))


def several(rng: Generator, *shapes: Shape) -> Iterator[Array]:
    """Draw an array for each shape, the first one with fractions and no ties, the others like those of the world."""
    for place, shape in enumerate(shapes):
        yield world(rng, *shape) if place else numbers(rng, *shape)


def votes(rng: Generator, rows: int, classes: int, agree: int) -> tuple[Array, Array]:
    """Draw two arrays of logits without ties whose arg-max agrees in this many rows, in random order."""
    first = rng.integers(classes, size=rows)
    second = np.where(np.arange(rows) < agree, first, (first + rng.integers(1, classes, rows)) % classes)
    order = rng.permutation(rows)
    pair = list(several(rng, (rows, classes), (rows, classes)))
    for logits, winners in zip(pair, (first, second), strict=True):
        logits[np.arange(rows), winners] = logits.max(axis=1) + 1
    return pair[0][order], pair[1][order]


def agreeing(rng: Generator, rows: int) -> int:
    """Draw how many rows agree: of many, neither none nor all, nor so few that their number is a likely guess."""
    return int(rng.integers(3, rows) if rows > 5 else rng.integers(rows + 1))


def positive(rng: Generator, *shape: int) -> Array:
    """Draw the same numbers without their signs."""
    return np.abs(numbers(rng, *shape))


def all_round(array: Array) -> Array:
    """Make the last two axes look the same after every quarter turn and every flip."""
    turned = np.mean([np.rot90(array, turns, axes=(-2, -1)) for turns in range(4)], axis=0)
    mirrored: Array = (turned + turned[..., ::-1]) / 2
    return mirrored


def spoiled(rng: Generator, x: Array, value: float) -> Array:
    """Put ``value`` into a random cell of ``x``."""
    x.flat[rng.integers(x.size)] = value
    return x


def framed(content: Array, width: int) -> Array:
    """Surround the last two axes with ``width`` rows and columns of zeros."""
    return np.pad(content, [(0, 0)] * (content.ndim - 2) + [(width, width)] * 2)
