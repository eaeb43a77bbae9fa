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

# %% nbgrader={"grade_id": "global_avg_pool2d", "solution": true}
import numpy as np


def global_avg_pool2d(x):
    """Return the average of every map of `x (N, C, H, W)` -> `(N, C)`; ValueError unless `x` has 4 axes."""
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    with np.errstate(invalid="ignore"):  # infinity minus infinity is NaN, as it should be
        return x.mean(axis=(2, 3))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_global_avg_pool2d", "grade": true, "locked": true}
check(global_avg_pool2d)

# %% nbgrader={"grade_id": "global_max_pool2d", "solution": true}
import numpy as np


def global_max_pool2d(x):
    """Return the maximum of every map of `x (N, C, H, W)` -> `(N, C)`; ValueError unless `x` has 4 axes."""
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    return x.max(axis=(2, 3))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_global_max_pool2d", "grade": true, "locked": true}
check(global_max_pool2d)

# %% nbgrader={"grade_id": "global_avg_pool2d_backward", "solution": true}
import numpy as np


def global_avg_pool2d_backward(grad_output, x_shape):
    """Return the gradient `(N, C, H, W)` of an input of shape `x_shape`, given `grad_output (N, C)`.

    ValueError, naming the argument: `grad_output` without 2 axes, `x_shape` without 4 entries or with one below 1.
    """
    ### BEGIN SOLUTION
    grad_output = np.asarray(grad_output, dtype=np.float64)
    if grad_output.ndim != 2:
        raise ValueError(f"grad_output must have 2 axes, got {grad_output.ndim}")
    if np.shape(x_shape) != (4,) or min(x_shape) < 1:
        raise ValueError(f"x_shape must have 4 entries, each at least 1, got {x_shape}")
    share = grad_output / (x_shape[2] * x_shape[3])
    return np.broadcast_to(share[:, :, None, None], x_shape).copy()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_global_avg_pool2d_backward", "grade": true, "locked": true}
check(global_avg_pool2d_backward)

# %% nbgrader={"grade_id": "adaptive_avg_pool2d", "solution": true}
import numpy as np


