"""Ways to write ``avg_pool2d``, right and wrong."""

from sample_class.variants.pooling.geometry import (
    ALWAYS_CEIL,
    GEOMETRY,
    N_FOR_N_PLUS_P,
    NO_CEIL,
    NO_HALF_RULE,
    NO_SIZES,
    NO_STEP,
    ROUNDS_BY_THE_KERNEL,
    TOO_LARGE_WITH_CEIL,
    WIDTH_FIRST,
)
from sample_class.variants.pooling.names import (
    AT_ONCE,
    BAD_PADDING,
    BAD_SIZES,
    COUNTED,
    DROPS,
    INTEGERS,
    KEEPS,
    LEFTOVER,
    NOT_COUNTED,
    RECTANGLES,
    SAMPLES,
    SPECIAL,
    STRIDE,
    TOO_LARGE,
    UNTOUCHED,
)
from sample_class.variants.variant import Variant, broken

AVERAGE = "the average of every window"
DIVISOR = "a clipped window's divisor"
CLIPPED_COUNT = "cells = (min(top + kh, height + ph) - top) * (min(left + kw, width + pw) - left)"

AVG = Variant(
    "avg_pool2d",
    "loops",
    GEOMETRY
    + """

def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.array(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    (ph, pw), (height, width) = two(padding), x.shape[2:]
    out = np.empty(x.shape[:2] + (len(rows), len(columns)))
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            window = x[:, :, max(top, 0) : top + kh, max(left, 0) : left + kw]
            if count_include_pad:
                cells = (min(top + kh, height + ph) - top) * (min(left + kw, width + pw) - left)
            else:
                cells = window.shape[2] * window.shape[3]
            out[:, :, i, j] = window.sum(axis=(2, 3)) / cells
    return out
""",
)

# An average is a product with a matrix of shares, one for each axis: linear algebra instead of windows.
AVG_MATRICES = Variant(
    "avg_pool2d",
    "axis_by_axis",
    GEOMETRY
    + """

def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    four(x, "x")
    shape = np.shape(x)
    result = np.asarray(x, dtype=np.float64)
    per_axis = axes(shape, kernel_size, stride, padding, ceil_mode)
    for axis, (spans, p) in enumerate(zip(per_axis, two(padding)), start=2):
        n = shape[axis]
        parts = []
        for start, k in spans:
            real = range(max(start, 0), min(start + k, n))
            count = min(start + k, n + p) - start if count_include_pad else len(real)
            parts.append(np.take(result, real, axis).sum(axis) / count)
        result = np.stack(parts, axis)
    return result
""",
)

AVG_PADDED = Variant(
    "avg_pool2d",
    "offsets",
    GEOMETRY
    + """

def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.asarray(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    (ph, pw), (kh, kw) = two(padding), two(kernel_size)
    edge = [(0, 0), (0, 0), (ph, ph), (pw, pw)]
    more = [(0, 0), (0, 0), (0, kh), (0, kw)]
    values = np.pad(np.pad(x, edge), more)
    counts = np.pad(np.pad(np.ones_like(x), edge, constant_values=1 if count_include_pad else 0), more)
    pick = np.ix_([top + ph for top, _ in rows], [left + pw for left, _ in columns])
    total = count = 0
    for a in range(kh):
        for b in range(kw):
            place = (slice(None), slice(None), pick[0] + a, pick[1] + b)
            total = total + values[place]
            count = count + counts[place]
    return total / count
""",
)

RUNNING_SUMS = Variant(
    "avg_pool2d",
    "running_sums_spread_nan",
    GEOMETRY
    + """

def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.asarray(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    (ph, pw), (height, width) = two(padding), x.shape[2:]
    table = np.zeros(x.shape[:2] + (height + 1, width + 1))
    table[:, :, 1:, 1:] = x.cumsum(axis=2).cumsum(axis=3)
    out = np.empty(x.shape[:2] + (len(rows), len(columns)))
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            a, b = max(top, 0), min(top + kh, height)
            c, d = max(left, 0), min(left + kw, width)
            total = table[:, :, b, d] - table[:, :, a, d] - table[:, :, b, c] + table[:, :, a, c]
            cells = (b - a) * (d - c)
            if count_include_pad:
                cells = (min(top + kh, height + ph) - top) * (min(left + kw, width + pw) - left)
            out[:, :, i, j] = total / cells
    return out
""",
    {SPECIAL},
)

