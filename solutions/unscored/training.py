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
# # A network of your own layers, trained
#
# You have written a convolution, pools, dropout and their backward passes. Here they become a network that learns to
# read digits. Nothing in this notebook is scored or handed in; the checks are `assert` lines that you can read.
#
# Plan 60 minutes. The training itself takes about half a minute, in the browser a few. You need eight functions from
# the other notebooks. The next cells fetch them.

# %%
import json
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

# %% [markdown]
# ## 1. Your layers
#
# The cell below looks for the other notebooks, beside this one or in the folder next to it, and runs the cells in
# which you wrote these functions. What it cannot find, or what is not written yet, it names. Then go and write it, save
# that notebook, and run the cell again. Where the notebooks cannot be found, copy your functions into a cell above. If
# you wrote them in the pages of the book, *Download my notebook* there first.

# %%
LAYERS = {
    "convolution": ["conv2d", "conv2d_backward"],
    "pooling": ["max_pool2d", "max_pool2d_backward"],
    "global_pooling": ["global_avg_pool2d", "global_avg_pool2d_backward"],
    "dropout": ["dropout", "dropout_backward"],
}


def written(notebook, name):
    """Return a function as another notebook has it, or None."""
    for path in (
        Path(f"{notebook}.ipynb"),
        Path("..", notebook, f"{notebook}.ipynb"),
    ):
        if path.is_file():
            for cell in json.loads(path.read_text("utf-8"))["cells"]:
                code = "".join(cell["source"])
                mark = cell["metadata"].get("nbgrader", {})
                if (
                    mark.get("grade_id") == name
                    and "NotImplementedError" not in code
                ):
                    found = {}
                    try:
                        exec(code, found)
                    except SyntaxError as problem:
                        text = f"{path}, the cell of {name}: {problem}"
                        raise SyntaxError(f"{text}; no % or ! there") from None
                    return found.get(name)
    return None


missing = []
for notebook, names in LAYERS.items():
    for name in names:
        # the file first: what you have mended there counts
        function = written(notebook, name) or globals().get(name)
        if function:
            globals()[name] = function
        else:
            missing.append(f"{name} (in {notebook}.ipynb)")
if missing:
    raise NameError(f"not written yet, or not found: {', '.join(missing)}")

# %% [markdown]
# The digits have 8x8 pixels. Each is put into the middle of a canvas of 16x16, so that it can be moved later without
# being cut off. Pixels go from 0 to 4. 1,397 digits are for training; the network does not see the other 400 until it
# is tested.

# %%
SIDE, EDGE = 16, 4
digits = load_digits()
order = np.random.default_rng(0).permutation(len(digits.images))
train, test = order[:1397], order[1397:]


def on_canvas(images, right=0):
    """Put digits on a canvas, `right` of its middle -> `(N, 1, 16, 16)`."""
    canvas = np.zeros((len(images), 1, SIDE, SIDE))
    canvas[:, 0, EDGE : EDGE + 8, EDGE + right : EDGE + right + 8] = (
        images / 4
    )
    return canvas


x_train, y_train = on_canvas(digits.images[train]), digits.target[train]
x_test, y_test = on_canvas(digits.images[test]), digits.target[test]

# %% [markdown]
# ## 2. The loss
#
# The network ends in ten logits $z$. Their softmax gives ten shares, $p_k = e^{z_k} / \sum_j e^{z_j}$, and the loss is
# $-\ln p_y$ for the right class $y$, averaged over the samples. Subtract the largest logit of each sample first: the
# shares stay as they are, and no exponential can overflow.
#
# The gradient by a logit is short. Work it out with pencil and paper for two classes: it is $p_k - 1$ for the right
# class and $p_k$ for every other one, divided by the number of samples.


# %%
def softmax_cross_entropy(logits, labels):
    """Return the mean loss of `logits (N, K)`, and its gradient `(N, K)`.

    `labels (N,)` holds the right classes as whole numbers.
    """
    ### BEGIN SOLUTION
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    samples = np.arange(len(labels))
    loss = -np.log(shares[samples, labels]).mean()
    gradient = shares.copy()
    gradient[samples, labels] -= 1
    return loss, gradient / len(labels)
    ### END SOLUTION


# %%
logits, labels = np.array([[0.0, 0.0], [1000.0, 0.0]]), np.array([0, 0])
loss, gradient = softmax_cross_entropy(logits, labels)
assert np.isclose(loss, np.log(2) / 2)
assert np.allclose(gradient, [[-0.25, 0.25], [0, 0]])

# %% [markdown]
# ## 3. Forward and backward
#
# The network: convolution, rectifier, max pool, convolution, rectifier, global average, dropout, dense. The forward
# pass is given. It also returns what the backward pass will need.


