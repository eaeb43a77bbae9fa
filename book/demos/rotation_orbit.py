"""Rotation by pooling over an orbit: the strongest answer of a filter's four right-angle rotations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from traitlets import Float, Int, List

from demos import inputs
from demos.base import Demo, matrix
from demos.picture import Panel, matrices

EDGE = ((-1, 0, 1), (-1, 0, 2), (-1, 0, 1))
PRESETS: dict[str, Callable[[], np.ndarray]] = {
    "digit": inputs.digit,
    "line": inputs.line,
    "random": inputs.random,
    "photo": inputs.photo,
}


class RotationOrbit(Demo, module="rotation_orbit", room=(631, 718)):
    """Turn the image: each rotation of the filter answers differently, their maximum does not change.

    ``image`` and ``weight`` are square 2D arrays to use instead of a preset and the default filter.
    ``pooled`` holds the maximum over rotations and positions. Raises
    ``ValueError`` if one is not square, or the filter is larger.
    """

    image: List[Any] = List(help="the image before it is turned, row by row").tag(sync=True)
    weight: List[Any] = List(help="the filter, row by row").tag(sync=True)
    turns = Int(0, help="quarter turns of the image, counter-clockwise").tag(sync=True)
    pooled = Float(0.0, help="maximum over rotations and positions").tag(sync=True)

    def __init__(self, image: Any = None, weight: Any = EDGE, *, preset: str = "digit", **traits: Any) -> None:
        presets = {name: matrix(make()) for name, make in PRESETS.items()}
        if image is not None:
            preset, presets = "yours", {"yours": matrix(image), **presets}
        shapes = np.shape(presets[preset]), np.shape(weight)
        if any(height != width for height, width in shapes) or shapes[1] > shapes[0]:
            raise ValueError(f"image, weight: expected squares, the filter not larger, got {shapes[0]}, {shapes[1]}")
        super().__init__(presets=presets, preset=preset, image=presets[preset], weight=matrix(weight), **traits)

    def picture(self) -> str:
        """Return image and filter, and the strongest answer of each rotation."""
        image = np.rot90(np.array(self.image, dtype=float), self.turns)
        weight = np.array(self.weight, dtype=float)
        views = sliding_window_view(image, weight.shape)
        answers = [[np.einsum("hwuv,uv->hw", views, np.rot90(weight, turn)).max()] for turn in range(4)]
        panels = [Panel("Image", image), Panel("Filter", weight), Panel("Answers by rotation", np.array(answers))]
        return matrices(panels, "An image, a filter, and the strongest answer of each of its four rotations")
