"""Ways to write the functions of the convolution assignment, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant

REFUSED = "bad arguments are refused"
ODD = "integers, NaN and infinity are numbers, too"
SIDES = "height and width are two things"

# output_size: a body with one place to break; checks of the arguments come first.
SIZE = """
def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    for name, value in (("kernel_size", kernel_size), ("stride", stride), ("dilation", dilation), ("n", n)):
        if value < 1:
            raise ValueError(name + " too small")
    if padding < 0:
        raise ValueError("padding is negative")
    covered = dilation * (kernel_size - 1) + 1
    room = n + 2 * padding - covered
    if room < 0:
        raise ValueError("kernel_size does not fit")
    if ceil_mode:
        length = -(-room // stride) + 1
        if (length - 1) * stride >= n + padding:
            length -= 1
        return length
    return room // stride + 1
"""


def changed(source: str, old: str, new: str) -> str:
    """Replace a text that is there."""
    assert old in source, old
    return source.replace(old, new)


def size(old: str, new: str) -> str:
    return changed(SIZE, old, new)


# conv2d: loops over everything, as a first attempt is written.
LOOPS = """
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
"""

IM2COL = """
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
"""

STRIDES = """
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
"""


def loops(old: str, new: str) -> str:
    return changed(LOOPS, old, new)


# conv2d_backward: the mirror image of the loops.
BACKWARD = """
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
"""

BACKWARD_EINSUM = """
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
"""

BACKWARD_MATRIX = '''
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
    g = grad_output.reshape(n, f, -1)
    grad_weight = sum(g[b] @ flat[b][patches] for b in range(n)).reshape(weight.shape)
    grad_flat = np.zeros_like(flat)
    for b in range(n):
        np.add.at(grad_flat[b], patches, g[b].T @ weight.reshape(f, -1))
    grad_x = grad_flat.reshape(padded.shape)[:, :, ph:height - ph, pw:width - pw]
    return grad_x, grad_weight, g.sum(axis=2).sum(axis=0)
'''


def backward(old: str, new: str) -> str:
    return changed(BACKWARD, old, new)


FIELD = """
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride in layers:
        if kernel < 1:
            raise ValueError("kernel_size")
        if stride < 1:
            raise ValueError("stride")
        size = size + (kernel - 1) * jump
        jump = jump * stride
    return size, jump
"""

FIELD_BACKWARDS = '''
from math import prod

def receptive_field(layers):
    """From one output cell back to the input: each layer turns a width of w into (w - 1) * stride + kernel."""
    for kernel_size, stride in layers:
        if min(kernel_size, stride) <= 0:
            raise ValueError(f"kernel_size and stride must be positive, got {kernel_size}, {stride}")
    width = 1
    for kernel_size, stride in reversed(layers):
        width = (width - 1) * stride + kernel_size
    return width, prod(stride for _, stride in layers)
'''

FIELD_NUMPY = """
import numpy as np

def receptive_field(layers):
    if not layers:
        return 1, 1
    kernels, strides = np.array(layers).T
    if (kernels < 1).any():
        raise ValueError("every kernel_size must be at least 1")
    if (strides < 1).any():
        raise ValueError("every stride must be at least 1")
    jumps = np.cumprod(np.concatenate([[1], strides]))
    return int(1 + ((kernels - 1) * jumps[:-1]).sum()), jumps[-1]
"""


def field(old: str, new: str) -> str:
    return changed(FIELD, old, new)


COST = """
def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    oh, ow = output_size if isinstance(output_size, (tuple, list)) else (output_size, output_size)
    for name, value in (("in_channels", in_channels), ("out_channels", out_channels), ("kernel_size", kh),
                        ("kernel_size", kw), ("output_size", oh), ("output_size", ow)):
        if value < 1:
            raise ValueError(name)
    parameters = out_channels * in_channels * kh * kw
    macs = parameters * oh * ow
    if bias:
        parameters += out_channels
    return parameters, macs
"""

COST_NUMPY = """
import numpy as np

def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    kernel, image = np.broadcast_to(kernel_size, 2), np.broadcast_to(output_size, 2)
    if min(in_channels, out_channels, *kernel, *image) < 1:
        raise ValueError("in_channels, out_channels, kernel_size and output_size start at 1")
    per_filter = in_channels * np.prod(kernel)
    return out_channels * (per_filter + bool(bias)), out_channels * per_filter * np.prod(image)
"""

COST_COUNTED = """
def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size,) * 2
    if isinstance(output_size, int):
        output_size = (output_size,) * 2
    if min(kernel_size) < 1:
        raise ValueError(f"kernel_size: {kernel_size}")
    if min(output_size) < 1 or in_channels < 1 or out_channels < 1:
        raise ValueError("output_size, in_channels and out_channels must be positive")
    weights = 0
    for _ in range(out_channels):
        weights += in_channels * kernel_size[0] * kernel_size[1]
    cells = output_size[0] * output_size[1]
    return (weights + out_channels if bias else weights), sum(weights for _ in range(cells))
