"""Ways to write ``dropout2d``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

WHOLE = "whole channels fall"
AGREE = "output and mask agree"
SCALED = "what is kept is scaled"
RATE = "p is the share that falls"
OWN = "every channel of every image falls on its own"
CHANCE = "chance comes from rng alone"
EVALUATION = "evaluation returns the input"
BOOLEAN = "the mask is boolean"
FRACTIONS = "integers become fractions"
UNTOUCHED = "the input stays untouched"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

DROPOUT2D = Variant(
    "dropout2d",
    "product",
    """
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
""",
)

DROPOUT2D_BINOMIAL = Variant(
    "dropout2d",
    "binomial",
    """
import numpy as np

def dropout2d(x, p, rng, training=True):
    if not 0 <= p < 1:
        raise ValueError("p")
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"x has {x.ndim} axes, not 4")
    mask = np.ones(x.shape[:2] + (1, 1)) if not training else rng.binomial(1, 1 - p, x.shape[:2] + (1, 1))
    return x * mask / (1 - p if training else 1.0), mask.astype(bool)
""",
)

DROPOUT2D_LOOP = Variant(
    "dropout2d",
    "loop",
    """
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
""",
)

WRONG = [
    broken(
        DROPOUT2D,
        "drops_single_cells",
        ("rng.random((n, c, 1, 1))", "rng.random(x.shape)"),
        loses={WHOLE},
        typical=True,
    ),
    broken(
        DROPOUT2D,
        "drops_the_same_channels_everywhere",
        ("rng.random((n, c, 1, 1)) >= p", "np.repeat(rng.random((1, c, 1, 1)) >= p, n, axis=0)"),
        loses={OWN},
        typical=True,
    ),
    broken(
        DROPOUT2D,
        "flat_mask",
        ("return out, mask", "return out, mask.repeat(h, axis=2).repeat(w, axis=3)"),
        loses={WHOLE},
    ),
    broken(DROPOUT2D, "keeps_with_probability_p", (">= p", "<= p"), loses={RATE}),
    broken(DROPOUT2D, "forgets_to_scale", ("mask / (1 - p)", "mask"), loses={SCALED}),
    broken(DROPOUT2D, "ignores_training", ("if not training", "if False"), loses={EVALUATION}),
    broken(DROPOUT2D, "returns_what_is_dropped", ("return out, mask", "return out, ~mask"), loses={AGREE}),
    broken(
        DROPOUT2D,
        "reads_the_mask_off_the_output",
        ("return out, mask", "return out, (out != 0).any(axis=(2, 3), keepdims=True)"),
        loses={AGREE},
    ),
    broken(DROPOUT2D, "mask_of_numbers", (">= p\n", ">= p\n    mask = mask * 1.0\n"), loses={BOOLEAN}),
    broken(
        DROPOUT2D,
        "uses_the_global_generator",
        ("rng.random((n, c, 1, 1))", "np.random.rand(n, c, 1, 1)"),
        loses={CHANCE},
    ),
    broken(
        DROPOUT2D,
        "keeps_integers",
        ("out = x * mask / (1 - p)", "out = np.zeros_like(x)\n    out[:] = x * mask / (1 - p)"),
        loses={FRACTIONS},
    ),
    broken(DROPOUT2D, "drops_in_place", ("    out = x", "    x *= mask\n    out = x"), loses={UNTOUCHED}),
    broken(
        DROPOUT2D,
        "gives_every_cell_a_mask_in_evaluation",
        ("np.ones((n, c, 1, 1), dtype=bool)", "np.ones(x.shape, dtype=bool)"),
        loses={AT_ONCE},
    ),
    broken(
        DROPOUT2D,
        "takes_three_axes",
        ("np.ndim(x) != 4", "np.ndim(x) < 3"),
        ("n, c, h, w = x.shape", "x = x if x.ndim == 4 else x[None]\n    n, c, h, w = x.shape"),
        loses={REFUSED},
    ),
]

RIGHT = [DROPOUT2D, DROPOUT2D_BINOMIAL, DROPOUT2D_LOOP]
