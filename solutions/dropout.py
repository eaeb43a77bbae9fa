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
# # Dropout, written by yourself
#
# Dropout throws activations away at random, and networks get better for it. Where in the network it should do so is
# a question with a surprising answer: before a max pooling it is a different operation from dropout after it. You will
# compute by how much, see it in a histogram, and then build the small network in which both can be tried.
#
# Plan 60 to 120 minutes. Have the chapter *Dropout* open beside this notebook. Work from top to bottom: read, work
# the small case with pencil and paper, write the function, run its `check`, look at the picture.
#
# - Arrays are NumPy arrays of `float64`. `rng` is a `numpy.random.Generator`, made by `np.random.default_rng(seed)`.
# - A bad argument raises a `ValueError`. The page for students lists all rules.
# - NumPy and the standard library may be imported, in the cell that needs them. PyTorch may be imported for the last
#   function only. Each function is graded by itself.

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
from ipywidgets import Dropdown, FloatSlider, IntSlider
from sklearn.datasets import load_digits

from autograder.drawing import demo, grids

# %% [markdown]
# ## 1. Dropout ({points}, 15 minutes)
#
# A network that can rely on single units will do so, and fails where these fail. Dropout takes the certainty away:
# during training each activation is set to zero with probability $p$, anew at each step. So that the next layer sees
# the same numbers on average, what is kept is divided by the probability of being kept:
#
# $$y_i = \frac{m_i \, x_i}{1 - p}, \qquad P(m_i = 1) = 1 - p \quad \text{independently for each } i$$
#
# Then $E[y_i] = (1 - p) \cdot x_i / (1 - p) = x_i$. This is *inverted* dropout: since training takes care of the
# scale, evaluation has nothing to do. It returns $x$.
#
# **By hand.** $x = (2, 4, 6, 8)$ at $p = \frac{1}{2}$ with the mask $m = (1, 0, 0, 1)$ gives $(4, 0, 0, 16)$. At $p =
# 0.2$ the same mask gives $(2.5, 0, 0, 10)$. How often do you expect to see this mask at $p = 0.2$?
# ($0.8^2 \cdot 0.2^2 = 2.6\,\%$ of the time.)
#
# **The mistakes before you make them.**
#
# - `rng.random(...) < p` is true with probability $p$: is that what is kept, or what falls? At $p = 0.5$ no test will
#   tell you.
# - Drawing twice, once for the output and once for the mask. They are then two different masks, and the backward pass
#   will use the wrong one.
# - One mask for the whole batch. Each sample deserves its own.
# - `np.random.rand`, or a generator made inside the function: then nobody can repeat your experiment by its seed, or
#   every call drops the same cells.

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
    mask = np.asarray(rng.binomial(1, 1 - p, x.shape), dtype=bool)
    return np.where(mask, x / (1 - p), 0.0), mask
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_dropout", "grade": true, "locked": true}
check(dropout)

# %% [markdown]
# **Your function at work.** A digit, one draw, and the mean of many. Predict before you touch the sliders: how many
# draws does the mean need until you can read the digit at $p = 0.5$, and at $p = 0.9$?

# %% tags=["demo"]
@demo(p=FloatSlider(0.5, min=0, max=0.95, step=0.05), draws=IntSlider(10, 1, 300), seed=IntSlider(0, 0, 20))
def thinned_digit(p, draws, seed):
    rng, digit = np.random.default_rng(seed), load_digits().images[3]
    outputs = np.array([dropout(digit, p, rng)[0] for _ in range(draws)])
    grids(size=2.3, numbers=False, top=24, digit=digit, one_draw=outputs[0], mean_of_the_draws=outputs.mean(axis=0))


# %% [markdown]
# The mean converges, but slowly: a single value has the variance $x^2 \cdot p / (1 - p)$. At $p = 0.9$ that is nine
# times the square of the value itself.
#
# ## 2. Dropout of channels ({points}, 15 minutes)
#
# Neighbouring cells of a feature map know nearly the same. If one of them falls, the next layer reads the rest of the
# story from its neighbours: on maps, dropout of single cells is weak. `dropout2d` drops whole channels instead. A
# channel of a sample is either there, scaled, or gone.
#
# **By hand.** Two samples of three channels need six draws, whatever the size of the maps. The mask has the shape
# $(N, C, 1, 1)$, so that NumPy spreads it over all cells.
#
# **The mistake before you make it:** a mask of the shape of `x`, which is section 1 again, or one of shape $(1, C, 1,
# 1)$, which drops the same channels in every sample.

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
    mask = rng.binomial(1, 1 - p, shape).astype(bool)
    return np.where(mask, x / (1 - p), 0.0), mask
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_dropout2d", "grade": true, "locked": true}
check(dropout2d)

