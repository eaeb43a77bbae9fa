"""Ways to write ``adaptive_avg_pool2d``, right and wrong."""

from sample_class.variants.global_pooling.bins import FLOORS, FLOORS_TOO, NO_OVERLAP, ROUNDED
from sample_class.variants.global_pooling.names import (
    ALL,
    BAD,
    INTEGERS,
    MORE_BINS,
    OVERLAP,
    RECTANGLES,
    SAMPLES,
    SIDE_BY_SIDE,
    SPECIAL,
    UNTOUCHED,
)
from sample_class.variants.variant import Variant, broken

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
    broken(
        ADAPTIVE,
        "rows_decide_for_columns",
        (
            "            out[:, :, i, j]",
            "            if height % oh == 0:\n"
            "                columns = slice(j * width // ow, max((j + 1) * width // ow, j * width // ow + 1))\n"
            "            out[:, :, i, j]",
        ),
        loses={ALL},
    ),
    broken(ADAPTIVE, "rounded_bins", *ROUNDED, loses={OVERLAP, MORE_BINS}, typical=True),
    broken(
        ADAPTIVE,
        "a_fast_path_in_single_precision",
        (
            "    out = np.zeros",
            "    if oh == ow and height % oh == 0 and width % ow == 0:\n"
            "        bins = x.shape[:2] + (oh, height // oh, ow, width // ow)\n"
            "        return np.float32(x).reshape(bins).mean(axis=(3, 5))\n"
            "    out = np.zeros",
        ),
        loses={SIDE_BY_SIDE},
    ),
    broken(ADAPTIVE, "overlap_for_more_bins_only", *NO_OVERLAP, loses={OVERLAP}),
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
        typical=True,
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
