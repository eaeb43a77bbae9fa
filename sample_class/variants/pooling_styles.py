"""The functions of the pooling assignment in unlike styles, each of them right."""

from sample_class.variants.variant import Variant

# The arguments as many students would check them, and where windows begin.
GEOMETRY = '''
import numpy as np


def two(value):
    return (value, value) if isinstance(value, (int, np.integer)) else tuple(value)


def axes(shape, kernel_size, stride, padding, ceil_mode=False):
    """For each axis: where the windows begin, counted in the input, and how long they are."""
    kernel, pad = two(kernel_size), two(padding)
    step = kernel if stride is None else two(stride)
    found = []
    for n, k, s, p in zip(shape[2:], kernel, step, pad):
        if k < 1:
            raise ValueError("kernel_size must be positive")
        if s < 1:
            raise ValueError("stride must be positive")
        if p < 0 or p > k / 2:
            raise ValueError("padding must be between 0 and half the kernel")
        if n + 2 * p < k:
            raise ValueError("kernel_size is larger than the image")
        count = (n + 2 * p - k) // s + 1
        if ceil_mode and count * s < n + p and (n + 2 * p - k) % s:
            count += 1
        found.append([(i * s - p, k) for i in range(count)])
    return found


def four(array, name):
    if np.ndim(array) != 4:
        raise ValueError(name + " needs four axes")
'''

MAX = Variant(
    "max_pool2d",
    "loops",
    GEOMETRY
    + """

def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    x = np.array(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    out = np.empty(x.shape[:2] + (len(rows), len(columns)))
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i, (top, kh) in enumerate(rows):
                for j, (left, kw) in enumerate(columns):
                    window = x[n, c, max(top, 0) : top + kh, max(left, 0) : left + kw]
                    out[n, c, i, j] = window.max()
    return out
""",
)

MAX_STRIDES = Variant(
    "max_pool2d",
    "stride_tricks",
    """
import numpy as np


def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    x = np.asarray(x, dtype=float)
    if len(x.shape) != 4:
        raise ValueError("x: four axes, please")
    kernel_size = np.broadcast_to(kernel_size, 2)
    stride = kernel_size if stride is None else np.broadcast_to(stride, 2)
    padding = np.broadcast_to(padding, 2)
    for name, values, least in (("kernel_size", kernel_size, 1), ("stride", stride, 1), ("padding", padding, 0)):
        if (values < least).any():
            raise ValueError(f"{name} below {least}")
    if (2 * padding > kernel_size).any():
        raise ValueError("padding above kernel_size / 2")
    inside = np.array(x.shape[2:])
    room = inside + 2 * padding - kernel_size
    if (room < 0).any():
        raise ValueError("kernel_size above the input's size")
    out = room // stride + 1
    if ceil_mode:
        out = -(-room // stride) + 1
        out -= (out - 1) * stride >= inside + padding
    big = np.full(x.shape[:2] + tuple((out - 1) * stride + kernel_size + padding + inside), -np.inf)
    big[:, :, padding[0] : padding[0] + inside[0], padding[1] : padding[1] + inside[1]] = x
    strides = big.strides[:2] + tuple(big.strides[2:] * stride) + big.strides[2:]
    shape = x.shape[:2] + tuple(out) + tuple(kernel_size)
    return np.lib.stride_tricks.as_strided(big, shape, strides).max((-1, -2))
""",
)

MAX_OFFSETS = Variant(
    "max_pool2d",
    "offsets",
    GEOMETRY
    + """

def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    four(x, "x")
    rows, columns = axes(np.shape(x), kernel_size, stride, padding, ceil_mode)
    x = np.asarray(x).astype(float)
    out = None
    for a in range(rows[0][1]):
        for b in range(columns[0][1]):
            r = np.array([top + a for top, _ in rows])
            c = np.array([left + b for left, _ in columns])
            seen = x[:, :, r.clip(0, x.shape[2] - 1)][:, :, :, c.clip(0, x.shape[3] - 1)]
            outside = ((r < 0) | (r >= x.shape[2]))[:, None] | ((c < 0) | (c >= x.shape[3]))
            seen = np.where(outside, -np.inf, seen)
            out = seen if out is None else np.maximum(out, seen)
    return out
""",
)

MAX_ROWS_THEN_COLUMNS = Variant(
    "max_pool2d",
    "rows_then_columns",
    GEOMETRY
    + """

def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    four(x, "x")
    x = np.asarray(x, float)
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    x = np.stack([x[:, :, max(0, top) : top + k].max(axis=2) for top, k in rows], axis=2)
    return np.stack([x[..., max(0, left) : left + k].max(axis=3) for left, k in columns], axis=3)
""",
)

