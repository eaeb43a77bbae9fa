"""E18: what a global summary still tells of the position, by padding and depth, and labels for every pixel.

Budget: to a plateau, one rate an arm. The digit's row and column are to be named on a canvas of 16, where a digit of
8 x 8 pixels has a margin of at most 8; positions are drawn anew for every epoch, so that none is learned by heart.
The receptive field of d layers of 3 x 3 has 2d + 1 cells. Nothing is pooled but the whole map.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments import sets
from experiments.data import DIGIT, scattered
from experiments.nets import Net, build, initialise, parameters, trunk
from experiments.plateau import SHORT, Fit, Task, by_seed
from experiments.task import EVALUATION
from experiments.train import outputs

CANVAS = 16
ROOM = CANVAS - DIGIT
NOISE = 0.3


def arms() -> list[dict[str, Any]]:
    """Return paddings, heads and depths, then nets that label pixels behind none, one or two pools."""
    common = {"n": 500, "seeds": 10}
    leaks: list[dict[str, Any]] = [
        {"task": "where", "padding": padding, "head": head, "depth": depth}
        for depth, padding, head in product((2, 1, 4, 3, 6), ("zeros", "reflect", "circular"), ("gap", "gmp"))
        if padding != "circular" or depth in (2, 6)
    ]
    pixels: list[dict[str, Any]] = [
        {"task": "pixels", "down": down, "pools": pools}
        for down, pools in (("max", 0), ("max", 1), ("max", 2), ("avg", 1), ("avg", 2))
    ]
    return [{**arm, **common} for arm in (*pixels, *leaks)]


def reduced() -> list[dict[str, Any]]:
    """Return the leak of zero padding and of maps that wrap."""
    return [
        {"task": "where", "padding": padding, "head": "gap", "depth": 2, "n": 300, **SHORT}
        for padding in ("zeros", "circular")
    ]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed."""
    return by_seed(arm, {"where": where, "pixels": pixels}[arm["task"]])


def where(arm: dict[str, Any], seed: int, fit: Fit) -> dict[str, Any]:
    """Regress the digit's row and column.

    Figures are the mean absolute error in pixels, that of naming the middle ("guess"), and the share of the variance of
    test positions that is explained.
    """
    cut = sets.split("digits", seed, arm["n"])
    net = build(
        Net(
            canvas=CANVAS,
            widths=(16,) * arm["depth"],
            pools=(),
            head=arm["head"],
            padding=arm["padding"],
            outputs=2,
        ),
        seed,
    )
    answers = torch.zeros(len(cut.x), 2)

    def images(epoch: int) -> Tensor:
        x, at = scattered(cut.x, CANVAS, 1000 * (seed + 1) + epoch)
        answers.copy_(scaled(at))
        return x

    x_val, at_val = scattered(cut.x_val, CANVAS, EVALUATION + seed)
    x_test, at_test = scattered(cut.x_test, CANVAS, 2 * EVALUATION + seed)
    truth = scaled(at_test)
    task = Task(images, answers, x_val, scaled(at_val), torch.zeros(1, 2), F.mse_loss)
    ending = fit(net, task)
    out = outputs(net, x_test)
    return {
        **ending.figures(),
        "parameters": parameters(net),
        "error": float((out - truth).abs().mean()) * ROOM / 2,
        "guess": float(truth.abs().mean()) * ROOM / 2,
        "r2": float(1 - ((out - truth) ** 2).sum() / ((truth - truth.mean(0)) ** 2).sum()),
    }


def scaled(offsets: Tensor) -> Tensor:
    """Return offsets in -1..1."""
    return offsets.float() / ROOM * 2 - 1


def pixels(arm: dict[str, Any], seed: int, fit: Fit) -> dict[str, Any]:
    """Mark the pixels of the digit under noise: intersection over union, with no skip connection.

    Errors on the digit and beside it weigh equally in the loss, so that "nothing anywhere" is no good answer.
    """
    cut = sets.split("digits", seed, arm["n"])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        body = trunk(Net(canvas=CANVAS, widths=(12, 24, 24), down=arm["down"], pools=tuple(range(arm["pools"]))))
        net = nn.Sequential(initialise(body), nn.Conv2d(24, 1, 1), nn.Upsample(scale_factor=2 ** arm["pools"]))

    def data(x: Tensor, key: int) -> tuple[Tensor, Tensor]:
        canvas, _ = scattered(x, CANVAS, key)
        generator = torch.Generator().manual_seed(key)
        return canvas + NOISE * torch.randn(canvas.shape, generator=generator), (canvas > 0.3).float()

    (x, y), (x_val, y_val) = data(cut.x, seed), data(cut.x_val, EVALUATION + seed)
    share = float(y.mean())

    def loss(out: Tensor, wanted: Tensor) -> Tensor:
        weight = torch.where(wanted > 0, 0.5 / share, 0.5 / (1 - share))
        return F.binary_cross_entropy_with_logits(out, wanted, weight)

    ending = fit(net, Task(x, y, x_val, y_val, torch.zeros(1, 1, CANVAS, CANVAS), loss))
    x_test, truth = data(cut.x_test, 2 * EVALUATION + seed)
    guess, there = outputs(net, x_test) > 0, truth > 0
    return {
        **ending.figures(),
        "parameters": parameters(net),
        "iou": float((guess & there).sum() / (guess | there).sum()),
    }
