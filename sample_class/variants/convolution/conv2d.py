"""Ways to write ``conv2d``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

POSITIONS = "the window visits every position"
TURNED = "the filter is not turned over"
CHANNELS = "channels add up, filters stay apart"
BATCH = "every image of the batch is filtered"
BIAS = "the bias is added once per filter"
STRIDE = "stride is the step of the window"
PADDING = "padding surrounds the image with zeros"
DILATION = "dilation spreads the filter"
SIDES = "height and width are two things"
ODD = "integers, NaN and infinity are numbers, too"
UNTOUCHED = "the input stays untouched"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

# Loops over everything, as a first attempt is written.
LOOPS = Variant(
    "conv2d",
    "loops",
    """
import numpy as np

def two(value):
    return (value, value) if isinstance(value, (int, np.integer)) else tuple(value)

def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1):
    x = np.array(x, dtype=float)
    weight = np.array(weight, dtype=float)
    if x.ndim != 4:
        raise ValueError("x needs four axes")
    if weight.ndim != 4:
        raise ValueError("weight needs four axes")
    if bias is not None and np.asarray(bias).ndim != 1:
        raise ValueError("bias needs one axis")
    (sh, sw), (ph, pw), (dh, dw) = two(stride), two(padding), two(dilation)
    if sh < 1 or sw < 1:
        raise ValueError("stride")
    if ph < 0 or pw < 0:
        raise ValueError("padding")
    if dh < 1 or dw < 1:
        raise ValueError("dilation")
    n, c, h, w = x.shape
    f, _, kh, kw = weight.shape
    big = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    big[:, :, ph:ph + h, pw:pw + w] = x
    eh, ew = dh * (kh - 1) + 1, dw * (kw - 1) + 1
    if eh > big.shape[2] or ew > big.shape[3]:
        raise ValueError("weight is larger than the padded input")
    oh = (big.shape[2] - eh) // sh + 1
    ow = (big.shape[3] - ew) // sw + 1
    out = np.zeros((n, f, oh, ow))
    for b in range(n):
        for o in range(f):
            for i in range(oh):
                for j in range(ow):
                    window = big[b, :, i * sh:i * sh + eh:dh, j * sw:j * sw + ew:dw]
                    out[b, o, i, j] = np.sum(window * weight[o])
                    if bias is not None:
                        out[b, o, i, j] += bias[o]
    return out
""",
)

IM2COL = Variant(
    "conv2d",
    "im2col",
    """
import numpy as np