"""


def cost(old: str, new: str) -> str:
    return changed(COST, old, new)


FITS = "every position that fits counts"
STEPS = "an incomplete window does not count"
PADDED = "padding is added on both sides"
CEIL = "ceil_mode counts the incomplete window"
DROPPED = "a window that starts in the padding is dropped"
OVERLAP = "overlapping windows add up"
STRIDE_BACK = "the stride leads back to the same cells"
STRETCH = "a stride stretches the layers behind it"

WRONG = [
    # One of two functions that agree wherever the window fits: only the length of the last step differs.
    Variant(
        "output_size", "rounds_the_steps", size("return room // stride", "return int(room / stride + 0.5)"), {STEPS}
    ),
    Variant("output_size", "pads_one_side", size("2 * padding - covered", "padding - covered"), {PADDED}),
    Variant(
        "output_size",
        "dilates_every_cell",
        size("dilation * (kernel_size - 1) + 1", "dilation * kernel_size"),
        {"dilation spreads the window"},
    ),
    Variant(
        "output_size",
        "ignores_dilation",
        size("dilation * (kernel_size - 1) + 1", "kernel_size"),
        {"dilation spreads the window"},
    ),
    Variant(
        "output_size",
        "keeps_the_window_in_the_padding",
        size(">= n + padding", ">= n + 2 * padding + stride"),
        {DROPPED},
    ),
    Variant("output_size", "forgets_the_left_padding", size(">= n + padding", ">= n"), {CEIL}),
    Variant("output_size", "ceil_is_floor_plus_one", size("-(-room // stride) + 1", "room // stride + 2"), {CEIL}),
    Variant("output_size", "ignores_ceil_mode", size("if ceil_mode", "if False"), {CEIL}),
    Variant(
        "output_size",
        "is_a_float",
        size("return room // stride + 1", "return float(room // stride + 1)"),
        {"a length is an int"},
    ),
    Variant("output_size", "allows_large_windows_with_ceil", size("room < 0", "room < 0 and not ceil_mode"), {REFUSED}),
    Variant("output_size", "refuses_a_window_that_just_fits", size("room < 0", "room <= 0"), {REFUSED}),
    Variant(
        "conv2d",
        "turns_the_filter_over",
        loops("weight[o])", "weight[o, :, ::-1, ::-1])"),
        {"the filter is not turned over"},
    ),
    Variant(
        "conv2d",
        "transposes_the_filter",
        loops("weight[o])", "weight[o].transpose(0, 2, 1))"),
        {"the filter is not turned over", SIDES},
    ),
    Variant(
        "conv2d",
        "sees_the_first_channel",
        loops("window * weight[o]", "window[0] * weight[o, 0]"),
        {"channels add up, filters stay apart"},
    ),
    Variant(
        "conv2d",
        "filters_the_first_image",
        loops("for b in range(n)", "for b in range(1)"),
        {"every image of the batch is filtered"},
    ),
    Variant(
        "conv2d",
        "adds_the_bias_per_weight",
        loops("window * weight[o])", "window * weight[o] + (0 if bias is None else bias[o]))"),
        {"the bias is added once per filter"},
    ),
    Variant(
        "conv2d",
        "ignores_the_bias",
        loops(
            """\
