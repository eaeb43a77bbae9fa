"""Convolutions and their gradients asked with everything together, and what each case needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, laid_out, worldly
from ...criteria.criterion import call
from ...criteria.judges import close
from ...criteria.windows import pair, pooled_shape
from ...model import Case, Criterion, Judge

# More room than a dilated filter fills: windows that just fit have their place among what is not refused.
SHAPES = {
    # Images, channels and filters.
    "counts": ((1, 1, 1), (2, 1, 1), (1, 3, 1), (1, 1, 2), (2, 2, 3)),
    "size": (6, 7, (6, 8)),
    "kernel": (1, 2, 3, (3, 2)),
}
STEPS = {"stride": (1, 2, (2, 1)), "padding": (0, 1, (0, 2))}
# Products with these numbers are exact, so that the order of additions does not matter.
FILTERS = {
    "weights": ("rectified", "repeated", "flat"),
    "weight_layout": ("C", "Fortran"),
}
IMAGES = {
    "values": ARRAYS["values"],
    "layout": ARRAYS["layout"],
    # Of images, filters and the gradient that comes in; where a byte meets a byte, sums run over in bytes.
    "dtypes": (
        ("float64", "float64", "float64"),
        ("float32", "float64", "float32"),
        ("uint8", "uint8", "uint8"),
        ("int64", "float32", "float64"),
        ("bool", "int64", "float64"),
        ("float64", "bool", "int64"),
    ),
}
FIRST_ROW: Row = {
    "counts": (1, 2, 1),
    "size": 6,
    "kernel": 1,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "bias": True,
    "weights": "rectified",
    "weight_layout": "Fortran",
    "values": "repeated",
    "dtypes": ("float64", "float64", "float64"),
    "layout": "strided",
}
SECOND_ROW: Row = {
    **FIRST_ROW,
    "counts": (1, 1, 1),
    "kernel": 2,
    "stride": 2,
    "padding": 1,
    "dilation": 2,
    "bias": False,
    "weights": "repeated",
    "values": "rectified",
}


def fits(row: Row) -> bool:
    """Say whether sums are exact: numbers that single precision does not hold are not asked in it."""
    return "float32" not in row.get("dtypes", ()) or row.get("values") not in ("numbers", "wide")


def conv2d_at_once(points: float, alone: Mapping[str, str]) -> Criterion:
    """Return the last criterion of ``conv2d``; ``alone`` has of each feature the criterion that asks for it alone."""

    def make(rng: Generator, row: Row) -> Case:
        x, weight = arrays(rng, row)
        settings: dict[str, Any] = {name: row[name] for name in ("stride", "padding", "dilation")}
        if row["bias"]:
            settings["bias"] = rng.integers(1, 9, len(weight)) / 2
        return Case(call("conv2d", x, weight, **settings), close, needs(row, alone))

    factors = {**SHAPES, **STEPS, "dilation": (1, 2, (1, 2)), "bias": (False, True), **FILTERS, **IMAGES}
    return all_at_once(points, factors, make, [FIRST_ROW, SECOND_ROW], fits)


def conv2d_backward_at_once(points: float, parts: Sequence[Judge], alone: Sequence[Mapping[str, str]]) -> Criterion:
    """Return the last criterion of ``conv2d_backward``, which judges one gradient of a call.

    ``parts`` are the judges of the three, ``alone`` has for each of them what :func:`conv2d_at_once` takes.
    """

    def make(rng: Generator, row: Row) -> Case:
        x, weight = arrays(rng, row)
        maps = (len(x), len(weight), *x.shape[2:])
        shape = pooled_shape(maps, weight.shape[2:], row["stride"], row["padding"])
        grad_output = worldly(rng, shape, row["weights"], row["dtypes"][2])
        made = call("conv2d_backward", grad_output, x, weight, stride=row["stride"], padding=row["padding"])
        return Case(made, parts[row["gradient"]], needs(row, alone[row["gradient"]]))

    factors = {**SHAPES, **STEPS, **FILTERS, **IMAGES, "gradient": (0, 1, 2)}
    examples = [{**row, "gradient": i} for i, row in enumerate((FIRST_ROW, SECOND_ROW))]
    return all_at_once(points, factors, make, examples, fits)


def arrays(rng: Generator, row: Row) -> tuple[Array, Array]:
    """Draw a row's images and filters."""
    images, channels, filters = row["counts"]
    dtype, weight_dtype, _ = row["dtypes"]
    x = worldly(rng, (images, channels, *pair(row["size"])), row["values"], dtype)
    weight = worldly(rng, (filters, channels, *pair(row["kernel"])), row["weights"], weight_dtype)
    return laid_out(x, row["layout"]), laid_out(weight, row["weight_layout"])


def needs(row: Row, alone: Mapping[str, str]) -> frozenset[str]:
    """Return the criteria that ask for one of a row's features alone."""
    kernel, stride = pair(row["kernel"]), pair(row["stride"])
    images, channels, filters = row["counts"]
    sides = [pair(row[name]) for name in ("size", "kernel", "stride", "padding", "dilation") if name in row]
    features = {
        "always": True,
        "fractions": row["values"] == "numbers",
        "turned": max(kernel) > 1,
        "overlap": any(s < k for s, k in zip(stride, kernel, strict=True)) or filters > 1,
        "counts": channels > 1 or filters > 1,
        "images": images > 1,
        "bias": row.get("bias", False),
        "stride": stride != (1, 1),
        "padding": row["padding"] != 0,
        "dilation": row.get("dilation", 1) != 1,
        "sides": any(height != width for height, width in sides),
        "integers": any(np.dtype(dtype).kind in "bui" for dtype in row["dtypes"]),
        "frozen": row["layout"] in ("backwards", "broadcast"),
    }
    return frozenset(criterion for feature, criterion in alone.items() if features[feature])
