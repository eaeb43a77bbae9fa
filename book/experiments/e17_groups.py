"""E17: rotation at equal parameters: augmentation, the largest of four turned filters, and group convolution.

Budget: to a plateau, and after 300 and 1,000 steps of the same runs; one rate an arm; two widths. Digits of 8 x 8
pixels by writers not trained on, on a canvas of 16, and MNIST at 14 x 14 on one of 20: a turned digit always fits.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments import sets
from experiments.data import shifted
from experiments.e10_rotation import Orbit, confusion, rotated
from experiments.nets import Global, initialise, parameters
from experiments.plateau import SHORT, Fit, Task, by_seed, class_shares
from experiments.train import outputs

SIDE, CANVAS = {"digits": 8, "mnist": 14}, {"digits": 16, "mnist": 20}
# Widths of the two layers, chosen so that the parameters of the three kinds of net agree within 3%.
WIDTHS = {
    ("plain", 1): (12, 24),
    ("orbit", 1): (12, 24),
    ("group", 1): (6, 13),
    ("plain", 2): (24, 48),
    ("orbit", 2): (24, 48),
    ("group", 2): (12, 25),
}
KINDS, TRAININGS = ("plain", "orbit", "group"), ("upright", "rotated")
MARKS = (300, 1000)


def arm(name: str, net: str, training: str, width: int) -> dict[str, Any]:
    """Return an arm of this experiment."""
    n = 400 if name == "digits" else 1000
    return {"set": name, "net": net, "training": training, "width": width, "n": n, "seeds": 10}


def arms() -> list[dict[str, Any]]:
    """Return all kinds of nets, trained upright and turned, of two widths, on both sets."""
    return [
        arm(name, net, training, width) for name, width, training, net in product(sets.SETS, (1, 2), TRAININGS, KINDS)
    ]


def reduced() -> list[dict[str, Any]]:
    """Return the group convolution and the plain net, trained upright."""
    return [{**arm("digits", net, "upright", 1), **SHORT} for net in ("group", "plain")]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed."""
    return by_seed(arm, one)


def one(arm: dict[str, Any], seed: int, fit: Fit) -> dict[str, Any]:
    """Train the arm with one seed; return accuracy upright and at random angles, at the end and at :data:`MARKS`.

    ``six_nine`` is the share of upright sixes and nines taken for the other. ``exact90`` is how much the logits
    change when the image is turned by 90 degrees, relative to their spread.
    """
    canvas = CANVAS[arm["set"]]
    cut = sets.split(arm["set"], seed, arm["n"], SIDE[arm["set"]])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = initialise(make(arm["net"], *WIDTHS[arm["net"], arm["width"]]))
    upright, test = shifted(cut.x, canvas), shifted(cut.x_test, canvas)
    anywhere = turned(test, seed)
    val = shifted(cut.x_val, canvas)
    marks: dict[str, float] = {}

    def mark(steps: int) -> None:
        marks[f"upright_{steps}"] = right(outputs(net, test), cut.y_test)
        marks[f"anywhere_{steps}"] = right(outputs(net, anywhere), cut.y_test)

    by_turn = arm["training"] == "rotated"
    task = Task(
        (lambda epoch: turned(upright, 1000 * (seed + 1) + epoch)) if by_turn else upright,
        cut.y,
        turned(val, seed) if by_turn else val,
        cut.y_val,
        class_shares(cut.y, 10),
    )
    ending = fit(net, task, watch={steps: partial(mark, steps) for steps in MARKS})
    logits, quarter = outputs(net, test), outputs(net, test.rot90(1, (2, 3)))
    return {
        **ending.figures(),
        "parameters": parameters(net),
        "upright": right(logits, cut.y_test),
        "anywhere": right(outputs(net, anywhere), cut.y_test),
        **marks,
        "six_nine": confusion(logits.argmax(1), cut.y_test),
        "exact90": float((logits - quarter).abs().max() / logits.std()),
    }


def turned(x: Tensor, seed: int) -> Tensor:
    """Rotate every image by an angle of its own, drawn by ``seed``."""
    return rotated(x, 360 * torch.rand(len(x), generator=torch.Generator().manual_seed(seed)))


def right(logits: Tensor, y: Tensor) -> float:
    """Return the share of right answers."""
    return float((logits.argmax(1) == y).float().mean())


class Lift(nn.Module):
    """Convolves with the four right-angle turns of each filter and keeps all four answers (Cohen & Welling, 2016)."""

    def __init__(self, after: int, side: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, after, side, padding=side // 2)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 1, H, W) -> (N, after * 4, H, W), the four turns of a filter side by side."""
        weight = torch.stack([self.conv.weight.rot90(k, (2, 3)) for k in range(4)], 1).flatten(0, 1)
        bias = self.conv.get_parameter("bias").repeat_interleave(4)
        return F.conv2d(x, weight, bias, padding=self.conv.padding)


class GroupConvolution(nn.Module):
    """Convolution over positions and quarter turns: turning the input turns the maps and rotates their order.

    A filter has a part for each of the four turns of the layer before; its k-th turn rotates the parts in the plane
    and moves them on by k (Cohen & Welling, 2016, for the group p4).
    """

    def __init__(self, before: int, after: int, side: int) -> None:
        super().__init__()
        self.before = before
        self.conv = nn.Conv2d(4 * before, after, side, padding=side // 2)

    def forward(self, x: Tensor) -> Tensor:
        """(N, before * 4, H, W) -> (N, after * 4, H, W)."""
        weight = self.conv.weight.unflatten(1, (self.before, 4))
        turns = torch.stack([weight.rot90(k, (3, 4)).roll(k, 2) for k in range(4)], 1)
        bias = self.conv.get_parameter("bias").repeat_interleave(4)
        return F.conv2d(x, turns.flatten(2, 3).flatten(0, 1), bias, padding=self.conv.padding)


def make(kind: str, first: int, second: int) -> nn.Module:
    """Return a net of two layers with a max pool between and a global maximum, over turns too where there are turns."""
    pool, top = [nn.ReLU(), nn.MaxPool2d(2)], [nn.ReLU(), Global("gmp"), nn.Linear(second, 10)]
    if kind == "plain":
        return nn.Sequential(nn.Conv2d(1, first, 5, padding=2), *pool, nn.Conv2d(first, second, 3, padding=1), *top)
    if kind == "orbit":
        return nn.Sequential(Orbit(1, first, 5), *pool, Orbit(first, second, 3), *top)
    turns = [nn.Unflatten(1, (second, 4)), nn.Flatten(2, 3)]
    return nn.Sequential(Lift(first, 5), *pool, GroupConvolution(first, second, 3), *turns, *top)
