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
# # Convolution, written by yourself
#
# Five functions: how large the output is, the convolution, its gradients, what a cell sees, and what it all costs.
# At the end you will have found the edges of a photograph, and let a filter learn to find them, with nothing but
# your own code.
#
# Plan 60 to 120 minutes. Have the chapter *Convolution* open beside this notebook. Work from top to bottom: read,
# work the small case with pencil and paper, write the function, run its `check`, look at the picture.
#
# - Arrays are NumPy arrays of `float64` in the layout `(N, C, H, W)`: samples, channels, height, width.
# - `kernel_size`, `stride`, `padding` and `dilation` are an int or a pair `(height, width)`.
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
from ipywidgets import Checkbox, Dropdown, IntSlider
from sklearn.datasets import load_sample_image

from autograder.drawing import demo, grids

# %% [markdown]
# ## 1. How many windows fit? ({points}, 15 minutes)
#
# Every layer that slides a window asks this first, and a wrong answer is found three layers later. Take one axis of
# $n$ cells. Padding adds $p$ cells on *both* sides. A window of $k$ cells with dilation $d$ leaves $d - 1$ cells out
# between each two of its own, so it spans $d(k - 1) + 1$ cells. What is left beside the first window is the room
#
# $$r = n + 2p - d(k - 1) - 1, \qquad n_{\text{out}} = \left\lfloor \frac{r}{s} \right\rfloor + 1$$
#
# in which it takes steps of $s$. Pooling layers have a switch, `ceil_mode`, that rounds up instead: a last window may
# stick out at the end. PyTorch drops this window again if it would *start* in the padding behind the input, that
# is, if its first cell has an index of $n + p$ or more, counted from the first cell of the left padding.
#
# **By hand.** Fill in the last two columns before you look at the line below the table.
#
# | $n$ | $k$ | $s$ | $p$ | $r$ | windows | with `ceil_mode` |
# |---|---|---|---|---|---|---|
# | 8 | 3 | 1 | 0 | 5 | | |
# | 5 | 2 | 2 | 0 | 3 | | |
# | 3 | 2 | 2 | 1 | 3 | | |
#
# They read 6 and 6; 2 and 3; 2 and 2. In the last row a third window would start at cell 4 of the padded axis, and
# behind the input the padding begins at $n + p = 4$: nothing but padding in sight, so it is dropped.
#
# **The mistake before you make it:** comparing the start of that window with $n$ instead of $n + p$. Without padding
# it makes no difference. With it, windows disappear that still see the last cells of the input.
#
# **A way to go.** Refuse bad arguments, compute $r$, refuse a negative $r$ (in both modes!), then divide. Stay
# with integers: `//` and `divmod` round down without a detour through floats.

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

# %% [markdown]
# **Your function at work.** Grey cells are padding, each bar is a window, one dot for each cell that it reads. Find
# settings in which cells of the input are seen by no window at all; then switch `ceil_mode` on.

# %% tags=["demo"]
@demo(
    n=IntSlider(9, 1, 14),
    kernel_size=IntSlider(3, 1, 5),
    stride=IntSlider(2, 1, 5),
    padding=IntSlider(0, 0, 2),
    dilation=IntSlider(1, 1, 3),
    ceil_mode=Checkbox(False),
)
def windows_on_an_axis(n, kernel_size, stride, padding, dilation, ceil_mode):
    count = output_size(n, kernel_size, stride, padding, dilation, ceil_mode)
    _, axis = plt.subplots(figsize=(9, 0.6 + 0.3 * count))
    for cell in range(-padding, n + padding):
        inside = 0 <= cell < n
        axis.add_patch(plt.Rectangle((cell - 0.5, 0.5), 1, 1, fc="white" if inside else "lightgrey", ec="black"))
    for window in range(count):
        cells = window * stride - padding + dilation * np.arange(kernel_size)
        axis.plot(cells, np.full(kernel_size, -window), "o-", lw=3)
    axis.set(title=f"{count} windows", xlim=(-padding - 1, n + padding + 4), ylim=(-count, 2), yticks=[])
    plt.show()