# %% [markdown]
# **Your functions at work.** Four channels made from a digit by subtracting its shifted copy, thinned in both ways,
# and then blurred, as a later layer might do it. In which row can you still read all four?

# %% tags=["demo"]
@demo(p=FloatSlider(0.5, min=0, max=0.9, step=0.1), seed=IntSlider(1, 0, 20))
def cells_or_channels(p, seed):
    digit = np.pad(load_digits().images[0], 2)
    shifts = {"right": (0, 1), "left": (0, -1), "down": (1, 0), "up": (-1, 0)}
    x = np.array([[np.maximum(digit - np.roll(digit, shift, (0, 1)), 0) for shift in shifts.values()]])
    thinned = {
        "all": x,
        "cells": dropout(x, p, np.random.default_rng(seed))[0],
        "channels": dropout2d(x, p, np.random.default_rng(seed))[0],
    }
    for name, maps in thinned.items():
        blurred = sum(np.roll(maps, (i, j), (2, 3)) for i in (-1, 0, 1) for j in (-1, 0, 1))[0] / 9
        grids(size=1.6, numbers=False, top=12, **{f"{name}: {shift}": blurred[c] for c, shift in enumerate(shifts)})


# %% [markdown]
# ## 3. The way back ({points}, 10 minutes)
#
# Once the mask is drawn, dropout is a multiplication by fixed numbers, $0$ or $1 / (1 - p)$. The gradient is
# multiplied by the same numbers:
#
# $$\frac{\partial L}{\partial x_i} = \frac{m_i}{1 - p} \; \frac{\partial L}{\partial y_i}$$
#
# **By hand.** With the mask $(1, 0, 0, 1)$ and $p = 0.2$ the gradient $(1, 1, 1, 2)$ becomes $(1.25, 0, 0, 2.5)$.
#
# **The mistakes before you make them.** Drawing a new mask: the gradient then belongs to a forward pass that never
# happened. Forgetting the scale: the loss still falls, only more slowly, so that nobody notices. `grad[mask]`: an
# index does not broadcast, and the mask of `dropout2d` must.

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

# %% [markdown]
# ### Check a gradient yourself
#
# A gradient is a claim about small changes, so it can be tried: nudge one number up and down by a little $h$, run
# the forward function both times, and compare $(L_+ - L_-) / 2h$ with the claim. Here is a trap: the two runs must
# drop the same cells. What has to be the same in both calls? (Look for `default_rng` in the cell below.)
#
# The loss is $L = \sum_i g_i y_i$ with fixed random $g$. Each dot is one number of $x$; all should lie on the line.

# %% tags=["demo"]
@demo(p=FloatSlider(0.5, min=0, max=0.9, step=0.1), layer=Dropdown(options=["dropout", "dropout2d"]))
def gradient_check(p, layer):
    forward = {"dropout": dropout, "dropout2d": dropout2d}[layer]
    rng, h = np.random.default_rng(0), 1e-5
    x, g = rng.normal(size=(2, 2, 8, 3, 3))
    _, mask = forward(x, p, np.random.default_rng(5))
    claimed, tried = dropout_backward(g, mask, p), np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        nudge = np.zeros(x.shape)
        nudge[index] = h
        up, down = (np.sum(g * forward(x + step, p, np.random.default_rng(5))[0]) for step in (nudge, -nudge))
        tried[index] = (up - down) / (2 * h)
    plt.figure(figsize=(3.6, 3.4))
    plt.axline((0, 0), slope=1, color="grey", lw=1)
    plt.plot(tried.ravel(), claimed.ravel(), "o", ms=4)
    plt.gca().set(title=f"off by {abs(tried - claimed).max():.0e}", xlabel="tried", ylabel="claimed")
    plt.show()


