"""How figures are written in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.stats import mean


def plain(values: Sequence[float], digits: int = 2) -> str:
    """Return a mean with its 95% interval."""
    return format(mean(values), f".{digits}f")


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
