"""Ways to write ``conv2d_backward``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

WINDOW = "the gradient of a window is the filter"
FILTER = "the gradient of a filter is the window"
BIAS = "the gradient of the bias is a sum over images and positions"
TURNED = "nothing is turned over"
OVERLAP = "overlapping windows add up"
POSITIONS = "every position adds to the filter's gradient"
STRIDE = "the stride leads back to the same cells"
PADDING = "the padding's share is cut off"
APART = "images, filters and channels stay apart"
SIDES = "height and width are two things"
ODD = "integers, NaN and infinity are numbers, too"
UNTOUCHED = "the input stays untouched"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

# The mirror image of the loops of ``conv2d``.
LOOPS = Variant(
    "conv2d_backward",
    "loops",
    """
import numpy as np

def two(value):
    return (value, value) if isinstance(value, (int, np.integer)) else tuple(value)

def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    grad_output = np.array(grad_output, dtype=float)
    x = np.array(x, dtype=float)
    weight = np.array(weight, dtype=float)
    for name, array in (("grad_output", grad_output), ("x", x), ("weight", weight)):
        if array.ndim != 4:
            raise ValueError(name + " needs four axes")
    (sh, sw), (ph, pw) = two(stride), two(padding)
    if sh < 1 or sw < 1:
        raise ValueError("stride")
    if ph < 0 or pw < 0:
        raise ValueError("padding")
    n, c, h, w = x.shape
    f, _, kh, kw = weight.shape
    if kh > h + 2 * ph or kw > w + 2 * pw:
        raise ValueError("weight")
    big = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    big[:, :, ph:ph + h, pw:pw + w] = x
    dbig, dw, db = np.zeros_like(big), np.zeros_like(weight), np.zeros(f)
    _, _, oh, ow = grad_output.shape
    for b in range(n):
        for o in range(f):
            for i in range(oh):
                for j in range(ow):
                    g = grad_output[b, o, i, j]
                    rows, columns = slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)
                    dbig[b, :, rows, columns] += g * weight[o]
                    dw[o] += g * big[b, :, rows, columns]
                    db[o] += g
    return dbig[:, :, ph:ph + h, pw:pw + w], dw, db
""",
)

TURNED_CORRELATION = Variant(
    "conv2d_backward",
    "turned_correlation",
    """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    g, x, weight = (np.asarray(a, dtype=np.float64) for a in (grad_output, x, weight))
    if g.ndim != 4: raise ValueError("grad_output")
    if x.ndim != 4: raise ValueError("x")
    if weight.ndim != 4: raise ValueError("weight")
    s, p = np.broadcast_to(stride, 2), np.broadcast_to(padding, 2)
    if (s < 1).any(): raise ValueError("stride")
    if (p < 0).any(): raise ValueError("padding")
    k = np.array(weight.shape[2:])
    padded = np.pad(x, ((0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])))
    if (k > padded.shape[2:]).any(): raise ValueError("weight")
    windows = sliding_window_view(padded, tuple(k), axis=(2, 3))[:, :, ::s[0], ::s[1]]
    grad_weight = np.einsum("nfij,ncijab->fcab", g, windows)
    # Full correlation of the spread gradient with the turned filter.
    spread = np.zeros((*g.shape[:2], padded.shape[2] - k[0] + 1, padded.shape[3] - k[1] + 1))
    spread[:, :, ::s[0], ::s[1]] = g
    spread = np.pad(spread, ((0, 0), (0, 0), (k[0] - 1,) * 2, (k[1] - 1,) * 2))
    around = sliding_window_view(spread, tuple(k), axis=(2, 3))
    grad_x = np.einsum("nfijab,fcab->ncij", around, weight[:, :, ::-1, ::-1])
    return [grad_x[:, :, p[0]:p[0] + x.shape[2], p[1]:p[1] + x.shape[3]], grad_weight, g.sum((0, 2, 3))]
