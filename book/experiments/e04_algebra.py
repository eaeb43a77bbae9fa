"""E04: the algebra of pooling: what commutes, what is linear, what equals what, exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.nets import macs, received

DOUBLE = torch.float64


def arms() -> list[dict[str, Any]]:
    """Return one arm for each family of identities."""
    return [{"part": name} for name in PARTS]


def reduced() -> list[dict[str, Any]]:
    """Return all: they take seconds."""
    return arms()


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Compute one part."""
    return PARTS[arm["part"]]()


def normal(*shape: int, seed: int = 0) -> Tensor:
    """Return standard normal values in double precision."""
    return torch.tensor(np.random.default_rng(seed).standard_normal(shape))


def gap(a: Tensor, b: Tensor) -> float:
    """Return the largest absolute difference."""
    return float((a - b).detach().abs().max())


def matrix() -> dict[str, Any]:
    """Write the 8 x 8 -> 6 x 6 convolution as a matrix; compare its gradient with that of a dense layer, tied."""
    weight = normal(1, 1, 3, 3).requires_grad_()
    units = torch.eye(64, dtype=DOUBLE).view(64, 1, 8, 8)
    dense = F.conv2d(units, weight).view(64, 36).T
    free = dense.detach().clone().requires_grad_()
    x = normal(8, 8, seed=1)
    upstream = normal(36, seed=2)
    out = free @ x.ravel()
    (out @ upstream).backward()
    (F.conv2d(x[None, None], weight).ravel() @ upstream).backward()
    which = F.conv2d(units, torch.arange(1.0, 10).double().view(1, 1, 3, 3)).view(64, 36).T.round().long()
    tied = torch.stack([received(free)[which == k].sum() for k in range(1, 10)])
    return {
        "shape": list(dense.shape),
        "nonzero": int((which > 0).sum()),
        "distinct": len(which.unique()) - 1,
        "entries": which.numel(),
        "output_difference": gap(out, F.conv2d(x[None, None], weight).ravel()),
        "gradient_difference": gap(tied, received(weight).ravel()),
    }


def powers() -> dict[str, Any]:
    """Return how far the power mean of rectified values is from average and maximum, by exponent."""
    x = normal(1, 4, 16, 16).relu() + 1e-9
    top, mean = F.max_pool2d(x, 2), F.avg_pool2d(x, 2)
    found: dict[str, Any] = {}
    for p in (1, 2, 4, 8, 16, 64):
        pooled = top * F.avg_pool2d((x / F.interpolate(top, scale_factor=2)) ** p, 2) ** (1 / p)
        found[str(p)] = {"to_average": gap(pooled, mean), "to_max": gap(pooled, top)}
    return found


def order() -> dict[str, Any]:
    """Swap rectifier and pooling: no change for the maximum, a bias for the average."""
    x = normal(64, 4, 32, 32)
    inside, outside = F.avg_pool2d(x.relu(), 2), F.avg_pool2d(x, 2).relu()
    return {
        "max_equal": torch.equal(F.max_pool2d(x.relu(), 2), F.max_pool2d(x, 2).relu()),
        "average_difference": float((inside - outside).abs().mean()),
        "average_mean": float(inside.mean()),
        "relu_of_mean_at_most_mean_of_relu": bool((outside <= inside + 1e-12).all()),
    }


def convolutions() -> dict[str, Any]:
    """Write average pooling as a depthwise convolution; fit the best kernel to max pooling, which none equals."""
    x, y = normal(8, 3, 8, 8), normal(8, 3, 8, 8, seed=1)
    box = torch.full((3, 1, 2, 2), 0.25, dtype=DOUBLE)

    def residual(pool: Callable[[Tensor, int], Tensor]) -> float:
        return float((pool(x + y, 2) - pool(x, 2) - pool(y, 2)).abs().mean())

    u = torch.rand(4000, 4, generator=torch.Generator().manual_seed(0), dtype=DOUBLE)
    design = torch.cat([u, torch.ones(4000, 1, dtype=DOUBLE)], 1)
    target = u.amax(1)
    fitted = design @ torch.linalg.lstsq(design, target[:, None]).solution[:, 0]
    r2 = 1 - float(((target - fitted) ** 2).sum() / ((target - target.mean()) ** 2).sum())
    return {
        "average_is_depthwise": gap(F.avg_pool2d(x, 2), F.conv2d(x, box, stride=2, groups=3)),
        "residual_average": residual(F.avg_pool2d),
        "residual_max": residual(F.max_pool2d),
        "max_fit_r2": r2,
    }


