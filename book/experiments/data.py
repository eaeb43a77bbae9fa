"""Real images, seeded splits and canvases: everything that an experiment feeds to a net.

The digits are scikit-learn's 1,797 handwritten digits of 8 x 8 pixels, here scaled to 0..1. A canvas is a
larger square of zeros on which a digit lies at a known offset, so that "the same digit, three pixels to the
right" can be asked of any net. Images are float32 tensors of shape (N, 1, side, side).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from sklearn.datasets import load_digits, load_sample_images
from torch import Tensor

DIGIT = 8
TEST = 400
VALIDATION = 200


@dataclass(frozen=True)
class Split:
    """Training, validation and test digits of one seed; the three never share an image."""

    x: Tensor
    y: Tensor
    x_val: Tensor
    y_val: Tensor
    x_test: Tensor
    y_test: Tensor


@cache
def digits() -> tuple[Tensor, Tensor]:
    """Return all digits, (1797, 1, 8, 8) in 0..1, and their classes, (1797,)."""
    bunch = load_digits()
    images = torch.tensor(bunch.images, dtype=torch.float32) / 16
    return images[:, None], torch.tensor(bunch.target, dtype=torch.long)


@cache
def photographs() -> Tensor:
    """Return scikit-learn's two photographs in grey, (2, 1, 424, 640) in 0..1."""
    images = np.stack(load_sample_images().images).astype(np.float32) / 255
    grey = images @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return torch.tensor(grey)[:, None, :424, :640]


def split(seed: int, train: int) -> Split:
    """Shuffle the digits by ``seed``; the last 400 are the test set, the 200 before them for validation."""
    x, y = digits()
    order = torch.tensor(np.random.default_rng(seed).permutation(len(x)))
    room = len(x) - TEST - VALIDATION
    if train > room:
        raise ValueError(f"train must be at most {room}, got {train}")
    fit, val, test = order[:train], order[room : room + VALIDATION], order[room + VALIDATION :]
    return Split(x[fit], y[fit], x[val], y[val], x[test], y[test])


def place(images: Tensor, canvas: int, rows: Tensor, cols: Tensor) -> Tensor:
    """Lay each image on a ``canvas`` of zeros with its upper left corner at (rows[i], cols[i])."""
    side = images.shape[-1]
    if int(min(rows.min(), cols.min())) < 0 or int(max(rows.max(), cols.max())) > canvas - side:
        raise ValueError(f"offsets must keep {side} pixels inside a canvas of {canvas}")
    out = images.new_zeros(len(images), images.shape[1], canvas, canvas)
    for row, col in {(int(r), int(c)) for r, c in zip(rows, cols, strict=True)}:
        here = (rows == row) & (cols == col)
        out[here, :, row : row + side, col : col + side] = images[here]
    return out


def shifted(images: Tensor, canvas: int, dy: int = 0, dx: int = 0) -> Tensor:
    """Place every image ``dy`` below and ``dx`` to the right of the centre.

    >>> shifted(torch.ones(1, 1, 1, 1), 3, dy=1)[0, 0].tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    middle = (canvas - images.shape[-1]) // 2
    ones = torch.ones(len(images), dtype=torch.long)
    return place(images, canvas, ones * (middle + dy), ones * (middle + dx))


def scattered(images: Tensor, canvas: int, seed: int) -> tuple[Tensor, Tensor]:
    """Place every image at a random position; return the canvases and the offsets, (N, 2)."""
    room = canvas - images.shape[-1] + 1
    offsets = torch.tensor(np.random.default_rng([seed, canvas]).integers(0, room, (len(images), 2)))
    return place(images, canvas, offsets[:, 0], offsets[:, 1]), offsets


def noisy(images: Tensor, sigma: float, seed: int) -> Tensor:
    """Add Gaussian noise of standard deviation ``sigma`` to every pixel, background included."""
    if sigma == 0:
        return images
    rng = np.random.default_rng([seed, 7])
    return images + sigma * torch.tensor(rng.standard_normal(tuple(images.shape)), dtype=torch.float32)


def cluttered(images: Tensor, pieces: int, seed: int) -> Tensor:
    """Add ``pieces`` fragments (3 x 3 corners of other digits) at random places of every canvas."""
    rng = np.random.default_rng([seed, 11])
    source = digits()[0][:, 0].numpy()
    out = images.clone().numpy()
    side = images.shape[-1]
    for image in out[:, 0]:
        for _ in range(pieces):
            row, col = rng.integers(0, side - 2, 2)
            top, left = rng.integers(0, DIGIT - 2, 2)
            patch = source[rng.integers(len(source)), top : top + 3, left : left + 3]
            image[row : row + 3, col : col + 3] = np.maximum(image[row : row + 3, col : col + 3], patch)
    return torch.tensor(out)
