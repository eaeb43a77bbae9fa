"""RoI pooling: drag a box over a feature map and see its bins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from traitlets import Enum, Int, List

from demos import inputs
from demos.base import Demo, matrix, pair
from demos.picture import Panel, matrices

PRESETS: dict[str, Callable[[], np.ndarray]] = {"photo": inputs.photo, "digit": inputs.digit, "random": inputs.random}
BOX = [1, 1, 6, 5]


class RoiPooling(Demo, module="roi_pooling", room=(819, 820)):
    """Pool a region of a map into a fixed number of bins, as ``roi_max_pool`` and adaptive pooling do.

    ``image`` is a 2D array to use instead of a preset (``"photo"``, ``"digit"``, ``"random"``); ``box`` is
    ``[top, left, bottom, right]``, its end excluded (cut to the map); ``shape`` the number of bins, an int or a pair.

    Raises ``ValueError`` for a box without a cell of the map, or a shape without bins.
    """

    image: List[Any] = List(help="the feature map, row by row").tag(sync=True)
    operation = Enum(["max", "average"], "max").tag(sync=True)
    box = List(Int(), BOX, minlen=4, maxlen=4).tag(sync=True)
    shape = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    bin = List(Int(), [0, 0], help="the bin looked at").tag(sync=True)
    output: List[Any] = List(help="the pooled bins, row by row").tag(sync=True)

    def __init__(self, image: Any = None, *, preset: str = "photo", shape: Any = 3, **traits: Any) -> None:
        presets = {name: matrix(make()) for name, make in PRESETS.items()}
        if image is not None:
            preset, presets = "yours", {"yours": matrix(image), **presets}
        rows, columns = np.shape(presets[preset])
        top, left, bottom, right = traits.pop("box", BOX)
        box = [top, left, min(bottom, rows), min(right, columns)]
        if not (0 <= top < box[2] and 0 <= left < box[3] and min(pair(shape)) > 0):
            raise ValueError(f"box, shape: expected a box in the {rows} x {columns} map and bins, got {box}, {shape}")
        super().__init__(presets=presets, preset=preset, image=presets[preset], box=box, shape=pair(shape), **traits)

    def picture(self) -> str:
        """Return the map with its box, and the maximum or average of each bin."""
        image, (top, left, bottom, right) = np.array(self.image, dtype=float), self.box
        edges = [
            [(start + i * length // count, start - (-(i + 1) * length // count)) for i in range(count)]
            for start, length, count in zip((top, left), (bottom - top, right - left), self.shape, strict=True)
        ]
        reduce = np.max if self.operation == "max" else np.mean
        values = np.array([[reduce(image[y0:y1, x0:x1]) for x0, x1 in edges[1]] for y0, y1 in edges[0]])
        panels = [Panel("Feature map", image, (top, left, bottom, right)), Panel("Pooled bins", values)]
        return matrices(panels, f"A box on a feature map and the {self.operation} of each of its bins")
