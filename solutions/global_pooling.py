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

# %% [markdown]
# # Global pooling, written by yourself
#
# Seven functions, most of them short, between the last feature map of a network and its decision. At the end of the
# road stands a classifier of handwritten digits that says *where* it saw what it says, although nobody ever told it
# where anything is.
#
# Plan 60 to 120 minutes. Have the chapter *Global pooling* open beside this notebook. Work from top to bottom:
# read, work the small case with pencil and paper, write the function, run its `check`, look at the picture.
#
# - Arrays are NumPy arrays of `float64` in the layout `(N, C, H, W)`: samples, channels, height, width. Integers
#   may come in; an average of integers is no integer.
# - A bad argument raises a `ValueError`; where an array has the wrong number of axes the message names it. The page
#   for students lists all rules.
# - NumPy and the standard library may be imported, in the cell that needs them. Helpers go into the cell of the
#   function that uses them: each function is graded by itself.

# %%
try:
    import numpy as np

    from autograder import check, check_all
except ModuleNotFoundError:
    todo = "run `%pip install -r requirements.txt` in a cell of its own, beside the handout's files, and restart"
    raise ModuleNotFoundError(f"What this notebook needs is not installed here: {todo}.") from None

# %% [markdown]
# The next cell fetches what the pictures below are drawn with. It is not graded.

# %% tags=["demo"]
import matplotlib.pyplot as plt
from ipywidgets import IntSlider
from matplotlib.patches import Rectangle
from sklearn.datasets import load_digits

from autograder.drawing import demo, grid, panels

DIGITS = load_digits()

# %% [markdown]
# ## 1. One number for each map ({points}, 15 minutes)
#
# Behind the last convolution every channel is a map: how strongly is *its* feature present, here and here and here?
# A class, however, has no place. Global pooling gives up the places:
#
# $$y_c^{\mathrm{avg}} = \frac{1}{HW} \sum_{i,j} x_{c,i,j}, \qquad\qquad y_c^{\max} = \max_{i,j} x_{c,i,j}$$
#
# **By hand.** Two channels of one sample:
#
# $$\begin{pmatrix} 0 & 4 \\ 0 & 0 \end{pmatrix} \text{ and } \begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}$$
#
# have the averages $(1, 1)$ and the maxima $(4, 1)$.
#
# The average says *how much* there is, and cannot tell one strong cell from a weak everywhere. The maximum says
# *whether*, and cannot count.
#
# **The mistake before you make it** is one of axes: the result is `(N, C)`, neither `(N, C, 1, 1)` nor one number
# for all channels. And a maximum over numbers below zero is below zero.

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

# %% [markdown]
# **Your functions at work.** A canvas holds one to four digits; they may move. Which number follows the count,
# which the place, which neither? Predict, then move the sliders.

