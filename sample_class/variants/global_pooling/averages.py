"""Ways to write ``global_avg_pool2d`` and its gradient, right and wrong."""

from sample_class.variants.global_pooling.names import ALL, BAD, INTEGERS, RECTANGLES, SAMPLES, SPECIAL, UNTOUCHED
from sample_class.variants.variant import Variant, broken

AVERAGE = Variant(
    "global_avg_pool2d",
    "loops",
    """
import numpy as np

def global_avg_pool2d(x):
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError("x must have four axes")
    samples, channels, height, width = x.shape
    out = np.zeros((samples, channels))
    for n in range(samples):
        for c in range(channels):
            total = 0.0
            for row in x[n, c]:
                for value in row:
                    total += value
            out[n, c] = total / (height * width)
    return out
""",
)

AVERAGE_FLAT = Variant(
    "global_avg_pool2d",
    "flattened",
    """
import numpy as np

def global_avg_pool2d(x):
    try:
        n, c, h, w = np.shape(x)
    except ValueError:
        raise ValueError("x is not (N, C, H, W)") from None
    flat = np.reshape(x, (n, c, h * w)).astype(float)
    return np.einsum("ncp->nc", flat) / (h * w)
""",
)

AVERAGE_SUMS = Variant(
    "global_avg_pool2d",
    "last_of_the_running_sums",
    """
import numpy as np

def global_avg_pool2d(x):
    if np.ndim(x) != 4:
        raise ValueError("x")
    rows = np.cumsum(x, axis=3, dtype=float)[..., -1]
    return np.cumsum(rows, axis=2)[..., -1] / np.prod(np.shape(x)[2:])
""",
)

MEAN = "the average of the whole map"
AVERAGE_WRONG = [
    Variant(
        "global_avg_pool2d",
        "keeps_both_axes",
        AVERAGE_FLAT.source.replace("/ (h * w)", "[..., None, None] / (h * w)"),
        {MEAN, SAMPLES, RECTANGLES, SPECIAL, INTEGERS, UNTOUCHED, BAD, ALL},
        typical=True,
    ),
    Variant(
        "global_avg_pool2d",
        "one_number_for_all_channels",
        AVERAGE_FLAT.source.replace(
            '"ncp->nc", flat) / (h * w)', '"ncp->n", flat)[:, None].repeat(c, 1) / (c * h * w)'
        ),
        {SAMPLES},
        typical=True,
    ),
    Variant(
        "global_avg_pool2d",
        "sums_of_eight_bits",
        AVERAGE_FLAT.source.replace(".astype(float)", ""),
        {INTEGERS},
    ),
    Variant(
        "global_avg_pool2d",
        "in_the_order_of_the_memory",
        AVERAGE_FLAT.source.replace("np.reshape(x, (n, c, h * w))", 'np.ravel(x, order="K").reshape(n, c, h * w)'),
        {ALL},
    ),
    broken(
        AVERAGE,
        "cells_that_are_not_zero",
        ("(height * width)", "np.count_nonzero(x[n, c])"),
        loses={MEAN, SAMPLES, RECTANGLES, UNTOUCHED, ALL},
    ),
    broken(
        AVERAGE,
        "one_cell_stays_a_map",
        ("    out = np.zeros", "    if (height, width) == (1, 1):\n        return x * 1.0\n    out = np.zeros"),
        loses={MEAN},
    ),
    broken(AVERAGE, "height_twice", ("(height * width)", "height**2"), loses={RECTANGLES}),
    broken(AVERAGE, "first_sample_everywhere", ("x[n, c]", "x[0, c]"), loses={SAMPLES}),
    broken(AVERAGE, "nan_left_out", ("total += value", "total += np.nan_to_num(value)"), loses={SPECIAL}),
    broken(
        AVERAGE,
        "result_of_the_inputs_kind",
        ("(samples, channels))", "(samples, channels), dtype=x.dtype)"),
        loses={INTEGERS},
    ),
    broken(
        AVERAGE,
        "any_rank",
        (
            'if x.ndim != 4:\n        raise ValueError("x must have four axes")\n    samples',
            "x = x.reshape((1,) * (4 - x.ndim) + x.shape)\n    samples",
        ),
        loses={BAD},
    ),
    broken(
        AVERAGE,
        "centres_the_map_on_its_way",
        (
            "            out[n, c] = total / (height * width)\n",
            "            out[n, c] = total / (height * width)\n"
            "            x[n, c] = x[n, c] - (total / (height * width))\n",
        ),
        loses={UNTOUCHED},
    ),
    Variant(
        "global_avg_pool2d",
        "average_over_channels",
        AVERAGE_FLAT.source.replace('"ncp->nc", flat) / (h * w)', '"ncp->np", flat) / c'),
        {MEAN, SAMPLES, RECTANGLES, SPECIAL, INTEGERS, UNTOUCHED, BAD, ALL},
    ),
]

