"""Means with their uncertainty, and comparisons of them that answer "yes", "no" or "undecided"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from scipy import special

from experiments.answers import Answer, Decision

LEVEL = 0.05  # the chance of a wrong decision that is allowed: intervals hold 95%


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% interval; ``effect`` is the mean in units of the standard deviation.

    ``error`` is the standard error, ``of`` what was averaged: the values, or both sides of paired differences.
    """

    mean: float
    low: float
    high: float
    effect: float
    n: float
    error: float
    of: tuple[tuple[float, ...], ...] = field(default=(), repr=False)

    def p(self, bound: float) -> float:
        """Return the level at which an interval would just end at ``bound``: the p value of the two-sided t test."""
        away = abs(self.mean - bound)
        if self.error == 0:
            return float(away == 0)
        return 2 * float(special.stdtr(self.n - 1, -away / self.error))

    def above(self, bound: float) -> Comparison:
        """Ask whether the mean lies above ``bound``: yes or no if the whole interval lies on one side of it."""
        return Comparison("above", bound, self)

    def below(self, bound: float) -> Comparison:
        """Ask whether the mean lies below ``bound``: yes or no if the whole interval lies on one side of it."""
        return Comparison("below", bound, self)

    def near(self, target: float, within: float) -> Comparison:
        """Ask whether the mean is closer to ``target`` than ``within``: yes if all of the interval is, no if none."""
        away = replace(self, mean=self.mean - target, low=self.low - target, high=self.high - target)
        return Comparison("alike", within, away)

    def __format__(self, spec: str) -> str:
        """Write the mean and its interval, ``0.976 [0.970, 0.982]``; the spec is that of the numbers."""
        spec = spec or ".3f"
        return f"{self.mean:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


@dataclass(frozen=True)
class Comparison(Answer):
    """A test on an estimate.

    It is decided by the interval, as the functions that make comparisons say. A narrower interval decides sooner; ``p``
    is the level of the widest one that decides, and ``leans`` what it decides.
    """

    kind: Literal["above", "below", "better", "no worse", "alike"]
    margin: float
    estimate: Estimate

    @property
    def leans(self) -> bool:
        """Say which way it is decided if it is decided: the estimate alone tells."""
        mean, margin = self.estimate.mean, self.margin
        return {
            "above": mean > margin,
            "below": mean < margin,
            "better": mean >= margin,
            "no worse": mean > -margin,
            "alike": abs(mean) < margin,
        }[self.kind]

    @property
    def p(self) -> float:
        """Return the smallest level at which the interval decides."""
        if self.kind == "better":
            return self.estimate.p(0 if self.leans else self.margin)
        if self.kind == "alike":
            return max(self.estimate.p(-self.margin), self.estimate.p(self.margin))
        return self.estimate.p(-self.margin if self.kind == "no worse" else self.margin)

    def at(self, p: float) -> Decision:
        """Return the decision if ``p``, which may have been adjusted, is held against the level."""
        if not p < LEVEL:
            return "undecided"
        return "yes" if self.leans else "no"

    @property
    def alone(self) -> Decision:
        """Return the decision of its own 95% interval, as if it were the only comparison."""
        return self.at(self.p)


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean of independent values with Student's t interval.

    >>> f"{mean([0.96, 0.97, 0.98])}"
    '0.970 [0.945, 0.995]'

    Raises ``ValueError`` for fewer than two values: one run has no interval.
    """
    x = np.asarray(values, dtype=float)
    if x.size < 2:
        raise ValueError(f"an interval needs at least two values, got {x.size}")
    spread = float(x.std(ddof=1))
    centre, error = float(x.mean()), spread / math.sqrt(x.size)
    half = float(special.stdtrit(x.size - 1, 1 - LEVEL / 2)) * error
    sure = math.copysign(math.inf, centre) if centre else 0.0
    effect = centre / spread if spread > 0 else sure
    return Estimate(centre, centre - half, centre + half, effect, x.size, error, (tuple(values),))


def difference(a: Sequence[float], b: Sequence[float]) -> Estimate:
    """Return the paired difference a - b, seed by seed; ``effect`` is Cohen's d for paired values.

    >>> f"{difference([0.9, 0.8, 0.9], [0.7, 0.7, 0.8])}"
    '0.133 [-0.010, 0.277]'

    Raises ``ValueError`` if the two differ in their number of values.
    """
    if len(a) != len(b):
        raise ValueError(f"paired values must be equally many, got {len(a)} and {len(b)}")
    gap = mean([float(x) - float(y) for x, y in zip(a, b, strict=True)])
    return Estimate(gap.mean, gap.low, gap.high, gap.effect, gap.n, gap.error, (tuple(a), tuple(b)))


def known(value: float, low: float, high: float) -> Estimate:
    """Return an estimate whose 95% interval was found by other means, such as a bootstrap or a simulation.

    Comparisons treat it as normal, with the longer half of the interval on both sides.

    >>> known(2.0, 1.5, 2.1).above(1).alone, known(2.0, 0.8, 2.1).above(1).alone
    ('yes', 'undecided')
    """
    error = max(value - low, high - value) / float(special.stdtrit(math.inf, 1 - LEVEL / 2))
    return Estimate(value, low, high, math.nan, math.inf, error, ((value,),))


def simulated(value: float, error: float) -> Estimate:
    """Return the estimate of a simulation from its mean and standard error.

    >>> f"{simulated(1.0, 0.01)}"
    '1.000 [0.980, 1.020]'
    """
    half = float(special.stdtrit(math.inf, 1 - LEVEL / 2)) * error
    return known(value, value - half, value + half)


def better(a: Sequence[float], b: Sequence[float], *, least: float = 0.02) -> Comparison:
    """Ask whether a exceeds b by at least ``least`` on average.

    Yes if the interval of the paired difference lies above 0 and its mean is no less than ``least``, two points of
    accuracy unless stated otherwise; no if the interval ends below ``least``, so that such a gain is excluded.

    >>> better([0.90, 0.91, 0.92], [0.85, 0.85, 0.86]).alone, better([0.90, 0.91, 0.92], [0.89, 0.90, 0.91]).alone
    ('yes', 'no')
    >>> better([0.70, 0.95, 0.99], [0.85, 0.85, 0.86]).alone
    'undecided'
    """
    return Comparison("better", least, difference(a, b))


def no_worse(a: Sequence[float], b: Sequence[float], *, within: float = 0.02) -> Comparison:
    """Ask whether a falls short of b by less than ``within`` (non-inferiority).

    Yes if the interval of the paired difference excludes a loss of ``within``; no if it holds nothing but such losses.
    That no difference was found does not suffice:

    >>> no_worse([0.90, 0.91, 0.92], [0.90, 0.91, 0.92]).alone, no_worse([0.70, 0.95, 0.99], [0.90, 0.91, 0.92]).alone
    ('yes', 'undecided')
    """
    return Comparison("no worse", within, difference(a, b))


def alike(a: Sequence[float], b: Sequence[float], *, within: float = 0.02) -> Comparison:
    """Ask whether a and b differ by less than ``within`` (equivalence).

    Yes if the interval of the paired difference lies between ``-within`` and ``within``, no if it lies outside.
    """
    return Comparison("alike", within, difference(a, b))
