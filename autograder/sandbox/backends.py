"""The ways to confine by their names, the strongest first."""

from __future__ import annotations

from collections.abc import Callable

from . import landlock, namespaces
from .confinement import Confinement, ConfinementError, lacking
from .unconfined import Unconfined

MAKE: dict[str, Callable[[], Confinement]] = {
    namespaces.Namespaces.name: lambda: namespaces.Namespaces(namespaces.bwrap()),
    landlock.Landlock.name: lambda: landlock.Landlock(landlock.abi()),
    Unconfined.name: Unconfined,
}
CONFINING = tuple(name for name in MAKE if name != Unconfined.name)


def named(name: str) -> Confinement:
    """Return a way to confine.

    Raises
    ------
    ConfinementError
        If this is not Linux, or lacks what it needs.
    """
    if lacking():
        raise ConfinementError(lacking())
    return MAKE[name]()
