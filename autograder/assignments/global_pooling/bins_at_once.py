"""The poolings into bins asked with everything together, and what each case needs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, array_needs, drawn
from ...criteria.criterion import call
from ...criteria.judges import close
from ...model import Case, Criterion
from .shapes import MORE_BINS, OVERLAPPING, PLAIN, RECTANGLES, SAMPLES, SIDE_BY_SIDE

# The criterion that a number of cells and of bins belongs to, and examples of both.
SIZES = {
    SIDE_BY_SIDE: ((4, 2), (3, 1), (2, 2), (6, 3)),
    OVERLAPPING: ((3, 2), (4, 3), (5, 2), (5, 3), (7, 4)),
    MORE_BINS: ((1, 2), (2, 3), (2, 4), (3, 5)),
}
KINDS = tuple(SIZES)
SIDE, OVERLAP, MORE = KINDS
# The columns are like the rows: nobody can take the one for the other.
SAME = "same"
AXES = {"rows": KINDS, "columns": (SAME, *KINDS)}


def sides(rng: Generator, row: Row) -> tuple[tuple[int, int], tuple[int, int]]:
    """Draw cells and bins of both axes, ``(height, width), (rows, columns)``."""
    height, rows = numbers(rng, row["rows"])
    width, columns = (height, rows) if row["columns"] == SAME else numbers(rng, row["columns"])
    return (height, width), (rows, columns)


def numbers(rng: Generator, kind: str) -> tuple[int, int]:
    """Draw a number of cells and of bins of a kind."""
    return SIZES[kind][rng.integers(len(SIZES[kind]))]


def axes_need(row: Row, cells: tuple[int, int], bins: tuple[int, int]) -> set[str]:
    """Return the criteria that cells and bins need."""
    rectangles = {RECTANGLES} if len({*cells}) > 1 or len({*bins}) > 1 else set()
    return {row["rows"], row["columns"]} - {SAME} | rectangles


def size(bins: tuple[int, int]) -> Any:
    """Return an output size: an int where that is enough."""
    return bins[0] if bins[0] == bins[1] else bins


def adaptive_at_once() -> Criterion:
    """Return the last criterion of ``adaptive_avg_pool2d``."""

    def make(rng: Generator, row: Row) -> Case:
        cells, bins = sides(rng, row)
        x = drawn(rng, (*row["counts"], *cells), row)
        needs = array_needs(row, SIDE_BY_SIDE) | axes_need(row, cells, bins)
        samples = {SAMPLES} if row["counts"] != (1, 1) else set()
        return Case(call("adaptive_avg_pool2d", x, size(bins)), close, needs | samples)

    plain: dict[str, Any] = {"rows": SIDE, "columns": SAME, "counts": (1, 1), **PLAIN}
    other = {"rows": MORE, "columns": OVERLAP, "counts": (1, 2), **PLAIN, "dtype": "uint8"}
    factors = {**AXES, "counts": ((1, 1), (2, 1), (1, 3), (2, 3)), **ARRAYS}
    return all_at_once(0.5, factors, make, [plain, other])


# Cells before and behind the first region, along both axes.
PLACES = {"whole": (0, 0), "corner": (0, 2), "end": (2, 0), "middle": (1, 3)}


def regions_at_once() -> Criterion:
    """Return the last criterion of ``roi_max_pool``."""

    def make(rng: Generator, row: Row) -> Case:
        cells, bins = sides(rng, row)
        top = PLACES[row["top"]]
        spare = np.array([top, PLACES.get(row["left"], top)])
        shape = np.add(cells, spare.sum(axis=1))
        x = drawn(rng, (row["channels"], *(int(side) for side in shape)), row)
        first = [*spare[:, 0], *(spare[:, 0] + cells)]
        diagonal = row["columns"] == SAME == row["left"]
        others = [another(rng, cells, shape, diagonal) for _ in range(row["regions"] - 1)]
        rois = np.array([first, *others], dtype=row["corners"])
        needs = array_needs(row, "a region is cut out of the map") | axes_need(row, cells, bins) | places_need(x, rois)
        return Case(call("roi_max_pool", x, rois, size(bins)), close, needs)

    plain: dict[str, Any] = {"rows": SIDE, "columns": SAME, "top": "whole", "left": SAME, "corners": "int64", **PLAIN}
    plain |= {"channels": 1, "regions": 1}
    other = {**plain, "rows": MORE, "columns": OVERLAP, "top": "corner", "left": "end", "channels": 2, "regions": 2}
    factors = {
        **AXES,
        "top": tuple(PLACES),
        "left": (SAME, "corner", "end", "middle"),
        "channels": (1, 2, 3),
        "regions": (1, 3, 2),
        "corners": ("int64", "int32"),
        **ARRAYS,
    }
    # What suits the rows of this one does not suit its columns.
    return all_at_once(0.5, factors, make, [plain, other, {**other, "rows": SIDE}])


def another(rng: Generator, cells: tuple[int, int], shape: Array, diagonal: bool) -> list[int]:
    """Draw another region of the same size, anywhere or on the diagonal."""
    begin = [int(rng.integers(side - n + 1)) for n, side in zip(cells, shape, strict=True)]
    if diagonal:
        begin = begin[:1] * 2
    return [*begin, *(int(b + n) for b, n in zip(begin, cells, strict=True))]


def places_need(x: Array, rois: Array) -> set[str]:
    """Return the criteria that the places of regions need, and what lies in them."""
    y0, x0, y1, x1 = rois.astype(int).T
    found = {
        "a region is cut out of the map": bool(y0.any() or x0.any()),
        "the end of a region is excluded": bool((y1 < x.shape[1]).any() or (x1 < x.shape[2]).any()),
        "y comes before x": bool((y0 != x0).any() or (y1 != x1).any()),
        "every region and channel by itself": len(rois) > 1 or len(x) > 1,
        "a region below zero has a maximum": bool((x < 0).any()),
    }
    return {name for name, needed in found.items() if needed}