BACKWARD = Variant(
    "global_avg_pool2d_backward",
    "loops",
    """
import numpy as np

def global_avg_pool2d_backward(grad_output, x_shape):
    grad_output = np.asarray(grad_output, dtype=float)
    if grad_output.ndim != 2:
        raise ValueError("grad_output is (N, C)")
    samples, channels, height, width = x_shape
    grad = np.zeros((samples, channels, height, width))
    for n in range(samples):
        for c in range(channels):
            grad[n, c] = grad_output[n, c] / (height * width)
    return grad
""",
)

BACKWARD_ONES = Variant(
    "global_avg_pool2d_backward",
    "times_ones",
    """
import numpy as np

def global_avg_pool2d_backward(grad_output, x_shape):
    if np.ndim(grad_output) != 2 or len(x_shape) != 4:
        raise ValueError("grad_output or x_shape has a wrong number of axes")
    cells = x_shape[-1] * x_shape[-2]
    return np.asarray(grad_output)[..., np.newaxis, np.newaxis] * np.ones(x_shape) / cells
""",
)

BACKWARD_WRONG = [
    broken(
        BACKWARD,
        "one_cell_stays_a_number",
        ("    grad = np.zeros", "    if (height, width) == (1, 1):\n        return grad_output\n    grad = np.zeros"),
        loses={"every cell gets its share"},
    ),
    broken(BACKWARD, "height_twice", ("(height * width)", "height**2"), loses={RECTANGLES}),
    broken(
        BACKWARD,
        "width_before_height",
        ("np.zeros((samples, channels, height, width))", "np.zeros((samples, channels, width, height))"),
        loses={RECTANGLES},
    ),
    broken(
        BACKWARD,
        "whole_division",
        ("np.asarray(grad_output, dtype=float)", "np.asarray(grad_output)"),
        ("height, width))", "height, width), dtype=grad_output.dtype)"),
        loses={INTEGERS},
    ),
    broken(
        BACKWARD,
        "divides_in_place",
        (
            "            grad[n, c] = grad_output[n, c] / (height * width)\n",
            "            share = grad_output[n : n + 1, c]\n"
            "            share /= height * width\n"
            "            grad[n, c] = share\n",
        ),
        loses={UNTOUCHED},
    ),
    broken(BACKWARD, "first_channel_everywhere", ("grad_output[n, c]", "grad_output[n, 0]"), loses={SAMPLES}),
    broken(
        BACKWARD, "special_values_silenced", ("grad_output[n, c]", "np.nan_to_num(grad_output[n, c])"), loses={SPECIAL}
    ),
    broken(BACKWARD, "any_rank", ("if grad_output.ndim != 2", "if grad_output.ndim < 2"), loses={BAD}),
    broken(
        BACKWARD,
        "everything_to_everybody",
        (" / (height * width)", ""),
        loses={"every cell gets its share", SAMPLES, RECTANGLES, INTEGERS, UNTOUCHED, BAD, ALL},
        typical=True,
    ),
    broken(BACKWARD, "shared_by_all_samples", ("(height * width)", "(samples * height * width)"), loses={SAMPLES}),
    broken(
        BACKWARD,
        "in_the_order_of_the_memory",
        (
            "    grad = np.zeros",
            '    grad_output = grad_output.ravel("K").reshape(grad_output.shape)\n    grad = np.zeros',
        ),
        loses={ALL},
    ),
]
