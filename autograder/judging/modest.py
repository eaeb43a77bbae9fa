"""What a page tells of a reply: enough for a person, and too little to carry a criterion's inputs out.

Whoever is judged chooses what exceptions say and what wrong results hold, and may have seen the inputs of every case
asked before. In a student's own notebook, where only the worked examples are asked, nothing is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from ..criteria.comparison import differing, largest
from ..model import Reply, Status

# Of a text, as many signs, and of these digits.
MOST_SIGNS = 120
MOST_DIGITS = 16
# Of a number, as many digits that count; what is larger or smaller by more than this is told as infinite or nothing.
DIGITS = 4
RANGE = 1e9
MOST_INTEGER = 9999
MOST = 10**18
# Of an array, as many axes, each of at most that length; of what holds others, as many.
MOST_AXES = 6
LONGEST_AXIS = 99_999
MOST_PARTS = 16
MOST_LETTERS = 20
# The grader says these, not who is judged.
OURS = {Status.TIMEOUT, Status.CRASHED}
WHERE = re.compile(r" \(line \d{1,5} of (?:cell \d{1,5}|[A-Za-z_]\w{0,39}(?:, part \d{1,3}|, as changed)*)\)")
LEFT_OUT = "…"


def modest(got: Reply, expected: Reply) -> Reply:
    """Return a reply with as much of its text and of its numbers as is told of it."""
    wanted = expected.value if expected.status is Status.PASSED else None
    return replace(
        got,
        message=got.message if got.status in OURS else text(got.message),
        value=_value(got.value, wanted),
        inputs=tuple(_value(item, None) for item in got.inputs[:MOST_PARTS]),
    )


def text(said: str) -> str:
    """Return the beginning of a text, with few digits, and the line that it names.

    >>> text("ValueError: operands could not be broadcast together with shapes (3,4) (2,) (line 5 of max_pool2d)")
    'ValueError: operands could not be broadcast together with shapes (3,4) (2,) (line 5 of max_pool2d)'
    >>> text("ValueError: 3141592653589793238462643 is not right")
    'ValueError: 3141592653589793… is not right'
    """
    line = WHERE.search(said)
    bare = said[: line.start()] + said[line.end() :] if line else said
    pieces, digits = [], 0
    for sign in bare[:MOST_SIGNS]:
        digits += sign.isdigit()
        if not sign.isascii() or not sign.isprintable() or (sign.isdigit() and digits > MOST_DIGITS):
            pieces.append(LEFT_OUT)
        else:
            pieces.append(sign)
    more = LEFT_OUT if len(bare) > MOST_SIGNS else ""
    return re.sub(f"{LEFT_OUT}+", LEFT_OUT, "".join(pieces) + more) + (line[0] if line else "")


def is_said_in(source: str, name: str) -> bool:
    """Whether a dotted name consists of words that a source has already, which are no news from where it ran."""
    return set(re.findall(r"\w+", source)).issuperset(re.findall(r"\w+", name))


def _value(got: Any, wanted: Any) -> Any:
    """Return a value in which is told what differs from the one that is ``wanted``, and that not to all digits."""
    if isinstance(got, np.ndarray):
        return _array(got, wanted)
    if isinstance(got, (tuple, list)):
        like = wanted if isinstance(wanted, (tuple, list)) and len(wanted) == len(got) else [None] * MOST_PARTS
        return type(got)(_value(have, want) for have, want in zip(got, like, strict=False))
    if isinstance(got, dict):
        return _entries(got, wanted if isinstance(wanted, dict) else {})
    return got if type(got) is type(wanted) and got == wanted else _scalar(got, wanted)


def _scalar(got: Any, wanted: Any) -> Any:
    if got is None or isinstance(got, bool):
        return got
    if isinstance(got, str):
        return got if _is_word(got) else LEFT_OUT
    if isinstance(got, (int, float, np.floating)):
        scale = abs(float(wanted)) if isinstance(wanted, (int, float)) else 0.0
        bounded = max(-MOST, min(got, MOST)) if isinstance(got, int) else got
        number = float(_shortened(np.array(float(bounded)), scale))
        return int(number) if isinstance(got, int) and np.isfinite(number) else number
    return LEFT_OUT


def _entries(got: dict[Any, Any], wanted: dict[Any, Any]) -> dict[Any, Any]:
    if got.keys() == wanted.keys():
        return {name: _value(got[name], wanted[name]) for name in wanted}
    names = [name for name in list(got)[:MOST_PARTS] if isinstance(name, str) and _is_word(name)]
    return {LEFT_OUT: None, **{name: _value(got[name], wanted.get(name)) for name in names}}


def _is_word(text: str) -> bool:
    return len(text) <= MOST_LETTERS and text.isascii() and text.isidentifier()


def _array(got: np.ndarray[Any, Any], wanted: Any) -> Any:
    if got.ndim > MOST_AXES:
        return f"an array of {got.ndim} axes"
    got = got[tuple(slice(LONGEST_AXIS) for _ in got.shape)]
    if got.dtype.kind not in "biuf":
        return f"an array of {got.dtype.name}"
    if not isinstance(wanted, np.ndarray) or wanted.shape != got.shape or wanted.dtype.kind not in "biuf":
        return _shortened(got, 0.0)
    with np.errstate(all="ignore"):
        wrong = differing(got, wanted)
        # Where it is right, it is told as what it should be, to the last bit.
        return np.where(wrong, _shortened(got, largest(wanted)), wanted).astype(got.dtype)


def _shortened(numbers: np.ndarray[Any, Any], scale: float) -> np.ndarray[Any, Any]:
    """Return numbers with few digits, none much larger or smaller than the ``scale`` of what is right."""
    if numbers.dtype.kind == "b" or (
        numbers.dtype.kind in "iu" and np.abs(numbers.astype(float)).max(initial=0) <= MOST_INTEGER
    ):
        return numbers
    with np.errstate(all="ignore"):
        found = numbers.astype(float)
        size = np.abs(found)
        step = 10.0 ** (np.floor(np.log10(np.where(size > 0, size, 1.0))) - DIGITS + 1)
        short = np.rint(found / step) * step
        around = scale or 1.0
        short = np.where(size < around / RANGE, 0.0, np.where(size > around * RANGE, np.sign(found) * np.inf, short))
        if numbers.dtype.kind != "f":
            return np.nan_to_num(short, posinf=0, neginf=0).astype(numbers.dtype)
        return np.where(np.isnan(found), np.nan, short).astype(numbers.dtype)
