"""E16: what pooling does for generalisation, confirmed on new splits, two sets of digits and 20 seeds.

Budget: to a plateau, one rate an arm. Max, average and stride have equally many parameters. Digits of 8 x 8 pixels by
writers not trained on, on a canvas of 16; MNIST at 14 x 14 pixels, on a canvas of 28. Each digit has one position.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from torch import Tensor

from experiments import sets
from experiments.data import scattered, shifted
from experiments.nets import Net, build, parameters
from experiments.plateau import SHORT, Fit, Task, by_seed, class_shares
from experiments.task import EVALUATION
from experiments.train import accuracy

SIDE = {"digits": 8, "mnist": 14}
DOWNS, POSITIONS = ("max", "avg", "stride", "none"), ("random", "centred")


def arm(name: str, down: str, position: str, n: int) -> dict[str, Any]:
    """Return an arm of this experiment."""
    return {"set": name, "down": down, "position": position, "n": n, "seeds": 20}


def arms() -> list[dict[str, Any]]:
    """Return both sets, both positions, two amounts of data and four down-samplers."""
    return [
        arm(name, down, position, n) for name, position, n, down in product(sets.SETS, POSITIONS, (300, 1000), DOWNS)
    ]


def reduced() -> list[dict[str, Any]]:
    """Return max pooling and strides at random positions."""
    return [{**arm("digits", down, "random", 300), **SHORT} for down in ("max", "stride")]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed."""
    return by_seed(arm, one)


def one(arm: dict[str, Any], seed: int, fit: Fit) -> dict[str, Any]:
    """Train the arm with one seed; return the accuracies."""
    side = SIDE[arm["set"]]
    cut = sets.split(arm["set"], seed, arm["n"], side)

    def canvases(x: Tensor, key: int) -> Tensor:
        return shifted(x, 2 * side) if arm["position"] == "centred" else scattered(x, 2 * side, key)[0]

    net = build(Net(canvas=2 * side, widths=(12, 24), down=arm["down"]), seed)
    x, x_val = canvases(cut.x, seed), canvases(cut.x_val, EVALUATION + seed)
    ending = fit(net, Task(x, cut.y, x_val, cut.y_val, class_shares(cut.y, 10)))
    fitted, test = accuracy(net, x, cut.y), accuracy(net, canvases(cut.x_test, 2 * EVALUATION + seed), cut.y_test)
    return {**ending.figures(), "parameters": parameters(net), "train": fitted, "test": test, "gap": fitted - test}
