"""Ways to write the functions of the invariance assignment, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant

REFUSED = "bad arguments are refused"
ODD = "integers, NaN and infinity are numbers, too"
UNTOUCHED = "the input stays untouched"
APART = "images and channels stay apart"
SIDES = "height and width are two things"


def changed(source: str, old: str, new: str) -> str:
    """Replace a text that is there."""
    assert old in source, old
    return source.replace(old, new)


SHIFT = """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    if np.ndim(x) < 2:
        raise ValueError("x needs two axes")
    if mode not in ("zero", "wrap"):
        raise ValueError("mode is zero or wrap")
    out = np.roll(x, (dy, dx), axis=(-2, -1))
    if mode == "zero":
        if dy > 0:
            out[..., :dy, :] = 0
        if dy < 0:
            out[..., dy:, :] = 0
        if dx > 0:
            out[..., :dx] = 0
        if dx < 0:
            out[..., dx:] = 0
    return out
"""

SHIFT_LOOP = """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    x = np.asarray(x, dtype=float)
    if x.ndim < 2:
        raise ValueError(f"x has {x.ndim} axes")
    height, width = x.shape[-2], x.shape[-1]
    out = np.zeros(x.shape)
    for i in range(height):
        for j in range(width):
            to_i, to_j = i + dy, j + dx
            if mode == "wrap":
                out[..., to_i % height, to_j % width] = x[..., i, j]
            elif mode == "zero":
                if 0 <= to_i < height and 0 <= to_j < width:
                    out[..., to_i, to_j] = x[..., i, j]
            else:
                raise ValueError(mode)
    return out
"""

SHIFT_PAD = '''
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    """Pad by the shift on both sides and cut the shifted frame out."""
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError("x")
    if mode not in {"zero": "constant", "wrap": "wrap"}:
        raise ValueError(mode)
    h, w = x.shape[-2:]
    pad = [(0, 0)] * (x.ndim - 2) + [(abs(dy), abs(dy)), (abs(dx), abs(dx))]
    big = np.pad(x, pad, mode={"zero": "constant", "wrap": "wrap"}[mode])
    return big[..., abs(dy) - dy:abs(dy) - dy + h, abs(dx) - dx:abs(dx) - dx + w]
'''

CONSISTENCY = """
import numpy as np

def shift_consistency(logits, shifted_logits):
    if np.ndim(logits) != 2:
        raise ValueError("logits must be (N, classes)")
    if np.ndim(shifted_logits) != 2:
        raise ValueError("shifted_logits must be (N, classes)")
    a = logits.argmax(axis=1)
    b = shifted_logits.argmax(axis=1)
    return (a == b).mean()
"""

CONSISTENCY_LOOP = """
def shift_consistency(logits, shifted_logits):
    for name, array in [("logits", logits), ("shifted_logits", shifted_logits)]:
        if len(array.shape) != 2:
            raise ValueError(f"{name} has the wrong rank")
    def winner(row):
        best = 0
        for i in range(1, len(row)):
            if row[best] == row[best] and not row[i] <= row[best]:
                best = i
        return best
    same = 0
    for one, other in zip(logits, shifted_logits):
        same += winner(one) == winner(other)
    return same / len(logits)
"""

KERNEL = """
import numpy as np

def binomial_kernel(size):
    if size < 1:
        raise ValueError("size")
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    kernel = np.outer(row, row)
    return kernel / kernel.sum()
"""

KERNEL_COMB = """
from math import comb
import numpy as np

def binomial_kernel(size):
    if size <= 0:
        raise ValueError(f"size={size}")
    numbers = [comb(size - 1, k) for k in range(size)]
    return np.array([[a * b / 4 ** (size - 1) for b in numbers] for a in numbers])
"""

BLUR = """
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
"""

# One axis after the other, the padding by hand.
BLUR_SEPARABLE = """
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
"""

BLUR_SUM = '''
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
'''

MAX_BLUR = """
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
"""

MAX_BLUR_CALL = """
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
"""

ROTATION = """
import numpy as np

def rotation_pool(x, weight):
    if np.ndim(x) != 4:
        raise ValueError("x")
    if np.ndim(weight) != 4:
        raise ValueError("weight")
    if x.shape[2] != x.shape[3] or weight.shape[2] != weight.shape[3]:
        raise ValueError("x and weight must be square")
    n, c, s, _ = x.shape
    f, _, k, _ = weight.shape
    if k > s:
        raise ValueError("weight is larger than x")
    best = np.full((n, f), -np.inf)
    for turns in range(4):
        turned = np.rot90(weight, turns, axes=(2, 3))
        for i in range(s - k + 1):
            for j in range(s - k + 1):
                window = x[:, None, :, i:i + k, j:j + k]
                best = np.maximum(best, (window * turned[None]).sum(axis=(2, 3, 4)))
    return best
