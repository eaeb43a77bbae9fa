"""Comparison of values: what a call gave against what the reference gave, and in which words they differ.

Nothing that a student wrote runs here: values are plain ones and exact NumPy arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

RELATIVE_TOLERANCE = 1e-9
# For numbers that come in single precision.
SINGLE_TOLERANCE = 1e-5
# A result that is zero by cancellation says nothing about the scale of rounding: then this share of the inputs' counts.
SHARE_OF_INPUTS = 1e-3


def difference(
    got: Any,
    expected: Any,
    *,
    integers_pass: bool = False,
    tolerance: float = RELATIVE_TOLERANCE,
    inputs: float = 0.0,
) -> str | None:
    """Say how a value differs from the expected one, or return ``None``.

    ``tolerance`` and ``inputs`` are those of :func:`differing`.
    """
    part = partial(difference, integers_pass=integers_pass, tolerance=tolerance, inputs=inputs)
    if isinstance(expected, (tuple, list)):
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return f"expected {len(expected)} values, got {describe(got)}"
        pairs = enumerate(zip(got, expected, strict=True), 1)
        found = ((i, part(g, e)) for i, (g, e) in pairs)
        return next((f"value {i}: {text}" for i, text in found if text), None)
    if isinstance(expected, dict):
        if not isinstance(got, dict) or got.keys() != expected.keys():
            return f"expected the entries {sorted(expected)}, got {describe(got)}"
        found = ((key, part(got[key], expected[key])) for key in expected)
        return next((f"{key}: {text}" for key, text in found if text), None)
    if expected is None or isinstance(expected, str):
        return (
            None if got == expected and type(got) is type(expected) else f"expected {expected!r}, got {describe(got)}"
        )
    return (
        shape_difference(got, expected)
        or _kind_difference(got, expected, integers_pass=integers_pass)
        or _value_difference(np.asarray(got), np.asarray(expected), tolerance, inputs)
    )


def shape_difference(got: Any, expected: Any) -> str | None:
    """Say how the shape, or the kind of container, differs from the expected one, or return ``None``."""
    if isinstance(expected, (tuple, list)):
        return None if isinstance(got, (tuple, list)) and len(got) == len(expected) else f"got {describe(got)}"
    if isinstance(got, (np.ndarray, np.generic, bool, int, float)):
        if np.shape(got) == np.shape(expected):
            return None
        if isinstance(got, np.ndarray) and isinstance(expected, np.ndarray):
            return f"expected shape {expected.shape}, got {got.shape}"
    return f"expected {describe(expected)}, got {describe(got)}"


_KINDS = {"b": "booleans", "i": "integers", "u": "integers", "f": "floating-point numbers", "c": "complex numbers"}


def _kind_difference(got: Any, expected: Any, *, integers_pass: bool) -> str | None:
    got_kind, kind = (np.asarray(value).dtype.kind for value in (got, expected))
    allowed = {"b": "b", "i": "iu", "u": "iu", "f": "f"}[kind]
    if isinstance(expected, np.ndarray) and (kind in "iu" or integers_pass):
        allowed += "fiub" if kind != "b" else ""
    if got_kind in allowed:
        return None
    return f"expected {_KINDS[kind]}, got {_KINDS.get(got_kind, 'something else')}"


def _value_difference(
    got: np.ndarray[Any, Any], expected: np.ndarray[Any, Any], tolerance: float, inputs: float
) -> str | None:
    # Most right answers are the reference's to the last bit.
    if got.dtype == expected.dtype and got.tobytes() == expected.tobytes():
        return None
    wrong = differing(got, expected, tolerance, inputs)
    count = int(wrong.sum())
    if not count:
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    want, have = expected[index].item(), got[index].item()
    if not index:
        return f"expected {want:.10g}, got {have:.10g}"
    where = "values differ" if count > 1 else "value differs"
    return f"{count} of {wrong.size} {where}; at {index} expected {want:.10g}, got {have:.10g}"


def differing(
    got: np.ndarray[Any, Any],
    expected: np.ndarray[Any, Any],
    tolerance: float = RELATIVE_TOLERANCE,
    inputs: float = 0.0,
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return where two arrays of one shape differ, NaN being equal to NaN, as a boolean array.

    ``tolerance`` is a share of the largest finite magnitude expected, or of a thousandth of ``inputs``, the magnitude
    of what went in, if that is more. There is no other floor: the same factor on all three changes nothing.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        have, want = got.astype(float), expected.astype(float)
        finite = np.isfinite(want)
        close = np.abs(have - want) <= tolerance * max(largest(want), SHARE_OF_INPUTS * inputs)
    wrong: np.ndarray[Any, np.dtype[np.bool_]] = ~np.where(
        finite, close, (have == want) | (np.isnan(have) & np.isnan(want))
    )
    return wrong


def largest(array: np.ndarray[Any, Any]) -> float:
    """Return the largest finite magnitude in an array of numbers, 0 where there is none."""
    magnitudes = np.abs(array.astype(float))
    return float(magnitudes[np.isfinite(magnitudes)].max(initial=0.0))


_NAMES: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (np.ndarray, lambda value: f"an array of shape {value.shape} and dtype {value.dtype}"),
    ((bool, np.bool_), lambda value: f"the truth value {value}"),
    ((int, np.integer), lambda value: f"the integer {str(value)[:40]}"),
    ((float, np.floating), lambda value: f"the number {value:.10g}"),
    (str, lambda value: f"the text {value[:80]!r}"),
    ((tuple, list), lambda value: f"{len(value)} values"),
)


def describe(value: Any) -> str:
    """Name a value in a few words, whatever it is."""
    return next((name(value) for kind, name in _NAMES if isinstance(value, kind)), type(value).__name__)
