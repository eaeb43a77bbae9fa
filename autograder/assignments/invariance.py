"""The invariance assignment: what is asked, worked examples, and what grading draws.

Each criterion varies one thing. Images have an empty frame where borders do not matter, filters look the same
from all sides where their turns do not matter: a mistake then costs its own criterion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..criteria.comparison import difference
from ..criteria.criterion import call, criterion, input_stays_untouched
from ..criteria.judges import Refused, accepted, same, same_value, trouble
from ..model import Assignment, Call, Case, Question, Reply

Array = np.ndarray[Any, Any]
Rng = np.random.Generator

REFUSED = "bad arguments are refused"
ODD = "integers, NaN and infinity are numbers, too"
RANKS = ((4, 4), (1, 4, 4), (1, 1, 1, 4, 4))


def numbers(rng: Rng, *shape: int) -> Array:
    """Draw numbers with few digits: easy to read in feedback."""
    return np.round(rng.normal(scale=2, size=shape), 1)


def framed(content: Array, width: int) -> Array:
    """Surround the last two axes with ``width`` rows and columns of zeros."""
    return np.pad(content, [(0, 0)] * (content.ndim - 2) + [(width, width)] * 2)


def image(*rows: list[float]) -> Array:
    """Return rows as one image of one channel."""
    return np.array([[rows]], dtype=float)


# shift2d ----------------------------------------------------------------------------------------------------


def draw_forwards(rng: Rng) -> Iterator[Call]:
    """Draw shifts down and right within an empty frame."""
    for dy, dx in ((1, 1), (1, 3), (3, 2)):
        yield call("shift2d", framed(numbers(rng, 3, 3), 3), dy, dx)


def draw_backwards(rng: Rng) -> Iterator[Call]:
    """Draw shifts up or left within an empty frame."""
    for dy, dx in ((-1, -1), (-1, 2), (3, -2), (-3, -2)):
        yield call("shift2d", framed(numbers(rng, 3, 3), 3), dy, dx)


def draw_losses(rng: Rng) -> Iterator[Call]:
    """Draw shifts that push content over the edge."""
    for dy, dx in ((1, 1), (2, 1), (1, 3)):
        yield call("shift2d", numbers(rng, 4, 4), dy, dx)


def draw_wraps(rng: Rng) -> Iterator[Call]:
    """Draw wrapping shifts in all directions, also beyond the size."""
    for dy, dx in ((1, 1), (2, 3), (-1, 2), (-2, -1), (5, -9)):
        yield call("shift2d", numbers(rng, 4, 4), dy, dx, mode="wrap")


def draw_stays(rng: Rng) -> Iterator[Call]:
    """Draw shifts along one axis, or none, within an empty frame."""
    for dy, dx in ((0, 1), (2, 0), (0, 0)):
        yield call("shift2d", framed(numbers(rng, 3, 3), 2), dy, dx)


def shifted(x: Array, dy: int, dx: int, mode: str) -> Array:
    """Shift the last two axes, to recognise mistakes."""
    out = np.roll(x, (dy, dx), axis=(-2, -1))
    if mode == "zero":
        out[..., slice(0, dy) if dy >= 0 else slice(dy, None), :] = 0
        out[..., slice(0, dx) if dx >= 0 else slice(dx, None)] = 0
    return out


def any_way(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the content moved in the asked, the opposite or the transposed direction.

    Which direction is right has criteria of its own.
    """
    (x, dy, dx), mode = case.call.args, case.call.kwargs.get("mode", "zero")
    wrong = same_value(case, got, expected)
    if wrong and not trouble(got):
        for other in ((-dy, -dx), (dx, dy), (-dx, -dy)):
            if not difference(got.value, shifted(x, *other, mode), integers_pass=True):
                return None
    return wrong


