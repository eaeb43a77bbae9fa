"""What is asked: a module, or a package of parts, for each assignment, found by its name."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from ..model import Assignment


def names() -> list[str]:
    """Return the names of all assignments, sorted."""
    return sorted(module.name for module in iter_modules(__path__))


def module(name: str) -> ModuleType:
    """Return the module of an assignment.

    Raises
    ------
    KeyError
        If there is no such assignment; the message lists those that there are.
    """
    if name not in names():
        raise KeyError(f"no assignment is called {name!r}; there are {', '.join(names())}")
    return import_module(f"{__name__}.{name}")


def load(name: str) -> Assignment:
    """Return an assignment by its name; raises ``KeyError`` as :func:`module` does."""
    assignment = module(name).ASSIGNMENT
    assert isinstance(assignment, Assignment)  # noqa: S101 - a mistake of the module's author
    return assignment
