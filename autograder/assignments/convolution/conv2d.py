"""What is asked of ``conv2d``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from ...criteria.arrays import Generator, Shape
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import Refused, accepted, same_value
from ...criteria.refusals import below, either, other_axes, spoilt
from ...criteria.windows import image, numbers, square
from ...model import Call, Case, Question
from .at_once import conv2d_at_once
from .shared import (
    BOX,
    COUNT,
    ONES,
    SHARED,
    larger_filter,
    mirrored,
    odd_numbers,
    of_the_world,
    refusals,
    two_sides,
)

conv = partial(call, "conv2d")

POSITIONS = "the window visits every position"
BIAS = "the bias is added once per filter"
DILATION = "dilation spreads the filter"

LINE = np.zeros((1, 1, 8, 8))
LINE[..., 3:5] = 1
LINE_FILTER = image([0, 1, 0], [0, 1, 0], [0, 1, 0])


def drawn(rng: Generator, images: Shape, filters: Shape) -> Call:
    """Draw images, and filters that look the same from all sides."""
    return conv(numbers(rng, *images), mirrored(numbers(rng, *filters)))


def with_setting(rng: Generator, side: int, **setting: Any) -> Call:
    """Draw a 3x3 filter that looks the same from all sides, and a square image, under a setting."""
    weight = mirrored(numbers(rng, *square(3)))
    return conv(numbers(rng, *square(side)), weight, **setting)


def plain(rng: Generator) -> Iterator[Call]:
    """Draw one square image and one square filter that looks the same from all sides."""
    yield conv(*of_the_world(rng, square(4), square(1)))
    for side, k in ((4, 3), (12, 2)):
        yield drawn(rng, square(side), square(k))


def turned(rng: Generator) -> Iterator[Call]:
    """Draw filters whose sides differ."""
    yield conv(of_the_world(rng, square(3), square(1))[0], rng.permutation(4).reshape(square(2)) / 2)
    for side, k in ((4, 3), (6, 4)):
        yield conv(numbers(rng, *square(side)), numbers(rng, *square(k)))


def channels_and_filters(rng: Generator) -> Iterator[Call]:
    """Draw several channels, and one filter or several."""
    yield conv(*of_the_world(rng, (1, 2, 4, 4), (1, 2, 1, 1)))
    for c, f, k in ((2, 3, 2), (3, 2, 3)):
        yield drawn(rng, (1, c, 4, 4), (f, c, k, k))


def batches(rng: Generator) -> Iterator[Call]:
    """Draw several images of one channel."""
    yield conv(*of_the_world(rng, (2, 1, 3, 3), square(2)))
    yield drawn(rng, (5, 1, 4, 4), square(3))


def biases(rng: Generator) -> Iterator[Call]:
    """Draw biases for one to three filters; the output is three cells wide, so once as wide as there are filters."""
    yield conv(*of_the_world(rng, square(4), (2, 1, 2, 2)), np.array([2.0, 0.0]))
    for f in (1, 3):
        yield conv(numbers(rng, *square(4)), mirrored(numbers(rng, f, 1, 2, 2)), numbers(rng, f))


def strides(rng: Generator) -> Iterator[Call]:
    """Draw strides, also different ones for height and width; the last window may reach the end or not."""
    yield conv(*of_the_world(rng, square(6), square(3)), stride=2)
    for stride in (3, (1, 2), (3, 1)):
        yield with_setting(rng, int(rng.integers(5, 9)), stride=stride)


def paddings(rng: Generator) -> Iterator[Call]:
    """Draw paddings, also different ones for height and width, and a filter that is larger than the image."""
    yield conv(*of_the_world(rng, square(3), square(3)), padding=1)
    for padding in (2, (1, 0), (0, 2)):
        yield with_setting(rng, 4, padding=padding)
    yield conv(numbers(rng, *square(4)), mirrored(numbers(rng, *square(5))), padding=1)


def dilations(rng: Generator) -> Iterator[Call]:
    """Draw dilations, also different ones for height and width."""
    yield conv(*of_the_world(rng, square(6), square(3)), dilation=2)
    for dilation in (3, (1, 2), (3, 1)):
        yield with_setting(rng, 8, dilation=dilation)


def rectangles(rng: Generator) -> Iterator[Call]:
    """Draw images and filters that are not square."""
    yield conv(*of_the_world(rng, (1, 1, 2, 4), (1, 1, 1, 3)))
    for height, width, kh, kw in ((5, 3, 3, 1), (7, 5, 2, 4)):
        yield drawn(rng, (1, 1, height, width), (1, 1, kh, kw))


def integers_and_special_values(rng: Generator) -> Iterator[Call]:
    """Draw integers under fractional filters, and images whose middle is NaN or infinite."""
    for k in (1, 3):
        whole_image = rng.integers(-9, 10, square(4))
        yield conv(whole_image, mirrored(numbers(rng, *square(k))) + 0.25)
    for value in (np.nan, np.inf, -np.inf):
        # Every window sees the cell, no weight is zero: what zero times infinity becomes depends on the library behind
        # a product, also in one whole matrix for the image.
        x = numbers(rng, *square(3))
        x[..., 1, 1] = value
        yield conv(x, mirrored(np.abs(numbers(rng, *square(2)))) + 0.25)


def zero_biases(rng: Generator) -> Iterator[Call]:
    """Draw plain calls with a bias of zero, all arrays positional."""
    for k in (1, 3):
        weight = mirrored(numbers(rng, *square(k)))
        yield conv(numbers(rng, *square(4)), weight, np.zeros(1))


def with_dimensions(rng: Generator) -> Iterator[Call]:
    """Draw images and filters, both square."""
    k, room = (int(n) for n in rng.integers(1, 5, 2))
    yield drawn(rng, square(k + room), square(k))


CONV2D = Question(
    "conv2d",
    (
        criterion(
            POSITIONS,
            1,
            [conv(COUNT, BOX)],
            plain,
            judge=same_value,
            hint="Multiply each window cell by cell with the filter and add the products up; count the positions.",
            tries="random images up to 12x12 and filters up to 3x3 that look the same from all sides",
        ),
        criterion(
            "the filter is not turned over",
            1,
            [
                conv(COUNT, image([1, 0], [0, 0])),
                conv(COUNT, image([1, 2], [3, 4])),
                conv(LINE, LINE_FILTER),
            ],
            turned,
            judge=same_value,
            hint="Frameworks compute the cross-correlation: the filter's first weight meets the window's first cell.",
            tries="random filters whose sides differ",
        ),
        criterion(
            "channels add up, filters stay apart",
            1,
            [
                conv(np.arange(8.0).reshape(1, 2, 2, 2), np.ones((1, 2, 1, 1))),
                conv(np.arange(8.0).reshape(1, 2, 2, 2), np.array([[[[1.0]], [[0]]], [[[0.0]], [[2]]]])),
            ],
            channels_and_filters,
            judge=same_value,
            hint="A filter has a slice for each input channel; their responses are summed into one map per filter.",
            tries="up to three channels and three filters",
        ),
        criterion(
            "every image of the batch is filtered",
            0.5,
            [conv(np.arange(8.0).reshape(2, 1, 2, 2), np.full((1, 1, 1, 1), 3.0))],
            batches,
            judge=same_value,
            hint="The first axis counts images; none of them may be forgotten or mixed with another.",
            tries="up to five images",
        ),
        criterion(
            BIAS,
            0.5,
            [
                conv(COUNT, BOX, np.array([100.0])),
                conv(COUNT, np.ones((2, 1, 2, 2)), np.array([10.0, 20.0])),
            ],
            biases,
            judge=same_value,
            hint="One number for each filter, the same at all positions: think about which axis it belongs to.",
            tries="one to four filters",
        ),
        criterion(
            "stride is the step of the window",
            1,
            [conv(COUNT, np.ones((1, 1, 1, 1)), stride=2), conv(COUNT, BOX, stride=(1, 2))],
            strides,
            judge=same_value,
            hint="The window's first cell moves by stride[0] downwards and by stride[1] to the right.",
            tries="strides up to 3, also different ones for height and width",
        ),
        criterion(
            "padding surrounds the image with zeros",
            1,
            [
                conv(COUNT, np.ones((1, 1, 3, 3)), padding=1),
                conv(COUNT, BOX, padding=(0, 1)),
            ],
            paddings,
            judge=same_value,
            hint="padding[0] rows of zeros above and below, padding[1] columns of zeros left and right.",
            tries="paddings up to 2, also different ones for height and width",
        ),
        criterion(
            DILATION,
            1,
            [
                conv(ONES, BOX, dilation=2),
                conv(np.arange(16.0).reshape(1, 1, 4, 4), BOX, dilation=(1, 2)),
            ],
            dilations,
            judge=same_value,
            hint="Neighbouring weights meet cells that are dilation apart; the cells between are skipped.",
            tries="dilations up to 3, also different ones for height and width",
        ),
        two_sides([conv(image([1, 2, 3], [4, 5, 6]), np.ones((1, 1, 1, 2)))], rectangles),
        odd_numbers(
            [
                conv(np.array([[[[1, 2], [3, 4]]]]), np.full((1, 1, 1, 1), 0.5)),
                conv(np.full((1, 1, 2, 2), 200, np.uint8), np.full((1, 1, 2, 2), 2, np.uint8)),
                conv(image([1, 2, 3], [4, np.nan, 6], [7, 8, 9]), BOX),
            ],
            integers_and_special_values,
            hint="Compute in float64 whatever comes in, and let the arithmetic decide what NaN and infinity do.",
            tries="integer images with fractional filters, NaN and infinity in the middle",
        ),
        input_stays_untouched(0.5, [conv(COUNT - 5, BOX, np.zeros(1))], zero_biases),
        refusals(
            1.5,
            [conv(ONES, BOX), Case(conv(ONES, ONES), accepted)],
            [
                ("x", conv(ONES[0], BOX)),
                ("weight", conv(ONES, BOX[0])),
                Case(conv(ONES, BOX, np.ones((1, 1))), Refused("bias"), frozenset({BIAS})),
                ("weight", conv(ONES, np.ones((1, 1, 5, 5)))),
                ("weight", conv(ONES, np.ones((1, 1, 5, 1)))),
                ("weight", conv(ONES, np.ones((1, 1, 1, 5)))),
                ("weight", conv(ONES, np.ones((1, 1, 7, 7)), padding=1)),
                Case(conv(ONES, BOX, dilation=4), Refused("weight"), frozenset({DILATION})),
                ("stride", conv(ONES, BOX, stride=0)),
                ("stride", conv(ONES, BOX, stride=(1, -1))),
                ("padding", conv(ONES, BOX, padding=-1)),
                ("padding", conv(ONES, BOX, padding=(-1, 0))),
                ("dilation", conv(ONES, BOX, dilation=0)),
                ("dilation", conv(ONES, BOX, dilation=(1, 0))),
            ],
            spoilt(
                with_dimensions,
                ("x", "weight"),
                {
                    "x": other_axes("x", 4),
                    "weight": either(other_axes("weight", 4), larger_filter),
                    "stride": below(1, pairs=True),
                    "padding": below(0, pairs=True),
                    "dilation": below(1, pairs=True),
                },
            ),
            same_value,
        ),
        conv2d_at_once(
            1,
            {
                "fractions": POSITIONS,
                "turned": "the filter is not turned over",
                "counts": "channels add up, filters stay apart",
                "images": "every image of the batch is filtered",
                "bias": BIAS,
                "stride": "stride is the step of the window",
                "padding": "padding surrounds the image with zeros",
                "dilation": DILATION,
                **SHARED,
            },
        ),
    ),
)
