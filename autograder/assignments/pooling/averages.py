"""What is asked of ``avg_pool2d``, its gradient, and its weights as a convolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.comparison import shape_difference
from ...criteria.criterion import call, criterion
from ...criteria.edges import (
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
from ...criteria.judges import close, returned, same, trouble
from ...criteria.refusals import bad_arguments_are_refused, below, spoilt
from ...criteria.windows import (
    Pool,
    height_comes_first,
    image,
    leaves_out_incomplete_windows,
    moves_by_the_stride,
    pair,
    plain,
    special_values,
    square,
    stays_untouched,
    takes_integers,
    takes_samples_and_channels,
)
from ...model import Call, Case, Question, Reply
from .at_once import CEIL, COUNTING, EVERYWHERE, KERNELS, PADDINGS, windows_at_once
from .special import INF, NAN, special, special_gradients, spoiled, spoiled_gradient

AVG, AVG_BACK = Pool("avg_pool2d"), Pool("avg_pool2d_backward", backward="x_shape")
WITHOUT_PADDING, BACK_WITHOUT_PADDING = (
    replace(pool, settings=(("count_include_pad", False),)) for pool in (AVG, AVG_BACK)
)


def clipped(rng: Generator) -> Iterator[Call | Case]:
    """Draw windows that reach beyond the input, and beyond the padded input where it is known that there is one."""
    yield AVG.world(rng, square(3), 2, ceil_mode=True)
    n, k, p = KEPT[rng.integers(len(KEPT))]
    yield Case(AVG(rng, square(n), k, padding=p, ceil_mode=True), same, frozenset({"ceil_mode keeps the last window"}))


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
            0.5,
            [
                WITHOUT_PADDING.on(np.ones(square(2)), 2, padding=1),
                WITHOUT_PADDING.example(square(4), 3, padding=1),
            ],
            padded(WITHOUT_PADDING),
            tries="other kernels and paddings",
            hint="With count_include_pad=False only the cells of the window that lie in the input are counted.",
        ),
        keeps_the_last_window(AVG, 0.5),
        drops_windows_in_the_padding(AVG, 0.5),
        criterion(
            "a clipped window's divisor",
            1,
            [
                AVG.on(np.ones(square(3)), 2, ceil_mode=True),
                AVG.example(square(6), 3, padding=1, ceil_mode=True),
            ],
            clipped,
            tries="other remainders, with and without padding",
            hint="Cells in the padded input count. What lies beyond, where ceil_mode lets a window reach, does not.",
        ),
        special_values(
            0.5,
            [spoiled(AVG, NAN), spoiled(AVG, -INF), AVG.on(image([INF, 1], [-INF, 3]), 2)],
            special(AVG, NAN),
            "NaN in one window is no business of its neighbours, as it is with running sums.",
        ),
        takes_integers(AVG, 0.5),
        stays_untouched(AVG),
        refuses_bad_sizes(AVG),
        refuses_bad_padding(AVG),
        refuses_large_windows(AVG, ceil_mode=True),
        windows_at_once(
            AVG,
            {**KERNELS, **PADDINGS, **CEIL, **COUNTING},
            {
                "the average of every window": "plain",
                **EVERYWHERE,
                "padding counts as zeros": "padding",
                "padding is left out on request": "uncounted",
                "ceil_mode keeps the last window": "clipped",
                "no window begins in the padding": "dropped",
                "a clipped window's divisor": "clipped",
            },
        ),
    ),
)


def shares(rng: Generator) -> Iterator[Call]:
    """Draw overlapping windows."""
    for kernel_size, stride in ((3, 2), (4, 1)):
        yield AVG_BACK(rng, square(5), kernel_size, stride=stride)


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
            0.5,
            [AVG_BACK.example(square(3), 2, stride=1)],
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
            [BACK_WITHOUT_PADDING.example(square(2), 2, padding=1)],
            padded(BACK_WITHOUT_PADDING),
            tries="other kernels and paddings",
            hint="Each window has a divisor of its own: how many of its cells lie in the input?",
        ),
        special_values(
            0.5,
            [spoiled_gradient(AVG_BACK, NAN)],
            special_gradients(AVG_BACK, INF),
            "A gradient of NaN reaches the cells of its window, and no others.",
        ),
        takes_integers(AVG_BACK, 0.5),
        stays_untouched(AVG_BACK),
        refuses_bad_sizes(AVG_BACK),
        refuses_bad_padding(AVG_BACK),
        refuses_large_windows(AVG_BACK),
        windows_at_once(
            AVG_BACK,
            {**KERNELS, **PADDINGS, **COUNTING},
            {
                "every cell gets its share": "plain",
                "overlapping windows add up": "overlap",
                **EVERYWHERE,
                "padding counts as zeros": "padding",
                "padding is left out on request": "uncounted",
            },
        ),
    ),
)


def weight(channels: int, kernel_size: int | tuple[int, int]) -> Call:
    """Return a call of the last function."""
    return call("avg_pool_weight", channels, kernel_size)


def several(rng: Generator) -> Call:
    """Draw a number of channels and a window."""
    channels, height, width = (int(n) for n in rng.integers((2, 1, 1), (13, 31, 31)))
    return weight(channels, (height, width))


def rectangle(rng: Generator, longest: int = 100) -> tuple[int, int]:
    """Draw a window that is not square."""
    height, width = (int(side) for side in rng.choice(longest, 2, replace=False) + 1)
    return height, width


def windows(rng: Generator) -> Iterator[Case]:
    """Draw a square, and large windows that are almost as high as they are wide: more of them than are squares."""
    yield Case(weight(1, int(rng.integers(3, 100))), one_share)
    for side in rng.integers(10, 200, 2):
        yield Case(weight(1, (int(side), int(side + rng.integers(1, 6)))), one_share)


def one_share(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when all weights are one over the cells of a square almost as large as the window.

    Other criteria ask about the sides, and where weights stand that are not zero.
    """
    wrong = trouble(got)
    if wrong:
        return wrong
    shares = np.unique(got.value[got.value != 0]) if isinstance(got.value, np.ndarray) else np.zeros(0)
    smallest, largest = sorted(1 / side**2 for side in pair(case.call.args[1]))
    right = shares.size == 1 and smallest * (1 - 1e-9) <= shares[0] <= largest * (1 + 1e-9)
    return None if right else f"expected weights of {expected.value.max():.10g}, got {shares[:3]}"


