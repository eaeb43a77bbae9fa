"""What the assignment on pooling asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from ..criteria.criterion import bad_arguments_are_refused, call, criterion
from ..criteria.edges import (
    DROPPED,
    KEPT,
    drops_windows_in_the_padding,
    keeps_the_last_window,
    padded,
    pads,
    refuses_bad_padding,
    refuses_bad_sizes,
    refuses_large_windows,
    sane,
)
from ..criteria.judges import same_value
from ..criteria.windows import (
    Array,
    Calls,
    Generator,
    Pool,
    distinct,
    height_comes_first,
    image,
    leaves_out_incomplete_windows,
    moves_by_the_stride,
    padded_step,
    plain,
    square,
    stays_untouched,
    takes_integers,
    takes_samples_and_channels,
    worked,
)
from ..model import Assignment, Call, Criterion, Question

NAN, INF = float("nan"), float("inf")
HUGE = 1e300

MAX, AVG, LP = Pool("max_pool2d"), Pool("avg_pool2d"), Pool("lp_pool2d")
WITHOUT_PADDING = Pool("avg_pool2d", settings=(("count_include_pad", False),))
MAX_BACK, AVG_BACK = Pool("max_pool2d_backward", backward="x"), Pool("avg_pool2d_backward", backward="x_shape")
BACK_WITHOUT_PADDING = replace(AVG_BACK, settings=(("count_include_pad", False),))


def special(pool: Pool, *values: float) -> Calls:
    """Draw a special value at any place of one of four windows."""

    def draw(rng: Generator) -> Iterator[Call]:
        for value in values:
            yield spoiled(pool, value, rng)

    return draw


def spoiled(pool: Pool, value: float, rng: Generator | None = None) -> Call:
    """Return a call with a special value in one of four windows."""
    x = distinct(rng or worked(), square(4))
    x.flat[rng.integers(x.size) if rng else 1] = value
    return pool.on(x, 2, rng)


def special_values(points: float, examples: Iterable[Call], draw: Calls, hint: str) -> Criterion:
    """Return the criterion on NaN and infinity."""
    return criterion("NaN and infinity pass through", points, examples, draw, tries="other places", hint=hint)


# ---- max_pool2d


def below_zero(rng: Generator) -> Iterator[Call]:
    """Draw one value below zero everywhere, so that where padding lies does not matter, and no padding."""
    for value, kernel_size, padding in ((-0.3, 3, 1), (-HUGE, 2, 1), (-INF, 2, 1), (-7.0, 4, 2)):
        yield MAX.on(np.full(square(4), value), kernel_size, padding=padding)
    yield MAX.on(-distinct(rng, square(4)), 2)


MAX_POOL2D = Question(
    "max_pool2d",
    (
        criterion(
            "the largest value of every window",
            1.5,
            sane(MAX),
            plain(MAX),
            tries="other sizes and numbers",
            hint="Without a stride the windows lie side by side: every number is in one of them.",
        ),
        moves_by_the_stride(MAX, 1),
        leaves_out_incomplete_windows(MAX, 0.5),
        height_comes_first(MAX, 0.5),
        takes_samples_and_channels(MAX, 0.5),
        pads(MAX, "padding surrounds the input", 1, "Padding is added before the first and after the last cell."),
        criterion(
            "padding never wins",
            1,
            [MAX.on(image([-3, -1], [-2, -4]), 2), MAX.on(np.full(square(2), -1.0), 2, padding=1)],
            below_zero,
            tries="other negative numbers, also very large ones",
            hint="Zero is larger than every negative number. Which number is larger than none?",
        ),
        keeps_the_last_window(MAX, 0.5),
        drops_windows_in_the_padding(MAX, 0.5),
        special_values(
            0.5,
            [MAX.on(image([1, NAN], [2, 3]), 2), spoiled(MAX, INF), spoiled(MAX, -INF)],
            special(MAX, NAN, NAN, NAN, INF, -INF),
            "A window that holds NaN has no maximum, and says so: a comparison with NaN is never true.",
        ),
        takes_integers(MAX, 0.5, same_value),
        stays_untouched(MAX),
        refuses_bad_sizes(MAX),
        refuses_bad_padding(MAX),
        refuses_large_windows(MAX, ceil_mode=True),
    ),
)


# ---- avg_pool2d


def clipped(rng: Generator) -> Iterator[Call]:
    """Draw windows that reach beyond the input, and beyond the padded input."""
    for pool, n, k in ((AVG, 3, 2), (WITHOUT_PADDING, 5, 3), (AVG, 7, 4)):
        yield pool.on(distinct(rng, square(n)), k, ceil_mode=True)
    for i in rng.choice(len(KEPT), 3, replace=False):
        n, k, p = KEPT[i]
        yield AVG.on(distinct(rng, square(n)), k, padding=p, ceil_mode=True)


def input_cells_only(rng: Generator) -> Iterator[Call]:
    """Draw padding that does not count, also where a window reaches beyond it."""
    yield from padded(WITHOUT_PADDING)(rng)
    for n, k, p in (KEPT[rng.integers(len(KEPT))], DROPPED[rng.integers(len(DROPPED))]):
        yield WITHOUT_PADDING.on(distinct(rng, square(n)), k, padding=p, ceil_mode=True)


AVG_POOL2D = Question(
    "avg_pool2d",
    (
        criterion(
            "the average of every window",
            1,
            sane(AVG),
            plain(AVG),
            tries="other sizes and numbers",
            hint="Add up the window and divide by the number of its cells, height times width.",
        ),
        moves_by_the_stride(AVG, 0.5),
        leaves_out_incomplete_windows(AVG, 0.5),
        height_comes_first(AVG, 0.5),
        takes_samples_and_channels(AVG, 0.5),
        pads(AVG, "padding counts as zeros", 1, "A cell of padding adds nothing to the sum, but one to the divisor."),
        criterion(
            "padding is left out on request",
            1,
            [
                WITHOUT_PADDING.on(np.ones(square(2)), 2, padding=1),
                WITHOUT_PADDING(worked(), square(4), 3, padding=1),
            ],
            input_cells_only,
            tries="other kernels and paddings, also with ceil_mode",
            hint="With count_include_pad=False only the cells of the window that lie in the input are counted.",
        ),
        keeps_the_last_window(AVG, 0.5),
        drops_windows_in_the_padding(AVG, 0.5),
        criterion(
            "a clipped window's divisor",
            1,
            [
                AVG.on(np.ones(square(3)), 2, ceil_mode=True),
                AVG(worked(), square(6), 3, padding=1, ceil_mode=True),
            ],
            clipped,
            tries="other remainders, with and without padding",
            hint="Cells in the padded input count. What lies beyond, where ceil_mode lets a window reach, does not.",
        ),
        special_values(
            0.5,
            [spoiled(AVG, NAN), spoiled(AVG, -INF), AVG.on(image([INF, 1], [-INF, 3]), 2)],
            special(AVG, NAN, INF, -INF),
            "NaN in one window is no business of its neighbours, as it is with running sums.",
        ),
        takes_integers(AVG, 0.5),
        stays_untouched(AVG),
        refuses_bad_sizes(AVG),
        refuses_bad_padding(AVG),
        refuses_large_windows(AVG, ceil_mode=True),
    ),
)


# ---- lp_pool2d


def norm(x: Array, norm_type: float) -> Call:
    """Return a call with one window for each two by two cells."""
    return LP.on(x, 2, norm_type=norm_type)


def with_norms(sign: float, *norms: float) -> Calls:
    """Draw numbers, every second one times ``sign``, for each exponent."""

    def draw(rng: Generator) -> Iterator[Call]:
        for norm_type in norms:
            numbers = distinct(rng, square(4)) * 0.3
            yield norm(np.where(np.arange(4) % 2, numbers, sign * numbers), norm_type)

    return draw


LP_POOL2D = Question(
    "lp_pool2d",
    (
        criterion(
            "the norm of every window",
            1,
            [LP.on(image([1, 1], [1, 1]), 2), LP.on(image([3, 0], [0, 4]), 2)],
            plain(LP),
            tries="other sizes and numbers",
            hint="Square, add up, take the root: a sum, not an average.",
        ),
        criterion(
            "norm_type is the exponent",
            0.5,
            [norm(image([1, 2], [3, 4]), 1.0), norm(image([1, 2], [3, 4]), 3.0)],
            with_norms(1, 1, 3, 0.5, 2.5, 4),
            tries="other exponents, whole and broken",
            hint="The root that undoes a power p is the power 1/p.",
        ),
        criterion(
            "signs do not cancel",
            1,
            [norm(image([-1, 2], [3, -4]), 1.0), norm(image([-1, 0], [0, 0]), 3.0)],
            with_norms(-1, 1, 3, 0.5, 2.5),
            tries="other negative numbers and exponents",
            hint="A norm measures size: the absolute value comes before the power. Not every power removes a sign.",
        ),
        criterion(
            "an infinite norm is the largest magnitude",
            0.5,
            [norm(image([1, 2], [3, 4]), INF), norm(image([1, 2], [3, -4]), INF)],
            with_norms(-1, INF, INF),
            tries="other numbers",
            hint="The larger the exponent, the more the largest magnitude counts. Infinity is a case of its own.",
        ),
        moves_by_the_stride(LP, 0.5, padding=False),
        leaves_out_incomplete_windows(LP, 0.5),
        height_comes_first(LP, 0.5),
        takes_samples_and_channels(LP, 0.5),
        special_values(
            0.5,
            [spoiled(LP, NAN), spoiled(LP, -INF)],
            special(LP, NAN, INF, -INF),
            "NaN in a window is NaN in its norm, and only there; an infinite cell makes an infinite norm.",
        ),
        takes_integers(LP, 0.5),
        stays_untouched(LP, sign=-1),
        refuses_bad_sizes(LP),
        bad_arguments_are_refused(
            "a bad norm_type is refused",
            0.5,
            works=sane(LP),
            legal=[LP.on(image([1, 1], [1, 1]), 2, norm_type=0.5)],
            refused=[("", LP.shaped(norm_type=bad)) for bad in (0, 0.0, -1.0, -INF, NAN)],
            hint="There is no norm with an exponent of zero or below.",
        ),
        refuses_large_windows(LP, padding=False),
    ),
)


# ---- max_pool2d_backward


def ties(rng: Generator) -> Iterator[Call]:
    """Draw windows in which the maximum stands several times."""
    for kernel_size in (2, 3, 4):
        yield MAX_BACK.on(rng.integers(1, 3, square(12)).astype(float), kernel_size, rng)
    yield MAX_BACK.on(np.full(square(4), 0.5), 2, rng)


def peaks(rng: Generator) -> Iterator[Call]:
    """Draw overlapping windows around one cell that wins all of those that see it, and padding, too."""
    for kernel_size, stride in ((2, 1), (3, 1), (3, 2), (4, 1)):
        x = distinct(rng, square(5)) * 0.1
        x[0, 0, 2, 2] += 10
        yield MAX_BACK.on(x, kernel_size, rng, stride=stride)
    yield padded_step(MAX_BACK, rng, 7, 3, 2)
    yield padded_step(MAX_BACK, rng, 5, 3, 1)


def losing_padding(rng: Generator) -> Iterator[Call]:
    """Draw numbers below zero, with padding and without."""
    for kernel_size, padding, size in ((2, 1, 1.0), (3, 1, 0.1), (2, 1, HUGE / 20)):
        yield MAX_BACK.on(-size * distinct(rng, square(4)), kernel_size, rng, padding=padding)
    yield MAX_BACK.on(-distinct(rng, square(4)), 2, rng)
    x = distinct(rng, square(4))
    x[0, 0, rng.choice([0, -1]), rng.choice([0, -1])] = -INF
    yield MAX_BACK.on(x, 2, rng, padding=1)


def special_gradients(pool: Pool, *values: float) -> Calls:
    """Draw a special value among the gradients that come in."""

    def draw(rng: Generator) -> Iterator[Call]:
        for value in values:
            yield spoiled_gradient(pool, value, rng)

    return draw


def spoiled_gradient(pool: Pool, value: float, rng: Generator | None = None) -> Call:
    """Return a call with a special value among four gradients."""
    made = pool(rng or worked(), square(4), 2)
    grad_output = made.args[0].copy()
    grad_output.flat[rng.integers(4) if rng else 0] = value
    return replace(made, args=(grad_output, *made.args[1:]))


def special_maxima(rng: Generator) -> Iterator[Call]:
    """Draw special values in the input and in the gradients."""
    yield from special(MAX_BACK, NAN, NAN, INF, -INF)(rng)
    yield from special_gradients(MAX_BACK, NAN, INF)(rng)


MAX_POOL2D_BACKWARD = Question(
    "max_pool2d_backward",
    (
        criterion(
            "the gradient goes to the maximum",
            1,
            sane(MAX_BACK),
            plain(MAX_BACK),
            tries="other sizes and numbers",
            hint="One cell of each window decided the output: it gets the whole gradient, the others none.",
        ),
        criterion(
            "ties go to the first maximum",
            1,
            [MAX_BACK.on(image([0, 7], [7, 7]), 2), MAX_BACK.on(np.ones(square(2)), 2)],
            ties,
            tries="many equal numbers",
            hint="Of several equal maxima the first in reading order gets everything: row by row, from the left.",
        ),
        criterion(
            "overlapping windows add up",
            1.5,
            [
                MAX_BACK.on(image([0, 0, 0], [0, 1, 0], [0, 0, 0]), 2, stride=1),
                MAX_BACK.on(image([1, 2, 3], [4, 9, 5], [6, 7, 8]), 2, stride=1),
            ],
            peaks,
            tries="other windows around one large cell",
            hint="A cell that wins several windows gets the sum of their gradients; = would keep only the last.",
        ),
        moves_by_the_stride(MAX_BACK, 0.5, overlap=False),
        leaves_out_incomplete_windows(MAX_BACK, 0.5),
        height_comes_first(MAX_BACK, 0.5),
        takes_samples_and_channels(MAX_BACK, 0.5),
        pads(MAX_BACK, "padding surrounds the input", 0.5, "The gradient has the input's shape: cut the padding off."),
        criterion(
            "padding never wins",
            1,
            [
                MAX_BACK.on(image([-3, -1], [-2, -4]), 2),
                MAX_BACK.on(image([-1, -2], [-3, -4]), 2, padding=1),
                MAX_BACK.on(image([-INF]), 2, padding=1),
            ],
            losing_padding,
            tries="other negative numbers, also very large ones",
            hint="A gradient that goes to the padding is lost. A cell wins even where all of them are minus infinity.",
        ),
        special_values(
            0.5,
            [
                MAX_BACK.on(image([1, NAN], [2, 3]), 2),
                spoiled_gradient(MAX_BACK, NAN),
            ],
            special_maxima,
            "NaN wins its window; and 0 * NaN is not 0.",
        ),
        takes_integers(MAX_BACK, 0.5),
        stays_untouched(MAX_BACK),
        refuses_bad_sizes(MAX_BACK),
        refuses_bad_padding(MAX_BACK),
        refuses_large_windows(MAX_BACK),
    ),
)


# ---- avg_pool2d_backward


def shares(rng: Generator) -> Iterator[Call]:
    """Draw overlapping windows, also with padding."""
    for kernel_size, stride in ((2, 1), (3, 2), (3, 1), (4, 1)):
        yield AVG_BACK(rng, square(5), kernel_size, stride=stride)
    yield padded_step(AVG_BACK, rng, 7, 3, 2)
    yield padded_step(AVG_BACK, rng, 5, 3, 1)


AVG_POOL2D_BACKWARD = Question(
    "avg_pool2d_backward",
    (
        criterion(
            "every cell gets its share",
            1,
            sane(AVG_BACK),
            plain(AVG_BACK),
            tries="other sizes and numbers",
            hint="All cells of a window influenced the output alike: each by one over the number of cells.",
        ),
        criterion(
            "overlapping windows add up",
            1,
            [AVG_BACK(worked(), square(3), 2, stride=1)],
            shares,
            tries="other windows and strides",
            hint="A cell in several windows influences several outputs: its gradient is the sum of its shares.",
        ),
        moves_by_the_stride(AVG_BACK, 0.5, overlap=False),
        leaves_out_incomplete_windows(AVG_BACK, 0.5),
        height_comes_first(AVG_BACK, 0.5),
        takes_samples_and_channels(AVG_BACK, 0.5),
        pads(AVG_BACK, "padding counts as zeros", 0.5, "The padding's share is lost, but counts in the divisor."),
        criterion(
            "padding is left out on request",
            0.5,
            [BACK_WITHOUT_PADDING(worked(), square(2), 2, padding=1)],
            padded(BACK_WITHOUT_PADDING),
            tries="other kernels and paddings",
            hint="Each window has a divisor of its own: how many of its cells lie in the input?",
        ),
        special_values(
            0.5,
            [spoiled_gradient(AVG_BACK, NAN)],
            special_gradients(AVG_BACK, NAN, INF, -INF),
            "A gradient of NaN reaches the cells of its window, and no others.",
        ),
        takes_integers(AVG_BACK, 0.5),
        stays_untouched(AVG_BACK),
        refuses_bad_sizes(AVG_BACK),
        refuses_bad_padding(AVG_BACK),
        refuses_large_windows(AVG_BACK),
    ),
)


# ---- avg_pool_weight


def weight(channels: int, kernel_size: int | tuple[int, int]) -> Call:
    """Return a call of the last function."""
    return call("avg_pool_weight", channels, kernel_size)


AVG_POOL_WEIGHT = Question(
    "avg_pool_weight",
    (
        criterion(
            "weights are one over the window",
            1,
            [weight(1, 2), weight(1, 1)],
            lambda rng: (weight(1, k) for k in (3, 4, 5)),
            tries="other windows",
            hint="Which weights turn a sum of products into an average?",
        ),
        criterion(
            "channels do not mix",
            1.5,
            [weight(2, 1), weight(2, 2)],
            lambda rng: (weight(c, k) for c, k in ((3, 1), (3, 2), (4, 3))),
            tries="more channels",
            hint="A convolution adds up all channels, pooling must not: what weight has a channel that does not count?",
        ),
        criterion(
            "height comes before width",
            0.5,
            [weight(1, (1, 2))],
            lambda rng: (weight(1, kernel_size) for kernel_size in ((2, 1), (2, 3), (4, 3))),
            tries="other rectangles",
            hint="A pair is (height, width).",
        ),
        bad_arguments_are_refused(
            "bad arguments are refused",
            1,
            works=[weight(1, 2), weight(1, 1)],
            refused=[
                *(("", weight(bad, 2)) for bad in (0, -1)),
                *(("kernel_size", weight(1, bad)) for bad in (0, -1, (0, 2), (2, 0))),
            ],
            hint="Neither no channels nor an empty window makes a weight: a ValueError that names the argument.",
        ),
    ),
)


ASSIGNMENT = Assignment(
    "pooling",
    (MAX_POOL2D, AVG_POOL2D, LP_POOL2D, MAX_POOL2D_BACKWARD, AVG_POOL2D_BACKWARD, AVG_POOL_WEIGHT),
)
