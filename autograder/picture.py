"""Arrays as small tables of numbers on colour: what went in, what was expected, what came out, what differs.

A table shows two axes. Of an array with more axes, or with many rows or columns, it shows the part with the
largest difference, and says so. Blue is above zero, orange below, the stronger the farther; a cell that
differs has a heavy frame and a cell that is no number is hatched, so that nothing depends on colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from .compare import differing
from .model import Evidence, Status
from .wording import named_arrays, value_text

Array = np.ndarray[Any, Any]

SIDE = 8
LEVELS = 5
PICTURED = "biuf"
# Enough digits to tell two numbers apart that the comparison told apart.
DIGITS = (4, 7, 12, 17)
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


def panels(evidence: Evidence) -> tuple[Panel, ...]:
    """Return the tables that explain a failing case: its inputs and, where they are arrays, the results."""
    inputs = list(named_arrays(evidence.call))
    path, expected, got = _decisive(evidence)
    results, focus, shape = _results(path, expected, got)
    if not results or not any(wrong for panel in results for row in panel.cells for _, _, wrong in row):
        results += tuple(_changed_inputs(evidence))
    shown = (_single(name, array, focus, shape) for name, array in inputs)
    return (*(panel for panel in shown if panel), *results)


def _decisive(evidence: Evidence) -> tuple[str, Any, Any]:
    """Return the first part of a result that differs, or its first part, with the words that name the part."""
    if evidence.got.status is not Status.PASSED or evidence.expected.status is not Status.PASSED:
        expected = evidence.expected.value if evidence.expected.status is Status.PASSED else None
        return "", expected, evidence.got.value if evidence.got.status is Status.PASSED else None
    parts = list(_parts(evidence.expected.value, evidence.got.value))
    return next((part for part in parts if _differ(*part[1:])), parts[0])


def _parts(expected: Any, got: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    both = isinstance(expected, (tuple, list)) and isinstance(got, (tuple, list))
    if both and expected and len(expected) == len(got):
        for i, (want, have) in enumerate(zip(expected, got, strict=True), 1):
            yield from _parts(want, have, f", value {i}")
    else:
        yield path, expected, got


def _differ(expected: Any, got: Any) -> bool:
    if not (_drawable(expected) and _drawable(got)):
        return value_text(expected) != value_text(got)
    return expected.shape != got.shape or bool(_wrong(expected, got).any())


def _wrong(expected: Array, got: Array) -> Array:
    with np.errstate(all="ignore"):
        return differing(got, expected)


def _drawable(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.size > 0 and value.dtype.kind in PICTURED


def _results(path: str, expected: Any, got: Any) -> tuple[tuple[Panel, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the tables of a result, the index at their centre, and the shape that the index is for."""
    if _drawable(expected) and _drawable(got) and expected.shape == got.shape:
        centre, tables = _triple(path, expected, got)
        return tables, centre, expected.shape
    tables = tuple(
        _table(f"{title}{path}", value, window(value.shape), why="its first part")
        for title, value in (("expected", expected), ("got", got))
        if _drawable(value)
    )
    return tables, (), ()


def _triple(path: str, expected: Array, got: Array) -> tuple[tuple[int, ...], tuple[Panel, ...]]:
    wrong = _wrong(expected, got)
    with np.errstate(all="ignore"):
        gap = np.where(wrong, got.astype(float) - expected.astype(float), 0.0)
        size = np.where(wrong, np.nan_to_num(np.abs(gap), nan=np.inf, posinf=np.inf), -1.0)
    centre = tuple(int(i) for i in np.unravel_index(int(size.argmax()), size.shape))
    part = window(expected.shape, centre)
    mark = part.cut(wrong)
    digits = next((d for d in DIGITS if not _look_alike(part.cut(expected), part.cut(got), mark, d)), DIGITS[-1])
    scale = max(_scale(part.cut(expected)), _scale(part.cut(got)))
    why = "where the difference is largest"
    shown: tuple[Panel, ...] = (
        _table(f"expected{path}", expected, part, why=why, digits=digits, scale=scale),
        _table(f"got{path}", got, part, why=why, digits=digits, scale=scale, wrong=mark),
    )
    if wrong.any():
        shown += (replace(_table("difference: got minus expected", gap, part, why="", wrong=mark), note=""),)
    return centre, shown


def _look_alike(expected: Array, got: Array, wrong: Array, digits: int) -> bool:
    pairs = zip(expected[wrong].tolist(), got[wrong].tolist(), strict=True)
    return any(_number(want, digits) == _number(have, digits) for want, have in pairs)


def _single(name: str, array: Array, focus: tuple[int, ...], shape: tuple[int, ...]) -> Panel | None:
    """Return the table of an input, at the place that corresponds to ``focus`` in a result of ``shape``."""
    if not _drawable(array):
        return None
    if len(shape) != array.ndim:
        return _table(name, array, window(array.shape), why="its first part")
    lead = tuple(min(i, side - 1) for i, side in zip(focus[:-2], array.shape[:-2], strict=True))
    last = zip(focus[-2:], array.shape[-2:], shape[-2:], strict=True)
    near = tuple(int((i + 0.5) * side / length) for i, side, length in last)
    return _table(name, array, window(array.shape, lead + near), why="at the place of the difference")


def _changed_inputs(evidence: Evidence) -> Iterator[Panel]:
    """Yield the tables of inputs that the call modified; a reply holds the arrays that were positional."""
    for (name, array), after in zip(named_arrays(evidence.call), evidence.got.inputs, strict=False):
        if _drawable(array) and _drawable(after) and array.shape == after.shape and _differ(array, after):
            _, (_, got, gap) = _triple("", array, after)
            yield replace(got, title=f"{name} after the call")
            yield replace(gap, title=f"difference: {name} after the call minus before")


def window(shape: tuple[int, ...], centre: tuple[int, ...] | None = None) -> Window:
    """Return the part of an array of this shape that a table shows, around ``centre`` or from the start.

    >>> window((2, 3, 28, 4), (1, 2, 20, 3))
    Window(index=(1, 2), rows=range(16, 24), columns=range(0, 4))
    """
    centre = centre or (0,) * len(shape)
    rows, columns = (1, *shape)[-2:]
    return Window(centre[:-2], _around((0, *centre)[-2], rows), _around(centre[-1], columns))


def _around(centre: int, length: int) -> range:
    start = max(0, min(centre - SIDE // 2, length - SIDE))
    return range(start, min(start + SIDE, length))


def _table(
    title: str,
    array: Array,
    part: Window,
    *,
    why: str,
    digits: int = DIGITS[0],
    scale: float | None = None,
    wrong: Array | None = None,
) -> Panel:
    values = part.cut(array)
    numbers = _floats(values)
    real = np.isfinite(numbers)
    share = np.where(real, numbers, 0.0) / (scale or _scale(values) or 1.0)
    steps = np.sign(share) * np.ceil(np.minimum(np.abs(share), 1.0) * LEVELS)
    marks = np.zeros(values.shape, bool) if wrong is None else wrong
    rows = zip(values.tolist(), steps.astype(int).tolist(), real.tolist(), marks.tolist(), strict=True)
    cells = tuple(
        tuple((_number(v, digits), step if fit else None, mark) for v, step, fit, mark in zip(*row, strict=True))
        for row in rows
    )
    return Panel(title, _note(array, part, why), part, cells)


def _floats(values: Array) -> Array:
    with np.errstate(over="ignore"):  # from long doubles
        return values.astype(float)


def _scale(values: Array) -> float:
    numbers = _floats(values)
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))


def _number(value: float | bool, digits: int) -> str:
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
