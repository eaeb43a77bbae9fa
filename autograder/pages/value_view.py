"""A value as a page shows it: arrays as small tables of numbers on colour, everything else as Python writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from markupsafe import Markup

from .grid import Panel, table, window
from .pictures import PICTURED
from .words import clean

LONGEST = 4000
MOST_PANELS = 6


def value_html(value: Any) -> Markup:
    """Return a value as HTML.

    >>> value_html("a < b")
    Markup('<div class=pm><pre>&#39;a &lt; b&#39;</pre></div>')
    """
    panels = list(_panels("value", value))
    if not panels:
        return Markup("<div class=pm><pre>{}</pre></div>").format(clean(repr(value), LONGEST))
    return Markup("<div class=pm><div class=pm-grids>{}</div></div>").format(
        Markup("").join(panel.html for panel in panels)
    )


def _panels(title: str, value: Any) -> Iterator[Panel]:
    """Yield a table for an array, or for each of several; nothing if there is anything else among them."""
    if isinstance(value, tuple) and 0 < len(value) <= MOST_PANELS and all(map(_drawable, value)):
        for number, one in enumerate(value, 1):
            yield from _panels(f"value {number}", one)
    elif _drawable(value):
        yield table(title, value, window(value.shape), why="its first part")


def _drawable(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.size > 0 and value.dtype.kind in PICTURED
