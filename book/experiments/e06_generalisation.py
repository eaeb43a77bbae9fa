"""E06: when pooling helps to generalise: sample size, position, parameters, and what else could do it.

Budget: equal training loss (0.02), so that no arm looks bad only because it learns slowly; canvas 16. The cap of
200 epochs was met by logistic regression and by one seed without a dense layer. Arms at equal parameters (max, average,
stride) separate "fewer parameters" from "a summary over neighbours".
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from experiments.nets import Global, Net, build, initialise
from experiments.task import by_seed, classify

LOSS = {"epochs": 200, "loss": 0.02}


def arm(group: str, net: dict[str, Any], position: str = "random", n: int = 300, **more: Any) -> dict[str, Any]:
    """Return an arm of this experiment with its defaults."""
    net = {"canvas": 16, "widths": [12, 24], **net}
    return {"group": group, "net": net, "position": position, "n": n, "budget": LOSS, "seeds": 5, **more}


def arms() -> list[dict[str, Any]]:
    """Return all arms, group by group."""
    both = ("centred", "random")
    grid = [
        arm("grid", {"down": d}, position, n, seeds=10 if n == 300 and d in ("max", "avg") else 5)
        for d, n, position in product(("none", "max", "avg", "stride", "conv"), (50, 100, 300, 1100), both)
        if d != "conv" or n in (100, 300)
    ]
    heads = [
        arm("heads", {"down": d, "head": h})
        for d, h in (("none", "gmp"), ("max", "gmp"), ("avg", "gmp"), ("stride", "gmp"))
    ]
    windows = [arm("window", {"window": k, "step": s}) for k, s in ((2, 1), (2, 2), (3, 2), (3, 3), (4, 2))]
    order = [arm("order", {"down": "avg", "relu_first": False}, position, seeds=10) for position in both]
    four = [12, 12, 24, 24]
    placement = [
        arm("placement", {"widths": four, "pools": pools}, budget={"epochs": 40, "loss": 0.02})
        for pools in ([], [3], [1, 3], [0, 1, 2, 3])
    ]
    width = [
        arm("width", {"widths": [w, 2 * w], "down": d}, position)
        for w, d, position in product((4, 24), ("max", "stride", "none"), both)
    ]
    shuffled = [
        arm("shuffled", {"down": d}, labels="shuffled", budget={"epochs": 300, "loss": 0.05})
        for d in ("max", "stride", "none")
    ]
    linear = [arm("linear", {"down": d, "relu": False}, position) for d, position in product(("max", "avg"), both)]
    linear += [arm("linear", {"widths": []}, position) for position in both]
    return grid + heads + windows + order + placement + width + shuffled + linear + ablation() + lacking() + dense()


def ablation() -> list[dict[str, Any]]:
    """Return the remedies against overfitting one at a time and together, at equal epochs."""
    remedies: dict[str, dict[str, Any]] = {
        "nothing": {},
        "pooling": {"net": {"down": "max"}},
        "shifts": {"augment": True},
        "dropout": {"net": {"dropout": "classifier"}},
        "decay": {"decay": 0.1},
        "all": {"net": {"down": "max", "dropout": "classifier"}, "augment": True, "decay": 0.1},
    }
    return [
        arm(
            "ablation",
            {"down": "none", **r.get("net", {})},
            remedy=name,
            augment=r.get("augment", False),
            budget={"epochs": 60, "decay": r.get("decay", 0.0)},
        )
        for name, r in remedies.items()
    ]


def lacking() -> list[dict[str, Any]]:
    """Return nets that lack exactly one kind of layer, and one that pools before it convolves."""
    kinds: dict[str, dict[str, Any]] = {
        "nothing": {},
        "pooling": {"down": "none"},
        "dense": {"head": "map_gmp"},
        "relu": {"relu": False},
        "convolution": {"widths": []},
        "pool_first": {},
    }
    return [arm("lacking", net, lacks=name) for name, net in kinds.items()]


def dense() -> list[dict[str, Any]]:
    """Return small DenseNets with three kinds of transition."""
    return [arm("densenet", {}, transition=t) for t in ("avg", "max", "stride")]


def reduced() -> list[dict[str, Any]]:
    """Return max pooling against stride and nothing at random positions: the central comparison."""
    return [arm("grid", {"down": d}, seeds=1) for d in ("none", "max", "stride")]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed; the figures are those of :func:`experiments.task.classify`."""
    return by_seed(arm, one)


def one(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train the arm with one seed."""
    if arm["group"] == "densenet":
        return classify(arm, seed, lambda: densenet(arm["transition"], seed))
    if arm.get("lacks") == "pool_first":
        return classify(arm, seed, lambda: pool_first(seed))
    if arm.get("lacks") == "convolution":
        return classify(arm, seed, lambda: no_convolution(seed))
    return classify(arm, seed)


def pool_first(seed: int) -> nn.Module:
    """Return max pooling of the raw image, then the usual net on 8 x 8 with one pool: equal parameters."""
    return nn.Sequential(nn.MaxPool2d(2), build(Net(canvas=8, widths=(12, 24), pools=(0,)), seed))


def no_convolution(seed: int) -> nn.Module:
    """Return max pooling of the raw image to 8 x 8 and a dense net of about as many parameters (6,760)."""
    return nn.Sequential(nn.MaxPool2d(2), build(Net(canvas=8, widths=(), hidden=(90,)), seed))


class DenseBlock(nn.Module):
    """Two convolutions, each of which appends eight maps to its input (growth 8)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, 8, 3, padding=1)
        self.second = nn.Conv2d(channels + 8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C + 16, H, W)."""
        x = torch.cat([x, self.first(x).relu()], 1)
        return torch.cat([x, self.second(x).relu()], 1)


def densenet(transition: str, seed: int) -> nn.Module:
    """Return three dense blocks with two halving transitions of the named kind and a global average."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        parts: list[tuple[str, nn.Module]] = [("stem", nn.Conv2d(1, 8, 3, padding=1)), ("block1", DenseBlock(8))]
        for n, channels in ((1, 24), (2, 28)):
            stride = 2 if transition == "stride" else 1
            parts.append((f"narrow{n}", nn.Conv2d(channels, 12, 1, stride=stride)))
            if transition != "stride":
                parts.append((f"down{n}", nn.MaxPool2d(2) if transition == "max" else nn.AvgPool2d(2)))
            parts.append((f"block{n + 1}", DenseBlock(12)))
        parts += [("summary", Global("gap")), ("logits", nn.Linear(28, 10))]
        return initialise(nn.Sequential(OrderedDict(parts)))
