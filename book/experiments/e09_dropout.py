"""E09: dropout: its exact statistics, where it stands, how much of it, and what it does not do.

Budget: equal epochs (30); the training loss is given too, because an arm with strong dropout may be underfitted.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from experiments.data import split
from experiments.nets import Net, build, parameters
from experiments.task import EVALUATION, by_seed, canvases, classify
from experiments.train import Budget, accuracy, fit

BUDGET = {"epochs": 30}
PLACES = ("before", "after", "after_last", "channel", "classifier")


def arm(group: str, net: dict[str, Any], n: int = 300, **more: Any) -> dict[str, Any]:
    """Return an arm of this experiment with its defaults: random positions on a canvas of 16."""
    net = {"canvas": 16, "widths": [12, 24], "head": "flatten", **net}
    return {"group": group, "net": net, "position": "random", "n": n, "budget": BUDGET, "seeds": 5, **more}


def arms() -> list[dict[str, Any]]:
    """Return all arms, group by group."""
    pools = ("max", "avg")
    placement = [
        arm("placement", {"down": d, "dropout": place, "p": p}) for d, place, p in product(pools, PLACES, (0.3, 0.5))
    ]
    placement += [arm("placement", {"down": d, "dropout": "none", "p": 0}) for d in pools]
    amount = [
        arm("amount", {"down": d, "dropout": "after_last" if p else "none", "p": p}, n)
        for d, n, p in product(pools, (100, 600), (0, 0.3, 0.5))
    ]
    head = [
        arm("global", {"down": "max", "head": "gmp", "dropout": place, "p": 0.3 if place != "none" else 0})
        for place in ("none", *PLACES)
    ]
    ablated = [
        arm("ablated", {"down": "max", "dropout": place, "p": 0.5 if place != "none" else 0})
        for place in ("none", "after_last")
    ]
    lines = [{"group": "lines", "dropout": d, "seeds": 5} for d in (False, True)]
    return (
        placement
        + amount
        + head
        + ablated
        + lines
        + [{"group": "statistics", "seed": 0, "draws": 200_000}, {"group": "layers"}]
    )


def reduced() -> list[dict[str, Any]]:
    """Return the statistics with fewer draws, and dropout after every pool or the last alone."""
    return [
        {"group": "statistics", "seed": 1, "draws": 50_000},
        *(arm("placement", {"down": "max", "dropout": place, "p": 0.5}, seeds=1) for place in ("after_last", "after")),
    ]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Measure one arm."""
    if arm["group"] == "statistics":
        return statistics(arm["seed"], arm["draws"])
    if arm["group"] == "layers":
        return layers()
    return by_seed(arm, {"lines": lines, "ablated": ablated}.get(arm["group"], classify))


def statistics(seed: int, draws: int) -> dict[str, Any]:
    """Simulate inverted dropout before and after pooling of a 2 x 2 window; p = 0.5 unless stated.

    ``rank`` is how often the k-th largest of four values is the maximum after dropout (the fifth entry: none
    survives); ``rank_exact`` is 2^-k and 2^-4. Standard errors are those of the simulation.
    """
    rng = np.random.default_rng(seed)
    p, x = 0.5, 1.0
    kept = rng.random((draws, 4)) >= p
    dropped = kept * x / (1 - p)
    ordered = kept * np.array([4.0, 3.0, 2.0, 1.0])
    winner = np.where(kept.any(1), 5 - ordered.max(1), 5).astype(int)
    after = (rng.random(draws) >= p) * x / (1 - p)
    equal = dropped.max(1)
    curve = {
        str(q): float((((rng.random((draws, 4)) >= q) / (1 - q)).max(1)).mean()) for q in (0.1, 0.3, 0.5, 0.7, 0.9)
    }
    return {
        "mean": float(dropped.mean()),
        "mean_error": float(dropped[:, 0].std() / np.sqrt(draws)),
        "variance": float(dropped[:, 0].var()),
        "variance_exact": p / (1 - p),
        "max_of_equal": float(equal.mean()),
        "max_error": float(equal.std() / np.sqrt(draws)),
        "max_exact": (1 - p**4) / (1 - p),
        "rank": [float((winner == k).mean()) for k in (1, 2, 3, 4, 5)],
        "rank_exact": [0.5, 0.25, 0.125, 0.0625, 0.0625],
        "average_before": float(dropped.mean(1).var()),
        "average_after": float(after.var()),
        "bias_by_p": curve,
        "bias_by_p_exact": {q: (1 - float(q) ** 4) / (1 - float(q)) for q in curve},
        "draws": draws,
    }


