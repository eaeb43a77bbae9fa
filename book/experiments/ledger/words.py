"""How figures are written in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.stats import Estimate, difference, mean


def percent(values: Sequence[float]) -> str:
    """Return a mean share with its 95% interval in percent.

    >>> percent([0.96, 0.97, 0.98])
    '97.0% [94.5, 99.5]'
    """
    return _hundred(mean(values), "%")


def points(a: Sequence[float], b: Sequence[float]) -> str:
    """Return the paired difference a - b in percentage points with its interval and effect size.

    >>> points([0.9, 0.8, 0.9], [0.7, 0.7, 0.8])
    '+13.3 points [-1.0, 27.7], d = 2.3'
    """
    gap = difference(a, b)
    effect = f"{gap.effect:.1f}" if abs(gap.effect) < 100 else "over 100"
    return f"{_hundred(gap, ' points', '+')}, d = {effect}"


def _hundred(e: Estimate, unit: str, sign: str = "") -> str:
    return f"{100 * e.mean:{sign}.1f}{unit} [{100 * e.low:.1f}, {100 * e.high:.1f}]"


def plain(values: Sequence[float], digits: int = 2) -> str:
    """Return a mean with its 95% interval."""
    return format(mean(values), f".{digits}f")


def simulated(value: float, error: float, digits: int) -> str:
    """Return a simulated mean with the 95% interval that follows from its standard error."""
    return f"{value:.{digits}f} [{value - 1.96 * error:.{digits}f}, {value + 1.96 * error:.{digits}f}]"


def ratio(triple: Sequence[float]) -> str:
    """Return a ratio with its interval.

    >>> ratio([2.1, 1.9, 2.4])
    '2.10 [1.90, 2.40]'
    """
    return f"{triple[0]:.2f} [{triple[1]:.2f}, {triple[2]:.2f}]"


def tiny(value: float) -> str:
    """Return a numerical difference as its order of magnitude, or 0 if there is none.

    >>> tiny(2.3e-16), tiny(0)
    ('2e-16', '0')
    """
    return f"{value:.0e}" if value else "0"


def cells(values: Sequence[float]) -> str:
    """Return a row of cells as text.

    >>> cells([0, 0, 3.0, 1.5])
    '0 0 3 1.5'
    """
    return " ".join(f"{value:g}" for value in values)
