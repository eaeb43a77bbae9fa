"""Ways to write ``roi_max_pool``, right and wrong."""

from sample_class.variants.global_pooling.bins import FLOORS, FLOORS_TOO, NO_OVERLAP, ROUNDED
from sample_class.variants.global_pooling.names import (
    ALL,
    BAD,
    INTEGERS,
    MORE_BINS,
    OVERLAP,
    RECTANGLES,
    SIDE_BY_SIDE,
    SPECIAL,
    UNTOUCHED,
)
from sample_class.variants.variant import Variant, broken

CUT_OUT = "a region is cut out of the map"
END = "the end of a region is excluded"
Y_FIRST = "y comes before x"
REGIONS = "every region and channel by itself"
NO_REGIONS = "no regions are fine"
REGION_BELOW_ZERO = "a region below zero has a maximum"
BAD_REGIONS = "bad regions are refused"

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

ROI_WRONG = [
    broken(
        ROI,
        "rows_decide_for_columns",
        (
            "                for c in",
            "                if height % oh == 0:\n"
            "                    columns = slice(j * width // ow, max((j + 1) * width // ow, j * width // ow + 1))\n"
            "                for c in",
        ),
        loses={ALL},
    ),
    broken(
        ROI,
        "as_many_columns_as_rows",
        ("math.floor(j * width / ow), math.ceil((j + 1) * width / ow)", "j * width // oh, -(-(j + 1) * width // oh)"),
        ("region[c, rows, columns].max()", "region[c, rows, columns].max() if j < oh else 0"),
        loses={RECTANGLES},
    ),
    broken(
        ROI,
        "every_region_as_large_as_the_first",
        (
            "height, width = region.shape[1:]",
            "height, width = np.minimum(rois[0, 2:] - rois[0, :2], region.shape[1:])",
        ),
        loses={REGIONS},
    ),
    broken(
        ROI,
        "skips_where_nothing_is_pooled",
        (
            "        for i in range(oh):",
            "        if (height, width) == (oh, ow):\n            continue\n        for i in range(oh):",
        ),
        loses={SIDE_BY_SIDE, SPECIAL},
    ),
    broken(
        ROI,
        "two_by_two_where_sizes_divide",
        (
            "                for c in",
            "                if oh == ow > 1 and height % oh == width % ow == 0:\n"
            "                    rows = slice(i * height // oh, min(i * height // oh + 2, (i + 1) * height // oh))\n"
            "                    columns = slice(j * width // ow, min(j * width // ow + 2, (j + 1) * width // ow))\n"
            "                for c in",
        ),
        loses={SIDE_BY_SIDE},
    ),
    broken(ROI, "overlap_for_more_bins_only", *NO_OVERLAP, loses={OVERLAP}),
    broken(
        ROI,
        "more_bins_refused",
        (
            "        for i in range(oh):",
            "        if oh > height or ow > width:\n"
            '            raise ValueError("too many bins")\n'
            "        for i in range(oh):",
        ),
        loses={MORE_BINS},
    ),
    broken(ROI, "rounded_bins", *ROUNDED, loses={OVERLAP, MORE_BINS}),
    broken(ROI, "floors_only", FLOORS, FLOORS_TOO, loses={OVERLAP, MORE_BINS}),
    broken(ROI, "end_included", ("x[:, y0:y1, x0:x1]", "x[:, y0 : y1 + 1, x0 : x1 + 1]"), loses={END}, typical=True),
    broken(ROI, "x_before_y", ("y0, x0, y1, x1 = rois[r]", "x0, y0, x1, y1 = rois[r]"), loses={Y_FIRST}, typical=True),
    broken(
        ROI,
        "corner_and_size",
        ("x[:, y0:y1, x0:x1]", "x[:, y0 : y0 + y1, x0 : x0 + x1]"),
        loses={CUT_OUT},
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
        typical=True,
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
        typical=True,
    ),
    broken(ROI, "negative_from_behind", ("if y0 < 0 or x0 < 0 or y1 >", "if y1 >"), loses={BAD_REGIONS}, typical=True),
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
