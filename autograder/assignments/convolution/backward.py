"""What is asked of ``conv2d_backward``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...criteria.arrays import Array, Generator, any_values, worldly
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.parts import AnyOf, UntouchedIf, parts
from ...criteria.refusals import below, either, other_axes, spoilt
from ...criteria.windows import image, numbers, square
from ...model import Call, Case, Question, Reply
from .at_once import conv2d_backward_at_once
from .shared import (
    BOX,
    COUNT,
    ONES,
    SHARED,
    larger_filter,
    mirrored,
    odd_numbers,
    of_the_world,
    only_last,
    refusals,
    two_sides,
)

GRAD_X, GRAD_WEIGHT, GRAD_BIAS = GRADIENTS = parts("grad_x", "grad_weight", "grad_bias")
one_gradient = AnyOf(GRADIENTS)

back = partial(call, "conv2d_backward")

WINDOW = "the gradient of a window is the filter"
FILTER = "the gradient of a filter is the window"
BIAS = "the gradient of the bias is a sum over images and positions"
TURNED = "nothing is turned over"
APART = "images, filters and channels stay apart"
# Of the features that concern every gradient the criterion that asks for them alone.
BACK = {
    **SHARED,
    "stride": "the stride leads back to the same cells",
    "padding": "the padding's share is cut off",
    "counts": APART,
    "images": APART,
}


def cell(value: float) -> Array:
    """Return an image, a filter or a map of one cell."""
    return np.full(square(1), float(value))


TWO = cell(2)
GRADS = image([1, 2], [3, 4])
SUM_OF_ROWS = image([0, 1, 0], [2, 3, 2], [0, 1, 0])
THREE_BY_THREE = np.ones(square(3))
# One image of two channels, or one filter of two slices.
TWO_CELLS = np.array([[[[3.0]], [[4.0]]]])


def image_and_filter(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the image's gradient and the filter's are right."""
    return GRAD_X(case, got, expected) or GRAD_WEIGHT(case, got, expected)


def one_window(rng: Generator) -> Iterator[Call]:
    """Draw images and filters of one size, which look the same from all sides."""
    x, weight = of_the_world(rng, square(2), square(2))
    yield back(cell(-0.5), mirrored(x), weight)
    for k in (3, 4):
        x, weight = (mirrored(numbers(rng, *square(k))) for _ in range(2))
        yield back(numbers(rng, *square(1)), x, weight)


def turned(rng: Generator) -> Iterator[Call]:
    """Draw images and filters of one size, whose sides differ."""
    for k in (2, 3):
        yield back(numbers(rng, *square(1)), numbers(rng, *square(k)), numbers(rng, *square(k)))


def overlaps(rng: Generator) -> Iterator[Call]:
    """Draw overlapping windows and several filters on one channel."""
    yield back(worldly(rng, square(2), "rectified"), *of_the_world(rng, square(3), square(2)))
    for f, side, k in ((2, 2, 2), (3, 5, 3)):
        grad = numbers(rng, 1, f, side - k + 1, side - k + 1)
        yield back(grad, numbers(rng, *square(side)), mirrored(numbers(rng, f, 1, k, k)))


def positions(rng: Generator) -> Iterator[Call]:
    """Draw several positions and images; all arrays look the same from all sides."""
    x, weight = of_the_world(rng, square(3), square(1))
    yield back(mirrored(worldly(rng, square(3), "rectified")), mirrored(x), weight)
    for n, side, k in ((1, 4, 3), (3, 4, 2)):
        grad = mirrored(numbers(rng, n, 1, side - k + 1, side - k + 1))
        yield back(grad, mirrored(numbers(rng, n, 1, side, side)), mirrored(numbers(rng, *square(k))))


def biases(rng: Generator) -> Iterator[Call]:
    """Draw several images, filters and positions."""
    yield back(worldly(rng, (2, 1, 1, 1), any_values(rng)), *of_the_world(rng, (2, 1, 1, 1), square(1)))
    for n, f, side in ((1, 3, 2), (3, 2, 3)):
        grad = numbers(rng, n, f, side, side)
        yield back(grad, numbers(rng, n, 1, side, side), numbers(rng, f, 1, 1, 1))


