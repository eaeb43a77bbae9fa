"""Means with their uncertainty: Student's interval, paired differences, effect sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% interval; ``effect`` is the mean in units of the standard deviation."""

    mean: float
    low: float
    high: float
    effect: float
    n: int

    def above(self, bound: float) -> bool:
        """Say whether the interval lies above ``bound``."""
        return self.low > bound

    def below(self, bound: float) -> bool:
        """Say whether the interval lies below ``bound``."""
        return self.high < bound

    def __format__(self, spec: str) -> str:
        """Write the mean and its interval, ``0.976 [0.970, 0.982]``; the spec is that of the numbers."""
        spec = spec or ".3f"
        return f"{self.mean:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


def mean(values: Sequence[float], level: float = 0.95) -> Estimate:
    """Return the mean of independent values with Student's t interval.

    >>> f"{mean([0.96, 0.97, 0.98])}"
    '0.970 [0.945, 0.995]'

    Raises ``ValueError`` for fewer than two values: one run has no interval.
    """
    x = np.asarray(values, dtype=float)
    if x.size < 2:
        raise ValueError(f"an interval needs at least two values, got {x.size}")
    spread = float(x.std(ddof=1))
    half = float(stats.t.ppf((1 + level) / 2, x.size - 1)) * spread / math.sqrt(x.size)
    centre = float(x.mean())
    sure = math.copysign(math.inf, centre) if centre else 0.0
    effect = centre / spread if spread > 0 else sure
    return Estimate(centre, centre - half, centre + half, effect, int(x.size))


def difference(a: Sequence[float], b: Sequence[float], *, level: float = 0.95) -> Estimate:
    """Return the paired difference a - b, seed by seed; ``effect`` is Cohen's d for paired values.

    >>> f"{difference([0.9, 0.8, 0.9], [0.7, 0.7, 0.8])}"
    '0.133 [-0.010, 0.277]'

    Raises ``ValueError`` if the two differ in their number of values.
    """
    if len(a) != len(b):
        raise ValueError(f"paired values must be equally many, got {len(a)} and {len(b)}")
    return mean(np.asarray(a, dtype=float) - np.asarray(b, dtype=float), level)


def better(a: Sequence[float], b: Sequence[float], *, least: float = 0.02) -> bool:
    """Say whether a exceeds b by at least ``least`` on average, with an interval that excludes 0.

    This is the book's rule for "does better than": two points of accuracy unless stated otherwise.

    >>> better([0.90, 0.91, 0.92], [0.85, 0.85, 0.86]), better([0.90, 0.91, 0.92], [0.89, 0.90, 0.91])
    (True, False)
    """
    gap = difference(a, b)
    return gap.low > 0 and gap.mean >= least


def no_worse(a: Sequence[float], b: Sequence[float], *, within: float = 0.02) -> bool:
    """Say whether a falls short of b by less than ``within``, with 95% confidence (non-inferiority).

    This is the book's rule for "does as well as". It is not enough that no difference was found:

    >>> no_worse([0.90, 0.91, 0.92], [0.90, 0.91, 0.92]), no_worse([0.70, 0.95, 0.99], [0.90, 0.91, 0.92])
    (True, False)
    """
    return difference(b, a).high < within


def alike(a: Sequence[float], b: Sequence[float], *, within: float = 0.02) -> bool:
    """Say whether the 95% interval of the paired difference lies between ``-within`` and ``within``."""
    gap = difference(a, b)
    return -within < gap.low and gap.high < within
