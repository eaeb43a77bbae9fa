"""Trains the small digit networks that run in the page: ``python -m demos.train`` in the folder ``book``.

Four networks that differ only in their pooling, from one seed and the same batches: two 3x3 convolutions (8
and 16 channels), each with a rectifier and a pooling, then global average pooling and a linear classifier. They
see scikit-learn's 8x8 digits in the middle of a 24x24 canvas; 400 digits are kept for testing. The weights
go, rounded to four decimals, into ``weights.json``.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn import functional

CANVAS, DIGIT, TEST = 24, 8, 400
EPOCHS, BATCH, RATE, SEED = 30, 32, 0.01, 0
TARGET = Path(__file__).with_name("weights.json")


class Stride(nn.Module):
    """Keeps every second row and column."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, ceil(H/2), ceil(W/2))."""
        return x[..., ::2, ::2]


class MaxBlur(nn.Module):
    """Dense 2x2 maximum, then binomial 3x3 blur at stride 2 with reflect padding (Zhang, 2019)."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2) for even H and W."""
        row = torch.tensor([0.25, 0.5, 0.25], dtype=x.dtype)
        kernel = torch.outer(row, row).expand(x.shape[1], 1, 3, 3)
        dense = functional.pad(functional.max_pool2d(x, 2, 1), (1, 1, 1, 1), mode="reflect")
        return functional.conv2d(dense, kernel, stride=2, groups=x.shape[1])


POOLS = {"max": lambda: nn.MaxPool2d(2), "average": lambda: nn.AvgPool2d(2), "stride": Stride, "blur": MaxBlur}


def network(pool: str) -> nn.Sequential:
    """Return an untrained network."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), POOLS[pool](),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), POOLS[pool](),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10),
    )  # fmt: skip


def canvases() -> tuple[Tensor, Tensor]:
    """Return all digits in the middle of their canvases, ``(1797, 1, 24, 24)`` in 0..1, in a fixed random order."""
    bunch = load_digits()
    order = np.random.default_rng(SEED).permutation(len(bunch.target))
    margin = (CANVAS - DIGIT) // 2
    images = functional.pad(torch.tensor(bunch.images[order], dtype=torch.float32)[:, None] / 16, [margin] * 4)
    return images, torch.tensor(bunch.target[order])


def train(pool: str, images: Tensor, labels: Tensor) -> nn.Sequential:
    """Train one network; all share initial weights and batches."""
    torch.manual_seed(SEED)
    net = network(pool)
    optimiser = torch.optim.Adam(net.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(BATCH):
            optimiser.zero_grad()
            functional.cross_entropy(net(images[batch]), labels[batch]).backward()
            optimiser.step()
        schedule.step()
    return net.eval()


def rounded(values: Tensor, digits: int = 4) -> list:
    """Return a tensor as nested lists of short numbers."""
    return np.round(values.detach().double().numpy(), digits).tolist()


def main() -> None:
    """Train all four and write their weights, their test accuracy, and one test digit of each class."""
    images, labels = canvases()
    result = {"networks": {}}
    for pool in POOLS:
        net = train(pool, images[:-TEST], labels[:-TEST])
        accuracy = (net(images[-TEST:]).argmax(1) == labels[-TEST:]).float().mean().item()
        weights = {name: rounded(value) for name, value in net.state_dict().items()}
        result["networks"][pool] = {"accuracy": round(accuracy, 4), "weights": weights}
        print(f"{pool}: {accuracy:.1%} of {TEST} test digits")
    margin = (CANVAS - DIGIT) // 2
    firsts = [images[-TEST:][labels[-TEST:] == digit][0, 0] for digit in range(10)]
    result["digits"] = [rounded(one[margin:-margin, margin:-margin] * 16, 0) for one in firsts]
    TARGET.write_text(json.dumps(result, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