"""

# Turn the image instead of the filter.
ROTATION_IMAGE = """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def rotation_pool(x, weight):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    for name, array in (("x", x), ("weight", weight)):
        if array.ndim != 4 or array.shape[-1] != array.shape[-2]:
            raise ValueError(f"{name} has shape {array.shape}: four axes, the last two equal")
    k = weight.shape[-1]
    if k > x.shape[-1]:
        raise ValueError("weight does not fit")
    responses = []
    for turned in (x, x[:, :, ::-1].swapaxes(2, 3), x[:, :, ::-1, ::-1], x.swapaxes(2, 3)[:, :, ::-1]):
        windows = sliding_window_view(turned, (k, k), axis=(2, 3))
        responses.append(np.einsum("nchwij,fcij->nfhw", windows, weight))
    return np.max(responses, axis=(0, 3, 4))
"""


def shift(old: str, new: str) -> str:
    return changed(SHIFT, old, new)


def consistency(old: str, new: str) -> str:
    return changed(CONSISTENCY, old, new)


def kernel(old: str, new: str) -> str:
    return changed(KERNEL, old, new)


def blur(old: str, new: str) -> str:
    return changed(BLUR, old, new)


def max_blur(old: str, new: str) -> str:
    return changed(MAX_BLUR, old, new)


def rotation(old: str, new: str) -> str:
    return changed(ROTATION, old, new)


SLICES = """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    x = np.asarray(x, dtype=float)
    if x.ndim < 2:
        raise ValueError("x")
    if mode == "wrap":
        return np.roll(x, (dy, dx), axis=(-2, -1))
    if mode != "zero":
        raise ValueError("mode")
    out = np.zeros_like(x)
    rows = (slice(dy, None), slice(None, -dy)) if dy > 0 else (slice(None, dy), slice(-dy, None))
    columns = (slice(dx, None), slice(None, -dx)) if dx > 0 else (slice(None, dx), slice(-dx, None))
    out[..., rows[0], columns[0]] = x[..., rows[1], columns[1]]
    return out
"""

STAYS = "a shift of zero moves nothing"
LOST = "what leaves is lost, zeros enter"
WINNER = "rows whose winner stays are counted"
TRIANGLE = "rows of Pascal's triangle, times each other"
REFLECTED = "the border is reflected"
STRIDED = "every stride-th cell is kept, the first one too"
SIZES = "other sizes, even ones too"
DENSE = "the maximum is taken at every position"
TURNS = "all four rotations are tried"

WRONG = [
    Variant("shift2d", "rolls_always", shift('if mode == "zero":', "if False:"), {LOST}),
    Variant(
        "shift2d",
        "up_is_positive",
        shift(
            "    out = np.roll",
            """\
    dy, dx = -dy, -dx
    out = np.roll""",
        ),
        {"down and right are positive", "up and left are negative"},
    ),
    Variant(
        "shift2d",
        "x_comes_first",
        shift(
            "    out = np.roll",
            """\
    dy, dx = dx, dy
    out = np.roll""",
        ),
        {"down and right are positive", "up and left are negative"},
    ),
    Variant(
        "shift2d",
        "forgets_negative_shifts",
        shift(
            """\
        if dy < 0:
            out[..., dy:, :] = 0
""",
            "",
        ).replace("(dy, dx), axis", "(max(dy, 0), max(dx, 0)) if mode == 'zero' else (dy, dx), axis"),
        {"up and left are negative"},
    ),
    Variant("shift2d", "slices_to_minus_zero", SLICES, {STAYS}),
    Variant(
        "shift2d",
        "shifts_the_first_axes",
        shift("axis=(-2, -1)", "axis=(0, 1)")
        .replace("out[..., :dy, :]", "out[:dy]")
        .replace("out[..., :dx]", "out[:, :dx]"),
        {"the last two axes of any array"},
    ),
    Variant(
        "shift2d",
        "multiplies_by_a_mask",
        """
import numpy as np

