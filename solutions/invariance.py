# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %%
import numpy as np

from autograder import check

# %% nbgrader={"grade_id": "shift2d", "solution": true}
import numpy as np


def shift2d(x, dy, dx, mode="zero"):
    """Move the content of the last two axes of `x` down by `dy` and right by `dx` -> the shape of `x`.

    Negative numbers move up and left. `mode="zero"`: what enters is zero, what leaves is lost; `mode="wrap"`:
    what leaves on one side enters on the other. Any shift is fine, also beyond the size of `x`.
    ValueError for another `mode`, and naming `x` when it has fewer than 2 axes.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim < 2:
        raise ValueError(f"x must have at least 2 axes, got {x.ndim}")
    if mode == "wrap":
        return np.roll(x, (dy, dx), axis=(-2, -1))
    if mode != "zero":
        raise ValueError(f"mode must be 'zero' or 'wrap', got {mode!r}")
    height, width = x.shape[-2:]
    out = np.zeros_like(x)
    kept_h, kept_w = max(height - abs(dy), 0), max(width - abs(dx), 0)
    to_y, to_x, from_y, from_x = max(dy, 0), max(dx, 0), max(-dy, 0), max(-dx, 0)
    out[..., to_y : to_y + kept_h, to_x : to_x + kept_w] = x[
        ..., from_y : from_y + kept_h, from_x : from_x + kept_w
    ]
    return out
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_shift2d", "grade": true, "locked": true}
check(shift2d)

# %% nbgrader={"grade_id": "shift_consistency", "solution": true}
import numpy as np


def shift_consistency(logits, shifted_logits):
    """Share of rows whose arg-max (the first, in a tie) agrees in two arrays `(N, classes)`, a float.

    ValueError, naming the argument, for an array that has not 2 axes.
    """
    ### BEGIN SOLUTION
    for name, array in (("logits", logits), ("shifted_logits", shifted_logits)):
        if np.ndim(array) != 2:
            raise ValueError(f"{name} must have 2 axes, got {np.ndim(array)}")
    return float(np.mean(np.argmax(logits, axis=1) == np.argmax(shifted_logits, axis=1)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_shift_consistency", "grade": true, "locked": true}
check(shift_consistency)

# %% nbgrader={"grade_id": "binomial_kernel", "solution": true}
from math import comb

import numpy as np


def binomial_kernel(size):
    """The binomial low-pass filter `(size, size)`; its values sum to 1. ValueError when `size` is below 1."""
    ### BEGIN SOLUTION
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    row = np.array([comb(size - 1, k) / 2 ** (size - 1) for k in range(size)])
    return np.outer(row, row)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_binomial_kernel", "grade": true, "locked": true}
check(binomial_kernel)

# %% nbgrader={"grade_id": "blur_pool2d", "solution": true}
from math import comb

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def blur_pool2d(x, size=3, stride=2):
    """Blur each channel of `x (N, C, H, W)` with the binomial filter, then keep every `stride`-th cell.

    Reflect padding, `(size - 1) // 2` before and the rest of `size - 1` after, comes first; `stride` is an
    int or a pair. ValueError: `size` or `stride` below 1, `x` not of 4 axes (named), padding that does not
    fit: an axis of n cells can be reflected by n - 1 at most.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    sh, sw = (stride, stride) if np.ndim(stride) == 0 else stride
    if min(sh, sw) < 1:
        raise ValueError(f"stride must be at least 1, got {stride}")
    before = (size - 1) // 2
    after = size - 1 - before
    if after >= min(x.shape[2:]):
        raise ValueError(f"size {size} asks for more reflect padding than {x.shape[2:]} can give")

    padded = np.pad(x, ((0, 0), (0, 0), (before, after), (before, after)), mode="reflect")
    row = np.array([comb(size - 1, k) / 2 ** (size - 1) for k in range(size)])
    windows = sliding_window_view(padded, (size, size), axis=(2, 3))[:, :, ::sh, ::sw]
    return np.einsum("nchwij,i,j->nchw", windows, row, row)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_blur_pool2d", "grade": true, "locked": true}
check(blur_pool2d)

# %% nbgrader={"grade_id": "max_blur_pool2d", "solution": true}
from math import comb

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def max_blur_pool2d(x, kernel_size=2, size=3, stride=2):
    """Max pooling at every position of `x (N, C, H, W)` (stride 1, no padding), then `blur_pool2d`.

    `kernel_size` is the window of the maximum, `size` that of the blur, `stride` the step of the subsampling;
    `kernel_size` and `stride` are ints or pairs. ValueError as in `blur_pool2d`, and naming `kernel_size`
    when it is below 1 or larger than the input.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    kh, kw = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
    if min(kh, kw) < 1 or kh > x.shape[2] or kw > x.shape[3]:
        raise ValueError(f"kernel_size must be at least 1 and fit into {x.shape[2:]}, got {kernel_size}")
    stride = kernel_size if stride is None else stride
    sh, sw = (stride, stride) if np.ndim(stride) == 0 else stride
    if size < 1 or min(sh, sw) < 1:
        raise ValueError(f"size and stride must be at least 1, got {size} and {stride}")
    dense = sliding_window_view(x, (kh, kw), axis=(2, 3)).max(axis=(4, 5))

    before = (size - 1) // 2
    after = size - 1 - before
    if after >= min(dense.shape[2:]):
        raise ValueError(f"size {size} asks for more reflect padding than {dense.shape[2:]} can give")
    padded = np.pad(dense, ((0, 0), (0, 0), (before, after), (before, after)), mode="reflect")
    row = np.array([comb(size - 1, k) / 2 ** (size - 1) for k in range(size)])
    windows = sliding_window_view(padded, (size, size), axis=(2, 3))[:, :, ::sh, ::sw]
    return np.einsum("nchwij,i,j->nchw", windows, row, row)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_blur_pool2d", "grade": true, "locked": true}
check(max_blur_pool2d)

# %% nbgrader={"grade_id": "rotation_pool", "solution": true}
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def rotation_pool(x, weight):
    """The best response of each filter over four rotations and all positions -> `(N, F)`.

    `x (N, C, S, S)` is cross-correlated (no padding) with `weight (F, C, K, K)` turned by 0, 90, 180 and 270
    degrees. ValueError: not of 4 axes (named), images or filters that are not square, filters larger than the
    images (`weight`).
    """
    ### BEGIN SOLUTION
    arrays = {"x": x, "weight": weight}
    for name, array in arrays.items():
        if np.ndim(array) != 4:
            raise ValueError(f"{name} must have 4 axes, got {np.ndim(array)}")
        if np.shape(array)[2] != np.shape(array)[3]:
            raise ValueError(f"{name} must be square, got {np.shape(array)[2:]}")
    x, weight = (np.asarray(array, dtype=np.float64) for array in arrays.values())
    side = weight.shape[2]
    if side > x.shape[2]:
        raise ValueError(f"weight of side {side} does not fit into images of side {x.shape[2]}")
    windows = sliding_window_view(x, (side, side), axis=(2, 3))
    best = np.full((len(x), len(weight)), -np.inf)
    for turns in range(4):
        turned = np.rot90(weight, turns, axes=(2, 3))
        responses = np.einsum("nchwij,fcij->nfhw", windows, turned)
        best = np.maximum(best, responses.max(axis=(2, 3)))
    return best
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_rotation_pool", "grade": true, "locked": true}
check(rotation_pool)

# %% [markdown] nbgrader={"grade_id": "explain_invariance", "grade": true, "solution": true, "points": 3}
# *Your answer here.*