# %% [markdown]
# ## 2. The convolution ({points}, 20 minutes)
#
# Lay the filter on a window, multiply what lies on each other, add up, write the sum down, move on. With a filter
# $w$ of $k_h \times k_w$ weights for each of the input channels $c$, and a bias $b$ for each filter $f$,
#
# $$y_{f,i,j} = b_f + \sum_{c} \sum_{u=0}^{k_h - 1} \sum_{v=0}^{k_w - 1}
# w_{f,c,u,v} \; x_{c,\; i s_h + u d_h - p_h,\; j s_w + v d_w - p_w}$$
#
# where $x$ is zero outside the image.
#
# **By hand.** One channel, no padding, stride 1:
#
# $$\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix} \star
# \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} = \begin{pmatrix} 37 & 47 \\ 67 & 77 \end{pmatrix}$$
#
# The first number is $1 \cdot 1 + 2 \cdot 2 + 3 \cdot 4 + 4 \cdot 5$. Compute the last one yourself.
#
# **The mistakes before you make them.**
#
# - Mathematics turns the filter by half a circle before it slides it, and so does `scipy.signal.convolve`. The
#   frameworks do not: the filter's *first* weight meets the window's *first* cell. With the filter above you would
#   get 23 instead of 37. With a symmetric filter you would not notice, which is why such a filter is a bad test.
# - A filter has a slice for *each* input channel, and their responses are added. Three channels and one filter give
#   one map, not three.
# - A bias has one number for each map. Added to an array `(N, F, OH, OW)` as it is, NumPy lays it along the width.
#
# **A way to go.** Four nested loops (image, filter, row, column) around `np.sum(window * weight[f])` are right, and
# a good start. Then turn it around: loop over the few *weights* instead of the many windows. All cells that weight
# $(u, v)$ meets, in all windows at once, are one strided slice of the padded input. That is the difference between
# seconds and milliseconds on the photograph below.

# %% nbgrader={"grade_id": "conv2d", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
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
    return out if bias is None else out + np.asarray(bias)[:, None, None]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv2d", "grade": true, "locked": true}
check(conv2d)

# %% [markdown]
# **Your function at work.** The vertical line of the book, two cells wide, under a filter with ones in its middle
# column. Is it a detector of vertical lines? Predict its response to the horizontal line and to a plain white wall,
# then choose them. Then do the same for the filter whose rows read $-1, 2, -1$.

# %% tags=["demo"]
LINES = {
    "a vertical line": np.s_[:, 3:5],
    "a horizontal line": np.s_[3:5, :],
    "a white wall": np.s_[:, :],
    "a dot": np.s_[3, 3],
}
FILTERS = {
    "0 1 0 (column sum)": [0, 1, 0],
    "-1 2 -1 (line)": [-1, 2, -1],
    "-1 0 1 (edge)": [-1, 0, 1],
}


@demo(picture=Dropdown(options=list(LINES)), rows=Dropdown(options=list(FILTERS)), position=IntSlider(0, -3, 3))
def line_detector(picture, rows, position):
    x, weight = np.zeros((1, 1, 8, 8)), np.array([[[FILTERS[rows]] * 3]], dtype=float)
    x[0, 0][LINES[picture]] = 1
    x = np.roll(x, position, axis=3)
    grids(size=2.8, signed=True, image=x, filter=weight, response=conv2d(x, weight))


# %% [markdown]
# When the line moves by one cell, so does the response, and no number in it changes: the convolution is
# *equivariant* to shifts (as long as nothing runs over the edge). It is not *invariant*; that is what the other
# chapters are about.
#
# ### The edges of a photograph
#
# A filter whose rows read $-1, 0, 1$ measures how fast the brightness grows to the right; turned by a quarter it
# measures growth downwards. Giving the middle row twice the weight smooths a little: that is the Sobel filter. The
# two responses are the components of a vector at each pixel, and its length says how strong an edge is, whatever
# its direction.
#
# The next cell runs *your* `conv2d` over a photograph, both filters in one call: one input channel, two filters.
# Which of the two components shows the temple's columns, which one its roofs? (It shows nothing for a while if your
# `conv2d` loops over windows: there are 67,000. In a cell of your own, try `edges("flower.jpg", threshold=10)`.)