AVG = Variant(
    "avg_pool2d",
    "loops",
    GEOMETRY
    + """

def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.array(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    (ph, pw), (height, width) = two(padding), x.shape[2:]
    out = np.empty(x.shape[:2] + (len(rows), len(columns)))
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            window = x[:, :, max(top, 0) : top + kh, max(left, 0) : left + kw]
            if count_include_pad:
                cells = (min(top + kh, height + ph) - top) * (min(left + kw, width + pw) - left)
            else:
                cells = window.shape[2] * window.shape[3]
            out[:, :, i, j] = window.sum(axis=(2, 3)) / cells
    return out
""",
)

# An average is a product with a matrix of shares, one for each axis: linear algebra instead of windows.
AVG_MATRICES = Variant(
    "avg_pool2d",
    "axis_by_axis",
    GEOMETRY
    + """

def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    four(x, "x")
    shape = np.shape(x)
    result = np.asarray(x, dtype=np.float64)
    per_axis = axes(shape, kernel_size, stride, padding, ceil_mode)
    for axis, (spans, p) in enumerate(zip(per_axis, two(padding)), start=2):
        n = shape[axis]
        parts = []
        for start, k in spans:
            real = range(max(start, 0), min(start + k, n))
            count = min(start + k, n + p) - start if count_include_pad else len(real)
            parts.append(np.take(result, real, axis).sum(axis) / count)
        result = np.stack(parts, axis)
    return result
""",
)

AVG_PADDED = Variant(
    "avg_pool2d",
    "offsets",
    GEOMETRY
    + """

def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.asarray(x, dtype=float)
    four(x, "x")
    rows, columns = axes(x.shape, kernel_size, stride, padding, ceil_mode)
    (ph, pw), (kh, kw) = two(padding), two(kernel_size)
    edge = [(0, 0), (0, 0), (ph, ph), (pw, pw)]
    more = [(0, 0), (0, 0), (0, kh), (0, kw)]
    values = np.pad(np.pad(x, edge), more)
    counts = np.pad(np.pad(np.ones_like(x), edge, constant_values=1 if count_include_pad else 0), more)
    pick = np.ix_([top + ph for top, _ in rows], [left + pw for left, _ in columns])
    total = count = 0
    for a in range(kh):
        for b in range(kw):
            place = (slice(None), slice(None), pick[0] + a, pick[1] + b)
            total = total + values[place]
            count = count + counts[place]
    return total / count
""",
)

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

MAX_BACKWARD = Variant(
    "max_pool2d_backward",
    "loops",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    x = np.array(x, dtype=float)
    rows, columns = axes(x.shape, kernel_size, stride, padding)
    grad = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i, (top, kh) in enumerate(rows):
                for j, (left, kw) in enumerate(columns):
                    first_row, first_column = max(top, 0), max(left, 0)
                    window = x[n, c, first_row : top + kh, first_column : left + kw]
                    a, b = np.unravel_index(window.argmax(), window.shape)
                    grad[n, c, first_row + a, first_column + b] += grad_output[n, c, i, j]
    return grad
""",
)

MAX_BACKWARD_SCATTER = Variant(
    "max_pool2d_backward",
    "flat_places",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    rows, columns = axes(np.shape(x), kernel_size, stride, padding)
    n, c, height, width = np.shape(x)
    flat = np.asarray(x, dtype=float).reshape(n * c, height * width)
    grad = np.zeros_like(flat)
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            places = [
                y * width + z
                for y in range(max(top, 0), min(top + kh, height))
                for z in range(max(left, 0), min(left + kw, width))
            ]
            winners = np.array(places)[np.argmax(flat[:, places], axis=1)]
            grad[np.arange(n * c), winners] += np.asarray(grad_output)[:, :, i, j].ravel()
    return grad.reshape(n, c, height, width)
""",
)

# Offset by offset: who is strictly better than everybody before takes the window over.
MAX_BACKWARD_OFFSETS = Variant(
    "max_pool2d_backward",
    "offsets",
    GEOMETRY
    + """

def max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    four(grad_output, "grad_output")
    four(x, "x")
    x, grad_output = np.asarray(x, float), np.asarray(grad_output, float)
    rows, columns = axes(x.shape, kernel_size, stride, padding)
    height, width = x.shape[2:]
    best = np.full(grad_output.shape, -np.inf)
    row = np.full(grad_output.shape, -1)
    column = row.copy()
    for a in range(rows[0][1]):
        for b in range(columns[0][1]):
            y = np.array([top + a for top, _ in rows])[:, None]
            z = np.array([left + b for left, _ in columns])[None, :]
            inside = (y >= 0) & (y < height) & (z >= 0) & (z < width)
            seen = x[:, :, y.clip(0, height - 1), z.clip(0, width - 1)]
            better = inside & ((seen > best) | np.isnan(seen) | (row < 0))
            best = np.where(better, seen, best)
            row = np.where(better, y, row)
            column = np.where(better, z, column)
    grad = np.zeros(x.shape)
    sample, channel = np.indices(grad_output.shape)[:2]
    np.add.at(grad, (sample, channel, row, column), grad_output)
    return grad
""",
)

