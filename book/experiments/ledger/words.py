"""How figures are written in the ledger."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.shares import within
from experiments.stats import mean


def size(values: Sequence[float], digits: int = 2) -> str:
    """Return the mean of what is never negative, such as an error in pixels, with its 95% interval.

    >>> size([0.1, 0.9, 0.2])
    '0.40 [0.00, 1.48]'
    """
    return format(within(mean(values), 0.0, math.inf), f".{digits}f")


def explained(values: Sequence[float]) -> str:
    """Return a mean R^2, which is never above 1, with its 95% interval.

    >>> explained([0.99, 0.9, 1.0])
    '0.96 [0.83, 1.00]'
    """
    return format(within(mean(values), -math.inf, 1.0), ".2f")


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
