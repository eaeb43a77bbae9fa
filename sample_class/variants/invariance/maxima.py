"""Ways to write ``max_blur_pool2d``, right and wrong."""

from sample_class.variants.invariance.names import ALL, APART, ODD, REFUSED, SIDES, UNTOUCHED
from sample_class.variants.variant import Variant, broken

AFTER = "the blur comes after the maximum"
LAST = "subsampling comes last"
DENSE = "the maximum is taken at every position"

MAX_BLUR = Variant(
    "max_blur_pool2d",
    "loops",
    """
import numpy as np

def max_blur_pool2d(x, kernel_size=2, size=3, stride=2):
    if np.ndim(x) != 4:
        raise ValueError("x must be (N, C, H, W)")
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    n, c, h, w = x.shape
    if kh < 1 or kw < 1 or kh > h or kw > w:
        raise ValueError("kernel_size")
    if size < 1:
        raise ValueError("size")
    if sh < 1 or sw < 1:
        raise ValueError("stride")
    oh, ow = h - kh + 1, w - kw + 1
    dense = np.full((n, c, oh, ow), -np.inf)
    for i in range(oh):
        for j in range(ow):
            dense[:, :, i, j] = x[:, :, i:i + kh, j:j + kw].max(axis=(2, 3))
    before = (size - 1) // 2
    after = size - 1 - before
    if after >= oh or after >= ow:
        raise ValueError("the padding does not fit")
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [0.5, 0.5])
    big = np.pad(dense, ((0, 0), (0, 0), (before, after), (before, after)), mode="reflect")
    out = np.zeros((n, c, oh, ow))
    for a in range(size):
        for b in range(size):
            out += row[a] * row[b] * big[:, :, a:a + oh, b:b + ow]
    return out[:, :, ::sh, ::sw]
""",
)

MAX_BLUR_CALL = Variant(
    "max_blur_pool2d",
    "composed",
    """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def max_blur_pool2d(x, kernel_size=2, size=3, stride=2):
    x = np.asarray(x, dtype=float)
    if x.ndim != 4:
        raise ValueError("x")
    window = tuple(np.broadcast_to(kernel_size, 2))
    if min(window) < 1:
        raise ValueError("kernel_size must be positive")
    if any(k > n for k, n in zip(window, x.shape[2:])):
        raise ValueError("kernel_size is larger than the input")
    return blur_pool2d(sliding_window_view(x, window, axis=(2, 3)).max((-1, -2)), size, stride)
""",
)


WRONG = [
    broken(
        MAX_BLUR,
        "square_images",
        ("for j in range(ow):\n            dense", "for j in range(min(oh, ow)):\n            dense"),
        loses={SIDES},
    ),
    broken(
        MAX_BLUR,
        "no_maximum",
        (".max(axis=(2, 3))", ".mean(axis=(2, 3))"),
        loses={
            DENSE,
            "negative values have a maximum, too",
            AFTER,
            LAST,
            "padding as in blur_pool2d",
            APART,
            SIDES,
            ODD,
            UNTOUCHED,
            REFUSED,
            ALL,
        },
    ),
    broken(
        MAX_BLUR,
        "starts_from_zero",
        (".max(axis=(2, 3))", ".max(axis=(2, 3), initial=0)"),
        loses={"negative values have a maximum, too"},
        typical=True,
    ),
    broken(MAX_BLUR, "never_blurs", ("row[a] * row[b]", "(a == before) * (b == before)"), loses={AFTER}),
    Variant(
        "max_blur_pool2d",
        "blurs_first",
        MAX_BLUR.source.replace(
            "def max_blur_pool2d(x, kernel_size=2, size=3, stride=2)", "def pooled(x, kernel_size, size, stride)"
        )
        + """
def max_blur_pool2d(x, kernel_size=2, size=3, stride=2):
    pooled(x, kernel_size, size, stride)
    return pooled(pooled(x, 1, size, 1), kernel_size, 1, stride)
""",
        {AFTER},
        typical=True,
    ),
    broken(
        MAX_BLUR,
        "even_sizes_from_the_second",
        ("out[:, :, ::sh, ::sw]", "out[:, :, (size + 1) % 2 * (sh > 1)::sh, ::sw]"),
        loses={ALL},
    ),
    broken(
        MAX_BLUR,
        "subsamples_before_the_blur",
        (
            "    before = (size - 1) // 2",
            "    dense, sh, sw = dense[:, :, ::sh, ::sw], 1, 1\n"
            "    oh, ow = dense.shape[2:]\n"
            "    before = (size - 1) // 2",
        ),
        loses={LAST},
        typical=True,
    ),
    broken(
        MAX_BLUR,
        "corners_of_the_window",
        ("i:i + kh, j:j + kw", "i:i + kh:max(kh - 1, 1), j:j + kw:max(kw - 1, 1)"),
        loses={DENSE},
    ),
    broken(
        MAX_BLUR,
        "strides_by_the_window",
        ("::sh, ::sw", "::kh if sh > 1 else 1, ::kw if sw > 1 else 1"),
        loses={LAST},
    ),
    broken(MAX_BLUR, "pads_with_zeros", ('mode="reflect"', 'mode="constant"'), loses={"padding as in blur_pool2d"}),
    broken(
        MAX_BLUR,
        "mixes_channels",
        ("x[:, :, i:i + kh, j:j + kw].max(axis=(2, 3))", "x[:, :, i:i + kh, j:j + kw].max(axis=(1, 2, 3))[:, None]"),
        loses={APART},
    ),
    broken(MAX_BLUR, "square_windows", ("    n, c, h, w", "    kw = kh\n    n, c, h, w"), loses={SIDES, REFUSED}),
    broken(
        MAX_BLUR,
        "skips_nan",
        ("x[:, :, i:i + kh, j:j + kw].max(axis=(2, 3))", "np.fmax.reduce(x[:, :, i:i + kh, j:j + kw], axis=(2, 3))"),
        loses={ODD},
    ),
    broken(
        MAX_BLUR, "maximum_in_place", ("            dense[", "            x[:, :, i, j] = dense["), loses={UNTOUCHED}
    ),
    broken(MAX_BLUR, "reflects_what_the_width_lacks", ("after >= oh or after >= ow", "after >= oh"), loses={REFUSED}),
    broken(MAX_BLUR, "window_of_any_size", ("or kh > h or kw > w", ""), loses={REFUSED}),
]
RIGHT = [MAX_BLUR, MAX_BLUR_CALL]
