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
# # Invariance, written by yourself
#
# Pooling is said to make networks indifferent to where a thing is. You will build the instruments that measure it, see
# a pooled digit flicker while it moves across its canvas, repair that with a blur, and finish with a layer that is
# exactly indifferent, to quarter turns, and can be proved to be.
#
# Plan 60 to 120 minutes. Have the chapter *Invariance* open beside this notebook. Work from top to bottom: read, work
# the small case with pencil and paper, write the function, run its `check`, look at the picture.
#
# - Arrays are NumPy arrays of `float64`, mostly in the layout `(N, C, H, W)`: samples, channels, height, width.
# - A bad argument raises a `ValueError`. The page for students lists all rules.
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
from ipywidgets import Dropdown, IntSlider
from sklearn.datasets import load_digits

from autograder.drawing import demo, grids


def on_canvas(images, side=20):
    """Put digits of 8x8 in the middle of an empty canvas -> (N, 1, side, side)."""
    before = (side - 8) // 2
    after = side - 8 - before
    return np.pad(images, ((0, 0), (before, after), (before, after)))[:, None]


# %% [markdown]
# ## 1. Moving an image ({points}, 15 minutes)
#
# Whoever wants to measure what a shift does must be able to shift, and there are two ways. On a *torus* what leaves
# on one side enters on the other (`mode="wrap"`). On a *canvas* what leaves is lost, and zeros enter (`mode="zero"`):
#
# $$y_{i,j} = \begin{cases} x_{i - dy,\; j - dx} & \text{if that cell exists} \\ 0 & \text{otherwise} \end{cases}$$
#
# Theorems like the torus, cameras know only the canvas. With `dy` positive the content moves *down*, with `dx`
# positive to the *right*.
#
# **By hand.** Shift by $dy = 1$, $dx = -1$ in both modes:
#
# $$\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix} \;\to\;
# \begin{pmatrix} 0 & 0 & 0 \\ 2 & 3 & 0 \\ 5 & 6 & 0 \end{pmatrix} \;\text{ and }\;
# \begin{pmatrix} 8 & 9 & 7 \\ 2 & 3 & 1 \\ 5 & 6 & 4 \end{pmatrix}$$
#
# **The mistakes before you make them.**
#
# - `np.roll` is the torus, always. On a digit with an empty margin the two look the same, until it reaches the edge.
# - `x[:-dy]` for `dy = 0` is `x[:0]`, and empty. For negative `dy` the signs change their roles.
#
# **A way to go.** Which rectangle of `x` survives, and where does it land? Both have $\max(H - |dy|, 0)$ rows. An
# Ellipsis, `x[..., rows, columns]`, works for any number of axes in front.

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

# %% [markdown]
# **Your function at work.** The pooling in the second picture takes the maximum of 2x2 cells with stride 2. Move the
# digit by one cell, then by two. When is the pooled picture a shifted copy of what it was? Predict first.

# %% tags=["demo"]
@demo(dy=IntSlider(0, -8, 8), dx=IntSlider(0, -8, 8), mode=Dropdown(options=["zero", "wrap"]))
def moving_digit(dy, dx, mode):
    x = shift2d(on_canvas(load_digits().images[3:4]), dy, dx, mode)
    pooled = x.reshape(1, 1, 10, 2, 10, 2).max(axis=(3, 5))
    grids(size=2.4, numbers=False, digit=x, pooled=pooled)


# %% [markdown]
# ## 2. One number for a classifier ({points}, 10 minutes)
#
# What counts in the end is the decision. Show a classifier an image and its shifted copy, and ask: is the predicted
# class the same? The share of images for which it is, is the *shift consistency*. Note what it does not ask: whether
# the prediction is right.
#
# $$\text{consistency} = \frac{1}{N} \sum_{n=1}^{N} \left[ \arg\max_c z_{n,c} = \arg\max_c z'_{n,c} \right]$$
#
# **By hand.** Logits $(3, 1, 2)$, $(1, 3, 2)$, $(0, 1, 5)$ and, for the shifted images, $(9, 0, 1)$, $(5, 4, 0)$,
# $(1, 0, 3)$: the winners are classes 0, 1, 2 and 0, 0, 2. Two of three agree: $0.667$.
#
# **The mistake before you make it:** comparing the logits. They almost always differ a little, and it does not
# matter. And a tie? The first of the largest values wins, as in `np.argmax`; sorting has other ideas.

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

# %% [markdown]
# **Your functions at work.** A classifier that compares each image with the mean image of each class, cell by cell,
# on centred digits. It is right for nine digits of ten. How far must the digits move until it is no better than
# throwing a die with ten faces?