def shift2d(x, dy, dx, mode="zero"):
    if np.ndim(x) < 2:
        raise ValueError("x")
    out = np.roll(x, (dy, dx), axis=(-2, -1))
    if mode == "wrap":
        return out
    if mode != "zero":
        raise ValueError("mode")
    rows, columns = np.indices(x.shape[-2:])
    inside = (rows >= dy) & (rows < dy + x.shape[-2]) & (columns >= dx) & (columns < dx + x.shape[-1])
    return out * inside
""",
        {ODD},
    ),
    Variant(
        "shift2d",
        "leaves_nan_behind",
        SHIFT.replace(
            '    if mode == "zero":',
            """\
    x = np.where(np.isnan(x), 0, x)
    out = np.roll(x, (dy, dx), axis=(-2, -1))
    if mode == "zero":""",
        ),
        {ODD},
    ),
    Variant(
        "shift2d",
        "wraps_by_modulo",
        shift(
            "    out = np.roll",
            """\
    dy, dx = dy % x.shape[-2], dx % x.shape[-1]
    out = np.roll""",
        ),
        {"up and left are negative", "a shift may exceed the image"},
    ),
    Variant(
        "shift2d",
        "clears_the_input",
        shift(
            "    return out",
            """\
    x[...] = 0
    return out""",
        ),
        {UNTOUCHED},
    ),
    Variant("shift2d", "wraps_for_unknown_modes", shift('if mode not in ("zero", "wrap")', "if False"), {REFUSED}),
    Variant(
        "shift_consistency",
        "compares_values",
        consistency("(a == b).mean()", "np.isclose(logits, shifted_logits).all(axis=1).mean()"),
        {WINNER, "the result is a share, a float", "the first maximum wins a tie", ODD, UNTOUCHED, REFUSED},
    ),
    Variant(
        "shift_consistency",
        "over_the_images",
        consistency("axis=1", "axis=0"),
        {WINNER, "the result is a share, a float", ODD, "the first maximum wins a tie", UNTOUCHED, REFUSED},
    ),
    Variant(
        "shift_consistency",
        "counts",
        consistency("(a == b).mean()", "int((a == b).sum())"),
        {"the result is a share, a float"},
    ),
    Variant(
        "shift_consistency",
        "last_maximum",
        consistency(
            """\
a = logits.argmax(axis=1)
    b = shifted_logits.argmax(axis=1)""",
            "a, b = (z.shape[1] - 1 - z[:, ::-1].argmax(axis=1) for z in (logits, shifted_logits))",
        ),
        {"the first maximum wins a tie"},
    ),
    Variant(
        "shift_consistency",
        "ignores_nan",
        consistency("logits.argmax(axis=1)", "np.nanargmax(logits, axis=1)").replace(
            "shifted_np.nanargmax(logits", "np.nanargmax(shifted_logits"
        ),
        {ODD},
    ),
    Variant(
        "shift_consistency",
        "sorts_in_place",
        consistency(
            "return (a == b).mean()",
            """\
logits.sort(axis=1)
    return (a == b).mean()""",
        ),
        {UNTOUCHED},
    ),
    Variant("shift_consistency", "takes_any_rank", consistency("np.ndim(shifted_logits) != 2", "False"), {REFUSED}),
    Variant(
        "binomial_kernel",
        "adds_rows_and_columns",
        kernel("np.outer(row, row)", "row[:, None] + row[None, :]"),
        {TRIANGLE, "even sizes and large ones", REFUSED},
    ),
    Variant(
        "binomial_kernel",
        "a_box",
        kernel("np.convolve(row, [1, 1])", "np.ones(len(row) + 1)"),
        {TRIANGLE, "even sizes and large ones", REFUSED},
    ),
    Variant(
        "binomial_kernel",
        "not_normalised",
        kernel("return kernel / kernel.sum()", "return kernel"),
        {"the weights sum to 1"},
    ),
    Variant(
        "binomial_kernel",
        "normalised_once",
        kernel("kernel / kernel.sum()", "kernel / row.sum()").replace("size - 1):", "size - 1):"),
        {"the weights sum to 1"},
    ),
    Variant(
        "binomial_kernel",
        "next_odd_size",
        kernel(
            "    row = np.array([1.0])",
            """\
    size += 1 - size % 2
    row = np.array([1.0])""",
        ),
        {"even sizes and large ones"},
    ),
    Variant("binomial_kernel", "overflows", kernel("np.array([1.0])", "np.array([1])"), {"even sizes and large ones"}),
    Variant("binomial_kernel", "starts_at_two", kernel("size < 1", "size < 2"), {"size 1 changes nothing"}),
    Variant(
        "binomial_kernel",
        "empty_kernel",
        kernel(
            """\
    if size < 1:
        raise ValueError("size")