# %%
def new_parameters(seed=0, first=8, second=16):
    """Return random weights, and biases of zero."""
    rng = np.random.default_rng(seed)

    def drawn(*shape):  # the more numbers an output adds up, the smaller
        return rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape)

    return {
        "filters1": drawn(first, 1, 3, 3),
        "bias1": np.zeros(first),
        "filters2": drawn(second, first, 3, 3),
        "bias2": np.zeros(second),
        "dense": drawn(10, second),
        "bias": np.zeros(10),
    }


def forward(parameters, x, p=0.0, rng=None):
    """Return the logits `(N, 10)`, and all that `backward` needs.

    Dropout is at work only with an `rng`.
    """
    sums1 = conv2d(x, parameters["filters1"], parameters["bias1"], padding=1)
    maps1 = np.maximum(sums1, 0)
    pooled = max_pool2d(maps1, 2)
    sums2 = conv2d(
        pooled, parameters["filters2"], parameters["bias2"], padding=1
    )
    maps2 = np.maximum(sums2, 0)
    averages = global_avg_pool2d(maps2)
    p = 0.0 if rng is None else p
    kept, mask = dropout(averages, p, rng, training=rng is not None)
    logits = kept @ parameters["dense"].T + parameters["bias"]
    return logits, (x, sums1, maps1, pooled, sums2, maps2, kept, mask, p)


# %% [markdown]
# The backward pass goes through the same layers from the last to the first. At each it holds the gradient of the loss
# by what the layer gave, and turns it into the gradient by what the layer got. A layer with weights leaves the gradient
# by its weights behind on the way.
#
# - Dense, $z = a W^T + b$: the gradient by $W$ is $g^T a$, by $b$ the sum of $g$ over the samples, by $a$ it is $g W$.
# - Rectifier: where the sum was positive the gradient goes through, elsewhere nothing does.
# - All other layers: call your own functions.


# %%
def backward(parameters, gradient, remembered):
    """Return the gradients by all parameters, given that by the logits."""
    x, sums1, maps1, pooled, sums2, maps2, kept, mask, p = remembered
    by = {}
    ### BEGIN SOLUTION
    by["dense"], by["bias"] = gradient.T @ kept, gradient.sum(axis=0)
    gradient = dropout_backward(gradient @ parameters["dense"], mask, p)
    gradient = global_avg_pool2d_backward(gradient, maps2.shape) * (sums2 > 0)
    gradient, by["filters2"], by["bias2"] = conv2d_backward(
        gradient, pooled, parameters["filters2"], padding=1
    )
    gradient = max_pool2d_backward(gradient, maps1, 2) * (sums1 > 0)
    _, by["filters1"], by["bias1"] = conv2d_backward(
        gradient, x, parameters["filters1"], padding=1
    )
    return by
    ### END SOLUTION


# %% [markdown]
# ## 4. Check the gradients before you trust them
#
# A network with a wrong gradient often learns a little all the same; so look before you train. The next cell moves some
# numbers of every parameter up and down by a small $h$, runs the forward pass each time, and compares. The two runs
# have to drop the same numbers: that is why both get a generator with the same seed.


# %%
def difference(parameters, name, index, x, labels, h=1e-6):
    """Measure how steeply the loss changes with one number of a parameter."""
    losses = []
    for sign in (1, -1):
        moved = {key: value.copy() for key, value in parameters.items()}
        moved[name][index] += sign * h
        logits, _ = forward(moved, x, 0.25, np.random.default_rng(5))
        losses.append(softmax_cross_entropy(logits, labels)[0])
    return (losses[0] - losses[1]) / (2 * h)


small = new_parameters(seed=1, first=2, second=3)
for bias in ("bias1", "bias2"):
    small[bias] += 0.1
logits, remembered = forward(
    small, x_train[:4], 0.25, np.random.default_rng(5)
)
claimed = backward(
    small, softmax_cross_entropy(logits, y_train[:4])[1], remembered
)
rng = np.random.default_rng(2)
for name, value in small.items():
    assert claimed[name].shape == value.shape, name
    for index in rng.permutation(list(np.ndindex(*value.shape)))[:6]:
        measured = difference(
            small, name, tuple(index), x_train[:4], y_train[:4]
        )
        told = claimed[name][tuple(index)]
        assert np.isclose(told, measured, rtol=1e-4, atol=1e-7), (name, index)
print("all gradients agree")

# %% [markdown]
# ## 5. One step
#
# Training goes downhill with some momentum: the velocity of every parameter is nine tenths of what it was, less the
# rate times the gradient; then the parameter moves by its velocity.


