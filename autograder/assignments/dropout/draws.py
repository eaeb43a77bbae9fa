"""Numbers, probabilities and seeds that the whole assignment draws, and words that it shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...criteria.arrays import Array, Generator
from ...criteria.windows import numbers
from ...model import Case, Rng

REFUSED = "bad arguments are refused"
REFUSED_P = "p is a probability below 1, in evaluation too: check it first and raise ValueError."
BAD_P = (1.0, 1.5, -0.1)


def nonzero(rng: Generator, *shape: int) -> Array:
    """Draw numbers of few digits, none of them zero: a zero in the output has been dropped."""
    x = numbers(rng, *shape)
    return np.where(x == 0, 1.0, x)


def chance(rng: Generator, low: float = 0.1, high: float = 0.9) -> float:
    """Draw a p that nobody knows by heart."""
    return float(rng.uniform(low, high))


def any_p(rng: Generator, p: float | tuple[float, float]) -> float:
    """Return a p, drawn where only its range is given."""
    return chance(rng, *p) if isinstance(p, tuple) else p


def bad_p(rng: Generator) -> float:
    """Draw a p below 0, or one of 1 or more."""
    far = float(rng.exponential())
    return -far if rng.integers(2) else 1 + far * int(rng.integers(4) > 0)


def mixed(rng: Generator, works: Sequence[Case], refused: Sequence[Case]) -> Iterator[Case]:
    """Yield cases that work and cases that are refused in random order."""
    cases = [*works, *refused]
    yield from (cases[i] for i in rng.permutation(len(cases)))


def seeded(rng: Generator) -> Rng:
    """Draw a seed for the generator that the function gets."""
    return Rng(seed(rng))


def seed(rng: Generator) -> int:
    """Draw a seed."""
    return int(rng.integers(1 << 32))
