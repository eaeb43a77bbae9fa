"""E08: heads compared: flatten, global average, global maximum, what lies between, and the five options.

Budget: equal training loss (0.02; the cap of 400 epochs is never reached), as the average learns many times more
slowly than the others; the accuracy after 10 epochs is noted too. Toy tasks and the doubled softmax have equal epochs.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.data import DIGIT, scattered, split
from experiments.nets import Global, Net, build, initialise, layer, parameters
from experiments.task import EVALUATION, by_seed, classify
from experiments.train import Budget, accuracy, fit, outputs

BUDGET: dict[str, Any] = {"epochs": 400, "loss": 0.02}


def arm(group: str, net: dict[str, Any], position: str = "random", n: int = 300, **more: Any) -> dict[str, Any]:
    """Return an arm of this experiment with its defaults."""
    net = {"canvas": 16, "widths": [12, 24], "down": "max", **net}
    return {"group": group, "net": net, "position": position, "n": n, "budget": BUDGET, "seeds": 5, "early": 10, **more}


def arms() -> list[dict[str, Any]]:
    """Return all arms, group by group."""
    three, both = ("flatten", "gap", "gmp"), ("centred", "random")
    canvas = [
        arm("canvas", {"canvas": c, "head": h}, noise=noise)
        for (c, noise), h in product(((16, 0), (24, 0), (32, 0), (24, 0.1), (24, 0.2)), three)
    ]
    clutter = [arm("clutter", {"canvas": 24, "head": h}, clutter=6) for h in three]
    options = [
        arm("options", {"pools": [0], "head": h}, position, 600)
        for h, position in product(("flatten", "avg2", "map_gap", "gap", "gmp"), both)
    ]
    attention = [arm("attention", {"head": "attention"}, position) for position in both]
    hidden = [
        arm("hidden", {"head": h, "hidden": [32] * layers}) for h, layers in product(("flatten", "gmp"), (0, 1, 2))
    ]
    softmax = [arm("softmax", {"head": "gmp"}, twice=twice, budget={"epochs": 30}, early=10) for twice in (False, True)]
    plain = {"seeds": 5}
    sizes = [{"group": "sizes", "head": h, **plain} for h in ("adaptive3", "gmp", "gap")]
    toys = [{"group": g, "head": h, **plain} for g, h in product(("density", "motif"), ("gap", "gmp"))]
    return (
        canvas
        + clutter
        + options
        + attention
        + hidden
        + softmax
        + sizes
        + toys
        + [{"group": "cam", "head": "gap", **plain}, {"group": "shapes"}]
    )


def reduced() -> list[dict[str, Any]]:
    """Return the heads after ten epochs on one canvas, and the task that the average wins."""
    early: dict[str, Any] = {"noise": 0, "seeds": 1, "budget": {**BUDGET, "epochs": 10}}
    return [arm("canvas", {"canvas": 24, "head": h}, **early) for h in ("flatten", "gap", "gmp")] + [
        {"group": "density", "head": h, "seeds": 1} for h in ("gap", "gmp")
    ]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Measure one arm; the figures of trained digits nets are those of :func:`experiments.task.classify`."""
    special = {"sizes": sizes, "density": density, "motif": motif, "cam": cam, "softmax": softmax}
    return shapes() if arm["group"] == "shapes" else by_seed(arm, special.get(arm["group"], classify))


