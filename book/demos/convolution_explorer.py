"""The convolution explorer: a filter to edit, a window to move, the sum behind every output cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from traitlets import Dict, Int, List, Unicode

from demos import inputs
from demos.base import Demo, matrix, pair
from demos.picture import Panel, matrices

PRESETS: dict[str, Callable[[], np.ndarray]] = {
    "line": inputs.line,
    "digit": inputs.digit,
    "random": inputs.random,
    "photo, 3 channels": inputs.colour_photo,
}
FILTERS = {
    "vertical edge": [[-1, 0, 1]] * 3,
    "horizontal edge": [[-1] * 3, [0] * 3, [1] * 3],
    "middle column": [[0, 1, 0]] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}


def stack(image: Any) -> list[list[list[float]]]:
    """Return a 2D array or a ``(C, H, W)`` array as channels of rows; raises ``ValueError`` for others."""
    array = np.asarray(image, dtype=float)
    if array.ndim not in (2, 3):
        raise ValueError(f"image, weight: expected 2 or 3 dimensions, got shape {array.shape}")
    return [matrix(plane) for plane in array.reshape(-1, *array.shape[-2:])]


class ConvolutionExplorer(Demo, module="convolution_explorer", room=(884, 876)):
    """Edit the filter and the input; point at an output cell to see the products that it adds up.

    ``image`` is a 2D or ``(C, H, W)`` array to use instead of a preset (``"line"``, ``"digit"``, ``"random"``,
    ``"photo, 3 channels"``), ``weight`` a square filter of the same kind instead of a named ``filter``; ``stride``,
    ``padding`` and ``dilation`` are those of ``torch.nn.functional.conv2d``. ``output`` holds the result.
    """

    image: List[Any] = List(help="the input: channels of rows").tag(sync=True)
    weight: List[Any] = List(help="the filter: channels of rows").tag(sync=True)
    filters = Dict(help="named filters").tag(sync=True)
    filter = Unicode("vertical edge").tag(sync=True)
    stride = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    padding = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    dilation = List(Int(), minlen=2, maxlen=2).tag(sync=True)
    channel = Int(0, help="the channel shown").tag(sync=True)
    window = List(Int(), [0, 0], help="the output cell looked at").tag(sync=True)
    output: List[Any] = List(help="the result, row by row; empty if the settings are impossible").tag(sync=True)

    def __init__(self, image: Any = None, weight: Any = None, *, preset: str = "line", filter: str = "vertical edge",  # noqa: A002
                 stride: Any = 1, padding: Any = 0, dilation: Any = 1, **traits: Any) -> None:  # fmt: skip
        presets = {name: stack(make()) for name, make in PRESETS.items()}
        filters = {name: matrix(kernel) for name, kernel in FILTERS.items()}
        if image is not None:
            preset, presets = "yours", {"yours": stack(image), **presets}
        planes = presets[preset]
        if weight is not None:
            filter, filters = "yours", {"yours": stack(weight)[0], **filters}  # noqa: A001
        super().__init__(
            presets=presets, preset=preset, image=planes, filters=filters, filter=filter,
            weight=[filters[filter]] * len(planes) if weight is None or np.ndim(weight) == 2 else stack(weight),
            stride=pair(stride), padding=pair(padding), dilation=pair(dilation), **traits,
        )  # fmt: skip

    def picture(self) -> str:
        """Return the first channel's input and filter, and the output."""
        image, weight = np.array(self.image, dtype=float), np.array(self.weight, dtype=float)
        (ph, pw), (dh, dw), (sh, sw) = self.padding, self.dilation, self.stride
        padded = np.pad(image, ((0, 0), (ph, ph), (pw, pw)))
        reach = tuple(d * (k - 1) + 1 for d, k in zip((dh, dw), weight.shape[1:], strict=True))
        views = sliding_window_view(padded, reach, axis=(1, 2))[:, ::sh, ::sw, ::dh, ::dw]
        values = np.einsum("chwuv,cuv->hw", views, weight)
        panels = [Panel("Input", image[0]), Panel("Filter", weight[0]), Panel("Output", values)]
        return matrices(panels, f"Input, {self.filter} filter, and their cross-correlation")