""",
            "",
        ),
        {REFUSED},
    ),
    Variant(
        "blur_pool2d",
        "box_filter",
        blur("np.convolve(row, [0.5, 0.5])", "np.ones(len(row) + 1) / (len(row) + 1)"),
        {"the binomial filter blurs", REFLECTED, STRIDED, SIZES, APART, SIDES, ODD, UNTOUCHED, REFUSED},
    ),
    Variant("blur_pool2d", "pads_with_zeros", blur('mode="reflect"', 'mode="constant"'), {REFLECTED}),
    Variant("blur_pool2d", "repeats_the_edge", blur('mode="reflect"', 'mode="symmetric"'), {REFLECTED}),
    Variant("blur_pool2d", "pads_more_before", blur("before = (size - 1) // 2", "before = size // 2"), {SIZES}),
    Variant(
        "blur_pool2d",
        "size_three_always",
        blur(
            "    n, c, h, w",
            """\
    size = 3 if size > 0 else size
    n, c, h, w""",
        ),
        {SIZES, REFUSED},
    ),
    Variant(
        "blur_pool2d",
        "subsamples_from_the_second",
        blur("::sh, ::sw", "min(sh - 1, 1)::sh, min(sw - 1, 1)::sw"),
        {STRIDED},
    ),
    Variant("blur_pool2d", "swaps_the_strides", blur("::sh, ::sw", "::sw, ::sh"), {STRIDED}),
    Variant(
        "blur_pool2d",
        "mixes_channels",
        blur("* kernel, axis=(2, 3))", "* kernel, axis=(1, 2, 3))[:, None] / c"),
        {APART},
    ),
    Variant("blur_pool2d", "square_images", blur("for j in range(w)", "for j in range(min(h, w))"), {SIDES}),
    Variant("blur_pool2d", "keeps_integers", blur("out = np.zeros((n, c, h, w))", "out = np.zeros_like(x)"), {ODD}),
    Variant("blur_pool2d", "skips_nan", blur("np.sum(", "np.nansum("), {ODD}),
    Variant(
        "blur_pool2d",
        "blurs_in_place",
        blur(
            "    return out",
            """\
    x[...] = out
    return out""",
        ),
        {UNTOUCHED},
    ),
    Variant("blur_pool2d", "reflects_more_than_there_is", blur("after >= h or after >= w", "False"), {REFUSED}),
    Variant(
        "max_blur_pool2d",
        "no_maximum",
        max_blur(".max(axis=(2, 3))", ".mean(axis=(2, 3))"),
        {
            DENSE,
            "negative values have a maximum, too",
            "the blur comes after the maximum",
            "subsampling comes last",
            "padding as in blur_pool2d",
            APART,
            SIDES,
            ODD,
            UNTOUCHED,
            REFUSED,
        },
    ),
    Variant(
        "max_blur_pool2d",
        "starts_from_zero",
        max_blur(".max(axis=(2, 3))", ".max(axis=(2, 3), initial=0)"),
        {"negative values have a maximum, too"},
    ),
    Variant(
        "max_blur_pool2d",
        "never_blurs",
        max_blur("row[a] * row[b]", "(a == before) * (b == before)"),
        {"the blur comes after the maximum", "padding as in blur_pool2d"},
    ),
    Variant(
        "max_blur_pool2d",
        "strides_by_the_window",
        max_blur("::sh, ::sw", "::max(sh, kh) if sh > 1 else 1, ::max(sw, kw) if sw > 1 else 1")
        .replace("::max(sh, kh) if sh > 1 else 1", "::kh if sh > 1 else 1")
        .replace("::max(sw, kw) if sw > 1 else 1", "::kw if sw > 1 else 1"),
        {"subsampling comes last"},
    ),
    Variant(
        "max_blur_pool2d",
        "pads_with_zeros",
        max_blur('mode="reflect"', 'mode="constant"'),
        {"padding as in blur_pool2d"},
    ),
    Variant(
        "max_blur_pool2d",
        "mixes_channels",
        max_blur(
            "x[:, :, i:i + kh, j:j + kw].max(axis=(2, 3))", "x[:, :, i:i + kh, j:j + kw].max(axis=(1, 2, 3))[:, None]"
        ),
        {APART},
    ),
    Variant(
        "max_blur_pool2d",
        "square_windows",
        max_blur(
            "    n, c, h, w",
            """\
    kw = kh
    n, c, h, w""",
        ),
        {SIDES, REFUSED},
    ),
    Variant(
        "max_blur_pool2d",
        "skips_nan",
        max_blur(
            "x[:, :, i:i + kh, j:j + kw].max(axis=(2, 3))", "np.fmax.reduce(x[:, :, i:i + kh, j:j + kw], axis=(2, 3))"
        ),
        {ODD},
    ),
    Variant(
        "max_blur_pool2d",
        "maximum_in_place",
        max_blur("            dense[", "            x[:, :, i, j] = dense["),
        {UNTOUCHED},
    ),
    Variant("max_blur_pool2d", "window_of_any_size", max_blur("or kh > h or kw > w", ""), {REFUSED}),
    Variant("rotation_pool", "one_rotation", rotation("range(4)", "range(1)"), {TURNS}),
    Variant("rotation_pool", "half_turns", rotation("range(4)", "(0, 2)"), {TURNS}),
    Variant(
        "rotation_pool",
        "flips",
        rotation("np.rot90(weight, turns, axes=(2, 3))", "weight[:, :, ::1 - 2 * (turns // 2), ::1 - 2 * (turns % 2)]"),
        {TURNS},
    ),
    Variant(
        "rotation_pool",
        "averages_positions",
        rotation(
            """\
    best = np.full((n, f), -np.inf)
