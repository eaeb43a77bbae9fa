"""Shifts, their consistency and the binomial filter asked with everything together, and what each case needs."""

from __future__ import annotations

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, array_needs, drawn, laid_out
from ...criteria.criterion import call
from ...criteria.judges import close
from ...model import Case, Criterion
from .judges import counted, proportions
from .names import (
    ALL_AXES,
    BEYOND,
    DOWN,
    EVEN,
    FIRST_MAXIMUM,
    LOST,
    STAYS,
    SUM,
    TRIANGLE,
    UP,
    WINNER,
    WRAPS,
    asked,
)
from .shapes import PLAIN, agreeing, votes

MOVES = ("none", "forwards", "backwards", "far forwards", "far backwards")


def move(rng: Generator, kind: str, side: int) -> int:
    """Draw a shift along an axis that is ``side`` long, at least 2."""
    if kind == "none":
        return 0
    far = "far" in kind
    steps = int(rng.integers(side, 2 * side + 1) if far else rng.integers(1, side))
    return steps if "forwards" in kind else -steps


def shifts_at_once() -> Criterion:
    """Return the last criterion of ``shift2d``."""

    def make(rng: Generator, row: Row) -> Case:
        height, width = row["sides"]
        x = drawn(rng, (*row["axes"], height, width), row)
        dy, dx = move(rng, row["dy"], height), move(rng, row["dx"], width)
        needs = array_needs(row, DOWN) | asked(
            {
                DOWN: max(dy, dx) > 0,
                UP: min(dy, dx) < 0,
                LOST: row["mode"] == "zero" and (dy, dx) != (0, 0),
                WRAPS: row["mode"] == "wrap",
                STAYS: 0 in (dy, dx),
                BEYOND: abs(dy) >= height or abs(dx) >= width,
                ALL_AXES: row["axes"] != () or height != width,
            }
        )
        return Case(call("shift2d", x, dy, dx, mode=row["mode"]), close, needs)

    factors = {
        "mode": ("zero", "wrap"),
        "dy": MOVES,
        "dx": MOVES,
        "axes": ((), (2,), (2, 3)),
        "sides": ((3, 3), (2, 5), (4, 2)),
        **ARRAYS,
    }
    plain = {"mode": "zero", "dy": "none", "dx": "none", "axes": (), "sides": (3, 3), **PLAIN}
    other = {**plain, "dy": "forwards", "dx": "forwards", "sides": (2, 5), "dtype": "uint8", "layout": "Fortran"}
    return all_at_once(0.5, factors, make, [plain, other])


def votes_at_once() -> Criterion:
    """Return the last criterion of ``shift_consistency``."""

    def make(rng: Generator, row: Row) -> Case:
        shape = (row["rows"], row["classes"])
        first = drawn(rng, shape, row)
        second = {"same": first, "moved": np.roll(first, 1, axis=1), "other": drawn(rng, shape, row)}.get(row["second"])
        if second is None:
            first, second = votes(rng, *shape, agreeing(rng, row["rows"]))
        needs = array_needs(row, WINNER) | asked(
            {WINNER: row["classes"] > 3, FIRST_MAXIMUM: ties(first) or ties(second)}
        )
        return Case(call("shift_consistency", first, laid_out(second, row["layout"])), counted, needs)

    factors = {"rows": (1, 2, 5), "classes": (2, 3, 7), "second": ("same", "moved", "other"), **ARRAYS}
    plain = {"rows": 2, "classes": 3, "second": "moved", **PLAIN}
    examples = [plain, {**plain, "rows": 5, "second": "other", "dtype": "int64"}]
    elected = {**plain, "second": "elected"}
    return all_at_once(0.5, factors, make, examples, plain=[{**elected, "rows": 7}, {**elected, "rows": 11}])


def ties(logits: Array) -> bool:
    """Say whether the largest value of a row stands there twice."""
    return bool(((logits == logits.max(axis=1, keepdims=True)).sum(axis=1) > 1).any())


LENGTHS = {"short": (2, 8), "middle": (8, 20), "long": (20, 150)}


def sizes_at_once() -> Criterion:
    """Return the last criterion of ``binomial_kernel``."""

    def make(rng: Generator, row: Row) -> Case:
        odd = row["parity"] == "odd"
        size = 2 * int(rng.integers(*LENGTHS[row["length"]]) // 2) + odd
        found = {TRIANGLE: odd, EVEN: not odd or row["length"] == "long", SUM: row["sum"]}
        return Case(call("binomial_kernel", size), close if row["sum"] else proportions, asked(found))

    factors = {"parity": ("odd", "even"), "length": tuple(LENGTHS), "sum": (True, False)}
    examples = [{"parity": parity, "length": "short", "sum": False} for parity in ("even", "odd")]
    return all_at_once(0.5, factors, make, examples)