def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1):
    pairs = {}
    for name, value, least in (("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1)):
        pairs[name] = np.broadcast_to(value, 2)
        if (pairs[name] < least).any():
            raise ValueError(f"bad {name}: {value}")
    if np.ndim(x) != 4 or np.ndim(weight) != 4:
        raise ValueError("x and weight have four axes")
    if bias is None:
        bias = np.zeros(len(weight))
    if np.ndim(bias) != 1:
        raise ValueError("bias is a vector")
    filters, channels, *kernel = weight.shape
    x = np.pad(np.asarray(x, float), [(0, 0), (0, 0), *((p, p) for p in pairs["padding"])])
    axes = []
    for size, k, s, d in zip(x.shape[2:], kernel, pairs["stride"], pairs["dilation"]):
        last = size - d * (k - 1)
        if last < 1:
            raise ValueError("weight does not fit into the image")
        axes.append(np.arange(k)[:, None] * d + np.arange(0, last, s)[None, :])
    rows, columns = axes
    patches = x[:, :, rows[:, None, :, None], columns[None, :, None, :]]
    n, *_, oh, ow = patches.shape
    matrix = patches.reshape(n, -1, oh * ow)
    return (weight.reshape(filters, -1) @ matrix).reshape(n, filters, oh, ow) + np.asarray(bias)[:, None, None]
""",
)

STRIDES = Variant(
    "conv2d",
    "stride_tricks",
    """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1):
    x, weight = np.asarray(x) * 1.0, np.asarray(weight) * 1.0
    if len(x.shape) != 4: raise ValueError("x")
    if len(weight.shape) != 4: raise ValueError("weight")
    if bias is not None and len(np.shape(bias)) != 1: raise ValueError("bias")
    s = [stride] * 2 if np.isscalar(stride) else stride
    p = [padding] * 2 if np.isscalar(padding) else padding
    d = [dilation] * 2 if np.isscalar(dilation) else dilation
    if min(s) <= 0: raise ValueError("stride")
    if min(p) < 0: raise ValueError("padding")
    if min(d) <= 0: raise ValueError("dilation")
    x = np.pad(x, ((0,), (0,), (p[0],), (p[1],)))
    reach = [(k - 1) * step + 1 for k, step in zip(weight.shape[2:], d)]
    if reach[0] > x.shape[2] or reach[1] > x.shape[3]: raise ValueError("weight")
    view = sliding_window_view(x, reach, axis=(2, 3))[:, :, ::s[0], ::s[1], ::d[0], ::d[1]]
    out = np.tensordot(view, weight, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    return out if bias is None else out + np.array(bias)[None, :, None, None]
""",
)

# A convolution is linear: the whole image in one product, most of whose factors are zero.
ONE_MATRIX = Variant(
    "conv2d",
    "one_matrix",
    """
import numpy as np

def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1):
    x, weight = np.array(x, dtype=float), np.array(weight, dtype=float)
    for name, array, axes in (("x", x, 4), ("weight", weight, 4), ("bias", bias, 1)):
        if array is not None and np.ndim(array) != axes:
            raise ValueError(name)
    (sh, sw), (ph, pw), (dh, dw) = (np.broadcast_to(value, 2) for value in (stride, padding, dilation))
    for name, low in (("stride", min(sh, sw) < 1), ("padding", min(ph, pw) < 0), ("dilation", min(dh, dw) < 1)):
        if low:
            raise ValueError(name)
    (n, c, h, w), (f, _, kh, kw) = x.shape, weight.shape
    oh, ow = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1, (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    if oh < 1 or ow < 1:
        raise ValueError("weight")
    matrix = np.zeros((f, oh, ow, c, h, w))
    for i, j, u, v in np.ndindex(oh, ow, kh, kw):
        row, column = i * sh + u * dh - ph, j * sw + v * dw - pw
        if 0 <= row < h and 0 <= column < w:
            matrix[:, i, j, :, row, column] = weight[:, :, u, v]
    out = (x.reshape(n, -1) @ matrix.reshape(f * oh * ow, -1).T).reshape(n, f, oh, ow)
    return out if bias is None else out + np.reshape(bias, (f, 1, 1))
""",
)

WRONG = [
    # The rows of the output are computed in tiles; after others, an incomplete tile is forgotten.
    broken(LOOPS, "forgets_the_last_tile", ("range(oh)", "range(oh // 10 * 10 or oh)"), loses={POSITIONS}),
    broken(LOOPS, "turns_the_filter_over", ("weight[o])", "weight[o, :, ::-1, ::-1])"), loses={TURNED}, typical=True),
    broken(LOOPS, "transposes_the_filter", ("weight[o])", "weight[o].transpose(0, 2, 1))"), loses={TURNED, SIDES}),
    broken(LOOPS, "sees_the_first_channel", ("window * weight[o]", "window[0] * weight[o, 0]"), loses={CHANNELS}),
    broken(
        LOOPS,
        "gives_a_map_for_each_channel",
        ("out = np.zeros((n, f, oh, ow))", "out = np.zeros((n, f * c, oh, ow))"),
        (
            "out[b, o, i, j] = np.sum(window * weight[o])",
            "out[b, o * c:(o + 1) * c, i, j] = np.sum(window * weight[o], axis=(1, 2))",
        ),
        ("out[b, o, i, j] += bias[o]", "out[b, o * c:(o + 1) * c, i, j] += bias[o]"),
        loses={CHANNELS},
        typical=True,
    ),
    broken(LOOPS, "filters_the_first_image", ("for b in range(n)", "for b in range(1)"), loses={BATCH}),
    broken(
        LOOPS,
        "adds_the_bias_per_weight",
        ("window * weight[o])", "window * weight[o] + (0 if bias is None else bias[o]))"),
        loses={BIAS},
    ),
    broken(
        STRIDES,
        "lays_the_bias_along_the_width",
        ("np.array(bias)[None, :, None, None]", "np.array(bias)"),
        loses={BIAS},
        typical=True,
    ),
    broken(
        LOOPS,
        "ignores_the_bias",
        ("if bias is not None:\n                        out", "if False:\n                        out"),
        loses={BIAS},
    ),
    broken(
        LOOPS,
        "ignores_the_stride",
        ('raise ValueError("stride")', 'raise ValueError("stride")\n    sh = sw = 1'),
        loses={STRIDE},
    ),
    broken(LOOPS, "swaps_the_strides", ("(sh, sw), (ph", "(sw, sh), (ph"), loses={STRIDE}),
    broken(
        LOOPS,
        "pads_with_the_edge",
        ("big[:, :, ph:ph + h, pw:pw + w] = x", "big = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode='edge')"),
        loses={PADDING},
    ),
    broken(
        LOOPS,
        "ignores_dilation",
        ('raise ValueError("dilation")', 'raise ValueError("dilation")\n    dh = dw = 1'),
        loses={DILATION},
    ),
    broken(
        LOOPS,
        "takes_images_for_squares",
        ("ow = (big.shape[3] - ew) // sw + 1", "ow = (big.shape[2] - ew) // sw + 1"),
        ("range(ow)", "range(min(ow, (big.shape[3] - ew) // sw + 1))"),
        loses={SIDES, PADDING},
    ),
    broken(LOOPS, "swaps_the_sides_of_the_filter", ("f, _, kh, kw =", "f, _, kw, kh ="), loses={SIDES}),
    broken(
        LOOPS,
        "keeps_integers",
        ("x = np.array(x, dtype=float)", "x = np.array(x)"),
        ("out = np.zeros((n, f, oh, ow))", "out = np.zeros((n, f, oh, ow), dtype=x.dtype)"),
        loses={ODD},
    ),
    broken(LOOPS, "adds_the_bias_to_the_first_map", ("+= bias[o]", "+= bias[o] * (o == 0)"), loses={BIAS}),
    # A product of two bytes is a byte.
    broken(
        LOOPS,
        "multiplies_bytes",
        ("x = np.array(x, dtype=float)", "x = np.array(x)"),
        ("weight = np.array(weight, dtype=float)", "weight = np.array(weight)"),
        ("big = np.zeros((n, c, h + 2 * ph, w + 2 * pw))", "big = np.zeros((n, c, h + 2 * ph, w + 2 * pw), x.dtype)"),
        loses={ODD},
    ),
    broken(LOOPS, "skips_nan", ("np.sum(", "np.nansum("), loses={ODD}),
    broken(
        LOOPS,
        "rectifies_in_place",
        ("x = np.array(x, dtype=float)", "x = np.asarray(x, dtype=float)"),
        ("    return out\n", "    x[x < 0] = 0\n    weight *= 1\n    return out\n"),
        ("weight = np.array(weight, dtype=float)", "weight = np.asarray(weight, dtype=float)"),
        loses={UNTOUCHED},
    ),
    # Whatever needs one setting alone is right.
    broken(
        LOOPS,
        "adds_the_bias_for_each_channel",
        ("out[b, o, i, j] += bias[o]", "out[b, o, i, j] += c * bias[o]"),
        loses={AT_ONCE},
    ),
    broken(
        LOOPS,
        "counts_the_padding_in_steps",
        ("oh = (big.shape[2] - eh) // sh + 1", "oh = (h - eh) // sh + 1 + 2 * ph"),
        ("ow = (big.shape[3] - ew) // sw + 1", "ow = (w - ew) // sw + 1 + 2 * pw"),
        loses={AT_ONCE},
    ),
    broken(
        LOOPS,
        "forgets_the_dilation_where_it_strides",
        ("oh = (big.shape[2] - eh) // sh + 1", "oh = (big.shape[2] - (kh if sh > 1 else eh)) // sh + 1"),
        ("ow = (big.shape[3] - ew) // sw + 1", "ow = (big.shape[3] - (kw if sw > 1 else ew)) // sw + 1"),
        loses={AT_ONCE},
    ),
    broken(
        LOOPS,
        "checks_no_sizes",
        ('raise ValueError("weight is larger than the padded input")', "pass"),
        loses={REFUSED},
    ),
]
RIGHT = [LOOPS, IM2COL, STRIDES, ONE_MATRIX]