""",
            """\
    best = np.full((n, f), -np.inf)
    places = (s - k + 1) ** 2
""",
        )
        .replace(
            "        for i in",
            """\
        total = 0
        for i in""",
        )
        .replace(
            "best = np.maximum(best, (window * turned[None]).sum(axis=(2, 3, 4)))",
            "total = total + (window * turned[None]).sum(axis=(2, 3, 4)) / places",
        )
        .replace(
            "    return best",
            """\
        best = np.maximum(best, total)
    return best""",
        ),
        {
            "the best position counts",
            TURNS,
            "negative responses have a maximum, too",
            "channels add up before the maximum",
            "every image meets every filter",
            ODD,
            UNTOUCHED,
            REFUSED,
        },
    ),
    Variant(
        "rotation_pool",
        "starts_from_zero",
        rotation("np.full((n, f), -np.inf)", "np.zeros((n, f))"),
        {"negative responses have a maximum, too"},
    ),
    Variant(
        "rotation_pool",
        "best_channel",
        rotation(".sum(axis=(2, 3, 4))", ".sum(axis=(3, 4)).max(axis=2)"),
        {"channels add up before the maximum"},
    ),
    Variant(
        "rotation_pool",
        "first_image",
        rotation("window = x[:, None", "window = x[:1, None"),
        {"every image meets every filter"},
    ),
    Variant("rotation_pool", "skips_nan", rotation("np.maximum(best", "np.fmax(best"), {ODD}),
    Variant(
        "rotation_pool",
        "turns_the_input",
        rotation(
            "    return best",
            """\
    x[...] = np.rot90(x, axes=(2, 3))
    return best""",
        ),
        {UNTOUCHED},
    ),
    Variant(
        "rotation_pool",
        "takes_rectangles",
        rotation("x.shape[2] != x.shape[3] or weight.shape[2] != weight.shape[3]", "False"),
        {REFUSED},
    ),
]

RIGHT = [
    Variant("shift2d", "roll_and_clear", SHIFT),
    Variant("shift2d", "loops", SHIFT_LOOP),
    Variant("shift2d", "pad_and_cut", SHIFT_PAD),
    Variant("shift_consistency", "argmax", CONSISTENCY),
    Variant("shift_consistency", "loops", CONSISTENCY_LOOP),
    Variant("binomial_kernel", "convolved", KERNEL),
    Variant("binomial_kernel", "combinations", KERNEL_COMB),
    Variant("blur_pool2d", "loops", BLUR),
    Variant("blur_pool2d", "separable", BLUR_SEPARABLE),
    Variant("blur_pool2d", "repeated_means", BLUR_SUM),
    Variant("max_blur_pool2d", "loops", MAX_BLUR),
    Variant("max_blur_pool2d", "composed", MAX_BLUR_CALL),
    Variant("rotation_pool", "loops", ROTATION),
    Variant("rotation_pool", "turned_images", ROTATION_IMAGE),
]
