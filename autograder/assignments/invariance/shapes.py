"""What the questions of this assignment share: the arrays they are asked on, and the criteria they have in common."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...criteria.arrays import Array, Generator
from ...criteria.criterion import bad_arguments_are_refused, criterion
from ...criteria.windows import image, numbers

RANKS = ((4, 4), (1, 4, 4), (1, 1, 1, 4, 4))
SMALL = image([1, 2], [3, 4])
SIX = np.arange(36.0).reshape(1, 1, 6, 6)

integers_are_taken = partial(criterion, "integers are taken as numbers", 0.5)
odd_values_are_taken = partial(criterion, "integers and NaN are numbers, too", 0.5)
images_stay_apart = partial(criterion, "images and channels stay apart", 0.5)
height_is_not_width = partial(criterion, "height and width are two things", 0.5)
refusals = partial(bad_arguments_are_refused, "bad arguments are refused")


def positive(rng: Generator, *shape: int) -> Array:
    """Draw the same numbers without their signs."""
    return np.abs(numbers(rng, *shape))


def spoiled(rng: Generator, x: Array, value: float) -> Array:
    """Put ``value`` into a random cell of ``x``."""
    x.flat[rng.integers(x.size)] = value
    return x


def framed(content: Array, width: int) -> Array:
    """Surround the last two axes with ``width`` rows and columns of zeros."""
    return np.pad(content, [(0, 0)] * (content.ndim - 2) + [(width, width)] * 2)
