"""E01: sizes, parameters, multiply-accumulates and receptive fields, counted and held against PyTorch."""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from experiments.nets import Global, Net, build, layer, macs, parameters, received

VGG16 = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")


def arms() -> list[dict[str, Any]]:
    """Return one arm for each table."""
    return [{"part": name} for name in PARTS]


def reduced() -> list[dict[str, Any]]:
    """Return all: they take seconds."""
    return arms()


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Compute one table."""
    return PARTS[arm["part"]]()


def out_size(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """Return floor((n + 2p - d(k - 1) - 1) / s) + 1, the length of the output along one axis.

    >>> out_size(8, 3), out_size(8, 3, p=1), out_size(24, 2, 2)
    (6, 8, 12)
    """
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def output_sizes() -> dict[str, Any]:
    """Compare the formula with PyTorch for every legal setting; count where similar formulas differ."""
    tried = wrong = 0
    for n, k, s, p, d in product(range(1, 33), range(1, 8), range(1, 5), range(4), range(1, 4)):
        if n + 2 * p < d * (k - 1) + 1:
            continue
        x = torch.empty(1, 1, n, device="meta")
        layer = nn.Conv1d(1, 1, k, s, p, d, device="meta")
        tried += 1
        wrong += layer(x).shape[2] != out_size(n, k, s, p, d)
    pooled = wrong_pool = odd = ceiling = 0
    for n, f, s in product(range(1, 33), range(1, 6), range(1, 5)):
        if f > n:
            continue
        size = nn.MaxPool1d(f, s)(torch.zeros(1, 1, n)).shape[2]
        pooled += 1
        wrong_pool += size != (n - f) // s + 1
        odd += (n - f + 1) % s != 0
        ceiling += size != -(-(n - f + 1) // s)
    same = [k for k in range(1, 12) if any(out_size(24, k, 1, p) == 24 for p in range(k + 1))]
    strided = {f"k{k}s{s}": any(out_size(24, k, s, p) == 24 for p in range(24)) for k, s in product((2, 3), (1, 2))}
    return {
        "tried": tried,
        "wrong": wrong,
        "eight_to": out_size(8, 3),
        "eight_padded": out_size(8, 3, p=1),
        "eight_strided": out_size(8, 3, 2),
        "pool_tried": pooled,
        "pool_wrong": wrong_pool,
        "not_whole": odd,
        "ceiling_wrong": ceiling,
        "six_pooled": out_size(6, 2, 2),
        "kernels_that_keep_24": same,
        "keeps_24": strided,
        "defaults": {
            "conv": nn.Conv2d(1, 1, 3).stride[0],
            "max": nn.MaxPool2d(3).stride,
            "avg": nn.AvgPool2d(3).stride,
        },
    }


def halving() -> dict[str, Any]:
    """Tabulate 2 x 2 pooling of sides 4..9, with and without ceil_mode, and the gradient of a dropped row."""
    rows = {
        n: [
            nn.MaxPool2d(2)(torch.zeros(1, 1, n, n)).shape[2],
            nn.MaxPool2d(2, ceil_mode=True)(torch.zeros(1, 1, n, n)).shape[2],
        ]
        for n in range(4, 10)
    }
    x = torch.rand(1, 1, 7, 7, requires_grad=True)
    nn.MaxPool2d(2)(x).sum().backward()
    return {
        "floor_ceil": rows,
        "last_row_gradient": float(received(x)[0, 0, -1].abs().sum()),
        "area_share": (rows[8][0] / 8) ** 2,
        "larger_than_input": sum(out_size(n, f, s) > n for n, f, s in product(range(5, 33), range(1, 6), range(1, 5))),
    }


def channels() -> dict[str, Any]:
    """Pool maps of 1, 12 and 512 channels; perturb one channel and see which outputs move."""
    kept = {c: nn.MaxPool2d(2)(torch.zeros(1, c, 6, 6)).shape[1] for c in (1, 12, 512)}
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 12, 6, 6, generator=generator)
    moved = x.clone()
    moved[:, 5] += 1
    changed = (nn.MaxPool2d(2)(x) != nn.MaxPool2d(2)(moved)).flatten(2).any(2)[0]
    conv = nn.Conv2d(12, 12, 3)
    mixed = (conv(x) != conv(moved)).flatten(2).any(2)[0]
    layers = (nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1))
    return {
        "channels": kept,
        "pool_moves": int(changed.sum()),
        "conv_moves": int(mixed.sum()),
        "side": nn.MaxPool2d(2)(x).shape[2],
        "pool_parameters": sum(parameters(layer) + len(layer.state_dict()) for layer in layers),
    }


def counts() -> dict[str, Any]:
    """Count the parameters and operations that the chapters quote."""
    with torch.device("meta"):
        wide = nn.Conv2d(1, 100, 3, padding=1)
        wide_macs = macs(wide, torch.empty(1, 1, 1000, 1000))
        stems = {
            s: sum(macs(nn.Conv2d(3, 64, 7, s, 3, bias=False), torch.empty(1, 3, 224, 224)).values()) for s in (1, 2)
        }
        huge = nn.Linear(10**6, 10**5, bias=False).weight.numel()
        vgg = nn.Linear(512 * 7 * 7, 4096).weight.numel()
        heads = {
            f"{name}{classes}": parameters(nn.Linear(inputs, classes))
            for (name, inputs), classes in product((("flat", 7 * 7 * 64), ("gap", 64)), (10, 1000))
        }
    first = {
        "valid": nn.Conv2d(1, 12, 3),
        "same": nn.Conv2d(1, 12, 3, padding=1),
        "stride2": nn.Conv2d(1, 12, 3, 2, 1),
        "stride2_few": nn.Conv2d(1, 3, 3, 2, 1),
    }
    return {
        "conv_parameters": parameters(nn.Conv2d(1, 1, 3)),
        "dense_parameters": parameters(nn.Linear(8 * 8, 6 * 6)),
        "dense_1000": huge,
        "dense_1000_gigabytes": 4 * huge / 1e9,
        "conv_1000_parameters": parameters(wide),
        "conv_1000_macs": sum(wide_macs.values()),
        "values": {
            "input": 24 * 24,
            **{name: layer(torch.zeros(1, 1, 24, 24)).numel() for name, layer in first.items()},
        },
        "stem": stems,
        "stem_ratio": stems[1] / stems[2],
        "vgg_first_dense": vgg,
        "vgg_without_pools_factor": (224 // 7) ** 2,
        "head_7x7x64": {
            "flat_inputs": nn.Flatten()(torch.zeros(1, 64, 7, 7)).shape[1],
            "gap_inputs": Global("gap")(torch.zeros(1, 64, 7, 7)).shape[1],
            **heads,
        },
    }


def book_nets() -> dict[str, Any]:
    """Return parameters and multiply-accumulates of the 1-12-24-10 net on a canvas of 24, by layer."""
    x = torch.zeros(1, 1, 24, 24)
    found = {}
    for down, head in product(("none", "max", "stride"), ("flatten", "gap")):
        net = build(Net(canvas=24, widths=(12, 24), down=down, head=head), 0)
        layers = macs(net, x)
        found[f"{down}_{head}"] = {
            "parameters": parameters(net),
            "macs": sum(layers.values()),
            "conv_macs": sum(v for k, v in layers.items() if "conv" in k),
            "head_parameters": parameters(net.head),
            "head_inputs": layer(net, "head.logits", nn.Linear).in_features,
        }
    return found


def receptive() -> dict[str, Any]:
    """Check the rule r += (k-1)j, j *= s against where a gradient is not zero; tabulate growth with depth."""
    generator = torch.Generator().manual_seed(0)
    wrong = 0
    for _ in range(10):
        depth = int(torch.randint(2, 5, (1,), generator=generator))
        layers = [
            (int(torch.randint(1, 4, (1,), generator=generator)), int(torch.randint(1, 3, (1,), generator=generator)))
            for _ in range(depth)
        ]
        wrong += field(layers)[0] != support(layers)
    growth = {}
    for blocks in range(1, 7):
        growth[blocks] = {
            "pool": field([(3, 1), (2, 2)] * blocks)[0],
            "stride": field([(3, 2)] * blocks)[0],
            "plain": field([(3, 1)] * blocks)[0],
            "dilated": 1 + sum(2 * 2**i for i in range(blocks)),
        }
    before, after = field([(3, 1)]), field([(3, 1), (2, 2)])
    return {
        "wrong": wrong,
        "conv": before[0],
        "conv_pool": after[0],
        "jump": [before[1], after[1]],
        "then_conv": field([(3, 1), (2, 2), (3, 1)])[0],
        "growth": growth,
    }


def field(layers: list[tuple[int, int]]) -> tuple[int, int]:
    """Return receptive field and jump after layers of (kernel, stride).

    >>> field([(3, 1)]), field([(3, 1), (2, 2)])
    ((3, 1), (4, 2))
    """
    size = jump = 1
    for kernel, stride in layers:
        size += (kernel - 1) * jump
        jump *= stride
    return size, jump


def support(layers: list[tuple[int, int]]) -> int:
    """Return the span of input cells that one output cell depends on, found with a gradient."""
    x = torch.zeros(1, 1, 97, requires_grad=True)
    out: Tensor = x
    for kernel, stride in layers:
        out = torch.nn.functional.conv1d(out, torch.ones(1, 1, kernel), stride=stride)
    out[0, 0, out.shape[2] // 2].backward()
    cells = torch.nonzero(received(x)[0, 0])
    return int(cells.max() - cells.min()) + 1


def schedules() -> dict[str, Any]:
    """Return sides along VGG-16's five pools, and after repeated conv3 (padded) and pool, by input side."""
    vgg = {n: [n // 2**i for i in range(6)] for n in (8, 24, 32, 224)}
    depth = {n: next(i for i in range(12) if n // 2 ** (i + 1) == 0) for n in (8, 24, 224)}
    return {
        "vgg": vgg,
        "smallest": min(n for n in range(1, 64) if n // 32 >= 1),
        "pools_until_one_cell": depth,
        "vgg_convolutions": sum(v != "M" for v in VGG16),
        "vgg_pools": VGG16.count("M"),
    }


def regions() -> dict[str, Any]:
    """Pool a 4 x 6 region to 3 x 3 with truncated bins and with adaptive ones."""
    x = torch.arange(24.0).view(1, 1, 4, 6)
    return {
        "truncated": nn.MaxPool2d((1, 2))(x)[0, 0, :3].tolist(),
        "adaptive": nn.AdaptiveMaxPool2d(3)(x)[0, 0].tolist(),
        "last_value": float(x.max()),
    }


PARTS = {
    "output_sizes": output_sizes,
    "halving": halving,
    "channels": channels,
    "counts": counts,
    "book_nets": book_nets,
    "receptive": receptive,
    "schedules": schedules,
    "regions": regions,
}
