"""Wrong ways to write the functions of the pooling assignment, and what each should cost."""

from sample_class.variants.pooling_styles import (
    AVG,
    AVG_BACKWARD,
    AVG_BACKWARD_MATRICES,
    AVG_BACKWARD_SCATTER,
    AVG_MATRICES,
    AVG_PADDED,
    GEOMETRY,
    LP,
    LP_COLUMNS,
    LP_SCALED,
    MAX,
    MAX_BACKWARD,
    MAX_BACKWARD_OFFSETS,
    MAX_BACKWARD_SCATTER,
    MAX_OFFSETS,
    MAX_ROWS_THEN_COLUMNS,
    MAX_STRIDES,
    WEIGHT,
    WEIGHT_KRON,
)
from sample_class.variants.variant import Variant, broken

STRIDE = "windows move by the stride"
LEFTOVER = "an incomplete window is left out"
RECTANGLES = "height comes before width"
SAMPLES = "every sample and channel by itself"
SURROUNDS = "padding surrounds the input"
NEVER_WINS = "padding never wins"
KEEPS = "ceil_mode keeps the last window"
DROPS = "no window begins in the padding"
SPECIAL = "NaN and infinity pass through"
INTEGERS = "integers are taken as numbers"
UNTOUCHED = "the input stays untouched"
BAD_SIZES = "bad arguments are refused"
BAD_PADDING = "bad padding is refused"
TOO_LARGE = "a window larger than the input is refused"
COUNTED, NOT_COUNTED = "padding counts as zeros", "padding is left out on request"
OVERLAP = "overlapping windows add up"
DIVISOR = "a clipped window's divisor"
EXPONENT = "norm_type is the exponent"
SIGNS, INFINITE = "signs do not cancel", "an infinite norm is the largest magnitude"
BAD_NORM = "a bad norm_type is refused"
SHARE = "every cell gets its share"
WEIGHTS, MIX = "weights are one over the window", "channels do not mix"
GOES_TO, TIES = "the gradient goes to the maximum", "ties go to the first maximum"


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
)

NO_STEP = ("        count = (n", "        s = k\n        count = (n")
NO_CEIL = ("if ceil_mode and", "if False and")
ALWAYS_CEIL = ("if ceil_mode and count", "if count")
WIDTH_FIRST = ("kernel, pad = two(kernel_size), two(padding)", "kernel, pad = two(kernel_size)[::-1], two(padding)")
ONE_SIDE = ("for n, k, s, p in zip(shape[2:],", "for n, k, s, p in zip((shape[2], shape[2]),")
PADS_WIDTH_FIRST = ("two(padding)\n    step", "two(padding)[::-1]\n    step")
NO_HALF_RULE = ("if p < 0 or p > k / 2:", "if p < 0:")
NO_SIZES = (
    """        if k < 1:
            raise ValueError("kernel_size must be positive")
        if s < 1:
            raise ValueError("stride must be positive")
""",
    "",
)
UNNAMED = ('"padding must be between 0 and half the kernel"', '"bad value"')
TOO_LARGE_WITH_CEIL = ("if n + 2 * p < k:", "if n + 2 * p < k and not ceil_mode:")

MAX_WRONG = [
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
    ),
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
    broken(MAX, "anything_fits_with_ceil_mode", TOO_LARGE_WITH_CEIL, loses={TOO_LARGE}),
]

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


CLIPPED_COUNT = "cells = (min(top + kh, height + ph) - top) * (min(left + kw, width + pw) - left)"

AVG_WRONG = [
    broken(AVG, "whole_window_always", (CLIPPED_COUNT, "cells = kh * kw"), loses={DIVISOR}),
    broken(AVG, "mean_of_the_slice", (CLIPPED_COUNT, "cells = window[0, 0].size"), loses={COUNTED, DIVISOR}),
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
    broken(AVG, "ceil_mode_ignored", NO_CEIL, loses={KEEPS, DIVISOR, NOT_COUNTED}),
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
    broken(AVG, "anything_fits_with_ceil_mode", TOO_LARGE_WITH_CEIL, loses={TOO_LARGE}),
]


