"""E12: pooling as signal processing: polarity, spikes in noise, aliasing, what survives a shift, what is lost."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.data import photographs, shifted, split
from experiments.nets import MaxBlur, Net, build, initialise
from experiments.task import by_seed, classify
from experiments.train import Budget, accuracy, fit


def arms() -> list[dict[str, Any]]:
    """Return the exact parts, the samples, the polarity grid and the order statistics."""
    exact = [{"part": name} for name in ("patterns", "gratings", "reconstruction", "summaries")]
    sampled = [{"part": "unchanged", "seeds": 5}, {"part": "spikes", "samples": 4000, "seeds": 5}]
    polarity = [
        {
            "part": "polarity",
            "pool": pool,
            "window": k,
            "inverted": inv,
            "front": front,
            "n": 600,
            "epochs": 30,
            "seeds": 5,
        }
        for pool, k, inv, front in product(("max", "avg", "min"), (2, 4), (False, True), ("pixels", "convolution"))
        if front == "pixels" or k == 2
    ]
    rank = [
        {
            "part": "rank",
            "net": {"canvas": 16, "widths": [12, 24], "down": d},
            "position": "centred",
            "n": 400,
            "budget": {"epochs": 30},
            "seeds": 5,
        }
        for d in ("max", "rank2", "rank3", "rank4", "avg")
    ]
    power = [
        {
            "part": "power",
            "net": {"canvas": 16, "widths": [12, 24], "down": "power", "exponent": p},
            "position": "random",
            "n": 300,
            "budget": {"epochs": 30},
            "seeds": 5,
        }
        for p in (1.0, 2.0, 4.0, 8.0)
    ]
    return exact + sampled + polarity + rank + power


def reduced() -> list[dict[str, Any]]:
    """Return the exact parts, fewer spikes and the polarity of raw pixels."""
    polarity = [
        {**arm, "seeds": 1, "n": 400}
        for arm in arms()
        if arm["part"] == "polarity" and arm["front"] == "pixels" and arm["window"] == 4 and arm["pool"] != "avg"
    ]
    sampled = [{"part": "unchanged", "seeds": 2}, {"part": "spikes", "samples": 1000, "seeds": 2}]
    return [*arms()[:4], *sampled, *polarity]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Compute one part."""
    exact = {
        "patterns": patterns,
        "gratings": gratings,
        "reconstruction": reconstruction,
        "summaries": summaries,
    }
    if arm["part"] in exact:
        return exact[arm["part"]]()
    seeded = {"spikes": spikes, "unchanged": unchanged, "polarity": polarity}
    return by_seed(arm, seeded.get(arm["part"], classify))


def pooled(x: Tensor, kind: str, window: int) -> Tensor:
    """Pool with stride ``window``: "max", "avg", "min", "slice" or "blur" (window 2 only)."""
    if kind == "min":
        return -F.max_pool2d(-x, window)
    if kind == "slice":
        return x[..., ::window, ::window]
    if kind == "blur":
        blurred: Tensor = MaxBlur(circular=True)(x)
        return blurred
    return F.max_pool2d(x, window) if kind == "max" else F.avg_pool2d(x, window)


def patterns() -> dict[str, Any]:
    """Pool a checkerboard and one-pixel stripes; pool a single bright pixel."""
    index = torch.arange(8)
    board = ((index[:, None] + index) % 2).float()[None, None]
    stripes = (index % 2).float().expand(1, 1, 8, 8)
    spike = torch.zeros(1, 1, 8, 8)
    spike[..., 3, 3] = 1
    found: dict[str, Any] = {}
    for kind in ("max", "avg", "slice"):
        values = [
            pooled(board, kind, 2),
            pooled(board.roll(1, 3), kind, 2),
            pooled(stripes, kind, 2),
            pooled(stripes.roll(1, 3), kind, 2),
        ]
        found[kind] = [sorted(set(v.ravel().tolist())) for v in values]
    found["spike"] = {f"{kind}{k}": float(pooled(spike, kind, k).max()) for kind, k in product(("max", "avg"), (2, 4))}
    return found


