"""Mean shares whose interval ends at 0 and 1: Student's interval knows no bounds, but no share lies beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from experiments.stats import Estimate, mean


def share(values: Sequence[float]) -> Estimate:
    """Return the mean of shares with its 95% interval.

    >>> f"{share([0.9, 1.0, 1.0])}"
    '0.967 [0.823, 1.000]'
    """
    estimate = mean(values)
    return replace(estimate, low=max(estimate.low, 0.0), high=min(estimate.high, 1.0))


def percent(values: Sequence[float]) -> str:
    """Return a mean share with its interval in percent.

    >>> percent([0.0, 0.0, 0.025])
    '0.8% [0.0, 4.4]'
    """
    estimate = share(values)
    return f"{100 * estimate.mean:.1f}% [{100 * estimate.low:.1f}, {100 * estimate.high:.1f}]"
