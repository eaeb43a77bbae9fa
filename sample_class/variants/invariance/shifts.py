"""Ways to write ``shift2d``, right and wrong."""

from sample_class.variants.invariance.names import ALL, INTEGERS, REFUSED, UNTOUCHED
from sample_class.variants.variant import Variant, broken

STAYS = "a shift of zero moves nothing"
LOST = "what leaves is lost, zeros enter"

SHIFT = Variant(
    "shift2d",
    "roll_and_clear",
    """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    if np.ndim(x) < 2:
        raise ValueError("x needs two axes")
    if mode not in ("zero", "wrap"):
        raise ValueError("mode is zero or wrap")
    out = np.roll(x, (dy, dx), axis=(-2, -1))
    if mode == "zero":
        if dy > 0:
            out[..., :dy, :] = 0
        if dy < 0:
            out[..., dy:, :] = 0
        if dx > 0:
            out[..., :dx] = 0
        if dx < 0:
            out[..., dx:] = 0
    return out
""",
)

SHIFT_LOOP = Variant(
    "shift2d",
    "loops",
    """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    x = np.asarray(x, dtype=float)
    if x.ndim < 2:
        raise ValueError(f"x has {x.ndim} axes")
    height, width = x.shape[-2], x.shape[-1]
    out = np.zeros(x.shape)
    for i in range(height):
        for j in range(width):
            to_i, to_j = i + dy, j + dx
            if mode == "wrap":
                out[..., to_i % height, to_j % width] = x[..., i, j]
            elif mode == "zero":
                if 0 <= to_i < height and 0 <= to_j < width:
                    out[..., to_i, to_j] = x[..., i, j]
            else:
                raise ValueError(mode)
    return out
""",
)

# Zero times NaN is NaN: nobody judges that here.
SHIFT_MASK = Variant(
    "shift2d",
    "multiplied_by_a_mask",
    """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    if np.ndim(x) < 2:
        raise ValueError("x")
    out = np.roll(x, (dy, dx), axis=(-2, -1))
    if mode == "wrap":
        return out
    if mode != "zero":
        raise ValueError("mode")
    rows, columns = np.indices(x.shape[-2:])
    inside = (rows >= dy) & (rows < dy + x.shape[-2]) & (columns >= dx) & (columns < dx + x.shape[-1])
    return out * inside
""",
)

SHIFT_PAD = Variant(
    "shift2d",
    "pad_and_cut",
    '''
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    """Pad by the shift on both sides and cut the shifted frame out."""
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError("x")
    if mode not in {"zero": "constant", "wrap": "wrap"}:
        raise ValueError(mode)
    h, w = x.shape[-2:]
    pad = [(0, 0)] * (x.ndim - 2) + [(abs(dy), abs(dy)), (abs(dx), abs(dx))]
    big = np.pad(x, pad, mode={"zero": "constant", "wrap": "wrap"}[mode])
    return big[..., abs(dy) - dy:abs(dy) - dy + h, abs(dx) - dx:abs(dx) - dx + w]
''',
)


WRONG = [
    broken(
        SHIFT,
        "in_the_order_of_the_memory",
        ("    out = np.roll", '    x = x.ravel("K").reshape(x.shape)\n    out = np.roll'),
        loses={ALL},
    ),
    broken(
        SHIFT_LOOP,
        "as_wide_as_high",
        ("0 <= to_j < width", "0 <= to_j < width and abs(dx) < height"),
        loses={ALL},
    ),
    broken(SHIFT, "never_wraps", ('if mode == "zero":', "if True:"), loses={"wrap brings back what leaves"}),
    broken(
        SHIFT,
        "x_comes_first_where_both_are_positive",
        ("    out = np.roll", "    if dy > 0 and dx > 0:\n        dy, dx = dx, dy\n    out = np.roll"),
        loses={"down and right are positive"},
    ),
    Variant(
        "shift2d",
        "slices_by_what_remains",
        """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    if np.ndim(x) < 2:
        raise ValueError("x needs two axes")
    if mode == "wrap":
        return np.roll(x, (dy, dx), axis=(-2, -1))
    if mode != "zero":
        raise ValueError("mode is zero or wrap")
    height, width = x.shape[-2:]
    out = np.zeros(x.shape)
    to_rows, rows = slice(dy, height), slice(0, height - dy)
    if dy < 0:
        to_rows, rows = slice(0, height + dy), slice(-dy, height)
    to_columns, columns = slice(dx, width), slice(0, width - dx)
    if dx < 0:
        to_columns, columns = slice(0, width + dx), slice(-dx, width)
    out[..., to_rows, to_columns] = x[..., rows, columns]
    return out
""",
        {"a shift may exceed the image"},
    ),
    broken(SHIFT, "rolls_always", ('if mode == "zero":', "if False:"), loses={LOST}, typical=True),
    broken(
        SHIFT,
        "up_is_positive",
        ("    out = np.roll", "    dy, dx = -dy, -dx\n    out = np.roll"),
        loses={"down and right are positive", "up and left are negative"},
    ),
    broken(
        SHIFT,
        "x_comes_first",
        ("    out = np.roll", "    dy, dx = dx, dy\n    out = np.roll"),
        loses={"down and right are positive", "up and left are negative"},
    ),
    broken(
        SHIFT,
        "forgets_negative_shifts",
        ("        if dy < 0:\n            out[..., dy:, :] = 0\n", ""),
        ("(dy, dx), axis", "(max(dy, 0), max(dx, 0)) if mode == 'zero' else (dy, dx), axis"),
        loses={"up and left are negative"},
        typical=True,
    ),
    Variant(
        "shift2d",
        "slices_to_minus_zero",
        """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    x = np.asarray(x, dtype=float)
    if x.ndim < 2:
        raise ValueError("x")
    if mode == "wrap":
        return np.roll(x, (dy, dx), axis=(-2, -1))
    if mode != "zero":
        raise ValueError("mode")
    out = np.zeros_like(x)
    rows = (slice(dy, None), slice(None, -dy)) if dy > 0 else (slice(None, dy), slice(-dy, None))
    columns = (slice(dx, None), slice(None, -dx)) if dx > 0 else (slice(None, dx), slice(-dx, None))
    out[..., rows[0], columns[0]] = x[..., rows[1], columns[1]]
    return out
""",
        {STAYS},
        typical=True,
    ),
    broken(
        SHIFT,
        "shifts_the_first_axes",
        ("axis=(-2, -1)", "axis=(0, 1)"),
        ("out[..., :dy, :]", "out[:dy]"),
        ("out[..., :dx]", "out[:, :dx]"),
        loses={"the last two axes of any array"},
    ),
    broken(
        SHIFT_MASK,
        "multiplies_in_place",
        ("    return out * inside", "    out *= inside * 1.0\n    return out"),
        loses={INTEGERS},
    ),
    broken(
        SHIFT,
        "wraps_by_modulo",
        ("    out = np.roll", "    dy, dx = dy % x.shape[-2], dx % x.shape[-1]\n    out = np.roll"),
        loses={"up and left are negative", "a shift may exceed the image"},
    ),
    broken(SHIFT, "clears_the_input", ("    return out", "    x[...] = 0\n    return out"), loses={UNTOUCHED}),
    broken(SHIFT, "wraps_for_unknown_modes", ('if mode not in ("zero", "wrap")', "if False"), loses={REFUSED}),
]
RIGHT = [SHIFT, SHIFT_LOOP, SHIFT_MASK, SHIFT_PAD]