# %% tags=["demo"]
SOBEL = np.array([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]], [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]]]]) / 4


@demo()
def edges(photograph="china.jpg", threshold=25):
    grey = load_sample_image(photograph).mean(axis=2)[::2, ::2]
    to_the_right, downwards = conv2d(grey[None, None], SOBEL)[0]
    strength = np.hypot(to_the_right, downwards)
    _, axes = plt.subplots(2, 2, figsize=(8, 5.6))
    pictures = {
        "photograph": (grey, "gray", 0, 255),
        "growth to the right": (to_the_right, "PuOr", -80, 80),
        "growth downwards": (downwards, "PuOr", -80, 80),
        f"edges: strength above {threshold:g}": (strength > threshold, "gray_r", 0, 1),
    }
    for axis, (title, (values, colours, low, high)) in zip(axes.flat, pictures.items(), strict=True):
        axis.imshow(values, cmap=colours, vmin=low, vmax=high)
        axis.set(title=title, xticks=[], yticks=[])
    plt.tight_layout()
    plt.show()


# %% [markdown]
# ## 3. The way back ({points}, 25 minutes)
#
# Nobody writes Sobel's numbers into a network. They are learned, and for that the network needs to know how a loss
# $L$ changes with each weight, and, for the layers before, with each input. What arrives from behind is $g_{f,i,j} =
# \partial L / \partial y_{f,i,j}$, here called `grad_output`.
#
# One output is a sum of products $w \cdot x$. So each product passes $g$ on to both of its factors: to $x$ it sends
# $g \cdot w$, to $w$ it sends $g \cdot x$. A cell that several windows saw, and a weight that was used at many
# places, collect everything that is sent to them:
#
# $$\frac{\partial L}{\partial w_{f,c,u,v}} = \sum_{n,i,j} g_{n,f,i,j} \; x_{n,c,\, i s + u - p,\, j s + v - p},
# \qquad \frac{\partial L}{\partial b_f} = \sum_{n,i,j} g_{n,f,i,j}$$
#
# $$\frac{\partial L}{\partial x_{n,c,a,b}} = \sum_{f} \; \sum_{\substack{i,j,u,v:\; i s + u - p = a \\ j s + v - p =
# b}} g_{n,f,i,j} \; w_{f,c,u,v}$$
#
# The last line looks worse than it is. Do not ask for each cell who saw it; walk over the windows again as you did
# on the way forward, and *add* to the cells that you meet.
#
# **By hand.** The filter is $\begin{pmatrix} 1 & 2 \end{pmatrix}$, the image $\begin{pmatrix} 3 & 4 & 5
# \end{pmatrix}$, so there are two windows. Let $g = \begin{pmatrix} 1 & 10 \end{pmatrix}$.
#
# - The first window sends $1 \cdot (1, 2)$ to cells 0 and 1, the second $10 \cdot (1, 2)$ to cells 1 and 2. Cell 1
#   gets both: the gradient of the image is $(1, 12, 20)$.
# - The filter gets $1 \cdot (3, 4) + 10 \cdot (4, 5) = (43, 54)$, and the bias $1 + 10 = 11$.
#
# **The mistakes before you make them.**
#
# - `=` where `+=` belongs: then the last window wins, and cell 1 gets 10 instead of 12. With windows that do not
#   overlap nobody notices.
# - Taking `grad_output` at the place where the window *starts*. Output $(i, j)$ belongs to the window that starts at
#   $(i s, j s)$; the two agree for stride 1 only.
# - Returning the gradient of the *padded* image. What falls on the padding is of no use to anybody: cut it off.
# - `np.zeros_like(x)` of integers holds integers, and your gradient loses its fractions.

