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
# # Pooling, written by yourself
#
# Six functions: three poolings, two gradients, and a pooling that is a convolution in disguise. Each looks like two
# lines of code until it meets an edge; the edges are where you will find out what pooling is.
#
# Plan 60 to 120 minutes. Have the chapter *Pooling* open beside this notebook. Work from top to bottom: read, work
# the small case with pencil and paper, write the function, run its `check`, look at the picture.
#
# - Arrays are NumPy arrays of `float64` in the layout `(N, C, H, W)`: samples, channels, height, width.
# - `kernel_size`, `stride` and `padding` are an int or a pair `(height, width)`. No `stride` means `kernel_size`.
# - A bad argument raises a `ValueError` whose message names it. The page for students lists all rules.
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
from ipywidgets import Checkbox, IntSlider
from sklearn.datasets import load_digits

from autograder.drawing import demo, grids

# %% [markdown]
# ## 1. Max pooling ({points}, 20 minutes)
#
# A feature map says where a filter found what it looks for. Max pooling asks less: did it find it *somewhere in
# this window*? With windows of height $k_h$ and width $k_w$ that move by $(s_h, s_w)$, after padding of $(p_h,
# p_w)$ cells,
#
# $$y_{ij} = \max_{0 \le a < k_h,\; 0 \le b < k_w} x_{\,i s_h - p_h + a,\; j s_w - p_w + b}$$
#
# Along an axis of $n$ cells there are $\lfloor (n + 2p - k)/s \rfloor + 1$ windows. With `ceil_mode` the division
# is rounded up, and a last window that would begin in the padding behind the input is dropped: window $i$ stays
# only if $i s < n + p$.
#
# **By hand.** Pool this image with $k = 2$, then with $k = 2, s = 1$:
#
# $$\begin{pmatrix} 1 & 5 & 2 \\ 4 & 3 & 0 \\ 2 & 1 & 6 \end{pmatrix}$$
#
# With $k = 2$ there is room for one window, whose maximum is 5; the last row and column are left out. With $s = 1$
# there are four: 5, 5, 4, 6. With `ceil_mode` at $k = 2$ there are four again, of which three are cut off by the
# edge: 5, 2, 2, 6.
#
# And $n = 5$, $k = 2$, $s = 2$, $p = 1$ with `ceil_mode`: rounding up gives 4 windows. The fourth would begin at
# padded cell 6, and the padding behind the input begins there ($n + p = 6$). So there are 3.
#
# **The mistake that almost everybody makes** is to pad with zeros. Behind a rectifier nobody notices. Take an image
# of four times $-1$, with $k = 2$ and $p = 1$: each window holds one $-1$ and three cells of padding. What must
# come out?
#
# **A way to go.** First the arguments, then the number of windows, then an array with room for everything a window
# can reach, filled with a number that never wins, then the windows. Write two loops over the windows if you like:
# correct comes first. (Then look up `numpy.lib.stride_tricks.sliding_window_view`.) The helper `as_pair` is given;
# it refuses what is no int or below a least value. What else must be refused stands in the docstring.

# %% nbgrader={"grade_id": "max_pool2d", "solution": true}
import numpy as np


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
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(2, 3))[:, :, :: step[0], :: step[1]]
    return windows[:, :, : size[0], : size[1]].max(axis=(4, 5))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_pool2d", "grade": true, "locked": true}
check(max_pool2d)

# %% [markdown]
# **Your function at work.** The chapter's vertical line, two cells wide, moves to the right below. Predict before
# you touch the slider: at which positions is a single column of the pooled map lit?

# %% tags=["demo"]
@demo(position=IntSlider(2, 0, 4), stride=IntSlider(2, 1, 3))
def moving_line(position, stride):
    response = np.zeros((1, 1, 6, 6))
    response[..., position : position + 2] = 3
    grids(response=response, pooled=max_pool2d(response, 2, stride=stride))


