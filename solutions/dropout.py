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

# %% nbgrader={"grade_id": "dropout", "solution": true}
import numpy as np


def dropout(x, p, rng, training=True):
    """Set each value of `x` to zero with probability `p` -> `(output, mask)`.

    `x` has any shape; `mask` is boolean, of the same shape, true where a value is kept. What is kept is
    divided by `1 - p`. `rng` is a `numpy.random.Generator`, the only source of chance. Unless `training`, the
    output is `x` and the mask all true. ValueError unless `0 <= p < 1`.
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p must be in [0, 1), got {p}")
    x = np.asarray(x, dtype=np.float64)
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = np.asarray(rng.random(x.shape) >= p)
    return np.where(mask, x / (1 - p), 0.0), mask
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_dropout", "grade": true, "locked": true}
check(dropout)

# %% nbgrader={"grade_id": "dropout2d", "solution": true}
import numpy as np


def dropout2d(x, p, rng, training=True):
    """Set whole channels of `x (N, C, H, W)` to zero with probability `p` -> `(output, mask (N, C, 1, 1))`.

    Otherwise as `dropout`. ValueError unless `0 <= p < 1` and `x` has 4 axes (naming `x`).
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p must be in [0, 1), got {p}")
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    shape = (*x.shape[:2], 1, 1)
    if not training:
        return x, np.ones(shape, dtype=bool)
    mask = rng.random(shape) >= p
    return np.where(mask, x / (1 - p), 0.0), mask
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_dropout2d", "grade": true, "locked": true}
check(dropout2d)

# %% nbgrader={"grade_id": "dropout_backward", "solution": true}
import numpy as np


def dropout_backward(grad_output, mask, p):
    """Gradient of the input of `dropout` or `dropout2d`, shaped like `grad_output`.

    `mask` is the one that the forward pass returned, or any that broadcasts. ValueError unless `0 <= p < 1`.
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p must be in [0, 1), got {p}")
    return np.where(mask, np.asarray(grad_output, dtype=np.float64) / (1 - p), 0.0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_dropout_backward", "grade": true, "locked": true}
check(dropout_backward)

# %% nbgrader={"grade_id": "expected_max_after_dropout", "solution": true}
import numpy as np


def expected_max_after_dropout(window, p):
    """Exact expectation of `max(dropout(window))`, a float.

    `window` has any shape and no negative values. ValueError for a negative value and unless `0 <= p < 1`.
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p must be in [0, 1), got {p}")
    ranked = np.sort(np.ravel(np.asarray(window, dtype=np.float64)))[::-1]
    if (ranked < 0).any():
        raise ValueError("window must not hold negative activations")
    # The value of rank k (from 0) is the maximum when it is kept and the k above it are dropped, probability
    # (1 - p) * p**k; the scaling by 1 / (1 - p) cancels the first factor.
    chance = np.float64(p) ** np.arange(ranked.size)
    return float(np.sum(ranked[chance > 0] * chance[chance > 0]))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_expected_max_after_dropout", "grade": true, "locked": true}
check(expected_max_after_dropout)

# %% nbgrader={"grade_id": "small_cnn", "solution": true}
from torch import nn


def small_cnn(placement, p=0.5, in_channels=1, channels=16, classes=10):
    """A small `torch.nn.Sequential` for images, with dropout at `placement`.

    Twice Conv2d (3x3, padding 1, to `channels`), ReLU, MaxPool2d(2); then AdaptiveAvgPool2d(1), Flatten and
    Linear. `placement`: "none"; Dropout(p) directly "before_pool" or "after_pool" (both pools) or
    "after_last_pool"; Dropout2d(p) for "channel_after_pool" (both pools); Dropout(p) directly
    "before_classifier" (the Linear).
    ValueError for an unknown `placement`, a `p` outside [0, 1), or a number below 1.
    """
    ### BEGIN SOLUTION
    around_pools = {"before_pool", "after_pool", "after_last_pool", "channel_after_pool"}
    if placement not in {"none", "before_classifier"} | around_pools:
        raise ValueError(f"unknown placement {placement!r}")
    if not 0 <= p < 1:
        raise ValueError(f"p must be in [0, 1), got {p}")
    if min(in_channels, channels, classes) < 1:
        raise ValueError("in_channels, channels and classes must be at least 1")

    layers = []
    for fan_in, last in ((in_channels, False), (channels, True)):
        layers += [nn.Conv2d(fan_in, channels, 3, padding=1), nn.ReLU()]
        if placement == "before_pool":
            layers.append(nn.Dropout(p))
        layers.append(nn.MaxPool2d(2))
        if placement == "after_pool" or (placement == "after_last_pool" and last):
            layers.append(nn.Dropout(p))
        if placement == "channel_after_pool":
            layers.append(nn.Dropout2d(p))
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
    return nn.Sequential(*layers, nn.Linear(channels, classes))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_small_cnn", "grade": true, "locked": true}
check(small_cnn)

# %% [markdown] nbgrader={"grade_id": "explain_dropout", "grade": true, "solution": true, "points": 3}
# *Your answer here.*
