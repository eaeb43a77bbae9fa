"""E03: gradients through pooling: who receives them, ties, zeros, indices; counted in a trained net."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.data import shifted, split
from experiments.nets import Net, build, received
from experiments.task import by_seed
from experiments.train import Budget, accuracy, fit


def arms() -> list[dict[str, Any]]:
    """Return the exact parts, the counts in trained nets, and training with three tie rules."""
    exact = [{"part": name} for name in ("routing", "ties", "indices")]
    return [
        *exact,
        {"part": "trained", "seeds": 5},
        *({"part": "rule", "rule": rule, "seeds": 5} for rule in ("first", "split", "random")),
    ]


def reduced() -> list[dict[str, Any]]:
    """Return the exact parts, and one count in a trained net."""
    return [*arms()[:3], {"part": "trained", "seeds": 1}]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Compute one part."""
    parts = {"routing": routing, "ties": ties, "indices": indices}
    if arm["part"] in parts:
        return parts[arm["part"]]()
    return by_seed(arm, trained if arm["part"] == "trained" else rule)


def gradient(function: Any, x: Tensor) -> Tensor:
    """Return the gradient of the sum of ``function(x)``."""
    x = x.clone().requires_grad_()
    function(x).sum().backward()
    return received(x)


def routing() -> dict[str, Any]:
    """Compare where maximum and average send gradients; check with finite differences and overlapping windows."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(4, 3, 8, 8, generator=generator, dtype=torch.float64)
    by_max, by_avg = gradient(lambda t: F.max_pool2d(t, 2), x), gradient(lambda t: F.avg_pool2d(t, 2), x)
    overlap = gradient(lambda t: F.max_pool1d(t, 3, 1), torch.tensor([[0.0, 0, 1, 0, 0]]))
    unfolded = F.unfold(x, 2, stride=2).view(4, 3, 4, 16)
    return {
        "max_sum": float(by_max.sum()),
        "average_sum": float(by_avg.sum()),
        "max_share": float((by_max != 0).double().mean()),
        "average_share": float((by_avg != 0).double().mean()),
        "overlap": overlap[0].tolist(),
        "hand_written_difference": hand_written(x),
        "gradcheck": torch.autograd.gradcheck(lambda t: F.max_pool2d(t, 2), x[:1, :1].clone().requires_grad_()),
        "gradcheck_tie": torch.autograd.gradcheck(
            lambda t: F.max_pool2d(t, 2),
            torch.ones(1, 1, 2, 2, dtype=torch.float64, requires_grad=True),
            raise_exception=False,
        ),
        "unfold_difference": max(
            float((unfolded.amax(2).view(4, 3, 4, 4) - F.max_pool2d(x, 2)).abs().max()),
            float((unfolded.mean(2).view(4, 3, 4, 4) - F.avg_pool2d(x, 2)).abs().max()),
        ),
        **two_convolutions(),
    }


def hand_written(x: Tensor) -> float:
    """Return how far autograd differs from adding the upstream gradient at the arg max of overlapping windows."""
    upstream = torch.rand(4, 3, 3, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    leaf = x.clone().requires_grad_()
    out, at = F.max_pool2d(leaf, 3, 2, return_indices=True)
    out.backward(upstream)
    mine = torch.zeros(4, 3, 64, dtype=torch.float64)
    mine.scatter_add_(2, at.flatten(2), upstream.flatten(2))
    return float((mine.view_as(x) - received(leaf)).abs().max())


def two_convolutions() -> dict[str, Any]:
    """Return the first-step gradient norms of two convolutions around a pool, and with the pool detached."""
    torch.manual_seed(0)
    first, second = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3)
    x = torch.rand(2, 1, 8, 8)
    second(F.max_pool2d(first(x), 2)).square().sum().backward()
    norms = [float(received(layer.weight).norm()) for layer in (first, second)]
    first.weight.grad = None
    second(F.max_pool2d(first(x), 2).detach()).square().sum().backward()
    return {"norms": norms, "detached_first": first.weight.grad is not None}


def ties() -> dict[str, Any]:
    """Tabulate what PyTorch's operations send to each of four tied (or partly tied) values."""
    windows = {"threes": [3.0] * 4, "zeros": [0.0] * 4, "pair": [0.9, 0.1, 0.2, 0.9]}
    rules = {
        "max_pool2d": lambda t: F.max_pool2d(t.view(1, 1, 2, 2), 2),
        "adaptive_max_pool2d": lambda t: F.adaptive_max_pool2d(t.view(1, 1, 2, 2), 1),
        "amax": lambda t: t.amax(0),
        "max_dim": lambda t: t.max(0).values,
        "max": lambda t: t.max(),
    }
    table = {
        name: {w: gradient(rule, torch.tensor(v)).tolist() for w, v in windows.items()} for name, rule in rules.items()
    }
    before_relu = gradient(lambda t: F.max_pool2d(t.relu().view(1, 1, 2, 2), 2), torch.tensor([-1.0, -2, -3, -4]))
    return {"table": table, "before_rectifier": before_relu.tolist()}