LP_WRONG = [
    broken(
        LP,
        "always_two",
        ("(size**norm_type).sum(axis=(2, 3)) ** (1 / norm_type)", "(size**2).sum(axis=(2, 3)) ** 0.5"),
        loses={EXPONENT, SIGNS},
    ),
    broken(LP, "no_absolute_value", ("(size**norm_type)", "(window**norm_type)"), loses={SIGNS}),
    broken(
        LP,
        "absolute_value_afterwards",
        ("(size**norm_type).sum(axis=(2, 3))", "np.abs((window**norm_type).sum(axis=(2, 3)))"),
        loses={SIGNS},
    ),
    broken(LP, "infinite_norm_without_absolute_value", ("size.max", "window.max"), loses={INFINITE}),
    broken(LP, "no_case_for_infinity", ('norm_type == float("inf")', "False"), loses={INFINITE}),
    broken(LP, "nan_left_out", ("(size**norm_type).sum(", "np.nansum(size**norm_type, "), loses={SPECIAL}),
    broken(
        LP,
        "takes_absolute_values_in_place",
        ("np.array(x, dtype=float)", "np.asarray(x, dtype=float)"),
        ("size = np.abs(window)", "size = np.abs(window, out=window)"),
        loses={UNTOUCHED},
    ),
    broken(
        LP,
        "roots_of_integers_cut_off",
        ("np.array(x, dtype=float)", "np.array(x)"),
        ("// sw + 1))", "// sw + 1), dtype=x.dtype)"),
        loses={INTEGERS},
    ),
    broken(LP, "stride_ignored", ("    n, c, height", "    sh, sw = kh, kw\n    n, c, height"), loses={STRIDE}),
    broken(
        LP,
        "clipped_windows_at_the_end",
        ("(height - kh) // sh + 1, (width - kw) // sw + 1", "-(-(height - kh) // sh) + 1, -(-(width - kw) // sw) + 1"),
        loses={LEFTOVER},
    ),
    broken(LP, "height_for_both", ("(width - kw)", "(height - kw)"), loses={RECTANGLES}),
    broken(
        LP,
        "sums_over_channels",
        ("(size**norm_type).sum(axis=(2, 3))", "(size**norm_type).sum(axis=(1, 2, 3))[:, None]"),
        loses={SAMPLES},
    ),
    broken(LP, "exponent_zero_accepted", ("if not norm_type > 0", "if norm_type < 0"), loses={BAD_NORM}),
    broken(
        LP,
        "any_window",
        ('    if kh > height or kw > width:\n        raise ValueError("kernel_size too large")\n', ""),
        loses={TOO_LARGE},
    ),
    broken(LP, "believes_every_size", ("kh < 1 or kw < 1", "False"), ("sh < 1 or sw < 1", "False"), loses={BAD_SIZES}),
]

# As it stands in many tutorials: a mask of the maximum, times the gradient.
MASKED = Variant(
    "max_pool2d_backward",
    "every_maximum",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    x = np.array(x, dtype=float)
    rows, columns = axes(x.shape, kernel_size, stride, padding)
    grad = np.zeros(x.shape)
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            place = np.s_[:, :, max(top, 0) : top + kh, max(left, 0) : left + kw]
            best = x[place].max(axis=(2, 3), keepdims=True)
            mask = (x[place] == best) | np.isnan(x[place])
            grad[place] += np.where(mask, grad_output[:, :, i, j, None, None], 0)
    return grad
""",
    {TIES},
)

# Pads with minus infinity and asks for the first maximum, the padding's included.
PADDED_ARGMAX = Variant(
    "max_pool2d_backward",
    "padding_ties_with_minus_infinity",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    x = np.array(x, dtype=float)
    rows, columns = axes(x.shape, kernel_size, stride, padding)
    ph, pw = two(padding)
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=-np.inf)
    grad = np.zeros(padded.shape)
    for n, c, i, j in np.ndindex(grad_output.shape):
        top, left = rows[i][0] + ph, columns[j][0] + pw
        window = padded[n, c, top : top + rows[i][1], left : left + columns[j][1]]
        a, b = np.unravel_index(window.argmax(), window.shape)
        grad[n, c, top + a, left + b] += grad_output[n, c, i, j]
    return grad[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]
""",
    {NEVER_WINS},
)


LAST = ("window.argmax()", "window.size - 1 - window[::-1, ::-1].argmax()")