AVG_BACKWARD = Variant(
    "avg_pool2d_backward",
    "loops",
    GEOMETRY
    + """

def avg_pool2d_backward(grad_output, x_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    four(grad_output, "grad_output")
    if len(x_shape) != 4:
        raise ValueError("x_shape needs four entries")
    grad_output = np.asarray(grad_output, dtype=float)
    rows, columns = axes(x_shape, kernel_size, stride, padding)
    grad = np.zeros(x_shape)
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            window = grad[:, :, max(top, 0) : top + kh, max(left, 0) : left + kw]
            cells = kh * kw if count_include_pad else window.shape[2] * window.shape[3]
            window += grad_output[:, :, i, j, None, None] / cells
    return grad
""",
)

# The gradient of a linear function is its matrix, transposed; rows and columns each have a matrix of their own.
AVG_BACKWARD_MATRICES = Variant(
    "avg_pool2d_backward",
    "matrices",
    GEOMETRY
    + """

def avg_pool2d_backward(grad_output, x_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    four(grad_output, "grad_output")
    if np.size(x_shape) != 4:
        raise ValueError("x_shape is (N, C, H, W)")
    matrices = []
    for n, spans in zip(x_shape[2:], axes(x_shape, kernel_size, stride, padding)):
        matrix = np.zeros((n, len(spans)))
        for i, (start, k) in enumerate(spans):
            covered = matrix[max(start, 0) : start + k, i]
            covered += 1 / (k if count_include_pad else len(covered))
        matrices.append(matrix)
    # No einsum: zero times NaN is NaN, and a gradient of NaN reaches its own window only.
    result = np.zeros(x_shape)
    grad_output = np.asarray(grad_output, dtype=float)
    for i, j in np.ndindex(grad_output.shape[2:]):
        share = np.outer(matrices[0][:, i], matrices[1][:, j])
        result += np.where(share > 0, grad_output[:, :, i, j, None, None] * share, 0.0)
    return result
""",
)

AVG_BACKWARD_SCATTER = Variant(
    "avg_pool2d_backward",
    "scatter",
    GEOMETRY
    + """

def avg_pool2d_backward(grad_output, x_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    four(grad_output, "grad_output")
    if np.shape(x_shape) != (4,):
        raise ValueError("bad x_shape")
    samples, channels, height, width = x_shape
    rows, columns = axes(x_shape, kernel_size, stride, padding)
    grad = np.zeros((samples, channels, height, width))
    sources, targets, shares = [], [], []
    for i, (top, kh) in enumerate(rows):
        for j, (left, kw) in enumerate(columns):
            real_rows = range(max(top, 0), min(top + kh, height))
            cells = [(y, z) for y in real_rows for z in range(max(left, 0), min(left + kw, width))]
            sources += [(i, j)] * len(cells)
            targets += cells
            shares += [1 / (kh * kw if count_include_pad else len(cells))] * len(cells)
    (i, j), (y, z) = np.transpose(sources), np.transpose(targets)
    np.add.at(grad, (slice(None), slice(None), y, z), np.asarray(grad_output)[:, :, i, j] * np.array(shares))
    return grad
""",
)

WEIGHT = Variant(
    "avg_pool_weight",
    "loop",
    """
import numpy as np


def avg_pool_weight(channels, kernel_size):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, (int, np.integer)) else kernel_size
    if channels < 1:
        raise ValueError("channels must be at least 1")
    if kh < 1 or kw < 1:
        raise ValueError("kernel_size must be at least 1")
    weight = np.zeros((channels, channels, kh, kw))
    for c in range(channels):
        weight[c, c] = 1 / (kh * kw)
    return weight
""",
)

WEIGHT_KRON = Variant(
    "avg_pool_weight",
    "kronecker",
    """
import numpy as np


def avg_pool_weight(channels, kernel_size):
    kernel = np.broadcast_to(kernel_size, 2)
    if channels <= 0 or kernel.min() <= 0:
        raise ValueError(f"channels={channels}, kernel_size={kernel_size}: not positive")
    blocks = np.kron(np.eye(channels), np.ones(kernel) / kernel.prod())
    return blocks.reshape(channels, kernel[0], channels, kernel[1]).transpose(0, 2, 1, 3)
""",
)
