"""Ways to write the functions of the dropout assignment, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant

REFUSED = "bad arguments are refused"
AGREE = "output and mask agree"
SCALED = "what is kept is scaled"
RATE = "p is the share that falls"
CELLS = "every cell falls on its own"
CHANNELS = "every channel of every image falls on its own"
CHANCE = "chance comes from rng alone"
EVALUATION = "evaluation returns the input"
WHOLE = "whole channels fall"
FRACTIONS = "integers become fractions"
UNTOUCHED = "the input stays untouched"


def changed(source: str, old: str, new: str) -> str:
    """Replace a text that is there."""
    assert old in source, old
    return source.replace(old, new)


DROPOUT = """
import numpy as np

def dropout(x, p, rng, training=True):
    if p < 0 or p >= 1:
        raise ValueError("p must be at least 0 and below 1")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    out = x * mask / (1 - p)
    return out, mask
"""

DROPOUT_CHOICE = """
import numpy as np

def dropout(x, p, rng, training=True):
    if not (0 <= p < 1):
        raise ValueError(f"{p} is no dropout probability")
    keep = 1 - p
    mask = np.full(np.shape(x), True)
    if training:
        mask = rng.choice([True, False], size=np.shape(x), p=[keep, p])
        return np.where(mask, np.divide(x, keep), 0), mask
    return np.array(x, dtype=float), mask
"""

DROPOUT_LOOP = """
import numpy as np

def dropout(x, p, rng, training=True):
    if p < 0: raise ValueError("negative p")
    if p >= 1: raise ValueError("p too large")
    out = np.array(x, dtype=float)
    mask = np.ones(out.shape, dtype=bool)
    if training:
        for index in np.ndindex(*out.shape):
            if rng.uniform() < p:
                mask[index], out[index] = False, 0.0
            else:
                out[index] /= 1 - p
    return out, mask
"""

DROPOUT2D = """
import numpy as np

def dropout2d(x, p, rng, training=True):
    if p < 0 or p >= 1:
        raise ValueError("p must be at least 0 and below 1")
    if np.ndim(x) != 4:
        raise ValueError("x must be (N, C, H, W)")
    n, c, h, w = x.shape
    if not training:
        return x, np.ones((n, c, 1, 1), dtype=bool)
    mask = rng.random((n, c, 1, 1)) >= p
    out = x * mask / (1 - p)
    return out, mask
"""

DROPOUT2D_BINOMIAL = """
import numpy as np

def dropout2d(x, p, rng, training=True):
    if not 0 <= p < 1:
        raise ValueError("p")
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"x has {x.ndim} axes, not 4")
    mask = np.ones(x.shape[:2] + (1, 1)) if not training else rng.binomial(1, 1 - p, x.shape[:2] + (1, 1))
    return x * mask / (1 - p if training else 1.0), mask.astype(bool)
"""

DROPOUT2D_LOOP = """
import numpy as np

def dropout2d(x, p, rng, training=True):
    if p < 0 or not p < 1: raise ValueError("bad p")
    if len(np.shape(x)) != 4: raise ValueError("x: four axes are needed")
    out, mask = np.zeros(x.shape), np.zeros((x.shape[0], x.shape[1], 1, 1), dtype=bool)
    for c in range(x.shape[1]):
        for n in range(x.shape[0]):
            kept = not training or rng.uniform() > p
            mask[n, c] = kept
            if kept:
                out[n, c] = x[n, c] / (1 - p) if training else x[n, c]
    return out, mask
"""

BACKWARD = """
import numpy as np

def dropout_backward(grad_output, mask, p):
    if p < 0 or p >= 1:
        raise ValueError("p must be at least 0 and below 1")
    return grad_output * mask / (1 - p)
"""

BACKWARD_WHERE = """
import numpy as np

def dropout_backward(grad_output, mask, p):
    if not 0 <= p < 1:
        raise ValueError(p)
    grad = np.zeros(np.shape(grad_output))
    kept = np.broadcast_to(mask, grad.shape)
    grad[kept] = np.asarray(grad_output)[kept] / (1 - p)
    return grad
"""

EXPECTED = """
import numpy as np

def expected_max_after_dropout(window, p):
    if p < 0 or p >= 1:
        raise ValueError("p must be at least 0 and below 1")
    values = np.array(window, dtype=float).ravel()
    if (values < 0).any():
        raise ValueError("window has negative values")
    values = sorted(values, reverse=True)
    total = 0.0
    for rank, value in enumerate(values):
        total += value / (1 - p) * (1 - p) * p ** rank
    return total
