"""E20: what min pooling and max pooling keep of noise."""

from typing import Any

import torch
from torch.nn.functional import max_pool2d


def arms() -> list[dict[str, Any]]:
    """Return one arm for each window."""
    return [{"window": window} for window in (2, 4)]


reduced = arms  # for a rerun in the tests: they take no time


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Pool noise both ways."""
    x = torch.rand(64, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    low, high = -max_pool2d(-x, arm["window"]), max_pool2d(x, arm["window"])
    return {"min": float(low.mean()), "max": float(high.mean())}
