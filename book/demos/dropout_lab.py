"""The dropout lab: element or channel dropout, before or after pooling, against the exact expectation."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import Enum, Float, Int, List

from demos.base import Demo, matrix
from demos.picture import Panel, matrices

ACTIVATIONS = ((4, 2, 0, 0), (1, 3, 0, 8), (5, 5, 1, 2), (5, 5, 3, 4))
WINDOW = 2


class DropoutLab(Demo, module="dropout_lab", room=(804, 686)):
    """Drop activations around a 2x2 pooling, draw again, and compare with what to expect.

    ``image`` holds non-negative activations of even height and width; ``unit`` is ``"element"`` or
    ``"channel"``, ``order`` is ``"before"`` or ``"after"`` the pool. ``expected`` holds the exact expectation
    of the result at ``window``. Raises ``ValueError`` for negative activations or odd sizes.
    """

    image: List[Any] = List(help="the activations, row by row").tag(sync=True)
    p = Float(0.5, min=0, max=0.9).tag(sync=True)
    unit = Enum(["element", "channel"], "element").tag(sync=True)
    order = Enum(["before", "after"], "before").tag(sync=True)
    operation = Enum(["max", "average"], "max").tag(sync=True)
    seed = Int(1).tag(sync=True)
    window = List(Int(), [0, 0], help="the output cell looked at").tag(sync=True)
    expected = Float(0.0, help="exact expectation of the result there").tag(sync=True)

    def __init__(self, image: Any = ACTIVATIONS, **traits: Any) -> None:
        array = np.asarray(image, dtype=float)
        if (array < 0).any() or array.ndim != 2 or any(length % WINDOW for length in array.shape):
            raise ValueError(f"image: expected non-negative activations of even height and width, got {array.shape}")
        super().__init__(image=matrix(array), **traits)

    def picture(self) -> str:
        """Return the activations, the pool without dropout, and its expectation with element dropout before it."""
        image = np.array(self.image, dtype=float)
        rows, columns = (length // WINDOW for length in image.shape)
        blocks = image.reshape(rows, WINDOW, columns, WINDOW).transpose(0, 2, 1, 3).reshape(rows, columns, -1)
        powers = self.p ** np.arange(WINDOW**2)
        expected = -np.sort(-blocks, axis=2) @ powers
        panels = [Panel("Activations", image), Panel("Max pooling", blocks.max(axis=2)),
                  Panel(f"Expected, dropout {self.p:g} first", expected)]  # fmt: skip
        return matrices(panels, "Activations, their maximum, and its exact expectation after element dropout")