if bias is not None:
                        out""",
            """\
if False:
                        out""",
        ),
        {"the bias is added once per filter"},
    ),
    Variant(
        "conv2d",
        "ignores_the_stride",
        loops(
            """\
(sh, sw), (ph, pw), (dh, dw) = two(stride), two(padding), two(dilation)
    if sh < 1 or sw < 1:
        raise ValueError("stride")""",
            """\
(sh, sw), (ph, pw), (dh, dw) = two(stride), two(padding), two(dilation)
    if sh < 1 or sw < 1:
        raise ValueError("stride")
    sh = sw = 1""",
        ),
        {"stride is the step of the window"},
    ),
    Variant(
        "conv2d", "swaps_the_strides", loops("(sh, sw), (ph", "(sw, sh), (ph"), {"stride is the step of the window"}
    ),
    Variant(
        "conv2d",
        "pads_with_the_edge",
        loops(
            "big[:, :, ph:ph + h, pw:pw + w] = x", "big = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode='edge')"
        ),
        {"padding surrounds the image with zeros"},
    ),
    Variant(
        "conv2d",
        "ignores_dilation",
        loops(
            'raise ValueError("dilation")',
            """\
raise ValueError("dilation")
    dh = dw = 1""",
        ),
        {"dilation spreads the filter"},
    ),
    Variant(
        "conv2d",
        "takes_images_for_squares",
        loops("ow = (big.shape[3] - ew) // sw + 1", "ow = (big.shape[2] - ew) // sw + 1").replace(
            "range(ow)", "range(min(ow, (big.shape[3] - ew) // sw + 1))"
        ),
        {SIDES, "padding surrounds the image with zeros"},
    ),
    Variant(
        "conv2d",
        "keeps_integers",
        loops("x = np.array(x, dtype=float)", "x = np.array(x)").replace(
            "out = np.zeros((n, f, oh, ow))", "out = np.zeros((n, f, oh, ow), dtype=x.dtype)"
        ),
        {ODD},
    ),
    Variant("conv2d", "skips_nan", loops("np.sum(", "np.nansum("), {ODD}),
    Variant(
        "conv2d",
        "rectifies_in_place",
        loops("x = np.array(x, dtype=float)", "x = np.asarray(x, dtype=float)")
        .replace(
            """\
    return out
""",
            """\
    x[x < 0] = 0
    weight *= 1
    return out
