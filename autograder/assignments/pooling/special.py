"""Calls with NaN or infinity somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...criteria.arrays import Generator
from ...criteria.windows import Calls, Pool, distinct, scattered, square, worked
from ...model import Call

NAN, INF = float("nan"), float("inf")


def special(pool: Pool, *values: float) -> Calls:
    """Draw a special value at any place of one of four windows."""

    def draw(rng: Generator) -> Iterator[Call]:
        for value in values:
            yield spoiled(pool, value, rng)

    return draw


def spoiled(pool: Pool, value: float, rng: Generator | None = None) -> Call:
    """Return a call with a special value in one of four windows."""
    x = scattered(rng, square(4)) if rng else distinct(worked(), square(4))
    x.flat[rng.integers(x.size) if rng else 1] = value
    return pool.on(x, 2, rng)


def special_gradients(pool: Pool, *values: float) -> Calls:
    """Draw a special value among the gradients that come in."""

    def draw(rng: Generator) -> Iterator[Call]:
        for value in values:
            yield spoiled_gradient(pool, value, rng)

    return draw


def spoiled_gradient(pool: Pool, value: float, rng: Generator | None = None) -> Call:
    """Return a call with a special value among four gradients."""
    made = pool(rng, square(4), 2) if rng else pool.example(square(4), 2)
    grad_output = made.args[0].copy()
    grad_output.flat[rng.integers(4) if rng else 0] = value
    return replace(made, args=(grad_output, *made.args[1:]))