AVG_WRONG = [
    broken(
        AVG,
        "reads_single_precision",
        ("np.array(x, dtype=float)", "np.array(x, dtype=np.float32)"),
        ("window.sum(axis=(2, 3))", "window.sum(axis=(2, 3), dtype=float)"),
        loses={AVERAGE},
    ),
    broken(
        AVG,
        "padding_counts_with_ceil_mode_only",
        ("if count_include_pad:", "if count_include_pad and ceil_mode:"),
        loses={COUNTED},
    ),
    broken(
        AVG,
        "sticks_out_by_one_row_at_most",
        ("(n + 2 * p - k) % s:", "(n + 2 * p - k) % s >= k - p - 1:"),
        loses={KEEPS},
    ),
    broken(
        AVG,
        "begins_in_padding_that_counts",
        ("ceil_mode=False):", "ceil_mode=False, in_padding=False):"),
        ("count * s < n + p and", "(in_padding or count * s < n + p) and"),
        ("padding, ceil_mode)\n    (ph", "padding, ceil_mode, count_include_pad)\n    (ph"),
        loses={DROPS},
    ),
    broken(
        AVG,
        "divides_the_input_first",
        ("np.array(x, dtype=float)", "np.asarray(x, dtype=float)"),
        ("    out = np.empty", "    full = np.prod(two(kernel_size))\n    x /= full\n    out = np.empty"),
        (") / cells", ") * full / cells"),
        loses={UNTOUCHED},
    ),
    broken(AVG, "whole_window_always", (CLIPPED_COUNT, "cells = kh * kw"), loses={DIVISOR}, typical=True),
    broken(
        AVG, "mean_of_the_slice", (CLIPPED_COUNT, "cells = window[0, 0].size"), loses={COUNTED, DIVISOR}, typical=True
    ),
    broken(
        AVG,
        "counts_cells_that_are_not_zero",
        ("cells = window.shape[2] * window.shape[3]", "cells = (window != 0).sum(axis=(2, 3)).clip(1)"),
        loses={NOT_COUNTED},
    ),
    broken(AVG, "count_include_pad_ignored", ("if count_include_pad:", "if True:"), loses={NOT_COUNTED}),
    broken(
        AVG,
        "count_include_pad_swapped",
        ("if count_include_pad:", "if not count_include_pad:"),
        loses={COUNTED, NOT_COUNTED, DIVISOR},
    ),
    RUNNING_SUMS,
    broken(AVG, "nan_counts_as_zero", ("window.sum(", "np.nansum(window, "), loses={SPECIAL}),
    broken(
        AVG,
        "whole_division",
        ("x = np.array(x, dtype=float)", "x = np.array(x)"),
        (
            "out = np.empty(x.shape[:2] + (len(rows), len(columns)))",
            "out = np.empty(x.shape[:2] + (len(rows), len(columns)), dtype=x.dtype)",
        ),
        loses={INTEGERS},
    ),
    broken(AVG, "stride_ignored", NO_STEP, loses={STRIDE}),
    broken(AVG, "ceil_mode_ignored", NO_CEIL, loses={KEEPS, DIVISOR}),
    broken(AVG, "rounds_up_always", ALWAYS_CEIL, loses={LEFTOVER}),
    broken(
        AVG,
        "divides_by_height_squared",
        (CLIPPED_COUNT, "cells = (min(top + kh, height + ph) - top) * (min(top + kh, height + ph) - top)"),
        loses={RECTANGLES, DIVISOR},
    ),
    broken(AVG, "width_before_height", WIDTH_FIRST, loses={RECTANGLES}),
    broken(AVG, "first_sample_everywhere", ("window = x[:, :, max", "window = x[:1, :, max"), loses={SAMPLES}),
    broken(AVG, "no_half_kernel_rule", NO_HALF_RULE, loses={BAD_PADDING}),
    broken(AVG, "believes_every_size", NO_SIZES, loses={BAD_SIZES}),
    broken(AVG, "rounds_by_the_kernel", ROUNDS_BY_THE_KERNEL, loses={AT_ONCE}),
    broken(
        AVG_PADDED,
        "bytes_run_over",
        ("np.asarray(x, dtype=float)", "np.asarray(x)"),
        ("total = count = 0", "total = np.zeros(1, values.dtype)\n    count = 0"),
        loses={INTEGERS},
    ),
    broken(AVG, "n_for_n_plus_p", N_FOR_N_PLUS_P, loses={KEEPS, DIVISOR}, typical=True),
    broken(AVG, "anything_fits_with_ceil_mode", TOO_LARGE_WITH_CEIL, loses={TOO_LARGE}),
]