# %% nbgrader={"grade_id": "conv2d_backward", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
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

# %% [markdown]
# ### Check a gradient yourself
#
# A gradient is a claim about small changes, so it can be tried: nudge one number up and down by a little $h$, run the
# *forward* function both times, and compare $(L_+ - L_-) / 2h$ with what the backward function said. Take for the
# loss $L = \sum g \cdot y$ with fixed random $g$; then $\partial L / \partial y = g$.
#
# The next cell does that with every number of `x`, `weight` and a bias. Each dot is one number, and all dots should
# lie on the line. Before you add a filter, predict how many dots each of the three clouds gains.

# %% tags=["demo"]
def numerical_gradient(loss, array, h=1e-5):
    """Nudge every number of an array up and down, and see what becomes of the loss."""
    gradient = np.zeros(array.shape)
    for index in np.ndindex(*array.shape):
        nudge = np.zeros(array.shape)
        nudge[index] = h
        gradient[index] = (loss(array + nudge) - loss(array - nudge)) / (2 * h)
    return gradient


@demo(stride=IntSlider(1, 1, 3), padding=IntSlider(1, 0, 2), filters=IntSlider(2, 1, 3))
def gradient_check(stride, padding, filters):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(filters, 2, 3, 2)), rng.normal(size=filters)
    g = rng.normal(size=conv2d(x, weight, bias, stride, padding).shape)
    claimed = conv2d_backward(g, x, weight, stride, padding)
    tried = (
        numerical_gradient(lambda x: np.sum(g * conv2d(x, weight, bias, stride, padding)), x),
        numerical_gradient(lambda weight: np.sum(g * conv2d(x, weight, bias, stride, padding)), weight),
        numerical_gradient(lambda bias: np.sum(g * conv2d(x, weight, bias, stride, padding)), bias),
    )
    _, axes = plt.subplots(1, 3, figsize=(10, 3.4))
    for axis, name, claim, trial in zip(axes, ("x", "weight", "bias"), claimed, tried, strict=True):
        axis.axline((0, 0), slope=1, color="grey", lw=1)
        axis.plot(trial.ravel(), claim.ravel(), "o", ms=4)
        axis.set(title=f"{name}: off by {abs(trial - claim).max():.0e}", xlabel="tried", ylabel="claimed")
    plt.tight_layout()
    plt.show()


# %% [markdown]
# An error of about $10^{-10}$ is rounding: the difference of two numbers of size 10 that agree in most of their 16
# digits, divided by $h$. An error of 0.1 is a mistake, even if it is small on the picture.
#
# ### Let a filter learn
#
# Now the two halves work together. Somebody filtered a photograph with Sobel's first filter and shows you the
# photograph and the result, not the filter. You start from random weights, compare your response with theirs (the
# loss is half the mean squared difference, so its gradient by the response is the difference over the number of
# cells), and walk downhill. No more than your two functions is needed.

# %% tags=["demo"]
@demo()
def learn_a_filter():
    grey = load_sample_image("china.jpg").mean(axis=2)[100:164, 300:396][None, None] / 255
    grey = (grey - grey.mean()) / grey.std()
    target = conv2d(grey, SOBEL[:1])
    weight = np.random.default_rng(1).normal(size=(1, 1, 3, 3)) / 3
    start, losses = weight.copy(), []
    for _ in range(400):
        difference = conv2d(grey, weight) - target
        losses.append(0.5 * np.mean(difference**2))
        weight = weight - 0.1 * conv2d_backward(difference / difference.size, grey, weight)[1]
    plt.figure(figsize=(6, 2.6))
    plt.semilogy(losses)
    plt.gca().set(xlabel="step", ylabel="loss")
    plt.show()
    grids(size=2.8, signed=True, random_start=start.round(2), learned=weight.round(2) + 0.0, sobel=SOBEL[0])


