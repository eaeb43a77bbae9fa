"""E15: how deep the saw-tooth of shifts is, against resolution, down-sampler, head and the phases trained on.

Budget: to a plateau, one rate an arm; 500 digits of MNIST at 8, 14, 20 or 28 pixels. Two halvings give a stride of 4 in
all, hence 16 phases of a shift. Shifts are given in pixels; ``stroke`` is the mean width of a stroke in the same.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from experiments import sets
from experiments.data import place, shifted
from experiments.nets import Net, build, parameters
from experiments.plateau import SHORT, Fit, Task, by_seed, class_shares
from experiments.train import accuracy, outputs

CANVAS = {8: 16, 14: 24, 20: 28, 28: 36}
REACH = 4
DOWNS, HEADS = ("none", "max", "avg", "blur", "stride"), ("flatten", "gmp")
PHASES: dict[int, list[tuple[int, int]]] = {
    1: [(0, 0)],
    2: [(0, 0), (2, 2)],
    4: [(dy, dx) for dy in (0, 2) for dx in (0, 2)],
    16: [(dy, dx) for dy in range(4) for dx in range(4)],
}
FEW = 300  # test digits for the measure that needs all phases of each


def arm(side: int, down: str, head: str, phases: int = 1) -> dict[str, Any]:
    """Return an arm of this experiment."""
    return {"side": side, "down": down, "head": head, "phases": phases, "n": 500, "seeds": 10 if side < 20 else 5}


def arms() -> list[dict[str, Any]]:
    """Return the resolutions, trained in the middle alone, then the phases trained on at 14 pixels."""
    sides = [arm(side, down, head) for side, head, down in product((8, 14, 28, 20), HEADS, DOWNS)]
    return sides + [arm(14, down, head, phases) for phases, head, down in product((16, 4, 2), HEADS, DOWNS)]


def reduced() -> list[dict[str, Any]]:
    """Return strides under a global maximum, trained on one phase and on all."""
    return [{**arm(14, "stride", "gmp", phases), "n": 300, **SHORT} for phases in (1, 16)]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Train one arm for every seed."""
    return by_seed(arm, one)


def one(arm: dict[str, Any], seed: int, fit: Fit) -> dict[str, Any]:
    """Train the arm with one seed; return accuracy by diagonal shift (-4 to 4 pixels) and what changes with the phase.

    ``consistency`` is the share of digits whose class is the same in all 16 phases. ``phases_test`` is the mean
    accuracy over the phases, ``worst_phase`` that of the worst.
    """
    side, canvas = arm["side"], CANVAS[arm["side"]]
    cut = sets.split("mnist", seed, arm["n"], side)
    net = build(Net(canvas=canvas, widths=(12, 24), down=arm["down"], head=arm["head"]), seed)
    x_val = in_phases(cut.x_val, canvas, arm["phases"], seed)
    x = (
        (lambda epoch: in_phases(cut.x, canvas, arm["phases"], 1000 * (seed + 1) + epoch))
        if arm["phases"] > 1
        else None
    )
    task = Task(x or shifted(cut.x, canvas), cut.y, x_val, cut.y_val, class_shares(cut.y, 10))
    ending = fit(net, task)
    few, y = cut.x_test[:FEW], cut.y_test[:FEW]
    grid = in_all_phases(net, few, canvas)
    by_phase = (grid == y).float().mean(1)
    return {
        **ending.figures(),
        "parameters": parameters(net),
        "stroke": sets.stroke_width(cut.x_test),
        "test": accuracy(net, shifted(cut.x_test, canvas), cut.y_test),
        "by_shift": [accuracy(net, shifted(few, canvas, d, d), y) for d in range(-REACH, REACH + 1)],
        "phases_test": float(by_phase.mean()),
        "worst_phase": float(by_phase.min()),
        "consistency": float((grid == grid[0]).all(0).float().mean()),
    }


def in_phases(x: Tensor, canvas: int, phases: int, seed: int) -> Tensor:
    """Place each image near the middle, displaced by one of the phases, drawn by ``seed``."""
    moves = torch.tensor(PHASES[phases])
    drawn = torch.randint(0, len(moves), (len(x),), generator=torch.Generator().manual_seed(seed))
    corner = (canvas - x.shape[-1]) // 2 + moves[drawn]
    return place(x, canvas, corner[:, 0], corner[:, 1])


def in_all_phases(net: nn.Module, x: Tensor, canvas: int) -> Tensor:
    """Return the class that the net names for each of N images in each phase, (16, N)."""
    return torch.stack([outputs(net, shifted(x, canvas, dy, dx)).argmax(1) for dy, dx in PHASES[16]])
