"""What is asked of ``avg_pool2d``, its gradient, and its weights as a convolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
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
from ...criteria.judges import close, same
from ...criteria.refusals import bad_arguments_are_refused
from ...criteria.windows import (
    Pool,
    height_comes_first,
    image,
    leaves_out_incomplete_windows,
    moves_by_the_stride,
    plain,
    special_values,
    square,
    stays_untouched,
    takes_integers,
    takes_samples_and_channels,
    worked,
)
from ...model import Call, Case, Question
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
                WITHOUT_PADDING(worked(), square(4), 3, padding=1),
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
                AVG(worked(), square(6), 3, padding=1, ceil_mode=True),
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


def weight_at_once(rng: Generator, row: Row) -> Case:
    """Return the case of a row: several channels, or a rectangle, or both."""
    del rng
    needs = {
        "weights are one over the window": row["channels"] == 1 and isinstance(row["kernel_size"], int),
        "channels do not mix": row["channels"] > 1,
        "height comes before width": not isinstance(row["kernel_size"], int),
    }
    made = weight(row["channels"], row["kernel_size"])
    return Case(made, close, frozenset(name for name, needed in needs.items() if needed))


AVG_POOL_WEIGHT = Question(
    "avg_pool_weight",
    (
        criterion(
            "weights are one over the window",
            1,
            [weight(1, 2), weight(1, 1)],
            lambda rng: [weight(1, int(rng.integers(3, 6)))],
            tries="other windows",
            hint="Which weights turn a sum of products into an average?",
        ),
        criterion(
            "channels do not mix",
            1,
            [weight(2, 1), weight(2, 2)],
            lambda rng: [weight(int(rng.integers(3, 6)), 2)],
            tries="more channels",
            hint="A convolution adds up all channels, pooling must not: what weight has a channel that does not count?",
        ),
        criterion(
            "height comes before width",
            0.5,
            [weight(1, (1, 2))],
            lambda rng: [weight(1, (int(rng.integers(3, 6)), 2))],
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
            hint="Neither no channels nor an empty window makes a weight: a ValueError that names the argument.",
        ),
        all_at_once(
            0.5,
            {"channels": (1, 3), "kernel_size": (2, (2, 3))},
            weight_at_once,
            [{"channels": 1, "kernel_size": (1, 3)}, {"channels": 2, "kernel_size": 2}],
        ),
    ),
)