# %% [markdown]
# ## 2. Average pooling ({points}, 15 minutes)
#
# The average of a window is its sum divided by the number of its cells. *Which* cells is the whole difficulty: a
# window can hold cells of the input, cells of padding, and, when `ceil_mode` lets it stick out, places that lie
# beyond even the padding.
#
# $$y_{ij} = \frac{1}{d_{ij}} \sum_{(u, v) \in W_{ij}} x_{uv}, \qquad d_{ij} = \begin{cases}
# \text{cells of } W_{ij} \text{ in the padded input} & \text{(the default)} \\
# \text{cells of } W_{ij} \text{ in the input} & \text{(if padding does not count)} \end{cases}$$
#
# where the second line is `count_include_pad=False`.
#
# **By hand.** The row $1, 2, 3, 4$ with $k = 3$, $s = 2$, $p = 1$ and `ceil_mode`; a dot is padding, a bar lies
# beyond:
#
# | window | holds | sum | divisor | without padding |
# |---|---|---|---|---|
# | first | . 1 2 | 3 | 3 | 2 |
# | second | 2 3 4 | 9 | 3 | 3 |
# | third | 4 . \| | 4 | 2 | 1 |
#
# So the result is $1, 3, 2$ by default, and $1.5, 3, 4$ if padding does not count.
#
# **The mistake before you make it:** dividing by $k_h k_w$ everywhere. On all complete windows that is right, so
# that a quick test says yes; on the third window above it is wrong. Dividing by the number of input cells
# everywhere is the same mistake from the other side.
#
# **A way to go.** You have the sums of windows once you have the windows. Now imagine a second image that holds 1
# where a cell counts and 0 where it does not. What are *its* sums?

# %% nbgrader={"grade_id": "avg_pool2d", "solution": true}
import numpy as np


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
        windows = np.lib.stride_tricks.sliding_window_view(grid, kernel, axis=(-2, -1))
        return windows[..., :: step[0], :: step[1], :, :][..., : size[0], : size[1], :, :].sum(axis=(-2, -1))

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

# %% [markdown]
# **Your function at work.** Pool an image of ones: every average that is not 1 was diluted by padding. Find
# settings in which a border is darker on one side than on the other, and say why.

# %% tags=["demo"]
@demo(
    kernel_size=IntSlider(3, 1, 4),
    stride=IntSlider(2, 1, 4),
    padding=IntSlider(1, 0, 2),
    ceil_mode=Checkbox(True),
    count_include_pad=Checkbox(True),
)
def pooled_ones(**settings):
    grids(size=3.4, average_of_ones=avg_pool2d(np.ones((1, 1, 8, 8)), **settings))


# %% [markdown]
# ## 3. Between average and maximum ({points}, 15 minutes)
#
# Measure a window by a norm, with exponent $p$ (`norm_type`):
#
# $$y_{ij} = \Bigl(\sum_{(u,v) \in W_{ij}} |x_{uv}|^p\Bigr)^{1/p}, \qquad p > 0$$
#
# $p = 1$ adds up magnitudes, $p = 2$ gives the length of the window as a vector, and the larger $p$, the more the
# largest magnitude outweighs the others, until at $p = \infty$ only $\max |x_{uv}|$ is left. There is no padding
# here and no `ceil_mode`.
#
# **By hand.** The window $\begin{pmatrix} 3 & 0 \\ 0 & -4 \end{pmatrix}$ has $p = 1$: 7, $p = 2$: $\sqrt{9 + 16} =
# 5$, $p = 3$: $\sqrt[3]{27 + 64} \approx 4.498$, $p = \infty$: 4.
#
# **Two mistakes before you make them.** It is a sum, not a mean: the result of $p = 1$ on four ones is 4. And with
# an odd exponent, a sign that is not taken off first survives: $27 - 64$ is negative, and its cube root is `nan` in
# floating point. (PyTorch does just that; the norm does not.)

# %% nbgrader={"grade_id": "lp_pool2d", "solution": true}
import numpy as np


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

    windows = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(2, 3))[:, :, :: step[0], :: step[1]]
    if np.isinf(norm_type):
        return windows.max(axis=(4, 5))
    return (windows**norm_type).sum(axis=(4, 5)) ** (1 / norm_type)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_lp_pool2d", "grade": true, "locked": true}
check(lp_pool2d)

# %% [markdown]
# **Your function at work,** on the window that you worked by hand. Where will the curve end?

# %% tags=["demo"]
@demo()
def norms():
    exponents = np.linspace(0.7, 12, 60)
    window = np.array([[[[3.0, 0.0], [0.0, -4.0]]]])
    plt.figure(figsize=(5, 2.8))
    plt.plot(exponents, [lp_pool2d(window, 2, norm_type=p).item() for p in exponents])
    plt.axhline(lp_pool2d(window, 2, norm_type=float("inf")).item(), linestyle="--", color="grey")
    plt.gca().set(xlabel="norm_type", ylabel="norm of the window", ylim=(0, 10))
    plt.show()