# %% tags=["demo"]
@demo(digits=IntSlider(1, 1, 4), shift=IntSlider(0, 0, 6))
def how_much_or_whether(digits, shift):
    canvas = np.zeros((30, 30))
    for place in range(digits):
        top, left = 15 * (place // 2) + shift, 15 * (place % 2) + shift
        canvas[top : top + 8, left : left + 8] = DIGITS.images[place + 10]
    (axis,) = panels(1, 3.2)
    axis.imshow(canvas, cmap="Blues")
    average, maximum = (pool(canvas[None, None])[0, 0] for pool in (global_avg_pool2d, global_max_pool2d))
    axis.set_title(f"average {average:.2f}, maximum {maximum:.0f}")
    plt.show()


# %% [markdown]
# ## 2. Backward ({points}, 10 minutes)
#
# Each cell of a map has the same influence on its average, and none on that of another channel:
#
# $$\frac{\partial L}{\partial x_{c,i,j}} = \frac{g_c}{HW}$$
#
# **By hand.** $g = 8$ for a map of $2 \times 2$ cells: each gets 2. For a map of $1 \times 4$ cells: each gets 2,
# too.
#
# Compare with the maximum, where one cell gets everything: under a global average *every* position learns from
# *every* image, a little.
#
# **The mistake before you make it:** handing $g_c$ itself to every cell. The signs are right and training works,
# with a learning rate that is $HW$ times what you think: only a numerical check shows it.

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

# %% [markdown]
# **Check a gradient numerically.** Move one input by $\pm h$; how much does $L = \sum_c g_c y_c$ change?
#
# $$\frac{\partial L}{\partial x} \approx \frac{L(x + h) - L(x - h)}{2h}$$
#
# The cell below does so for your average. **Add a cell of your own** and do the same for `global_max_pool2d`: write
# its gradient down first, for one small map, and then compare. What happens on a map of equal numbers, and for
# which $h$ is the gradient of the average exact?

# %% tags=["demo"]
def numerical_gradient(pool, grad_output, x, h=1e-6):
    """Return the central differences of `sum(grad_output * pool(x))`, cell by cell."""
    gradient = np.zeros(x.shape)
    for cell in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[cell] = h
        gradient[cell] = (grad_output * (pool(x + step) - pool(x - step))).sum() / (2 * h)
    return gradient


# %% tags=["demo"]
@demo()
def compare_gradients():
    rng = np.random.default_rng(0)
    x, grad_output = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 3))
    yours = global_avg_pool2d_backward(grad_output, x.shape)
    distance = abs(yours - numerical_gradient(global_avg_pool2d, grad_output, x)).max()
    print(f"largest distance between your gradient and the differences: {distance:.1e}")