"""

# The distribution function instead of ranks: P(max <= v) is a product over the values above v.
EXPECTED_TAIL = """
import numpy as np

def expected_max_after_dropout(window, p):
    if not 0 <= p < 1:
        raise ValueError("p")
    values, counts = np.unique(np.asarray(window, dtype=float), return_counts=True)
    if values[0] < 0:
        raise ValueError("negative")
    above = counts[::-1].cumsum()[::-1]
    steps = np.diff(np.concatenate([[0.0], values]))
    return np.sum(steps * (1 - p ** above)) / (1 - p)
"""

# Horner's rule from the smallest value up.
EXPECTED_HORNER = """
def expected_max_after_dropout(window, p):
    import numpy as np
    if p >= 1 or p < 0:
        raise ValueError("p is a probability below 1")
    flat = [float(v) for v in np.ravel(window)]
    if min(flat) < 0:
        raise ValueError("activations below zero")
    best = 0.0
    for value in sorted(flat):
        best = value * (1 - p) + p * best
    return best / (1 - p)
"""

CNN = """
from torch import nn

def small_cnn(placement, p=0.5, in_channels=1, channels=16, classes=10):
    names = ["none", "before_pool", "after_pool", "after_last_pool", "channel_after_pool", "before_classifier"]
    if placement not in names:
        raise ValueError("unknown placement")
    if p < 0 or p >= 1:
        raise ValueError("p")
    if in_channels < 1 or channels < 1 or classes < 1:
        raise ValueError("a number below 1")
    layers = []
    for block in (1, 2):
        layers.append(nn.Conv2d(in_channels if block == 1 else channels, channels, kernel_size=3, padding=1))
        layers.append(nn.ReLU())
        if placement == "before_pool":
            layers.append(nn.Dropout(p))
        layers.append(nn.MaxPool2d(2))
        if placement == "after_pool":
            layers.append(nn.Dropout(p))
        if placement == "after_last_pool" and block == 2:
            layers.append(nn.Dropout(p))
        if placement == "channel_after_pool":
            layers.append(nn.Dropout2d(p))
    layers.append(nn.AdaptiveAvgPool2d(1))
    layers.append(nn.Flatten())
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
    layers.append(nn.Linear(channels, classes))
    return nn.Sequential(*layers)
"""

CNN_INSERT = '''
import torch

def small_cnn(placement, p=0.5, in_channels=1, channels=16, classes=10):
    """Build the plain net, then insert from the back."""
    if not 0 <= p < 1 or min(in_channels, channels, classes) < 1:
        raise ValueError("p, in_channels, channels or classes")
    at = {"none": (), "before_pool": (5, 2), "after_pool": (6, 3), "after_last_pool": (6,),
          "channel_after_pool": (6, 3), "before_classifier": (8,)}
    if placement not in at:
        raise ValueError(f"{placement} is none of {list(at)}")
    net = [
        torch.nn.Conv2d(in_channels, channels, (3, 3), padding="same"), torch.nn.ReLU(inplace=True),
        torch.nn.MaxPool2d((2, 2)),
        torch.nn.Conv2d(channels, channels, 3, padding=(1, 1)), torch.nn.ReLU(),
        torch.nn.MaxPool2d(kernel_size=2, stride=2),
        torch.nn.AdaptiveAvgPool2d((1, 1)), torch.nn.Flatten(start_dim=1),
        torch.nn.Linear(channels, classes),
    ]
    layer = torch.nn.Dropout2d if placement.startswith("channel") else torch.nn.Dropout
    for index in at[placement]:
        net.insert(index, layer(p))
    return torch.nn.Sequential(*net)
'''


def plain(old: str, new: str) -> str:
    return changed(DROPOUT, old, new)


def channel(old: str, new: str) -> str:
    return changed(DROPOUT2D, old, new)


def backward(old: str, new: str) -> str:
    return changed(BACKWARD, old, new)


def expected(old: str, new: str) -> str:
    return changed(EXPECTED, old, new)


def cnn(old: str, new: str) -> str:
    return changed(CNN, old, new)


RANKS = "each value counts when all larger ones fell"
STRUCTURE = "two convolutions, two pools, one classifier"
SHAPE = "one logit for each class, whatever the size of the image"

WRONG = [
    Variant("dropout", "keeps_with_probability_p", plain(">= p", "< p"), {RATE}),
    Variant("dropout", "forgets_to_scale", plain("mask / (1 - p)", "mask"), {SCALED}),
    Variant("dropout", "scales_by_p", plain("mask / (1 - p)", "mask / max(p, 0.01)"), {SCALED}),
    Variant(
        "dropout",
        "scales_in_evaluation",
        plain(
            """\
    if not training:
        return x,""",
            """\
    if not training:
        return x * (1 - p),""",
        ),
        {EVALUATION},
    ),
    Variant("dropout", "ignores_training", plain("if not training", "if False"), {EVALUATION}),
    Variant(
        "dropout",
        "shares_the_mask",
        plain("rng.random(x.shape) >= p", "np.broadcast_to(rng.random(x.shape[1:]) >= p, x.shape)").replace(
            "x.shape[1:]", "x.shape[1:] if x.ndim > 1 else x.shape"
        ),
        {CELLS},
    ),
    Variant(
        "dropout",
        "drops_an_exact_share",
        plain("rng.random(x.shape) >= p", "rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)"),
        {CELLS},
    ),
    Variant("dropout", "draws_twice", plain("out = x * mask", "out = x * (rng.random(x.shape) >= p)"), {AGREE}),
    Variant("dropout", "returns_what_is_dropped", plain("return out, mask", "return out, ~mask"), {AGREE}),
    Variant("dropout", "uses_the_global_generator", plain("rng.random(x.shape)", "np.random.rand(*x.shape)"), {CHANCE}),
    Variant(
        "dropout",
        "seeds_its_own_generator",
        plain(
            "    mask = rng",
            """\
    rng = np.random.default_rng(0)
    mask = rng""",
        ),
        {CHANCE, CELLS},
    ),
    Variant(
        "dropout",
        "returns_a_scaled_mask",
        plain(
            """\
    out = x * mask / (1 - p)
