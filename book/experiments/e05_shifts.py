"""E05: accuracy against shift: five down-samplers, three heads, two kinds of training, two paddings.

Budget: equal steps (the same images, batches and epochs for every arm); parameters differ only by the head and
the map size, and are reported. Canvas 24, so that an 8 x 8 digit can move eight pixels each way.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from experiments.data import Split, scattered, shifted, split
from experiments.nets import Net, build, parameters
from experiments.train import Budget, accuracy, fit, outputs

CANVAS = 24
SHIFTS = range(-8, 9)
FEW = 200  # test digits for the measures that need many positions of each


def arms() -> list[dict[str, Any]]:
    """Return the grid, the arms with 0, 1 and 3 pools, and the repairs of the centre-trained flatten net."""
    common = {"kind": "grid", "n": 400, "epochs": 30, "seeds": 5, "pools": 2}
    downs, heads = ("none", "max", "avg", "stride", "blur"), ("flatten", "gap", "gmp")
    grid = [
        {**common, "down": d, "head": h, "training": t, "padding": p}
        for d, h, t, p in product(downs, heads, ("centred", "random"), ("zeros", "circular"))
    ]
    depth = [
        {**common, "kind": "depth", "down": d, "head": "gmp", "training": "centred", "padding": "zeros", "pools": n}
        for d, n in (("max", 0), ("max", 1), ("max", 3), ("blur", 1), ("blur", 3))
    ]
    attention = [
        {**common, "down": "max", "head": "attention", "training": t, "padding": "zeros"} for t in ("centred", "random")
    ]
    recentring = [
        {**common, "down": d, "head": "flatten", "training": "recentred", "padding": "zeros"} for d in ("none", "max")
    ]
    return grid + depth + attention + recentring


def reduced() -> list[dict[str, Any]]:
    """Return the arms whose order the chapters rest on, with one seed and fewer epochs."""
    keep = (("none", "gmp"), ("max", "flatten"), ("max", "gmp"))
    return [
        {**arm, "seeds": 1, "epochs": 20}
        for arm in arms()
        if arm["kind"] == "grid"
        and (arm["down"], arm["head"]) in keep
        and arm["training"] == "centred"
        and arm["padding"] == "zeros"
    ]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed; see :func:`measured` for the figures."""
    rows = [one(arm, seed) for seed in range(arm["seeds"])]
    return {name: [row[name] for row in rows] for name in rows[0]}


def one(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train the arm with one seed and measure it on the test set."""
    widths = (12, 24) if arm["pools"] <= 2 else (12, 24, 24)
    net_spec = Net(
        canvas=CANVAS,
        widths=widths,
        pools=tuple(range(arm["pools"])),
        down=arm["down"],
        head=arm["head"],
        padding=arm["padding"],
    )
    net, cut = build(net_spec, seed), split(seed, arm["n"])
    untrained = exactness(net, cut)

    ending = fit(net, training(arm["training"], cut, seed), cut.y, Budget(arm["epochs"]), seed)
    return {
        "parameters": parameters(net),
        "loss": ending.loss,
        "train": ending.accuracy,
        "exact_untrained": untrained,
        "exact": exactness(net, cut),
        **measured(net, cut, seed),
    }


def training(kind: str, cut: Split, seed: int) -> Tensor | Callable[[int], Tensor]:
    """Return the training images: centred, recentred by their mass, or at new random positions every epoch."""
    if kind == "random":
        return lambda epoch: scattered(cut.x, CANVAS, 1000 * seed + epoch)[0]
    x = shifted(cut.x, CANVAS)
    return recentred(x) if kind == "recentred" else x


def measured(net: nn.Module, cut: Split, seed: int) -> dict[str, Any]:
    """Measure accuracy by diagonal shift, at random positions, recentred and mirrored, and consistency.

    ``consistency`` is the share of digits whose prediction is the same at all 16 positions of a 4 x 4 grid of
    shifts 0..3; ``agree`` is, by shift 0..8, the share whose prediction is that at the centre; ``distance`` is
    the change of the trunk's summary under that shift relative to the distance between different digits.
    """
    few = cut.x_test[:FEW]
    at = {d: outputs(net, shifted(cut.x_test, CANVAS, d, d)).argmax(1) for d in SHIFTS}
    grid = [outputs(net, shifted(few, CANVAS, dy, dx)).argmax(1) for dy in range(4) for dx in range(4)]
    random, _ = scattered(cut.x_test, CANVAS, 90_000 + seed)
    corners = torch.stack(
        [
            outputs(net, shifted(few, CANVAS, dy, dx)).argmax(1) == cut.y_test[:FEW]
            for dy, dx in product((-8, 8), repeat=2)
        ]
    )
    mirrored = shifted(cut.x_test.flip(3), CANVAS)
    return {
        "by_shift": [float((at[d] == cut.y_test).float().mean()) for d in SHIFTS],
        "agree": [float((at[d] == at[0]).float().mean()) for d in range(9)],
        "random": accuracy(net, random, cut.y_test),
        "recentred": accuracy(net, recentred(random), cut.y_test),
        "corners": float(corners.float().mean()),
        "mirrored": accuracy(net, mirrored, cut.y_test),
        "consistency": float((torch.stack(grid) == grid[0]).all(0).float().mean()),
        "distance": distances(net, cut.x_test[:100]),
    }


def recentred(x: Tensor) -> Tensor:
    """Roll every canvas so that its centre of mass lies at the centre: one line of preprocessing."""
    place = torch.arange(CANVAS, dtype=torch.float32)
    mass = x.sum((1, 2, 3))
    rows = ((x.sum((1, 3)) * place).sum(1) / mass).round().long()
    cols = ((x.sum((1, 2)) * place).sum(1) / mass).round().long()
    middle = CANVAS // 2
    moved = [
        torch.roll(image, (int(middle - r), int(middle - c)), (1, 2)) for image, r, c in zip(x, rows, cols, strict=True)
    ]
    return torch.stack(moved)


def distances(net: nn.Module, digits: Tensor) -> list[float]:
    """Return, for shifts 0..8, how far the logits move, relative to the distance between different digits."""
    logits = [outputs(net, shifted(digits, CANVAS, d, d)) for d in range(9)]
    others = (logits[0] - logits[0].roll(1, 0)).norm(dim=1).mean()
    return [float((z - logits[0]).norm(dim=1).mean() / others) for z in logits]


def exactness(net: nn.Module, cut: Split) -> list[float]:
    """Return max |logit(x) - logit(roll(x, d))| over the logits' spread, for diagonal rolls d of 0..8 pixels."""
    x = shifted(cut.x_test[:20], CANVAS).double()
    net = net.double()
    logits = [outputs(net, x.roll((d, d), (2, 3))) for d in range(9)]
    net.float()
    return [float((z - logits[0]).abs().max() / logits[0].std()) for z in logits]