# %% [markdown]
# ## 3. Any size in, a fixed size out ({points}, 15 minutes)
#
# Between a window of fixed size and the whole map stands *adaptive* pooling: you choose the number of bins, and the
# windows adapt. Along an axis of $n$ cells, bin $i$ of $m$ covers the cells
#
# $$\left\lfloor \frac{i\,n}{m} \right\rfloor \quad\text{up to, not including,}\quad
# \left\lceil \frac{(i+1)\,n}{m} \right\rceil$$
#
# **By hand.** Four cells in two bins: 0-1 and 2-3, ordinary pooling. Four cells in three bins: 0-1, 1-2, 2-3. They
# overlap; no cell is lost, and those in the middle count twice. Two cells in three bins: 0, 0-1, 1.
#
# **Two mistakes before you make them.** Windows of `n // m` cells drop what is left over: with four cells in three
# bins, the last cell influences nothing. And rounding $in/m$ to the nearest number makes bins that are empty when
# $m > n$. In Python, `-(-a // b)` is the ceiling of `a / b`, without a detour by floating point.

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
    oh, ow = (output_size, output_size) if np.ndim(output_size) == 0 else output_size
    if min(oh, ow) < 1:
        raise ValueError(f"output_size must be at least 1, got {output_size}")

    with np.errstate(invalid="ignore"):
        for axis, m in ((2, oh), (3, ow)):
            n = x.shape[axis]
            bins = [range(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]
            # Every bin is a rectangle: the average of its rows' averages is its average.
            x = np.stack([x.take(cells, axis).mean(axis) for cells in bins], axis)
    return x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_adaptive_avg_pool2d", "grade": true, "locked": true}
check(adaptive_avg_pool2d)

# %% [markdown]
# **Your function at work.** Each row of the picture is a bin, each column a cell; dark is a large share. (The
# picture is made by pooling images that hold a single 1.) For which numbers of bins do all cells count alike in the
# end?

# %% tags=["demo"]
@demo(cells=IntSlider(7, 1, 12), bins=IntSlider(3, 1, 12))
def shares(cells, bins):
    ones = np.eye(cells)[:, None, :, None]
    matrix = adaptive_avg_pool2d(ones, (bins, 1))[:, 0, :, 0].T
    left, right = panels(2, 3.2)
    left.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
    left.set(xlabel="cell", ylabel="bin", title="share of each cell in each bin")
    right.bar(range(cells), matrix.sum(axis=0), color="tab:blue")
    right.set(xlabel="cell", title="share in all bins together")
    plt.show()


# %% [markdown]
# ## 4. One region, one size ({points}, 20 minutes)
#
# A detector looks at regions of an image, each of another size, with one and the same classifier behind. *Region
# pooling* cuts a region out of the feature map and pools it to a fixed grid of bins, the bins of section 3, here
# with the maximum:
#
# $$y_{r,c,i,j} = \max_{(u, v) \in \text{bin } (i, j) \text{ of region } r} x_{c,u,v}$$
#
# A region is a row `(y0, x0, y1, x1)` of integers: rows `y0` up to, not including, `y1`; columns `x0` up to, not
# including, `x1`.
#
# **By hand.** The numbers 0 to 15 stand in four rows. The region `(1, 0, 4, 3)` holds 4, 5, 6; 8, 9, 10; 12, 13,
# 14. Pooled to $2 \times 2$ its bins cover rows 0-1 and 1-2 *of the region*, and columns alike: 9, 10, 13, 14.
#
# **Three mistakes before you make them.** The end is excluded, as in a slice. The order is y before x. And a slice
# is forgiving: `x[:, -1:4]` and `x[:, 2:99]` raise nothing, so a region that does not lie in the image must be
# refused by you. No regions at all, on the other hand, are nothing unusual for a detector.

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
    first, end = rois[:, :2], rois[:, 2:]
    if not np.all((first >= 0) & (first < end) & (end <= x.shape[1:])):
        raise ValueError("rois must lie inside x and hold at least one cell each")
    oh, ow = (output_size, output_size) if np.ndim(output_size) == 0 else output_size
    if min(oh, ow) < 1:
        raise ValueError(f"output_size must be at least 1, got {output_size}")

    def bins(start, end, m):
        n = end - start
        return [slice(start + i * n // m, start - (-(i + 1) * n // m)) for i in range(m)]

    out = np.empty((len(rois), len(x), oh, ow))
    for r, (y0, x0, y1, x1) in enumerate(rois.astype(int)):
        for i, rows in enumerate(bins(y0, y1, oh)):
            for j, columns in enumerate(bins(x0, x1, ow)):
                out[r, :, i, j] = x[:, rows, columns].max(axis=(1, 2), initial=-np.inf)
    return out
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_roi_max_pool", "grade": true, "locked": true}
check(roi_max_pool)

# %% [markdown]
# **Your function at work.** Move and resize the region: the result keeps its size. Which of your bins overlap?

# %% tags=["demo"]
@demo(y0=IntSlider(1, 0, 6), x0=IntSlider(2, 0, 6), height=IntSlider(5, 1, 8), width=IntSlider(4, 1, 8))
def region(y0, x0, height, width):
    digit = DIGITS.images[5]
    y1, x1 = min(y0 + height, 8), min(x0 + width, 8)
    left, right = panels(2, 3.2)
    grid(left, digit)
    left.add_patch(Rectangle((x0 - 0.5, y0 - 0.5), x1 - x0, y1 - y0, fill=False, linewidth=3, color="tab:orange"))
    left.set_title(f"region ({y0}, {x0}, {y1}, {x1})")
    grid(right, roi_max_pool(digit[None], np.array([[y0, x0, y1, x1]]), 3)[0, 0])
    right.set_title("3 x 3 bins")
    plt.show()


# %% [markdown]
# ## 5. What the head costs ({points}, 10 minutes)
#
# A linear classifier (a dense layer) with $n$ inputs and $K$ classes has $nK$ weights and $K$ biases. Behind $C$
# maps of $H \times W$ cells, flattening gives it $n = CHW$ inputs, global pooling $n = C$.
#
# **By hand.** For 64 maps of $7 \times 7$ cells and 10 classes: $64 \cdot 49 \cdot 10 + 10 = 31370$, or $64 \cdot
# 10 + 10 = 650$.
#
# **The mistake before you make it:** forgetting the biases; there is one for each class, not one for each input.

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

# %% [markdown]
# **Your function at work.** What happens to the two heads when the images become larger?

# %% tags=["demo"]
@demo()
def heads():
    sides = list(range(1, 33))
    (axis,) = panels(1, 3.6)
    for kind in ("flatten", "global"):
        axis.plot(sides, [head_parameters(64, side, side, 10, kind) for side in sides], label=kind)
    axis.set(yscale="log", xticks=[1, 8, 16, 24, 32], xlabel="side of the map", ylabel="parameters")
    axis.legend()
    plt.show()


# %% [markdown]
# ## 6. Where it saw it ({points}, 15 minutes)
#
# The logit of class $k$ behind a global average is a sum over channels of averages over cells. Sums may be
# exchanged:
#
# $$\sum_c w_{k,c} \Bigl( \frac{1}{HW} \sum_{i,j} x_{c,i,j} \Bigr) = \frac{1}{HW} \sum_{i,j} M_k(i, j),
# \qquad M_k(i, j) = \sum_c w_{k,c}\, x_{c,i,j}$$
#
# $M_k$ is the *class activation map*: it says what each cell of the feature map contributed to class $k$, for or
# against, and its mean is the logit (without the bias). Nothing has to be trained for it.
#
# **By hand.** Two channels of $1 \times 2$ cells, $(1, 0)$ and $(2, 4)$, and a class with weights $(3, -1)$: $M =
# (3 - 2,\; 0 - 4) = (1, -4)$. Its mean is $-1.5$; and so is $3 \cdot 0.5 - 1 \cdot 3$.
#
# **The mistake before you make it:** to cut off what is below zero, because pictures of heat have no cold. A cell
# that speaks against a class belongs to the truth. (And `weight[-1]` is the last class, not an error: refuse it.)

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

# %% [markdown]
# **Your functions at work: a classifier that points.** The next cell makes a small network. Its 64 filters are
# random and fixed; its head is fitted by least squares, in a second or two, on what *your* global average makes of
# 1200 digits. It never sees where anything is. Then it is tested on 597 other digits, and on pairs of digits side
# by side, which it has never seen: a global head takes maps of every size.

# %% tags=["demo"]
def feature_maps(images):
    """Return what 64 random filters of 5x5, a threshold and a rectifier see in `images (N, H, W)`."""
    filters = np.random.default_rng(0).normal(size=(64, 5, 5))
    filters -= filters.mean(axis=(1, 2), keepdims=True)
    filters /= np.sqrt((filters**2).sum(axis=(1, 2), keepdims=True))
    patches = np.lib.stride_tricks.sliding_window_view(images, (5, 5), axis=(1, 2))
    responses = np.einsum("nhwij,cij->nchw", patches, filters, optimize=True)
    return np.maximum(responses - 0.3, 0)


IMAGES = np.pad(DIGITS.images / 16, ((0, 0), (4, 4), (4, 4)))
TRAIN, TEST = slice(0, 1200), slice(1200, None)


def fit_head(pooled, labels):
    """Return weights `(10, C)` and biases of a linear head, by least squares with a small penalty."""
    centre = pooled.mean(axis=0)
    centred, wanted = pooled - centre, np.eye(10)[labels] - 0.1
    weight = np.linalg.solve(centred.T @ centred + 1e-3 * np.eye(centred.shape[1]), centred.T @ wanted).T
    return weight, 0.1 - weight @ centre


head = {}


@demo()
def train():
    pooled = global_avg_pool2d(feature_maps(IMAGES))
    weight, bias = fit_head(pooled[TRAIN], DIGITS.target[TRAIN])
    head["weight"] = weight
    right = (pooled[TEST] @ weight.T + bias).argmax(axis=1) == DIGITS.target[TEST]
    print(f"{right.mean():.1%} of {right.size} digits that it has not seen are recognised")


# %% tags=["demo"]
@demo(first=IntSlider(1504, 1200, 1796), second=IntSlider(1439, 1200, 1796))
def pair_of_digits(first, second):
    if not head:
        raise NotImplementedError
    canvas = np.hstack([IMAGES[first], IMAGES[second]])
    features = feature_maps(canvas[None])[0]
    picture, *maps = panels(3, 3.4)
    picture.imshow(canvas, cmap="Blues")
    for axis, index in zip(maps, (first, second), strict=True):
        digit = DIGITS.target[index]
        evidence = class_activation_map(features, head["weight"], int(digit))
        limit = abs(evidence).max()
        axis.imshow(evidence, cmap="RdBu_r", vmin=-limit, vmax=limit)
        left, right = np.array_split(evidence, 2, axis=1)
        axis.set_title(f"evidence for {digit}\nleft {left.sum():.0f}, right {right.sum():.0f}", fontsize=10)
    plt.show()


# %% [markdown]
# Red speaks for the digit, blue against it. Single cells are noisy, but in sum each digit should have more evidence
# on its own side. Add a cell and count: for how many of a hundred pairs of different digits is that so? And what
# does the map of a digit that is *not* there look like?
#
# ## 7. In your own words ({points}, 10 minutes)
#
# A hospital wants to know (a) *how many* cells of a certain kind are on a slide, (b) *whether* there is at least
# one, and (c) *in which quadrant* of the slide the only one lies. Somebody proposes the same network for all
# three: convolutions, then global average pooling, then a linear layer.
#
# For which of the three is that head suitable, for which would you replace it, and by what? Use what a head can and
# cannot know about an image after pooling, not what is customary. For (c), could a class activation map help
# without a new head?

# %% [markdown] nbgrader={"grade_id": "explain_global_pooling", "grade": true, "solution": true, "points": 5}
# ### BEGIN SOLUTION
# - (a) Suitable. If a channel responds to such a cell with about the same total each time, the sum over the map
#   grows with the number of cells, and so does the average, as long as the slide has the same size; for slides of
#   different sizes the average must be multiplied by the area again.
# - (b) Better a global maximum. One cell on a large slide changes the average by one $HW$-th of its response, which
#   drowns in the noise of all others; the maximum does not change with the size, and asks the question that was
#   asked. (It pays with its sensitivity to a single false response.)
# - (c) Neither. Both poolings give the same result for every rearrangement of the cells of a map, so the place is
#   not in the pooled numbers, and no layer behind can find it. (What zero padding betrays of the border aside.) A
#   head that keeps the grid is needed: flatten, or average to $2 \times 2$ bins with adaptive pooling, which gives
#   exactly one number for each quadrant.
# - The class activation map of the head for (a) or (b) still has the places: its quadrant with the largest sum
#   answers (c) after the fact, since the map is computed before the average.
#
# *Marks: 1 for (a) with its reason; 1 for (b) with its reason; 2 for (c): the place is lost for any layer behind,
# and a head that keeps it; 1 for the map.*
# ### END SOLUTION

# %% [markdown]
# ## Where you stand
#
# It counts what holds on the worked examples; grading tries more.

# %%
check_all("global_pooling")

# %% [markdown]
# ## For the curious, without points
#
# - Repeat section 6 with `global_max_pool2d`. The head can be fitted as before; is the mean of the map still the
#   logit? What would a map of the evidence be for a maximum?
# - *Generalised mean* pooling, $\bigl(\frac{1}{HW}\sum x^p\bigr)^{1/p}$ for $x \ge 0$, has the average at $p = 1$
#   and the maximum at $p \to \infty$. Which $p$ recognises most digits?
# - Adaptive bins count some cells more than others. Write the gradient of `adaptive_avg_pool2d`, check it
#   numerically, and find the sizes for which a gradient of ones comes back as a constant.
# - Regions of real detectors are not made of whole cells. Move the sliders of section 4 by half a cell in your
#   mind: what should the result be? (Look up RoIAlign.)