def learned_maximum() -> dict[str, Any]:
    """Compute 2 x 2 max pooling exactly with strided convolutions, rectifiers and 1 x 1 convolutions."""
    x = normal(4, 1, 8, 8)
    pick = torch.eye(4, dtype=DOUBLE).view(4, 1, 2, 2)
    pairs = torch.tensor([[1.0, -1, 0, 0], [0, 1, 0, 0], [0, -1, 0, 0], [0, 0, 1, -1], [0, 0, 0, 1], [0, 0, 0, -1]])
    join = torch.tensor([[1.0, 1, -1, 0, 0, 0], [0, 0, 0, 1, 1, -1]])
    first = torch.einsum("ok,kcij->ocij", pairs.double(), pick)
    last_pairs = torch.tensor([[1.0, -1], [0, 1], [0, -1]]).double()
    last_join = torch.tensor([[1.0, 1, -1]]).double()
    hidden = F.conv2d(x, first, stride=2).relu()
    two = F.conv2d(hidden, join.double()[:, :, None, None])
    hidden = F.conv2d(two, last_pairs[:, :, None, None]).relu()
    out = F.conv2d(hidden, last_join[:, :, None, None])
    strided = F.conv2d(x, pick[:1], stride=2)
    return {
        "difference": gap(out, F.max_pool2d(x, 2)),
        "stride_is_slice": gap(strided, F.conv2d(F.pad(x, (0, 1, 0, 1)), pick[:1])[..., ::2, ::2]),
    }


def collapse() -> dict[str, Any]:
    """Compose linear convolutions with pools: one matrix for the average, a nonlinear map for the maximum."""
    first, second, head = normal(3, 1, 3, 3), normal(4, 3, 3, 3, seed=1), normal(2, 16, seed=2)

    def net(x: Tensor, pool: Callable[[Tensor, int], Tensor]) -> Tensor:
        x = pool(F.conv2d(x, first, padding=1), 2)
        return pool(F.conv2d(x, second, padding=1), 2).flatten(1) @ head.T

    units = torch.eye(64, dtype=DOUBLE).view(64, 1, 8, 8)
    x = normal(16, 1, 8, 8, seed=3)
    as_matrix = net(units, F.avg_pool2d)
    by_max = net(units, F.max_pool2d)
    return {
        "average_is_matrix": gap(x.flatten(1) @ as_matrix, net(x, F.avg_pool2d)),
        "max_is_matrix": gap(x.flatten(1) @ by_max, net(x, F.max_pool2d)),
        "stride_one_then_slice": gap(F.max_pool2d(x, 2), F.max_pool2d(x, 2, stride=1)[..., ::2, ::2]),
    }


def orientation() -> dict[str, Any]:
    """Compare the tuning of an oriented filter with that of pooling, on an edge in 45 orientations."""
    place = torch.linspace(-1, 1, 32, dtype=DOUBLE)
    rows, cols = torch.meshgrid(place, place, indexing="ij")
    sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=DOUBLE)[None, None]
    tuning: dict[str, list[float]] = {"filter": [], "max": [], "average": []}
    for step in range(45):
        angle = 2 * math.pi * step / 45
        edge = torch.sigmoid(20 * (rows * math.sin(angle) + cols * math.cos(angle)))[None, None]
        tuning["filter"].append(float(F.conv2d(edge, sobel).relu().amax()))
        tuning["max"].append(float(F.max_pool2d(edge, 2).mean()))
        tuning["average"].append(float(F.avg_pool2d(edge, 2).mean()))
    spread = {name: (max(v) - min(v)) / max(v) for name, v in tuning.items()}
    quarter = [torch.sigmoid(20 * cols).rot90(k)[None, None] for k in range(4)]
    means = [float(F.max_pool2d(edge, 2).mean()) for edge in quarter]
    return {"selectivity": spread, "quarter_turns_differ": max(means) - min(means), "tuning": tuning}


def selection() -> dict[str, Any]:
    """Say whether outputs of max pooling are among its inputs, and how many distinct values it leaves."""
    x = normal(1, 1, 16, 16)
    out = F.max_pool2d(x, 2)
    return {
        "subset": bool(torch.isin(out, x).all()),
        "distinct": len(out.unique()),
        "of": out.numel(),
        "rounded_distinct": len(x.round().unique()),
        "rounded_subset": bool(torch.isin(x.round(), x).all()),
    }


