"""An array as a small table of numbers on colour, of which a person can see all at once.

A table shows two axes, and of many rows or columns a part. Blue is above zero, orange below, the stronger
the farther; a cell that differs has a heavy frame and a cell that is no number is hatched, so that nothing
depends on colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup, escape

Array = np.ndarray[Any, Any]

SIDE = 8
LEVELS = 5
# Enough to read; more where two numbers that the comparison told apart would look alike.
DIGITS = 4
# A phone shows about this much of a table before it scrolls and must be reachable by keyboard.
NARROW = 36


@dataclass(frozen=True)
class Window:
    """The part of an array that a table shows: one index for each axis but the last two, then two ranges."""

    index: tuple[int, ...]
    rows: range
    columns: range

    def cut(self, array: Array) -> Array:
        """Return the part as a 2-D array."""
        part = np.atleast_2d(array[self.index])
        return part[self.rows.start : self.rows.stop, self.columns.start : self.columns.stop]


@dataclass(frozen=True)
class Panel:
    """One table: its title, what it is a part of, and its cells (text, colour level, whether it differs)."""

    title: str
    note: str
    window: Window
    cells: tuple[tuple[tuple[str, int | None, bool], ...], ...]

    @property
    def html(self) -> Markup:
        """The table as HTML; only this module's own text and numbers are in it."""
        head = "".join(f"<th scope=col>{column}</th>" for column in self.window.columns)
        rows = "".join(
            f"<tr><th scope=row>{row}</th>{''.join(map(_cell_html, cells))}</tr>"
            for row, cells in zip(self.window.rows, self.cells, strict=True)
        )
        longest = max(len(text) for row in self.cells for text, _, _ in row)
        name = escape(self.title)
        wide = (longest + 2) * len(self.window.columns) > NARROW
        reach = f' tabindex=0 role=group data-lm-suppress-shortcuts=true aria-label="{name}"' if wide else ""
        return Markup(  # noqa: S704
            f"<figure class=pm-grid><figcaption><b>{name}</b> {escape(self.note)}</figcaption><div{reach}>"
            f'<table aria-label="{name}" style="--wide:{longest}ch"><thead><tr><td></td>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div></figure>"
        )

    @property
    def text(self) -> str:
        """The table as plain text; a cell that differs carries a star."""
        words = [[text + "*" * wrong for text, _, wrong in row] for row in self.cells]
        width = max((len(word) for row in words for word in row), default=0)
        lines = ["  ".join(word.rjust(width) for word in row) for row in words]
        title = f"{self.title}, {self.note}:" if self.note else f"{self.title}:"
        return "\n".join([title, *(f"  {line}" for line in lines)])


def _cell_html(cell: tuple[str, int | None, bool]) -> str:
    text, level, wrong = cell
    shade = "n" if level is None else f"{'p' if level > 0 else 'm'}{abs(level)}" if level else ""
    if wrong:
        return f'<td class="{shade} w">{text}<i> differs</i></td>'
    return f"<td class={shade}>{text}</td>" if shade else f"<td>{text}</td>"


def window(shape: tuple[int, ...], centre: tuple[int, ...] | None = None, side: int = SIDE) -> Window:
    """Return the part of an array of this shape that a table shows, around ``centre`` or from the start.

    >>> window((2, 3, 28, 4), (1, 2, 20, 3))
    Window(index=(1, 2), rows=range(16, 24), columns=range(0, 4))
    """
    centre = centre or (0,) * len(shape)
    rows, columns = (1, *shape)[-2:]
    return Window(centre[:-2], _around((0, *centre)[-2], rows, side), _around(centre[-1], columns, side))


def _around(centre: int, length: int, side: int) -> range:
    start = max(0, min(centre - side // 2, length - side))
    return range(start, min(start + side, length))


def table(
    title: str,
    array: Array,
    part: Window,
    *,
    why: str,
    digits: int = DIGITS,
    scale: float | None = None,
    wrong: Array | None = None,
) -> Panel:
    """Return the table of an array's part.

    ``why`` says why this part, if it is one; ``scale`` is the magnitude of the strongest colour, by default
    the part's largest; ``wrong`` marks the cells of the part that differ.
    """
    values = part.cut(array)
    numbers = _floats(values)
    real = np.isfinite(numbers)
    share = np.where(real, numbers, 0.0) / (scale or scale_of(values) or 1.0)
    steps = np.sign(share) * np.ceil(np.minimum(np.abs(share), 1.0) * LEVELS)
    marks = np.zeros(values.shape, bool) if wrong is None else wrong
    rows = zip(values.tolist(), steps.astype(int).tolist(), real.tolist(), marks.tolist(), strict=True)
    cells = tuple(
        tuple((number(v, digits), step if fit else None, mark) for v, step, fit, mark in zip(*row, strict=True))
        for row in rows
    )
    return Panel(title, _note(array, part, why), part, cells)


def _floats(values: Array) -> Array:
    with np.errstate(over="ignore"):  # from long doubles
        return values.astype(float)


def scale_of(values: Array) -> float:
    """Return the largest finite magnitude."""
    numbers = _floats(values)
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))


def number(value: float | bool, digits: int) -> str:
    """Return a cell's text; whole numbers keep all their digits while they are short."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int) and abs(value) < 10**9:
        return str(value)
    return f"{value + 0.0:.{digits}g}"


def _note(array: Array, part: Window, why: str) -> str:
    note = f"{array.dtype}, shape {array.shape}"
    rows, columns = (1, *array.shape)[-2:]
    places = []
    if array.ndim > 2 and any(side > 1 for side in array.shape[:-2]):
        places.append(f"slice [{', '.join(map(str, part.index))}]")
    for name, shown, side in (("rows", part.rows, rows), ("columns", part.columns, columns)):
        if len(shown) < side:
            places.append(f"{name} {shown.start} to {shown.stop - 1}")
    return f"{note}; {', '.join(places)}, {why}" if places else note
