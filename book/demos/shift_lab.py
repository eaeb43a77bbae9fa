"""The shift lab: drag a digit over a canvas; four small trained networks classify it in the page."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import Dict, Int, List

from demos.base import Demo
from demos.networks import CANVAS, sample_digits, shift_networks
from demos.picture import Panel, matrices


class ShiftLab(Demo, module="shift_lab", room=(815, 756)):
    """Compare max, average, stride and blur pooling while the digit moves.

    ``digit`` is the class of the digit shown, ``shift`` its ``[down, right]`` displacement from the middle, at most 8
    pixels each way. ``answers`` holds what each network says.
    """

    networks = Dict(help="shape, weights and accuracy by pooling").tag(sync=True)
    digits: List[Any] = List(help="one 8x8 digit of each class").tag(sync=True)
    canvas_size = Int(CANVAS).tag(sync=True)
    digit = Int(0, min=0, max=9).tag(sync=True)
    shift = List(Int(), [0, 0], minlen=2, maxlen=2).tag(sync=True)
    answers = Dict(help="class by pooling").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(networks=shift_networks(), digits=sample_digits(), **traits)

    def picture(self) -> str:
        """Return the digit, and the networks' accuracy on test digits in the middle."""
        accuracy = np.array([[100 * network["accuracy"]] for network in self.networks.values()])
        names = ", ".join(self.networks)
        panels = [Panel("Digit", np.array(self.digits[self.digit])), Panel(f"Accuracy in % ({names})", accuracy)]
        return matrices(panels, f"A digit, and the accuracy in percent of the networks with pooling: {names}")