# %% [markdown]
# ## 4. Backward through a maximum ({points}, 20 minutes)
#
# Pooling has nothing to learn, but the layers before it have, and their gradients must come through. Suppose that
# the loss changes by $g_{ij}$ per unit of output $y_{ij}$. A little more in the cell that won the window is a
# little more in the output; a little more in any other cell changes nothing. So
#
# $$\frac{\partial L}{\partial x_{uv}} = \sum_{ij \,:\, (u,v) \text{ wins } W_{ij}} g_{ij}$$
#
# If several cells hold the maximum there is no gradient, strictly speaking, and a convention decides: the first in
# row-major order wins, row by row from the left, as in PyTorch.
#
# **By hand.** The row $0, 1, 0$ with $k = 2$, $s = 1$: both windows are won by the 1 in the middle. Gradients $g =
# (2, 3)$ give $0, 5, 0$. The row $7, 7$ with $k = 2$ and $g = 4$ gives $4, 0$.
#
# **Three mistakes before you make them.**
#
# - `grad[...] = g` where windows overlap: it keeps the last window's gradient, and the middle of $0, 1, 0$ gets 3.
# - `mask = (window == window.max())`, then `mask * g`: a tie pays out twice.
# - `grad[rows, columns] += g` with arrays of indices: if an index occurs twice NumPy adds only once. Look up
#   `numpy.add.at`, or loop.
#
# And think of the padding again: it must never win, and the result has the shape of `x`.

# %% nbgrader={"grade_id": "max_pool2d_backward", "solution": true}
import numpy as np


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
        return np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(2, 3))[:, :, :: step[0], :: step[1]]

    values = windows(x, -np.inf)
    if values.shape[:4] != grad_output.shape:
        raise ValueError(f"grad_output must have the shape of the output, {values.shape[:4]}")
    # The winner is a cell of the input: also where all of it is as low as the padding. NaN beats everything.
    real = windows(np.ones(x.shape, dtype=bool), False)
    wins = real & ((values == values.max(axis=(4, 5), keepdims=True)) | np.isnan(values))
    first = wins.reshape(*grad_output.shape, kernel[0] * kernel[1]).argmax(axis=-1)

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

# %% [markdown]
# **Check a gradient numerically.** Never believe a gradient that you have not compared with a finite difference.
# Move one input by $\pm h$ and see how much the loss $L = \sum_{ij} g_{ij} y_{ij}$ changes:
#
# $$\frac{\partial L}{\partial x_{uv}} \approx \frac{L(x_{uv} + h) - L(x_{uv} - h)}{2h}$$
#
# The next cell has a function for it. Run the cell below it, then **add a cell of your own** and compare on an
# image with ties, such as `np.ones((1, 1, 2, 2))`. Which of the two is right there?

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
    x = rng.normal(size=(2, 2, 5, 6))
    settings = {"kernel_size": 3, "stride": 2, "padding": 1}
    grad_output = rng.normal(size=max_pool2d(x, **settings).shape)
    yours = max_pool2d_backward(grad_output, x, **settings)
    differences = numerical_gradient(lambda x: max_pool2d(x, **settings), grad_output, x)
    print(f"largest distance between your gradient and the differences: {abs(yours - differences).max():.1e}")
    shown = {"x": x, "your gradient": yours, "differences": differences}
    grids(signed=True, **{name: values[0, 0].round(1) + 0.0 for name, values in shown.items()})


# %% [markdown]
# ## 5. Backward through an average ({points}, 15 minutes)
#
# Here every cell of a window has the same influence, one over the divisor:
#
# $$\frac{\partial L}{\partial x_{uv}} = \sum_{ij \,:\, (u,v) \in W_{ij}} \frac{g_{ij}}{d_{ij}}$$
#
# The values of $x$ do not occur. That is why the function takes `x_shape` only, and it is another way to say that
# average pooling is linear.
#
# **By hand.** A row of three cells with $k = 2$, $s = 1$ and $g = (2, 4)$: the cells get $1, 1 + 2, 2$. The sum is
# 6, all that came in. Padding, if there is any, keeps its share, and the sum is smaller.
#
# **The mistake before you make it:** one divisor for all windows. With `count_include_pad=False` a window at the
# border has fewer cells, and each gets more.

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

# %% [markdown]
# **Your function at work.** Send back a gradient of 1 from every output: the picture shows how much attention each
# cell of the input gets. Look for settings in which all cells count alike, and for settings with a pattern.
# (`numerical_gradient` from above works here, too. Which $h$ do you need?)

# %% tags=["demo"]
@demo(
    kernel_size=IntSlider(3, 1, 4),
    stride=IntSlider(2, 1, 4),
    padding=IntSlider(0, 0, 2),
    count_include_pad=Checkbox(True),
)
def attention(kernel_size, stride, padding, count_include_pad):
    windows = (8 + 2 * padding - kernel_size) // stride + 1
    ones = np.ones((1, 1, windows, windows))
    got = avg_pool2d_backward(ones, (1, 1, 8, 8), kernel_size, stride, padding, count_include_pad)
    grids(size=3.8, gradient_of_the_input=got)


