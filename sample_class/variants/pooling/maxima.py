"""Ways to write ``max_pool2d``, right and wrong."""

from sample_class.variants.pooling.geometry import (
    ALWAYS_CEIL,
    GEOMETRY,
    N_FOR_N_PLUS_P,
    NO_CEIL,
    NO_HALF_RULE,
    NO_SIZES,
    NO_STEP,
    ONE_SIDE,
    PADS_WIDTH_FIRST,
    ROUNDS_BY_THE_KERNEL,
    TOO_LARGE_WITH_CEIL,
    UNNAMED,
    WIDTH_FIRST,
)
from sample_class.variants.pooling.names import (
    AT_ONCE,
    BAD_PADDING,
    BAD_SIZES,
    DROPS,
    INTEGERS,
    KEEPS,
    LEFTOVER,
    NEVER_WINS,
    RECTANGLES,
    SAMPLES,
    SPECIAL,
    STRIDE,
    SURROUNDS,
    TOO_LARGE,
    UNTOUCHED,
)
from sample_class.variants.variant import Variant, broken

LARGEST = "the largest value of every window"

MAX = Variant(
    "max_pool2d",
    "loops",
    GEOMETRY
    + """

def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    x = np.array(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    out = np.empty(x.shape[:2] + (len(rows), len(columns)))
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i, (top, kh) in enumerate(rows):
                for j, (left, kw) in enumerate(columns):
                    window = x[n, c, max(top, 0) : top + kh, max(left, 0) : left + kw]
                    out[n, c, i, j] = window.max()
    return out
""",
)

MAX_STRIDES = Variant(
    "max_pool2d",
    "stride_tricks",
    """
import numpy as np


def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    x = np.asarray(x, dtype=float)
    if len(x.shape) != 4:
        raise ValueError("x: four axes, please")
    kernel_size = np.broadcast_to(kernel_size, 2)
    stride = kernel_size if stride is None else np.broadcast_to(stride, 2)
    padding = np.broadcast_to(padding, 2)
    for name, values, least in (("kernel_size", kernel_size, 1), ("stride", stride, 1), ("padding", padding, 0)):
        if (values < least).any():
            raise ValueError(f"{name} below {least}")
    if (2 * padding > kernel_size).any():
        raise ValueError("padding above kernel_size / 2")
    inside = np.array(x.shape[2:])
    room = inside + 2 * padding - kernel_size
    if (room < 0).any():
        raise ValueError("kernel_size above the input's size")
    out = room // stride + 1
    if ceil_mode:
        out = -(-room // stride) + 1
        out -= (out - 1) * stride >= inside + padding
    big = np.full(x.shape[:2] + tuple((out - 1) * stride + kernel_size + padding + inside), -np.inf)
    big[:, :, padding[0] : padding[0] + inside[0], padding[1] : padding[1] + inside[1]] = x
    strides = big.strides[:2] + tuple(big.strides[2:] * stride) + big.strides[2:]
    shape = x.shape[:2] + tuple(out) + tuple(kernel_size)
    return np.lib.stride_tricks.as_strided(big, shape, strides).max((-1, -2))
""",
)

MAX_OFFSETS = Variant(
    "max_pool2d",
    "offsets",
    GEOMETRY
    + """

def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    four(x, "x")
    rows, columns = axes(np.shape(x), kernel_size, stride, padding, ceil_mode)
    x = np.asarray(x).astype(float)
    out = None
    for a in range(rows[0][1]):
        for b in range(columns[0][1]):
            r = np.array([top + a for top, _ in rows])
            c = np.array([left + b for left, _ in columns])
            seen = x[:, :, r.clip(0, x.shape[2] - 1)][:, :, :, c.clip(0, x.shape[3] - 1)]
            outside = ((r < 0) | (r >= x.shape[2]))[:, None] | ((c < 0) | (c >= x.shape[3]))
            seen = np.where(outside, -np.inf, seen)
            out = seen if out is None else np.maximum(out, seen)
    return out
""",
)

MAX_ROWS_THEN_COLUMNS = Variant(
    "max_pool2d",
    "rows_then_columns",
    GEOMETRY
    + """

def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    four(x, "x")
    x = np.asarray(x, float)
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    x = np.stack([x[:, :, max(0, top) : top + k].max(axis=2) for top, k in rows], axis=2)
    return np.stack([x[..., max(0, left) : left + k].max(axis=3) for left, k in columns], axis=3)
""",
)

ZERO_PADDING = Variant(
    "max_pool2d",
    "zero_padding",
    GEOMETRY
    + """

def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    x = np.asarray(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    (ph, pw), (kh, kw) = two(padding), two(kernel_size)
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph + kh), (pw, pw + kw)))
    out = np.zeros(x.shape[:2] + (len(rows), len(columns)))
    for i, (top, _) in enumerate(rows):
        for j, (left, _) in enumerate(columns):
            out[:, :, i, j] = padded[:, :, top + ph : top + ph + kh, left + pw : left + pw + kw].max(axis=(2, 3))
    return out
""",
    {NEVER_WINS},
    typical=True,
)