BACK_WRONG = [
    broken(MAX_BACKWARD, "assigns_instead_of_adding", ("+= grad_output", "= grad_output"), loses={OVERLAP}),
    broken(
        MAX_BACKWARD_OFFSETS,
        "adds_a_repeated_index_once",
        (
            "np.add.at(grad, (sample, channel, row, column), grad_output)",
            "grad[sample, channel, row, column] += grad_output",
        ),
        loses={OVERLAP},
    ),
    broken(MAX_BACKWARD, "last_maximum", LAST, loses={TIES}),
    MASKED,
    broken(
        MASKED,
        "maxima_share",
        ("np.where(mask, grad", "np.where(mask, 1 / mask.sum(axis=(2, 3), keepdims=True) * grad"),
        loses={TIES},
    ),
    broken(
        MAX_BACKWARD,
        "first_in_column_order",
        (
            "a, b = np.unravel_index(window.argmax(), window.shape)",
            "b, a = np.unravel_index(window.T.argmax(), window.T.shape)",
        ),
        loses={TIES},
    ),
    broken(PADDED_ARGMAX, "zero_padding", ("-np.inf", "0"), loses={NEVER_WINS}),
    PADDED_ARGMAX,
    broken(
        MAX_BACKWARD,
        "mask_times_gradient",
        (
            "grad[n, c, first_row + a, first_column + b] += ",
            "mask = np.arange(window.size).reshape(window.shape) == window.argmax()\n"
            "                    grad[n, c, first_row : top + kh, first_column : left + kw] += mask * ",
        ),
        loses={SPECIAL},
    ),
    broken(MAX_BACKWARD, "nan_never_wins", ("window.argmax()", "np.nanargmax(window)"), loses={SPECIAL}),
    broken(
        MAX_BACKWARD,
        "corner_of_the_window",
        ("first_row + a, first_column + b", "first_row, first_column"),
        loses={
            GOES_TO,
            TIES,
            OVERLAP,
            STRIDE,
            LEFTOVER,
            RECTANGLES,
            SAMPLES,
            SURROUNDS,
            NEVER_WINS,
            SPECIAL,
            INTEGERS,
            UNTOUCHED,
            BAD_SIZES,
            BAD_PADDING,
            TOO_LARGE,
        },
    ),
    broken(MAX_BACKWARD, "stride_taken_for_the_window", ("(i * s - p, k)", "(i * s - p, s)"), loses={STRIDE, OVERLAP}),
    broken(
        MAX_BACKWARD,
        "gradient_of_integers_cut_off",
        ("x = np.array(x, dtype=float)", "x = np.array(x)"),
        ("np.zeros(x.shape)", "np.zeros_like(x)"),
        loses={INTEGERS},
    ),
    broken(
        PADDED_ARGMAX,
        "padding_not_cut_off",
        ("grad[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]", "grad[:, :, : x.shape[2], : x.shape[3]]"),
        loses={SURROUNDS, NEVER_WINS, OVERLAP},
    ),
    broken(
        MAX_BACKWARD,
        "strikes_out_the_winner",
        ("np.array(x, dtype=float)", "np.asarray(x, dtype=float)"),
        ("                    grad[n", "                    window[a, b] = -np.inf\n                    grad[n"),
        loses={UNTOUCHED, OVERLAP},
    ),
    broken(MAX_BACKWARD, "first_channel_everywhere", ("x[n, c, first_row", "x[n, 0, first_row"), loses={SAMPLES}),
    broken(MAX_BACKWARD, "width_before_height", WIDTH_FIRST, loses={RECTANGLES}),
    broken(
        MAX_BACKWARD, "believes_the_gradients_rank", ('    four(grad_output, "grad_output")\n', ""), loses={BAD_SIZES}
    ),
    broken(MAX_BACKWARD, "no_half_kernel_rule", NO_HALF_RULE, loses={BAD_PADDING}),
]


