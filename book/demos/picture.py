"""Plain pictures of matrices as SVG, for print and for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

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
    """Return a number in at most three decimals with a real minus sign."""
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-", "−")


def _shade(share: float) -> tuple[str, str]:
    """Return paper and ink for a value, given as a share of the largest magnitude."""
    target, amount = (POSITIVE if share > 0 else NEGATIVE), abs(share)
    paper = [round(245 + (channel - 245) * amount) for channel in target]
    return f"rgb({paper[0]},{paper[1]},{paper[2]})", LIGHT if amount > 0.55 else DARK


def _cells(values: np.ndarray, x: int, y: int, largest: float) -> list[str]:
    parts = []
    for (row, column), value in np.ndenumerate(values):
        paper, ink = _shade(value / largest)
        left, top = x + column * CELL, y + row * CELL
        parts.append(
            f'<rect x="{left + 1}" y="{top + 1}" width="{CELL - 2}" height="{CELL - 2}" rx="4" fill="{paper}"/>'
            f'<text x="{left + CELL / 2}" y="{top + CELL / 2 + 3.5}" fill="{ink}">{number(value)}</text>'
        )
    return parts


def matrices(panels: Sequence[Panel], description: str) -> str:
    """Return the panels side by side, on one colour scale, as an SVG that tells what it shows."""
    largest = max((np.abs(panel.values).max(initial=0) for panel in panels), default=0) or 1
    parts, x, tallest = [], 1, 0
    for panel in panels:
        rows, columns = panel.values.shape
        parts.append(f'<text x="{x}" y="16" class="caption">{escape(panel.caption)}</text>')
        parts += _cells(panel.values, x, TOP, largest)
        if panel.window:
            top, left, bottom, right = (edge * CELL for edge in panel.window)
            parts.append(
                f'<rect x="{x + left}" y="{TOP + top}" width="{right - left}" height="{bottom - top}" rx="6"'
                ' fill="none" stroke="#c2410c" stroke-width="3"/>'
            )
        x, tallest = x + max(columns * CELL, len(panel.caption) * LETTER) + GAP, max(tallest, rows)
    width, height = x - GAP + 1, TOP + tallest * CELL + 2
    style = (
        "text{font:9px sans-serif;text-anchor:middle}"
        f".caption{{font:600 13px sans-serif;text-anchor:start;fill:{DARK}}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img"'
        f' aria-label="{escape(description)}"><style>{style}</style>{"".join(parts)}</svg>'
    )