# %%
def step(parameters, velocities, gradients, rate, momentum=0.9):
    """Change `velocities` and `parameters` in place by one step."""
    ### BEGIN SOLUTION
    for name, gradient in gradients.items():
        velocities[name] *= momentum
        velocities[name] -= rate * gradient
        parameters[name] += velocities[name]
    ### END SOLUTION


# %%
place, speed = {"w": np.array([1.0])}, {"w": np.array([0.5])}
step(place, speed, {"w": np.array([2.0])}, rate=0.1)
assert np.isclose(speed["w"][0], 0.25)
assert np.isclose(place["w"][0], 1.25)

# %% [markdown]
# ## 6. Ten images first
#
# Before you train on a thousand digits, train on ten, without dropout. A network that is put together rightly learns
# ten images by heart: the loss goes to almost nothing. If it does not, look for the mistake here, where a run takes a
# second. Predict: about how large is the loss at the very beginning, when the network knows nothing of ten classes?

# %%
parameters = new_parameters()
velocities = {
    name: np.zeros_like(value) for name, value in parameters.items()
}
losses = []
for _ in range(200):
    logits, remembered = forward(parameters, x_train[:10])
    loss, gradient = softmax_cross_entropy(logits, y_train[:10])
    step(
        parameters,
        velocities,
        backward(parameters, gradient, remembered),
        rate=0.1,
    )
    losses.append(loss)
print(f"the logarithm of ten is {np.log(10):.2f}")
print(f"loss at first {losses[0]:.2f}, at the end {losses[-1]:.4f}")
assert losses[-1] < 0.1

# %% [markdown]
# ## 7. All of them
#
# Now in batches of 32, with dropout, and with a rate that falls to nothing. After the first lines it may look as if the
# network learned nothing. Be patient: it takes some epochs until the filters have found something.
#
# If one step of yours takes long, because a function of yours loops over many windows, take fewer `EPOCHS`.

# %%
EPOCHS, BATCH, RATE, DROP = 12, 32, 0.2, 0.1


def accuracy(parameters, x, labels):
    """Return the share of right answers."""
    return (forward(parameters, x)[0].argmax(axis=1) == labels).mean()


parameters = new_parameters()
velocities = {
    name: np.zeros_like(value) for name, value in parameters.items()
}
rng, begun = np.random.default_rng(2), time.perf_counter()
for epoch in range(EPOCHS):
    shuffled, losses = rng.permutation(len(x_train)), []
    rate = RATE * (1 + np.cos(np.pi * epoch / EPOCHS)) / 2
    for start in range(0, len(shuffled), BATCH):
        batch = shuffled[start : start + BATCH]
        logits, remembered = forward(parameters, x_train[batch], DROP, rng)
        loss, gradient = softmax_cross_entropy(logits, y_train[batch])
        step(
            parameters,
            velocities,
            backward(parameters, gradient, remembered),
            rate,
        )
        losses.append(loss)
    right = accuracy(parameters, x_test, y_test)
    passed = time.perf_counter() - begun
    print(f"epoch {epoch + 1:2}: loss {np.mean(losses):.2f}, ", end="")
    print(f"{right:.0%} of the test digits, {passed:.0f} s")

# %% [markdown]
# About nine in ten of the digits that it has never seen, with 1,418 weights and biases and nothing but your own code.
#
# ## 8. The saw-tooth
#
# The network was trained on digits in the middle, and only there. It ends in a global average, which forgets every
# position. Is it indifferent to where the digit stands? Predict the curve before you run the cell: how does the share
# of right answers change when all test digits move to the right by 0, 1, 2, 3 and 4 pixels, and to the left?

# %%
shifts = range(-EDGE, EDGE + 1)
shares = []
for right in shifts:
    moved = on_canvas(digits.images[test], right)
    shares.append(accuracy(parameters, moved, y_test))
plt.plot(shifts, shares, marker="o")
plt.xlabel("pixels to the right")
plt.ylabel("share of right answers")
plt.ylim(0, 1)
plt.show()

# %% [markdown]
# Even shifts give what the middle gives, odd shifts give less: the pool has a stride of 2. After a move by two pixels
# its windows hold the same cells as before, one window further on. After a move by one they hold other cells, which the
# network has never met. The chapter *Invariance* takes this apart.
#
# **Go on by yourself.** What becomes of the saw-tooth
#
# - when you train on digits that are moved at random by 0 or 1 pixel? Change `x_train[batch]`.
# - when your `max_blur_pool2d` from *Invariance* takes the pool's place while testing? That needs no backward pass.
# - when a second pool follows the second convolution? Predict how many teeth there are then.