# %% tags=["demo"]
@demo()
def consistency_of_templates():
    digits = load_digits()
    x, y = on_canvas(digits.images), digits.target
    templates = np.array([x[y == c].mean(axis=0).ravel() for c in range(10)])

    def logits(images):
        flat = images.reshape(len(images), -1)
        return flat @ templates.T - 0.5 * np.sum(templates**2, axis=1)

    shifts = range(-6, 7)
    shares = [shift_consistency(logits(x), logits(shift2d(x, 0, dx))) for dx in shifts]
    right = np.mean(logits(x).argmax(axis=1) == y)
    plt.figure(figsize=(6, 2.8))
    plt.plot(shifts, shares, "o-")
    plt.axhline(0.1, color="grey", lw=1)
    plt.gca().set(title=f"accuracy without a shift: {right:.2f}", xlabel="shift to the right", ylabel="consistency")
    plt.show()


# %% [markdown]
# ## 3. A gentle low-pass filter ({points}, 10 minutes)
#
# Why did the pooled digit flicker? Taking every second cell of a signal that changes from cell to cell throws away
# what lies between, and *which* cells lie between depends on the position. Signal processing has known the remedy for
# long: blur first, so that nothing is left that changes too fast, then take every second cell.
#
# The filter for that should be short, positive and smooth. The rows of Pascal's triangle are: $1\;1$, then
# $1\;2\;1$, then $1\;3\;3\;1$, each the previous one averaged with its own shifted copy. In two dimensions take the
# product of a row for the height and one for the width, and divide by the sum:
#
# $$K_{ij} = \frac{1}{4^{\,m - 1}} \binom{m - 1}{i} \binom{m - 1}{j}, \qquad 0 \le i, j < m$$
#
# **By hand.** For $m = 3$:
#
# $$K = \frac{1}{16} \begin{pmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{pmatrix}$$
#
# Write down $m = 2$ yourself. Which pooling do you get with it? And $m = 1$?
#
# **The mistakes before you make them.** Adding row and column instead of multiplying them. Dividing by the sum of one
# row. And for large $m$, integers that outgrow 64 bits without a word: `math.comb` does not.

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

# %% [markdown]
# ## 4. Blur, then subsample ({points}, 15 minutes)
#
# Each channel by itself is correlated with $K$, and every $s$-th cell is kept, the first one included. So that the
# result of a blur with $s = 1$ is as large as the image, it is padded first, and since zeros would darken the border,
# the image is *reflected*: $(m - 1) // 2$ cells before, the rest of $m - 1$ after.
#
# **By hand.** One row $a, b, c, d$ reflected by one cell on both sides is $b, a, b, c, d, c$: the edge itself is not
# repeated. Blurred with $\frac14 (1, 2, 1)$ the first cell becomes $\frac14 (b + 2a + b) = \frac12 (a + b)$. For
# $m = 2$ the padding is 0 before and 1 after: the last cell becomes $\frac12 (d + c)$.
#
# **The mistakes before you make them.**
#
# - `mode="symmetric"` repeats the edge, `mode="edge"` does so again and again; `"reflect"` is the one.
# - An axis of $n$ cells has only $n - 1$ to reflect. `np.pad` does not complain; it reflects the reflection. PyTorch
#   refuses, and so should you.
# - A correlation that adds up channels. A blur is *depthwise*: what happens in one channel stays there.

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

# %% [markdown]
# ### Check its gradient yourself
#
# Training goes backwards through this layer, too, and since it is linear its gradient is the same for every image:
# entry $(a, b)$ of the picture below is the sum of all outputs' derivatives by input $x_{ab}$, found by nudging one
# cell up and down by a little $h$. With $s = 1$ almost all cells count the same. Predict for $s = 2$: are there cells
# that no output hears of, as there would be without the blur (`size=1`)? And why do some cells near the border weigh
# more than others?

# %% tags=["demo"]
@demo(size=IntSlider(3, 1, 5), stride=IntSlider(2, 1, 3))
def who_is_heard(size, stride):
    x, h = np.random.default_rng(0).normal(size=(1, 1, 8, 8)), 1e-5
    gradient = np.zeros((8, 8))
    for a, b in np.ndindex(8, 8):
        nudge = np.zeros_like(x)
        nudge[0, 0, a, b] = h
        difference = blur_pool2d(x + nudge, size, stride) - blur_pool2d(x - nudge, size, stride)
        gradient[a, b] = difference.sum() / (2 * h)
    title = f"sum: {gradient.sum():.2f}, outputs: {blur_pool2d(x, size, stride).size}"
    grids(size=4.2, top=2, **{title: gradient.round(3) + 0.0})