def softmax(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train with the loss's own softmax only, or with a second one inside the net."""
    spec = Net(**{**arm["net"], "widths": tuple(arm["net"]["widths"])})

    def make() -> nn.Module:
        return nn.Sequential(build(spec, seed), nn.Softmax(1)) if arm["twice"] else build(spec, seed)

    return classify(arm, seed, make)


def sizes(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train on canvases of 24 pixels, test on 16, 24 and 40: heads that do not depend on the size."""
    cut = split(seed, 300)
    net = build(Net(canvas=24, widths=(12, 24), head=arm["head"]), seed)
    x, _ = scattered(cut.x, 24, seed)
    fit(net, x, cut.y, Budget(**BUDGET), seed)
    return {f"test{c}": accuracy(net, scattered(cut.x_test, c, EVALUATION + seed)[0], cut.y_test) for c in (16, 24, 40)}


def density(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Tell textures of 10% bright pixels from textures of 16%: the amount is the answer, not the presence."""
    generator = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 2, (1000,), generator=generator)
    share = torch.where(y == 1, 0.16, 0.10)[:, None, None, None]
    x = (torch.rand(1000, 1, 16, 16, generator=generator) < share).float()
    return toy(arm, seed, nn.Conv2d(1, 8, 3, padding=1), x, y)


def motif(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Find a five-symbol motif in sequences of 40 symbols (four letters); test also on 160 symbols."""
    short, y_short = sequences(1000, 40, seed)
    return toy(arm, seed, nn.Conv1d(4, 8, 5), short, y_short, *sequences(400, 160, 50 + seed))


def sequences(count: int, length: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return one-hot sequences (count, 4, length), half of which hold the motif 0 1 2 3 0 at a random place."""
    generator = torch.Generator().manual_seed(seed)
    symbols = torch.randint(0, 4, (count, length), generator=generator)
    y = torch.randint(0, 2, (count,), generator=generator)
    starts = torch.randint(0, length - 4, (count,), generator=generator)
    for row in torch.nonzero(y)[:, 0].tolist():
        symbols[row, starts[row] : starts[row] + 5] = torch.tensor([0, 1, 2, 3, 0])
    return F.one_hot(symbols, 4).transpose(1, 2).float(), y


def toy(arm: dict[str, Any], seed: int, conv: nn.Module, x: Tensor, y: Tensor, *longer: Tensor) -> dict[str, Any]:
    """Train convolution, rectifier, global summary, dense layer on 600 of the samples; test on the others."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = initialise(nn.Sequential(conv, nn.ReLU(), Global(arm["head"]), nn.Linear(8, 2)))
    fit(net, x[:600], y[:600], Budget(40), seed)
    found = {"train": accuracy(net, x[:600], y[:600]), "test": accuracy(net, x[600:], y[600:])}
    return {**found, "longer": accuracy(net, *longer)} if longer else found


def cam(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return how often the peak of the class activation map of the predicted class lies in the digit's box."""
    cut = split(seed, 600)
    net = build(Net(canvas=24, widths=(12, 24), pools=(0,), head="gap"), seed)

    def images(epoch: int) -> Tensor:
        return scattered(cut.x, 24, 1000 * seed + epoch)[0]

    fit(net, images, cut.y, Budget(40), seed)
    x, offsets = scattered(cut.x_test, 24, EVALUATION + seed)
    maps, logits = outputs(net.trunk, x), outputs(net, x)
    weight = layer(net, "head.logits", nn.Linear).weight.detach()[logits.argmax(1)]
    peaks = torch.einsum("nc,nchw->nhw", weight, maps).flatten(1).argmax(1)
    rows, cols = peaks // 12 * 2, peaks % 12 * 2
    inside = (
        (rows >= offsets[:, 0] - 1)
        & (rows < offsets[:, 0] + DIGIT)
        & (cols >= offsets[:, 1] - 1)
        & (cols < offsets[:, 1] + DIGIT)
    )
    return {
        "test": float((logits.argmax(1) == cut.y_test).float().mean()),
        "inside": float(inside.float().mean()),
        "area": (DIGIT / 24) ** 2,
    }


def shapes() -> dict[str, Any]:
    """Send 7 x 7 x 64 maps through the five options: output sizes, parameters, which fit a loss with 10 classes."""
    torch.manual_seed(0)
    maps, labels = torch.randn(4, 64, 7, 7), torch.arange(4)
    one_map_per_class = nn.Conv2d(64, 10, 1)
    dense = nn.Linear(64, 10)
    with torch.no_grad():
        dense.weight.copy_(one_map_per_class.weight[:, :, 0, 0])
        dense.bias.copy_(one_map_per_class.get_parameter("bias"))
    average = nn.Sequential(nn.AvgPool2d(2), nn.Flatten())
    options = {
        "local": average,
        "local_dense": nn.Sequential(average, nn.Linear(576, 10)),
        "gap": Global("gap"),
        "maps_gap": nn.Sequential(one_map_per_class, Global("gap")),
        "gap_dense": nn.Sequential(Global("gap"), dense),
        "flatten_dense": nn.Sequential(nn.Flatten(), nn.Linear(3136, 10)),
    }
    same = (options["maps_gap"](maps) - options["gap_dense"](maps)).abs().max()
    return {
        "width": {k: net(maps).shape[1] for k, net in options.items()},
        "parameters": {k: parameters(net) for k, net in options.items()},
        "ten_classes": {k: net(maps).shape[1] == 10 for k, net in options.items()},
        "loss": {k: float(F.cross_entropy(net(maps), labels).detach()) for k, net in options.items()},
        "maps_gap_is_gap_dense": float(same.detach()),
        "refuses_other_size": refuses(),
        "summaries_agree": agree(),
    }


def refuses() -> bool:
    """Say whether a flatten net built for 24 x 24 rejects a canvas of 16."""
    try:
        build(Net(canvas=24), 0)(torch.zeros(1, 1, 16, 16))
    except RuntimeError:
        return True
    return False


def agree() -> float:
    """Return the largest difference between mean or amax, a window as large as the map, and adaptive pooling."""
    worst = 0.0
    for side in (5, 8, 13):
        x = torch.randn(2, 3, side, side, dtype=torch.float64)
        pairs = [
            (x.mean((2, 3)), F.avg_pool2d(x, side)),
            (x.mean((2, 3)), F.adaptive_avg_pool2d(x, 1)),
            (x.amax((2, 3)), F.max_pool2d(x, side)),
            (x.amax((2, 3)), F.adaptive_max_pool2d(x, 1)),
        ]
        worst = max(worst, *(float((a - b.flatten(1)).abs().max()) for a, b in pairs))
    return worst
