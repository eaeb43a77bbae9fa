"""Ways to write ``output_size``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

FITS = "every position that fits counts"
STEPS = "an incomplete window does not count"
PADDED = "padding is added on both sides"
DILATED = "dilation spreads the window"
CEIL = "ceil_mode counts the incomplete window"
DROPPED = "a window that starts in the padding is dropped"
INT = "a length is an int"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

# One place for each rule, to break it; checks of the arguments come first.
FORMULAS = Variant(
    "output_size",
    "formulas",
    """
def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    for name, value in (("kernel_size", kernel_size), ("stride", stride), ("dilation", dilation), ("n", n)):
        if value < 1:
            raise ValueError(name + " too small")
    if padding < 0:
        raise ValueError("padding is negative")
    covered = dilation * (kernel_size - 1) + 1
    room = n + 2 * padding - covered
    if room < 0:
        raise ValueError("kernel_size does not fit")
    if ceil_mode:
        length = -(-room // stride) + 1
        if (length - 1) * stride >= n + padding:
            length -= 1
        return length
    return room // stride + 1
""",
)

COUNTING = Variant(
    "output_size",
    "counting",
    """
def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    arguments = dict(n=n, kernel_size=kernel_size, stride=stride, dilation=dilation, padding=padding + 1)
    for name in arguments:
        if arguments[name] < 1:
            raise ValueError(f"{name} is too small")
    end = n + 2 * padding
    count = start = 0
    while start + dilation * (kernel_size - 1) < end:
        count, start = count + 1, start + stride
    if count == 0:
        raise ValueError("the window (kernel_size) is larger than the padded input")
    reached = start - stride + dilation * (kernel_size - 1) + 1
    return count + 1 if ceil_mode and reached < end and start < n + padding else count
""",
)

MATH = Variant(
    "output_size",
    "math",
    """
import math

def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    if n < 1: raise ValueError("n")
    if kernel_size < 1: raise ValueError("kernel_size")
    if stride < 1: raise ValueError("stride")
    if padding < 0: raise ValueError("padding")
    if dilation < 1: raise ValueError("dilation")
    room = (n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride
    if room < 0: raise ValueError("kernel_size")
    if not ceil_mode:
        return math.floor(room) + 1
    out = math.ceil(room) + 1
    return out - 1 if (out - 1) * stride >= n + padding else out
""",
)

WRONG = [
    broken(
        FORMULAS,
        "odd_windows_keep_the_length",
        (
            "    if ceil_mode:",
            "    if kernel_size % 2 and stride == dilation == 1 and not padding:\n        return n\n    if ceil_mode:",
        ),
        loses={FITS},
    ),
    # Right and wrong agree wherever the last window fits: only the length of the last step differs.
    broken(FORMULAS, "rounds_the_steps", ("return room // stride", "return int(room / stride + 0.5)"), loses={STEPS}),
    broken(FORMULAS, "pads_one_side", ("2 * padding - covered", "padding - covered"), loses={PADDED}),
    broken(
        FORMULAS,
        "dilates_every_cell",
        ("dilation * (kernel_size - 1) + 1", "dilation * kernel_size"),
        loses={DILATED},
    ),
    broken(FORMULAS, "ignores_dilation", ("dilation * (kernel_size - 1) + 1", "kernel_size"), loses={DILATED}),
    broken(
        FORMULAS,
        "keeps_the_window_in_the_padding",
        (">= n + padding", ">= n + 2 * padding + stride"),
        loses={DROPPED},
    ),
    broken(FORMULAS, "forgets_the_left_padding", (">= n + padding", ">= n"), loses={CEIL}, typical=True),
    broken(FORMULAS, "ceil_is_floor_plus_one", ("-(-room // stride) + 1", "room // stride + 2"), loses={CEIL}),
    broken(FORMULAS, "ignores_ceil_mode", ("if ceil_mode", "if False"), loses={CEIL}),
    # Whatever needs one setting alone is right.
    broken(
        FORMULAS,
        "forgets_the_dilation_with_ceil",
        ("length = -(-room // stride) + 1", "length = -(-(n + 2 * padding - kernel_size) // stride) + 1"),
        loses={AT_ONCE},
    ),
    broken(FORMULAS, "is_a_float", ("return room // stride + 1", "return float(room // stride + 1)"), loses={INT}),
    broken(
        FORMULAS,
        "allows_large_windows_with_ceil",
        ("room < 0", "room < 0 and not ceil_mode"),
        loses={REFUSED},
        typical=True,
    ),
    broken(FORMULAS, "refuses_a_window_that_just_fits", ("room < 0", "room <= 0"), loses={REFUSED}),
]
RIGHT = [FORMULAS, COUNTING, MATH]
