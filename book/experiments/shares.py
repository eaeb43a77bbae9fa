"""Shares and their differences in percent, with intervals that end where shares do.

Student's interval knows no bounds; what lies beyond 0 and 1, or a difference beyond 1, is left out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from experiments.stats import Estimate, difference, mean


def within(estimate: Estimate, low: float, high: float) -> Estimate:
    """Return an estimate whose interval is cut off at the bounds of what is estimated."""
    return replace(estimate, low=max(estimate.low, low), high=min(estimate.high, high))


def share(values: Sequence[float]) -> Estimate:
    """Return the mean of shares with its 95% interval.

    >>> f"{share([0.9, 1.0, 1.0])}"
    '0.967 [0.823, 1.000]'
    """
    return within(mean(values), 0.0, 1.0)


def gap(values: Sequence[float]) -> Estimate:
    """Return the mean of differences of shares with its 95% interval.

    >>> f"{gap([0.9, 0.6, 1.0])}"
    '0.833 [0.316, 1.000]'
    """
    return within(mean(values), -1.0, 1.0)


def lead(a: Sequence[float], b: Sequence[float]) -> Estimate:
    """Return the paired difference a - b of shares with its 95% interval.

    >>> f"{lead([0.9, 0.6, 1.0], [0.0, 0.0, 0.0])}"
    '0.833 [0.316, 1.000]'
    """
    return within(difference(a, b), -1.0, 1.0)


def percent(values: Sequence[float]) -> str:
    """Return a mean share with its interval in percent.

    >>> percent([0.0, 0.0, 0.025])
    '0.8% [0.0, 4.4]'
    """
    return hundredfold(share(values), "%")


def points(a: Sequence[float], b: Sequence[float]) -> str:
    """Return the paired difference a - b in percentage points with its interval and effect size.

    >>> points([0.9, 0.8, 0.9], [0.7, 0.7, 0.8])
    '+13.3 points [-1.0, 27.7], d = 2.3'
    """
    found = lead(a, b)
    effect = f"{found.effect:.1f}" if abs(found.effect) < 100 else "over 100"
    return f"{hundredfold(found, ' points', '+')}, d = {effect}"


def hundredfold(e: Estimate, unit: str, sign: str = "") -> str:
    """Return an estimate of shares in hundredths, followed by their name.

    >>> hundredfold(gap([0.2, 0.3, 0.4]), "%")
    '30.0% [5.2, 54.8]'
    """
    return f"{100 * e.mean:{sign}.1f}{unit} [{100 * e.low:.1f}, {100 * e.high:.1f}]"