def indices() -> dict[str, Any]:
    """Compare saved indices with a mask recomputed from input and output, in result and size; try max-unpooling."""
    x = torch.rand(1, 2, 8, 8, generator=torch.Generator().manual_seed(0))
    flat = (x * 3).round()

    def recomputed(t: Tensor) -> Tensor:
        out = F.max_pool2d(t, 2)
        return (t == F.interpolate(out, scale_factor=2)).float()

    out, at = F.max_pool2d(x, 2, return_indices=True)
    restored = F.max_unpool2d(out, at, (2, 2))
    nearest = F.interpolate(out, scale_factor=2)
    return {
        "difference": float((recomputed(x) - gradient(lambda t: F.max_pool2d(t, 2), x)).abs().max()),
        "difference_with_ties": float((recomputed(flat) - gradient(lambda t: F.max_pool2d(t, 2), flat)).abs().max()),
        "index_bytes": at.numel() * at.element_size(),
        "output_bytes": out.numel() * out.element_size(),
        "input_bytes": x.numel() * x.element_size(),
        "unpool_error": float((restored - x).square().mean()),
        "nearest_error": float((nearest - x).square().mean()),
    }


def spec() -> Net:
    """Return the book's digits net: canvas 24, two max pools, flatten."""
    return Net(canvas=24, widths=(12, 24))


def trained(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Count exact zeros and tied windows in front of the first pool of a trained net, on test digits."""
    cut = split(seed, 400)
    net = build(spec(), seed)
    fit(net, shifted(cut.x, 24), cut.y, Budget(20), seed)
    net.eval()
    with torch.no_grad():
        maps: Tensor = net.trunk[:2](shifted(cut.x_test, 24))  # convolution and rectifier
    windows = F.unfold(maps.flatten(0, 1)[:, None], 2, stride=2)
    top = windows.amax(1, keepdim=True)
    tied = (windows == top).sum(1) > 1
    silent = (windows == 0).all(1)
    return {
        "zeros": float((maps == 0).float().mean()),
        "tied": float(tied.float().mean()),
        "tied_active": float((tied & (top[:, 0] > 0)).float().mean()),
        "silent": float(silent.float().mean()),
    }


class TieRule(nn.Module):
    """2 x 2 maximum that sends its gradient to the first, to all in equal parts, or to a random tied cell."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        if self.rule == "first":
            return F.max_pool2d(x, 2)
        four = torch.stack([x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)])
        if self.rule == "split":
            return four.amax(0)
        tied = (four == four.amax(0)).float() * torch.rand(four.shape)
        return four.gather(0, tied.argmax(0, keepdim=True))[0]


def rule(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train the digits net with a tie rule; the budget is equal steps."""
    cut = split(seed, 400)
    net = build(spec(), seed)
    for name in ("down1", "down2"):
        net.trunk.set_submodule(name, TieRule(arm["rule"]))
    fit(net, shifted(cut.x, 24), cut.y, Budget(20), seed)
    return {"test": accuracy(net, shifted(cut.x_test, 24), cut.y_test)}