""",
        )
        .replace("weight = np.array(weight, dtype=float)", "weight = np.asarray(weight, dtype=float)"),
        {"the input stays untouched"},
    ),
    Variant(
        "conv2d",
        "checks_no_sizes",
        loops('raise ValueError("weight is larger than the padded input")', "pass"),
        {REFUSED},
    ),
    Variant(
        "conv2d_backward",
        "assigns_where_windows_overlap",
        backward("dbig[b, :, rows, columns] +=", "dbig[b, :, rows, columns] ="),
        {OVERLAP},
    ),
    Variant(
        "conv2d_backward",
        "indexes_the_gradient_by_the_window",
        backward("g = grad_output[b, o, i, j]", "g = grad_output[b, o, min(i * sh, oh - 1), min(j * sw, ow - 1)]"),
        {STRIDE_BACK},
    ),
    Variant(
        "conv2d_backward",
        "ignores_the_stride",
        backward("slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)", "slice(i, i + kh), slice(j, j + kw)"),
        {STRIDE_BACK},
    ),
    Variant(
        "conv2d_backward",
        "assigns_the_filters_gradient",
        backward("dw[o] +=", "dw[o] ="),
        {"every position adds to the filter's gradient"},
    ),
    Variant(
        "conv2d_backward",
        "turns_the_filter_over",
        backward("g * weight[o]", "g * weight[o, :, ::-1, ::-1]"),
        {"nothing is turned over"},
    ),
    Variant(
        "conv2d_backward",
        "averages_the_bias",
        backward("db[o] += g", "db[o] += g / n"),
        {"the gradient of the bias is a sum over images and positions"},
    ),
    Variant(
        "conv2d_backward",
        "returns_the_padding",
        backward("return dbig[:, :, ph:ph + h, pw:pw + w]", "return dbig"),
        {"the padding's share is cut off"},
    ),
    Variant(
        "conv2d_backward",
        "mixes_the_channels",
        backward("g * weight[o]", "g * weight[o].mean(axis=0)"),
        {"images, filters and channels stay apart"},
    ),
    Variant(
        "conv2d_backward",
        "keeps_integers",
        backward("x = np.array(x, dtype=float)", "x = np.array(x)")
        .replace("np.zeros_like(big), np.zeros_like(weight)", "np.zeros(big.shape, x.dtype), np.zeros_like(weight)")
        .replace("dbig[b, :, rows, columns] += g", "dbig[b, :, rows, columns] = dbig[b, :, rows, columns] + g"),
        {ODD},
    ),
    Variant(
        "conv2d_backward",
        "scales_in_place",
        backward(
            "grad_output = np.array(grad_output, dtype=float)", "grad_output = np.asarray(grad_output, dtype=float)"
        ).replace(
            "    return dbig",
            """\
    grad_output *= 0
    return dbig""",
        ),
        {"the input stays untouched"},
    ),
    Variant("conv2d_backward", "checks_no_ranks", backward("if array.ndim != 4", "if False"), {REFUSED}),
    Variant(
        "receptive_field",
        "adds_whole_kernels",
        field("(kernel - 1) * jump", "kernel * jump - (size == 1)"),
        {"layers of stride 1 add up", STRETCH},
    ),
    Variant(
        "receptive_field",
        "stretches_its_own_layer",
        field(
            """\
size = size + (kernel - 1) * jump
        jump = jump * stride""",
            """\
jump = jump * stride
        size = size + (kernel - 1) * jump""",
        ),
        {STRETCH},
    ),
    Variant("receptive_field", "reads_from_the_output", field("in layers:", "in layers[::-1]:"), {STRETCH}),
    Variant(
        "receptive_field",
        "adds_the_strides",
        field("jump = jump * stride", "jump = jump + stride - 1"),
        {"the jump is the product of the strides", STRETCH},
    ),
    Variant(
        "receptive_field",
        "jump_of_the_last_layer",
        field("return size, jump", "return size, layers[-1][1] if layers else 1"),
        {"the jump is the product of the strides"},
    ),
    Variant(
        "receptive_field",
        "needs_a_layer",
        field(
            """\
size, jump = 1, 1
    for kernel, stride in layers:""",
            """\
size, jump = layers[0]
    for kernel, stride in layers[1:]:""",
        ).replace(
            "size, jump = layers[0]",
            """\
size, jump = layers[0]
    if size < 1:
        raise ValueError("kernel_size")""",
        ),
        {"no layers see one cell"},
    ),
    Variant(
        "receptive_field",
        "floats",
        field("jump = 1, 1", "jump = 1.0, 1.0"),
        {"size and jump are ints, the list stays as it was"},
    ),
    Variant(
        "receptive_field",
        "empties_the_list",
        field(
            "for kernel, stride in layers:",
            """\
while layers:
        kernel, stride = layers.pop(0)""",
        ),
        {"size and jump are ints, the list stays as it was"},
    ),
    Variant("receptive_field", "accepts_a_stride_of_zero", field("stride < 1", "stride < 0"), {REFUSED}),
    Variant(
        "conv2d_cost",
        "forgets_the_input_channels",
        cost(
            """\
