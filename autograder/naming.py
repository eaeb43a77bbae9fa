"""Which graded function ``check`` was given: any callable may be one, whatever it calls itself."""

from __future__ import annotations

import difflib
import dis
from collections.abc import Collection
from types import FrameType
from typing import Any

from .pages.words import value_text


def graded_name(function: Any, name: str | None, graded: Collection[str], caller: FrameType) -> str:
    """Return the name under which grading will look for ``function``.

    It is the ``name`` asked for; else one that the caller has bound to this very object, as a decorator, a closure
    or ``functools.partial`` leaves it; else the name that the function gives itself.

    Raises
    ------
    TypeError
        If it cannot be called; the message says what to write.
    ValueError
        If no graded function is meant; the message says what to write.
    """
    if not callable(function):
        raise TypeError(_not_callable(function, graded))
    own = _own_name(function)
    if name is None:
        bound = _bound(function, graded, caller)
        fitting = [word for word in (_written(caller), own) if word in bound]
        if len(bound) > 1 and not fitting:
            raise ValueError(f"this one function is {' and '.join(bound)} here: write {_explicit(bound[0])}")
        name = (fitting or bound or [own])[0]
    if name not in graded:
        raise ValueError(_unknown(str(name), graded))
    return name


def _own_name(function: Any) -> str:
    try:
        own = function.__name__
    except Exception:  # an object has none, or makes something up
        return ""
    return own if isinstance(own, str) else ""


def _bound(function: Any, graded: Collection[str], caller: FrameType) -> list[str]:
    """Return the graded names that the caller has for this very object."""
    scopes = (caller.f_locals, caller.f_globals)
    return [name for name in graded if any(scope.get(name) is function for scope in scopes)]


def _written(caller: FrameType) -> str | None:
    """Return the name that the caller wrote last before the call, if it wrote one."""
    loaded = [
        instruction.argval
        for instruction in dis.get_instructions(caller.f_code)
        if instruction.offset < caller.f_lasti and instruction.opname.startswith("LOAD_")
    ]
    return loaded[-1] if loaded and isinstance(loaded[-1], str) else None


def _not_callable(given: Any, graded: Collection[str]) -> str:
    if isinstance(given, str):
        name = given if given in graded else "max_pool2d"
        return f"check takes the function, not its name: write check({name})"
    return (
        "check takes the function itself, not what it returned: write check(max_pool2d), not check(max_pool2d(x, 2)); "
        f"this is {value_text(given)}"
    )


def _unknown(name: str, graded: Collection[str]) -> str:
    said = f"is called {name!r}" if name.isidentifier() else "has no name"
    near = difflib.get_close_matches(name, graded, n=1)
    if near:
        return f"no assignment asks for a function that {said}: did you mean {near[0]}? Or write {_explicit(near[0])}"
    return (
        f"no assignment asks for a function that {said}: give it its name, as in `max_pool2d = ...`, or write "
        f"{_explicit('max_pool2d')}. There are {', '.join(graded)}"
    )


def _explicit(name: str) -> str:
    return f'check(function, name="{name}")'
