"""The second step of a hint: the place in the smallest failing example at which to look, and what stands there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..model import Evidence, Status
from .grid import DIGITS, number
from .pictures import PICTURED, decisive, wrong_cells
from .words import value_text


def where_to_look(evidence: Evidence) -> str:
    """Say which part of the example decides, and which part of the function is responsible for it."""
    expected, got = evidence.expected, evidence.got
    if expected.status is Status.ERROR:
        return (
            "Look where the function examines its arguments, before it computes anything: this call has to end "
            "there, with a ValueError that names the argument."
        )
    if got.status is not Status.PASSED:
        return "Look at the line at which it stops: try this very call, and read the last line of the traceback first."
    part, want, have = decisive(evidence)
    if not (_of_numbers(want) and _of_numbers(have)):
        named = part.removeprefix(", ") or "what is returned"
        return f"Look at {named}: expected {value_text(want)}, got {value_text(have)}. Which line makes it?"
    if want.shape != have.shape:
        return (
            f"Look at the shape before the numbers: expected {want.shape}, got {have.shape}. Which line decides how "
            "many there are along each axis?"
        )
    return _first_number(want, have)


def _of_numbers(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in PICTURED


def _first_number(want: Any, have: Any) -> str:
    wrong = wrong_cells(want, have)
    if not wrong.any():
        return "Look at what else the call leaves behind: the numbers returned are right."
    index = tuple(np.argwhere(wrong)[0].tolist())
    place = f"the number at {list(index)}" if index else "the number"
    others = int(wrong.sum()) - 1
    more = f", the first of {others + 1} that differ" if others else ", the only one that differs"
    shown = (number(array[index].item(), DIGITS) for array in (want, have))
    right, mine = shown
    return f"Look at {place}{more}: expected {right}, got {mine}. Follow your function to this one number, by hand."