MAX_WRONG = [
    # Below every number of the image, until one is no number.
    broken(
        MAX_STRIDES,
        "pads_just_below_the_smallest",
        ("padding + inside), -np.inf)", "padding + inside), x.min() - 1)"),
        loses={SPECIAL},
    ),
    broken(
        MAX,
        "a_fast_path_in_single_precision",
        (
            "    out = np.empty",
            "    (n, c, h, w), (kh, kw) = x.shape, two(kernel_size)\n"
            "    if stride is None and padding == 0 and h % kh == 0 and w % kw == 0:\n"
            "        return np.float32(x).reshape(n, c, h // kh, kh, w // kw, kw).max(axis=(3, 5))\n"
            "    out = np.empty",
        ),
        loses={LARGEST},
    ),
    broken(
        MAX,
        "turns_the_signs_in_place",
        ("np.array(x, dtype=float)", "np.asarray(x, dtype=float)"),
        ("    out = np.empty", "    x *= -1\n    out = np.empty"),
        ("window.max()", "-window.min()"),
        loses={UNTOUCHED},
    ),
    ZERO_PADDING,
    broken(MAX, "starts_from_zero", ("window.max()", "np.maximum(0, window.max())"), loses={NEVER_WINS}),
    broken(
        ZERO_PADDING,
        "large_negative_padding",
        ("(pw, pw + kw))", "(pw, pw + kw)), constant_values=-1e9"),
        loses={NEVER_WINS},
    ),
    broken(MAX, "stride_ignored", NO_STEP, loses={STRIDE}),
    broken(MAX, "stride_taken_for_the_window", ("(i * s - p, k)", "(i * s - p, s)"), loses={STRIDE}),
    broken(MAX, "ceil_mode_ignored", NO_CEIL, loses={KEEPS}),
    broken(
        MAX_STRIDES,
        "ceil_mode_without_the_rule",
        ("out -= (out - 1) * stride >= inside + padding", "pass"),
        loses={DROPS},
        typical=True,
    ),
    broken(MAX, "n_for_n_plus_p", N_FOR_N_PLUS_P, loses={KEEPS}, typical=True),
    broken(MAX_STRIDES, "drops_what_ends_outside", (">= inside + padding", ">= inside"), loses={KEEPS}),
    broken(MAX, "rounds_up_always", ALWAYS_CEIL, loses={LEFTOVER}),
    broken(MAX, "width_before_height", WIDTH_FIRST, loses={RECTANGLES}),
    broken(MAX, "square_images_only", ONE_SIDE, loses={RECTANGLES}),
    broken(MAX, "pads_width_first", PADS_WIDTH_FIRST, loses={SURROUNDS}),
    broken(MAX, "first_channel_everywhere", ("window = x[n, c,", "window = x[n, 0,"), loses={SAMPLES}),
    broken(MAX, "pythons_max", ("window.max()", "max(window.ravel().tolist())"), loses={SPECIAL}),
    broken(MAX, "nan_left_out", ("window.max()", "np.nanmax(window)"), loses={SPECIAL}),
    broken(
        ZERO_PADDING,
        "minus_infinity_into_integers",
        ("np.asarray(x, dtype=float)", "np.asarray(x)"),
        ("(pw, pw + kw))", "(pw, pw + kw)), constant_values=-np.inf"),
        loses={INTEGERS},
    ),
    broken(
        MAX,
        "strikes_out_what_it_has_seen",
        ("np.array(x, dtype=float)", "np.asarray(x, dtype=float)"),
        ("window.max()\n", "window.max()\n                    window[...] = 0\n"),
        loses={UNTOUCHED, STRIDE},
    ),
    broken(MAX, "believes_every_size", NO_SIZES, loses={BAD_SIZES}),
    broken(
        MAX,
        "believes_every_rank",
        ('    four(x, "x")\n', "    x = x.reshape((1,) * (4 - x.ndim) + x.shape)\n"),
        loses={BAD_SIZES},
    ),
    broken(MAX, "no_half_kernel_rule", NO_HALF_RULE, loses={BAD_PADDING}),
    broken(MAX, "names_nothing", UNNAMED, loses={BAD_PADDING}),
    broken(MAX, "rounds_by_the_kernel", ROUNDS_BY_THE_KERNEL, loses={AT_ONCE}),
    broken(MAX, "anything_fits_with_ceil_mode", TOO_LARGE_WITH_CEIL, loses={TOO_LARGE}),
]
