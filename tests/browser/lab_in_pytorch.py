"""The networks of the training lab in PyTorch, from the same description, weights and masks of dropout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

MODES = {"zero": "constant", "reflect": "reflect", "wrap": "circular"}


def padded(x: Tensor, before: int, after: int, border: str) -> Tensor:
    """Continue maps beyond their borders."""
    return functional.pad(x, (before, after, before, after), mode=MODES[border])


def blurred(x: Tensor, taps: int, stride: int, border: str) -> Tensor:
    """Filter each channel with the binomial of so many taps, and keep every stride-th cell."""
    row = torch.ones(1, dtype=x.dtype)
    for _ in range(taps - 1):
        row = (functional.pad(row, (0, 1)) + functional.pad(row, (1, 0))) / 2
    kernel = torch.outer(row, row).expand(x.shape[1], 1, taps, taps)
    return functional.conv2d(padded(x, taps // 2, taps // 2, border), kernel, stride=stride, groups=x.shape[1])


def norm(x: Tensor, window: int, stride: int) -> Tensor:
    """Return the root of the sum of squares of each window; its slope at zero is zero, unlike that of ``lp_pool2d``."""
    return torch.linalg.vector_norm(x.unfold(2, window, stride).unfold(3, window, stride), dim=(-2, -1))


def pooled(x: Tensor, block: dict[str, Any]) -> Tensor:
    """Pool as a block says."""
    window, stride, border = block["window"], block["stride"], block["padding"]
    match block["pool"]:
        case "max":
            x = functional.max_pool2d(x, window, stride)
        case "average":
            x = functional.avg_pool2d(x, window, stride)
        case "l2":
            x = norm(x, window, stride)
        case "stride":
            x = x[..., ::stride, ::stride]
        case "blur":
            x = blurred(x, window, stride, border)
        case "maxblur":
            dense = functional.max_pool2d(padded(x, 0, window - 1, border), window, stride=1)
            x = blurred(dense, 3, stride, border)
    return x


def through(x: Tensor, spec: dict[str, Any], parameters: list[Tensor], masks: Iterator[Tensor]) -> Tensor:
    """Return the logits; a mask for each dropout in turn, and weight and bias of each layer that has them."""
    left = iter(parameters)
    for block in spec["blocks"]:
        around = block["kernel"] // 2
        weight = next(left).reshape(block["filters"], -1, block["kernel"], block["kernel"])
        x = functional.conv2d(padded(x, around, around, block["padding"]), weight, next(left)).relu()
        if block["dropout"] != "none" and block["place"] == "before":
            x = x * next(masks).reshape(x.shape)
        x = pooled(x, block)
        if block["dropout"] != "none" and block["place"] == "after":
            x = x * next(masks).reshape(x.shape)
    flat = {"flatten": x.flatten(1), "average": x.mean((2, 3)), "max": x.flatten(2).max(2).values}[spec["head"]]
    bias_and_weight = [next(left), next(left)]
    return functional.linear(flat, bias_and_weight[0].reshape(-1, flat.shape[1]), bias_and_weight[1])