""",
            """\
    mask = mask / (1 - p)
    out = x * mask
""",
        ),
        {"the mask is boolean, in the shape of x"},
    ),
    Variant(
        "dropout",
        "expects_four_axes",
        plain("rng.random(x.shape)", "rng.random((x.shape[0], x.shape[1], x.shape[2], x.shape[3]))"),
        {"x may have any number of axes"},
    ),
    Variant(
        "dropout", "keeps_integers", plain("x * mask / (1 - p)", "(x * mask / (1 - p)).astype(x.dtype)"), {FRACTIONS}
    ),
    Variant(
        "dropout",
        "drops_in_place",
        plain(
            """\
    out = x * mask / (1 - p)
""",
            """\
    x[~mask] = 0
    out = x / (1 - p)
""",
        ),
        {UNTOUCHED},
    ),
    Variant("dropout", "accepts_p_of_one", plain("p >= 1", "p > 1"), {REFUSED}),
    Variant("dropout2d", "drops_single_cells", channel("rng.random((n, c, 1, 1))", "rng.random(x.shape)"), {WHOLE}),
    Variant(
        "dropout2d",
        "drops_the_same_channels_everywhere",
        channel("rng.random((n, c, 1, 1)) >= p", "np.repeat(rng.random((1, c, 1, 1)) >= p, n, axis=0)"),
        {CHANNELS},
    ),
    Variant(
        "dropout2d",
        "flat_mask",
        channel("return out, mask", "return out, mask.repeat(h, axis=2).repeat(w, axis=3)"),
        {WHOLE},
    ),
    Variant("dropout2d", "keeps_with_probability_p", channel(">= p", "<= p"), {RATE}),
    Variant("dropout2d", "forgets_to_scale", channel("mask / (1 - p)", "mask"), {SCALED}),
    Variant("dropout2d", "ignores_training", channel("if not training", "if False"), {EVALUATION}),
    Variant("dropout2d", "returns_what_is_dropped", channel("return out, mask", "return out, ~mask"), {AGREE}),
    Variant(
        "dropout2d",
        "mask_of_numbers",
        channel(
            """\
>= p
""",
            """\
>= p
    mask = mask * 1.0
""",
        ),
        {"the mask is boolean"},
    ),
    Variant(
        "dropout2d",
        "uses_the_global_generator",
        channel("rng.random((n, c, 1, 1))", "np.random.rand(n, c, 1, 1)"),
        {CHANCE},
    ),
    Variant(
        "dropout2d",
        "keeps_integers",
        channel(
            "out = x * mask / (1 - p)",
            """\
out = np.zeros_like(x)
    out[:] = x * mask / (1 - p)""",
        ),
        {FRACTIONS},
    ),
    Variant(
        "dropout2d",
        "drops_in_place",
        channel(
            "    out = x",
            """\
    x *= mask
    out = x""",
        ),
        {UNTOUCHED},
    ),
    Variant(
        "dropout2d",
        "takes_three_axes",
        channel("np.ndim(x) != 4", "np.ndim(x) < 3").replace(
            "n, c, h, w = x.shape",
            """\
