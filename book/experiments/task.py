"""The task most arms share: train a net on digits on a canvas, measure it on digits it never saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from experiments.data import cluttered, noisy, scattered, shifted, split
from experiments.nets import Net, build, macs, parameters
from experiments.train import Budget, accuracy, fit

EVALUATION = 90_000  # added to the seed of test positions, so that they are not those of training


def canvases(images: Tensor, arm: dict[str, Any], seed: int) -> Tensor:
    """Place digits as the arm says: "centred" or at one "random" position each; add its noise and clutter."""
    canvas = arm["net"].get("canvas", 16)
    x = shifted(images, canvas) if arm["position"] == "centred" else scattered(images, canvas, seed)[0]
    if arm.get("clutter"):
        x = cluttered(x, arm["clutter"], seed)
    return noisy(x, arm.get("noise", 0), seed)


def jittered(x: Tensor, seed: int) -> Callable[[int], Tensor]:
    """Return images that are rolled anew by up to two pixels each way in every epoch."""

    def images(epoch: int) -> Tensor:
        generator = torch.Generator().manual_seed(1000 * seed + epoch)
        moves = torch.randint(-2, 3, (len(x), 2), generator=generator).tolist()
        return torch.stack([image.roll(move, (1, 2)) for image, move in zip(x, map(tuple, moves), strict=True)])

    return images


def classify(arm: dict[str, Any], seed: int, make: Callable[[], nn.Module] | None = None) -> dict[str, Any]:
    """Train the arm's net with one seed; return how training ended and the accuracies.

    ``arm`` holds ``net`` (fields of :class:`~experiments.nets.Net`), ``n``, ``position``, ``budget`` (fields of
    :class:`~experiments.train.Budget`) and optionally ``noise``, ``clutter``, ``augment``, ``labels="shuffled"``
    and ``early`` (an epoch after which the test accuracy is noted too). ``make`` replaces the description by
    a net of another kind.
    """
    cut = split(seed, arm["n"])
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in arm["net"].items()}
    net = make() if make else build(Net(**fields), seed)
    x, y = canvases(cut.x, arm, seed), cut.y
    if arm.get("labels") == "shuffled":
        y = y[torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))]
    x_test, x_val = (canvases(part, arm, EVALUATION + seed) for part in (cut.x_test, cut.x_val))
    early: dict[str, float] = {}

    def watch(epoch: int) -> None:
        if epoch == arm["early"]:
            early["early"] = accuracy(net, x_test, cut.y_test)

    images = jittered(x, seed) if arm.get("augment") else x
    ending = fit(net, images, y, Budget(**arm["budget"]), seed, watch=watch if "early" in arm else None)
    test = accuracy(net, x_test, cut.y_test)
    if "early" in arm:
        early.setdefault("early", test)
    train = accuracy(net, x, y)
    return {
        "epochs": ending.epochs,
        "loss": ending.loss,
        "train": train,
        "validation": accuracy(net, x_val, cut.y_val),
        "test": test,
        "gap": train - test,
        "parameters": parameters(net),
        "macs": sum(macs(net, x_test[:1]).values()),
        **early,
    }


def by_seed(arm: dict[str, Any], one: Callable[[dict[str, Any], int], dict[str, Any]]) -> dict[str, Any]:
    """Run ``one`` for seeds 0..arm["seeds"]-1 and return lists of its figures, one value a seed."""
    rows = [one(arm, seed) for seed in range(arm["seeds"])]
    return {name: [row[name] for row in rows] for name in rows[0]}
