"""E10: rotation: what pooling gives, what augmentation, averaging and orbits of filters give, and 6 against 9.

Budget: equal epochs on 400 digits: 30, and 150 under a global average, which learns more slowly. The 8 x 8 digits are
rotated by bilinear resampling about the centre of a canvas of 16, where a rotated digit always fits.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.data import Split, shifted, split
from experiments.nets import Global, Net, build, initialise, parameters
from experiments.task import by_seed
from experiments.train import Budget, fit, outputs

CANVAS = 16
ANGLES = (0, 5, 10, 15, 30, 45, 90, 180)


def arms() -> list[dict[str, Any]]:
    """Return the grid trained upright, then the arms that are made for rotation or reflection."""
    common = {"n": 400, "epochs": 30, "seeds": 5}
    grid = [
        {"group": "grid", "down": d, "head": h, "training": "upright", **common, "epochs": 150 if h == "gap" else 30}
        for d, h in product(("none", "max", "stride"), ("flatten", "gap", "gmp"))
    ]
    turned = [
        {"group": "turned", "net": net, "training": t, **common, "n": n}
        for net, t, n in (
            ("plain", "rotated", 400),
            ("unpooled", "rotated", 400),
            ("plain", "rotated", 1100),
            ("plain", "upright", 1100),
            ("orbit", "upright", 400),
            ("orbit", "upright", 1100),
            ("maxout", "rotated", 400),
            ("matched", "rotated", 400),
            ("plain", "flipped", 400),
        )
    ]
    return grid + turned


def reduced() -> list[dict[str, Any]]:
    """Return the orbit net, and flatten nets with and without pooling."""
    return [
        {**arm, "seeds": 1, "epochs": 20}
        for arm in arms()
        if (arm["group"], arm.get("head"), arm.get("down")) in (("grid", "flatten", "max"), ("grid", "flatten", "none"))
        or (arm.get("net") == "orbit" and arm["n"] == 400)
    ]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed."""
    return by_seed(arm, one)


def one(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train the arm with one seed; return accuracy by angle, averaged over angles, mirrored, and for 6 and 9.

    ``averaged`` is the accuracy on digits at random angles when the logits of eight rotated copies are averaged;
    ``single`` is the same without averaging. ``six_nine`` is the share of upright sixes and nines taken for the
    other. ``exact90`` is max |logit(x) - logit(rot90 x)| over the logits' spread.
    """
    cut, net = split(seed, arm["n"]), make(arm, seed)
    x = shifted(cut.x, CANVAS)
    fit(net, training(arm["training"], x, seed), cut.y, Budget(arm["epochs"]), seed)
    test = shifted(cut.x_test, CANVAS)
    generator = torch.Generator().manual_seed(seed)
    anywhere = rotated(test, 360 * torch.rand(len(test), generator=generator))
    upright = outputs(net, test)
    quarter = outputs(net, test.rot90(1, (2, 3)))
    return {
        "parameters": parameters(net),
        "by_angle": [right(outputs(net, turned(test, a)), cut) for a in ANGLES],
        "single": right(outputs(net, anywhere), cut),
        "averaged": right(sum((outputs(net, turned(anywhere, 45 * k)) for k in range(8)), torch.zeros(())), cut),
        "mirrored": right(outputs(net, test.flip(3)), cut),
        "six_nine": confusion(upright.argmax(1), cut.y_test),
        "exact90": float((upright - quarter).abs().max() / upright.std()),
        "stable": [
            float((outputs(net, turned(test, a)).argmax(1) == upright.argmax(1)).float().mean()) for a in ANGLES
        ],
    }


def right(logits: Tensor, cut: Split) -> float:
    """Return the accuracy of ``logits`` on the test set."""
    return float((logits.argmax(1) == cut.y_test).float().mean())


def confusion(guess: Tensor, y: Tensor) -> float:
    """Return the share of sixes and nines that are taken for the other of the two."""
    pair = (y == 6) | (y == 9)
    return float((guess[pair] == 15 - y[pair]).float().mean())


def turned(x: Tensor, degrees: float) -> Tensor:
    """Rotate all images by the same angle; exactly, by swapping pixels, for multiples of 90 degrees."""
    if degrees % 90 == 0:
        return x.rot90(int(degrees // 90), (2, 3))
    return rotated(x, torch.full((len(x),), float(degrees)))


def rotated(x: Tensor, degrees: Tensor) -> Tensor:
    """Rotate each image by its own angle about the centre of the canvas, with bilinear resampling."""
    angle = degrees * math.pi / 180
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    matrix = torch.stack([torch.stack([cos, -sin, zero], 1), torch.stack([sin, cos, zero], 1)], 1)
    return F.grid_sample(x, F.affine_grid(matrix, list(x.shape), align_corners=False), align_corners=False)


def training(kind: str, x: Tensor, seed: int) -> Any:
    """Return the training images: upright, or drawn anew each epoch: rotated or flipped."""
    if kind == "upright":
        return x

    def images(epoch: int) -> Tensor:
        generator = torch.Generator().manual_seed(1000 * seed + epoch)
        if kind == "rotated":
            return rotated(x, 360 * torch.rand(len(x), generator=generator))
        coin = torch.rand(len(x), 1, 1, 1, generator=generator) < 0.5
        return torch.where(coin, x.flip(3), x)

    return images


def make(arm: dict[str, Any], seed: int) -> nn.Module:
    """Return the net of an arm."""
    if arm["group"] == "grid":
        return build(Net(canvas=CANVAS, widths=(12, 24), down=arm["down"], head=arm["head"]), seed)
    if arm["net"] in ("plain", "unpooled"):
        down = "max" if arm["net"] == "plain" else "none"
        return build(Net(canvas=CANVAS, widths=(12, 24), down=down, head="gmp"), seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        makers = {"orbit": orbit, "maxout": maxout, "matched": matched}
        return initialise(makers[arm["net"]]())


class Orbit(nn.Module):
    """Convolves with the four right-angle rotations of each filter and keeps the largest response per cell."""

    def __init__(self, before: int, after: int, side: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, after, side, padding=side // 2)

    def forward(self, x: Tensor) -> Tensor:
        """(N, before, H, W) -> (N, after, H, W)."""
        turns = [
            F.conv2d(x, self.conv.weight.rot90(k, (2, 3)), self.conv.bias, padding=self.conv.padding) for k in range(4)
        ]
        return torch.stack(turns).amax(0)


def orbit() -> nn.Module:
    """Return two orbit layers with a pool between and a global maximum: invariant to quarter turns."""
    return nn.Sequential(
        Orbit(1, 12, 5), nn.ReLU(), nn.MaxPool2d(2), Orbit(12, 24, 3), nn.ReLU(), Global("gmp"), nn.Linear(24, 10)
    )


class Maxout(nn.Module):
    """The largest of four learned filters per unit: pooling over channels instead of over space."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, 4 * after, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, before, H, W) -> (N, after, H, W)."""
        filters: Tensor = self.conv(x).unflatten(1, (-1, 4))
        return filters.amax(2)


def maxout() -> nn.Module:
    """Return a net whose second layer pools over channels: 6 maps, then 12 units of 4 filters, 2,878 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        Maxout(6, 12),
        nn.MaxPool2d(2),
        Global("gmp"),
        nn.Linear(12, 10),
    )


def matched() -> nn.Module:
    """Return an ordinary net of about as many parameters as :func:`maxout` (2,857)."""
    return nn.Sequential(
        nn.Conv2d(1, 11, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(11, 23, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        Global("gmp"),
        nn.Linear(23, 10),
    )
