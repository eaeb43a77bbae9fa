"""Judges that overlook a mistake which another criterion already counts."""

from __future__ import annotations

import numpy as np

from ...criteria.comparison import difference
from ...criteria.judges import same_value, trouble
from ...criteria.windows import Array
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
