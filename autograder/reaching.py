"""What a function reaches when it is called: found by reading its code objects, without running anything."""

from __future__ import annotations

import dis
import functools
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.machinery import EXTENSION_SUFFIXES
from itertools import islice
from operator import attrgetter
from typing import Any

import numpy as np

from .kernel import Notebook
from .lacking import Lacking

MOST_OBJECTS = 2000
MOST_ITEMS = 50
COMPILED = tuple(EXTENSION_SUFFIXES)
# What else can hold a function of the student's: a wrapper of functools, or np.vectorize.
WRAPPERS = sys.stdlib_module_names | {"numpy"}
# How to look into containers, and into the wrappers of the standard library.
INSIDE: dict[type, Callable[[Any], Iterable[object]]] = {
    dict: dict.values,
    list: list.__iter__,
    tuple: tuple.__iter__,
    set: set.__iter__,
    frozenset: frozenset.__iter__,
    functools.partial: attrgetter("func", "args", "keywords"),
    types.MethodType: attrgetter("__func__", "__self__"),
    staticmethod: lambda method: (method.__func__,),
    classmethod: lambda method: (method.__func__,),
    property: attrgetter("fget", "fset"),
    types.GenericAlias: attrgetter("__args__"),
    types.UnionType: attrgetter("__args__"),
}


def differences(
    function: Callable[..., Any], name: str, packages: Iterable[str], notebook: Notebook | None
) -> list[str]:
    """Say what ``function``, and what it calls in turn, uses of what grading lacks; nothing twice."""
    lacking = Lacking(packages, notebook)
    _Walk(lacking).go(function, name)
    return list(lacking.said.values())


class _Walk:
    """One walk through all that a function reaches: each object is looked at once, the student's own in all parts."""

    def __init__(self, lacking: Lacking) -> None:
        self.lacking = lacking
        self.seen: dict[int, object] = {}  # they are kept, so that no two have one identity
        self.waiting: list[tuple[object, str]] = []

    def go(self, function: object, user: str) -> None:
        """Look at a function and at all that it reaches."""
        self.waiting.append((function, user))
        while self.waiting and len(self.seen) < MOST_OBJECTS:
            item, user = self.waiting.pop()
            if id(item) not in self.seen:
                self.seen[id(item)] = item
                self.waiting += ((part, user) for part in self._parts(item, user))

    def _parts(self, item: object, user: str) -> Iterable[object]:
        """Return what an object consists of, as far as it is the student's; note what comes from elsewhere."""
        kind = type(item)  # never isinstance, which asks an object what it claims to be
        if kind is types.FunctionType:
            return self._function(item, user)
        if issubclass(kind, types.ModuleType):
            self.lacking.note_module(_title(item), user)
            return ()
        if issubclass(kind, type):
            own = self.lacking.note_module(_module(item), user)
            return [*_names(item).values(), *_get(item, "__bases__")] if own else ()
        if issubclass(kind, (np.ufunc, types.BuiltinFunctionType)):
            self.lacking.note_module(_home(item), user)
            return ()
        return self._instance(item, kind, user)

    def _instance(self, item: Any, kind: type, user: str) -> Iterable[object]:
        module = _module(kind)
        if not self.lacking.note_module(module, user) and module.partition(".")[0] not in WRAPPERS:
            return ()
        parts: list[Iterable[object]] = [read(item) for base, read in INSIDE.items() if issubclass(kind, base)]
        return [kind, *(part for some in (*parts, _names(item).values()) for part in islice(some, MOST_ITEMS))]

    def _function(self, function: Any, user: str) -> Iterable[object]:
        scope = function.__globals__
        if not self.lacking.note_module(scope.get("__name__") or "__main__", user):
            return
        self.lacking.note_script(function.__code__.co_filename, user)
        if function.__name__.isidentifier():  # a lambda goes by the name of who uses it
            user = function.__qualname__.rpartition("<locals>.")[2]
        self.waiting += ((part, user) for part in self._named(function.__code__, scope, user))
        yield from (cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell))
        yield from (function.__defaults__, function.__kwdefaults__)
        # Since Python 3.14 annotations are code that has not run yet.
        yield getattr(function, "__annotate__", None) or function.__annotations__
        yield vars(function)  # what functools.wraps wraps, among others

    def _named(self, code: types.CodeType, scope: dict[str, Any], user: str) -> Iterator[object]:
        """Yield what a code object, with the functions in it, names and imports."""
        for step in dis.get_instructions(code):
            if step.opname == "IMPORT_NAME":
                own = self.lacking.note_module(step.argval, user)
                yield from _used(sys.modules.get(step.argval), code) if own else ()
            elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                found: Any = scope.get(step.argval)
                yield found
                if issubclass(type(found), types.ModuleType) and self.lacking.note_module(_title(found), user):
                    yield from _used(found, code)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                yield from self._named(constant, scope, user)


def _used(module: types.ModuleType | None, code: types.CodeType) -> list[object]:
    """Return the parts of a module that are mentioned by name."""
    parts = _names(module)
    return [parts[name] for name in code.co_names if name in parts]


def _is_filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:  # a name of the function around that is not bound yet
        return False


def _names(item: object) -> Mapping[str, Any]:
    """Return what an object holds by name."""
    held = _get(item, "__dict__")
    return held if type(held) in (dict, types.MappingProxyType) else {}


def _title(module: object) -> str:
    """Return the name of a module."""
    return str(_names(module).get("__name__"))


def _module(kind: object) -> str:
    """Return the name of a class's module."""
    module = _get(kind, "__module__")
    return module if type(module) is str else "__main__"


def _get(item: object, name: str) -> Any:
    """Return an attribute as the language finds it, without asking the object, which could run code."""
    base: Any = type if issubclass(type(item), type) else object
    try:
        return base.__getattribute__(item, name)
    except AttributeError:
        return None


def _home(function: Any) -> str:
    """Return the module of a compiled function; a ufunc does not know its own, but only a compiled one makes it."""
    module = getattr(function, "__module__", None)
    if isinstance(module, str):
        return module
    for home, module in [*sys.modules.items()]:
        names = _names(module)
        if names.get(function.__name__) is function and str(names.get("__file__", "")).endswith(COMPILED):
            return home
    return "__main__"