# %% [markdown]
# How many of the 144 dots lie at the origin? An error of about $10^{-10}$ is rounding.
#
# ## 4. Before a max pooling, dropout is something else ({points}, 20 minutes)
#
# Dropout keeps the expectation, so it should not matter on which side of a pooling it stands. For an *average* that is
# right: the average of expectations is the expectation of the average. A maximum does not work that way.
#
# Take a window of values $a_1 \ge a_2 \ge \dots \ge a_n \ge 0$. When is the $k$-th largest the maximum of what dropout
# leaves? When it is kept, and all $k - 1$ larger ones fell:
#
# $$P(\text{the maximum is } a_k) = (1 - p) \, p^{\,k - 1}$$
#
# and with probability $p^n$ everything fell, and the maximum is 0. Each kept value is divided by $1 - p$. So what is
#
# $$E[\max(\text{dropout}(a_1, \dots, a_n))] = \sum_{k=1}^{n} \;\dots$$
#
# You can complete this line, and the factor $1 - p$ will not survive it.
#
# **By hand.** One value: $E = a_1$, as it should be. Four ones at $p = \frac{1}{2}$: $1 + \frac{1}{2} + \frac{1}{4} +
# \frac{1}{8} = 1.875$, although every single one of them has the expectation 1. Values $4, 3, 2, 1$ at the same $p$:
# $4 + 1.5 + 0.5 + 0.125 = 6.125$.
#
# So a max pooling behind dropout is *biased upwards* in training, and in evaluation, where nothing falls, the next
# layer meets smaller numbers than it learned from.
#
# **The mistakes before you make them.**
#
# - Trusting the order of the window, or sorting only its last axis: a window of 2x2 has four values.
# - Sorting `window` in place: it is not yours.
# - Merging equal values. They stand in for each other: if one falls, the other still gives the maximum.
#
# Adding up all $2^n$ masks is right as well, and a good test for small windows; a window of 5x5 has 33 million.

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
    return float(np.sum(ranked * p ** np.arange(ranked.size)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_expected_max_after_dropout", "grade": true, "locked": true}
check(expected_max_after_dropout)

# %% [markdown]
# **Your functions at work.** Ten thousand windows of four, thinned by your `dropout` before the maximum, and after it.
# The dashed line is the maximum of the window, the solid one your exact expectation. Predict for four equal values:
# how many different numbers can come out before, how many after?
#
# Then move `spread` to the right, so that one value towers over the others. What happens to the bias?

# %% tags=["demo"]
@demo(p=FloatSlider(0.5, min=0, max=0.9, step=0.1), spread=FloatSlider(0.4, min=0, max=1, step=0.1))
def before_and_after(p, spread):
    window = 1 - spread * np.array([0, 1 / 3, 2 / 3, 1])
    rng, rounds = np.random.default_rng(0), 10_000
    before = dropout(np.tile(window, (rounds, 1)), p, rng)[0].max(axis=1)
    after = dropout(np.full(rounds, window.max()), p, rng)[0]
    exact = {"before": expected_max_after_dropout(window, p), "after": window.max()}
    _, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True, sharex=True)
    for axis, (side, sample) in zip(axes, {"before": before, "after": after}.items(), strict=True):
        axis.hist(sample, bins=np.linspace(0, 1.02 / (1 - p), 60))
        axis.axvline(window.max(), ls="--", color="black")
        axis.axvline(exact[side], color="tab:orange")
        title = f"dropout {side}\nmean {sample.mean():.3f} (exact {exact[side]:.3f}), sd {sample.std():.2f}"
        axis.set(title=title, xlabel="pooled value")
    plt.tight_layout()
    plt.show()


# %% [markdown]
# Dropout after the pooling drops everything or nothing of a window: unbiased, and noisy. Dropout before it rarely
# leaves nothing, and instead passes on the second largest value now and then: biased, and a different kind of noise.
# At $p = \frac{1}{2}$ the four ranks come through with probabilities $\frac12, \frac14, \frac18, \frac1{16}$. It is a
# random pooling rather than a dropout.
#
# ## 5. A network in which to try it ({points}, 25 minutes)
#
# Now build the network that the book measures with, in PyTorch. It is small enough to train in seconds:
#
# | part | layers |
# |---|---|
# | block 1 | `Conv2d` 3x3 with padding 1, from `in_channels` to `channels`; `ReLU`; `MaxPool2d(2)` |
# | block 2 | the same, from `channels` to `channels` |
# | head | `AdaptiveAvgPool2d(1)`, `Flatten`, `Linear` from `channels` to `classes` |
#
# and dropout at one of six placements:
#
# | `placement` | layer | where |
# |---|---|---|
# | `"none"` | | |
# | `"before_pool"` | `Dropout(p)` | directly before both `MaxPool2d` |
# | `"after_pool"` | `Dropout(p)` | directly after both `MaxPool2d` |
# | `"after_last_pool"` | `Dropout(p)` | directly after the second `MaxPool2d` |
# | `"channel_after_pool"` | `Dropout2d(p)` | directly after both `MaxPool2d` |
# | `"before_classifier"` | `Dropout(p)` | directly before `Linear` |
#
# All of it in one *flat* `torch.nn.Sequential`: no blocks within blocks, so that the layers can be counted off.
#
# **By hand.** How many parameters has it with 1 input channel, 16 channels and 10 classes? The convolutions have $16
# \cdot (9 + 1) = 160$ and $16 \cdot (16 \cdot 9 + 1) = 2320$, the classifier has $170$: together 2650, at every
# placement, for an image of any size.
#
# **The mistakes before you make them.** `nn.Dropout()` without $p$ has $p = 0.5$. The second convolution starts from
# `channels`, not from `in_channels`. A layer from `torch.nn` knows whether its network trains (`net.train()`) or is
# evaluated (`net.eval()`); a function that you call yourself does not.
#
# (This cell imports PyTorch. In grading, PyTorch is there for this function only.)

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

# %% [markdown]
# **Your network at work,** for a few seconds a placement: 300 handwritten digits to learn from, 1,497 to be tested
# on. Predict the order of the test accuracies before you run the cell.

# %% tags=["demo"]
import torch


def train(net, x, y, epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(epochs):
        net.train()
        for part in torch.randperm(len(x)).split(50):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(x[part]), y[part]).backward()
            optimizer.step()
        yield


@demo()
def placements():
    digits = load_digits()
    x = torch.tensor(digits.images[:, None] / 16, dtype=torch.float32)
    y = torch.tensor(digits.target)
    order = np.random.default_rng(0).permutation(len(x))
    learn, test = order[:300], order[300:]
    plt.figure(figsize=(8, 3.4))
    for placement in ("none", "before_pool", "after_pool", "after_last_pool", "channel_after_pool"):
        torch.manual_seed(0)
        net, curve = small_cnn(placement, p=0.3), []
        for _ in train(net, x[learn], y[learn], epochs=40):
            net.eval()
            with torch.no_grad():
                right = net(x).argmax(1) == y
            curve.append(right[test].float().mean().item())
        print(f"{placement:20} learned {right[learn].float().mean():.3f}, tested {curve[-1]:.3f}")
        plt.plot(curve, label=placement)
    plt.gca().set(xlabel="epoch", ylabel="test accuracy", ylim=(0.5, 1))
    plt.legend()
    plt.show()


# %% [markdown]
# One seed, one learning rate, one data set: this is a look, not a result. With another seed the order may change. The
# chapter runs many seeds and draws the error bars; what it finds depends on how long you train and how much data
# there is. What does *not* depend on that is section 4.
#
# ## 6. In your own words ({points}, 10 minutes)
#
# Two people train the same network, with dropout of $p = 0.5$ *before* each max pooling of 2x2. One of them notices
# that the maps behind the pooling are clearly larger during training than in evaluation, and suspects a bug: "Inverted
# dropout keeps the expectation!"
#
# Explain, in about 150 words, why there is no bug. Compute the factor for a window of four equal values. Say for what
# kind of window the effect is smallest, and why it would not occur with average pooling. Then propose one change to
# the network that removes it, and name something that your change makes worse.

# %% [markdown] nbgrader={"grade_id": "explain_dropout", "grade": true, "solution": true, "points": 5}
# ### BEGIN SOLUTION
# Dropout keeps the expectation of each single activation. A maximum is not linear, so the expectation of the maximum
# is not the maximum of the expectations; it is larger. With four equal values $a$ at $p = 0.5$ the pooled value is $2a$
# unless all four fall: $2a \cdot (1 - 1/16) = 1.875\,a$ in training, $a$ in evaluation, where nothing falls.
#
# The effect is smallest where one value towers over the rest: then the window is that value, kept or not, and its
# expectation is kept. (With one positive value and three zeros the bias is zero.)
#
# An average is linear: expectation and average can be exchanged, so nothing is biased; there is only more noise.
#
# Putting dropout after the pooling removes the bias. The price is noise: a whole window now falls at once with
# probability 0.5 instead of 1/16, and the standard deviation of the pooled value grows from about 0.48 a to a. (Also
# right: average pooling, which loses the strongest response; evaluating with many random masks, which costs time; no
# dropout between the blocks, only before the classifier.)
#
# *Marks: 1 for "expectation of a maximum"; 1 for 1.875; 1 for the window with one large value; 1 for the average; 1
# for a remedy with its price.*
# ### END SOLUTION

# %% [markdown]
# ## Where you stand
#
# It counts what holds on the worked examples; grading tries more.

# %%
check_all("dropout")

# %% [markdown]
# ## For the curious, without points
#
# - The bias could be divided out if it were the same for all windows. Plot `expected_max_after_dropout(window, p) /
#   window.max()` over the windows of a digit. Is there one factor?
# - For four equal values $a$, compare the variance of dropout before and after an *average* pooling: $\frac{1}{4}
#   \cdot \frac{p}{1 - p} a^2$ against $\frac{p}{1 - p} a^2$. Show it with your functions. What does that say about
#   dropout on feature maps?
# - Leave dropout on in evaluation and average the predictions of fifty passes (`net.train()`, `torch.no_grad()`). Is
#   the accuracy better than that of `net.eval()`? Are the digits on which the passes disagree hard for you, too?
