"""What every demo shares: one ES module put together from files, and a plain picture beside the live view."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import numpy as np
from rendering import render
from traitlets import Dict, Unicode

HERE = Path(__file__).parent
STYLES = ("demo", "layers", "shift", "play", "phone")
IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=function|class|const)", re.MULTILINE)


def _inline(path: Path, seen: dict[Path, str]) -> None:
    """Add the module at ``path`` to ``seen`` after everything that it imports."""
    source = path.read_text("utf-8")
    for name in IMPORT.findall(source):
        imported = (path.parent / name).resolve()
        if imported not in seen:
            _inline(imported, seen)
    seen[path] = EXPORT.sub("", IMPORT.sub("", source))


@cache
def bundle(name: str) -> str:
    """Return the demo's JavaScript as a single module, because a widget cannot import other files.

    Imported modules come first, each once, without ``import`` and ``export``. They share one scope, so no two of them
    may define the same name at top level; a test checks this.
    """
    seen: dict[Path, str] = {}
    _inline((HERE / f"{name}.js").resolve(), seen)
    return "\n".join(seen.values())


@cache
def style() -> str:
    """Return the style sheet of all demos: the look, its parts, and what it is on phones."""
    return "\n".join((HERE / "shared" / f"{name}.css").read_text("utf-8") for name in STYLES)


def pair(value: int | tuple[int, int]) -> list[int]:
    """Return ``[height, width]`` from an int or a pair, the two forms of PyTorch's arguments.

    >>> pair(2), pair((3, 1))
    ([2, 2], [3, 1])
    """
    height, width = (value, value) if isinstance(value, int) else value
    return [int(height), int(width)]


def matrix(image: Any) -> list[list[float]]:
    """Return a 2D array as lists that JSON can carry.

    Raises ``ValueError`` if it is not 2D, has an empty axis, or holds numbers that are not finite.
    """
    array = np.asarray(image, dtype=float)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"image: expected a 2D array with at least one cell, got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("image: expected finite numbers, got NaN or infinity")
    return [[int(value) if value.is_integer() else value for value in row] for row in array.tolist()]


class Demo(anywidget.AnyWidget):
    """A demo that computes in JavaScript, so that it works with a kernel and without one."""

    presets = Dict(help="named inputs to choose from").tag(sync=True)
    preset = Unicode(help="which of them is shown").tag(sync=True)

    room: ClassVar[tuple[int, int]] = (820, 760)

    def __init_subclass__(cls, module: str = "", room: tuple[int, int] | None = None, **kwargs: Any) -> None:
        """Give the class the JavaScript module of that name (without a name: that of its parent).

        ``room`` is how many pixels high the demo is on a phone and on a wide page: a page keeps that free for it.
        """
        cls.room = room or cls.room
        if module:
            cls._esm = bundle(module)
            own = HERE / f"{module}.css"  # what this demo alone needs, where there is such a thing
            cls._css = style() + (own.read_text("utf-8") if own.is_file() else "")
        super().__init_subclass__(**kwargs)

    def picture(self) -> str:
        """Return an SVG of the demo as it stands, for print and for pages without JavaScript."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the picture to the widget view, for whatever cannot show widgets."""
        found = super()._repr_mimebundle_(**kwargs)
        if found is None:
            return None
        data, *metadata = found
        return ({**data, "text/html": render("figure.html", picture=self.picture(), room=self.room)}, *metadata)
