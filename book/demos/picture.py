"""Plain pictures of matrices as SVG, for print and for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rendering import render

CELL, GAP, TOP = 26, 46, 26
LETTER = 8  # a generous width of a caption's letter
POSITIVE, NEGATIVE = (53, 63, 152), (151, 69, 8)
DARK, LIGHT = "#1c2036", "#ffffff"


@dataclass(frozen=True)
class Panel:
    """A captioned matrix; ``window`` is a framed area: top, left, bottom, right, in cells."""

    caption: str
    values: np.ndarray
    window: tuple[int, int, int, int] | None = None


def number(value: float) -> str:
    """Return a number with at most three decimals and a typographic minus sign.

    >>> number(-2.5), number(1 / 3), number(4)
    ('−2.5', '0.333', '4')
    """
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-", "−")


def _shade(share: float) -> tuple[str, str]:
    """Return the colours of background and text for a value, given as a share of the largest magnitude."""
    target, amount = (POSITIVE if share > 0 else NEGATIVE), abs(share)
    paper = [round(245 + (channel - 245) * amount) for channel in target]
    return f"rgb({paper[0]},{paper[1]},{paper[2]})", LIGHT if amount > 0.55 else DARK


def _cells(values: np.ndarray, x: int, y: int, largest: float) -> Iterator[dict[str, Any]]:
    for (row, column), value in np.ndenumerate(values):
        paper, ink = _shade(value / largest)
        left, top = x + column * CELL, y + row * CELL
        yield {
            "left": left + 1,
            "top": top + 1,
            "side": CELL - 2,
            "middle": left + CELL / 2,
            "baseline": top + CELL / 2 + 3.5,
            "paper": paper,
            "ink": ink,
            "text": number(value),
        }


def _frame(window: tuple[int, int, int, int], x: int, y: int) -> dict[str, int]:
    top, left, bottom, right = (edge * CELL for edge in window)
    return {"left": x + left, "top": y + top, "width": right - left, "height": bottom - top}


@dataclass(frozen=True)
class Still:
    """Panels as pictures of their own, which stand side by side where there is room, with words below them."""

    panels: Sequence[Panel]
    caption: str

    def _repr_html_(self) -> str:
        """Return the figure as HTML."""
        pictures = [
            matrices([panel], f"{panel.caption}, its numbers row by row: {_told(panel.values)}")
            for panel in self.panels
        ]
        return render("still.html", pictures=pictures, caption=self.caption)


def _told(values: np.ndarray) -> str:
    """Return a matrix in words, for those who cannot see it.

    >>> _told(np.array([[0, 1], [2, 3]]))
    '0 1; 2 3'
    """
    return "; ".join(" ".join(number(value) for value in row) for row in values)


def matrices(panels: Sequence[Panel], description: str) -> str:
    """Return the panels side by side, on one colour scale, as an SVG that tells what it shows."""
    largest = max((np.abs(panel.values).max(initial=0) for panel in panels), default=0) or 1
    drawn: list[dict[str, Any]] = []
    x, tallest = 1, 0
    for panel in panels:
        rows, columns = panel.values.shape
        cells = list(_cells(panel.values, x, TOP, largest))
        frame = _frame(panel.window, x, TOP) if panel.window else None
        drawn.append({"left": x, "caption": panel.caption, "cells": cells, "frame": frame})
        x, tallest = x + max(columns * CELL, len(panel.caption) * LETTER) + GAP, max(tallest, rows)
    size = {"width": x - GAP + 1, "height": TOP + tallest * CELL + 2}
    return render("matrices.svg", panels=drawn, description=description, ink=DARK, **size)