# %% [markdown]
# ## 5. Max pooling that holds still ({points}, 15 minutes)
#
# A max pooling with stride is two things: a maximum at *every* position, which is equivariant to every shift, and
# taking every second of its results, which is not. The blur goes between the two (Zhang 2019; the chapter has the
# reference):
#
# $$\text{max, stride } 1 \;\longrightarrow\; \text{blur} \;\longrightarrow\; \text{every } s\text{-th cell}$$
#
# **By hand.** An image whose rows all read $0, 0, 0, 0, 4, 0, 0, 0, 0$, and its copy moved to the right by one cell,
# with windows of two and $s = 2$. Along a row:
#
# | row | dense maximum | every second | blurred, then every second |
# |---|---|---|---|
# | original | 0 0 0 4 4 0 0 0 | 0 0 4 0 | 0 1 3 0 |
# | moved by one | 0 0 0 0 4 4 0 0 | 0 0 4 0 | 0 0 3 1 |
#
# Max pooling gives the same for both, as if nothing had moved. Blurred, the centre of gravity moves from $1.75$ to
# $2.25$, by half a cell of the result, as it should. Work out the next shift by one cell: now max pooling jumps by a
# whole cell, and the blurred one moves by another half.
#
# **The mistakes before you make them.** Blurring first and taking the maximum then. Starting the maximum from zero,
# when the map may be negative everywhere. Pooling with the stride of the window and blurring what is left, when the
# damage is done.
#
# You may call your `blur_pool2d` here; then its mistakes count here as well. Or copy its lines.

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

# %% [markdown]
# **Your functions at work.** A digit moves across the canvas in steps of one cell. Each picture below is the pooled
# map, moved back by half the shift. If pooling were equivariant, all pictures of a row would be the same.

