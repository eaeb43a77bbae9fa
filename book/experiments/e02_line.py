"""E02: the 8 x 8 line, one 3 x 3 filter, and what pooling makes of it when the line moves."""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

COLUMN = torch.tensor([[0.0, 1, 0]] * 3)
CONTRAST = torch.tensor([[-1.0, 2, -1]] * 3)


def arms() -> list[dict[str, Any]]:
    """Return the worked example, the filter's responses, the shifts and the binary vectors."""
    return [{"part": name} for name in PARTS]


def reduced() -> list[dict[str, Any]]:
    """Return all: they take no time."""
    return arms()


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Compute one part."""
    return PARTS[arm["part"]]()


def line(shift: int = 0, width: int = 2) -> Tensor:
    """Return an 8 x 8 image with an upright line, two pixels wide and centred for shift 0."""
    x = torch.zeros(8, 8)
    x[:, 3 + shift : 3 + shift + width] = 1
    return x


def respond(x: Tensor, kernel: Tensor = COLUMN) -> Tensor:
    """Return the 6 x 6 map of the filter's responses."""
    return F.conv2d(x[None, None], kernel[None, None])[0, 0]


def example() -> dict[str, Any]:
    """Return the map of the example, the filters that give the same, and what a rectifier changes."""
    found = respond(line())
    by_hand = torch.stack(
        [torch.stack([(line()[i : i + 3, j : j + 3] * COLUMN).sum() for j in range(6)]) for i in range(6)]
    )
    generator = torch.Generator().manual_seed(0)
    others = []
    for _ in range(100):
        kernel = torch.randn(3, 3, generator=generator, dtype=torch.float64)
        kernel = kernel - kernel.mean(0) + torch.tensor([0.0, 1, 0], dtype=torch.float64)
        others.append(float((respond(line().double(), kernel) - found).abs().max()))
    contrast = respond(line(), CONTRAST)
    return {
        "map": found.tolist(),
        "by_hand_difference": float((found - by_hand).abs().max()),
        "same_column_sums_difference": max(others),
        "rectifier_changes": int((found.relu() != found).sum()),
        "rectifier_changes_contrast": int((contrast.relu() != contrast).sum()),
        "max": F.max_pool2d(found[None], 2)[0].tolist(),
        "average": F.avg_pool2d(found[None], 2)[0].tolist(),
    }


def responses() -> dict[str, Any]:
    """Return the largest response of the column filter and of a zero-sum filter to several images."""
    generator = torch.Generator().manual_seed(0)
    dot = torch.zeros(8, 8)
    dot[3, 3] = 1
    images = {
        "line2": line(),
        "line1": line(width=1),
        "horizontal2": line().T,
        "horizontal1": line(width=1).T,
        "diagonal": torch.eye(8),
        "ones": torch.ones(8, 8),
        "dot": dot,
        "noise": torch.rand(8, 8, generator=generator),
    }
    return {
        name: {"column": float(respond(x).max()), "contrast": float(respond(x, CONTRAST).max())}
        for name, x in images.items()
    }


def shifts() -> dict[str, Any]:
    """Return, for line shifts -3..3, one row of the map and of its pools, and both global summaries."""
    found: dict[str, Any] = {}
    for shift in range(-3, 4):
        x = respond(line(shift))
        found[str(shift)] = {
            "map": x[0].tolist(),
            "max": F.max_pool2d(x[None], 2)[0, 0].tolist(),
            "average": F.avg_pool2d(x[None], 2)[0, 0].tolist(),
            "global_max": float(x.max()),
            "global_average": float(x.mean()),
        }
    return found


def vectors() -> dict[str, Any]:
    """Count the binary vectors of length 6 whose pooled copy (window 2) survives a move of one cell."""
    kept, rows = 0, list(product((0.0, 1.0), repeat=6))
    for bits in rows:
        x = torch.tensor(bits)
        moved = torch.cat([torch.zeros(1), x[:-1]])
        kept += torch.equal(F.max_pool1d(x[None], 2), F.max_pool1d(moved[None], 2))
    return {"kept": kept, "of": len(rows)}


PARTS = {"example": example, "responses": responses, "shifts": shifts, "vectors": vectors}