def apart(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the weights between different channels, and no others, are zero.

    Other criteria ask how large those are, and which is the height.
    """
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    shapes = {expected.value.shape, expected.value.swapaxes(2, 3).shape}
    if not isinstance(got.value, np.ndarray) or got.value.shape not in shapes:
        return shape_difference(got.value, expected.value) or "expected an array"
    zero = got.value == 0
    if np.array_equal(zero, np.broadcast_to(expected.value[:, :, :1, :1] == 0, zero.shape)):
        return None
    return "expected zeros between different channels, and only there"


def weight_at_once(rng: Generator, row: Row) -> Case:
    """Return the case of a row: several channels, or a rectangle, or both."""
    one, square = row["channels"] == 1, row["window"] == "square"
    channels = 1 if one else int(rng.integers(2, 7))
    kernel_size = int(rng.integers(2, 13)) if square else rectangle(rng, 12)
    needs = {
        "weights are one over the window": square,
        "channels do not mix": not one,
        "height comes before width": not square,
    }
    made = weight(channels, kernel_size)
    return Case(made, close, frozenset(name for name, needed in needs.items() if needed))


AVG_POOL_WEIGHT = Question(
    "avg_pool_weight",
    (
        criterion(
            "weights are one over the window",
            1,
            [weight(1, 2), weight(1, 1)],
            windows,
            tries="other windows",
            hint="Which weights turn a sum of products into an average?",
        ),
        criterion(
            "channels do not mix",
            1,
            [weight(2, 1), weight(2, 2)],
            lambda rng: [Case(several(rng), apart) for _ in range(2)],
            tries="more channels",
            hint="A convolution adds up all channels, pooling must not: what weight has a channel that does not count?",
        ),
        criterion(
            "height comes before width",
            0.5,
            [weight(1, (1, 2))],
            lambda rng: [weight(1, rectangle(rng))],
            tries="other rectangles",
            hint="A pair is (height, width).",
        ),
        bad_arguments_are_refused(
            "bad arguments are refused",
            1,
            works=[weight(1, 2)],
            refused=[
                *(("", weight(bad, 2)) for bad in (0, -1)),
                *(("kernel_size", weight(1, bad)) for bad in (0, (-1, 2), (2, 0))),
            ],
            draw=spoilt(
                lambda rng: [several(rng)],
                ("channels", "kernel_size"),
                {"channels": below(1), "kernel_size": below(1, pairs=True)},
                unnamed=("channels",),
                judge=returned,
            ),
            hint="Neither no channels nor an empty window makes a weight: a ValueError that names the argument.",
        ),
        all_at_once(
            0.5,
            {"channels": (1, 2), "window": ("square", "rectangle")},
            weight_at_once,
            [{"channels": 1, "window": "rectangle"}, {"channels": 2, "window": "square"}],
        ),
    ),
)
