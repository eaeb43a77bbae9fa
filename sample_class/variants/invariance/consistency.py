"""Ways to write ``shift_consistency``, right and wrong."""

from sample_class.variants.invariance.names import ALL, INTEGERS, REFUSED, UNTOUCHED
from sample_class.variants.variant import Variant, broken

WINNER = "rows whose winner stays are counted"

CONSISTENCY = Variant(
    "shift_consistency",
    "argmax",
    """
import numpy as np

def shift_consistency(logits, shifted_logits):
    if np.ndim(logits) != 2:
        raise ValueError("logits must be (N, classes)")
    if np.ndim(shifted_logits) != 2:
        raise ValueError("shifted_logits must be (N, classes)")
    a = logits.argmax(axis=1)
    b = shifted_logits.argmax(axis=1)
    return (a == b).mean()
""",
)

CONSISTENCY_LOOP = Variant(
    "shift_consistency",
    "loops",
    """
def shift_consistency(logits, shifted_logits):
    for name, array in [("logits", logits), ("shifted_logits", shifted_logits)]:
        if len(array.shape) != 2:
            raise ValueError(f"{name} has the wrong rank")
    def winner(row):
        best = 0
        for i in range(1, len(row)):
            if row[best] == row[best] and not row[i] <= row[best]:
                best = i
        return best
    same = 0
    for one, other in zip(logits, shifted_logits):
        same += winner(one) == winner(other)
    return same / len(logits)
""",
)


WRONG = [
    broken(
        CONSISTENCY,
        "compares_values",
        ("(a == b).mean()", "np.isclose(logits, shifted_logits).all(axis=1).mean()"),
        loses={
            WINNER,
            "the result is a share, a float",
            "the first maximum wins a tie",
            INTEGERS,
            UNTOUCHED,
            REFUSED,
            ALL,
        },
        typical=True,
    ),
    broken(
        CONSISTENCY,
        "over_the_images",
        ("axis=1", "axis=0"),
        loses={
            WINNER,
            "the result is a share, a float",
            INTEGERS,
            "the first maximum wins a tie",
            UNTOUCHED,
            REFUSED,
            ALL,
        },
    ),
    broken(CONSISTENCY, "counts", ("(a == b).mean()", "int((a == b).sum())"), loses={"the result is a share, a float"}),
    broken(
        CONSISTENCY,
        "last_maximum",
        (
            "a = logits.argmax(axis=1)\n    b = shifted_logits.argmax(axis=1)",
            "a, b = (z.shape[1] - 1 - z[:, ::-1].argmax(axis=1) for z in (logits, shifted_logits))",
        ),
        loses={"the first maximum wins a tie"},
    ),
    broken(
        CONSISTENCY,
        "sorted_by_value",
        ("a = logits.argmax(axis=1)", 'a = logits.argsort(axis=1, kind="stable")[:, -1]'),
        ("b = shifted_logits.argmax(axis=1)", 'b = shifted_logits.argsort(axis=1, kind="stable")[:, -1]'),
        loses={"the first maximum wins a tie"},
        typical=True,
    ),
    broken(
        CONSISTENCY,
        "in_the_order_of_the_memory",
        ("a = logits", 'a = logits.ravel("K").reshape(logits.shape)'),
        loses={ALL},
    ),
    broken(
        CONSISTENCY,
        "smallest_of_the_negatives",
        ("a = logits.argmax", "a = (-logits).argmin"),
        ("b = shifted_logits.argmax", "b = (-shifted_logits).argmin"),
        loses={INTEGERS},
    ),
    broken(
        CONSISTENCY,
        "looks_at_three_classes",
        ("a = logits", "a = logits[:, :3]"),
        ("b = shifted_logits", "b = shifted_logits[:, :3]"),
        loses={WINNER},
    ),
    broken(
        CONSISTENCY,
        "sorts_in_place",
        ("return (a == b).mean()", "logits.sort(axis=1)\n    return (a == b).mean()"),
        loses={UNTOUCHED},
    ),
    broken(CONSISTENCY, "takes_any_rank", ("np.ndim(shifted_logits) != 2", "False"), loses={REFUSED}),
]
RIGHT = [CONSISTENCY, CONSISTENCY_LOOP]