def far(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold also for what numpy.roll gives, and for no shift: zeros and negative shifts have criteria of their own."""
    x, dy, dx = case.call.args
    for other in (shifted(x, dy, dx, "wrap"), x):
        if not trouble(got) and not difference(got.value, other, integers_pass=True):
            return None
    return any_way(case, got, expected)


def moved_and_untouched(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the content moved and the array that went in is as it was."""
    same_input = len(got.inputs) == 1 and not difference(got.inputs[0], case.call.args[0])
    return any_way(case, got, expected) or (None if same_input else "the call modified its input")


def draw_far(rng: Rng) -> Iterator[Call]:
    """Draw shifts as far as the image is large, and farther."""
    for dy, dx in ((3, 1), (1, 3), (4, 5), (-4, -3), (9, 1), (1, -9)):
        yield call("shift2d", numbers(rng, 3, 3), dy, dx)


def draw_any_axes(rng: Rng) -> Iterator[Call]:
    """Draw arrays of two to five axes that are not square, within an empty frame."""
    for shape in ((2, 4), (2, 3, 1), (2, 2, 1, 3), (2, 1, 2, 2, 3)):
        yield call("shift2d", framed(numbers(rng, *shape), 2), 1, 2)
    yield call("shift2d", framed(numbers(rng, 2, 1, 3), 2), 1, 2, mode="wrap")


def draw_odd_shifts(rng: Rng) -> Iterator[Call | Case]:
    """Draw integers, and values that are no numbers, within an empty frame or about to leave."""
    yield call("shift2d", framed(rng.integers(-9, 10, (2, 2)), 2), 1, 2)
    for value in (np.nan, np.inf):
        content = numbers(rng, 2, 2)
        content.flat[rng.integers(4)] = value
        yield call("shift2d", framed(content, 2), 1, 2)
        leaving = np.zeros((4, 4))
        leaving[3, 2:] = 7, value
        yield Case(call("shift2d", leaving, 1, 1), far)


DOT = np.array([[0.0, 0, 0], [0, 5, 0], [0, 0, 0]])
NINE = np.arange(1.0, 10).reshape(3, 3)

SHIFT2D = Question(
    "shift2d",
    (
        criterion(
            "down and right are positive",
            1,
            [call("shift2d", DOT, 1, 1), call("shift2d", framed(NINE, 2), 1, 2)],
            draw_forwards,
            judge=same_value,
            hint="dy moves along the rows, dx along the columns; row 0 is at the top.",
            tries="random images in an empty frame",
        ),
        criterion(
            "up and left are negative",
            1,
            [call("shift2d", DOT, -1, -1), call("shift2d", framed(NINE, 2), -1, 2)],
            draw_backwards,
            judge=same_value,
            hint="A slice from -1 starts at the end: think about each sign by itself.",
            tries="negative and mixed signs",
        ),
        criterion(
            "what leaves is lost, zeros enter",
            1,
            [call("shift2d", NINE, 1, 1)],
            draw_losses,
            judge=any_way,
            hint="numpy.roll brings back on one side what left on the other: that is the other mode.",
            tries="images without a frame",
        ),
        criterion(
            "wrap brings back what leaves",
            1,
            [call("shift2d", NINE, 1, 1, mode="wrap")],
            draw_wraps,
            judge=any_way,
            hint="On a torus nothing is lost.",
            tries="all directions, also beyond the size",
        ),
        criterion(
            "a shift of zero moves nothing",
            0.5,
            [call("shift2d", DOT, 0, 1), call("shift2d", DOT, 0, 0)],
            draw_stays,
            judge=any_way,
            hint="x[:-0] is empty.",
            tries="shifts along one axis",
        ),
        criterion(
            "a shift may exceed the image",
            0.5,
            [call("shift2d", NINE, 3, 1), call("shift2d", NINE, 1, 7)],
            draw_far,
            judge=far,
            hint="When everything has left, zeros are what remains.",
            tries="shifts up to three times the size",
        ),
        criterion(
            "the last two axes of any array",
            0.5,
            [call("shift2d", framed(np.arange(1.0, 9).reshape(2, 2, 2), 1), 1, 1)],
            draw_any_axes,
            judge=any_way,
            hint="An Ellipsis stands for all the axes in front.",
            tries="two to five axes, not square",
        ),
        criterion(
            ODD,
            0.5,
            [call("shift2d", np.array([[np.nan, 0], [0, 0]]), 1, 1)],
            draw_odd_shifts,
            judge=any_way,
            hint="Moving is not computing: zero times NaN is NaN.",
            tries="integers, NaN and infinity",
        ),
        criterion(
            "the input stays untouched",
            0.5,
            [call("shift2d", DOT, 1, 1)],
            draw_forwards,
            judge=moved_and_untouched,
            hint="A caller may still need what it passed in: build the result in an array of its own.",
            tries="other images",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(call("shift2d", DOT, 1, 1), any_way),
                Case(call("shift2d", DOT, 1, 1, mode="reflect"), Refused()),
                Case(call("shift2d", np.ones(3), 1, 1), Refused("x")),
                Case(call("shift2d", np.ones(3), 1, 1, mode="wrap"), Refused("x")),
            ],
            hint="Only `zero` and `wrap` are modes; an array needs two axes to be shifted in two directions: name `x`.",
        ),
    ),
)

