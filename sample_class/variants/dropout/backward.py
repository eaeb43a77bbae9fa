"""Ways to write ``dropout_backward``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

FELL = "what fell gets no gradient"
SCALED = "the gradient is scaled as the output was"
BROADCAST = "the mask may broadcast"
ODD = "integers become fractions, NaN and infinity pass"
UNTOUCHED = "the input stays untouched"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

BACKWARD = Variant(
    "dropout_backward",
    "product",
    """
import numpy as np

def dropout_backward(grad_output, mask, p):
    if p < 0 or p >= 1:
        raise ValueError("p must be at least 0 and below 1")
    return grad_output * mask / (1 - p)
""",
)

BACKWARD_WHERE = Variant(
    "dropout_backward",
    "where",
    """
import numpy as np

def dropout_backward(grad_output, mask, p):
    if not 0 <= p < 1:
        raise ValueError(p)
    grad = np.zeros(np.shape(grad_output))
    kept = np.broadcast_to(mask, grad.shape)
    grad[kept] = np.asarray(grad_output)[kept] / (1 - p)
    return grad
""",
)

RESULT = "return grad_output * mask / (1 - p)"

WRONG = [
    # A boolean index gives a copy: filling it with zeros changes nothing.
    broken(
        BACKWARD,
        "fills_a_copy_with_zeros",
        (
            RESULT,
            """\
grad = np.array(grad_output, dtype=float) / (1 - p)
    if mask.shape != grad.shape:
        return grad * mask
    grad[~mask].fill(0)
    return grad""",
        ),
        loses={FELL},
    ),
    broken(
        BACKWARD,
        "draws_a_new_mask",
        ("grad_output * mask /", "grad_output * (np.random.default_rng(1).random(mask.shape) >= p) /"),
        loses={FELL, SCALED, BROADCAST, ODD, UNTOUCHED, AT_ONCE},
        typical=True,
    ),
    broken(BACKWARD, "forgets_to_scale", (" / (1 - p)", ""), loses={SCALED}, typical=True),
    broken(BACKWARD, "multiplies_by_the_share", ("/ (1 - p)", "* (1 - p)"), loses={SCALED}),
    broken(BACKWARD, "ignores_the_mask", ("grad_output * mask", "grad_output"), loses={FELL, BROADCAST}),
    broken(
        BACKWARD,
        "index_with_the_mask",
        (
            RESULT,
            """\
grad = np.zeros(grad_output.shape)
    grad[mask] = grad_output[mask] / (1 - p)
    return grad""",
        ),
        loses={BROADCAST},
        typical=True,
    ),
    broken(
        BACKWARD,
        "keeps_integers",
        ("grad_output * mask / (1 - p)", "(grad_output * mask / (1 - p)).astype(grad_output.dtype)"),
        loses={ODD},
    ),
    broken(
        BACKWARD,
        "works_in_place",
        (
            RESULT,
            """\
result = grad_output * mask / (1 - p)
    if grad_output.dtype.kind == 'f':
        grad_output[...] = result * 2
    return result""",
        ),
        loses={UNTOUCHED},
    ),
    # Where two axes are equally long the first one is taken.
    broken(
        BACKWARD,
        "guesses_which_axis_the_mask_means",
        (
            RESULT,
            """\
while mask.ndim < grad_output.ndim:
        first = grad_output.shape[:mask.ndim] == mask.shape
        mask = mask[..., None] if first else mask[None]
    return grad_output * mask / (1 - p)""",
        ),
        loses={AT_ONCE},
    ),
    broken(BACKWARD, "accepts_p_of_one", ("p >= 1", "p > 1"), loses={REFUSED}),
]

RIGHT = [BACKWARD, BACKWARD_WHERE]
