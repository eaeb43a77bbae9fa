"""The whole network: a digit goes through every layer once; each layer's shape, parameters and cost stand beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import Dict, Enum, Int, List

from demos.base import Demo
from demos.networks import kept, sample_digits
from demos.picture import Panel, matrices

POOLS = {"max": "max", "average": "avg", "stride": "stride"}
HEADS = {"flatten": "flatten", "global maximum": "gmp"}
CLASSES = 10


class WholeNetwork(Demo, module="whole_network", room=(1867, 1145)):
    """Follow a digit from its pixels to ten shares; change the pool, the head, the image and the number of filters.

    ``pool`` is ``"max"``, ``"average"``, ``"stride"`` or ``"none"``, ``head`` is ``"flatten"`` or ``"global maximum"``,
    ``size`` the side of the image, ``filters`` how many each of the two layers has. The weights are those of trained
    networks; where none was trained, and where the trained one does not fit, only the counts are shown.
    """

    networks = Dict(help="shape and weights of the trained networks, by pool and head").tag(sync=True)
    digits: List[Any] = List(help="one 8x8 digit of each class").tag(sync=True)
    digit = Int(3, min=0, max=9).tag(sync=True)
    pool = Enum([*POOLS, "none"], "max").tag(sync=True)
    head = Enum([*HEADS], "flatten").tag(sync=True)
    size = Int(24, min=8).tag(sync=True)
    filters = List(Int(min=1), [6, 12], minlen=2, maxlen=2).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        files = {f"{pool}, {head}": f"shift_{POOLS[pool]}_{HEADS[head]}" for pool in POOLS for head in HEADS}
        files["none, global maximum"] = "shift_none_gmp"
        networks = {name: kept(file) for name, file in files.items()}
        super().__init__(networks=networks, digits=sample_digits(), **traits)

    def picture(self) -> str:
        """Return the digit, and the shape, parameters and multiply-accumulates of each layer that has weights."""
        (first, second), side = self.filters, self.size
        halved = 1 if self.pool == "none" else 2
        middle, last = side // halved, side // halved**2
        width = second * last**2 if self.head == "flatten" else second
        rows = [
            [first, side, first * 9 + first, first * 9 * side**2],
            [second, middle, second * first * 9 + second, second * first * 9 * middle**2],
            [CLASSES, 1, width * CLASSES + CLASSES, width * CLASSES],
        ]
        panels = [
            Panel("Digit", np.array(self.digits[self.digit])),
            Panel("Maps, side, parameters, multiply-accumulates", np.array(rows, dtype=float)),
        ]
        return matrices(panels, "A digit, and a row for each of two convolutions and a dense layer")
