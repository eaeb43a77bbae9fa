"""Poolings asked with all of their parameters together, and what each case needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Generator, Row, array_needs, drawn
from ...criteria.judges import close
from ...criteria.windows import Pool, pair
from ...model import Case, Criterion

KERNELS = {"kernel_size": (2, 3, (2, 3)), "stride": (None, 1, 2)}
PADDINGS = {"padding": (0, 1, (0, 1))}
CEIL = {"ceil_mode": (False, True)}
COUNTING = {"count_include_pad": (True, False)}
NORMS = {"norm_type": (2.0, 2.5, float("inf"))}
# How much larger the padded input is than the window; how many samples and channels there are.
SHAPES = {"room": ((1, 1), (2, 2), (4, 3)), "counts": ((1, 1), (2, 3))}
# What `check` shows; settings that a function does not have are not passed on. No criterion is needed by both.
ROWS: tuple[Row, ...] = (
    {
        "kernel_size": 2,
        "stride": None,
        "padding": 1,
        "ceil_mode": False,
        "count_include_pad": False,
        "norm_type": 3,
        "room": (2, 2),
        "counts": (1, 2),
        "values": "numbers",
        "dtype": "uint8",
        "layout": "backwards",
    },
    {
        "kernel_size": 3,
        "stride": 2,
        "padding": 0,
        "ceil_mode": True,
        "count_include_pad": True,
        "norm_type": float("inf"),
        "room": (3, 1),
        "counts": (1, 1),
        "values": "rectified",
        "dtype": "float64",
        "layout": "Fortran",
    },
)


# Criteria that every pooling has, and the feature that each has to itself: a part of what is asked for as ``alone``.
EVERYWHERE = {
    "windows move by the stride": "stride",
    "an incomplete window is left out": "leftover",
    "height comes before width": "rectangle",
    "every sample and channel by itself": "counts",
}


def windows_at_once(pool: Pool, settings: Mapping[str, Sequence[Any]], alone: Mapping[str, str]) -> Criterion:
    """Return the last criterion of a function with these ``settings``.

    ``alone`` has the function's other criteria, its first one first, and of :func:`features` the one that each has
    to itself.
    """
    base = next(iter(alone))
    factors = {**settings, **SHAPES, **ARRAYS}

    def make(rng: Generator, row: Row) -> Case:
        row = {name: row[name] for name in factors}
        x = drawn(rng, shape(row), row)
        made = pool.on(x, **{name: row[name] for name in settings if row[name] is not None})
        if pool.backward:
            made = replace(made, args=(drawn(rng, made.args[0].shape, row), made.args[1]))
        found = features(row, x)
        return Case(made, close, array_needs(row, base) | {name for name, feature in alone.items() if feature in found})

    return all_at_once(0.5, factors, make, ROWS)


def shape(row: Row) -> tuple[int, ...]:
    """Return the shape of a row's input."""
    sides = zip(pair(row["kernel_size"]), row["room"], pair(row.get("padding", 0)), strict=True)
    return (*row["counts"], *(max(1, k + room - 2 * p) for k, room, p in sides))


def features(row: Row, x: np.ndarray[Any, Any]) -> set[str]:
    """Name what a row asks of how windows lie, and of where the numbers lie in them."""
    kernel, padding = pair(row["kernel_size"]), pair(row.get("padding", 0))
    stride = pair(row["stride"] or kernel)
    axes = zip(x.shape[2:], kernel, stride, padding, strict=True)
    ends = {_end(*axis, row.get("ceil_mode", False)) for axis in axes}
    found = {
        "stride": row["stride"] is not None,
        "overlap": any(s < k for s, k in zip(stride, kernel, strict=True)),
        "padding": any(padding),
        "rectangle": any(len({*sides}) > 1 for sides in (kernel, stride, padding, x.shape[2:])),
        "counts": row["counts"] != (1, 1),
        "ties": np.unique(x).size < x.size,
        **{end: end in ends for end in ("leftover", "clipped", "dropped")},
    }
    # A rule for the last window that is wrong may show where there is none to add.
    found["clipped"] |= found["padding"] and row.get("ceil_mode", False)
    norm = row.get("norm_type", 2.0)
    found |= {
        "uncounted": not row.get("count_include_pad", True),
        "euclidean": norm == 2,
        "infinite": bool(np.isinf(norm)),
        "exponent": norm not in (2, np.inf),
        "signs": bool((x < 0).any()) and norm != 2,
    }
    # Nothing is larger than the zero of padding there, or of a sum that begins.
    found["negative"] = bool((x < 0).any() or (found["padding"] and not x.all()))
    found["plain"] = not any(found[name] for name in ("stride", "padding", "leftover", "clipped"))
    return {name for name, asked in found.items() if asked}


def _end(n: int, k: int, s: int, p: int, ceil_mode: bool) -> str:
    """Say what becomes of the cells behind the last whole window of an axis."""
    steps, rest = divmod(n + 2 * p - k, s)
    if not (rest and ceil_mode):
        return "leftover" if rest else ""
    return "clipped" if (steps + 1) * s < n + p else "dropped"
