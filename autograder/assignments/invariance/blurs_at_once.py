"""The poolings that blur, and the one that turns, asked with everything together, and what each case needs."""

from __future__ import annotations

from typing import Any

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, array_needs, drawn
from ...criteria.criterion import call
from ...criteria.judges import close
from ...criteria.windows import distinct, pair
from ...model import Case, Criterion
from .judges import dense
from .names import (
    AFTER,
    APART,
    BELOW_ZERO,
    CHANNELS,
    DENSE,
    EVERY_FILTER,
    INTEGERS,
    LAST,
    ODD,
    PADDED,
    POSITION,
    REFLECTED,
    RESPONSES,
    SIDES,
    SIZES,
    STRIDED,
    TURNS,
    WEIGHTS,
    asked,
)
from .shapes import PLAIN, all_round

COUNTS = {"counts": ((1, 1), (2, 1), (1, 3), (2, 3))}
STRIDES = {"stride": (2, 1, (1, 2), (3, 1))}


def arrays_need(row: Row, base: str) -> frozenset[str]:
    """Return the criteria that a row needs for its arrays, where integers share one with NaN."""
    return frozenset(ODD if name == INTEGERS else name for name in array_needs(row, base))


def settings(row: Row, **defaults: Any) -> dict[str, Any]:
    """Return the settings of a row that are no defaults."""
    return {name: row[name] for name, default in defaults.items() if row[name] != default}


def blurs_at_once() -> Criterion:
    """Return the last criterion of ``blur_pool2d``."""

    def make(rng: Generator, row: Row) -> Case:
        x = drawn(rng, (*row["counts"], *row["sides"]), row)
        height, width = row["sides"]
        needs = arrays_need(row, WEIGHTS) | asked(
            {
                WEIGHTS: row["size"] == 3,
                SIZES: row["size"] != 3,
                REFLECTED: row["size"] > 1,
                STRIDED: row["stride"] != 1,
                APART: row["counts"] != (1, 1),
                SIDES: height != width,
            }
        )
        return Case(call("blur_pool2d", x, **settings(row, size=3, stride=2)), close, needs)

    factors = {"size": (3, 1, 2, 4, 5), **STRIDES, **COUNTS, "sides": ((4, 4), (5, 5), (3, 6), (7, 4)), **ARRAYS}
    plain = {"size": 1, "stride": 1, "counts": (1, 1), "sides": (4, 4), **PLAIN}
    other = {**plain, "size": 3, "stride": 2, "counts": (1, 3), "dtype": "uint8", "layout": "Fortran"}
    return all_at_once(0.5, factors, make, [plain, other])


def maxima_at_once() -> Criterion:
    """Return the last criterion of ``max_blur_pool2d``."""

    def make(rng: Generator, row: Row) -> Case:
        kernel = pair(row["kernel_size"])
        height, width = (side + k - 1 for side, k in zip(row["sides"], kernel, strict=True))
        x = drawn(rng, (*row["counts"], height, width), row)
        needs = arrays_need(row, DENSE) | asked(
            {
                DENSE: max(kernel) > 2,
                BELOW_ZERO: bool((dense(x, kernel) < 0).any()),
                AFTER: row["size"] > 1,
                PADDED: row["size"] > 1,
                LAST: row["stride"] != 1,
                APART: row["counts"] != (1, 1),
                SIDES: height != width or len({*kernel}) > 1,
            }
        )
        return Case(call("max_blur_pool2d", x, **settings(row, kernel_size=2, size=3, stride=2)), close, needs)

    factors = {
        "kernel_size": (2, 1, 3, (1, 2), (3, 1)),
        "size": (3, 1, 2, 4),
        **STRIDES,
        **COUNTS,
        "sides": ((4, 4), (3, 5), (5, 3)),
        **ARRAYS,
    }
    plain = {"kernel_size": 2, "size": 1, "stride": 1, "counts": (1, 1), "sides": (3, 3), **PLAIN}
    other = {**plain, "size": 3, "stride": 2, "sides": (4, 4), "counts": (1, 3), "dtype": "uint8", "layout": "Fortran"}
    return all_at_once(0.5, factors, make, [plain, other], plain=[plain])


def filters(rng: Generator, kind: str, shape: tuple[int, ...]) -> Array:
    """Draw filters, the same from all sides if they are round."""
    weights: Array = distinct(rng, shape) / 4
    match kind:
        case "round":
            weights = all_round(weights)
        case "signed":
            weights *= rng.choice([-1.0, 1.0], shape)
        case "whole":
            weights = (4 * weights).astype(int)
    return weights


def rotations_at_once() -> Criterion:
    """Return the last criterion of ``rotation_pool``."""

    def make(rng: Generator, row: Row) -> Case:
        (samples, channels), (side, k) = row["counts"], row["sides"]
        x = drawn(rng, (samples, channels, side, side), row)
        weight = filters(rng, row["weights"], (row["filters"], channels, k, k))
        needs = arrays_need(row, POSITION) | asked(
            {
                POSITION: side > k,
                TURNS: row["weights"] != "round" and k > 1,
                RESPONSES: bool((x < 0).any() or (weight < 0).any()),
                CHANNELS: channels > 1,
                EVERY_FILTER: samples > 1 or row["filters"] > 1,
                ODD: row["weights"] == "whole",
            }
        )
        return Case(call("rotation_pool", x, weight), close, needs)

    factors = {
        **COUNTS,
        "filters": (1, 2, 3),
        "sides": ((2, 2), (3, 2), (4, 3), (2, 1), (3, 3)),
        "weights": ("own", "round", "signed", "whole"),
        **ARRAYS,
    }
    plain = {"counts": (1, 1), "filters": 1, "sides": (2, 2), "weights": "round", **PLAIN}
    other = {**plain, "counts": (2, 3), "filters": 2, "weights": "own", "dtype": "uint8", "layout": "Fortran"}
    return all_at_once(0.5, factors, make, [plain, other], plain=[{**plain, "sides": (3, 3)}])