# shift_consistency ------------------------------------------------------------------------------------------


def counted(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold for the share of rows, or their number: that a share is asked for has a criterion of its own."""
    wrong = trouble(got)
    if wrong:
        return wrong
    value = got.value
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        value = float(value)
    if not difference(value, expected.value * len(case.call.args[0])):
        return None
    return difference(value, expected.value)


def counted_and_untouched(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the rows are counted rightly and the arrays that went in are as they were."""
    changed = len(got.inputs) != len(case.call.args) or any(map(difference, got.inputs, case.call.args))
    return counted(case, got, expected) or ("the call modified its input" if changed else None)


def votes(rng: Rng, *, rows: int, classes: int, agreeing: int) -> tuple[Array, Array]:
    """Draw two arrays of logits without ties whose arg-max agrees in this many rows, in random order."""
    first = rng.integers(classes, size=rows)
    second = np.where(np.arange(rows) < agreeing, first, (first + rng.integers(1, classes, rows)) % classes)
    order = rng.permutation(rows)
    pair = [numbers(rng, rows, classes) for _ in range(2)]
    for logits, winners in zip(pair, (first, second), strict=True):
        logits[np.arange(rows), winners] = logits.max(axis=1) + 1
    return pair[0][order], pair[1][order]


def draw_votes(rng: Rng) -> Iterator[Call]:
    """Draw logits that differ although their arg-max agrees, and the other way round."""
    for rows, classes, agreeing in ((1, 3, 0), (4, 3, 1), (6, 10, 4), (9, 4, 6)):
        yield call("shift_consistency", *votes(rng, rows=rows, classes=classes, agreeing=agreeing))


def draw_shares(rng: Rng) -> Iterator[Call]:
    """Draw logits of which all rows agree, or half of them."""
    for rows, agreeing in ((4, 2), (5, 5)):
        yield call("shift_consistency", *votes(rng, rows=rows, classes=3, agreeing=agreeing))


def draw_tied_votes(rng: Rng) -> Iterator[Call]:
    """Draw rows whose largest value stands twice; the other array has it at the first place, or the second."""
    for classes in (3, 6):
        first, second = (numbers(rng, 4, classes) for _ in range(2))
        for row in range(4):
            a, b = sorted(rng.choice(classes, 2, replace=False))
            first[row, [a, b]] = 20.0
            second[row, a if row < 3 else b] = 20.0
        yield call("shift_consistency", first, second)


def draw_odd_votes(rng: Rng) -> Iterator[Call]:
    """Draw integers, infinities, and NaN, which counts as the largest value."""
    yield call("shift_consistency", *(rng.permuted(np.arange(12).reshape(3, 4), axis=1) for _ in range(2)))
    for value in (np.inf, -np.inf, np.nan):
        first, _ = votes(rng, rows=4, classes=3, agreeing=4)
        second = first.copy()
        winner = int(first[0].argmax())
        second[0, winner if value == -np.inf else (winner + 1) % 3] = value
        yield call("shift_consistency", first, second)


LOGITS = np.array([[3.0, 1, 2], [1.0, 3, 2], [0.0, 1, 5]])
SHIFTED = np.array([[9.0, 0, 1], [5.0, 4, 0], [1.0, 0, 3]])

SHIFT_CONSISTENCY = Question(
    "shift_consistency",
    (
        criterion(
            "rows whose winner stays are counted",
            1.5,
            [call("shift_consistency", LOGITS, SHIFTED)],
            draw_votes,
            judge=counted,
            hint="Compare the position of the largest value in each row, not the values.",
            tries="up to nine rows and ten classes",
        ),
        criterion(
            "the result is a share, a float",
            0.5,
            [call("shift_consistency", LOGITS, SHIFTED), call("shift_consistency", LOGITS, LOGITS)],
            draw_shares,
            hint="All rows agree: 1.0; none: 0.0; whatever their number.",
            tries="half of the rows, and all of them",
        ),
        criterion(
            "the first maximum wins a tie",
            0.5,
            [call("shift_consistency", np.array([[2.0, 2, 1]]), np.array([[3.0, 1, 1]]))],
            draw_tied_votes,
            judge=counted,
            hint="numpy.argmax returns the first of equal values.",
            tries="rows of three and six classes",
        ),
        criterion(
            ODD,
            0.5,
            [call("shift_consistency", np.array([[1, 2]]), np.array([[0, 5]]))],
            draw_odd_votes,
            judge=counted,
            hint="For PyTorch and NumPy NaN is the maximum of its row.",
            tries="integers, infinities, NaN",
        ),
        criterion(
            "the input stays untouched",
            0.5,
            [call("shift_consistency", LOGITS, SHIFTED)],
            draw_votes,
            judge=counted_and_untouched,
            hint="Look, do not sort.",
            tries="other sizes",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(call("shift_consistency", LOGITS, SHIFTED), counted),
                Case(call("shift_consistency", LOGITS[0], SHIFTED), Refused("logits")),
                Case(call("shift_consistency", LOGITS, SHIFTED[0]), Refused("shifted_logits")),
                Case(call("shift_consistency", LOGITS[None], SHIFTED), Refused("logits")),
                Case(call("shift_consistency", LOGITS, SHIFTED[None]), Refused("shifted_logits")),
            ],
            hint="Both arrays have two axes, images and classes: name the one that has not.",
        ),
    ),
)