x = x if x.ndim == 4 else x[None]
    n, c, h, w = x.shape""",
        ),
        {REFUSED},
    ),
    Variant(
        "dropout_backward", "forgets_to_scale", backward(" / (1 - p)", ""), {"the gradient is scaled as the output was"}
    ),
    Variant(
        "dropout_backward",
        "multiplies_by_the_share",
        backward("/ (1 - p)", "* (1 - p)"),
        {"the gradient is scaled as the output was"},
    ),
    Variant(
        "dropout_backward",
        "ignores_the_mask",
        backward("grad_output * mask", "grad_output"),
        {"what fell gets no gradient", "the mask may broadcast"},
    ),
    Variant(
        "dropout_backward",
        "index_with_the_mask",
        backward(
            "return grad_output * mask / (1 - p)",
            """\
grad = np.zeros(grad_output.shape)
    grad[mask] = grad_output[mask] / (1 - p)
    return grad""",
        ),
        {"the mask may broadcast"},
    ),
    Variant(
        "dropout_backward",
        "keeps_integers",
        backward("grad_output * mask / (1 - p)", "(grad_output * mask / (1 - p)).astype(grad_output.dtype)"),
        {"integers become fractions, NaN and infinity pass"},
    ),
    Variant(
        "dropout_backward",
        "works_in_place",
        backward(
            "return grad_output * mask / (1 - p)",
            """\
result = grad_output * mask / (1 - p)
    if grad_output.dtype.kind == 'f':
        grad_output[...] = result * 2
    return result""",
        ),
        {UNTOUCHED},
    ),
    Variant("dropout_backward", "accepts_p_of_one", backward("p >= 1", "p > 1"), {REFUSED}),
    Variant(
        "expected_max_after_dropout",
        "forgets_the_scaling",
        expected("value / (1 - p) * (1 - p)", "value * (1 - p)"),
        {"one value keeps its expectation"},
    ),
    Variant(
        "expected_max_after_dropout",
        "only_the_maximum",
        expected("    return total", "    return values[0]"),
        {
            RANKS,
            "equal values stand in for each other",
            "the largest value may stand anywhere",
            "a window has any shape",
            "zeros and p = 0 are no exceptions",
            UNTOUCHED,
            REFUSED,
        },
    ),
    Variant(
        "expected_max_after_dropout",
        "merges_equal_values",
        expected("sorted(values, reverse=True)", "sorted(set(values), reverse=True)"),
        {"equal values stand in for each other"},
    ),
    Variant(
        "expected_max_after_dropout",
        "takes_the_order_as_it_comes",
        expected("values = sorted(values, reverse=True)", "values = list(values)"),
        {"the largest value may stand anywhere"},
    ),
    Variant(
        "expected_max_after_dropout",
        "wants_one_axis",
        expected(".ravel()", "").replace("sorted(values", "sorted(list(values)"),
        {"a window has any shape"},
    ),
    Variant(
        "expected_max_after_dropout",
        "divides_by_the_total",
        expected("    return total", "    return total / sum(values) * sum(values)"),
        {"zeros and p = 0 are no exceptions"},
    ),
    Variant(
        "expected_max_after_dropout",
        "sorts_in_place",
        expected(
            "values = np.array(window, dtype=float).ravel()", "values = np.asarray(window, dtype=float).reshape(-1)"
        ).replace("values = sorted(values, reverse=True)", "values[::-1].sort()"),
        set(),
    ),
    Variant(
        "expected_max_after_dropout",
        "sorts_the_window_in_place",
        expected(
            "values = np.array(window, dtype=float).ravel()", "values = np.asarray(window, dtype=float).reshape(-1)"
        ).replace(
            "values = sorted(values, reverse=True)",
            """\
values.sort()
    values = values[::-1]""",
        ),
        {UNTOUCHED},
    ),
    Variant("expected_max_after_dropout", "takes_negative_values", expected("(values < 0).any()", "False"), {REFUSED}),
    Variant(
        "small_cnn",
        "forgets_the_rectifier",
        cnn(
            """\
        layers.append(nn.ReLU())
