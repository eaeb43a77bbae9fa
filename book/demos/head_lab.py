"""The head lab: what flatten and global pooling cost, and where a trained network sees a class."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import Dict, Enum, Int, List

from demos.base import Demo
from demos.networks import head_network, sample_digits
from demos.picture import Panel, matrices


class HeadLab(Demo, module="head_lab", room=(922, 1020)):
    """Count the classifier's parameters behind three heads, feed maps of another size, see class activation maps.

    ``head`` is ``"flatten"``, ``"average"`` or ``"max"``; ``channels`` and ``size`` describe the maps that
    reach it, ``new_size`` the side of the maps of another input; ``classes`` is the number of classes.
    ``digit`` is shown to a trained network, ``looked_for`` is the class whose activation map is drawn.
    """

    network = Dict(help="shape and weights").tag(sync=True)
    digits: List[Any] = List(help="one 8x8 digit of each class").tag(sync=True)
    head = Enum(["flatten", "average", "max"], "flatten").tag(sync=True)
    channels = Int(16, min=1).tag(sync=True)
    size = Int(6, min=1).tag(sync=True)
    classes = Int(10, min=1).tag(sync=True)
    new_size = Int(8, min=1).tag(sync=True)
    digit = Int(3, min=0, max=9).tag(sync=True)
    looked_for = Int(8, min=0, max=9).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(network=head_network(), digits=sample_digits(), **traits)

    def picture(self) -> str:
        """Return the classifier's parameters after flatten and after a global pool, and the digit."""
        counts = [self.channels * cells * self.classes + self.classes for cells in (self.size**2, 1)]
        panels = [
            Panel("Parameters: flatten, global", np.array(counts, dtype=float)[:, None]),
            Panel("Digit", np.array(self.digits[self.digit])),
        ]
        return matrices(panels, "Parameters of the classifier after flatten and after a global pool; a digit")
