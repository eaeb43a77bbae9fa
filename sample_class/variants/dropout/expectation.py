"""Ways to write ``expected_max_after_dropout``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

SINGLE = "one value keeps its expectation"
RANKS = "each value counts when all larger ones fell"
TIES = "equal values stand in for each other"
ANYWHERE = "the largest value may stand anywhere"
SHAPE = "a window has any shape"
LIMITS = "zeros and p = 0 are no exceptions"
UNTOUCHED = "the input stays untouched"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

EXPECTED = Variant(
    "expected_max_after_dropout",
    "ranks",
    """
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
""",
)

# The distribution function instead of ranks: P(max <= v) is a product over the values above v.
EXPECTED_TAIL = Variant(
    "expected_max_after_dropout",
    "tail",
    """
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
""",
)

# Horner's rule from the smallest value up.
EXPECTED_HORNER = Variant(
    "expected_max_after_dropout",
    "horner",
    """
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
""",
)

EXPECTED_MASKS = broken(
    EXPECTED,
    "enumerates_masks",
    (
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
    loses=set(),
)

SORTED = "values = sorted(values, reverse=True)"
NO_COPY = (
    "values = np.array(window, dtype=float).ravel()",
    "values = np.asarray(window, dtype=float).reshape(-1)",
)

WRONG = [
    broken(EXPECTED, "forgets_the_scaling", ("value / (1 - p) * (1 - p)", "value * (1 - p)"), loses={SINGLE}),
    broken(
        EXPECTED,
        "only_the_maximum",
        ("    return total", "    return values[0]"),
        loses={RANKS, TIES, ANYWHERE, SHAPE, LIMITS, UNTOUCHED, REFUSED, AT_ONCE},
    ),
    # A wrong formula is wrong for every window of several values. A table that grows too late is wrong once.
    broken(
        EXPECTED,
        "lengthens_its_table_afterwards",
        ("def expected", "RANKS = [0]\n\ndef expected"),
        ("for rank, value in enumerate(values):", "for rank, value in zip(RANKS, values):"),
        (
            "    return total",
            """\
    if len(values) > len(RANKS):
        RANKS.extend(range(len(RANKS), 100))
    return total""",
        ),
        loses={RANKS},
    ),
    broken(
        EXPECTED,
        "merges_equal_values",
        (SORTED, "values = sorted(set(values), reverse=True)"),
        loses={TIES},
        typical=True,
    ),
    broken(EXPECTED, "takes_the_order_as_it_comes", (SORTED, "values = list(values)"), loses={ANYWHERE}, typical=True),
    broken(
        EXPECTED,
        "sorts_every_row_for_itself",
        (SORTED, "values = np.sort(np.array(window, dtype=float))[..., ::-1].ravel()"),
        loses={SHAPE},
        typical=True,
    ),
    # Minus one is 255 in bytes, and minus zero is the smallest of them.
    broken(
        EXPECTED,
        "sorts_by_the_negative",
        (SORTED, "values = values[np.argsort(-np.ravel(window))]"),
        loses={AT_ONCE},
    ),
    broken(EXPECTED, "wants_one_axis", (".ravel()", ""), ("sorted(values", "sorted(list(values)"), loses={SHAPE}),
    broken(
        EXPECTED,
        "divides_by_the_total",
        ("    return total", "    return total / sum(values) * sum(values)"),
        loses={LIMITS},
    ),
    broken(EXPECTED, "sorts_backwards_in_place", NO_COPY, (SORTED, "values[::-1].sort()"), loses={UNTOUCHED}),
    broken(
        EXPECTED,
        "sorts_the_window_in_place",
        NO_COPY,
        (SORTED, "values.sort()\n    values = values[::-1]"),
        loses={UNTOUCHED},
        typical=True,
    ),
    broken(EXPECTED, "takes_negative_values", ("(values < 0).any()", "False"), loses={REFUSED}),
]

RIGHT = [EXPECTED, EXPECTED_TAIL, EXPECTED_HORNER, EXPECTED_MASKS]
