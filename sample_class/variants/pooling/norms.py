"""Ways to write ``lp_pool2d``, right and wrong."""

from sample_class.variants.pooling.names import (
    AT_ONCE,
    BAD_SIZES,
    INTEGERS,
    LEFTOVER,
    RECTANGLES,
    SAMPLES,
    SPECIAL,
    STRIDE,
    TOO_LARGE,
    UNTOUCHED,
)
from sample_class.variants.variant import Variant, broken

NORM = "the norm of every window"
EXPONENT = "norm_type is the exponent"
SIGNS = "signs do not cancel"
INFINITE = "an infinite norm is the largest magnitude"
BAD_NORM = "a bad norm_type is refused"

LP = Variant(
    "lp_pool2d",
    "loops",
    """
import numpy as np


def two(value):
    return (value, value) if isinstance(value, (int, np.integer)) else tuple(value)


def lp_pool2d(x, kernel_size, norm_type=2.0, stride=None):
    x = np.array(x, dtype=float)
    if x.ndim != 4:
        raise ValueError("x must be four-dimensional")
    kh, kw = two(kernel_size)
    sh, sw = two(kernel_size if stride is None else stride)
    if kh < 1 or kw < 1:
        raise ValueError("kernel_size must be positive")
    if sh < 1 or sw < 1:
        raise ValueError("stride must be positive")
    if not norm_type > 0:
        raise ValueError("no such norm")
    n, c, height, width = x.shape
    if kh > height or kw > width:
        raise ValueError("kernel_size too large")
    out = np.zeros((n, c, (height - kh) // sh + 1, (width - kw) // sw + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
            size = np.abs(window)
            if norm_type == float("inf"):
                out[:, :, i, j] = size.max(axis=(2, 3))
            else:
                out[:, :, i, j] = (size**norm_type).sum(axis=(2, 3)) ** (1 / norm_type)
    return out
""",
)

LP_SCALED = Variant(
    "lp_pool2d",
    "scaled",
    """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def lp_pool2d(x, kernel_size, norm_type=2.0, stride=None):
    kernel = np.ones(2, dtype=int) * kernel_size
    stride = kernel if stride is None else np.ones(2, dtype=int) * stride
    if np.ndim(x) != 4:
        raise ValueError(f"x has {np.ndim(x)} axes")
    for name, value in {"kernel_size": kernel, "stride": stride}.items():
        if value.min() <= 0:
            raise ValueError(f"{name}: {value}")
    if (kernel > np.shape(x)[2:]).any():
        raise ValueError(f"kernel_size: {kernel}")
    if np.isnan(norm_type) or norm_type <= 0:
        raise ValueError(f"norm_type: {norm_type}")
    with np.errstate(all="ignore"):
        windows = sliding_window_view(np.abs(np.asarray(x, float)), tuple(kernel), (2, 3))
        windows = windows[:, :, :: stride[0], :: stride[1]]
        largest = windows.max(axis=(-1, -2))
        if np.isinf(norm_type):
            return largest
        # The largest cell is taken out, so that no power is too large for a float.
        scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
        ratio = windows / scale[..., None, None]
        return scale * np.sum(np.exp(norm_type * np.log(ratio)), axis=(-1, -2)) ** (1 / norm_type)
""",
)

# Student's own im2col: one row for each window, then a reduction over rows.
LP_COLUMNS = Variant(
    "lp_pool2d",
    "columns",
    """
import math
import numpy as np


def lp_pool2d(x, kernel_size, norm_type=2.0, stride=None):
    if stride is None:
        stride = kernel_size
    kernel_size = kernel_size if np.iterable(kernel_size) else [kernel_size] * 2
    stride = stride if np.iterable(stride) else [stride] * 2
    if len(np.shape(x)) != 4:
        raise ValueError("wrong rank of x")
    if min(kernel_size) < 1 or kernel_size[0] > np.shape(x)[2] or kernel_size[1] > np.shape(x)[3]:
        raise ValueError("kernel_size does not fit")
    if min(stride) < 1:
        raise ValueError("stride is no step")
    if math.isnan(norm_type) or norm_type <= 0:
        raise ValueError("norm_type")
    x = np.asarray(x) * 1.0
    tops = range(0, x.shape[2] - kernel_size[0] + 1, stride[0])
    lefts = range(0, x.shape[3] - kernel_size[1] + 1, stride[1])
    columns = np.array(
        [x[:, :, t : t + kernel_size[0], l : l + kernel_size[1]].reshape(*x.shape[:2], -1) for t in tops for l in lefts]
    )
    norms = np.linalg.norm(columns, ord=norm_type, axis=-1) if norm_type >= 1 else (
        np.sum(np.abs(columns) ** norm_type, axis=-1) ** (1 / norm_type)
    )
    return np.moveaxis(norms, 0, -1).reshape(*x.shape[:2], len(tops), len(lefts))
""",
)

LP_WRONG = [
    broken(
        LP,
        "squares_in_single_precision",
        (
            "            else:\n",
            "            elif norm_type == 2:\n                squares = np.float32(size) ** 2\n"
            "                out[:, :, i, j] = np.sqrt(squares.sum(axis=(2, 3), dtype=float))\n            else:\n",
        ),
        loses={NORM},
    ),
    broken(
        LP,
        "large_exponents_are_infinite",
        ('norm_type == float("inf")', "norm_type > 3"),
        loses={EXPONENT},
    ),
    broken(
        LP,
        "always_two",
        ("(size**norm_type).sum(axis=(2, 3)) ** (1 / norm_type)", "(size**2).sum(axis=(2, 3)) ** 0.5"),
        loses={EXPONENT, SIGNS},
    ),
    broken(LP, "no_absolute_value", ("(size**norm_type)", "(window**norm_type)"), loses={SIGNS}, typical=True),
    broken(
        LP,
        "a_mean",
        ("(size**norm_type).sum(", "(size**norm_type).mean("),
        loses={NORM, EXPONENT, SIGNS, STRIDE, LEFTOVER, RECTANGLES, SAMPLES, INTEGERS, UNTOUCHED, BAD_SIZES}
        | {BAD_NORM, TOO_LARGE, SPECIAL, AT_ONCE},
        typical=True,
    ),
    broken(
        LP,
        "an_infinite_norm_has_no_stride",
        (
            "out[:, :, i, j] = size.max(",
            "size = np.abs(x[:, :, i * kh : i * kh + kh, j * kw : j * kw + kw])\n"
            "                out[:, :, i, j] = size.max(",
        ),
        loses={AT_ONCE},
    ),
    broken(LP, "cubes_of_bytes_run_over", ("np.array(x, dtype=float)", "np.array(x)"), loses={AT_ONCE}),
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
