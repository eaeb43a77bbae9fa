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

# %% nbgrader={"grade_id": "max_pool2d", "solution": true}
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
    return pair


def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    """Return the maximum of every window of `x (N, C, H, W)` -> `(N, C, OH, OW)`, padded with minus infinity.

    `kernel_size`, `stride` and `padding` are ints or pairs `(height, width)`; no `stride` means `kernel_size`.
    With `ceil_mode` a last window may stick out, unless it starts in the padding at the end.
    ValueError, naming the argument: `x` without 4 axes, `kernel_size` or `stride` below 1, `padding` below 0 or
    above half of `kernel_size`, a window larger than the padded input (`kernel_size`).
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    kernel = as_pair(kernel_size, "kernel_size", 1)
    step = kernel if stride is None else as_pair(stride, "stride", 1)
    pad = as_pair(padding, "padding", 0)
    size = []  # number of windows along each axis
    for n, k, s, p in zip(x.shape[2:], kernel, step, pad, strict=True):
        if 2 * p > k:
            raise ValueError(f"padding {padding} is more than half of kernel_size {kernel_size}")
        if k > n + 2 * p:
            raise ValueError(f"kernel_size {kernel_size} is larger than the padded input")
        steps, rest = divmod(n + 2 * p - k, s)
        sticks_out = ceil_mode and rest > 0 and (steps + 1) * s < n + p
        size.append(steps + 1 + sticks_out)

    # Enough minus infinity for the padding and for a window that sticks out.
    before = [(p, p + k) for k, p in zip(kernel, pad, strict=True)]
    padded = np.pad(x, ((0, 0), (0, 0), *before), constant_values=-np.inf)
    windows = sliding_window_view(padded, kernel, axis=(2, 3))[:, :, :: step[0], :: step[1]]
    return windows[:, :, : size[0], : size[1]].max(axis=(4, 5))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_pool2d", "grade": true, "locked": true}
check(max_pool2d)

# %% nbgrader={"grade_id": "avg_pool2d", "solution": true}
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
    return pair


def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Return the average of every window of `x (N, C, H, W)` -> `(N, C, OH, OW)`, padded with zeros.

    A window is divided by the number of its cells that lie in the padded input or, unless `count_include_pad`,
    in the input. Other arguments and ValueError as in `max_pool2d`.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    kernel = as_pair(kernel_size, "kernel_size", 1)
    step = kernel if stride is None else as_pair(stride, "stride", 1)
    pad = as_pair(padding, "padding", 0)
    size = []
    for n, k, s, p in zip(x.shape[2:], kernel, step, pad, strict=True):
        if 2 * p > k:
            raise ValueError(f"padding {padding} is more than half of kernel_size {kernel_size}")
        if k > n + 2 * p:
            raise ValueError(f"kernel_size {kernel_size} is larger than the padded input")
        steps, rest = divmod(n + 2 * p - k, s)
        sticks_out = ceil_mode and rest > 0 and (steps + 1) * s < n + p
        size.append(steps + 1 + sticks_out)

    def window_sums(grid):
        windows = sliding_window_view(grid, kernel, axis=(-2, -1))[..., :: step[0], :: step[1], :, :]
        return windows[..., : size[0], : size[1], :, :].sum(axis=(-2, -1))

    padding_width = [(p, p) for p in pad]
    beyond = [(0, k) for k in kernel]  # what a window that sticks out may see: nothing, and it never counts
    padded = np.pad(np.pad(x, ((0, 0), (0, 0), *padding_width)), ((0, 0), (0, 0), *beyond))
    # The same sums over a grid that is 1 where a cell counts are the divisors.
    counts = np.pad(np.ones(x.shape[2:]), padding_width, constant_values=float(count_include_pad))
    with np.errstate(invalid="ignore"):  # infinity minus infinity is NaN, as it should be
        return window_sums(padded) / window_sums(np.pad(counts, beyond))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_avg_pool2d", "grade": true, "locked": true}
check(avg_pool2d)

# %% nbgrader={"grade_id": "lp_pool2d", "solution": true}
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
    return pair


def lp_pool2d(x, kernel_size, norm_type=2.0, stride=None):
    """Return the p-norm of every window of `x (N, C, H, W)` -> `(N, C, OH, OW)`, where p is `norm_type`.

    `norm_type=float("inf")` gives the maximum of `abs(x)`. There is no padding.
    ValueError, naming the argument: `x` without 4 axes, `kernel_size` or `stride` below 1, a window larger than
    the input (`kernel_size`), `norm_type` not above 0.
    """
    ### BEGIN SOLUTION
    x = np.abs(np.asarray(x, dtype=np.float64))
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    kernel = as_pair(kernel_size, "kernel_size", 1)
    step = kernel if stride is None else as_pair(stride, "stride", 1)
    if any(k > n for k, n in zip(kernel, x.shape[2:], strict=True)):
        raise ValueError(f"kernel_size {kernel_size} is larger than the input")
    if not norm_type > 0:
        raise ValueError(f"norm_type must be above 0, got {norm_type}")

    windows = sliding_window_view(x, kernel, axis=(2, 3))[:, :, :: step[0], :: step[1]]
    if np.isinf(norm_type):
        return windows.max(axis=(4, 5))
    return (windows**norm_type).sum(axis=(4, 5)) ** (1 / norm_type)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_lp_pool2d", "grade": true, "locked": true}
check(lp_pool2d)

# %% nbgrader={"grade_id": "max_pool2d_backward", "solution": true}
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
    return pair


def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    """Return the gradient of `x (N, C, H, W)`, given `grad_output (N, C, OH, OW)` of `max_pool2d(x, ...)`.

    A window's gradient goes to its maximum, of several to the first in row-major order; what overlapping
    windows send to one cell adds up. ValueError as in `max_pool2d`; `grad_output` has 4 axes, too.
    """
    ### BEGIN SOLUTION
    grad_output, x = np.asarray(grad_output, dtype=np.float64), np.asarray(x, dtype=np.float64)
    for name, array in (("grad_output", grad_output), ("x", x)):
        if array.ndim != 4:
            raise ValueError(f"{name} must have 4 axes, got {array.ndim}")
    kernel = as_pair(kernel_size, "kernel_size", 1)
    step = kernel if stride is None else as_pair(stride, "stride", 1)
    pad = as_pair(padding, "padding", 0)
    for n, k, p in zip(x.shape[2:], kernel, pad, strict=True):
        if 2 * p > k:
            raise ValueError(f"padding {padding} is more than half of kernel_size {kernel_size}")
        if k > n + 2 * p:
            raise ValueError(f"kernel_size {kernel_size} is larger than the padded input")

    def windows(grid, fill):
        padded = np.pad(grid, ((0, 0), (0, 0), *[(p, p) for p in pad]), constant_values=fill)
        return sliding_window_view(padded, kernel, axis=(2, 3))[:, :, :: step[0], :: step[1]]

    values = windows(x, -np.inf)
    if values.shape[:4] != grad_output.shape:
        raise ValueError(f"grad_output must have the shape of the output, {values.shape[:4]}")
    # The winner is a cell of the input: also where all of it is as low as the padding. NaN beats everything.
    real = windows(np.ones(x.shape, dtype=bool), False)
    wins = real & ((values == values.max(axis=(4, 5), keepdims=True)) | np.isnan(values))
    first = wins.reshape(*grad_output.shape, -1).argmax(axis=-1)

    sample, channel, i, j = np.indices(grad_output.shape)
    row = i * step[0] - pad[0] + first // kernel[1]
    column = j * step[1] - pad[1] + first % kernel[1]
    grad = np.zeros(x.shape)
    with np.errstate(invalid="ignore"):
        np.add.at(grad, (sample, channel, row, column), grad_output)  # unlike +=, counts a repeated index twice
    return grad
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_pool2d_backward", "grade": true, "locked": true}
check(max_pool2d_backward)

# %% nbgrader={"grade_id": "avg_pool2d_backward", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
    return pair


def avg_pool2d_backward(grad_output, x_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    """Return the gradient of an input of shape `x_shape`, given `grad_output (N, C, OH, OW)` of `avg_pool2d`.

    ValueError as in `max_pool2d_backward`; `x_shape` has 4 entries, none below 1.
    """
    ### BEGIN SOLUTION
    grad_output = np.asarray(grad_output, dtype=np.float64)
    if grad_output.ndim != 4:
        raise ValueError(f"grad_output must have 4 axes, got {grad_output.ndim}")
    if np.shape(x_shape) != (4,) or min(x_shape) < 1:
        raise ValueError(f"x_shape must have 4 entries, each at least 1, got {x_shape}")
    kh, kw = as_pair(kernel_size, "kernel_size", 1)
    sh, sw = (kh, kw) if stride is None else as_pair(stride, "stride", 1)
    ph, pw = as_pair(padding, "padding", 0)
    samples, channels, height, width = x_shape
    if 2 * ph > kh or 2 * pw > kw:
        raise ValueError(f"padding {padding} is more than half of kernel_size {kernel_size}")
    room_h, room_w = height + 2 * ph - kh, width + 2 * pw - kw
    if room_h < 0 or room_w < 0:
        raise ValueError(f"kernel_size {kernel_size} is larger than the padded input")
    if grad_output.shape != (samples, channels, room_h // sh + 1, room_w // sw + 1):
        raise ValueError(f"grad_output does not fit x_shape, its shape is {grad_output.shape}")

    counts = np.pad(np.ones((height, width)), ((ph, ph), (pw, pw)), constant_values=float(count_include_pad))
    # For each offset in the window: the cells that lie there, one for each window.
    places = [np.s_[..., i : i + room_h + 1 : sh, j : j + room_w + 1 : sw] for i in range(kh) for j in range(kw)]
    share = grad_output / sum(counts[place] for place in places)
    grad = np.zeros((samples, channels, *counts.shape))
    with np.errstate(invalid="ignore"):
        for place in places:
            grad[place] += share  # at one offset no two windows meet; over the offsets their shares add up
    return grad[:, :, ph : ph + height, pw : pw + width]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_avg_pool2d_backward", "grade": true, "locked": true}
check(avg_pool2d_backward)

# %% nbgrader={"grade_id": "avg_pool_weight", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
    return pair


def avg_pool_weight(channels, kernel_size):
    """Return the weight `(C, C, KH, KW)` with which `conv2d` at `stride=kernel_size` equals `avg_pool2d`.

    `kernel_size` is an int or a pair `(height, width)`. ValueError, naming the argument, for anything below 1.
    """
    ### BEGIN SOLUTION
    if not isinstance(channels, int | np.integer) or channels < 1:
        raise ValueError(f"channels must be an int, at least 1, got {channels!r}")
    kernel = as_pair(kernel_size, "kernel_size", 1)
    # Each channel is averaged by itself: only the filters' own channels have weights.
    return np.eye(channels)[:, :, None, None] * np.full(kernel, 1 / (kernel[0] * kernel[1]))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_avg_pool_weight", "grade": true, "locked": true}
check(avg_pool_weight)
