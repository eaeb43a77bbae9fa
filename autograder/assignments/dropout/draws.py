"""Numbers and seeds that the whole assignment draws, and words that it shares."""

from __future__ import annotations

import numpy as np

from ...criteria.arrays import Array, Generator
from ...criteria.windows import numbers
from ...model import Rng

REFUSED = "bad arguments are refused"
REFUSED_P = "p is a probability below 1, in evaluation too: check it first and raise ValueError."
BAD_P = (1.0, 1.5, -0.1)


def nonzero(rng: Generator, *shape: int) -> Array:
    """Draw numbers of few digits, none of them zero: a zero in the output has been dropped."""
    x = numbers(rng, *shape)
    return np.where(x == 0, 1.0, x)


def seeded(rng: Generator) -> Rng:
    """Draw a seed for the generator that the function gets."""
    return Rng(seed(rng))


def seed(rng: Generator) -> int:
    """Draw a seed."""
    return int(rng.integers(1 << 32))
