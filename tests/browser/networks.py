"""The demos' trained networks in PyTorch, built by the experiments' own code from the same committed weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from experiments.nets import Net, build
from numpy.typing import NDArray
from torch import nn

BOOK = Path(__file__).parents[2] / "book"

FILES = {"max": "shift_max_gmp", "average": "shift_avg_gmp", "stride": "shift_stride_gmp", "blur": "shift_blur_gmp",
         "head": "head_gap"}  # fmt: skip
MIDDLE, REACH = 8, 8


def stored(name: str) -> dict[str, Any]:
    """Return the content of one file of weights."""
    content: dict[str, Any] = json.loads((BOOK / "demos" / "weights" / f"{name}.json").read_text("utf-8"))
    return content


def rebuilt(name: str) -> nn.Module:
    """Return a network of the experiments with its stored weights, in float64."""
    file = stored(name)
    shape = {key: file[key] for key in ("canvas", "down", "head", "padding")}
    net = build(Net(widths=tuple(file["widths"]), pools=tuple(file["pools"]), **shape), seed=0).double().eval()
    layers = dict(net.named_modules())
    with torch.no_grad():
        for path, layer in layers.items():
            for part, values in file["layers"].get(path.split(".")[-1], {}).items():
                getattr(layer, part).copy_(torch.tensor(values, dtype=torch.float64))
    return net


class Trained:
    """What the networks say of a digit at a shift."""

    def __init__(self) -> None:
        self.nets = {label: rebuilt(name) for label, name in FILES.items()}
        self.digits = stored("digits")

    def bias(self, label: str) -> NDArray[np.float64]:
        """Return the biases of the ten classes."""
        bias: NDArray[np.float64] = self.nets[label].get_parameter("head.logits.bias").detach().numpy()
        return bias

    def logits(self, label: str, digit: int, shift: tuple[int, int]) -> NDArray[np.float64]:
        """Return ten logits in float64."""
        logits: NDArray[np.float64] = self.batch(label, digit, [shift])[0]
        return logits

    def answers(self, label: str, digit: int) -> NDArray[np.int64]:
        """Return the classes for all shifts up to 8 pixels, ``(17, 17)``."""
        reach = range(-REACH, REACH + 1)
        logits = self.batch(label, digit, [(y, x) for y in reach for x in reach])
        classes: NDArray[np.int64] = logits.argmax(axis=1).reshape(17, 17)
        return classes

    def batch(self, label: str, digit: int, shifts: list[tuple[int, int]]) -> NDArray[np.float64]:
        """Return the logits of one digit at several shifts."""
        x = torch.zeros(len(shifts), 1, 24, 24, dtype=torch.float64)
        index = self.digits["labels"].index(digit)
        image = torch.tensor(self.digits["images"][index], dtype=torch.float64) / self.digits["scale"]
        for canvas, (down, right) in zip(x, shifts, strict=True):
            canvas[0, MIDDLE + down : MIDDLE + down + 8, MIDDLE + right : MIDDLE + right + 8] = image
        with torch.no_grad():
            logits: NDArray[np.float64] = self.nets[label](x).numpy()
        return logits