""",
            "",
        ),
        {STRUCTURE},
    ),
    Variant("small_cnn", "convolves_without_padding", cnn(", padding=1", ""), {STRUCTURE}),
    Variant(
        "small_cnn",
        "nests_blocks",
        cnn("return nn.Sequential(*layers)", "return nn.Sequential(nn.Sequential(*layers[:-1]), layers[-1])"),
        {STRUCTURE},
    ),
    Variant(
        "small_cnn",
        "forgets_to_flatten",
        cnn(
            """\
    layers.append(nn.Flatten())
""",
            "",
        ),
        {STRUCTURE, SHAPE, "random in training, fixed in evaluation"},
    ),
    Variant(
        "small_cnn",
        "sixteen_channels_always",
        cnn("nn.Linear(channels", "nn.Linear(16").replace("else channels, channels, k", "else 16, 16, k"),
        {"channels and classes as asked"},
    ),
    Variant(
        "small_cnn",
        "drops_before_the_rectifier",
        cnn(
            """\
        layers.append(nn.ReLU())
        if placement == "before_pool":
            layers.append(nn.Dropout(p))
""",
            """\
        if placement == "before_pool":
            layers.append(nn.Dropout(p))
        layers.append(nn.ReLU())
""",
        ),
        {"dropout before pool"},
    ),
    Variant(
        "small_cnn",
        "before_the_first_pool_only",
        cnn('if placement == "before_pool"', 'if placement == "before_pool" and block == 1'),
        {"dropout before pool"},
    ),
    Variant("small_cnn", "after_every_pool", cnn(" and block == 2", ""), {"dropout after last pool"}),
    Variant(
        "small_cnn",
        "single_cells_for_channels",
        cnn("nn.Dropout2d(p)", "nn.Dropout(p)"),
        {"dropout channel after pool"},
    ),
    Variant(
        "small_cnn",
        "drops_before_flatten",
        cnn(
            """\
    layers.append(nn.Flatten())
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
""",
            """\
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
    layers.append(nn.Flatten())
""",
        ),
        {"dropout before classifier"},
    ),
    Variant(
        "small_cnn",
        "drops_logits",
        cnn(
            """\
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
    layers.append(nn.Linear(channels, classes))
""",
            """\
    layers.append(nn.Linear(channels, classes))
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
""",
        ),
        {"dropout before classifier"},
    ),
    Variant("small_cnn", "forgets_p", cnn("nn.Dropout(p)", "nn.Dropout()"), {"p reaches the layers"}),
    Variant(
        "small_cnn",
        "always_drops",
        cnn("nn.Dropout(p)", "AlwaysDropout(p)").replace(
            "def small_cnn",
            """\
class AlwaysDropout(nn.Dropout):
    def forward(self, x):
        return nn.functional.dropout(x, self.p, training=True)
AlwaysDropout.__name__ = 'Dropout'

def small_cnn""",
        ),
        {"random in training, fixed in evaluation"},
    ),
    Variant("small_cnn", "accepts_any_placement", cnn("if placement not in names", "if False"), {REFUSED}),
    Variant(
        "small_cnn",
        "checks_p_only_where_it_is_used",
        cnn("if p < 0 or p >= 1", "if placement != 'none' and (p < 0 or p >= 1)"),
        {REFUSED},
    ),
]

RIGHT = [
    Variant("dropout", "product", DROPOUT),
    Variant("dropout", "choice", DROPOUT_CHOICE),
    Variant("dropout", "loop", DROPOUT_LOOP),
    Variant("dropout2d", "product", DROPOUT2D),
    Variant("dropout2d", "binomial", DROPOUT2D_BINOMIAL),
    Variant("dropout2d", "loop", DROPOUT2D_LOOP),
    Variant("dropout_backward", "product", BACKWARD),
    Variant("dropout_backward", "where", BACKWARD_WHERE),
    Variant("expected_max_after_dropout", "ranks", EXPECTED),
    Variant("expected_max_after_dropout", "tail", EXPECTED_TAIL),
    Variant("expected_max_after_dropout", "horner", EXPECTED_HORNER),
    Variant(
        "expected_max_after_dropout",
        "enumerates_masks",
        expected(
            """\
    values = sorted(values, reverse=True)
    total = 0.0
    for rank, value in enumerate(values):
        total += value / (1 - p) * (1 - p) * p ** rank
    return total""",
            """\
    masks = np.indices((2,) * values.size).reshape(values.size, -1).T
    chance = np.where(masks, 1 - p, p).prod(axis=1)
    return (chance * (masks * values).max(axis=1)).sum() / (1 - p)""",
        ),
    ),
    Variant("small_cnn", "branches", CNN),
    Variant("small_cnn", "inserted", CNN_INSERT),
]
