"""Judges that overlook a mistake which another criterion already counts."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...criteria.arrays import Array
from ...criteria.comparison import difference
from ...criteria.judges import same_value, trouble
from ...criteria.windows import pair
from ...model import Case, Reply


def shifted(x: Array, dy: int, dx: int, mode: str) -> Array:
    """Shift the last two axes, to recognise mistakes."""
    out = np.roll(x, (dy, dx), axis=(-2, -1))
    if mode == "zero":
        out[..., slice(0, dy) if dy >= 0 else slice(dy, None), :] = 0
        out[..., slice(0, dx) if dx >= 0 else slice(dx, None)] = 0
    return out


def any_way(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the content moved in the right, the opposite or the transposed direction.

    Other criteria ask which direction is right.
    """
    (x, dy, dx), mode = case.call.args, case.call.kwargs.get("mode", "zero")
    wrong = same_value(case, got, expected)
    if wrong and not trouble(got):
        for other in ((-dy, -dx), (dx, dy), (-dx, -dy)):
            if not difference(got.value, shifted(x, *other, mode), integers_pass=True):
                return None
    return wrong


def far(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold also when the content came back on the other side, or did not move.

    Other criteria ask for the zeros and for negative shifts.
    """
    x, dy, dx = case.call.args
    for other in (shifted(x, dy, dx, "wrap"), x):
        if not trouble(got) and not difference(got.value, other, integers_pass=True):
            return None
    return any_way(case, got, expected)


def blurred(x: Array, row: Array, stride: Any) -> Array:
    """Reflect, correlate both axes with ``row`` and subsample, to recognise mistakes."""
    before, after = (len(row) - 1) // 2, len(row) // 2
    padded = np.pad(x, [(0, 0), (0, 0), (before, after), (before, after)], mode="reflect")
    windows = sliding_window_view(padded, (len(row), len(row)), axis=(2, 3))
    sh, sw = pair(stride)
    blurs: Array = np.einsum("nchwij,i,j->nchw", windows, row, row)
    return blurs[:, :, ::sh, ::sw]


def any_weights(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold also when every cell of the filter weighs the same.

    Another criterion asks for the weights.
    """
    wrong = same_value(case, got, expected)
    if wrong and not trouble(got):
        given = case.call.named(("x", "size", "stride")).kwargs
        size = given.get("size", 3)
        if not difference(got.value, blurred(given["x"], np.full(size, 1 / size), given.get("stride", 2))):
            return None
    return wrong


def dense(x: Array, kernel_size: Any) -> Array:
    """Take the maximum at every position, to recognise mistakes."""
    maxima: Array = sliding_window_view(x, pair(kernel_size), axis=(2, 3)).max(axis=(4, 5))
    return maxima


def any_order(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold also when the maximum was not blurred at all, or the image before it.

    Another criterion asks that the blur comes after the maximum.
    """
    wrong = same_value(case, got, expected)
    if wrong and not trouble(got):
        given = case.call.named(("x", "kernel_size", "size", "stride")).kwargs
        x, kernel_size, size = given["x"], given.get("kernel_size", 2), given.get("size", 3)
        row = reduce(np.convolve, [np.full(2, 0.5)] * (size - 1), np.ones(1))
        others = dense(x, kernel_size), dense(blurred(x, row, 1), kernel_size)
        sh, sw = pair(given.get("stride", 2))
        if not all(difference(got.value, other[:, :, ::sh, ::sw]) for other in others):
            return None
    return wrong


def counted(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold for the share of rows, and also for their number.

    Another criterion asks for the share.
    """
    wrong = trouble(got)
    if wrong:
        return wrong
    value = got.value
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        value = float(value)
    if not difference(value, expected.value * len(case.call.args[0])):
        return None
    return difference(value, expected.value)


def proportions(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the weights stand in the right proportions, whatever their sum."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    value = got.value
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.size and value.sum() > 0:
        value = value / value.sum()
    return difference(value, expected.value)


def sums_to_one(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the weights are floats above zero, in the right shape, with the sum 1."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    value, shape = got.value, expected.value.shape
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or value.shape != shape or not (value > 0).all():
        return f"expected an array of positive floats of shape {shape}"
    return difference(float(value.sum()), 1.0)
