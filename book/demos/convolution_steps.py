"""Convolution in steps: one window after another, and what padding, stride, dilation and channels change."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import Dict, Int, Unicode

from demos.base import Demo, matrix
from demos.picture import Panel, matrices

SIDE, LINE, LIT = 6, slice(2, 4), 1


def _line() -> np.ndarray:
    """Return a 6x6 image, dark but for a vertical line of ones, two pixels wide and in the middle."""
    image = np.zeros((SIDE, SIDE))
    image[:, LINE] = LIT
    return image


COLUMN = np.array([[0, 1, 0]] * 3)
# What each lesson changes of the first; its second channel holds a horizontal line, for a slice with a middle row.
LESSONS: dict[str, dict[str, int]] = {
    "window": {},
    "padding": {"padding": 1},
    "stride": {"stride": 2},
    "dilation": {"dilation": 2},
    "channels": {"channels": 2},
}


def lesson(channels: int = 1, stride: int = 1, padding: int = 0, dilation: int = 1) -> dict[str, Any]:
    """Return the image and filter of a lesson, as channels of rows, and its settings."""
    planes, slices = [_line(), _line().T][:channels], [COLUMN, COLUMN.T][:channels]
    return {
        "image": [matrix(plane) for plane in planes],
        "weight": [matrix(part) for part in slices],
        "stride": [stride] * 2,
        "padding": [padding] * 2,
        "dilation": [dilation] * 2,
    }


def window(given: dict[str, Any], row: int, column: int) -> tuple[int, int, int, int]:
    """Return the area that the filter spans for a cell of the map: top, left, bottom, right, counted with padding."""
    span = given["dilation"][0] * (len(given["weight"][0]) - 1) + 1
    top, left = row * given["stride"][0], column * given["stride"][0]
    return top, left, top + span, left + span


def panels(name: str, cell: tuple[int, int] = (0, 0)) -> list[Panel]:
    """Return a lesson as panels: each channel with its padding and the window of one cell, each slice, the map."""
    given = lesson(**LESSONS[name])
    area, padding, spread = window(given, *cell), given["padding"][0], given["dilation"][0]
    planes = [np.pad(np.array(plane), padding) for plane in given["image"]]
    step, (side, kernel) = given["stride"][0], (len(planes[0]), len(given["weight"][0]))
    places = range(0, side - spread * (kernel - 1), step)
    sums = [
        [
            sum(
                (plane[top : top + spread * kernel : spread, left : left + spread * kernel : spread] * part).sum()
                for plane, part in zip(planes, np.array(given["weight"]), strict=True)
            )
            for left in places
        ]
        for top in places
    ]
    several = len(planes) > 1
    drawn = []
    for number, (plane, part) in enumerate(zip(planes, given["weight"], strict=True), 1):
        drawn += [
            Panel(f"Channel {number}" if several else "Image", plane, area),
            Panel(f"Slice {number}" if several else "Filter", np.array(part, dtype=float)),
        ]
    row, column = cell
    return [*drawn, Panel("Map", np.array(sums), (row, column, row + 1, column + 1))]


class ConvolutionSteps(Demo, module="convolution_steps", room=(633, 647)):
    """Step a filter over a small image, window by window.

    ``lesson`` is ``"window"``, ``"padding"``, ``"stride"``, ``"dilation"`` or ``"channels"``; ``step`` counts the
    windows, row by row.
    """

    lessons = Dict(help="image, filter and settings by name").tag(sync=True)
    lesson = Unicode("window").tag(sync=True)
    step = Int(0, min=0).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(lessons={name: lesson(**changed) for name, changed in LESSONS.items()}, **traits)

    def picture(self) -> str:
        """Return the image with the first window, the filter and the map of the lesson."""
        return matrices(panels(self.lesson), f"Image with one window, filter and map; lesson: {self.lesson}")