# %% tags=["demo"]
def pooled_by(kind, x):
    """Halve the canvas in one of three ways."""
    if kind == "max blur":
        return max_blur_pool2d(x)
    reduce = {"max": np.max, "average": np.mean}[kind]
    n, c, h, w = x.shape
    return reduce(x.reshape(n, c, h // 2, 2, w // 2, 2), axis=(3, 5))


@demo(digit=IntSlider(3, 0, 9))
def film(digit):
    x = on_canvas(load_digits().images[digit : digit + 1], side=20)
    for kind in ("max", "max blur"):
        frames = [pooled_by(kind, shift2d(x, 0, dx))[..., :9] for dx in range(6)]
        back = {f"{kind}: {dx}": shift2d(frame, 0, -(dx // 2)) for dx, frame in enumerate(frames)}
        grids(size=1.6, numbers=False, **back)


# %% [markdown]
# Now one number for all digits. Pool the digit, move it, pool again, and compare: how large is the change of the pooled
# map, relative to the map? A summary over all positions should not change at all, so the cell compares the *sum* over
# the whole canvas of the squared map, its energy. Predict the shape of the curves: which of them repeat, and with
# which period?

# %% tags=["demo"]
@demo()
def flicker():
    x, shifts = on_canvas(load_digits().images[:200], side=28), range(7)
    plt.figure(figsize=(7, 3.2))
    for kind in ("max", "average", "max blur"):
        energy = np.array([np.sum(pooled_by(kind, shift2d(x, 0, dx)) ** 2, axis=(1, 2, 3)) for dx in shifts])
        plt.plot(shifts, np.mean(abs(energy / energy[0] - 1), axis=1), "o-", label=kind)
    plt.gca().set(xlabel="shift to the right", ylabel="relative change of the energy", ylim=(0, None))
    plt.legend()
    plt.show()


# %% [markdown]
# All three are exact at even shifts: a shift by the stride is a shift of the result. In between, the blur leaves least
# to flicker. It does not make the pooling *invariant*: the map still moves. It makes the pooling more nearly
# *equivariant*, so that a summary at the end has a chance.
#
# ## 6. Exactly invariant: quarter turns ({points}, 15 minutes)
#
# There is a recipe for exact invariance: apply the whole *group* of transformations to the filter, correlate with
# each copy, and take the maximum. For the four quarter turns,
#
# $$y_{n,f} = \max_{r \in \{0, 1, 2, 3\}} \; \max_{i,j} \; \bigl( x_n \star \operatorname{rot}^r(w_f) \bigr)_{i,j}$$
#
# Turn the image, and the four responses turn and change places; the set of numbers is the same, and so is its maximum.
# That is a proof, and it needs three things: square images, square filters, and all four turns.
#
# **By hand.** $w = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$ and an image with a single one in the upper left
# corner, of 2x2. The four responses are the four weights that the turns bring there: 1, 2, 4, 3. The result is 4, for
# each of the four images with a single one. One filter without turns would say 1, 2, 3, 4.
#
# **The mistakes before you make them.** Turning the wrong axes: `np.rot90` takes the first two unless told otherwise.
# Flips instead of turns: of the four copies that flips give, two are no rotations. The maximum over channels before
# they are added up. And starting from zero, again.

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
    (*_, side), (*_, size) = x.shape, weight.shape
    if size > side:
        raise ValueError(f"weight of side {size} does not fit into images of side {side}")
    windows = sliding_window_view(x, (size, size), axis=(2, 3))
    best = np.full((len(x), len(weight)), -np.inf)
    for turns in (0, 1, 2, 3):
        turned = np.rot90(weight, turns, axes=(2, 3))
        responses = np.einsum("nchwij,fcij->nfhw", windows, turned)
        best = np.maximum(best, responses.max(axis=(2, 3)))
    return best
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_rotation_pool", "grade": true, "locked": true}
check(rotation_pool)

# %% [markdown]
# **Your function at work.** Six random filters meet a digit in four orientations, and, for comparison, the same digit
# turned by 45 degrees. Predict which bars differ.

# %% tags=["demo"]
from scipy.ndimage import rotate


@demo(digit=IntSlider(6, 0, 9))
def orbits(digit):
    image = np.pad(load_digits().images[digit], 3)
    weight = np.random.default_rng(0).normal(size=(6, 1, 3, 3))
    turned = {f"{90 * turns} degrees": np.rot90(image, turns) for turns in range(4)}
    turned["45 degrees"] = rotate(image, 45, reshape=False, order=1)
    results = rotation_pool(np.array(list(turned.values()))[:, None], weight)
    grids(size=1.7, numbers=False, **turned)
    plt.figure(figsize=(8.5, 2.6))
    for i, (name, result) in enumerate(zip(turned, results, strict=True)):
        plt.bar(np.arange(6) + 0.15 * i, result, width=0.15, label=name)
    plt.gca().set(xlabel="filter", xticks=range(6), ylabel="best response")
    plt.legend(fontsize=7)
    plt.show()


# %% [markdown]
# ## 7. In your own words ({points}, 10 minutes)
#
# A brochure says: "Thanks to its pooling layers, our network recognises objects independently of their position and
# orientation."
#
# Write a reply in about 150 words. For the *position*: what does a 2x2 max pooling with stride 2 really do when the
# object moves by one pixel, and by two? What would have to be in the network for the brochure to be right? For the
# *orientation*: what would it take, and name one task for which you would not want it. Say which experiment with the
# functions of this notebook you would ask them to run.

# %% [markdown] nbgrader={"grade_id": "explain_invariance", "grade": true, "solution": true, "points": 5}
# ### BEGIN SOLUTION
# Position: a shift by two pixels moves the pooled map by exactly one cell. A shift by one pixel changes its values in
# general, since other cells share a window; the map is neither the old one nor a shifted copy. So pooling tolerates
# some small shifts for some inputs and is invariant to none. What reads the map cell by cell still knows where the
# object is.
#
# To be right, the brochure needs layers that only move their result when the input moves (stride 1, or a blur before
# subsampling, which makes it nearly true), and then a summary over *all* positions, such as a global maximum, with
# enough margin that nothing touches the border. Or it needs training with objects at all positions.
#
# Orientation: max pooling does nothing for a turn of 90 degrees. It takes turned copies of the filters with a maximum
# over them, or turned training images. Not wanted where the turn is the meaning: 6 and 9, arrows, the letters b, d, p
# and q.
#
# Experiment: `shift_consistency` between the logits of test images and of `shift2d` copies, for all shifts up to half
# the canvas; likewise for quarter turns.
#
# *Marks: 1 for one pixel; 1 for two pixels, or for the period; 1 for the global summary; 1 for orientation with a
# counterexample; 1 for a measurement that could refute the brochure.*
# ### END SOLUTION

# %% [markdown]
# ## Where you stand
#
# It counts what holds on the worked examples; grading tries more.

# %%
check_all("invariance")

# %% [markdown]
# ## For the curious, without points
#
# - `np.roll` and a circular padding make a convolution exactly equivariant. Replace the reflection in your blur by
#   `mode="wrap"`, use `shift2d(..., mode="wrap")`, and measure the energy of the blurred map at stride 1: it should
#   not change at all. At stride 2?
# - Write down all 64 rows of six zeros and ones. How many of them does a max pooling of two cells with stride 2 map to
#   the same result as their copies moved by one cell, zeros coming in? (The chapter counts 27.) And how many with your
#   `max_blur_pool2d`?
# - Add flips to `rotation_pool`. Eight copies of each filter: what is it invariant to now, and what can it no longer
#   tell apart? Which letters of the alphabet become one?