def strides(rng: Generator) -> Iterator[Case]:
    """Draw windows that do not overlap; where the filter's gradient is judged, only the last position has one."""
    for k, stride, side in ((2, (2, 2), 4), (2, (3, 3), 7), (2, (2, 3), 6), (1, (2, 1), 5)):
        oh, ow = ((side - k) // step + 1 for step in stride)
        x, weight = numbers(rng, *square(side)), mirrored(numbers(rng, *square(k)))
        yield Case(back(numbers(rng, 1, 1, oh, ow), x, weight, stride), GRAD_X)
        if k == 1:
            yield Case(back(only_last(1, 1, oh, ow), x, weight, stride), GRAD_WEIGHT)
    blocks = np.kron(worldly(rng, square(3), any_values(rng)), BOX)
    yield Case(back(only_last(*square(3)), blocks, BOX, 2), GRAD_WEIGHT)


def paddings(rng: Generator) -> Iterator[Case]:
    """Draw filters as large as the padded image, then smaller ones whose paddings differ for height and width."""
    x, weight = of_the_world(rng, square(2), square(4))
    yield Case(back(cell(2), mirrored(x), weight, 1, 1), image_and_filter)
    for side, padding in ((1, 2), (3, 2)):
        x, weight = mirrored(numbers(rng, *square(side))), mirrored(numbers(rng, *square(side + 2 * padding)))
        yield Case(back(numbers(rng, *square(1)), x, weight, 1, padding), image_and_filter)
    for ph, pw in ((1, 0), (0, 2)):
        grad = only_last(1, 1, 1 + 2 * ph, 1 + 2 * pw)
        x, weight = numbers(rng, *square(3)), mirrored(numbers(rng, *square(3)))
        yield Case(back(grad, x, weight, 1, (ph, pw)), GRAD_X)


def last_of_several(rng: Generator) -> Iterator[Call]:
    """Draw several images, channels and filters; only the last image and filter have a gradient."""
    yield back(only_last(1, 1, 1, 1), *of_the_world(rng, (1, 2, 1, 1), (1, 2, 1, 1)))
    for n, c, f, k in ((2, 1, 1, 2), (1, 2, 3, 2), (2, 3, 2, 3)):
        x, weight = mirrored(numbers(rng, n, c, k, k)), mirrored(numbers(rng, f, c, k, k))
        yield back(only_last(n, f, 1, 1), x, weight)


def rectangles(rng: Generator) -> Iterator[Case]:
    """Draw images and filters that are not square, without overlap."""
    yield Case(back(only_last(1, 1, 2, 1), *of_the_world(rng, (1, 1, 2, 1), square(1))), GRAD_WEIGHT)
    for height, width, kh, kw in ((4, 3, 1, 3), (3, 5, 3, 1)):
        x, weight = mirrored(numbers(rng, 1, 1, height, width)), mirrored(numbers(rng, 1, 1, kh, kw))
        size = (height - kh + 1, width - kw + 1)
        yield Case(back(numbers(rng, 1, 1, *size), x, weight), GRAD_X)
        yield Case(back(only_last(1, 1, *size), x, weight), GRAD_WEIGHT)


def integers_and_special_values(rng: Generator) -> Iterator[Call]:
    """Draw integers under a fractional gradient, and a gradient that is NaN or infinite."""
    for k in (1, 3):
        x, weight = (mirrored(4 * rng.integers(-9, 10, square(k))).astype(int) for _ in range(2))
        yield back(numbers(rng, *square(1)) + 0.25, x, weight)
    for value in (np.nan, np.inf):
        x, weight = (mirrored(np.abs(numbers(rng, *square(2)))) + 1 for _ in range(2))
        yield back(cell(value), x, weight)


CONV2D_BACKWARD = Question(
    "conv2d_backward",
    (
        criterion(
            WINDOW,
            1,
            [back(TWO, cell(1), cell(3)), back(TWO, THREE_BY_THREE, SUM_OF_ROWS)],
            one_window,
            judge=GRAD_X,
            hint="If a cell grows by one, the output grows by the weight that the cell met.",
            tries="one window of up to 4x4",
        ),
        criterion(
            FILTER,
            1,
            [back(TWO, cell(3), cell(1)), back(TWO, SUM_OF_ROWS, THREE_BY_THREE)],
            one_window,
            judge=GRAD_WEIGHT,
            hint="If a weight grows by one, the output grows by the value that the weight met.",
            tries="one window of up to 4x4",
        ),
        criterion(
            BIAS,
            1,
            [back(GRADS, BOX, cell(1)), back(TWO_CELLS.swapaxes(0, 1), np.ones((2, 1, 1, 1)), TWO)],
            biases,
            judge=GRAD_BIAS,
            hint="The bias of a filter is added at every position of every image.",
            tries="up to three images and three filters",
        ),
        criterion(
            TURNED,
            1,
            [Case(back(TWO, COUNT, COUNT), GRAD_X), Case(back(TWO, COUNT, THREE_BY_THREE), GRAD_WEIGHT)],
            turned,
            judge=image_and_filter,
            hint="Each share goes back the way that it came: the first weight met the window's first cell.",
            tries="filters and images whose sides differ",
        ),
        criterion(
            "overlapping windows add up",
            1.5,
            [back(BOX, THREE_BY_THREE, BOX), back(GRADS, THREE_BY_THREE, BOX)],
            overlaps,
            judge=GRAD_X,
            hint="A cell that two windows (or two filters) see receives two shares: add, do not assign.",
            tries="stride 1 with filters of 2x2 and 3x3, several filters",
        ),
        criterion(
            "every position adds to the filter's gradient",
            1,
            [back(BOX, mirrored(COUNT), BOX)],
            positions,
            judge=GRAD_WEIGHT,
            hint="A filter is used at every position of every image: its gradient is the sum over all of them.",
            tries="several positions and up to three images",
        ),
        criterion(
            BACK["stride"],
            1,
            [
                Case(back(COUNT, np.ones(square(5)), TWO, 2), GRAD_X),
                Case(back(cell(5), COUNT[:, :, :2, :2], TWO, 2), GRAD_X),
                Case(back(only_last(1, 1, 2, 2), COUNT, TWO, 2), GRAD_WEIGHT),
            ],
            strides,
            hint="Output cell (i, j) looked at the window that starts at (i * stride, j * stride); cells that no "
            "window reached get zero.",
            tries="strides up to 3, gaps, different strides for height and width",
        ),
        criterion(
            BACK["padding"],
            1,
            [Case(back(TWO, cell(1), SUM_OF_ROWS, 1, 1), image_and_filter)],
            paddings,
            hint="Compute on the padded image, then return the part that is the image.",
            tries="paddings up to 2, also different ones for height and width",
        ),
        criterion(
            APART,
            1,
            [back(only_last(1, 2, 1, 1), cell(1), TWO_CELLS.swapaxes(0, 1)), back(TWO, TWO_CELLS, TWO_CELLS)],
            last_of_several,
            judge=image_and_filter,
            hint="weight[f, c] joins channel c of an image to map f: follow the four indices one by one.",
            tries="up to two images, three channels and three filters",
        ),
        two_sides(
            [back(image([1, 2, 3]), image([1, 2, 3]), TWO), back(TWO, image([1, 2]), image([3, 3]))], rectangles, GRAD_X
        ),
        odd_numbers(
            [
                back(cell(0.5), np.array([[[[3]]]]), np.array([[[[5]]]])),
                back(*(np.full(square(1), value, np.uint8) for value in (20, 30, 40))),
            ],
            integers_and_special_values,
            judge=image_and_filter,
            hint="An array made like an integer array holds integers: make float64 results.",
            tries="integer images and filters under fractional gradients, NaN and infinity",
        ),
        input_stays_untouched(
            0.5,
            [back(TWO, BOX, BOX)],
            one_window,
            judge=UntouchedIf(one_gradient),
            hint="A caller may still need what it passed in: build the gradients in arrays of their own.",
        ),
        refusals(
            1,
            [back(TWO, cell(1), TWO)],
            [
                ("grad_output", back(np.ones((3, 3)), ONES, BOX)),
                ("x", back(TWO, BOX[0], BOX)),
                ("weight", back(TWO, BOX, BOX[0])),
                ("weight", back(TWO, ONES, np.ones((1, 1, 5, 1)))),
                ("weight", back(TWO, ONES, np.ones((1, 1, 1, 5)))),
                ("stride", back(TWO, TWO, TWO, 0)),
                ("stride", back(TWO, TWO, TWO, (1, 0))),
                ("padding", back(TWO, TWO, TWO, 1, -1)),
                ("padding", back(TWO, TWO, TWO, 1, (0, -1))),
            ],
            spoilt(
                one_window,
                ("grad_output", "x", "weight", "stride", "padding"),
                {
                    "grad_output": other_axes("grad_output", 4),
                    "x": other_axes("x", 4),
                    "weight": either(other_axes("weight", 4), larger_filter),
                    "stride": below(1, pairs=True),
                    "padding": below(0, pairs=True),
                },
            ),
            one_gradient,
        ),
        conv2d_backward_at_once(
            1,
            GRADIENTS,
            [
                {**BACK, "fractions": WINDOW, "turned": TURNED, "overlap": "overlapping windows add up"},
                {
                    **BACK,
                    "fractions": FILTER,
                    "turned": TURNED,
                    "always": "every position adds to the filter's gradient",
                },
                {**BACK, "always": BIAS},
            ],
        ),
    ),
)
