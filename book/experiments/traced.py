"""Figures that know which arm of which experiment they were measured in, also after they were picked and subtracted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsFloat


@dataclass(frozen=True, eq=False)
class Arm:
    """One arm of an experiment as it was described: nested settings are laid out flat."""

    experiment: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Origin:
    """Where a figure stands: an arm, and the name of the figure in it, without the number of its seed."""

    arm: Arm
    name: str


class Figure(float):
    """A measured number with its origins, several if it was computed from several numbers."""

    __slots__ = ("origins",)
    origins: tuple[Origin, ...]

    def __new__(cls, value: SupportsFloat, origins: tuple[Origin, ...]) -> Figure:
        """Make a number that has origins."""
        self = super().__new__(cls, value)
        self.origins = origins
        return self

    def _with(self, value: float, other: object) -> Figure:
        return Figure(value, tuple(dict.fromkeys((*self.origins, *origins([other])))))

    def __add__(self, other: float) -> Figure:
        """Add, and keep the origins of both."""
        return self._with(float(self) + float(other), other)

    __radd__ = __add__

    def __sub__(self, other: float) -> Figure:
        """Subtract, and keep the origins of both."""
        return self._with(float(self) - float(other), other)

    def __truediv__(self, other: float) -> Figure:
        """Divide, and keep the origins of both."""
        return self._with(float(self) / float(other), other)

    def __mul__(self, other: float) -> Figure:
        """Multiply, and keep the origins of both."""
        return self._with(float(self) * float(other), other)

    __rmul__ = __mul__

    def __neg__(self) -> Figure:
        """Change the sign, and keep the origins."""
        return Figure(-float(self), self.origins)


def origins(values: Sequence[object]) -> tuple[Origin, ...]:
    """Return the origins of some numbers, each once; plain numbers have none."""
    return tuple(dict.fromkeys(o for value in values if isinstance(value, Figure) for o in value.origins))


def traced(value: Any, arm: Arm, name: str, *, seeds: bool = True) -> Any:
    """Return nested figures with every fraction as a :class:`Figure`.

    ``name`` is that of the figures, and ``seeds`` says whether the next list runs over seeds, as the outermost does.

    >>> arm = Arm("e05", {"head": "gmp"})
    >>> [row[1] for row in traced([[0.9, 0.5], [0.8, 0.6]], arm, "by_shift")][0].origins[0].name
    'by_shift[1]'
    """
    if isinstance(value, dict):
        return {key: traced(inner, arm, f"{name} {key}".strip(), seeds=seeds) for key, inner in value.items()}
    if isinstance(value, list):
        names = [name if seeds else f"{name}[{i}]" for i in range(len(value))]
        return [traced(inner, arm, inside, seeds=False) for inner, inside in zip(value, names, strict=True)]
    return Figure(value, (Origin(arm, name),)) if isinstance(value, float) else value
