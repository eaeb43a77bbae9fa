"""The pooling explorer: see a window slide, and the arithmetic of every output cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from traitlets import Bool, Enum, Float, Int, List

from demos import inputs
from demos.base import Demo, matrix, pair
from demos.picture import Panel, matrices
from demos.windows import filled, windows

PRESETS: dict[str, Callable[[], np.ndarray]] = {
    "line": inputs.line,
    "digit": inputs.digit,
    "photo": inputs.photo,
    "random": inputs.random,
}


class PoolingExplorer(Demo, module="pooling_explorer", room=(917, 856)):
    """Choose an input, an operation and its settings; point at an output cell to see where it comes from.

    ``image`` is a 2D array to explore instead of a preset (``"line"``, ``"digit"``, ``"photo"``, ``"random"``).
    ``operation`` is ``"max"``, ``"average"`` or ``"lp"``; the other arguments are those of
    ``torch.nn.functional.max_pool2d``, ``avg_pool2d`` and ``lp_pool2d``. ``output`` holds the result.

    Raises ``ValueError`` for an image that is not a finite 2D array.
    """

    image: List[Any] = List(help="the input, row by row").tag(sync=True)
    operation = Enum(["max", "average", "lp"], "max").tag(sync=True)
    kernel_size = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    stride = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    padding = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    ceil_mode = Bool(False).tag(sync=True)
    count_include_pad = Bool(True).tag(sync=True)
    norm_type = Float(2.0).tag(sync=True)
    window = List(Int(), [0, 0], help="the output cell looked at").tag(sync=True)
    output: List[Any] = List(help="the result, row by row; empty if the settings are impossible").tag(sync=True)

    def __init__(self, image: Any = None, *, preset: str = "line", kernel_size: Any = 2, stride: Any = None,
                 padding: Any = 0, **traits: Any) -> None:  # fmt: skip
        presets = {name: matrix(make()) for name, make in PRESETS.items()}
        if image is not None:
            preset, presets = "yours", {"yours": matrix(image), **presets}
        kernel = pair(kernel_size)
        super().__init__(
            presets=presets, preset=preset, image=presets[preset], kernel_size=kernel,
            stride=kernel if stride is None else pair(stride), padding=pair(padding), **traits,
        )  # fmt: skip

    def picture(self) -> str:
        """Return input and output side by side, with the first output cell and its window framed."""
        image = np.array(self.image, dtype=float)
        found = list(windows(image.shape, self.kernel_size, self.stride, self.padding, self.ceil_mode))
        values = filled({window.place: self._value(image[window.inside], window.area) for window in found})
        rows, columns = found[0].inside if found else (slice(0, 0), slice(0, 0))
        panels = [
            Panel("Input", image, (rows.start, columns.start, rows.stop, columns.stop)),
            Panel("Output", values, (0, 0, 1, 1)),
        ]
        return matrices(panels, f"{self.operation} pooling: the input, and the output that its windows give")

    def _value(self, cells: np.ndarray, area: int) -> float:
        if self.operation == "max":
            return float(cells.max())
        if self.operation == "lp":
            scale = self.kernel_size[0] * self.kernel_size[1] / area  # PyTorch's rule for clipped windows
            return float((scale * (np.abs(cells) ** self.norm_type).sum()) ** (1 / self.norm_type))
        return float(cells.sum() / (area if self.count_include_pad else cells.size))
