"""Ways to write ``max_pool2d_backward``, right and wrong."""

from sample_class.variants.pooling.geometry import (
    GEOMETRY,
    NO_GAPS,
    NO_HALF_RULE,
    NO_ROOM,
    PADS_WIDTH_FIRST,
    WIDTH_FIRST,
)
from sample_class.variants.pooling.names import (
    AT_ONCE,
    BAD_PADDING,
    BAD_SIZES,
    INTEGERS,
    LEFTOVER,
    NEVER_WINS,
    OVERLAP,
    RECTANGLES,
    SAMPLES,
    SPECIAL,
    STRIDE,
    SURROUNDS,
    TOO_LARGE,
    UNTOUCHED,
)
from sample_class.variants.variant import Variant, broken

GOES_TO = "the gradient goes to the maximum"
TIES = "ties go to the first maximum"

MAX_BACKWARD = Variant(
    "max_pool2d_backward",
    "loops",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    x = np.array(x, dtype=float)
    rows, columns = axes(x.shape, kernel_size, stride, padding)
    grad = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i, (top, kh) in enumerate(rows):
                for j, (left, kw) in enumerate(columns):
                    first_row, first_column = max(top, 0), max(left, 0)
                    window = x[n, c, first_row : top + kh, first_column : left + kw]
                    a, b = np.unravel_index(window.argmax(), window.shape)
                    grad[n, c, first_row + a, first_column + b] += grad_output[n, c, i, j]
    return grad
""",
)

MAX_BACKWARD_SCATTER = Variant(
    "max_pool2d_backward",
    "flat_places",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    rows, columns = axes(np.shape(x), kernel_size, stride, padding)
    n, c, height, width = np.shape(x)
    flat = np.asarray(x, dtype=float).reshape(n * c, height * width)
    grad = np.zeros_like(flat)
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            places = [
                y * width + z
                for y in range(max(top, 0), min(top + kh, height))
                for z in range(max(left, 0), min(left + kw, width))
            ]
            winners = np.array(places)[np.argmax(flat[:, places], axis=1)]
            grad[np.arange(n * c), winners] += np.asarray(grad_output)[:, :, i, j].ravel()
    return grad.reshape(n, c, height, width)
""",
)

# Offset by offset: who is strictly better than everybody before takes the window over.
MAX_BACKWARD_OFFSETS = Variant(
    "max_pool2d_backward",
    "offsets",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    x, grad_output = np.asarray(x, float), np.asarray(grad_output, float)
    rows, columns = axes(x.shape, kernel_size, stride, padding)
    height, width = x.shape[2:]
    best = np.full(grad_output.shape, -np.inf)
    row = np.full(grad_output.shape, -1)
    column = row.copy()
    for a in range(rows[0][1]):
        for b in range(columns[0][1]):
            y = np.array([top + a for top, _ in rows])[:, None]
            z = np.array([left + b for left, _ in columns])[None, :]
            inside = (y >= 0) & (y < height) & (z >= 0) & (z < width)
            seen = x[:, :, y.clip(0, height - 1), z.clip(0, width - 1)]
            better = inside & ((seen > best) | np.isnan(seen) | (row < 0))
            best = np.where(better, seen, best)
            row = np.where(better, y, row)
            column = np.where(better, z, column)
    grad = np.zeros(x.shape)
    sample, channel = np.indices(grad_output.shape)[:2]
    np.add.at(grad, (sample, channel, row, column), grad_output)
    return grad
""",
)

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
    typical=True,
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
    broken(
        MAX_BACKWARD,
        "one_cell_forgets_the_gradient",
        (
            "    grad = np.zeros",
            "    if kernel_size == 1 and stride is None:\n        return np.ones(x.shape)\n    grad = np.zeros",
        ),
        loses={GOES_TO},
    ),
    broken(MAX_BACKWARD, "no_gaps_between_windows", NO_GAPS, loses={STRIDE}),
    broken(
        MAX_BACKWARD,
        "leftovers_get_a_window",
        ("axes(x.shape, kernel_size, stride, padding)", "axes(x.shape, kernel_size, stride, padding, True)"),
        (
            "grad_output[n, c, i, j]",
            "grad_output[n, c, min(i, grad_output.shape[2] - 1), min(j, grad_output.shape[3] - 1)]",
        ),
        loses={LEFTOVER},
    ),
    broken(MAX_BACKWARD, "pads_width_first", PADS_WIDTH_FIRST, loses={SURROUNDS}),
    broken(
        MAX_BACKWARD,
        "strikes_out_what_it_has_given",
        (
            "+= grad_output[n, c, i, j]\n",
            "+= grad_output[n, c, i, j]\n                    grad_output[n, c, i, j] = 0\n",
        ),
        loses={UNTOUCHED},
    ),
    broken(MAX_BACKWARD, "no_window_no_gradient", NO_ROOM, loses={TOO_LARGE}),
    broken(
        MAX_BACKWARD, "assigns_instead_of_adding", ("+= grad_output", "= grad_output"), loses={OVERLAP}, typical=True
    ),
    broken(
        MAX_BACKWARD_OFFSETS,
        "adds_a_repeated_index_once",
        (
            "np.add.at(grad, (sample, channel, row, column), grad_output)",
            "grad[sample, channel, row, column] += grad_output",
        ),
        loses={OVERLAP},
        typical=True,
    ),
    broken(MAX_BACKWARD, "last_maximum", LAST, loses={TIES}),
    broken(
        MAX_BACKWARD_SCATTER,
        "in_the_order_of_memory",
        ("np.asarray(x, dtype=float).reshape(", 'np.asarray(x, dtype=float).ravel(order="K").reshape('),
        loses={AT_ONCE},
    ),
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
    broken(PADDED_ARGMAX, "zero_padding", ("-np.inf", "0"), loses={NEVER_WINS}, typical=True),
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
            AT_ONCE,
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
        loses={SURROUNDS, NEVER_WINS},
        typical=True,
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