# %% [markdown]
# ## 6. Average pooling is a convolution ({points}, 10 minutes)
#
# What is linear and does the same everywhere is a convolution, so average pooling must be one. But `conv2d` adds up
# over all input channels, and pooling keeps them apart. With weight $w$ of shape $(C, C, k_h, k_w)$,
#
# $$y_{c} = \sum_{d} w_{cd} \star x_d$$
#
# where $\star$ slides the filter $w_{cd}$ over channel $x_d$. So what must $w_{cd}$ be for $d = c$, and what for $d
# \ne c$?
#
# **By hand.** Two channels with a kernel of $1 \times 1$: pooling changes nothing, and $w$ is the $2 \times 2$ unit
# matrix.
#
# **The mistake before you make it:** $\frac{1}{k_h k_w}$ everywhere. With one channel it is right.

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

# %% [markdown]
# **Your function at work,** on two channels: a digit, and its negative. A weight that mixes channels turns both
# into grey.

# %% tags=["demo"]
@demo(kernel_size=IntSlider(2, 1, 4))
def as_convolution(kernel_size):
    digit = load_digits().images[3]
    x = np.stack([digit, 16 - digit])[None]
    w = avg_pool_weight(2, kernel_size)
    sides = 8 // kernel_size
    tiles = x[..., : sides * kernel_size, : sides * kernel_size]
    tiles = tiles.reshape(1, 2, sides, kernel_size, sides, kernel_size)
    convolved = np.einsum("ndiajb,cdab->ncij", tiles, w)
    print(f"largest distance from your avg_pool2d: {abs(convolved - avg_pool2d(x, kernel_size)).max():.1e}")
    grids(digit=digit, pooled_by_convolution=convolved[0, 0], negative_pooled=convolved[0, 1])


# %% [markdown]
# ## 7. In your own words ({points}, 10 minutes)
#
# A colleague moves a trained network to another framework. Both give the same predictions for images of 224x224
# cells, and slightly different ones for 225x225. All convolutions agree; the suspect is one pooling layer, with
# kernel 2 and stride 2, in front of a global average.
#
# Name two conventions of pooling that could explain it and one that could *not*, with the reason for each. Then
# describe the smallest input with which you would find out which it is, and what each suspect would make of it.

# %% [markdown] nbgrader={"grade_id": "explain_pooling", "grade": true, "solution": true, "points": 5}
# ### BEGIN SOLUTION
# At 224 the windows fit exactly; at 225 one row and one column are left over, so only what concerns the leftover
# can explain the difference.
#
# - `ceil_mode`: one framework drops the last row and column, the other adds a window for them. The maps differ in
#   shape, which the global average hides.
# - The divisor of a clipped window (if it is an average, and both round up): one divides by the cells that are
#   there, the other by the whole window, and dims the border.
# - Not the padding's value or `count_include_pad`: with padding, the two would differ at 224 as well. Nor the rule
#   for ties, which only the backward pass sees.
#
# A row of three ones, pooled with kernel 2. Without `ceil_mode` there is one output, 1. With it there are two: 1
# and 1 if the clipped window is divided by what it holds (or is a maximum), 1 and 0.5 if it is divided by the whole
# window. (One more convention of this kind: padding on the right only, where needed, with zeros or minus infinity.
# Three times $-1$ would tell a zero-padded maximum: $-1$ and 0.)
#
# *Marks: 1 for "only what is left over matters"; 1 for each of two suspects; 1 for one that is cleared, with the
# reason; 1 for an input that tells the suspects apart.*
# ### END SOLUTION

# %% [markdown]
# ## Where you stand
#
# It counts what holds on the worked examples; grading tries more.

# %%
check_all("pooling")

# %% [markdown]
# ## For the curious, without points
#
# - A maximum over 3x3 cells is a maximum over three columns of maxima over three rows. Write `max_pool2d` in two
#   passes, and time both for kernels of 3, 7 and 15 with stride 1. Does the trick work for averages with
#   `count_include_pad=False`? For norms? For the gradient of the maximum, ties included?
# - The chapter shows that both poolings change when the line moves by one cell. Find an image that max pooling
#   cannot tell from its copy moved to the right by one cell, zeros coming in. How many of the 64 rows of six zeros
#   and ones are like that, with windows of two?
# - *Stochastic* pooling picks a cell at random, with a probability proportional to its value. Show that its
#   expectation lies between the average and the maximum of the window.
