"""A failing case in pictures: what went in, what was expected, what came out, and what differs.

Of an array that is too large to be shown, the part with the largest difference is shown, and said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..criteria.comparison import differing
from ..model import Evidence, Status
from .calls import named_arrays
from .grid import SIDE, Array, Panel, number, scale_of, table, window
from .words import value_text

PICTURED = "biuf"
DIGITS = (4, 7, 12, 17)
# What grading has found shows less of a result: it may carry what only grading knew.
SIDE_GRADED = 4


def panels(evidence: Evidence) -> tuple[Panel, ...]:
    """Return the tables that explain a failing case: its inputs and, where they are arrays, the results."""
    inputs = list(named_arrays(evidence.call))
    path, expected, got = decisive(evidence)
    side = SIDE_GRADED if evidence.graded else SIDE
    results, focus, shape = _results(path, expected, got, side)
    if not results or not any(wrong for panel in results for row in panel.cells for _, _, wrong in row):
        results += tuple(_changed_inputs(evidence, side))
    shown = (_single(name, array, focus, shape) for name, array in inputs)
    return (*(panel for panel in shown if panel), *results)


def decisive(evidence: Evidence) -> tuple[str, Any, Any]:
    """Return the first part of a result that differs, or its first part, with the words that name the part."""
    if evidence.got.status is not Status.PASSED or evidence.expected.status is not Status.PASSED:
        expected = evidence.expected.value if evidence.expected.status is Status.PASSED else None
        return "", expected, evidence.got.value if evidence.got.status is Status.PASSED else None
    parts = list(_parts(evidence.expected.value, evidence.got.value))
    return next((part for part in parts if _differ(*part[1:])), parts[0])


def _parts(expected: Any, got: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    both = isinstance(expected, (tuple, list)) and isinstance(got, (tuple, list))
    if both and expected and len(expected) == len(got):
        for i, (want, have) in enumerate(zip(expected, got, strict=True), 1):
            yield from _parts(want, have, f", value {i}")
    else:
        yield path, expected, got


def _differ(expected: Any, got: Any) -> bool:
    if not (_drawable(expected) and _drawable(got)):
        return value_text(expected) != value_text(got)
    return expected.shape != got.shape or bool(wrong_cells(expected, got).any())


def wrong_cells(expected: Array, got: Array) -> Array:
    """Return where two arrays of one shape differ, as the judges compare them."""
    with np.errstate(all="ignore"):
        return differing(got, expected)


def _drawable(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.size > 0 and value.dtype.kind in PICTURED


def _results(
    path: str, expected: Any, got: Any, side: int
) -> tuple[tuple[Panel, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the tables of a result, the index at their centre, and the shape that the index is for."""
    if _drawable(expected) and _drawable(got) and expected.shape == got.shape:
        centre, tables = _triple(path, expected, got, side)
        return tables, centre, expected.shape
    tables = tuple(
        table(f"{title}{path}", value, window(value.shape, side=side), why="its first part")
        for title, value in (("expected", expected), ("got", got))
        if _drawable(value)
    )
    return tables, (), ()


def _triple(path: str, expected: Array, got: Array, side: int) -> tuple[tuple[int, ...], tuple[Panel, ...]]:
    wrong = wrong_cells(expected, got)
    with np.errstate(all="ignore"):
        gap = np.where(wrong, got.astype(float) - expected.astype(float), 0.0)
        size = np.where(wrong, np.nan_to_num(np.abs(gap), nan=np.inf, posinf=np.inf), -1.0)
    centre = tuple(int(i) for i in np.unravel_index(int(size.argmax()), size.shape))
    part = window(expected.shape, centre, side)
    mark = part.cut(wrong)
    digits = next((d for d in DIGITS if not _look_alike(part.cut(expected), part.cut(got), mark, d)), DIGITS[-1])
    scale = max(scale_of(part.cut(expected)), scale_of(part.cut(got)))
    why = "where the difference is largest"
    shown: tuple[Panel, ...] = (
        table(f"expected{path}", expected, part, why=why, digits=digits, scale=scale),
        table(f"got{path}", got, part, why=why, digits=digits, scale=scale, wrong=mark),
    )
    if wrong.any():
        shown += (replace(table("difference: got minus expected", gap, part, why="", wrong=mark), note=""),)
    return centre, shown


def _look_alike(expected: Array, got: Array, wrong: Array, digits: int) -> bool:
    pairs = zip(expected[wrong].tolist(), got[wrong].tolist(), strict=True)
    return any(number(want, digits) == number(have, digits) for want, have in pairs)


def _single(name: str, array: Array, focus: tuple[int, ...], shape: tuple[int, ...]) -> Panel | None:
    """Return the table of an input, at the place that corresponds to ``focus`` in a result of ``shape``."""
    if not _drawable(array):
        return None
    if len(shape) != array.ndim:
        return table(name, array, window(array.shape), why="its first part")
    lead = tuple(min(i, side - 1) for i, side in zip(focus[:-2], array.shape[:-2], strict=True))
    last = zip(focus[-2:], array.shape[-2:], shape[-2:], strict=True)
    near = tuple(int((i + 0.5) * side / length) for i, side, length in last)
    return table(name, array, window(array.shape, lead + near), why="at the place of the difference")


def _changed_inputs(evidence: Evidence, side: int) -> Iterator[Panel]:
    """Yield the tables of inputs that the call modified; a reply holds the arrays that were positional."""
    for (name, array), after in zip(named_arrays(evidence.call), evidence.got.inputs, strict=False):
        if _drawable(array) and _drawable(after) and array.shape == after.shape and _differ(array, after):
            _, (_, got, gap) = _triple("", array, after, side)
            yield replace(got, title=f"{name} after the call")
            yield replace(gap, title=f"difference: {name} after the call minus before")
