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

# %% nbgrader={"grade_id": "output_size", "solution": true}
def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    """Length of the output along one axis of length `n`, an int.

    With `ceil_mode` the last, incomplete window counts too, unless it starts in the right padding.
    ValueError, naming the argument: `n`, `kernel_size`, `stride` or `dilation` below 1, `padding` below 0,
    a dilated window larger than the padded axis (`kernel_size`).
    """
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    lengths = {"n": n, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    for name, value in lengths.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    if padding < 0:
        raise ValueError(f"padding must not be negative, got {padding}")
    room = n + 2 * padding - (dilation * (kernel_size - 1) + 1)
    if room < 0:
        raise ValueError(f"kernel_size {kernel_size} with dilation {dilation} exceeds the padded axis")
    steps, rest = divmod(room, stride)
    if ceil_mode and rest and (steps + 1) * stride < n + padding:
        steps += 1
    return int(steps + 1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_output_size", "grade": true, "locked": true}
check(output_size)

# %% nbgrader={"grade_id": "conv2d", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or min(pair) < least:
        raise ValueError(f"{name} must be an int or a pair, at least {least}, got {value!r}")
    return pair


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1):
    """Cross-correlate `x (N, C, H, W)` with `weight (F, C, KH, KW)`, add `bias (F,)` -> `(N, F, OH, OW)`.

    `stride`, `padding` and `dilation` are ints or pairs `(height, width)`. ValueError, naming the argument:
    an array of the wrong rank, `stride` or `dilation` below 1, `padding` below 0, a dilated filter larger
    than the padded input (`weight`).
    """
    ### BEGIN SOLUTION
    x, weight = np.asarray(x, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    for name, array in (("x", x), ("weight", weight)):
        if array.ndim != 4:
            raise ValueError(f"{name} must have 4 axes, got {array.ndim}")
    if bias is not None and np.ndim(bias) != 1:
        raise ValueError(f"bias must have 1 axis, got {np.ndim(bias)}")
    kh, kw = weight.shape[2:]
    sh, sw = as_pair((kh, kw) if stride is None else stride, "stride", 1)
    ph, pw = as_pair(padding, "padding", 0)
    dh, dw = as_pair(dilation, "dilation", 1)

    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    room_h = padded.shape[2] - (dh * (kh - 1) + 1)
    room_w = padded.shape[3] - (dw * (kw - 1) + 1)
    if room_h < 0 or room_w < 0:
        raise ValueError(f"weight covers more than the padded input {padded.shape[2:]}")

    out = np.zeros((len(x), len(weight), room_h // sh + 1, room_w // sw + 1))
    for i in range(kh):
        for j in range(kw):
            # What weight[:, :, i, j] meets in all windows at once: one strided view of the input.
            seen = padded[:, :, i * dh : i * dh + room_h + 1 : sh, j * dw : j * dw + room_w + 1 : sw]
            out += np.einsum("nchw,fc->nfhw", seen, weight[:, :, i, j])
    return out if bias is None else out + np.reshape(bias, (-1, 1, 1))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv2d", "grade": true, "locked": true}
check(conv2d)

# %% nbgrader={"grade_id": "conv2d_backward", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or min(pair) < least:
        raise ValueError(f"{name} must be an int or a pair, at least {least}, got {value!r}")
    return pair


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    """Gradients `(grad_x, grad_weight, grad_bias)`, shaped like `x`, `weight` and `(F,)`.

    `grad_output (N, F, OH, OW)` is the gradient of the loss by the output of `conv2d(x, weight, ...)`.
    ValueError as in `conv2d`; `grad_output` has 4 axes, too.
    """
    ### BEGIN SOLUTION
    arrays = {"grad_output": grad_output, "x": x, "weight": weight}
    for name, array in arrays.items():
        if np.ndim(array) != 4:
            raise ValueError(f"{name} must have 4 axes, got {np.ndim(array)}")
    grad_output, x, weight = (np.asarray(array, dtype=np.float64) for array in arrays.values())
    kh, kw = weight.shape[2:]
    sh, sw = as_pair((kh, kw) if stride is None else stride, "stride", 1)
    ph, pw = as_pair(padding, "padding", 0)

    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    room_h, room_w = padded.shape[2] - kh, padded.shape[3] - kw
    if room_h < 0 or room_w < 0:
        raise ValueError(f"weight covers more than the padded input {padded.shape[2:]}")

    grad_padded, grad_weight = np.zeros_like(padded), np.zeros_like(weight)
    for i in range(kh):
        for j in range(kw):
            seen = np.s_[:, :, i : i + room_h + 1 : sh, j : j + room_w + 1 : sw]
            # Overlapping windows meet the same cell: their shares add up.
            grad_padded[seen] += np.einsum("nfhw,fc->nchw", grad_output, weight[:, :, i, j])
            grad_weight[:, :, i, j] = np.einsum("nfhw,nchw->fc", grad_output, padded[seen])
    height, width = x.shape[2:]
    return grad_padded[:, :, ph : ph + height, pw : pw + width], grad_weight, grad_output.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv2d_backward", "grade": true, "locked": true}
check(conv2d_backward)

# %% nbgrader={"grade_id": "receptive_field", "solution": true}
def receptive_field(layers):
    """`(size, jump)` after `layers`, a list of `(kernel_size, stride)` with the layer at the input first.

    `size` is the side of the patch of the input that one output cell sees, `jump` the distance in the input
    between the patches of neighbouring output cells. No layers: `(1, 1)`.
    ValueError, naming `kernel_size` or `stride`, when one of them is below 1.
    """
    ### BEGIN SOLUTION
    size, jump = 1, 1
    for kernel_size, stride in layers:
        for name, value in (("kernel_size", kernel_size), ("stride", stride)):
            if value < 1:
                raise ValueError(f"layers: {name} must be at least 1, got {value}")
        size += (kernel_size - 1) * jump
        jump *= stride
    return size, jump
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_receptive_field", "grade": true, "locked": true}
check(receptive_field)

# %% nbgrader={"grade_id": "conv2d_cost", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or min(pair) < least:
        raise ValueError(f"{name} must be an int or a pair, at least {least}, got {value!r}")
    return pair


def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    """`(parameters, macs)`, ints: learned numbers and multiply-accumulates for one image.

    `kernel_size` and `output_size` are ints or pairs `(height, width)`. A bias adds parameters, no macs.
    ValueError, naming the argument, for anything below 1.
    """
    ### BEGIN SOLUTION
    for name, count in (("in_channels", in_channels), ("out_channels", out_channels)):
        if count < 1:
            raise ValueError(f"{name} must be at least 1, got {count}")
    kh, kw = as_pair(kernel_size, "kernel_size", 1)
    oh, ow = as_pair(output_size, "output_size", 1)
    weights = out_channels * in_channels * kh * kw
    return weights + (out_channels if bias else 0), weights * oh * ow
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv2d_cost", "grade": true, "locked": true}
check(conv2d_cost)

# %% [markdown] nbgrader={"grade_id": "explain_convolution", "grade": true, "solution": true, "points": 3}
# *Your answer here.*
