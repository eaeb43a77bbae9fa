"""Ways to write ``avg_pool2d_backward``, right and wrong."""

from sample_class.variants.pooling.geometry import GEOMETRY, NO_GAPS, NO_HALF_RULE, NO_ROOM, WIDTH_FIRST
from sample_class.variants.pooling.names import (
    AT_ONCE,
    BAD_PADDING,
    BAD_SIZES,
    COUNTED,
    INTEGERS,
    LEFTOVER,
    NOT_COUNTED,
    OVERLAP,
    RECTANGLES,
    SAMPLES,
    SPECIAL,
    STRIDE,
    TOO_LARGE,
    UNTOUCHED,
)
from sample_class.variants.variant import Variant, broken

SHARE = "every cell gets its share"

AVG_BACKWARD = Variant(
    "avg_pool2d_backward",
    "loops",
    GEOMETRY
    + """

def avg_pool2d_backward(grad_output, x_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    four(grad_output, "grad_output")
    if len(x_shape) != 4:
        raise ValueError("x_shape needs four entries")
    grad_output = np.asarray(grad_output, dtype=float)
    rows, columns = axes(x_shape, kernel_size, stride, padding)
    grad = np.zeros(x_shape)
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            window = grad[:, :, max(top, 0) : top + kh, max(left, 0) : left + kw]
            cells = kh * kw if count_include_pad else window.shape[2] * window.shape[3]
            window += grad_output[:, :, i, j, None, None] / cells
    return grad
""",
)

# The gradient of a linear function is its matrix, transposed; rows and columns each have a matrix of their own.
AVG_BACKWARD_MATRICES = Variant(
    "avg_pool2d_backward",
    "matrices",
    GEOMETRY
    + """

def avg_pool2d_backward(grad_output, x_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    four(grad_output, "grad_output")
    if np.size(x_shape) != 4:
        raise ValueError("x_shape is (N, C, H, W)")
    matrices = []
    for n, spans in zip(x_shape[2:], axes(x_shape, kernel_size, stride, padding)):
        matrix = np.zeros((n, len(spans)))
        for i, (start, k) in enumerate(spans):
            covered = matrix[max(start, 0) : start + k, i]
            covered += 1 / (k if count_include_pad else len(covered))
        matrices.append(matrix)
    # No einsum: zero times NaN is NaN, and a gradient of NaN reaches its own window only.
    result = np.zeros(x_shape)
    grad_output = np.asarray(grad_output, dtype=float)
    for i, j in np.ndindex(grad_output.shape[2:]):
        share = np.outer(matrices[0][:, i], matrices[1][:, j])
        result += np.where(share > 0, grad_output[:, :, i, j, None, None] * share, 0.0)
    return result
""",
)

AVG_BACKWARD_SCATTER = Variant(
    "avg_pool2d_backward",
    "scatter",
    GEOMETRY
    + """

def avg_pool2d_backward(grad_output, x_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    four(grad_output, "grad_output")
    if np.shape(x_shape) != (4,):
        raise ValueError("bad x_shape")
    samples, channels, height, width = x_shape
    rows, columns = axes(x_shape, kernel_size, stride, padding)
    grad = np.zeros((samples, channels, height, width))
    sources, targets, shares = [], [], []
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            real_rows = range(max(top, 0), min(top + kh, height))
            cells = [(y, z) for y in real_rows for z in range(max(left, 0), min(left + kw, width))]
            sources += [(i, j)] * len(cells)
            targets += cells
            shares += [1 / (kh * kw if count_include_pad else len(cells))] * len(cells)
    (i, j), (y, z) = np.transpose(sources), np.transpose(targets)
    np.add.at(grad, (slice(None), slice(None), y, z), np.asarray(grad_output)[:, :, i, j] * np.array(shares))
    return grad
""",
)

AVG_BACK_WRONG = [
    broken(
        AVG_BACKWARD,
        "one_cell_forgets_the_gradient",
        (
            "    grad = np.zeros",
            "    if kernel_size == 1 and stride is None:\n        return np.ones(x_shape)\n    grad = np.zeros",
        ),
        loses={SHARE},
    ),
    broken(AVG_BACKWARD, "no_gaps_between_windows", NO_GAPS, loses={STRIDE}),
    broken(
        AVG_BACKWARD, "believes_the_gradients_rank", ('    four(grad_output, "grad_output")\n', ""), loses={BAD_SIZES}
    ),
    broken(AVG_BACKWARD, "no_window_no_gradient", NO_ROOM, loses={TOO_LARGE}),
    broken(AVG_BACKWARD, "assigns_instead_of_adding", ("window += grad", "window[...] = grad"), loses={OVERLAP}),
    broken(
        AVG_BACKWARD,
        "count_include_pad_ignored",
        ("kh * kw if count_include_pad else", "kh * kw if True else"),
        loses={NOT_COUNTED},
        typical=True,
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
            AT_ONCE,
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
        "in_the_order_of_memory",
        (
            "grad_output = np.asarray(grad_output, dtype=float)",
            'grad_output = np.ravel(grad_output, order="K").reshape(np.shape(grad_output)) * 1.0',
        ),
        loses={AT_ONCE},
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