parameters = out_channels * in_channels * kh * kw
    macs = parameters * oh * ow""",
            """\
parameters = out_channels * kh * kw
    macs = parameters * in_channels * oh * ow""",
        ),
        {"weights are counted once"},
    ),
    Variant(
        "conv2d_cost",
        "counts_weights_per_position",
        cost("macs = parameters * oh * ow", "macs = parameters = parameters * oh * ow"),
        {"weights are counted once"},
    ),
    Variant(
        "conv2d_cost",
        "macs_of_one_cell",
        cost("macs = parameters * oh * ow", "macs = parameters"),
        {"every output cell costs a window of products"},
    ),
    Variant(
        "conv2d_cost",
        "bias_costs_products",
        cost(
            """\
    macs = parameters * oh * ow
""",
            "",
        ).replace("    return parameters, macs", "    return parameters, parameters * oh * ow"),
        {"a bias adds parameters, no products"},
    ),
    Variant(
        "conv2d_cost",
        "one_bias_in_all",
        cost("parameters += out_channels", "parameters += 1"),
        {"a bias adds parameters, no products"},
    ),
    Variant("conv2d_cost", "square_windows", cost("kh * kw", "kh ** 2"), {"windows and maps may be rectangles"}),
    Variant(
        "conv2d_cost",
        "floats",
        cost("macs = parameters * oh * ow", "macs = float(parameters * oh * ow)"),
        {"counts are ints"},
    ),
    Variant("conv2d_cost", "accepts_an_empty_map", cost('("output_size", oh), ("output_size", ow)', ""), {REFUSED}),
]

RIGHT = [
    Variant("output_size", "formulas", SIZE),
    Variant(
        "output_size",
        "counting",
        """
def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    arguments = dict(n=n, kernel_size=kernel_size, stride=stride, dilation=dilation, padding=padding + 1)
    for name in arguments:
        if arguments[name] < 1:
            raise ValueError(f"{name} is too small")
    end = n + 2 * padding
    count = start = 0
    while start + dilation * (kernel_size - 1) < end:
        count, start = count + 1, start + stride
    if count == 0:
        raise ValueError("the window (kernel_size) is larger than the padded input")
    reached = start - stride + dilation * (kernel_size - 1) + 1
    return count + 1 if ceil_mode and reached < end and start < n + padding else count
""",
    ),
    Variant(
        "output_size",
        "math",
        """
import math

def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    if n < 1: raise ValueError("n")
    if kernel_size < 1: raise ValueError("kernel_size")
    if stride < 1: raise ValueError("stride")
    if padding < 0: raise ValueError("padding")
    if dilation < 1: raise ValueError("dilation")
    room = (n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride
    if room < 0: raise ValueError("kernel_size")
    if not ceil_mode:
        return math.floor(room) + 1
    out = math.ceil(room) + 1
    return out - 1 if (out - 1) * stride >= n + padding else out
""",
    ),
    Variant("conv2d", "loops", LOOPS),
    Variant("conv2d", "im2col", IM2COL),
    Variant("conv2d", "stride_tricks", STRIDES),
    Variant("conv2d_backward", "loops", BACKWARD),
    Variant("conv2d_backward", "turned_correlation", BACKWARD_EINSUM),
    Variant("conv2d_backward", "transposed_matrix", BACKWARD_MATRIX),
    Variant("receptive_field", "forwards", FIELD),
    Variant("receptive_field", "backwards", FIELD_BACKWARDS),
    Variant("receptive_field", "arrays", FIELD_NUMPY),
    Variant("conv2d_cost", "pairs", COST),
    Variant("conv2d_cost", "numpy", COST_NUMPY),
    Variant("conv2d_cost", "counted", COST_COUNTED),
]
