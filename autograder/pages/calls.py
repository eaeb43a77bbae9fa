"""Calls in words and in code: what a student can read, and paste into a notebook to see it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..model import Call, Rng
from .words import value_text

CODE_ELEMENTS = 150
CODE_LETTERS = 2000


def named_arrays(call: Call) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Yield the arrays that go into a call with the names under which the call's text shows them."""
    for name, value in (*_positional(call), *call.kwargs.items()):
        if isinstance(value, np.ndarray):
            yield name, value


def _positional(call: Call) -> list[tuple[str, Any]]:
    """Name positional arguments: a call does not know what the function calls them."""
    alone = sum(isinstance(value, np.ndarray) for value in call.args) == 1
    return [
        ("x" if alone and isinstance(value, np.ndarray) else f"argument_{i}", value)
        for i, value in enumerate(call.args, 1)
    ]


def call_text(call: Call, text: Callable[[Any], str] = value_text) -> str:
    """Return a call as a line of Python, its arrays by name; those that lead need no ``name=``.

    >>> call_text(Call("max_pool2d", (np.zeros((1, 1, 4, 4)),), {"kernel_size": (2, 3), "padding": 1}))
    'max_pool2d(x, kernel_size=(2, 3), padding=1)'

    What a few calls in a row share, because it remembers what was done to it, goes by name, too.

    >>> call_text(Call("receptive_field", (), {"layers": [(3, 1)]}, rounds=({}, {})))
    '[receptive_field(layers=layers) for _ in range(2)]'
    """
    shared = [value for _, value in _shared(call)]
    texts = [_one_text(one, shared, text) for one in call.singly()]
    if not call.rounds:
        return texts[0]
    return f"[{texts[0]} for _ in range({len(texts)})]" if len({*texts}) == 1 else f"[{', '.join(texts)}]"


def _one_text(call: Call, shared: list[Any], text: Callable[[Any], str]) -> str:
    def named(name: str, value: Any) -> str:
        by_name = isinstance(value, np.ndarray) or any(value is one for one in shared)
        return name if by_name else text(value)

    words = [named(name, value) for name, value in _positional(call)]
    leading = True
    for name, value in call.kwargs.items():
        leading = leading and isinstance(value, np.ndarray)
        words.append(named(name, value) if leading else f"{name}={named(name, value)}")
    return f"{call.function}({', '.join(words)})"


def _shared(call: Call) -> list[tuple[str, Any]]:
    """Return the lists and generators that several calls share, with their names."""
    named = (*_positional(call), *call.kwargs.items()) if call.rounds else ()
    return [(name, value) for name, value in named if isinstance(value, (list, Rng))]


def settings_text(call: Call) -> str:
    """Return a call's settings in words, arrays left out; the whole call where a setting has no name.

    >>> settings_text(Call("avg_pool2d", (np.zeros((1, 1, 4, 4)),), {"kernel_size": 2, "stride": 2}))
    'kernel_size 2, stride 2'
    """
    if not all(isinstance(value, np.ndarray) for value in call.args):
        return call_text(call)
    plain = ((name, value) for name, value in call.kwargs.items() if not isinstance(value, np.ndarray))
    return ", ".join(f"{name} {value_text(value)}" for name, value in plain)


def code_text(call: Call) -> str:
    """Return lines of Python that repeat a call as they stand, or nothing where it is too large to read.

    >>> print(code_text(Call("lp_pool2d", (np.eye(2),), {"norm_type": float("inf")})))
    x = np.array([[1.0, 0.0], [0.0, 1.0]])
    lp_pool2d(x, norm_type=float("inf"))
    """
    arrays = list(named_arrays(call))
    if sum(array.size for _, array in arrays) > CODE_ELEMENTS:
        return ""
    made = [line for name, array in arrays for line in _made(name, array)]
    made += [f"{name} = {_code(value)}" for name, value in _shared(call)]
    text = "\n".join([*made, call_text(call, _code)])
    return text if len(text) <= CODE_LETTERS else ""


def _code(value: Any) -> str:
    """Return an expression for a value, arrays and all; any seed will do for a generator, and pages tell none."""
    match value:
        case np.ndarray():
            return _array_code(value)
        case Rng():
            return "np.random.default_rng(0)"
        case dict():
            return "{" + ", ".join(f"{key!r}: {_code(part)}" for key, part in value.items()) + "}"
        case list():
            return f"[{', '.join(map(_code, value))}]"
        case tuple():
            return f"({', '.join(map(_code, value))}{',' * (len(value) == 1)})"
    plain = value.item() if isinstance(value, np.generic) else value
    return f'float("{plain}")' if isinstance(plain, float) and not np.isfinite(plain) else repr(plain)


def _made(name: str, array: np.ndarray[Any, Any]) -> Iterator[str]:
    """Yield lines of Python that make an array, in memory as it is."""
    text, strides = _array_code(array), array.strides
    if array.flags.c_contiguous:
        yield f"{name} = {text}"
    elif array.flags.f_contiguous:
        yield f"{name} = np.asfortranarray({text})"
    elif 0 in strides:
        first = array[tuple(slice(1) if step == 0 else slice(None) for step in strides)]
        yield f"{name} = np.broadcast_to({_array_code(first)}, {array.shape})"
    elif min(strides) < 0:
        yield f"{name} = np.flip(np.repeat(np.flip({text}), 2, axis=-1)[..., ::2])"
    else:
        yield f"{name} = np.repeat({text}, 2, axis=-1)[..., ::2]"
    if not array.flags.writeable and 0 not in strides:
        yield f"{name}.flags.writeable = False"


def _array_code(array: np.ndarray[Any, Any]) -> str:
    numbers = re.sub(r"\b(nan|inf)\b", r"np.\1", repr(array.tolist()))
    if array.size == 0:
        return f"np.zeros({array.shape}, dtype={str(array.dtype)!r})"
    usual = array.dtype in (np.dtype(float), np.dtype(np.int64), np.dtype(bool))
    return f"np.array({numbers})" if usual else f"np.array({numbers}, dtype={str(array.dtype)!r})"
