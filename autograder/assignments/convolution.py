"""The convolution assignment: what is asked, worked examples, and what grading draws.

Each criterion varies one thing and keeps the others as plain as they can be: filters that look the same from
all sides where nothing is said about turning them over, square arrays where nothing is said about rectangles,
no overlap where nothing is said about adding up. A mistake then costs its own criterion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ..criteria.comparison import describe, difference
from ..criteria.criterion import call, criterion, input_stays_untouched
from ..criteria.judges import Refused, accepted, same, same_value, trouble
from ..model import Assignment, Call, Case, Judge, Question, Reply, Status

Array = np.ndarray[Any, Any]
Rng = np.random.Generator

REFUSED = "bad arguments are refused"
REFUSED_HINT = "Check what came in before computing, and raise ValueError with the argument's name in the message."


def numbers(rng: Rng, *shape: int) -> Array:
    """Draw numbers with few digits: easy to read in feedback."""
    return np.round(rng.normal(scale=2, size=shape), 1)


def mirrored(array: Array) -> Array:
    """Make the last two axes look the same when flipped and, where they are square, when transposed."""
    half = (array + array[..., ::-1]) / 2
    both = (half + half[..., ::-1, :]) / 2
    square = both.shape[-2] == both.shape[-1]
    return (both + both.swapaxes(-1, -2)) / 2 if square else both


def only_last(*shape: int, value: float = 2.0) -> Array:
    """Return an array that is zero but for its very last cell."""
    array = np.zeros(shape)
    array.flat[-1] = value
    return array


def image(*rows: list[float]) -> Array:
    """Return rows as one image of one channel."""
    return np.array([[rows]], dtype=float)


@dataclass(frozen=True)
class Part:
    """Judges one value of several, so that a mistake in another costs nothing here."""

    index: int
    names: tuple[str, ...] = ("grad_x", "grad_weight", "grad_bias")

    def __call__(self, case: Case, got: Reply, expected: Reply) -> str | None:
        """Judge one reply."""
        del case
        wrong = trouble(got)
        if wrong:
            return wrong
        if not isinstance(got.value, (tuple, list)) or len(got.value) != len(self.names):
            return f"expected {len(self.names)} values: {', '.join(self.names)}"
        value = whole_numbers(got.value[self.index], expected.value[self.index])
        text = difference(value, expected.value[self.index], integers_pass=True)
        return text and f"{self.names[self.index]}: {text}"


GRAD_X, GRAD_WEIGHT, GRAD_BIAS = (Part(index) for index in range(3))
SIZE, JUMP = (Part(index, ("size", "jump")) for index in range(2))
PARAMETERS, MACS = (Part(index, ("parameters", "macs")) for index in range(2))
ANY_GRADIENT = (GRAD_X, GRAD_WEIGHT, GRAD_BIAS)


def some_part(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when one of the values is right: enough to show that the function does its work."""
    parts = ANY_GRADIENT if len(expected.value) == len(ANY_GRADIENT) else (PARAMETERS, MACS)
    wrong = [part(case, got, expected) for part in parts]
    return None if None in wrong else wrong[0]