# binomial_kernel --------------------------------------------------------------------------------------------


def proportions(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the weights stand in the right proportions, whatever their sum."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    value = got.value
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.size and value.sum() > 0:
        value = value / value.sum()
    return difference(value, expected.value)


def sums_to_one(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the weights are floats above zero, in the right shape, with the sum 1."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    value, shape = got.value, expected.value.shape
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or value.shape != shape or not (value > 0).all():
        return f"expected an array of positive floats of shape {shape}"
    return difference(float(value.sum()), 1.0)


BINOMIAL_KERNEL = Question(
    "binomial_kernel",
    (
        criterion(
            "rows of Pascal's triangle, times each other",
            1.5,
            [call("binomial_kernel", 3), call("binomial_kernel", 5)],
            lambda rng: [call("binomial_kernel", int(size)) for size in 2 * rng.choice(np.arange(3, 9), 2) + 1],
            judge=proportions,
            hint="Size 3 is 1 2 1 along both axes, so that the middle of the kernel weighs 2 times 2.",
            tries="other odd sizes",
        ),
        criterion(
            "the weights sum to 1",
            0.5,
            [call("binomial_kernel", 3), call("binomial_kernel", 5)],
            judge=sums_to_one,
            hint="A constant image must not become brighter: what do the numbers of a row of the triangle sum to?",
        ),
        criterion(
            "even sizes and large ones",
            0.5,
            [call("binomial_kernel", 2), call("binomial_kernel", 4)],
            lambda rng: [call("binomial_kernel", size) for size in (int(rng.integers(3, 8)) * 2, 40)],
            judge=proportions,
            hint="Every row of the triangle will do; in a large one the numbers outgrow 64 bits.",
            tries="other even sizes, and 40",
        ),
        criterion(
            "size 1 changes nothing",
            0.5,
            [call("binomial_kernel", 1)],
            judge=proportions,
            hint="The first row of the triangle is a single 1.",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(call("binomial_kernel", 3), proportions),
                Case(call("binomial_kernel", 0), Refused()),
                Case(call("binomial_kernel", -2), Refused()),
            ],
            hint="There is no kernel without a cell.",
        ),
    ),
)

# blur_pool2d ------------------------------------------------------------------------------------------------

BLUR = "blur_pool2d"


def draw_blurs(rng: Rng) -> Iterator[Call]:
    """Draw images in an empty frame."""
    for side in (1, 2, 4):
        yield call(BLUR, framed(numbers(rng, 1, 1, side, side), 2), stride=1)


def draw_borders(rng: Rng) -> Iterator[Call]:
    """Draw images without a frame."""
    for side in (2, 3, 5):
        yield call(BLUR, numbers(rng, 1, 1, side, side), stride=1)


def draw_sizes(rng: Rng) -> Iterator[Call]:
    """Draw sizes from 1 to 6 on images whose frame is wider than the filter."""
    for size in (1, 2, 4, 5, 6):
        yield call(BLUR, framed(numbers(rng, 1, 1, 2, 2), 6), size, 1)


def draw_strides(rng: Rng) -> Iterator[Call]:
    """Draw strides, also different ones for height and width, on images in an empty frame."""
    for stride in (2, 3, (1, 2), (3, 1)):
        side = int(rng.integers(3, 6))
        yield call(BLUR, framed(numbers(rng, 1, 1, side, side), 2), stride=stride)


def draw_blur_channels(rng: Rng) -> Iterator[Call]:
    """Draw several images and channels in an empty frame."""
    for n, c in ((1, 2), (2, 1), (2, 3)):
        yield call(BLUR, framed(numbers(rng, n, c, 2, 2), 2), stride=1)


def draw_blur_rectangles(rng: Rng) -> Iterator[Call]:
    """Draw images that are not square in an empty frame."""
    for height, width in ((1, 2), (3, 1), (2, 5)):
        yield call(BLUR, framed(numbers(rng, 1, 1, height, width), 2), stride=1)


def draw_odd_blurs(rng: Rng) -> Iterator[Call]:
    """Draw integers, and single values that are no numbers, in an empty frame."""
    yield call(BLUR, framed(rng.integers(-9, 10, (1, 1, 3, 3)), 2), stride=1)
    for value in (np.nan, np.inf):
        content = numbers(rng, 1, 1, 3, 3)
        content.flat[rng.integers(9)] = value
        yield call(BLUR, framed(content, 2), stride=1)


SPOT = framed(image([16]), 2)
SIX = np.arange(36.0).reshape(1, 1, 6, 6)
SMALL = image([1, 2], [3, 4])

BLUR_POOL2D = Question(
    BLUR,
    (
        criterion(
            "the binomial filter blurs",
            1.5,
            [call(BLUR, SPOT, stride=1), call(BLUR, framed(image([1, 2], [3, 4]), 2), stride=1)],
            draw_blurs,
            hint="Each cell becomes the weighted mean of its neighbourhood, with the weights of binomial_kernel(3).",
            tries="random images in an empty frame",
        ),
        criterion(
            "the border is reflected",
            1,
            [call(BLUR, image([16, 0], [0, 0]), stride=1), call(BLUR, SIX, stride=1)],
            draw_borders,
            hint="Reflection leaves out the edge itself: a, b, c becomes b, a, b, c, b.",
            tries="images without a frame",
        ),
        criterion(
            "every stride-th cell is kept, the first one too",
            1,
            [call(BLUR, SPOT), call(BLUR, framed(SIX, 2), stride=(1, 2))],
            draw_strides,
            hint="Blur everywhere, then subsample from cell 0: stride[0] along the height, stride[1] along the width.",
            tries="strides up to 3, also different ones for height and width",
        ),
        criterion(
            "other sizes, even ones too",
            1,
            [call(BLUR, framed(image([4]), 2), 2, 1), call(BLUR, framed(image([8]), 4), 4, 1)],
            draw_sizes,
            hint="(size - 1) // 2 cells of padding before, the rest of size - 1 after.",
            tries="sizes from 1 to 6",
        ),
        criterion(
            "images and channels stay apart",
            0.5,
            [call(BLUR, framed(np.array([[[[16.0]], [[32.0]]]]), 2), stride=1)],
            draw_blur_channels,
            hint="A blur is depthwise: no channel hears of another one.",
            tries="up to two images and three channels",
        ),
        criterion(
            "height and width are two things",
            0.5,
            [call(BLUR, framed(image([16, 32]), 2), stride=1)],
            draw_blur_rectangles,
            hint="Every size and loop bound exists twice.",
            tries="images that are not square",
        ),
        criterion(
            ODD,
            0.5,
            [call(BLUR, framed(np.array([[[[1]]]]), 2), stride=1)],
            draw_odd_blurs,
            hint="A weighted mean of integers is a fraction; of NaN it is NaN.",
            tries="integers, NaN and infinity",
        ),
        input_stays_untouched(0.5, [call(BLUR, SPOT, 3, 1)], draw_blurs),
        criterion(
            REFUSED,
            1,
            [
                Case(call(BLUR, SPOT, 3, 1), same),
                Case(call(BLUR, SMALL, 3, 1), accepted),
                Case(call(BLUR, image([1, 2, 3]), 3, 1), Refused()),
                Case(call(BLUR, image([1], [2], [3]), 3, 1), Refused()),
                Case(call(BLUR, SMALL, 5, 1), Refused()),
                Case(call(BLUR, SPOT, 0, 1), Refused()),
                Case(call(BLUR, SPOT, 3, 0), Refused("stride")),
                Case(call(BLUR, SPOT, 3, (1, 0)), Refused("stride")),
                *(Case(call(BLUR, np.ones(shape), 3, 1), Refused("x")) for shape in RANKS),
            ],
            hint="numpy.pad reflects as often as you ask; a single reflection has one cell less than the axis.",
        ),
    ),
)

# max_blur_pool2d --------------------------------------------------------------------------------------------

MAX_BLUR = "max_blur_pool2d"


def draw_dense(rng: Rng) -> Iterator[Call]:
    """Draw windows without blur and without subsampling."""
    for side, kernel in ((3, 2), (4, 3), (6, 2)):
        yield call(MAX_BLUR, np.abs(numbers(rng, 1, 1, side, side)), kernel, 1, 1)


def draw_negative(rng: Rng) -> Iterator[Call]:
    """Draw images that are negative everywhere."""
    for side, kernel in ((3, 2), (5, 3)):
        yield call(MAX_BLUR, -np.abs(numbers(rng, 1, 1, side, side)) - 1, kernel, 1, 1)


def draw_then_blurred(rng: Rng) -> Iterator[Call]:
    """Draw images in an empty frame, blurred and not subsampled."""
    for side in (1, 2, 3):
        yield call(MAX_BLUR, framed(np.abs(numbers(rng, 1, 1, side, side)), 3), 2, 3, 1)


def draw_then_strided(rng: Rng) -> Iterator[Call | Case]:
    """Draw strides without blur, and one call that leaves all settings out, of which only the shape counts."""
    for stride in (2, 3, (1, 2), (3, 1)):
        yield call(MAX_BLUR, np.abs(numbers(rng, 1, 1, 7, 7)), 2, 1, stride)
    yield Case(call(MAX_BLUR, numbers(rng, 1, 1, 6, 6)), accepted)


def draw_reflected(rng: Rng) -> Iterator[Call]:
    """Draw blurred images without a frame, of odd and even sizes."""
    for side, size in ((4, 3), (5, 2), (6, 4), (6, 3)):
        yield call(MAX_BLUR, np.abs(numbers(rng, 1, 1, side, side)), 2, size, 1)


def draw_dense_channels(rng: Rng) -> Iterator[Call]:
    """Draw several images and channels without blur."""
    for n, c in ((1, 2), (2, 1), (2, 3)):
        yield call(MAX_BLUR, np.abs(numbers(rng, n, c, 3, 3)), 2, 1, 1)


def draw_dense_rectangles(rng: Rng) -> Iterator[Call]:
    """Draw images and windows that are not square, without blur."""
    for height, width, kernel in ((2, 4, 2), (4, 3, (1, 2)), (4, 5, (3, 2))):
        yield call(MAX_BLUR, np.abs(numbers(rng, 1, 1, height, width)), kernel, 1, 1)


def draw_odd_maxima(rng: Rng) -> Iterator[Call]:
    """Draw integers, and single values that are no numbers, without blur."""
    yield call(MAX_BLUR, rng.integers(1, 10, (1, 1, 3, 3)), 2, 1, 1)
    for value in (np.nan, np.inf):
        x = np.abs(numbers(rng, 1, 1, 4, 4))
        x.flat[rng.integers(16)] = value
        yield call(MAX_BLUR, x, 2, 1, 1)


MAX_BLUR_POOL2D = Question(
    MAX_BLUR,
    (
        criterion(
            "the maximum is taken at every position",
            1,
            [call(MAX_BLUR, image([1, 2, 3], [4, 5, 6], [7, 8, 9]), 2, 1, 1)],
            draw_dense,
            judge=same_value,
            hint="Max pooling with stride 1: n - kernel_size + 1 windows along each axis, no padding.",
            tries="windows of 2x2 and 3x3 without blur (size 1) and without subsampling",
        ),
        criterion(
            "negative values have a maximum, too",
            0.5,
            [call(MAX_BLUR, image([-1, -2], [-3, -4]), 2, 1, 1)],
            draw_negative,
            judge=same_value,
            hint="Start from minus infinity or from the first value, never from zero.",
            tries="images below zero",
        ),
        criterion(
            "the blur comes after the maximum",
            1.5,
            [call(MAX_BLUR, framed(image([16]), 3), 2, 3, 1)],
            draw_then_blurred,
            hint="First the dense maximum, then the binomial filter over its result.",
            tries="images in an empty frame",
        ),
        criterion(
            "subsampling comes last",
            1,
            [call(MAX_BLUR, SIX, 2, 1, 2)],
            draw_then_strided,
            judge=same_value,
            hint="stride belongs to the last step alone; the maximum was taken everywhere.",
            tries="strides up to 3, also different ones for height and width, without blur",
        ),
        criterion(
            "padding as in blur_pool2d",
            1,
            [call(MAX_BLUR, SIX, 2, 3, 1), call(MAX_BLUR, SIX, 2, 2, 1)],
            draw_reflected,
            hint="The result of the maximum is reflected, (size - 1) // 2 before and the rest after.",
            tries="images without a frame, sizes 2, 3 and 4",
        ),
        criterion(
            "images and channels stay apart",
            0.5,
            [call(MAX_BLUR, np.arange(16.0).reshape(1, 4, 2, 2), 2, 1, 1)],
            draw_dense_channels,
            judge=same_value,
            hint="Windows extend over height and width only.",
            tries="up to two images and three channels, without blur",
        ),
        criterion(
            "height and width are two things",
            0.5,
            [call(MAX_BLUR, image([1, 2, 3], [4, 5, 6]), (1, 2), 1, 1)],
            draw_dense_rectangles,
            judge=same_value,
            hint="Images and windows need not be square.",
            tries="rectangular images and windows, without blur",
        ),
        criterion(
            ODD,
            0.5,
            [call(MAX_BLUR, np.array([[[[1, 2], [3, 4]]]]), 2, 1, 1)],
            draw_odd_maxima,
            judge=same_value,
            hint="A window with NaN has no other maximum.",
            tries="integers, NaN and infinity, without blur",
        ),
        input_stays_untouched(0.5, [call(MAX_BLUR, SMALL, 2, 1, 1)], draw_dense),
        criterion(
            REFUSED,
            1,
            [
                Case(call(MAX_BLUR, SMALL, 2, 1, 1), same_value),
                Case(call(MAX_BLUR, SMALL, 0, 1, 1), Refused("kernel_size")),
                Case(call(MAX_BLUR, SMALL, (2, 0), 1, 1), Refused("kernel_size")),
                Case(call(MAX_BLUR, SMALL, 3, 1, 1), Refused("kernel_size")),
                Case(call(MAX_BLUR, SMALL, (1, 3), 1, 1), Refused("kernel_size")),
                Case(call(MAX_BLUR, np.ones((1, 1, 2, 4)), (3, 1), 1, 1), Refused("kernel_size")),
                Case(call(MAX_BLUR, SMALL, 2, 3, 1), Refused()),
                Case(call(MAX_BLUR, np.ones((1, 1, 2, 5)), 2, 3, 1), Refused()),
                Case(call(MAX_BLUR, SMALL, 2, 0, 1), Refused()),
                Case(call(MAX_BLUR, SMALL, 2, 1, 0), Refused("stride")),
                Case(call(MAX_BLUR, SMALL, 2, 1, (0, 1)), Refused("stride")),
                *(Case(call(MAX_BLUR, np.ones(shape), 2, 1, 1), Refused("x")) for shape in RANKS),
            ],
            hint="The window must fit into the image, and the reflection into the result of the maximum.",
        ),
    ),
)

# rotation_pool ----------------------------------------------------------------------------------------------

ROTATION = "rotation_pool"


def all_round(array: Array) -> Array:
    """Make the last two axes look the same after every quarter turn and every flip."""
    turned = np.mean([np.rot90(array, turns, axes=(-2, -1)) for turns in range(4)], axis=0)
    mirrored: Array = (turned + turned[..., ::-1]) / 2
    return mirrored


def draw_positions(rng: Rng) -> Iterator[Call]:
    """Draw one image and one filter that looks the same from all sides, with a positive response."""
    for side, k in ((2, 1), (3, 2), (5, 3)):
        yield call(ROTATION, np.abs(numbers(rng, 1, 1, side, side)), all_round(np.abs(numbers(rng, 1, 1, k, k))) + 1)


def draw_turns(rng: Rng) -> Iterator[Call]:
    """Draw images that hold a filter, turned, and the four turns of one image."""
    weight = np.abs(numbers(rng, 1, 1, 3, 3)) + 0.1
    for turns in range(4):
        yield call(ROTATION, framed(np.rot90(weight, turns, axes=(2, 3)), 1), weight)
    x = np.abs(numbers(rng, 1, 1, 4, 4))
    for turns in range(4):
        yield call(ROTATION, np.ascontiguousarray(np.rot90(x, turns, axes=(2, 3))), weight)


def draw_below_zero(rng: Rng) -> Iterator[Call]:
    """Draw images and filters of which every response is negative."""
    for k in (1, 2):
        x = -np.abs(numbers(rng, 1, 1, 3, 3)) - 1
        yield call(ROTATION, x, all_round(np.abs(numbers(rng, 1, 1, k, k))) + 1)


def draw_rotation_channels(rng: Rng) -> Iterator[Call]:
    """Draw several channels, whose responses add up before the maximum."""
    for c, k in ((2, 1), (3, 2), (2, 3)):
        weight = all_round(np.abs(numbers(rng, 1, c, k, k))) + 1
        yield call(ROTATION, np.abs(numbers(rng, 1, c, 4, 4)), weight)


def draw_rotation_batch(rng: Rng) -> Iterator[Call]:
    """Draw several images and filters of one channel."""
    for n, f in ((2, 1), (1, 3), (3, 2)):
        weight = all_round(np.abs(numbers(rng, f, 1, 2, 2))) + 1
        yield call(ROTATION, np.abs(numbers(rng, n, 1, 3, 3)), weight)


def draw_odd_rotations(rng: Rng) -> Iterator[Call]:
    """Draw integers under fractional filters, and single values that are no numbers."""
    yield call(ROTATION, rng.integers(1, 10, (1, 1, 3, 3)), all_round(np.abs(numbers(rng, 1, 1, 2, 2))) + 0.25)
    for value in (np.nan, np.inf):
        x = np.abs(numbers(rng, 1, 1, 3, 3))
        x.flat[rng.integers(9)] = value
        yield call(ROTATION, x, all_round(np.abs(numbers(rng, 1, 1, 2, 2))) + 0.25)


CORNER = image([1, 2], [3, 4])
BOX = np.ones((1, 1, 2, 2))

ROTATION_POOL = Question(
    ROTATION,
    (
        criterion(
            "the best position counts",
            1,
            [call(ROTATION, CORNER, np.ones((1, 1, 1, 1))), call(ROTATION, SIX, BOX)],
            draw_positions,
            judge=same_value,
            hint="Correlate at every position without padding; the largest response is the result.",
            tries="filters that look the same from all sides",
        ),
        criterion(
            "all four rotations are tried",
            1.5,
            [
                call(ROTATION, image([1, 0], [0, 0]), image([1, 2], [3, 4])),
                call(ROTATION, CORNER, image([4, 0], [0, 0])),
            ],
            draw_turns,
            judge=same_value,
            hint="numpy.rot90 with the right axes turns a filter by 0, 90, 180 and 270 degrees; a flip is no rotation.",
            tries="images that hold the filter, turned, and four turns of one image",
        ),
        criterion(
            "negative responses have a maximum, too",
            0.5,
            [call(ROTATION, -CORNER, np.ones((1, 1, 1, 1)))],
            draw_below_zero,
            judge=same_value,
            hint="Start from minus infinity or from the first response, never from zero.",
            tries="images below zero under filters above zero",
        ),
        criterion(
            "channels add up before the maximum",
            1,
            [call(ROTATION, np.arange(8.0).reshape(1, 2, 2, 2), np.array([[[[1.0]], [[2.0]]]]))],
            draw_rotation_channels,
            judge=same_value,
            hint="A filter has a slice for each channel; all of its slices turn together.",
            tries="up to three channels",
        ),
        criterion(
            "every image meets every filter",
            0.5,
            [call(ROTATION, np.arange(8.0).reshape(2, 1, 2, 2), np.array([[[[1.0]]], [[[2.0]]], [[[3.0]]]]))],
            draw_rotation_batch,
            judge=same_value,
            hint="The result has a row for each image and a column for each filter.",
            tries="up to three images and three filters",
        ),
        criterion(
            ODD,
            0.5,
            [call(ROTATION, np.array([[[[1, 2], [3, 4]]]]), np.full((1, 1, 1, 1), 0.5))],
            draw_odd_rotations,
            judge=same_value,
            hint="Compute in float64 whatever comes in; a window with NaN has no response that is a number.",
            tries="integers, NaN and infinity",
        ),
        input_stays_untouched(0.5, [call(ROTATION, CORNER, np.ones((1, 1, 1, 1)))], draw_positions),
        criterion(
            REFUSED,
            1,
            [
                Case(call(ROTATION, CORNER, np.ones((1, 1, 1, 1))), same_value),
                Case(call(ROTATION, CORNER, BOX), accepted),
                Case(call(ROTATION, CORNER, np.ones((1, 1, 3, 3))), Refused("weight")),
                Case(call(ROTATION, np.ones((1, 1, 3, 4)), BOX), Refused()),
                Case(call(ROTATION, np.ones((1, 1, 4, 3)), BOX), Refused()),
                Case(call(ROTATION, np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 3))), Refused()),
                Case(call(ROTATION, np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 2))), Refused()),
                Case(call(ROTATION, CORNER[0], BOX), Refused("x")),
                Case(call(ROTATION, CORNER, BOX[0]), Refused("weight")),
            ],
            hint="Only squares fit onto themselves after a quarter turn; a filter must fit into the image.",
        ),
    ),
)

ASSIGNMENT = Assignment(
    "invariance",
    (SHIFT2D, SHIFT_CONSISTENCY, BINOMIAL_KERNEL, BLUR_POOL2D, MAX_BLUR_POOL2D, ROTATION_POOL),
)
