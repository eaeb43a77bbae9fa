"""The demos' trained networks in PyTorch, from the same committed weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

STORED = Path(__file__).parents[2] / "book" / "demos" / "weights.json"
MIDDLE, REACH = 8, 8


def max_blur(x: torch.Tensor) -> torch.Tensor:
    """Dense maximum, reflect padding, binomial blur at stride 2."""
    row = torch.tensor([0.25, 0.5, 0.25], dtype=x.dtype)
    dense = functional.pad(functional.max_pool2d(x, 2, 1), (1, 1, 1, 1), mode="reflect")
    return functional.conv2d(dense, torch.outer(row, row).expand(x.shape[1], 1, 3, 3), stride=2, groups=x.shape[1])


HALVE = {
    "max": lambda x: functional.max_pool2d(x, 2),
    "average": lambda x: functional.avg_pool2d(x, 2),
    "stride": lambda x: x[..., ::2, ::2],
    "blur": max_blur,
}


class Trained:
    """What the networks say of a digit at a shift."""

    def __init__(self) -> None:
        self.stored = json.loads(STORED.read_text("utf-8"))

    def weights(self, pool: str) -> dict[str, list]:
        """Return the stored weights by name."""
        return self.stored["networks"][pool]["weights"]

    def logits(self, pool: str, digit: int, shift: tuple[int, int]) -> np.ndarray:
        """Return ten logits in float64."""
        return self.batch(pool, digit, [shift])[0]

    def answers(self, pool: str, digit: int) -> np.ndarray:
        """Return the classes for all shifts up to 8 pixels, ``(17, 17)``."""
        reach = range(-REACH, REACH + 1)
        return self.batch(pool, digit, [(y, x) for y in reach for x in reach]).argmax(axis=1).reshape(17, 17)

    def batch(self, pool: str, digit: int, shifts: list[tuple[int, int]]) -> np.ndarray:
        """Return the logits of one digit at several shifts."""
        w = {name: torch.tensor(value, dtype=torch.float64) for name, value in self.weights(pool).items()}
        x = torch.zeros(len(shifts), 1, 24, 24, dtype=torch.float64)
        image = torch.tensor(self.stored["digits"][digit], dtype=torch.float64) / 16
        for canvas, (down, right) in zip(x, shifts, strict=True):
            canvas[0, MIDDLE + down : MIDDLE + down + 8, MIDDLE + right : MIDDLE + right + 8] = image
        for name in ("0", "3"):
            x = HALVE[pool](functional.conv2d(x, w[f"{name}.weight"], w[f"{name}.bias"], padding=1).relu())
        return nn.functional.linear(x.mean(dim=(2, 3)), w["8.weight"], w["8.bias"]).numpy()