# %% [markdown]
# The loss falls fast and then slowly: neighbouring pixels of a photograph are alike, so some changes of the filter
# hardly change its response. The last digits of those take thousands of steps.
#
# ## 4. What does a cell see? ({points}, 15 minutes)
#
# A single filter of 3x3 sees nine pixels, too few for a roof. Behind several layers a cell sees more: all pixels
# that could change its value, its *receptive field*. Two numbers describe it along one axis: the `size` $R$ of the
# patch, and the `jump` $J$, the distance in the input between the patches of two neighbouring cells. Before the first
# layer $R = J = 1$. A layer of kernel $k$ and stride $s$ brings in $k - 1$ more cells of the layer before, and these
# lie one jump apart:
#
# $$R \leftarrow R + (k - 1) \, J, \qquad J \leftarrow J \cdot s$$
#
# **By hand.** Two convolutions of 3x3: $R = 1 + 2 + 2 = 5$. A convolution of 3x3, then a pooling of 2x2 with stride
# 2, then a convolution of 3x3: $R = 3$, then $3 + 1 = 4$ with $J = 2$, then $4 + 2 \cdot 2 = 8$.
#
# **The mistake before you make it:** multiplying the jump first. A layer's own stride stretches the layers *behind*
# it; its own cells lie as far apart as the layers before it say. For a pooling of 2x2 with stride 2 alone, the wrong
# order gives 3 pixels, and it clearly sees 2.

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

# %% [markdown]
# **Your function at work.** What one cell sees after each of 15 layers, drawn on a photograph: on the left for a
# network that repeats the block *convolution 3x3, convolution 3x3, pooling 2x2 with stride 2*, on the right for one
# of convolutions alone. Predict for both after how many layers a cell sees the whole height of 214 pixels. Then find
# out, with `patches(layers=...)` in a cell of your own.

# %% tags=["demo"]
@demo()
def patches(layers=15):
    _, axes = plt.subplots(1, 2, figsize=(9, 3.4))
    blocks = {"with pooling": [(3, 1), (3, 1), (2, 2)], "without": [(3, 1)] * 3}
    for axis, (name, block) in zip(axes, blocks.items(), strict=True):
        axis.imshow(load_sample_image("flower.jpg")[::2, ::2])
        for depth in range(layers + 1):
            size, jump = receptive_field((block * layers)[:depth])
            axis.add_patch(plt.Rectangle((160 - size / 2, 107 - size / 2), size, size, fill=False, ec="white", lw=0.7))
        axis.set(title=f"{name}: {size} pixels, jump {jump}", xlim=(0, 319), ylim=(213, 0), xticks=[], yticks=[])
    plt.tight_layout()
    plt.show()


# %% [markdown]
# ## 5. What does it cost? ({points}, 10 minutes)
#
# Two different bills. *Parameters* are the numbers to be learned and stored: a convolution uses the same filter
# everywhere, so the image does not appear in this bill. *Multiply-accumulates* (macs) are the products to be computed:
# there the filter is paid for again at every output cell.
#
# $$\text{parameters} = F \, (C k_h k_w + 1), \qquad \text{macs} = F \cdot C k_h k_w \cdot O_h O_w$$
#
# The $+1$ is the bias, if there is one. It is added, not multiplied, so it costs no macs.
#
# **By hand.** One filter of 3x3 on one channel of 8x8: ten parameters, and $9 \cdot 36 = 324$ macs. A dense layer from
# the 64 pixels to the same 36 outputs: $64 \cdot 36 + 36 = 2340$ parameters, 2304 macs.
#
# **The mistake before you make it:** counting one filter. Each of the $F$ filters has $C$ slices; from 64 to 128
# channels that is a factor of 8192.

# %% nbgrader={"grade_id": "conv2d_cost", "solution": true}
import numpy as np