def adaptive_avg_pool2d(x, output_size):
    """Return the averages of `x (N, C, H, W)` over a grid of bins -> `(N, C, OH, OW)`.

    `output_size` is an int or a pair `(OH, OW)`. Along an axis of `n` cells cut into `m` bins, bin `i` covers
    `floor(i * n / m)` up to, not including, `ceil((i + 1) * n / m)`.
    ValueError, naming the argument: `x` without 4 axes, `output_size` below 1.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError(f"x must have 4 axes, got {x.ndim}")
    sizes = (output_size, output_size) if np.ndim(output_size) == 0 else tuple(output_size)
    if len(sizes) != 2 or not all(isinstance(m, int | np.integer) and m >= 1 for m in sizes):
        raise ValueError(f"output_size must be an int or a pair of ints, at least 1, got {output_size!r}")

    with np.errstate(invalid="ignore"):
        for axis, m in ((2, sizes[0]), (3, sizes[1])):
            n = x.shape[axis]
            bins = [range(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]
            # Every bin is a rectangle: the average of its rows' averages is its average.
            x = np.stack([x.take(cells, axis).mean(axis) for cells in bins], axis)
    return x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_adaptive_avg_pool2d", "grade": true, "locked": true}
check(adaptive_avg_pool2d)

# %% nbgrader={"grade_id": "roi_max_pool", "solution": true}
import numpy as np


def roi_max_pool(x, rois, output_size):
    """Return the maxima of `x (C, H, W)` over a grid of bins in each region -> `(R, C, OH, OW)`.

    `rois (R, 4)` holds ints `(y0, x0, y1, x1)`, the end excluded; a region is cut into bins as in
    `adaptive_avg_pool2d`. `output_size` is an int or a pair `(OH, OW)`.
    ValueError, naming the argument: `x` without 3 axes, `rois` not of shape `(R, 4)`, a region that is empty or
    reaches outside `x` (`rois`), `output_size` below 1. No regions at all, shape `(0, 4)`, are fine.
    """
    ### BEGIN SOLUTION
    x, rois = np.asarray(x, dtype=np.float64), np.asarray(rois)
    if x.ndim != 3:
        raise ValueError(f"x must have 3 axes, got {x.ndim}")
    if rois.ndim != 2 or rois.shape[1] != 4:
        raise ValueError(f"rois must have shape (R, 4), got {rois.shape}")
    y0, x0, y1, x1 = rois.T
    if np.any((y0 < 0) | (x0 < 0) | (y1 > x.shape[1]) | (x1 > x.shape[2])):
        raise ValueError("rois must lie inside x")
    if not np.all((y0 < y1) & (x0 < x1)) or np.any(rois != np.floor(rois)):
        raise ValueError("rois must be whole numbers and hold at least one cell each")
    sizes = (output_size, output_size) if np.ndim(output_size) == 0 else tuple(output_size)
    if len(sizes) != 2 or not all(isinstance(m, int | np.integer) and m >= 1 for m in sizes):
        raise ValueError(f"output_size must be an int or a pair of ints, at least 1, got {output_size!r}")

    def bins(start, end, m):
        n = end - start
        return [slice(start + i * n // m, start - (-(i + 1) * n // m)) for i in range(m)]

    out = np.empty((len(rois), len(x), *sizes))
    for pooled, (top, left, bottom, right) in zip(out, rois.astype(int), strict=True):
        for i, rows in enumerate(bins(top, bottom, sizes[0])):
            for j, columns in enumerate(bins(left, right, sizes[1])):
                pooled[:, i, j] = x[:, rows, columns].max(axis=(1, 2))
    return out
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_roi_max_pool", "grade": true, "locked": true}
check(roi_max_pool)

# %% nbgrader={"grade_id": "class_activation_map", "solution": true}
import numpy as np


def class_activation_map(features, weight, class_index):
    """Return where `features (C, H, W)` speak for a class -> `(H, W)`.

    `weight (classes, C)` belongs to the linear classifier behind global average pooling. The map's mean is the
    class's logit without its bias. ValueError, naming the argument: `features` without 3 axes, `weight` without 2,
    `class_index` that is no row of `weight`, negative ones included.
    """
    ### BEGIN SOLUTION
    features, weight = np.asarray(features, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    for name, array, axes in (("features", features, 3), ("weight", weight, 2)):
        if array.ndim != axes:
            raise ValueError(f"{name} must have {axes} axes, got {array.ndim}")
    if not isinstance(class_index, int | np.integer) or not 0 <= class_index < len(weight):
        raise ValueError(f"class_index must be from 0 to {len(weight) - 1}, got {class_index!r}")
    with np.errstate(invalid="ignore"):
        return np.einsum("c,chw->hw", weight[class_index], features)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_class_activation_map", "grade": true, "locked": true}
check(class_activation_map)

# %% nbgrader={"grade_id": "head_parameters", "solution": true}
import numpy as np


def head_parameters(channels, height, width, classes, head):
    """Return the number of parameters, biases included, of a linear classifier behind `(C, H, W)` features, an int.

    `head="flatten"` feeds it all cells, `head="global"` one pooled number for each channel.
    ValueError for a count below 1 (naming it) and for another `head`.
    """
    ### BEGIN SOLUTION
    counts = {"channels": channels, "height": height, "width": width, "classes": classes}
    for name, count in counts.items():
        if not isinstance(count, int | np.integer) or count < 1:
            raise ValueError(f"{name} must be a whole number, at least 1, got {count!r}")
    if head not in ("flatten", "global"):
        raise ValueError(f"head must be 'flatten' or 'global', got {head!r}")
    inputs = channels if head == "global" else channels * height * width
    return int((inputs + 1) * classes)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_head_parameters", "grade": true, "locked": true}
check(head_parameters)

# %% [markdown] nbgrader={"grade_id": "explain_global_pooling", "grade": true, "solution": true, "points": 5}
# ### BEGIN SOLUTION
# Answer.
# ### END SOLUTION
