"""E19: pools that the literature offers beside maximum and average, at one standard.

Budget: to a plateau, one rate an arm; 500 digits of MNIST at 14 x 14 pixels in the middle of a canvas of 24. Parameters
are equal but for one or two that generalised mean and mixed pooling learn.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from experiments import sets
from experiments.data import shifted
from experiments.e15_resolution import CANVAS, FEW, in_all_phases
from experiments.nets import Built, GeneralisedMean, Mixed, Net, build, parameters
from experiments.plateau import SHORT, Fit, Task, by_seed, class_shares
from experiments.train import accuracy

SIDE = 14
DOWNS = ("max", "avg", "gem", "mixed", "stochastic", "aps", "blur")


def arms() -> list[dict[str, Any]]:
    """Return all pools under both heads; maps wrap, so that adaptive polyphase sampling is exact."""
    return [{"down": down, "head": head, "n": 500, "seeds": 10} for head, down in product(("flatten", "gmp"), DOWNS)]


def reduced() -> list[dict[str, Any]]:
    """Return plain and adaptive sampling under a global maximum."""
    return [{"down": down, "head": "gmp", "n": 200, **SHORT} for down in ("max", "aps")]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed."""
    return by_seed(arm, one)


def one(arm: dict[str, Any], seed: int, fit: Fit) -> dict[str, Any]:
    """Train the arm with one seed; return accuracy, consistency over the 16 phases, and what the pools learned.

    ``by_phase`` and ``consistency`` are those of shifts by up to three pixels, see E15. ``learned`` holds the exponents
    of generalised means, or the weights of the maximum in mixed pooling, layer by layer.
    """
    cut, canvas = sets.split("mnist", seed, arm["n"], SIDE), CANVAS[SIDE]
    net = build(Net(canvas=canvas, widths=(12, 24), down=arm["down"], head=arm["head"], padding="circular"), seed)
    x, x_val = shifted(cut.x, canvas), shifted(cut.x_val, canvas)
    ending = fit(net, Task(x, cut.y, x_val, cut.y_val, class_shares(cut.y, 10)))
    grid = in_all_phases(net, cut.x_test[:FEW], canvas)
    return {
        **ending.figures(),
        "parameters": parameters(net),
        "test": accuracy(net, shifted(cut.x_test, canvas), cut.y_test),
        "consistency": float((grid == grid[0]).all(0).float().mean()),
        "learned": learned(net),
    }


def learned(net: Built) -> list[float]:
    """Return what each pooling layer with a parameter has learned."""
    pools = [layer for layer in net.trunk if isinstance(layer, GeneralisedMean | Mixed)]
    return [float(p.exponent if isinstance(p, GeneralisedMean) else p.weight.sigmoid()) for p in pools]
