"""What is asked of ``max_blur_pool2d``.

Most calls have ``size=1`` and ``stride=1``, so that they neither blur nor subsample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...criteria.arrays import Generator, Shape
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import same_value
from ...criteria.refusals import below, other_axes, spoilt
from ...criteria.windows import Calls, image, square
from ...model import Call, Question
from .blurs_at_once import maxima_at_once
from .judges import any_order
from .names import AFTER, BELOW_ZERO, DENSE, LAST, PADDED
from .shapes import (
    RANKS,
    SIX,
    SMALL,
    framed,
    height_is_not_width,
    images_stay_apart,
    odd_values_are_taken,
    positive,
    refusals,
    several,
    spoiled,
)

MAX_BLUR = partial(call, "max_blur_pool2d")


def dense(*settings: tuple[Shape, Any]) -> Calls:
    """Draw an image for each shape and window, without blur and without subsampling."""

    def draw(rng: Generator) -> Iterator[Call]:
        images = several(rng, *(shape for shape, _ in settings))
        for content, (_, kernel_size) in zip(images, settings, strict=True):
            yield MAX_BLUR(np.abs(content), kernel_size, 1, 1)

    return draw


SQUARES = dense((square(6), 3), (square(3), 2), (square(6), 2))


def below_zero(rng: Generator) -> Iterator[Call]:
    """Draw images that are negative everywhere."""
    for side in (3, 5):
        yield MAX_BLUR(-positive(rng, 1, 1, side, side) - 1, 2, 1, 1)


def blurred(rng: Generator) -> Iterator[Call]:
    """Draw images in an empty frame, blurred and not subsampled."""
    for content in several(rng, square(3), square(1), square(2)):
        yield MAX_BLUR(framed(np.abs(content), 3), 2, 3, 1)


def subsampled(rng: Generator) -> Iterator[Call]:
    """Draw strides without blur, and with it on images in an empty frame; last a call without settings."""
    for stride, content in zip(((3, 1), 2, (1, 2)), several(rng, *[square(7)] * 3), strict=True):
        yield MAX_BLUR(np.abs(content), 2, 1, stride)
    yield MAX_BLUR(framed(positive(rng, 1, 1, 3, 3), 3), 2, 3, (2, 3))
    yield MAX_BLUR(framed(positive(rng, 1, 1, 2, 2), 3))


def reflected(rng: Generator) -> Iterator[Call]:
    """Draw blurred images without a frame, with odd and even sizes of the filter."""
    for size, content in zip((4, 2, 3), several(rng, square(6), square(5), square(4)), strict=True):
        yield MAX_BLUR(np.abs(content), 2, size, 1)


def odd_maxima(rng: Generator) -> Iterator[Call]:
    """Draw integers, wide and narrow ones, and windows as large as the image with one NaN, without blur."""
    for kind in (np.int64, np.uint8):
        yield MAX_BLUR(rng.integers(1, 256, (1, 1, 3, 3)).astype(kind), 2, 1, 1)
    yield MAX_BLUR(spoiled(rng, positive(rng, 1, 1, 2, 2), np.nan), 2, 1, 1)


def bad_window(rng: Generator, given: Mapping[str, Any]) -> Any:
    """Make a window below 1, or larger than the image along an axis or both."""
    side = min(given["x"].shape[2:])
    bad = int(rng.choice([rng.integers(-99, 1), rng.integers(side + 1, side + 99)]))
    return [bad, (bad, 1), (1, bad)][rng.integers(3)]


def bad_size(rng: Generator, given: Mapping[str, Any]) -> int:
    """Make a size below 1, or one that asks for more reflection than the maxima have."""
    too_large = 2 * (min(given["x"].shape[2:]) - given["kernel_size"] + 1) + rng.integers(50)
    return int(rng.choice([rng.integers(-99, 1), too_large]))


MAX_BLUR_POOL2D = Question(
    "max_blur_pool2d",
    (
        criterion(
            DENSE,
            1,
            [MAX_BLUR(image([1, 2, 3], [4, 5, 6], [7, 8, 9]), 2, 1, 1)],
            SQUARES,
            judge=same_value,
            hint="Max pooling with stride 1: n - kernel_size + 1 windows along each axis, no padding.",
            tries="windows of 2x2 and 3x3 without blur (size 1) and without subsampling",
        ),
        criterion(
            BELOW_ZERO,
            0.5,
            [MAX_BLUR(image([-1, -2], [-3, -4]), 2, 1, 1)],
            below_zero,
            judge=same_value,
            hint="Start from minus infinity or from the first value, never from zero.",
            tries="images below zero",
        ),
        criterion(
            AFTER,
            1,
            [MAX_BLUR(framed(image([16]), 3), 2, 3, 1)],
            blurred,
            hint="First the dense maximum, then the binomial filter over its result.",
            tries="images in an empty frame",
        ),
        criterion(
            LAST,
            1,
            [MAX_BLUR(SIX, 2, 1, 2), MAX_BLUR(framed(image([16]), 3), 2, 3, 2)],
            subsampled,
            judge=any_order,
            hint="stride belongs to the last step alone; the maximum was taken everywhere.",
            tries="strides up to 3, also different ones for height and width, with and without blur",
        ),
        criterion(
            PADDED,
            1,
            [MAX_BLUR(SIX, 2, 3, 1), MAX_BLUR(SIX, 2, 2, 1)],
            reflected,
            judge=any_order,
            hint="The result of the maximum is reflected, (size - 1) // 2 before and the rest after.",
            tries="images without a frame, sizes 2, 3 and 4",
        ),
        images_stay_apart(
            [MAX_BLUR(np.arange(16.0).reshape(1, 4, 2, 2), 2, 1, 1)],
            dense(((1, 2, 3, 3), 2), ((2, 1, 3, 3), 2), ((2, 3, 3, 3), 2)),
            judge=same_value,
            hint="Windows extend over height and width only.",
            tries="up to two images and three channels, without blur",
        ),
        height_is_not_width(
            [MAX_BLUR(image([1, 2, 3], [4, 5, 6]), (1, 2), 1, 1)],
            dense(((1, 1, 2, 4), 2), ((1, 1, 4, 3), (1, 2)), ((1, 1, 4, 5), (2, 1))),
            judge=same_value,
            hint="Images and windows need not be square.",
            tries="rectangular images and windows, without blur",
        ),
        odd_values_are_taken(
            [MAX_BLUR(np.array([[[[1, 2], [3, 4]]]]), 2, 1, 1), MAX_BLUR(image([1, np.nan], [2, 3]), 2, 1, 1)],
            odd_maxima,
            judge=same_value,
            hint="A window with NaN has no other maximum.",
            tries="other integers, also of eight bits, and NaN, without blur",
        ),
        input_stays_untouched(0.5, [MAX_BLUR(SMALL, 2, 1, 1)], dense((square(3), 2), (square(4), 2))),
        refusals(
            1,
            works=[MAX_BLUR(SMALL, 2, 1, 1)],
            judge=same_value,
            refused=[
                *(("kernel_size", MAX_BLUR(SMALL, bad, 1, 1)) for bad in (0, (2, 0), 3, (1, 3))),
                ("kernel_size", MAX_BLUR(np.ones((1, 1, 2, 4)), (3, 1), 1, 1)),
                ("", MAX_BLUR(SMALL, 2, 3, 1)),
                *(("", MAX_BLUR(np.ones((1, 1, *sides)), 2, 3, 1)) for sides in ((2, 5), (5, 2))),
                ("", MAX_BLUR(SMALL, 2, 0, 1)),
                *(("stride", MAX_BLUR(SMALL, 2, 1, stride)) for stride in (0, (0, 1))),
                *(("x", MAX_BLUR(np.ones(shape), 2, 1, 1)) for shape in RANKS),
            ],
            draw=spoilt(
                dense((square(3), 2), (square(5), 2)),
                ("x", "kernel_size", "size", "stride"),
                {
                    "x": other_axes("x", 4),
                    "kernel_size": bad_window,
                    "size": bad_size,
                    "stride": below(1, pairs=True),
                },
                unnamed=("size",),
                judge=same_value,
            ),
            hint="The window must fit into the image, and the reflection into the result of the maximum.",
        ),
        maxima_at_once(),
    ),
)
