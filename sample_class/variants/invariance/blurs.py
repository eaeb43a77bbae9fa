"""Ways to write ``blur_pool2d``, right and wrong."""

from sample_class.variants.invariance.names import ALL, APART, ODD, REFUSED, SIDES, UNTOUCHED
from sample_class.variants.variant import Variant, broken

WEIGHTS = "the binomial filter blurs"
REFLECTED = "the border is reflected"
STRIDED = "every stride-th cell is kept, the first one too"
SIZES = "other sizes, even ones too"

BLUR = Variant(
    "blur_pool2d",
    "loops",
    """
import numpy as np

def blur_pool2d(x, size=3, stride=2):
    if np.ndim(x) != 4:
        raise ValueError("x must be (N, C, H, W)")
    if size < 1:
        raise ValueError("size")
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    if sh < 1 or sw < 1:
        raise ValueError("stride")
    n, c, h, w = x.shape
    before = (size - 1) // 2
    after = size - 1 - before
    if after >= h or after >= w:
        raise ValueError("the padding does not fit")
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [0.5, 0.5])
    kernel = np.outer(row, row)
    big = np.pad(np.array(x, dtype=float), ((0, 0), (0, 0), (before, after), (before, after)), mode="reflect")
    out = np.zeros((n, c, h, w))
    for i in range(h):
        for j in range(w):
            out[:, :, i, j] = np.sum(big[:, :, i:i + size, j:j + size] * kernel, axis=(2, 3))
    return out[:, :, ::sh, ::sw]
""",
)

# One axis after the other, the padding by hand.
BLUR_SEPARABLE = Variant(
    "blur_pool2d",
    "separable",
    """
import numpy as np
from math import comb

def blur_pool2d(x, size=3, stride=2):
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 4:
        raise ValueError("x")
    if size < 1:
        raise ValueError("size")
    strides = np.broadcast_to(stride, 2)
    if (strides < 1).any():
        raise ValueError("stride")
    left = (size - 1) // 2
    for axis, step in zip((2, 3), strides):
        length = x.shape[axis]
        if size - 1 - left > length - 1:
            raise ValueError("reflection impossible")
        total = 0
        for k in range(size):
            where = np.abs(np.arange(0, length, step) + k - left)
            where = np.where(where >= length, 2 * (length - 1) - where, where)
            total = total + comb(size - 1, k) / 2 ** (size - 1) * np.take(x, where, axis=axis)
        x = total
    return x
""",
)

BLUR_SUM = Variant(
    "blur_pool2d",
    "repeated_means",
    '''
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def blur_pool2d(x, size=3, stride=2):
    """Repeated averaging of neighbours is a binomial blur."""
    if len(np.shape(x)) != 4: raise ValueError("x needs four axes")
    if size < 1: raise ValueError("size starts at 1")
    s = (stride,) * 2 if np.ndim(stride) == 0 else tuple(stride)
    if min(s) < 1: raise ValueError("stride starts at 1")
    pad = ((size - 1) // 2, size // 2)
    if pad[1] > min(x.shape[2:]) - 1: raise ValueError("too small an image")
    out = np.pad(np.asarray(x, float), ((0, 0), (0, 0), pad, pad), "reflect")
    for _ in range(size - 1):
        out = (out[:, :, 1:, :] + out[:, :, :-1, :]) / 2
        out = (out[:, :, :, 1:] + out[:, :, :, :-1]) / 2
    return out[:, :, ::s[0], ::s[1]]
''',
)


WRONG = [
    broken(
        BLUR,
        "box_filter",
        ("np.convolve(row, [0.5, 0.5])", "np.ones(len(row) + 1) / (len(row) + 1)"),
        loses={WEIGHTS, SIZES, ALL},
    ),
    broken(
        BLUR,
        "box_of_three",
        ("    kernel = np", "    row = np.full(3, 1 / 3) if size == 3 else row\n    kernel = np"),
        loses={WEIGHTS},
    ),
    broken(BLUR, "pads_with_zeros", ('mode="reflect"', 'mode="constant"'), loses={REFLECTED}),
    broken(BLUR, "repeats_the_edge", ('mode="reflect"', 'mode="symmetric"'), loses={REFLECTED}, typical=True),
    broken(BLUR, "repeats_the_edge_again", ('mode="reflect"', 'mode="edge"'), loses={REFLECTED}, typical=True),
    broken(
        BLUR,
        "parity_of_both_sides_together",
        (
            "(before, after), (before, after)), mode",
            "(before, after), (after, before) if (h + w) % 2 else (before, after)), mode",
        ),
        loses={ALL},
    ),
    broken(BLUR, "pads_more_before", ("before = (size - 1) // 2", "before = size // 2"), loses={SIZES}),
    broken(
        BLUR,
        "size_three_always",
        ("    n, c, h, w", "    size = 3 if size > 0 else size\n    n, c, h, w"),
        loses={SIZES, REFUSED},
    ),
    broken(
        BLUR, "subsamples_from_the_second", ("::sh, ::sw", "min(sh - 1, 1)::sh, min(sw - 1, 1)::sw"), loses={STRIDED}
    ),
    broken(BLUR, "swaps_the_strides", ("::sh, ::sw", "::sw, ::sh"), loses={STRIDED}),
    broken(
        BLUR,
        "mixes_channels",
        ("* kernel, axis=(2, 3))", "* kernel, axis=(1, 2, 3))[:, None] / c"),
        loses={APART},
        typical=True,
    ),
    broken(BLUR, "square_images", ("for j in range(w)", "for j in range(min(h, w))"), loses={SIDES}),
    broken(BLUR, "keeps_integers", ("out = np.zeros((n, c, h, w))", "out = np.zeros_like(x)"), loses={ODD}),
    broken(BLUR, "skips_nan", ("np.sum(", "np.nansum("), loses={ODD}),
    broken(BLUR, "blurs_in_place", ("    return out", "    x[...] = out\n    return out"), loses={UNTOUCHED}),
    broken(BLUR, "reflects_more_than_there_is", ("after >= h or after >= w", "False"), loses={REFUSED}, typical=True),
]
RIGHT = [BLUR, BLUR_SEPARABLE, BLUR_SUM]