def untouched_by_some_part(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when one of the values is right and the arrays that went in are as they were."""
    wrong = some_part(case, got, expected)
    if wrong:
        return wrong
    sent = [item for item in case.call.args if isinstance(item, np.ndarray)]
    changed = len(sent) != len(got.inputs) or any(map(difference, got.inputs, sent))
    return "the call modified its input" if changed else None


def whole_numbers(got: Any, expected: Any) -> Any:
    """Return a float that stands for an integer as that integer, where an integer is expected."""
    if isinstance(expected, (tuple, list)) and isinstance(got, (tuple, list)) and len(got) == len(expected):
        return tuple(map(whole_numbers, got, expected))
    asked = isinstance(expected, (int, np.integer)) and not isinstance(expected, bool)
    return int(got) if asked and isinstance(got, (float, np.floating)) and float(got).is_integer() else got


def whole(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the numbers are right, also as floats: that integers come back has a criterion of its own."""
    del case
    return trouble(got) or difference(whole_numbers(got.value, expected.value), expected.value)


def ints_by_some_part(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when one of the values is right and all of them are integers."""
    floats = (
        [value for value in got.value if not isinstance(value, (int, np.integer))]
        if isinstance(got.value, (tuple, list))
        else []
    )
    return some_part(case, got, expected) or (f"expected integers, got {describe(floats[0])}" if floats else None)


def same_unless_wrong(case: Case, got: Reply, expected: Reply) -> str | None:
    """Judge the kind of numbers where the numbers are right; whether they are has a criterion of its own."""
    return None if whole(case, got, expected) else same(case, got, expected)


@dataclass(frozen=True, eq=False)
class Unless:
    """Judges by another judge, but lets pass the results of mistakes that have a criterion of their own."""

    judge: Judge
    others: tuple[Any, ...]

    def __call__(self, case: Case, got: Reply, expected: Reply) -> str | None:
        """Judge one reply."""
        if got.status is Status.PASSED:
            for other in self.others:
                if not difference(whole_numbers(got.value, other), other, integers_pass=True):
                    return None
        return self.judge(case, got, expected)


# output_size ------------------------------------------------------------------------------------------------


def draw_every_position(rng: Rng) -> Iterator[Call]:
    """Draw lengths and windows at stride 1."""
    for n in rng.integers(5, 40, 4):
        yield call("output_size", int(n), int(rng.integers(1, n)))


def draw_steps(rng: Rng) -> Iterator[Call]:
    """Draw strides that leave a remainder, without padding."""
    for stride in range(2, 7):
        rest = int(rng.integers(1, stride))
        kernel = int(rng.integers(1, 6))
        yield call("output_size", kernel + rest + stride * int(rng.integers(0, 6)), kernel, stride)


def draw_padded(rng: Rng) -> Iterator[Call]:
    """Draw paddings of any width at stride 1."""
    for padding in range(1, 5):
        n = int(rng.integers(3, 20))
        yield call("output_size", n, int(rng.integers(1, n + 2 * padding)), padding=padding)


def draw_dilated(rng: Rng) -> Iterator[Call]:
    """Draw dilated windows."""
    for dilation in range(2, 6):
        kernel = int(rng.integers(2, 5))
        n = dilation * (kernel - 1) + 1 + int(rng.integers(1, 5))
        yield call("output_size", n, kernel, dilation=dilation)


def draw_ceil(rng: Rng) -> Iterator[Call | Case]:
    """Draw axes on which the incomplete window starts inside, padded ones, too, or on which there is none."""
    for stride in range(2, 6):
        kernel = stride + int(rng.integers(0, 3))
        for rest in (int(rng.integers(1, stride)), 0):
            n = kernel + rest + stride * int(rng.integers(1, 5))
            yield call("output_size", n, kernel, stride, ceil_mode=True)
    yield from padded_ends(rng, 4, dropped=False)


def draw_ceil_in_padding(rng: Rng) -> Iterator[Case]:
    """Draw axes whose incomplete window would start in the right padding."""
    yield from padded_ends(rng, 6, dropped=True)


def ceil_length(room: int, stride: int, limit: int) -> int:
    """Return how many windows fit or begin, the last one before ``limit``."""
    steps, rest = divmod(room, stride)
    return steps + 1 + bool(rest and (steps + 1) * stride < limit)


def padded_ends(rng: Rng, count: int, *, dropped: bool) -> Iterator[Case]:
    """Draw padded axes with an incomplete window that starts behind the input, or as far but before the padding.

    Forgetting the padding, or half of it, must give another length than the mistake that matters here; these
    lengths pass, since they have a criterion of their own.
    """
    found = []
    for n, kernel, stride in product(range(4, 30), range(2, 7), range(2, 7)):
        for padding in range(1, min(kernel // 2, n - kernel) + 1):
            room = n + 2 * padding - kernel
            others = tuple(ceil_length(n + sides * padding - kernel, stride, n) for sides in (0, 1))
            kept, counted, right = (ceil_length(room, stride, limit) for limit in (n + 99, n, n + padding))
            mistake = kept if dropped else counted
            if mistake not in {right, *others}:
                found.append(
                    Case(call("output_size", n, kernel, stride, padding, ceil_mode=True), Unless(whole, others))
                )
    for index in sorted(rng.choice(len(found), count, replace=False)):
        yield found[index]


OUTPUT_SIZE = Question(
    "output_size",
    (
        criterion(
            "every position that fits counts",
            1,
            [call("output_size", 4, 2), call("output_size", 8, 3)],
            draw_every_position,
            judge=whole,
            hint="Write down the first and the last position of the window's left end, and count both.",
            tries="random lengths and windows at stride 1",
        ),
        criterion(
            "an incomplete window does not count",
            1,
            [call("output_size", 5, 2, 2), call("output_size", 8, 3, 2)],
            draw_steps,
            judge=whole,
            hint="Of the room that is left beside the first window only whole steps can be taken.",
            tries="strides from 2 to 6 that leave a remainder",
        ),
        criterion(
            "padding is added on both sides",
            1,
            [call("output_size", 4, 3, padding=1), call("output_size", 4, 5, padding=1)],
            draw_padded,
            judge=whole,
            hint="Padding makes the axis longer at its left and at its right end.",
            tries="paddings from 1 to 4",
        ),
        criterion(
            "dilation spreads the window",
            1,
            [call("output_size", 5, 2, dilation=3), call("output_size", 7, 3, dilation=2)],
            draw_dilated,
            judge=whole,
            hint="Between k cells there are k - 1 gaps; dilation widens the gaps, not the cells.",
            tries="dilations from 2 to 5",
        ),
        criterion(
            "ceil_mode counts the incomplete window",
            1,
            [call("output_size", 5, 2, 2, ceil_mode=True), call("output_size", 4, 2, 2, ceil_mode=True)],
            draw_ceil,
            judge=whole,
            hint="A remainder gives one window more; no remainder gives none.",
            tries="strides from 2 to 5, with and without a remainder",
        ),
        criterion(
            "a window that starts in the padding is dropped",
            1,
            [
                call("output_size", 3, 2, 2, 1, ceil_mode=True),
                call("output_size", 5, 1, 3, ceil_mode=True),
            ],
            draw_ceil_in_padding,
            judge=whole,
            hint="Compare where the extra window starts with where the input ends; count the left padding, too.",
            tries="padded axes whose last window would see padding only",
        ),
        criterion(
            "a length is an int",
            0.5,
            [call("output_size", 4, 2), call("output_size", 5, 2, 1)],
            hint="Floor division of integers stays an integer; math.floor does, too, numpy.floor does not.",
        ),
        criterion(
            REFUSED,
            1,
            [
                Case(call("output_size", 4, 2), whole),
                Case(call("output_size", 4, 4), whole),
                Case(call("output_size", 4, 5), Refused("kernel_size")),
                Case(call("output_size", 4, 5, 2, ceil_mode=True), Refused("kernel_size")),
                Case(call("output_size", 3, 6, padding=1), Refused("kernel_size")),
                Case(call("output_size", 4, 3, dilation=2), Unless(Refused("kernel_size"), (2,))),
                Case(call("output_size", 4, 0), Refused("kernel_size")),
                Case(call("output_size", 4, 2, 0), Refused("stride")),
                Case(call("output_size", 4, 2, -1), Refused("stride")),
                Case(call("output_size", 4, 2, padding=-1), Refused("padding")),
                Case(call("output_size", 4, 2, dilation=0), Refused("dilation")),
                Case(call("output_size", 0, 1, padding=1), Refused()),
            ],
            hint=REFUSED_HINT,
        ),
    ),
)

# conv2d -----------------------------------------------------------------------------------------------------


def draw_conv_plain(rng: Rng) -> Iterator[Call]:
    """Draw one square image and one square filter that looks the same from all sides."""
    for side, k in ((3, 2), (4, 3), (5, 1), (6, 3)):
        yield call("conv2d", numbers(rng, 1, 1, side, side), mirrored(numbers(rng, 1, 1, k, k)))


def draw_conv_turned(rng: Rng) -> Iterator[Call]:
    """Draw filters whose sides differ."""
    for side, k in ((3, 2), (4, 3), (5, 2), (6, 4)):
        yield call("conv2d", numbers(rng, 1, 1, side, side), numbers(rng, 1, 1, k, k))


def draw_conv_channels(rng: Rng) -> Iterator[Call]:
    """Draw several channels and filters."""
    for c, f, k in ((2, 1, 1), (2, 3, 2), (3, 2, 3), (3, 3, 3)):
        yield call("conv2d", numbers(rng, 1, c, 4, 4), mirrored(numbers(rng, f, c, k, k)))


def draw_conv_batch(rng: Rng) -> Iterator[Call]:
    """Draw several images of one channel."""
    for n in (2, 3, 5):
        yield call("conv2d", numbers(rng, n, 1, 4, 4), mirrored(numbers(rng, 1, 1, 3, 3)))


def draw_conv_bias(rng: Rng) -> Iterator[Call]:
    """Draw biases for one to four filters on maps of which one is as wide as there are filters."""
    for f in (1, 2, 3, 4):
        yield call("conv2d", numbers(rng, 1, 1, 4, 4), mirrored(numbers(rng, f, 1, 2, 2)), numbers(rng, f))


def draw_conv_stride(rng: Rng) -> Iterator[Call]:
    """Draw strides, also different ones for height and width, that reach the end or do not."""
    for stride in (2, 3, (1, 2), (3, 1), (2, 3)):
        side = int(rng.integers(5, 9))
        weight = mirrored(numbers(rng, 1, 1, 3, 3))
        yield call("conv2d", numbers(rng, 1, 1, side, side), weight, stride=stride)


def draw_conv_padding(rng: Rng) -> Iterator[Call]:
    """Draw paddings, also different ones for height and width, also a filter larger than the image."""
    for padding in (1, 2, (1, 0), (0, 2), (2, 1)):
        weight = mirrored(numbers(rng, 1, 1, 3, 3))
        yield call("conv2d", numbers(rng, 1, 1, 4, 4), weight, padding=padding)
    yield call("conv2d", numbers(rng, 1, 1, 4, 4), mirrored(numbers(rng, 1, 1, 5, 5)), padding=1)


def draw_conv_dilation(rng: Rng) -> Iterator[Call]:
    """Draw dilations, also different ones for height and width."""
    for dilation in (2, 3, (1, 2), (3, 1), (2, 3)):
        weight = mirrored(numbers(rng, 1, 1, 3, 3))
        yield call("conv2d", numbers(rng, 1, 1, 8, 8), weight, dilation=dilation)


def draw_conv_rectangles(rng: Rng) -> Iterator[Call]:
    """Draw images and filters that are not square."""
    for height, width, kh, kw in ((2, 4, 1, 3), (5, 3, 3, 1), (4, 6, 3, 2), (7, 5, 2, 4)):
        yield call("conv2d", numbers(rng, 1, 1, height, width), mirrored(numbers(rng, 1, 1, kh, kw)))


def draw_conv_odd(rng: Rng) -> Iterator[Call]:
    """Draw integers with fractional filters, and single values that are no numbers."""
    for k in (1, 3):
        whole_image = rng.integers(-9, 10, (1, 1, 4, 4))
        yield call("conv2d", whole_image, mirrored(numbers(rng, 1, 1, k, k)) + 0.25)
    for value in (np.nan, np.inf, -np.inf):
        x = numbers(rng, 1, 1, 5, 5)
        x.flat[rng.integers(x.size)] = value
        # No weight is zero: what zero times infinity becomes depends on the library behind a product.
        yield call("conv2d", x, mirrored(np.abs(numbers(rng, 1, 1, 2, 2))) + 0.25)


def draw_conv_untouched(rng: Rng) -> Iterator[Call]:
    """Draw plain calls with a bias of zero, all arrays positional."""
    for k in (1, 3):
        weight = mirrored(numbers(rng, 1, 1, k, k))
        yield call("conv2d", numbers(rng, 1, 1, 4, 4), weight, np.zeros(1))


LINE = np.zeros((1, 1, 8, 8))
LINE[..., 3:5] = 1
LINE_FILTER = image([0, 1, 0], [0, 1, 0], [0, 1, 0])
COUNT = image([1, 2, 3], [4, 5, 6], [7, 8, 9])
BOX = np.ones((1, 1, 2, 2))
BOX_SUMS = np.full((1, 1, 3, 3), 4.0)
ONES = np.ones((1, 1, 4, 4))

CONV2D = Question(
    "conv2d",
    (
        criterion(
            "the window visits every position",
            2,
            [call("conv2d", COUNT, BOX)],
            draw_conv_plain,
            judge=same_value,
            hint="Multiply each window cell by cell with the filter and add the products up; count the positions.",
            tries="random images up to 6x6 and filters up to 3x3 that look the same from all sides",
        ),
        criterion(
            "the filter is not turned over",
            1,
            [
                call("conv2d", COUNT, image([1, 0], [0, 0])),
                call("conv2d", COUNT, image([1, 2], [3, 4])),
                call("conv2d", LINE, LINE_FILTER),
            ],
            draw_conv_turned,
            judge=same_value,
            hint="Frameworks compute the cross-correlation: the filter's first weight meets the window's first cell.",
            tries="random filters whose sides differ",
        ),
        criterion(
            "channels add up, filters stay apart",
            1,
            [
                call("conv2d", np.arange(8.0).reshape(1, 2, 2, 2), np.ones((1, 2, 1, 1))),
                call("conv2d", np.arange(8.0).reshape(1, 2, 2, 2), np.array([[[[1.0]], [[0]]], [[[0.0]], [[2]]]])),
            ],
            draw_conv_channels,
            judge=same_value,
            hint="A filter has a slice for each input channel; their responses are summed into one map per filter.",
            tries="up to three channels and three filters",
        ),
        criterion(
            "every image of the batch is filtered",
            0.5,
            [call("conv2d", np.arange(8.0).reshape(2, 1, 2, 2), np.full((1, 1, 1, 1), 3.0))],
            draw_conv_batch,
            judge=same_value,
            hint="The first axis counts images; none of them may be forgotten or mixed with another.",
            tries="up to five images",
        ),
        criterion(
            "the bias is added once per filter",
            0.5,
            [
                call("conv2d", COUNT, BOX, np.array([100.0])),
                call("conv2d", COUNT, np.ones((2, 1, 2, 2)), np.array([10.0, 20.0])),
            ],
            draw_conv_bias,
            judge=same_value,
            hint="One number for each filter, the same at all positions: think about which axis it belongs to.",
            tries="one to four filters",
        ),
        criterion(
            "stride is the step of the window",
            1,
            [call("conv2d", COUNT, np.ones((1, 1, 1, 1)), stride=2), call("conv2d", COUNT, BOX, stride=(1, 2))],
            draw_conv_stride,
            judge=same_value,
            hint="The window's first cell moves by stride[0] downwards and by stride[1] to the right.",
            tries="strides up to 3, also different ones for height and width",
        ),
        criterion(
            "padding surrounds the image with zeros",
            1,
            [
                call("conv2d", COUNT, np.ones((1, 1, 3, 3)), padding=1),
                call("conv2d", COUNT, BOX, padding=(0, 1)),
            ],
            draw_conv_padding,
            judge=same_value,
            hint="padding[0] rows of zeros above and below, padding[1] columns of zeros left and right.",
            tries="paddings up to 2, also different ones for height and width",
        ),
        criterion(
            "dilation spreads the filter",
            1,
            [
                call("conv2d", ONES, BOX, dilation=2),
                call("conv2d", np.arange(16.0).reshape(1, 1, 4, 4), BOX, dilation=(1, 2)),
            ],
            draw_conv_dilation,
            judge=same_value,
            hint="Neighbouring weights meet cells that are dilation apart; the cells between are skipped.",
            tries="dilations up to 3, also different ones for height and width",
        ),
        criterion(
            "height and width are two things",
            0.5,
            [call("conv2d", image([1, 2, 3], [4, 5, 6]), np.ones((1, 1, 1, 2)))],
            draw_conv_rectangles,
            judge=same_value,
            hint="Every size, window and loop bound exists twice: once along the height, once along the width.",
            tries="images and filters that are not square",
        ),
        criterion(
            "integers, NaN and infinity are numbers, too",
            0.5,
            [
                call("conv2d", np.array([[[[1, 2], [3, 4]]]]), np.full((1, 1, 1, 1), 0.5)),
                call("conv2d", image([np.nan, 2, 3], [4, 5, 6], [7, 8, np.inf]), BOX),
            ],
            draw_conv_odd,
            judge=same_value,
            hint="Compute in float64 whatever comes in, and let the arithmetic decide what NaN and infinity do.",
            tries="integer images with fractional filters, NaN and infinity at random places",
        ),
        input_stays_untouched(0.5, [call("conv2d", COUNT, BOX, np.zeros(1))], draw_conv_untouched),
        criterion(
            REFUSED,
            1.5,
            [
                Case(call("conv2d", ONES, BOX), same_value),
                Case(call("conv2d", ONES, ONES), accepted),
                Case(call("conv2d", ONES[0], BOX), Refused("x")),
                Case(call("conv2d", ONES, BOX[0]), Refused("weight")),
                Case(
                    call("conv2d", ONES, BOX, np.ones((1, 1))),
                    Unless(Refused("bias"), (BOX_SUMS,)),
                ),
                Case(call("conv2d", ONES, np.ones((1, 1, 5, 5))), Refused("weight")),
                Case(call("conv2d", ONES, np.ones((1, 1, 5, 1))), Refused("weight")),
                Case(call("conv2d", ONES, np.ones((1, 1, 1, 5))), Refused("weight")),
                Case(call("conv2d", ONES, np.ones((1, 1, 7, 7)), padding=1), Refused("weight")),
                Case(call("conv2d", ONES, BOX, dilation=4), Unless(Refused("weight"), (BOX_SUMS,))),
                Case(call("conv2d", ONES, BOX, stride=0), Refused("stride")),
                Case(call("conv2d", ONES, BOX, stride=(1, -1)), Refused("stride")),
                Case(call("conv2d", ONES, BOX, padding=-1), Refused("padding")),
                Case(call("conv2d", ONES, BOX, padding=(-1, 0)), Refused("padding")),
                Case(call("conv2d", ONES, BOX, dilation=0), Refused("dilation")),
                Case(call("conv2d", ONES, BOX, dilation=(1, 0)), Refused("dilation")),
            ],
            hint=REFUSED_HINT,
        ),
    ),
)

# conv2d_backward --------------------------------------------------------------------------------------------

BACKWARD = "conv2d_backward"


def draw_one_window(rng: Rng) -> Iterator[Call]:
    """Draw images as large as the filter, which look the same from all sides."""
    for k in (1, 2, 3, 4):
        x, weight = (mirrored(numbers(rng, 1, 1, k, k)) for _ in range(2))
        yield call(BACKWARD, numbers(rng, 1, 1, 1, 1), x, weight)


def draw_back_turned(rng: Rng) -> Iterator[Case]:
    """Draw images as large as the filter whose sides differ."""
    for k in (2, 3):
        arguments = (numbers(rng, 1, 1, 1, 1), numbers(rng, 1, 1, k, k), numbers(rng, 1, 1, k, k))
        yield Case(call(BACKWARD, *arguments), GRAD_X)
        yield Case(call(BACKWARD, *arguments), GRAD_WEIGHT)


def draw_back_overlap(rng: Rng) -> Iterator[Call]:
    """Draw overlapping windows and several filters on one channel."""
    for f, side, k in ((1, 3, 2), (1, 5, 3), (2, 2, 2), (3, 5, 3)):
        grad = numbers(rng, 1, f, side - k + 1, side - k + 1)
        yield call(BACKWARD, grad, numbers(rng, 1, 1, side, side), mirrored(numbers(rng, f, 1, k, k)))


def draw_back_positions(rng: Rng) -> Iterator[Call]:
    """Draw several positions and images that look the same from all sides."""
    for n, side, k in ((1, 3, 1), (1, 4, 3), (2, 2, 2), (3, 4, 2)):
        grad = mirrored(numbers(rng, n, 1, side - k + 1, side - k + 1))
        yield call(BACKWARD, grad, mirrored(numbers(rng, n, 1, side, side)), mirrored(numbers(rng, 1, 1, k, k)))


def draw_back_bias(rng: Rng) -> Iterator[Call]:
    """Draw several images, filters and positions."""
    for n, f, side in ((1, 1, 2), (2, 1, 1), (1, 3, 2), (3, 2, 3)):
        grad = numbers(rng, n, f, side, side)
        yield call(BACKWARD, grad, numbers(rng, n, 1, side, side), numbers(rng, f, 1, 1, 1))


def draw_back_stride(rng: Rng) -> Iterator[Case]:
    """Draw windows that do not overlap; the weight's gradient hears of the last position only."""
    for k, stride, side in ((2, (2, 2), 4), (1, (3, 3), 6), (2, (3, 3), 7), (2, (2, 3), 6), (1, (2, 1), 5)):
        oh, ow = ((side - k) // step + 1 for step in stride)
        x, weight = numbers(rng, 1, 1, side, side), mirrored(numbers(rng, 1, 1, k, k))
        yield Case(call(BACKWARD, numbers(rng, 1, 1, oh, ow), x, weight, stride), GRAD_X)
        if k == 1:
            yield Case(call(BACKWARD, only_last(1, 1, oh, ow), x, weight, stride), GRAD_WEIGHT)
    blocks = np.kron(numbers(rng, 3, 3), np.ones((2, 2)))[None, None]
    yield Case(call(BACKWARD, only_last(1, 1, 3, 3), blocks, np.ones((1, 1, 2, 2)), 2), GRAD_WEIGHT)


def draw_back_padding(rng: Rng) -> Iterator[Case]:
    """Draw filters as large as the padded image, and one whose paddings differ."""
    for side, padding in ((2, 1), (1, 2), (3, 2)):
        k = side + 2 * padding
        x, weight = mirrored(numbers(rng, 1, 1, side, side)), mirrored(numbers(rng, 1, 1, k, k))
        for part in (GRAD_X, GRAD_WEIGHT):
            yield Case(call(BACKWARD, numbers(rng, 1, 1, 1, 1), x, weight, 1, padding), part)
    for ph, pw in ((1, 0), (0, 2)):
        grad = only_last(1, 1, 1 + 2 * ph, 1 + 2 * pw)
        x, weight = numbers(rng, 1, 1, 3, 3), mirrored(numbers(rng, 1, 1, 3, 3))
        yield Case(call(BACKWARD, grad, x, weight, 1, (ph, pw)), GRAD_X)


def draw_back_apart(rng: Rng) -> Iterator[Case]:
    """Draw several images, filters and channels, of which the last image and filter carry a gradient."""
    for n, c, f, k in ((1, 2, 1, 1), (2, 1, 1, 2), (1, 2, 3, 2), (2, 3, 2, 3)):
        x, weight = mirrored(numbers(rng, n, c, k, k)), mirrored(numbers(rng, f, c, k, k))
        for part in (GRAD_X, GRAD_WEIGHT):
            yield Case(call(BACKWARD, only_last(n, f, 1, 1), x, weight), part)


def draw_back_rectangles(rng: Rng) -> Iterator[Case]:
    """Draw images and filters that are not square, without overlap."""
    for height, width, kh, kw in ((1, 4, 1, 1), (4, 3, 1, 3), (3, 5, 3, 1), (2, 4, 2, 1)):
        x, weight = mirrored(numbers(rng, 1, 1, height, width)), mirrored(numbers(rng, 1, 1, kh, kw))
        size = (height - kh + 1, width - kw + 1)
        yield Case(call(BACKWARD, numbers(rng, 1, 1, *size), x, weight), GRAD_X)
        yield Case(call(BACKWARD, only_last(1, 1, *size), x, weight), GRAD_WEIGHT)


def draw_back_odd(rng: Rng) -> Iterator[Case]:
    """Draw integer inputs under a fractional gradient, and a gradient that is no number."""
    for k in (1, 3):
        x, weight = (mirrored(4 * rng.integers(-9, 10, (1, 1, k, k))).astype(int) for _ in range(2))
        for part in (GRAD_X, GRAD_WEIGHT):
            yield Case(call(BACKWARD, numbers(rng, 1, 1, 1, 1) + 0.25, x, weight), part)
    for value in (np.nan, np.inf):
        grad = np.full((1, 1, 1, 1), value)
        x, weight = (mirrored(np.abs(numbers(rng, 1, 1, 2, 2))) + 1 for _ in range(2))
        for part in (GRAD_X, GRAD_WEIGHT):
            yield Case(call(BACKWARD, grad, x, weight), part)


TWO = np.full((1, 1, 1, 1), 2.0)
GRADS = np.array([[[[1.0, 2], [3, 4]]]])
SUM_OF_ROWS = image([0, 1, 0], [2, 3, 2], [0, 1, 0])

CONV2D_BACKWARD = Question(
    BACKWARD,
    (
        criterion(
            "the gradient of a window is the filter",
            1.5,
            [
                call(BACKWARD, TWO, np.ones((1, 1, 1, 1)), np.full((1, 1, 1, 1), 3.0)),
                call(BACKWARD, TWO, np.ones((1, 1, 3, 3)), SUM_OF_ROWS),
            ],
            draw_one_window,
            judge=GRAD_X,
            hint="If a cell grows by one, the output grows by the weight that the cell met.",
            tries="one window of up to 4x4",
        ),
        criterion(
            "the gradient of a filter is the window",
            1.5,
            [
                call(BACKWARD, TWO, np.full((1, 1, 1, 1), 3.0), np.ones((1, 1, 1, 1))),
                call(BACKWARD, TWO, SUM_OF_ROWS, np.ones((1, 1, 3, 3))),
            ],
            draw_one_window,
            judge=GRAD_WEIGHT,
            hint="If a weight grows by one, the output grows by the value that the weight met.",
            tries="one window of up to 4x4",
        ),
        criterion(
            "the gradient of the bias is a sum over images and positions",
            1,
            [call(BACKWARD, GRADS, np.ones((1, 1, 2, 2)), np.ones((1, 1, 1, 1)))],
            draw_back_bias,
            judge=GRAD_BIAS,
            hint="The bias of a filter is added at every position of every image.",
            tries="up to three images and three filters",
        ),
        criterion(
            "nothing is turned over",
            1,
            [
                Case(call(BACKWARD, TWO, COUNT, image([1, 2, 3], [4, 5, 6], [7, 8, 9])), GRAD_X),
                Case(call(BACKWARD, TWO, COUNT, np.ones((1, 1, 3, 3))), GRAD_WEIGHT),
            ],
            draw_back_turned,
            hint="Each share goes back the way that it came: the first weight met the window's first cell.",
            tries="filters and images whose sides differ",
        ),
        criterion(
            "overlapping windows add up",
            1.5,
            [
                call(BACKWARD, np.ones((1, 1, 2, 2)), np.ones((1, 1, 3, 3)), BOX),
                call(BACKWARD, GRADS, np.ones((1, 1, 3, 3)), BOX),
            ],
            draw_back_overlap,
            judge=GRAD_X,
            hint="A cell that two windows (or two filters) see receives two shares: add, do not assign.",
            tries="stride 1 with filters of 2x2 and 3x3, several filters",
        ),
        criterion(
            "every position adds to the filter's gradient",
            1,
            [call(BACKWARD, np.ones((1, 1, 2, 2)), mirrored(COUNT), BOX)],
            draw_back_positions,
            judge=GRAD_WEIGHT,
            hint="A filter is used at every position of every image: its gradient is the sum over all of them.",
            tries="several positions and up to three images",
        ),
        criterion(
            "the stride leads back to the same cells",
            1,
            [
                Case(call(BACKWARD, GRADS, ONES, BOX, 2), GRAD_X),
                Case(call(BACKWARD, np.full((1, 1, 1, 1), 5.0), COUNT[:, :, :2, :2], TWO, 2), GRAD_X),
                Case(call(BACKWARD, only_last(1, 1, 2, 2), COUNT, TWO, 2), GRAD_WEIGHT),
            ],
            draw_back_stride,
            hint="Output cell (i, j) looked at the window that starts at (i * stride, j * stride); cells that no "
            "window reached get zero.",
            tries="strides up to 3, gaps, different strides for height and width",
        ),
        criterion(
            "the padding's share is cut off",
            1,
            [
                Case(call(BACKWARD, TWO, np.ones((1, 1, 1, 1)), SUM_OF_ROWS, 1, 1), GRAD_X),
                Case(call(BACKWARD, TWO, np.ones((1, 1, 1, 1)), SUM_OF_ROWS, 1, 1), GRAD_WEIGHT),
            ],
            draw_back_padding,
            hint="Compute on the padded image, then return the part that is the image.",
            tries="paddings up to 2, also different ones for height and width",
        ),
        criterion(
            "images, filters and channels stay apart",
            1,
            [
                Case(
                    call(BACKWARD, only_last(1, 2, 1, 1), np.ones((1, 1, 1, 1)), np.array([[[[3.0]]], [[[4.0]]]])), part
                )
                for part in (GRAD_X, GRAD_WEIGHT)
            ],
            draw_back_apart,
            hint="weight[f, c] joins channel c of an image to map f: follow the four indices one by one.",
            tries="up to two images, three channels and three filters",
        ),
        criterion(
            "height and width are two things",
            0.5,
            [Case(call(BACKWARD, np.array([[[[1.0, 2, 3]]]]), image([1, 2, 3]), TWO), GRAD_X)],
            draw_back_rectangles,
            hint="Every size, window and loop bound exists twice: once along the height, once along the width.",
            tries="images and filters that are not square",
        ),
        criterion(
            "integers, NaN and infinity are numbers, too",
            0.5,
            [
                Case(call(BACKWARD, TWO / 4, np.array([[[[3]]]]), np.array([[[[5]]]])), part)
                for part in (GRAD_X, GRAD_WEIGHT)
            ],
            draw_back_odd,
            hint="An array made like an integer array holds integers: make float64 results.",
            tries="integer images and filters under fractional gradients, NaN and infinity",
        ),
        criterion(
            "the input stays untouched",
            0.5,
            [call(BACKWARD, TWO, np.ones((1, 1, 2, 2)), BOX)],
            draw_one_window,
            judge=untouched_by_some_part,
            hint="A caller may still need what it passed in: build the gradients in arrays of their own.",
            tries="other sizes",
        ),
        criterion(
            REFUSED,
            1,
            [
                Case(call(BACKWARD, TWO, np.ones((1, 1, 1, 1)), TWO), some_part),
                Case(call(BACKWARD, np.ones((3, 3)), ONES, BOX), Refused("grad_output")),
                Case(call(BACKWARD, TWO, BOX[0], BOX), Refused("x")),
                Case(call(BACKWARD, TWO, BOX, BOX[0]), Refused("weight")),
                Case(call(BACKWARD, TWO, ONES, np.ones((1, 1, 5, 1))), Refused("weight")),
                Case(call(BACKWARD, TWO, ONES, np.ones((1, 1, 1, 5))), Refused("weight")),
                Case(call(BACKWARD, TWO, TWO, TWO, 0), Refused("stride")),
                Case(call(BACKWARD, TWO, TWO, TWO, (1, 0)), Refused("stride")),
                Case(call(BACKWARD, TWO, TWO, TWO, 1, -1), Refused("padding")),
                Case(call(BACKWARD, TWO, TWO, TWO, 1, (0, -1)), Refused("padding")),
            ],
            hint=REFUSED_HINT,
        ),
    ),
)

# receptive_field --------------------------------------------------------------------------------------------

FIELD_PROBE = """
def _probe_receptive_field(layers):
    result = receptive_field(layers)
    return result, layers
"""


def draw_one_layer(rng: Rng) -> Iterator[Call]:
    """Draw one layer of stride 1."""
    for kernel in rng.integers(1, 12, 3):
        yield call("receptive_field", [(int(kernel), 1)])


def draw_unit_strides(rng: Rng) -> Iterator[Call]:
    """Draw up to five layers of stride 1."""
    for count in range(2, 6):
        yield call("receptive_field", [(int(kernel), 1) for kernel in rng.integers(1, 8, count)])


def draw_jumps(rng: Rng) -> Iterator[Call]:
    """Draw up to five layers of any kernel and stride."""
    for count in range(1, 6):
        yield call("receptive_field", [(int(k), int(s)) for k, s in rng.integers(1, 5, (count, 2))])


def draw_stretched(rng: Rng) -> Iterator[Call]:
    """Draw up to six layers of any kernel and stride."""
    for count in range(2, 7):
        yield call("receptive_field", [(int(k), int(s)) for k, s in rng.integers(1, (6, 4), (count, 2))])


RECEPTIVE_FIELD = Question(
    "receptive_field",
    (
        criterion(
            "one layer sees its window",
            1,
            [call("receptive_field", [(3, 1)])],
            draw_one_layer,
            judge=SIZE,
            hint="Behind one layer a cell sees exactly the kernel.",
            tries="windows up to 11",
        ),
        criterion(
            "layers of stride 1 add up",
            1,
            [call("receptive_field", [(3, 1), (3, 1)])],
            draw_unit_strides,
            judge=SIZE,
            hint="Two 3-windows see 5 cells, not 6: how many cells does a further layer bring in?",
            tries="up to five layers",
        ),
        criterion(
            "the jump is the product of the strides",
            1,
            [call("receptive_field", [(1, 2)]), call("receptive_field", [(1, 2), (1, 3)])],
            draw_jumps,
            judge=JUMP,
            hint="A step behind two layers of stride 2 is two steps behind one of them.",
            tries="up to five layers of any window and stride",
        ),
        criterion(
            "a stride stretches the layers behind it",
            1,
            [
                call("receptive_field", [(2, 2)]),
                call("receptive_field", [(3, 2), (3, 1)]),
                call("receptive_field", [(3, 1), (3, 2)]),
            ],
            draw_stretched,
            judge=SIZE,
            hint="A layer's cells lie one jump apart in the input, the jump of the layers before it.",
            tries="up to six layers of any window and stride",
        ),
        criterion(
            "no layers see one cell",
            0.5,
            [call("receptive_field", [])],
            judge=whole,
            hint="Without a layer the output is the input.",
        ),
        criterion(
            "size and jump are ints, the list stays as it was",
            0.5,
            [
                Case(call("_probe_receptive_field", [(3, 1)]), same),
                Case(call("_probe_receptive_field", []), same_unless_wrong),
            ],
            hint="Integers multiplied and added stay integers; read the list without taking from it.",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(call("receptive_field", [(3, 1)]), whole),
                Case(call("receptive_field", [(0, 1)]), Refused("kernel_size")),
                Case(call("receptive_field", [(3, 1), (3, 0)]), Refused("stride")),
                Case(call("receptive_field", [(3, 1), (-1, 1)]), Refused("kernel_size")),
            ],
            hint=REFUSED_HINT,
        ),
    ),
    probe=FIELD_PROBE,
)

# conv2d_cost ------------------------------------------------------------------------------------------------

COST_PROBE = """
def _probe_bias_cost(*arguments):
    (parameters, macs), (bare, bare_macs) = (conv2d_cost(*arguments, bias=bias) for bias in (True, False))
    default = conv2d_cost(*arguments)
    return parameters - bare, macs - bare_macs, default[0] - bare
"""


def draw_costs(rng: Rng) -> Iterator[Call]:
    """Draw square layers without a bias."""
    for kernel in (1, 3, 5):
        c, f, side = (int(value) for value in rng.integers(2, 40, 3))
        yield call("conv2d_cost", c, f, kernel, (side, side), bias=False)


def draw_bias_costs(rng: Rng) -> Iterator[Call]:
    """Draw layers to be compared with and without a bias."""
    for kernel in (1, 3):
        c, f, side = (int(value) for value in rng.integers(2, 40, 3))
        yield call("_probe_bias_cost", c, f, kernel, (side, side))


def rectangular_cost(kernel: tuple[int, int], output_size: int | tuple[int, int]) -> Iterator[Case]:
    """Return cases of one channel; counting the products of one cell only has a criterion of its own."""
    window = kernel[0] * kernel[1]
    yield Case(call("conv2d_cost", 1, 1, kernel, (1, 1), bias=False), PARAMETERS)
    yield Case(call("conv2d_cost", 1, 1, kernel, output_size, bias=False), Unless(MACS, ((window, window),)))


def draw_rectangular_costs(rng: Rng) -> Iterator[Case]:
    """Draw windows that are not square, and maps that are not."""
    for kernel in ((1, 3), (5, 2)):
        height, width = (int(value) for value in rng.integers(5, 20, 2))
        yield from rectangular_cost(kernel, (height, width + height))
        yield from rectangular_cost(kernel, height)


CONV2D_COST = Question(
    "conv2d_cost",
    (
        criterion(
            "weights are counted once",
            1,
            [call("conv2d_cost", 1, 1, 3, (6, 6), bias=False), call("conv2d_cost", 3, 16, 3, (6, 6), bias=False)],
            draw_costs,
            judge=PARAMETERS,
            hint="Each filter has a window for every input channel; the size of the image does not matter.",
            tries="up to 39 channels and filters",
        ),
        criterion(
            "every output cell costs a window of products",
            1,
            [call("conv2d_cost", 1, 1, 3, (6, 6), bias=False), call("conv2d_cost", 3, 16, 3, (6, 6), bias=False)],
            draw_costs,
            judge=MACS,
            hint="Count the products behind one output cell, then the cells of all output maps.",
            tries="up to 39 channels, filters, rows and columns",
        ),
        criterion(
            "a bias adds parameters, no products",
            1,
            [Case(call("_probe_bias_cost", 1, 1, 3, (6, 6)), whole)],
            draw_bias_costs,
            judge=whole,
            hint="One number for each filter, added without a multiplication; there is one unless bias=False.",
            tries="the difference that a bias makes",
        ),
        criterion(
            "windows and maps may be rectangles",
            0.5,
            rectangular_cost((1, 2), (3, 4)),
            draw_rectangular_costs,
            hint="An int stands for a square; a pair is (height, width).",
            tries="rectangular windows and maps, and an int for the map",
        ),
        criterion(
            "counts are ints",
            0.5,
            [call("conv2d_cost", 1, 1, 3, (6, 6), bias=False)],
            judge=ints_by_some_part,
            hint="Products of integers are integers.",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(call("conv2d_cost", 1, 1, 3, (6, 6), bias=False), some_part),
                Case(call("conv2d_cost", 0, 1, 3, (6, 6)), Refused()),
                Case(call("conv2d_cost", 1, 0, 3, (6, 6)), Refused()),
                Case(call("conv2d_cost", 1, 1, 0, (6, 6)), Refused("kernel_size")),
                Case(call("conv2d_cost", 1, 1, (1, 0), (6, 6)), Refused("kernel_size")),
                Case(call("conv2d_cost", 1, 1, 3, (0, 6)), Refused()),
                Case(call("conv2d_cost", 1, 1, 3, (6, 0)), Refused()),
            ],
            hint=REFUSED_HINT,
        ),
    ),
    probe=COST_PROBE,
)

ASSIGNMENT = Assignment("convolution", (OUTPUT_SIZE, CONV2D, CONV2D_BACKWARD, RECEPTIVE_FIELD, CONV2D_COST))