""",
)

TRANSPOSED_MATRIX = Variant(
    "conv2d_backward",
    "transposed_matrix",
    '''
import numpy as np

def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    """Write the convolution as one matrix product and send the gradient through its transpose."""
    for name, array in dict(grad_output=grad_output, x=x, weight=weight).items():
        if np.ndim(array) != 4:
            raise ValueError(f"{name}: four axes, please")
    sh, sw = stride if np.iterable(stride) else (stride, stride)
    ph, pw = padding if np.iterable(padding) else (padding, padding)
    if min(sh, sw) < 1:
        raise ValueError(f"stride={stride}")
    if min(ph, pw) < 0:
        raise ValueError(f"padding={padding}")
    n, c, h, w = x.shape
    f, _, kh, kw = weight.shape
    height, width = h + 2 * ph, w + 2 * pw
    if kh > height or kw > width:
        raise ValueError("weight exceeds the input")
    cells = np.arange(c * height * width).reshape(c, height, width)
    patches = np.array([
        cells[:, i:i + kh, j:j + kw].ravel()
        for i in range(0, height - kh + 1, sh) for j in range(0, width - kw + 1, sw)
    ])
    padded = np.zeros((n, c, height, width))
    padded[:, :, ph:height - ph, pw:width - pw] = x
    flat = padded.reshape(n, -1)
    g = np.array(grad_output, dtype=float).reshape(n, f, -1)
    grad_weight = sum(g[b] @ flat[b][patches] for b in range(n)).reshape(weight.shape)
    grad_flat = np.zeros_like(flat)
    for b in range(n):
        np.add.at(grad_flat[b], patches, g[b].T @ weight.reshape(f, -1))
    grad_x = grad_flat.reshape(padded.shape)[:, :, ph:height - ph, pw:width - pw]
    return grad_x, grad_weight, g.sum(axis=2).sum(axis=0)
''',
)

WRONG = [
    # The rows of a filter are taken by threes; of more than three, an incomplete last group is forgotten.
    broken(
        LOOPS,
        "forgets_rows_of_a_large_filter",
        (
            "dbig[b, :, rows, columns] += g * weight[o]",
            "whole = kh // 3 * 3 or kh\n"
            "                    dbig[b, :, rows, columns][:, :whole] += g * weight[o, :, :whole]",
        ),
        loses={WINDOW},
    ),
    broken(
        LOOPS,
        "forgets_rows_of_a_large_window",
        (
            "dw[o] += g * big[b, :, rows, columns]",
            "whole = kh // 3 * 3 or kh\n"
            "                    dw[o, :, :whole] += g * big[b, :, rows, columns][:, :whole]",
        ),
        loses={FILTER},
    ),
    broken(
        LOOPS,
        "assigns_where_windows_overlap",
        ("dbig[b, :, rows, columns] +=", "dbig[b, :, rows, columns] ="),
        loses={OVERLAP},
        typical=True,
    ),
    broken(
        LOOPS,
        "indexes_the_gradient_by_the_window",
        ("g = grad_output[b, o, i, j]", "g = grad_output[b, o, min(i * sh, oh - 1), min(j * sw, ow - 1)]"),
        loses={STRIDE},
        typical=True,
    ),
    broken(
        LOOPS,
        "ignores_the_stride",
        ("slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)", "slice(i, i + kh), slice(j, j + kw)"),
        loses={STRIDE},
    ),
    broken(LOOPS, "assigns_the_filters_gradient", ("dw[o] +=", "dw[o] ="), loses={POSITIONS}),
    broken(LOOPS, "turns_the_filter_over", ("g * weight[o]", "g * weight[o, :, ::-1, ::-1]"), loses={TURNED}),
    broken(
        LOOPS,
        "multiplies_bytes",
        ("grad_output = np.array(grad_output, dtype=float)", "grad_output = np.array(grad_output)"),
        ("weight = np.array(weight, dtype=float)", "weight = np.array(weight)"),
        ("np.zeros_like(weight)", "np.zeros(weight.shape)"),
        loses={ODD},
    ),
    broken(LOOPS, "averages_the_bias", ("db[o] += g", "db[o] += g / n"), loses={BIAS}),
    broken(
        LOOPS,
        "returns_the_padding",
        ("return dbig[:, :, ph:ph + h, pw:pw + w]", "return dbig"),
        loses={PADDING},
        typical=True,
    ),
    broken(LOOPS, "mixes_the_channels", ("g * weight[o]", "g * weight[o].mean(axis=0)"), loses={APART}),
    broken(LOOPS, "swaps_the_sides_of_the_filter", ("f, _, kh, kw =", "f, _, kw, kh ="), loses={SIDES}),
    broken(
        LOOPS,
        "keeps_integers",
        ("x = np.array(x, dtype=float)", "x = np.array(x)"),
        ("np.zeros_like(big), np.zeros_like(weight)", "np.zeros(big.shape, x.dtype), np.zeros_like(weight)"),
        ("dbig[b, :, rows, columns] += g", "dbig[b, :, rows, columns] = dbig[b, :, rows, columns] + g"),
        loses={ODD},
        typical=True,
    ),
    broken(
        LOOPS,
        "scales_in_place",
        ("grad_output = np.array(grad_output, dtype=float)", "grad_output = np.asarray(grad_output, dtype=float)"),
        ("    return dbig", "    grad_output *= 0\n    return dbig"),
        loses={UNTOUCHED},
    ),
    # Whatever needs the padding alone or the stride alone is right.
    broken(
        LOOPS,
        "counts_the_padding_in_steps",
        ("_, _, oh, ow = grad_output.shape", "oh, ow = (h - kh) // sh + 1 + 2 * ph, (w - kw) // sw + 1 + 2 * pw"),
        loses={AT_ONCE},
    ),
    broken(LOOPS, "checks_no_ranks", ("if array.ndim != 4", "if False"), loses={REFUSED}),
]
RIGHT = [LOOPS, TURNED_CORRELATION, TRANSPOSED_MATRIX]