def gratings() -> dict[str, Any]:
    """Pool sinusoids of every frequency (mean over phases): how much is left, and how much is false.

    ``kept`` is the amplitude after pooling over that before, without the mean; ``theory`` is the average's
    |cos(pi f)|. Above f = 1/4 cycles per pixel whatever is left appears at a false, lower frequency: ``false`` is
    that share for f > 1/4.
    """
    size, phases = 64, 8
    frequencies = [n / size for n in range(1, size // 2)]
    found: dict[str, Any] = {"frequency": frequencies, "theory": [abs(np.cos(np.pi * f)) for f in frequencies]}
    place = torch.arange(size, dtype=torch.float64)
    for kind in ("max", "avg", "slice", "blur"):
        kept = []
        for f in frequencies:
            total = 0.0
            for phase in range(phases):
                wave = torch.cos(2 * np.pi * (f * place + phase / (2 * phases)))
                image = wave.expand(1, 1, 4, size)
                kernel = MaxBlur(circular=True).double() if kind == "blur" else None
                out = kernel(image) if kernel else pooled(image, kind, 2)
                total += float((out - out.mean()).pow(2).mean() / (wave - wave.mean()).pow(2).mean())
            kept.append(float(np.sqrt(total / phases)))
        found[kind] = kept
    high = [i for i, f in enumerate(frequencies) if 0.25 < f < 0.5]
    found["false"] = {kind: float(np.mean([found[kind][i] for i in high])) for kind in ("max", "avg", "slice", "blur")}
    return found


def spikes(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Detect one bright pixel in noise from the pooled window: area under the ROC curve, by noise and window.

    Half of the windows hold a spike of height 1. With one window of k x k pixels and one number kept, the area
    under the curve is the share of pairs that the number orders rightly. ``many`` is the mirrored task: every
    pixel of the window raised by 1/k.
    """
    rng, samples = np.random.default_rng(seed), arm["samples"]
    found: dict[str, Any] = {"spike": {}, "many": {}}
    label = np.arange(samples) % 2
    for k, sigma in product((2, 4, 8), (0.1, 0.2, 0.3, 0.5, 1.0)):
        noise = sigma * rng.standard_normal((samples, k * k))
        one, all_cells = noise.copy(), noise + (label / k)[:, None]
        one[:, 0] += label
        for name, x in (("spike", one), ("many", all_cells)):
            scores = {"max": x.max(1), "avg": x.mean(1)}
            found[name][f"k{k}_s{sigma}"] = {kind: float(roc_auc_score(label, v)) for kind, v in scores.items()}
    return found


def unchanged(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Measure what a shift leaves of pooled maps of photographs and digits behind random filters and a rectifier.

    For digits the share of unchanged outputs is given with and without background; ``change`` is the relative L2
    change per shift of one pixel, the number by which the book judges whether a representation is invariant.
    """
    generator = torch.Generator().manual_seed(seed)
    filters = torch.randn(8, 1, 3, 3, generator=generator) / 3
    digits = shifted(split(seed, 100).x_test[:200], 24)
    # A quarter of the size, by a filter as wide as the reduction: less of what follows is aliasing.
    photos = F.interpolate(photographs(), size=(106, 160), mode="bilinear", antialias=True)[..., :104, :152]
    found: dict[str, Any] = {}
    for name, x in (("digits", digits), ("photographs", photos)):
        maps = [F.conv2d(x.roll((0, t), (2, 3)), filters, padding=1).relu() for t in range(5)]
        for kind, k in (("none", 1), ("max", 2), ("avg", 2), ("max", 4), ("max", 8), ("avg", 8), ("global", 0)):
            for t in (1, 2, 4):
                before, after = (reduce(m, kind, k) for m in (maps[0], maps[t]))
                same = (before - after).abs() < 1e-6
                active = (before > 1e-6) | (after > 1e-6)
                found[f"{name}_{kind}{k}_{t}"] = {
                    "all": float(same.float().mean()),
                    "active": float(same[active].float().mean()),
                    "change": float((after - before).norm() / before.norm()),
                }
    return found


def reduce(x: Tensor, kind: str, k: int) -> Tensor:
    """Return ``x`` as it is, pooled, or its global maximum."""
    if kind == "none":
        return x
    return x.amax((2, 3), keepdim=True) if kind == "global" else pooled(x, kind, k)


def reconstruction() -> dict[str, Any]:
    """Predict digits linearly from pooled digits (ridge): share of the variance not recovered, by window."""
    cut = split(0, 1100)
    found: dict[str, Any] = {}
    for kind, k in product(("max", "avg"), (1, 2, 4, 8)):

        def features(x: Tensor, kind: str = kind, k: int = k) -> Tensor:
            z = (pooled(x, kind, k) if k > 1 else x).flatten(1).double()
            return torch.cat([z, torch.ones(len(z), 1, dtype=torch.float64)], 1)

        a, b = features(cut.x), cut.x.flatten(1).double()
        weight = torch.linalg.solve(a.T @ a + 1e-3 * torch.eye(a.shape[1], dtype=torch.float64), a.T @ b)
        truth = cut.x_test.flatten(1).double()
        left = features(cut.x_test) @ weight - truth
        found[f"{kind}{k}"] = float((left**2).sum() / ((truth - truth.mean(0)) ** 2).sum())
    return found


def summaries() -> dict[str, Any]:
    """Make windows that one summary cannot tell apart and the other can; return the best threshold's accuracy."""
    one, four = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    one[..., ::2, ::2] = 1
    four[:] = 1
    strong, weak = torch.zeros(1, 1, 4, 4), torch.full((1, 1, 4, 4), 0.25)
    strong[..., ::2, ::2] = 1
    pairs = {"one_or_four": (one, four), "one_strong_or_four_weak": (strong, weak)}
    negative = torch.tensor([[[[-5.0, 0.1], [0.2, 0.3]]]])
    return {
        **{
            name: {kind: not torch.equal(pooled(a, kind, 2), pooled(b, kind, 2)) for kind in ("max", "avg")}
            for name, (a, b) in pairs.items()
        },
        "strong_negative": float(F.max_pool2d(negative, 2)),
    }


def polarity(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Classify 16 x 16 digits (enlarged), light on dark or dark on light, from pooled pixels or pooled maps."""
    cut = split(seed, arm["n"])

    def images(x: Tensor) -> Tensor:
        large = F.interpolate(x, size=(16, 16), mode="bilinear", align_corners=False)
        return 1 - large if arm["inverted"] else large

    class Pool(nn.Module):
        """Pools with the arm's window."""

        def forward(self, x: Tensor) -> Tensor:
            """(N, C, H, W) -> (N, C, H/k, W/k)."""
            return pooled(x, arm["pool"], arm["window"])

    front = [nn.Conv2d(1, 8, 3, padding=1), nn.ReLU()] if arm["front"] == "convolution" else []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        initialise(nn.Sequential(*front))
    side, maps = 16 // arm["window"], 8 if front else 1
    net = nn.Sequential(*front, Pool(), build(Net(canvas=side, inputs=maps, widths=(), hidden=(32,)), seed))
    fit(net, images(cut.x), cut.y, Budget(arm["epochs"], rate=3e-3), seed)
    return {"test": accuracy(net, images(cut.x_test), cut.y_test)}
