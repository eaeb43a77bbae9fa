"""The windows of pooling in plain NumPy, for the pictures that stand in for the live demos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Window:
    """Where the window of one output cell lies: ``inside`` the image, and its ``area`` with padding."""

    place: tuple[int, int]
    inside: tuple[slice, slice]
    area: int


def starts(length: int, kernel: int, stride: int, padding: int, ceil_mode: bool) -> list[int]:
    """Return where the windows start along one axis; none may start in the right padding.

    >>> starts(5, 2, 2, 0, ceil_mode=False), starts(5, 2, 2, 0, ceil_mode=True), starts(5, 3, 2, 1, ceil_mode=False)
    ([0, 2], [0, 2, 4], [-1, 1, 3])
    """
    last = length + 2 * padding - kernel + (stride - 1 if ceil_mode else 0)
    return [start - padding for start in range(0, last + 1, stride) if start < length + padding]


def windows(shape: tuple[int, int], kernel: list[int], stride: list[int], padding: list[int],
            ceil_mode: bool = False) -> Iterator[Window]:  # fmt: skip
    """Yield the windows in row-major order; settings that leave no window yield none."""
    axes = [starts(*sizes, ceil_mode) for sizes in zip(shape, kernel, stride, padding, strict=True)]
    for i, top in enumerate(axes[0]):
        for j, left in enumerate(axes[1]):
            edges = [
                (start, min(start + k, n + p))
                for start, k, n, p in zip((top, left), kernel, shape, padding, strict=True)
            ]
            rows, columns = (slice(max(start, 0), min(end, n)) for (start, end), n in zip(edges, shape, strict=True))
            yield Window((i, j), (rows, columns), (edges[0][1] - edges[0][0]) * (edges[1][1] - edges[1][0]))


def filled(values: dict[tuple[int, int], float]) -> np.ndarray:
    """Return a matrix with the given values at their places."""
    rows, columns = (max((place[axis] for place in values), default=-1) + 1 for axis in (0, 1))
    array = np.zeros((rows, columns))
    for place, value in values.items():
        array[place] = value
    return array
