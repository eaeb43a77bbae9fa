"""The receptive-field and cost calculator: stack layers, see what one output cell sees and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import Int, List

from demos.base import Demo
from demos.picture import Panel, matrices

DEFAULT = (("conv", 3, 1, 1, 16), ("conv", 3, 1, 1, 16), ("pool", 2, 2, 0, 0), ("conv", 3, 1, 1, 32))


def layer(kind: str, kernel: int, stride: int = 1, padding: int = 0, channels: int = 16) -> dict[str, Any]:
    """Return one layer; ``kind`` is ``"conv"`` or ``"pool"``. The channels of a pool are those of its input."""
    if kind not in ("conv", "pool"):
        raise ValueError(f"kind: expected 'conv' or 'pool', got {kind!r}")
    return {"kind": kind, "kernel": kernel, "stride": stride, "padding": padding, "channels": channels}


class ReceptiveField(Demo, module="receptive_field", room=(1050, 720)):
    """Stack convolutions and poolings; trace one output cell down to the input.

    ``layers`` is a sequence of ``(kind, kernel, stride, padding, channels)``, the input's side first.
    """

    size = Int(32, help="height and width of the input").tag(sync=True)
    channels = Int(3, help="channels of the input").tag(sync=True)
    layers: List[Any] = List(help="the layers, input first").tag(sync=True)
    position = Int(8, help="the output cell that is traced").tag(sync=True)

    def __init__(self, layers: Any = DEFAULT, **traits: Any) -> None:
        super().__init__(layers=[layer(*values) for values in layers], **traits)

    def picture(self) -> str:
        """Return the receptive field's size and jump after each layer."""
        field, jump, rows = 1, 1, []
        for one in self.layers:
            field, jump = field + (one["kernel"] - 1) * jump, jump * one["stride"]
            rows.append([one["kernel"], one["stride"], field, jump])
        panel = Panel("Kernel, stride, receptive field, jump", np.array(rows, dtype=float).reshape(-1, 4))
        return matrices([panel], "After each layer, a row: kernel, stride, receptive field and jump")