def stitched() -> dict[str, Any]:
    """Interleave the outputs of shifted passes of a net with two pools; compare with its dilated form.

    ``stride`` is the smallest shift of the image that moves the pooled map by exactly one cell; ``work`` are the
    multiply-accumulates of all passes and of the dilated form.
    """
    first, second = normal(3, 1, 3, 3), normal(2, 3, 3, 3, seed=1)
    image = normal(1, 1, 40, 40, seed=2)
    side = 7
    work = {"passes": 0, "dilated": 0}

    def conv(x: Tensor, weight: Tensor, form: str, dilation: int = 1) -> Tensor:
        out = F.conv2d(x, weight, dilation=dilation)
        work[form] += weight[0].numel() * out[0].numel()
        return out.relu()

    def pooled(x: Tensor) -> Tensor:
        return F.max_pool2d(conv(F.max_pool2d(conv(x, first, "passes"), 2), second, "passes"), 2)[..., :side, :side]

    one = pooled(image)
    stride = next(t for t in range(1, 9) if torch.equal(pooled(image[..., t:])[..., :-1], one[..., 1:]))
    work["passes"] = 0
    dense = F.max_pool2d(conv(image, first, "dilated"), 2, stride=1)
    dense = conv(dense, second, "dilated", dilation=2)
    dense = torch.stack(
        [dense[..., i : i + dense.shape[2] - 2, j : j + dense.shape[3] - 2] for i in (0, 2) for j in (0, 2)]
    ).amax(0)
    stitched_map = torch.empty(1, 2, stride * side, stride * side, dtype=DOUBLE)
    passes = list(product(range(stride), repeat=2))
    for dy, dx in passes:
        stitched_map[..., dy::stride, dx::stride] = pooled(image[..., dy:, dx:])
    both = min(dense.shape[2], stride * side)
    return {
        "difference": gap(stitched_map[..., :both, :both], dense[..., :both, :both]),
        "passes": len(passes),
        "stride": stride,
        "one_pass": one[0, 0].numel(),
        "compared": both**2,
        "work": work,
    }


def heads() -> dict[str, Any]:
    """Check the identities of global pooling: absorbed pools, averaging matrix, 1 x 1 convolution swapped."""
    even, odd = normal(2, 3, 12, 12), torch.zeros(1, 1, 13, 13, dtype=DOUBLE)
    odd[..., 12, 12] = 1
    x = normal(4, 64, 7, 7)
    weight = normal(10, 64, seed=1) / 8
    maps = F.conv2d(x, weight[:, :, None, None])
    flat = torch.kron(torch.eye(64, dtype=DOUBLE), torch.full((1, 49), 1 / 49, dtype=DOUBLE))
    return {
        "max_absorbed": torch.equal(F.max_pool2d(even, 2).amax((2, 3)), even.amax((2, 3))),
        "mean_absorbed": gap(F.avg_pool2d(even, 2).mean((2, 3)), even.mean((2, 3))),
        "odd_max_difference": gap(F.max_pool2d(odd, 2).amax((2, 3)), odd.amax((2, 3))),
        "average_as_matrix": gap(x.flatten(1) @ flat.T, x.mean((2, 3))),
        "average_swap": gap(maps.mean((2, 3)), x.mean((2, 3)) @ weight.T),
        "max_swap": gap(maps.amax((2, 3)), x.amax((2, 3)) @ weight.T),
        "macs_ratio": sum(macs(nn.Conv2d(64, 10, 1), torch.zeros(1, 64, 7, 7)).values())
        / sum(macs(nn.Linear(64, 10), torch.zeros(1, 64)).values()),
        "uniform_attention": gap(
            (x.flatten(2) * torch.zeros(4, 1, 49, dtype=DOUBLE).softmax(2)).sum(2), x.mean((2, 3))
        ),
    }


def equivariance() -> dict[str, Any]:
    """Roll an image by -8..8: circular convolution follows exactly, zero padding fails in a border band."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        conv = nn.Conv2d(1, 4, 3, padding=1, padding_mode="circular").double()
        zero = nn.Conv2d(1, 4, 3, padding=1).double()
    x = normal(1, 1, 24, 24)
    circular, band = 0.0, 0
    with torch.no_grad():
        for t in range(-8, 9):
            moved = x.roll(t, 3)
            circular = max(circular, gap(conv(moved), conv(x).roll(t, 3)))
            wrong = ((zero(moved) - zero(x).roll(t, 3)).abs() > 1e-9).any(1)[0, 1:-1].any(0)
            cells = torch.nonzero(wrong)[:, 0]
            seam = {0, 23, t % 24, (t - 1) % 24}
            band = max(band, sum(int(c) not in seam for c in cells))
        sorted_same = [sorted_gap(x, t, conv, 1) for t in range(9)]
        strided_same = [sorted_gap(x, t, conv, 4) for t in range(9)]
    return {
        "circular": circular,
        "wrong_outside_border": band,
        "sorted_stride1": sorted_same,
        "sorted_stride4": strided_same,
    }


def sorted_gap(x: Tensor, t: int, conv: nn.Module, stride: int) -> float:
    """Return how far the sorted responses of each channel differ between x and x rolled by t."""
    a, b = (conv(z).relu()[..., ::stride, ::stride].flatten(2).sort(2).values for z in (x, x.roll(t, 3)))
    return gap(a, b)


PARTS = {
    "matrix": matrix,
    "powers": powers,
    "order": order,
    "convolutions": convolutions,
    "learned_maximum": learned_maximum,
    "collapse": collapse,
    "orientation": orientation,
    "selection": selection,
    "stitched": stitched,
    "heads": heads,
    "equivariance": equivariance,
}
