"""The images that demos offer, as small matrices of whole numbers from 0 to 16 (the digits' own scale)."""

from __future__ import annotations

from functools import cache

import numpy as np
from sklearn.datasets import load_digits, load_sample_image

BRIGHTEST = 16
ROOF = (slice(60, 156), slice(168, 264))  # the temple's roof against the sky in scikit-learn's china.jpg
BLOCK = 8


def line() -> np.ndarray:
    """Return an 8x8 image, dark but for a vertical line, two pixels wide and in the middle: that of the chapters."""
    image = np.zeros((8, 8))
    image[:, 3:5] = BRIGHTEST
    return image


@cache
def digit(index: int = 7) -> np.ndarray:
    """Return one 8x8 handwritten digit of scikit-learn's copy of the UCI test set."""
    image: np.ndarray = load_digits().images[index]
    return image


@cache
def photo() -> np.ndarray:
    """Return a 12x12 patch of a photograph: the grey levels of blocks of 8x8 pixels."""
    grey: np.ndarray = _roof().mean(axis=0)
    return np.round(grey)


def random(seed: int = 0, size: int = 8) -> np.ndarray:
    """Return whole numbers from -9 to 9."""
    return np.random.default_rng(seed).integers(-9, 10, (size, size)).astype(float)


def ties() -> np.ndarray:
    """Return a 6x6 map as a ReLU leaves it: many zeros, and equal maxima within one window."""
    return np.array([
        [0, 0, 5, 5, 0, 0],
        [0, 0, 1, 5, 0, 3],
        [4, 1, 0, 0, 7, 2],
        [2, 4, 0, 0, 2, 7],
        [0, 6, 6, 6, 0, 0],
        [0, 3, 6, 6, 1, 0],
    ], dtype=float)  # fmt: skip


@cache
def colour_photo() -> np.ndarray:
    """Return the same patch in colour: ``(3, 12, 12)``, red, green and blue."""
    return np.round(_roof())


def _roof() -> np.ndarray:
    """Return the means of the patch's blocks, ``(3, 12, 12)``: a single pixel of each would alias."""
    blocks = load_sample_image("china.jpg")[ROOF].reshape(12, BLOCK, 12, BLOCK, 3)
    colours: np.ndarray = blocks.mean(axis=(1, 3)).transpose(2, 0, 1)
    return colours / 255 * BRIGHTEST