def as_pair(value, name, least):
    """Turn an int or a pair into `(height, width)`; refuse, by name, what is no int or below `least`."""
    pair = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(pair) != 2 or not all(isinstance(side, int | np.integer) and side >= least for side in pair):
        raise ValueError(f"{name} must be an int or a pair of ints, at least {least}, got {value!r}")
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

# %% [markdown]
# **Your function at work.** The 3x3 convolutions of a network that halves the image and doubles the channels again
# and again, from 3 channels at 224x224. Predict: which layer has the most parameters, and which one the most macs?

# %% tags=["demo"]
@demo(kernel_size=IntSlider(3, 1, 7, 2))
def two_bills(kernel_size):
    channels, sides = [3, 64, 128, 256, 512], [224, 112, 56, 28]
    bills = [
        conv2d_cost(fan_in, fan_out, kernel_size, (side, side))
        for fan_in, fan_out, side in zip(channels[:-1], channels[1:], sides, strict=True)
    ]
    names = [f"{a} to {b}\n{side}x{side}" for a, b, side in zip(channels, channels[1:], sides, strict=False)]
    _, axes = plt.subplots(1, 2, figsize=(10, 3.2))
    for axis, title, bill in zip(axes, ("parameters", "multiply-accumulates"), zip(*bills, strict=True), strict=True):
        axis.bar(names, bill)
        axis.set(title=title, yscale="log")
    plt.tight_layout()
    plt.show()


# %% [markdown]
# ## 6. In your own words ({points}, 10 minutes)
#
# A classmate says: "A convolution has so few weights that it is cheap. And because it uses the same filter
# everywhere, it does not matter to the network where in the image a thing is."
#
# Take both sentences apart, in about 150 words. What is right in each, and what is not? Give one number for the first
# sentence, from a layer of your choice. For the second, say what exactly happens to the output of a convolution when
# the thing moves by one pixel, and name two places in this notebook where even that does not hold.

# %% [markdown] nbgrader={"grade_id": "explain_convolution", "grade": true, "solution": true, "points": 5}
# ### BEGIN SOLUTION
# Few weights: yes, since all positions share them. Cheap: no, every position computes with them again. From 64 to
# 128 channels with 3x3 there are 73,856 parameters, but at 112x112 there are 925 million products. Sharing saves
# memory and examples to learn from, not products; what saves products, compared with a dense layer, is that a window
# is small.
#
# The same filter everywhere means that the response *moves with* the thing: equivariance. When the thing moves by one
# pixel the map shows the same numbers one cell further. So the position still stands in the map, and matters to
# whatever reads the map cell by cell, such as a flattened dense layer. Only a summary over all positions forgets it.
#
# Even equivariance fails at the border, where things run out of the image or zeros of the padding take part, and with
# a stride above 1, where a shift by one pixel is no whole number of output cells.
#
# *Marks: 1 for few parameters because of sharing; 1 for the macs with a right number; 1 for "moves along", not "stays
# the same"; 1 each for border or padding, and for stride.*
# ### END SOLUTION

# %% [markdown]
# ## Where you stand
#
# It counts what holds on the worked examples; grading tries more.

# %%
check_all("convolution")

# %% [markdown]
# ## For the curious, without points
#
# - Sobel's filter is a product of a column and a row: smoothing along one axis, a difference along the other. Filter
#   with $(1, 2, 1)^T$ first and with $(-1, 0, 1)$ then, and compare. How many products does it save for filters of
#   $k \times k$?
# - A convolution is linear, so it is a matrix. Build the $36 \times 64$ matrix of the line example column by column,
#   by filtering the 64 images that have a single one. How many of its entries are not zero, and how many different
#   numbers are among them? Then multiply a `grad_output` by the *transposed* matrix: which of your functions is that?
# - Write `grad_x` with `conv2d` alone: spread `grad_output` by putting `stride - 1` zeros between its cells, pad it by
#   $k - 1$, turn the filter, exchange its first two axes. Where does the turning come from?
# - Start the learning filter from zeros, from Sobel's filter upside down, from large random numbers. Does it always
#   arrive? Why is that different for a network of two layers?
