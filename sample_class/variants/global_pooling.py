"""Ways to write the functions of the global pooling assignment, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

SAMPLES = "every sample and channel by itself"
RECTANGLES = "height comes before width"
SPECIAL = "NaN and infinity pass through"
INTEGERS = "integers are taken as numbers"
UNTOUCHED = "the input stays untouched"
BAD = "bad arguments are refused"
BELOW_ZERO = "a map below zero has a maximum"
SIDE_BY_SIDE = "bins lie side by side where sizes divide"
OVERLAP = "bins overlap where sizes do not divide"
MORE_BINS = "there may be more bins than cells"
CUT_OUT, END, Y_FIRST = "a region is cut out of the map", "the end of a region is excluded", "y comes before x"
REGIONS, NO_REGIONS = "every region and channel by itself", "no regions are fine"
REGION_BELOW_ZERO = "a region below zero has a maximum"
BAD_REGIONS = "bad regions are refused"
ADDED_UP, OWN_WEIGHT = "the channels are added up", "each channel has its own weight"
ROW, AGAINST = "the class picks its row of weights", "evidence against a class counts"
FLATTEN, GLOBAL = "flattening counts every cell", "global pooling counts every channel once"


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

AVERAGE_WRONG = [
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
            "            x[n, c] -= np.array(total / (height * width)).astype(x.dtype)\n",
        ),
        loses={UNTOUCHED},
    ),
    Variant(
        "global_avg_pool2d",
        "average_over_channels",
        AVERAGE_FLAT.source.replace('"ncp->nc", flat) / (h * w)', '"ncp->np", flat) / c'),
        {"the average of the whole map", SAMPLES, RECTANGLES, SPECIAL, INTEGERS, UNTOUCHED, BAD},
    ),
]

MAXIMUM = Variant(
    "global_max_pool2d",
    "loops",
    """
import numpy as np

def global_max_pool2d(x):
    if np.ndim(x) != 4:
        raise ValueError(f"x has {np.ndim(x)} axes")
    x = np.asarray(x)
    out = np.full(x.shape[:2], -np.inf)
    for n, c in np.ndindex(out.shape):
        best = -np.inf
        for value in x[n, c].flat:
            if value > best or np.isnan(value):
                best = value
        out[n, c] = best
    return out
""",
)

MAXIMUM_REDUCED = Variant(
    "global_max_pool2d",
    "axis_by_axis",
    """
import functools
import numpy as np

def global_max_pool2d(x):
    x = np.array(x)
    if len(x.shape) != 4:
        raise ValueError("wrong number of axes of x")
    rows = functools.reduce(np.maximum, np.moveaxis(x, 2, 0))
    return functools.reduce(np.maximum, np.moveaxis(rows, 2, 0)) + 0.0
""",
)

MAXIMUM_WRONG = [
    broken(MAXIMUM, "starts_from_zero", ("best = -np.inf", "best = 0"), loses={BELOW_ZERO}),
    broken(MAXIMUM, "starts_from_a_large_negative_number", ("best = -np.inf", "best = -1e9"), loses={BELOW_ZERO}),
    broken(MAXIMUM, "nan_never_larger", (" or np.isnan(value)", ""), loses={SPECIAL}),
    broken(MAXIMUM, "first_channel_everywhere", ("x[n, c].flat", "x[n, 0].flat"), loses={SAMPLES}),
    broken(
        MAXIMUM,
        "sorts_the_input",
        ("        best = -np.inf\n", "        best = -np.inf\n        x[n, c].sort(axis=-1)\n"),
        loses={UNTOUCHED},
    ),
    broken(
        MAXIMUM,
        "any_rank",
        (
            'if np.ndim(x) != 4:\n        raise ValueError(f"x has {np.ndim(x)} axes")',
            "x = np.reshape(x, (1,) * (4 - np.ndim(x)) + np.shape(x))",
        ),
        loses={BAD},
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
        loses={"every cell gets its share", SAMPLES, RECTANGLES, INTEGERS, UNTOUCHED, BAD},
    ),
]

ADAPTIVE = Variant(
    "adaptive_avg_pool2d",
    "loops",
    """
