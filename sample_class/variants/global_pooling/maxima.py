"""Ways to write ``global_max_pool2d``, right and wrong."""

from sample_class.variants.global_pooling.names import ALL, BAD, INTEGERS, SAMPLES, SPECIAL, UNTOUCHED
from sample_class.variants.variant import Variant, broken

BELOW_ZERO = "a map below zero has a maximum"

MAXIMUM = Variant(
    "global_max_pool2d",
    "loops",
    """
import numpy as np

def global_max_pool2d(x):
    if np.ndim(x) != 4:
        raise ValueError(f"x has {np.ndim(x)} axes")
    x = np.asarray(x)
    out = np.full(x.shape[:2], -np.inf)
    for n, c in np.ndindex(out.shape):
        best = -np.inf
        for value in x[n, c].flat:
            if value > best or np.isnan(value):
                best = value
        out[n, c] = best
    return out
""",
)

MAXIMUM_REDUCED = Variant(
    "global_max_pool2d",
    "axis_by_axis",
    """
import functools
import numpy as np

def global_max_pool2d(x):
    x = np.array(x)
    if len(x.shape) != 4:
        raise ValueError("wrong number of axes of x")
    rows = functools.reduce(np.maximum, np.moveaxis(x, 2, 0))
    return functools.reduce(np.maximum, np.moveaxis(rows, 2, 0)) + 0.0
""",
)

MAXIMUM_SORTED = Variant(
    "global_max_pool2d",
    "last_of_the_sorted",
    """
import numpy as np

def global_max_pool2d(x):
    if np.ndim(x) != 4:
        raise ValueError("x")
    return np.sort(np.reshape(x, (*x.shape[:2], -1)), axis=-1)[..., -1]
""",
)

MAXIMUM_WRONG = [
    broken(MAXIMUM, "largest_magnitude", ("x[n, c].flat", "np.abs(x[n, c]).flat"), loses={BELOW_ZERO}),
    Variant(
        "global_max_pool2d",
        "in_the_order_of_the_memory",
        MAXIMUM_SORTED.source.replace(
            "np.reshape(x, (*x.shape[:2], -1))", 'np.ravel(x, "K").reshape(*x.shape[:2], -1)'
        ),
        {ALL},
    ),
    broken(
        MAXIMUM,
        "one_cell_stays_a_map",
        ("    out = np.full", "    if x.shape[2:] == (1, 1):\n        return x\n    out = np.full"),
        loses={"the largest value of the whole map"},
    ),
    broken(
        MAXIMUM,
        "minus_infinity_into_integers",
        ("best = -np.inf", "best = x.dtype.type(-np.inf)"),
        loses={INTEGERS},
    ),
    broken(MAXIMUM, "starts_from_zero", ("best = -np.inf", "best = 0"), loses={BELOW_ZERO}, typical=True),
    broken(MAXIMUM, "starts_from_a_large_negative_number", ("best = -np.inf", "best = -1e9"), loses={BELOW_ZERO}),
    broken(MAXIMUM, "nan_never_larger", (" or np.isnan(value)", ""), loses={SPECIAL}),
    broken(MAXIMUM, "first_channel_everywhere", ("x[n, c].flat", "x[n, 0].flat"), loses={SAMPLES}),
    broken(
        MAXIMUM,
        "sorts_the_input",
        ("        best = -np.inf\n", "        best = -np.inf\n        x[n, c].sort(axis=-1)\n"),
        loses={UNTOUCHED},
    ),
    broken(
        MAXIMUM,
        "any_rank",
        (
            'if np.ndim(x) != 4:\n        raise ValueError(f"x has {np.ndim(x)} axes")',
            "x = np.reshape(x, (1,) * (4 - np.ndim(x)) + np.shape(x))",
        ),
        loses={BAD},
    ),
]
