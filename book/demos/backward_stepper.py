"""The backward stepper: send gradients back through pooling, one window at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from traitlets import Enum, Int, List

from demos import inputs
from demos.base import Demo, matrix, pair
from demos.picture import Panel, matrices
from demos.windows import filled, windows

PRESETS: dict[str, Callable[[], np.ndarray]] = {"ties": inputs.ties, "digit": inputs.digit, "random": inputs.random}


class BackwardStepper(Demo, module="backward_stepper", room=(840, 702)):
    """Send the gradient of each output cell back to the input and watch where it lands and adds up.

    ``image`` is a 2D array to use instead of a preset (``"ties"``, ``"digit"``, ``"random"``).
    ``ties`` says who receives the gradient of a maximum that stands in a window more than once: the
    ``"first"`` (as PyTorch), ``"all"``, or all in equal parts (``"split"``). ``upstream`` holds the
    gradient of the output, ``sent`` how many of its cells were sent, ``gradient`` what has arrived.

    Raises ``ValueError`` for an image that is not a finite 2D array.
    """

    image: List[Any] = List(help="the input, row by row").tag(sync=True)
    operation = Enum(["max", "average"], "max").tag(sync=True)
    ties = Enum(["first", "all", "split"], "first").tag(sync=True)
    kernel_size = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    stride = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    padding = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    upstream: List[Any] = List(help="gradient of the output; empty means ones").tag(sync=True)
    sent = Int(0, help="how many output cells have sent their gradient, in row-major order").tag(sync=True)
    cell = List(Int(), [0, 0], help="the input cell compared with a finite difference").tag(sync=True)
    gradient: List[Any] = List(help="what has arrived at the input, row by row").tag(sync=True)

    def __init__(self, image: Any = None, *, preset: str = "ties", kernel_size: Any = 2, stride: Any = None,
                 padding: Any = 0, upstream: Any = None, **traits: Any) -> None:  # fmt: skip
        presets = {name: matrix(make()) for name, make in PRESETS.items()}
        if image is not None:
            preset, presets = "yours", {"yours": matrix(image), **presets}
        kernel = pair(kernel_size)
        super().__init__(
            presets=presets, preset=preset, image=presets[preset], kernel_size=kernel,
            stride=kernel if stride is None else pair(stride), padding=pair(padding),
            upstream=[] if upstream is None else matrix(upstream), **traits,
        )  # fmt: skip

    def picture(self) -> str:
        """Return input, output, and the gradient after every output cell has sent a gradient of 1."""
        image = np.array(self.image, dtype=float)
        output, gradient = {}, np.zeros_like(image)
        for window in windows(image.shape, self.kernel_size, self.stride, self.padding):
            cells = image[window.inside]
            output[window.place] = cells.max() if self.operation == "max" else cells.sum() / window.area
            gradient[window.inside] += self._shares(cells, window.area)
        panels = [Panel("Input", image), Panel("Output", filled(output)), Panel("Gradient of the input", gradient)]
        return matrices(panels, f"{self.operation} pooling and the gradient of the input, every output sending 1")

    def _shares(self, cells: np.ndarray, area: int) -> np.ndarray:
        if self.operation == "average":
            return np.full(cells.shape, 1 / area)
        winners: np.ndarray = (cells == cells.max()).astype(float)
        if self.ties == "split":
            winners /= winners.sum()
        if self.ties == "first":
            winners.ravel()[winners.argmax() + 1 :] = 0
        return winners