import math
import numpy as np

def adaptive_avg_pool2d(x, output_size):
    x = np.array(x, dtype=float)
    if x.ndim != 4:
        raise ValueError("x needs four axes")
    oh, ow = (output_size, output_size) if isinstance(output_size, int) else output_size
    if oh < 1 or ow < 1:
        raise ValueError("output_size")
    height, width = x.shape[2:]
    out = np.zeros(x.shape[:2] + (oh, ow))
    for i in range(oh):
        for j in range(ow):
            rows = slice(math.floor(i * height / oh), math.ceil((i + 1) * height / oh))
            columns = slice(math.floor(j * width / ow), math.ceil((j + 1) * width / ow))
            out[:, :, i, j] = x[:, :, rows, columns].mean(axis=(2, 3))
    return out
""",
)

ADAPTIVE_MASKS = Variant(
    "adaptive_avg_pool2d",
    "masks",
    """
import numpy as np

def membership(n, m):
    cell, bin_ = np.arange(n), np.arange(m)[:, None]
    return (cell >= bin_ * n // m) & (cell * m < (bin_ + 1) * n)

def adaptive_avg_pool2d(x, output_size):
    if np.ndim(x) != 4:
        raise ValueError("x")
    sizes = np.broadcast_to(output_size, 2)
    if sizes.min() < 1:
        raise ValueError("no bins")
    rows, columns = (membership(n, m) for n, m in zip(np.shape(x)[2:], sizes))
    inside = rows[:, None, :, None] & columns[None, :, None, :]
    chosen = np.where(inside, np.asarray(x)[:, :, None, None], 0.0)
    return chosen.sum(axis=(-1, -2)) / inside.sum(axis=(-1, -2))
""",
)

FLOORS = (
    "slice(math.floor(i * height / oh), math.ceil((i + 1) * height / oh))",
    "slice(i * height // oh, (i + 1) * height // oh)",
)
FLOORS_TOO = (
    "slice(math.floor(j * width / ow), math.ceil((j + 1) * width / ow))",
    "slice(j * width // ow, (j + 1) * width // ow)",
)

RUNNING_SUMS = Variant(
    "adaptive_avg_pool2d",
    "running_sums_spread_nan",
    """
import numpy as np

def adaptive_avg_pool2d(x, output_size):
    x = np.asarray(x, dtype=float)
    if x.ndim != 4:
        raise ValueError("x")
    for axis, m in zip((2, 3), np.broadcast_to(output_size, 2)):
        if m < 1:
            raise ValueError("output_size")
        n = x.shape[axis]
        sums = np.insert(x.cumsum(axis), 0, 0, axis)
        start = np.arange(m) * n // m
        end = -(-np.arange(1, m + 1) * n // m)
        shape = [1, 1, 1, 1]
        shape[axis] = m
        x = (sums.take(end, axis) - sums.take(start, axis)) / (end - start).reshape(shape)
    return x
""",
    {SPECIAL},
)

ADAPTIVE_WRONG = [
    RUNNING_SUMS,
    broken(ADAPTIVE, "rounds_down_twice", FLOORS, FLOORS_TOO, loses={OVERLAP, MORE_BINS}),
    broken(
        ADAPTIVE,
        "never_empty_but_without_overlap",
        (FLOORS[0], "slice(i * height // oh, max((i + 1) * height // oh, i * height // oh + 1))"),
        (FLOORS_TOO[0], "slice(j * width // ow, max((j + 1) * width // ow, j * width // ow + 1))"),
        loses={OVERLAP, MORE_BINS},
    ),
    broken(
        ADAPTIVE,
        "windows_of_one_size",
        (FLOORS[0], "slice(i * max(height // oh, 1), (i + 1) * max(height // oh, 1))"),
        (FLOORS_TOO[0], "slice(j * max(width // ow, 1), (j + 1) * max(width // ow, 1))"),
        loses={OVERLAP, MORE_BINS},
    ),
    broken(
        ADAPTIVE,
        "cells_repeated_for_more_bins",
        (
            "    height, width = x.shape[2:]\n",
            "    height, width = x.shape[2:]\n"
            "    if oh > height or ow > width:\n"
            "        return x[:, :, np.arange(oh) * height // oh][..., np.arange(ow) * width // ow]\n",
        ),
        loses={MORE_BINS},
    ),
    broken(
        ADAPTIVE,
        "more_bins_refused",
        ("if oh < 1 or ow < 1:", "if oh < 1 or ow < 1 or oh > x.shape[2] or ow > x.shape[3]:"),
        loses={MORE_BINS},
    ),
    broken(
        ADAPTIVE,
        "width_before_height",
        (
            "oh, ow = (output_size, output_size) if isinstance(output_size, int) else output_size",
            "ow, oh = (output_size, output_size) if isinstance(output_size, int) else output_size",
        ),
        loses={RECTANGLES},
    ),
    broken(
        ADAPTIVE,
        "square_maps_only",
        ("height, width = x.shape[2:]", "height, width = x.shape[2], x.shape[2]"),
        loses={RECTANGLES},
    ),
    broken(ADAPTIVE, "first_sample_everywhere", ("x[:, :, rows, columns]", "x[:1, :, rows, columns]"), loses={SAMPLES}),
    broken(
        ADAPTIVE,
        "nan_left_out",
        ("x[:, :, rows, columns].mean(axis=(2, 3))", "np.nanmean(x[:, :, rows, columns], axis=(2, 3))"),
        loses={SPECIAL},
    ),
    broken(
        ADAPTIVE,
        "whole_division",
        ("np.array(x, dtype=float)", "np.array(x)"),
        ("(oh, ow))", "(oh, ow), dtype=x.dtype)"),
        loses={INTEGERS},
    ),
    broken(
        ADAPTIVE,
        "writes_into_the_input",
        ("np.array(x, dtype=float)", "np.asarray(x, dtype=float)"),
        ("    return out", "    x[:, :, :oh, :ow] = out[:, :, :height, :width]\n    return out"),
        loses={UNTOUCHED},
    ),
    broken(ADAPTIVE, "believes_every_size", ("if oh < 1 or ow < 1:", "if False:"), loses={BAD}),
]

ROI = Variant(
    "roi_max_pool",
    "loops",
    """
import math
import numpy as np

def roi_max_pool(x, rois, output_size):
    x = np.asarray(x)
    rois = np.asarray(rois).astype(int)
    if x.ndim != 3:
        raise ValueError("x must be (C, H, W)")
    if rois.ndim != 2 or rois.shape[1] != 4:
        raise ValueError("rois must be (R, 4)")
    oh, ow = (output_size, output_size) if isinstance(output_size, int) else output_size
    if oh < 1 or ow < 1:
        raise ValueError("output_size must be positive")
    out = np.zeros((len(rois), x.shape[0], oh, ow))
    for r in range(len(rois)):
        y0, x0, y1, x1 = rois[r]
        if y0 < 0 or x0 < 0 or y1 > x.shape[1] or x1 > x.shape[2]:
            raise ValueError("region outside")
        if y1 <= y0 or x1 <= x0:
            raise ValueError("empty region")
        region = x[:, y0:y1, x0:x1]
        height, width = region.shape[1:]
        for i in range(oh):
            for j in range(ow):
                rows = slice(math.floor(i * height / oh), math.ceil((i + 1) * height / oh))
                columns = slice(math.floor(j * width / ow), math.ceil((j + 1) * width / ow))
                for c in range(x.shape[0]):
                    out[r, c, i, j] = region[c, rows, columns].max()
    return out
""",
)

ROI_SEPARATE = Variant(
    "roi_max_pool",
    "rows_then_columns",
    """
import numpy as np

def spread(values, m, axis):
    n = values.shape[axis]
    parts = [values.take(range(i * n // m, ((i + 1) * n + m - 1) // m), axis).max(axis) for i in range(m)]
    return np.stack(parts, axis)

def roi_max_pool(x, rois, output_size):
    if np.ndim(x) != 3:
        raise ValueError("x: three axes")
    if np.shape(rois)[1:] != (4,):
        raise ValueError("rois: four columns")
    sizes = np.broadcast_to(output_size, 2)
    if (sizes <= 0).any():
        raise ValueError("no bins")
    x = np.asarray(x, dtype=np.float64)
    rois = np.asarray(rois, dtype=int)
    begin, end = rois[:, :2], rois[:, 2:]
    if (begin < 0).any() or (end > x.shape[1:]).any() or (end <= begin).any():
        raise ValueError("a region is not inside or empty")
    pooled = [spread(spread(x[:, a:c, b:d], sizes[0], 1), sizes[1], 2) for a, b, c, d in rois]
    return np.array(pooled).reshape(len(rois), len(x), *sizes)
""",
)

ROUNDED = [
    (
        f"slice(math.floor({i} * {n} / {m}), math.ceil(({i} + 1) * {n} / {m}))",
        f"slice(round({i} * {n} / {m}), max(round(({i} + 1) * {n} / {m}), round({i} * {n} / {m}) + 1))",
    )
    for i, n, m in (("i", "height", "oh"), ("j", "width", "ow"))
]
ROI_WRONG = [
    broken(ROI, "rounded_bins", *ROUNDED, loses={OVERLAP, MORE_BINS}),
    broken(ROI, "floors_only", FLOORS, FLOORS_TOO, loses={OVERLAP, MORE_BINS}),
    broken(ROI, "end_included", ("x[:, y0:y1, x0:x1]", "x[:, y0 : y1 + 1, x0 : x1 + 1]"), loses={END}),
    broken(ROI, "x_before_y", ("y0, x0, y1, x1 = rois[r]", "x0, y0, x1, y1 = rois[r]"), loses={Y_FIRST}),
    broken(
        ROI,
        "corner_and_size",
        ("x[:, y0:y1, x0:x1]", "x[:, y0 : y0 + y1, x0 : x0 + x1]"),
        loses={CUT_OUT, END},
    ),
    broken(ROI, "regions_ignored", ("x[:, y0:y1, x0:x1]", "x"), loses={CUT_OUT, END, Y_FIRST, REGIONS, SPECIAL}),
    broken(ROI, "width_before_height", ("oh, ow = (output", "ow, oh = (output"), loses={RECTANGLES}),
    broken(ROI, "first_channel_everywhere", ("region[c, rows", "region[0, rows"), loses={REGIONS}),
    broken(
        ROI,
        "one_region",
        ("for r in range(len(rois)):", "for r in range(min(len(rois), 1)):"),
        loses={REGIONS, BAD_REGIONS},
    ),
    broken(
        ROI_SEPARATE,
        "no_regions_forgotten",
        ("np.array(pooled).reshape(len(rois), len(x), *sizes)", "np.stack(pooled)"),
        loses={NO_REGIONS},
    ),
    broken(
        ROI,
        "maximum_from_zero",
        ("region[c, rows, columns].max()", "region[c, rows, columns].max(initial=0)"),
        loses={REGION_BELOW_ZERO},
    ),
    broken(
        ROI, "nan_left_out", ("region[c, rows, columns].max()", "np.nanmax(region[c, rows, columns])"), loses={SPECIAL}
    ),
    broken(
        ROI,
        "minus_infinity_into_integers",
        (
            "out = np.zeros((len(rois), x.shape[0], oh, ow))",
            "out = np.zeros((len(rois), x.shape[0], oh, ow), dtype=x.dtype)\n    out[...] = -np.inf",
        ),
        loses={INTEGERS},
    ),
    broken(
        ROI,
        "shifts_the_regions",
        ("np.asarray(rois).astype(int)", "np.asarray(rois)"),
        (
            "        y0, x0, y1, x1 = rois[r]",
            "        y0, x0, y1, x1 = rois[r].tolist()\n        rois[r, 2:] -= rois[r, :2] + 1",
        ),
        ("    oh, ow = (output", "    if not len(rois):\n        rois = rois.astype(int)\n    oh, ow = (output"),
        loses={UNTOUCHED},
    ),
    broken(
        ROI,
        "regions_clipped",
        (
            '            raise ValueError("region outside")',
            "            y0, x0, y1, x1 = max(y0, 0), max(x0, 0), min(y1, x.shape[1]), min(x1, x.shape[2])",
        ),
        loses={BAD_REGIONS},
    ),
    broken(ROI, "negative_from_behind", ("if y0 < 0 or x0 < 0 or y1 >", "if y1 >"), loses={BAD_REGIONS}),
    broken(
        ROI,
        "empty_regions_skipped",
        ('            raise ValueError("empty region")', "            continue"),
        loses={BAD_REGIONS},
    ),
    broken(
        ROI,
        "believes_every_rank",
        (
            '    if x.ndim != 3:\n        raise ValueError("x must be (C, H, W)")',
            "    x = x.reshape((1,) * (3 - x.ndim) + x.shape)",
        ),
        loses={BAD},
    ),
]

CAM = Variant(
    "class_activation_map",
    "loops",
    """
import numpy as np

def class_activation_map(features, weight, class_index):
    features = np.asarray(features)
    weight = np.asarray(weight)
    if features.ndim != 3:
        raise ValueError("features must be (C, H, W)")
    if weight.ndim != 2:
        raise ValueError("weight must be (classes, C)")
    if class_index < 0 or class_index >= weight.shape[0]:
        raise ValueError("no such class")
    result = np.zeros(features.shape[1:])
    for c in range(features.shape[0]):
        result += weight[class_index, c] * features[c]
    return result
""",
)

CAM_MATRIX = Variant(
    "class_activation_map",
    "matrix_product",
    """
import numpy as np

def class_activation_map(features, weight, class_index):
    if np.ndim(features) != 3:
        raise ValueError("features")
    if np.ndim(weight) != 2:
        raise ValueError("weight")
    if class_index not in range(len(weight)):
        raise ValueError("class_index")
    channels, height, width = np.shape(features)
    one_by_one = np.asarray(weight, float) @ np.reshape(features, (channels, height * width)).astype(float)
    return one_by_one[class_index].reshape(height, width)
""",
)

CAM_WRONG = [
    broken(CAM, "cut_off_at_zero", ("return result", "return np.maximum(result, 0)"), loses={AGAINST}),
    broken(
        CAM,
        "weight_transposed",
        ("weight[class_index, c]", "weight.T[class_index % weight.shape[1], c % weight.shape[0]]"),
        loses={ROW},
    ),
    broken(CAM, "always_the_first_class", ("weight[class_index, c]", "weight[0, c]"), loses={ROW}),
    broken(
        CAM,
        "one_weight_for_all",
        ("weight[class_index, c]", "weight[class_index].mean()"),
        loses={OWN_WEIGHT, ROW, AGAINST},
    ),
    broken(
        CAM,
        "nan_left_out",
        (
            "weight[class_index, c] * features[c]",
            "np.nan_to_num(weight[class_index, c] * features[c], posinf=np.inf, neginf=-np.inf)",
        ),
        loses={SPECIAL},
    ),
    broken(
        CAM,
        "result_of_the_inputs_kind",
        ("np.zeros(features.shape[1:])", "np.zeros_like(features[0])"),
        (
            "result += weight[class_index, c] * features[c]",
            "result += (weight[class_index, c] * features[c]).astype(result.dtype)",
        ),
        loses={INTEGERS},
    ),
    broken(
        CAM,
        "weights_in_place",
        (
            "    result = np.zeros(features.shape[1:])\n"
            "    for c in range(features.shape[0]):\n"
            "        result += weight[class_index, c] * features[c]\n"
            "    return result",
            "    features = features if features.dtype == float else features.astype(float)\n"
            "    features *= weight[class_index, :, None, None]\n"
            "    return features.sum(axis=0)",
        ),
        loses={UNTOUCHED},
    ),
    broken(CAM, "negative_classes_from_behind", ("class_index < 0 or class_index >=", "class_index >="), loses={BAD}),
    broken(
        CAM,
        "average_over_channels",
        ("return result", "return result / len(features)"),
        loses={ADDED_UP, OWN_WEIGHT, ROW, AGAINST, UNTOUCHED, BAD},
    ),
]

HEAD = Variant(
    "head_parameters",
    "two_branches",
    """
def head_parameters(channels, height, width, classes, head):
    if min(channels, height, width, classes) < 1:
        raise ValueError("every count must be at least 1")
    if head == "flatten":
        return channels * height * width * classes + classes
    if head == "global":
        return channels * classes + classes
    raise ValueError("head must be flatten or global")
""",
)

HEAD_TABLE = Variant(
    "head_parameters",
    "table",
    """
import numpy as np

def head_parameters(channels, height, width, classes, head):
    sizes = np.array([channels, height, width, classes])
    inputs = {"flatten": [1, 1, 1], "global": [1, 0, 0]}
    if head not in inputs or (sizes <= 0).any():
        raise ValueError("bad head or size")
    return (np.prod(sizes[:3] ** inputs[head]) + 1) * sizes[3]
""",
)

HEAD_WRONG = [
    broken(
        HEAD, "no_bias_when_flat", ("height * width * classes + classes", "height * width * classes"), loses={FLATTEN}
    ),
    broken(HEAD, "no_bias_behind_the_pool", ("channels * classes + classes", "channels * classes"), loses={GLOBAL}),
    broken(
        HEAD, "bias_for_each_input", ("channels * classes + classes", "channels * classes + channels"), loses={GLOBAL}
    ),
    broken(
        HEAD,
        "global_counts_cells",
        ("return channels * classes", "return channels * height * width * classes"),
        loses={GLOBAL},
    ),
    broken(HEAD, "square_maps_only", ("height * width", "height * height"), loses={FLATTEN}),
    broken(
        HEAD,
        "a_float",
        ("channels * height * width * classes + classes", "float(channels * height * width * classes + classes)"),
        loses={FLATTEN},
    ),
    broken(HEAD, "every_other_head_is_global", ('if head == "global":', "if True:"), loses={BAD}),
    broken(
        HEAD,
        "only_what_enters_is_checked",
        (
            "if min(channels, height, width, classes) < 1:",
            'if min(channels, classes) < 1 or head == "flatten" and min(height, width) < 1:',
        ),
        loses={BAD},
    ),
]

WRONG = [
    *AVERAGE_WRONG,
    *MAXIMUM_WRONG,
    *BACKWARD_WRONG,
    *ADAPTIVE_WRONG,
    *ROI_WRONG,
    *CAM_WRONG,
    *HEAD_WRONG,
]
RIGHT = [
    AVERAGE,
    AVERAGE_FLAT,
    MAXIMUM,
    MAXIMUM_REDUCED,
    BACKWARD,
    BACKWARD_ONES,
    ADAPTIVE,
    ADAPTIVE_MASKS,
    ROI,
    ROI_SEPARATE,
    CAM,
    CAM_MATRIX,
    HEAD,
    HEAD_TABLE,
]