AVG_BACK_WRONG = [
    broken(AVG_BACKWARD, "assigns_instead_of_adding", ("window += grad", "window[...] = grad"), loses={OVERLAP}),
    broken(
        AVG_BACKWARD,
        "count_include_pad_ignored",
        ("kh * kw if count_include_pad else", "kh * kw if True else"),
        loses={NOT_COUNTED},
    ),
    broken(
        AVG_BACKWARD,
        "padding_never_counted",
        ("kh * kw if count_include_pad else", "kh * kw if False else"),
        loses={COUNTED},
    ),
    broken(AVG_BACKWARD, "stride_taken_for_the_window", ("(i * s - p, k)", "(i * s - p, s)"), loses={STRIDE, OVERLAP}),
    broken(
        AVG_BACKWARD,
        "everything_to_everybody",
        (" / cells", ""),
        loses={
            SHARE,
            OVERLAP,
            LEFTOVER,
            RECTANGLES,
            SAMPLES,
            COUNTED,
            NOT_COUNTED,
            SPECIAL,
            INTEGERS,
            UNTOUCHED,
            BAD_SIZES,
            BAD_PADDING,
            TOO_LARGE,
            STRIDE,
        },
    ),
    broken(
        AVG_BACKWARD,
        "whole_division",
        ("np.asarray(grad_output, dtype=float)", "np.asarray(grad_output)"),
        ("grad = np.zeros(x_shape)", "grad = np.zeros(x_shape, dtype=grad_output.dtype)"),
        (
            "window += grad_output[:, :, i, j, None, None] / cells",
            "window += (grad_output[:, :, i, j, None, None] / cells).astype(grad.dtype)",
        ),
        loses={INTEGERS},
    ),
    broken(
        AVG_BACKWARD,
        "divides_in_place",
        (
            "window += grad_output[:, :, i, j, None, None] / cells",
            "share = grad_output[:, :, i, j, None, None]\n            share /= cells\n            window += share",
        ),
        loses={UNTOUCHED},
    ),
    broken(
        AVG_BACKWARD_MATRICES,
        "zero_times_nan",
        (
            "np.where(share > 0, grad_output[:, :, i, j, None, None] * share, 0.0)",
            "grad_output[:, :, i, j, None, None] * share",
        ),
        loses={SPECIAL},
    ),
    broken(AVG_BACKWARD, "width_before_height", WIDTH_FIRST, loses={RECTANGLES}),
    broken(
        AVG_BACKWARD,
        "first_sample_everywhere",
        ("grad_output[:, :, i, j, None, None] / cells", "grad_output[:1, :, i, j, None, None] / cells"),
        loses={SAMPLES},
    ),
    broken(
        AVG_BACKWARD,
        "leftovers_get_a_window",
        ("axes(x_shape, kernel_size, stride, padding)", "axes(x_shape, kernel_size, stride, padding, True)"),
        (
            "grad_output[:, :, i, j",
            "grad_output[:, :, min(i, grad_output.shape[2] - 1), min(j, grad_output.shape[3] - 1)",
        ),
        loses={LEFTOVER},
    ),
    broken(AVG_BACKWARD, "no_half_kernel_rule", NO_HALF_RULE, loses={BAD_PADDING}),
]


WEIGHT_WRONG = [
    broken(WEIGHT, "all_channels", ("weight[c, c]", "weight[c]"), loses={MIX}),
    broken(
        WEIGHT,
        "averages_over_channels",
        ("weight[c, c] = 1 / (kh * kw)", "weight[c] = 1 / (channels * kh * kw)"),
        loses={MIX},
    ),
    broken(
        WEIGHT,
        "depthwise_shape",
        ("(channels, channels, kh, kw)", "(channels, 1, kh, kw)"),
        ("weight[c, c]", "weight[c, 0]"),
        loses={MIX},
    ),
    broken(WEIGHT, "width_before_height", ("channels, kh, kw))", "channels, kw, kh))"), loses={RECTANGLES}),
    broken(WEIGHT, "divides_by_the_height", ("(kh * kw)", "kh**2"), loses={RECTANGLES}),
    broken(WEIGHT, "a_sum", ("1 / (kh * kw)", "1"), loses={WEIGHTS, MIX, RECTANGLES, BAD_SIZES}),
    broken(WEIGHT, "names_nothing", ("kernel_size must be at least 1", "not so"), loses={BAD_SIZES}),
]

WRONG = [*MAX_WRONG, *AVG_WRONG, *LP_WRONG, *BACK_WRONG, *AVG_BACK_WRONG, *WEIGHT_WRONG]
RIGHT = [
    MAX,
    MAX_STRIDES,
    MAX_OFFSETS,
    MAX_ROWS_THEN_COLUMNS,
    AVG,
    AVG_MATRICES,
    AVG_PADDED,
    LP,
    LP_SCALED,
    LP_COLUMNS,
    MAX_BACKWARD,
    MAX_BACKWARD_SCATTER,
    MAX_BACKWARD_OFFSETS,
    AVG_BACKWARD,
    AVG_BACKWARD_MATRICES,
    AVG_BACKWARD_SCATTER,
    WEIGHT,
    WEIGHT_KRON,
]
