"""E14: dropout trained to a plateau: place, share, pool, amount of data, batch normalisation, and how it is evaluated.

Budget: to a plateau (see ``plateau``), one rate an arm. Digits by writers that are not trained on, each at one random
position on a canvas of 16.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments import sets
from experiments.data import scattered
from experiments.nets import Built, Net, build
from experiments.plateau import SHORT, Fit, Task, by_seed, class_shares
from experiments.task import EVALUATION
from experiments.train import outputs

CANVAS = 16
PLACES = ("before", "after", "after_last", "channel")
MASKS = 50


def arm(down: str, dropout: str, p: float, n: int, *, norm: bool = False) -> dict[str, Any]:
    """Return an arm of this experiment."""
    return {"down": down, "dropout": dropout, "p": p, "n": n, "norm": norm, "seeds": 10}


def arms() -> list[dict[str, Any]]:
    """Return the grid, by amount of data, then the arms with batch normalisation."""
    found = []
    for n, down in product((300, 100, 1100), ("max", "avg")):
        found.append(arm(down, "none", 0, n))
        shares = (0.5, 0.3, 0.1) if n == 300 else (0.5,)
        found += [arm(down, place, p, n) for p, place in product(shares, PLACES)]
    for down in ("max", "avg"):
        found.append(arm(down, "none", 0, 300, norm=True))
        found += [arm(down, place, 0.5, 300, norm=True) for place in PLACES]
    return found


def reduced() -> list[dict[str, Any]]:
    """Return no dropout, and dropout before and after the last pool of 300 digits."""
    return [{**arm("max", place, p, 300), **SHORT} for place, p in (("none", 0), ("before", 0.5))]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed."""
    return by_seed(arm, one)


def one(arm: dict[str, Any], seed: int, fit: Fit) -> dict[str, Any]:
    """Train the arm with one seed; return accuracy and loss on the test digits, evaluated in three ways.

    "test" and "loss" are with dropout switched off. "exact_test" and "exact_loss" replace dropout and maximum by the
    expected maximum (Wu & Gu, 2015), where dropout stands before a maximum. "masks_test" and "masks_loss" average the
    probabilities over 50 drawn masks: an estimate without bias of what the trained, random net says.
    """
    cut = sets.split("digits", seed, arm["n"])
    net = build(
        Net(canvas=CANVAS, widths=(12, 24), down=arm["down"], dropout=arm["dropout"], p=arm["p"], norm=arm["norm"]),
        seed,
    )
    x, x_val, x_test = (
        scattered(part, CANVAS, key)[0]
        for part, key in ((cut.x, seed), (cut.x_val, EVALUATION + seed), (cut.x_test, 2 * EVALUATION + seed))
    )
    ending = fit(net, Task(x, cut.y, x_val, cut.y_val, class_shares(cut.y, 10)))
    found = {**ending.figures(), "train": accuracy_loss(outputs(net, x), cut.y)[0]}
    found["test"], found["loss"] = accuracy_loss(outputs(net, x_test), cut.y_test)
    if arm["dropout"] != "none":
        found["masks_test"], found["masks_loss"] = accuracy_loss(masked(net, x_test, seed), cut.y_test)
    if arm["dropout"] == "before" and arm["down"] == "max":
        found["exact_test"], found["exact_loss"] = accuracy_loss(outputs(expected(net), x_test), cut.y_test)
    return found


def accuracy_loss(logits: Tensor, y: Tensor) -> tuple[float, float]:
    """Return the share of right answers and the mean cross-entropy."""
    return float((logits.argmax(1) == y).float().mean()), float(F.cross_entropy(logits, y))


def masked(net: Built, x: Tensor, seed: int) -> Tensor:
    """Return the logarithm of the class probabilities averaged over drawn masks."""
    net.eval()
    for layer in net.modules():
        if isinstance(layer, nn.Dropout | nn.Dropout2d):
            layer.train()
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        mean = sum((net(x).softmax(1) for _ in range(MASKS)), torch.zeros(())) / MASKS
    net.eval()
    return mean.clamp(min=1e-12).log()


class ExpectedMaximum(nn.Module):
    """The expected maximum of each 2 x 2 window of values >= 0 after inverted dropout with share ``p``.

    With values a1 >= a2 >= a3 >= a4, the k-th is the largest survivor with probability p^(k-1) (1 - p), and counts
    a_k / (1 - p): the expectation is the sum of p^(k-1) a_k.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        four = torch.stack([x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)])
        weights = torch.tensor([self.p**k for k in range(4)])
        return (four.sort(dim=0, descending=True).values * weights[:, None, None, None, None]).sum(0)


def expected(net: Built) -> nn.Sequential:
    """Return the net with its maxima after dropout replaced by their expectations."""
    body: list[nn.Module] = []
    p = 0.0
    for layer in net.trunk:
        if isinstance(layer, nn.Dropout):
            p = layer.p
        else:
            body.append(ExpectedMaximum(p) if isinstance(layer, nn.MaxPool2d) else layer)
    return nn.Sequential(*body, net.head)