def layers() -> dict[str, Any]:
    """Tabulate pooling, dropout and dense: parameters, change of shape, whether active in evaluation and random."""
    torch.manual_seed(0)
    x = torch.rand(64, 2, 8, 8)
    kinds: dict[str, nn.Module] = {"pooling": nn.MaxPool2d(2), "dropout": nn.Dropout(0.5), "dense": nn.Linear(8, 10)}
    found = {}
    for name, layer in kinds.items():
        layer.train()
        random = not torch.equal(layer(x), layer(x))
        out = layer.eval()(x)
        found[name] = {
            "parameters": parameters(layer),
            "changes_shape": out.shape != x.shape,
            "random": random,
            "active_in_evaluation": out.shape != x.shape or not torch.equal(out, x),
        }
    return found


def ablated(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train with and without dropout, then silence k of 24 second-layer maps at test time."""
    cut = split(seed, 1100)
    spec = Net(**{**arm["net"], "widths": (12, 24)})
    net = build(spec, seed)
    fit(net, canvases(cut.x, arm, seed), cut.y, Budget(**arm["budget"]), seed)
    x = canvases(cut.x_test, arm, EVALUATION + seed)
    order = torch.randperm(24, generator=torch.Generator().manual_seed(seed))

    def silenced(count: int) -> float:
        mask = torch.ones(24)
        mask[order[:count]] = 0
        handle = net.trunk.register_forward_hook(lambda _, __, out: out * mask[:, None, None])
        found = accuracy(net, x, cut.y_test)
        handle.remove()
        return found

    return {"by_silenced": [silenced(k) for k in (0, 2, 4, 8, 12)]}


def strokes(kind: str, count: int, generator: torch.Generator) -> Tensor:
    """Draw ``count`` images of 16 x 16: "lines", "noise", "squares" or "crosses", with faint noise."""
    x = 0.1 * torch.rand(count, 1, 16, 16, generator=generator)
    places = torch.randint(0, 9, (count, 2), generator=generator)
    for image, (row, col) in zip(x[:, 0], places.tolist(), strict=True):
        window = image[row : row + 8, col : col + 8]
        if kind == "lines":
            upright = (row + col) % 2
            window[:, 4] = upright
            window[4, :] = 1 - upright
        elif kind == "noise":
            spots = torch.randperm(64, generator=generator)[:8]
            window[spots // 8, spots % 8] = 1
        elif kind == "squares":
            window[[0, -1], :] = 1
            window[:, [0, -1]] = 1
        else:
            window[4, :] = 1
            window[:, 4] = 1
    return x


def lines(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Learn lines against noise, then squares against crosses, with and without dropout."""
    generator = torch.Generator().manual_seed(seed)
    net = build(Net(widths=(8, 16), outputs=2, head="gmp", dropout="classifier" if arm["dropout"] else "none"), seed)
    found = {}
    for name, kinds in (("lines", ("lines", "noise")), ("squares", ("squares", "crosses"))):
        x = torch.cat([strokes(kind, 300, generator) for kind in kinds])
        y = torch.arange(2).repeat_interleave(300)
        train = torch.arange(600) % 3 != 0
        fit(net, x[train], y[train], Budget(15), seed)
        found[name] = accuracy(net, x[~train], y[~train])
    return found
