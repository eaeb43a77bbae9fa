"""E07: what down-sampling costs: multiply-accumulates against measured time, as ratios.

One thread, lower quartiles of interleaved repetitions (other work on the machine only ever adds time); the unit is the
3 x 3 convolution of stride 1 at the same size, so that a slower machine changes the milliseconds but hardly the ratios.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.nets import Net, build, laid_out, macs

SIZES = {"small": (64, 12, 24), "medium": (8, 32, 64), "large": (2, 64, 112)}


def arms() -> list[dict[str, Any]]:
    """Return the operations at three sizes and two layouts, and training steps of whole nets."""
    operations = [
        {"part": "operations", "size": s, "layout": layout, "repetitions": 40}
        for s in SIZES
        for layout in ("nchw", "channels_last")
    ]
    steps = [
        {"part": "steps", "canvas": c, "layout": layout, "repetitions": 30}
        for c in (24, 48)
        for layout in ("nchw", "channels_last")
    ]
    return operations + steps


def reduced() -> list[dict[str, Any]]:
    """Return the counts of operations at one size: time is not asserted in a test."""
    return [{"part": "operations", "size": "small", "layout": "nchw", "repetitions": 2}]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Measure one arm."""
    return operations(arm) if arm["part"] == "operations" else steps(arm)


def timed(calls: dict[str, Callable[[], Any]], repetitions: int) -> dict[str, list[float]]:
    """Return the seconds of each call; calls take turns, so that other work on the machine slows all of them alike."""
    for call in calls.values():
        call()
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repetitions):
        for name, call in calls.items():
            start = perf_counter()
            call()
            seconds[name].append(perf_counter() - start)
    return seconds


def ratios(seconds: dict[str, list[float]], unit: str) -> dict[str, Any]:
    """Return each lower quartile over that of ``unit`` with a 95% bootstrap interval, and the unit in milliseconds."""
    rng = np.random.default_rng(0)
    base = np.array(seconds[unit])
    found: dict[str, Any] = {"unit_ms": quartile(base) * 1e3}
    for name, values in seconds.items():
        x = np.array(values)
        picks = rng.integers(0, len(x), (400, len(x)))
        draws = [quartile(x[pick]) / quartile(base[pick]) for pick in picks]
        low, high = np.quantile(draws, (0.025, 0.975))
        found[name] = [quartile(x) / quartile(base), float(low), float(high)]
    return found


def quartile(seconds: np.ndarray) -> float:
    """Return the time that a quarter of the repetitions stay below."""
    return float(np.quantile(seconds, 0.25))


def four_slices(x: Tensor) -> Tensor:
    """Return 2 x 2 max pooling as the maximum of four slices."""
    top = torch.maximum(x[..., ::2, ::2], x[..., ::2, 1::2])
    return torch.maximum(top, torch.maximum(x[..., 1::2, ::2], x[..., 1::2, 1::2]))


def operations(arm: dict[str, Any]) -> dict[str, Any]:
    """Time convolutions and poolings of one tensor, forward only and forward with backward."""
    batch, channels, side = SIZES[arm["size"]]
    layout = torch.channels_last if arm["layout"] == "channels_last" else torch.contiguous_format
    x = torch.rand(batch, channels, side, side).contiguous(memory_format=layout)
    one = laid_out(nn.Conv2d(channels, channels, 3, padding=1), layout)
    two = laid_out(nn.Conv2d(channels, channels, 3, 2, padding=1), layout)
    calls: dict[str, Callable[[Tensor], Tensor]] = {
        "conv": one,
        "conv_stride2": two,
        "max_pool": lambda t: F.max_pool2d(t, 2),
        "avg_pool": lambda t: F.avg_pool2d(t, 2),
        "four_slices": four_slices,
        "conv_max": lambda t: F.max_pool2d(one(t), 2),
        "conv_slice": lambda t: one(t)[..., ::2, ::2].contiguous(),
        "conv_conv": lambda t: two(one(t)),
    }

    def forward(call: Callable[[Tensor], Tensor]) -> Callable[[], None]:
        def once() -> None:
            with torch.no_grad():
                call(x)

        return once

    def both(call: Callable[[Tensor], Tensor]) -> Callable[[], None]:
        leaf = x.clone(memory_format=torch.preserve_format).requires_grad_()

        def once() -> None:
            leaf.grad = None
            call(leaf).sum().backward()

        return once

    few = max(arm["repetitions"] // 2, 2)
    windows = batch * channels * (side // 2) ** 2
    dense = sum(macs(one, x).values()) * batch
    return {
        "forward": ratios(timed({n: forward(c) for n, c in calls.items()}, arm["repetitions"]), "conv"),
        "backward": ratios(timed({n: both(c) for n, c in calls.items()}, few), "conv"),
        "operations": {"conv": dense, "conv_stride2": sum(macs(two, x).values()) * batch, "max_pool": 3 * windows},
        "agree": torch.equal(four_slices(x), F.max_pool2d(x, 2)),
    }


def steps(arm: dict[str, Any]) -> dict[str, Any]:
    """Time a training step of the book's net without pools, with two, and with strides instead; 50 digits."""
    layout = torch.channels_last if arm["layout"] == "channels_last" else torch.contiguous_format
    x = torch.rand(50, 1, arm["canvas"], arm["canvas"]).contiguous(memory_format=layout)
    y = torch.randint(0, 10, (50,), generator=torch.Generator().manual_seed(0))
    calls: dict[str, Callable[[], Any]] = {}
    counted: dict[str, int] = {}
    for down in ("none", "max", "avg", "stride"):
        net = laid_out(build(Net(canvas=arm["canvas"], widths=(12, 24), down=down), 0), layout)
        counted[down] = sum(macs(net, x[:1]).values())

        def step(net: nn.Module = net) -> None:
            net.zero_grad()
            F.cross_entropy(net(x), y).backward()

        calls[down] = step
    return {
        "time": ratios(timed(calls, arm["repetitions"]), "none"),
        "macs": counted,
        "macs_ratio": {name: value / counted["none"] for name, value in counted.items()},
    }
