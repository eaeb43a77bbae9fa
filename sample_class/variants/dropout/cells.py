"""Ways to write ``dropout``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

AGREE = "output and mask agree"
SCALED = "what is kept is scaled"
RATE = "p is the share that falls"
OWN = "every cell falls on its own"
CHANCE = "chance comes from rng alone"
EVALUATION = "evaluation returns the input"
BOOLEAN = "the mask is boolean, in the shape of x"
AXES = "x may have any number of axes"
FRACTIONS = "integers become fractions"
UNTOUCHED = "the input stays untouched"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

DROPOUT = Variant(
    "dropout",
    "product",
    """
import numpy as np

def dropout(x, p, rng, training=True):
    if p < 0 or p >= 1:
        raise ValueError("p must be at least 0 and below 1")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    out = x * mask / (1 - p)
    return out, mask
""",
)

DROPOUT_CHOICE = Variant(
    "dropout",
    "choice",
    """
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
""",
)

DROPOUT_LOOP = Variant(
    "dropout",
    "loop",
    """
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
""",
)

OUTPUT = "    out = x * mask / (1 - p)\n"

WRONG = [
    broken(DROPOUT, "keeps_with_probability_p", (">= p", "< p"), loses={RATE}, typical=True),
    broken(DROPOUT, "forgets_to_scale", ("mask / (1 - p)", "mask"), loses={SCALED}),
    broken(DROPOUT, "scales_by_p", ("mask / (1 - p)", "mask / max(p, 0.01)"), loses={SCALED}),
    broken(DROPOUT, "scales_in_evaluation", ("return x, np", "return x * (1 - p), np"), loses={EVALUATION}),
    broken(DROPOUT, "ignores_training", ("if not training", "if False"), loses={EVALUATION}),
    broken(
        DROPOUT,
        "shares_the_mask",
        (
            "rng.random(x.shape) >= p",
            "np.broadcast_to(rng.random(x.shape[1:] if x.ndim > 1 else x.shape) >= p, x.shape)",
        ),
        loses={OWN},
        typical=True,
    ),
    broken(
        DROPOUT,
        "drops_an_exact_share",
        ("rng.random(x.shape) >= p", "rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)"),
        loses={OWN},
    ),
    broken(
        DROPOUT, "draws_twice", ("out = x * mask", "out = x * (rng.random(x.shape) >= p)"), loses={AGREE}, typical=True
    ),
    broken(DROPOUT, "returns_what_is_dropped", ("return out, mask", "return out, ~mask"), loses={AGREE}),
    # Where x is zero the output does not tell what was kept.
    broken(
        DROPOUT,
        "reads_the_mask_off_the_output",
        ("return out, mask", "return out, np.asarray(out != 0)"),
        loses={AGREE},
    ),
    broken(
        DROPOUT,
        "uses_the_global_generator",
        ("rng.random(x.shape)", "np.random.rand(*x.shape)"),
        loses={CHANCE},
        typical=True,
    ),
    broken(
        DROPOUT,
        "seeds_its_own_generator",
        ("    mask = rng", "    rng = np.random.default_rng(0)\n    mask = rng"),
        loses={CHANCE, OWN},
        typical=True,
    ),
    broken(
        DROPOUT,
        "returns_a_scaled_mask",
        (OUTPUT, "    mask = mask / (1 - p)\n    out = x * mask\n"),
        loses={BOOLEAN},
    ),
    broken(
        DROPOUT,
        "expects_four_axes",
        ("rng.random(x.shape)", "rng.random((x.shape[0], x.shape[1], x.shape[2], x.shape[3]))"),
        loses={AXES},
    ),
    broken(
        DROPOUT,
        "keeps_integers",
        ("x * mask / (1 - p)", "(x * mask / (1 - p)).astype(x.dtype)"),
        loses={FRACTIONS},
    ),
    broken(DROPOUT, "drops_in_place", (OUTPUT, "    x[~mask] = 0\n    out = x / (1 - p)\n"), loses={UNTOUCHED}),
    broken(
        DROPOUT,
        "draws_for_every_sample_of_images_only",
        ("rng.random(x.shape)", "rng.random(x.shape if x.ndim in (1, 4) else (1, *x.shape[1:]))"),
        loses={AT_ONCE},
    ),
    broken(DROPOUT, "accepts_p_of_one", ("p >= 1", "p > 1"), loses={REFUSED}),
]

RIGHT = [DROPOUT, DROPOUT_CHOICE, DROPOUT_LOOP]
