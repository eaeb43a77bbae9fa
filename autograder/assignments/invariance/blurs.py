"""What is asked of ``blur_pool2d``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...criteria.arrays import Generator, Shape
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import accepted
from ...criteria.parts import UntouchedIf
from ...criteria.refusals import below, other_axes, spoilt
from ...criteria.windows import Calls, image, numbers, square
from ...model import Call, Case, Question
from .blurs_at_once import blurs_at_once
from .judges import any_weights
from .names import REFLECTED, SIZES, STRIDED, WEIGHTS
from .shapes import (
    RANKS,
    SIX,
    SMALL,
    framed,
    height_is_not_width,
    images_stay_apart,
    odd_values_are_taken,
    refusals,
    several,
    spoiled,
)

BLUR = partial(call, "blur_pool2d")
SPOT = framed(image([16]), 2)


def blurs(*shapes: Shape, frame: int = 2) -> Calls:
    """Draw images of these shapes, in an empty frame that is this wide."""

    def draw(rng: Generator) -> Iterator[Call]:
        for content in several(rng, *shapes):
            yield BLUR(framed(content, frame), stride=1)

    return draw


SQUARES = blurs(square(1), square(2), square(4))


def sizes(rng: Generator) -> Iterator[Call]:
    """Draw sizes from 1 to 6 on images whose frame is wider than the filter."""
    for size, content in zip((4, 1, 2, 5, 6), several(rng, *[square(2)] * 5), strict=True):
        yield BLUR(framed(content, 6), size, 1)


def strides(rng: Generator) -> Iterator[Call]:
    """Draw strides, also different ones for height and width, on images in an empty frame."""
    for stride, content in zip(((3, 1), 2, (1, 2)), several(rng, square(4), square(5), square(4)), strict=True):
        yield BLUR(framed(content, 2), stride=stride)


def odd_blurs(rng: Generator) -> Iterator[Call]:
    """Draw integers in an empty frame, wide and narrow ones, and an image of which every result hears of a NaN."""
    yield BLUR(framed(rng.integers(-9, 10, (1, 1, 3, 3)), 2), stride=1)
    yield BLUR(framed(rng.integers(100, 256, (1, 1, 3, 3)).astype(np.uint8), 2), stride=1)
    yield BLUR(spoiled(rng, numbers(rng, 1, 1, 2, 2), np.nan), stride=1)


def bad_size(rng: Generator, given: Mapping[str, Any]) -> int:
    """Make a size below 1, or one that asks for more reflection than there is."""
    too_large = 2 * min(given["x"].shape[2:]) + rng.integers(50)
    return int(rng.choice([rng.integers(-99, 1), too_large]))


BLUR_POOL2D = Question(
    "blur_pool2d",
    (
        criterion(
            WEIGHTS,
            1,
            [BLUR(SPOT, stride=1), BLUR(framed(SMALL, 2), stride=1)],
            SQUARES,
            hint="Each cell becomes the weighted mean of its neighbourhood, with the weights of binomial_kernel(3).",
            tries="random images in an empty frame",
        ),
        criterion(
            REFLECTED,
            1,
            [BLUR(image([16, 0], [0, 0]), stride=1), BLUR(SIX, stride=1)],
            blurs(square(2), square(3), square(5), frame=0),
            judge=any_weights,
            hint="Reflection leaves out the edge itself: a, b, c becomes b, a, b, c, b.",
            tries="images without a frame",
        ),
        criterion(
            STRIDED,
            1,
            [BLUR(SPOT), BLUR(framed(SIX, 2), stride=(1, 2))],
            strides,
            judge=any_weights,
            hint="Blur everywhere, then subsample from cell 0: stride[0] along the height, stride[1] along the width.",
            tries="strides up to 3, also different ones for height and width",
        ),
        criterion(
            SIZES,
            1,
            [BLUR(framed(image([4]), 2), 2, 1), BLUR(framed(image([8]), 4), 4, 1)],
            sizes,
            hint="(size - 1) // 2 cells of padding before, the rest of size - 1 after.",
            tries="sizes from 1 to 6",
        ),
        images_stay_apart(
            [BLUR(framed(np.array([[[[16.0]], [[32.0]]]]), 2), stride=1)],
            blurs((1, 2, 2, 2), (2, 1, 2, 2), (2, 3, 2, 2)),
            judge=any_weights,
            hint="A blur is depthwise: no channel hears of another one.",
            tries="up to two images and three channels",
        ),
        height_is_not_width(
            [BLUR(framed(image([16, 32]), 2), stride=1)],
            blurs((1, 1, 1, 5), (1, 1, 3, 1), (1, 1, 2, 5)),
            judge=any_weights,
            hint="Every size and loop bound exists twice.",
            tries="images that are not square",
        ),
        odd_values_are_taken(
            [BLUR(framed(np.array([[[[1]]]]), 2), stride=1), BLUR(image([np.nan, 2], [3, 4]), stride=1)],
            odd_blurs,
            judge=any_weights,
            hint="A weighted mean of integers is a fraction; of NaN it is NaN.",
            tries="other integers, also of eight bits, and NaN",
        ),
        input_stays_untouched(0.5, [BLUR(SPOT, 3, 1)], blurs(square(2)), judge=UntouchedIf(any_weights)),
        refusals(
            1,
            works=[BLUR(SPOT, 3, 1), Case(BLUR(SMALL, 3, 1), accepted)],
            judge=any_weights,
            refused=[
                ("", BLUR(image([1, 2, 3]), 3, 1)),
                ("", BLUR(image([1], [2], [3]), 3, 1)),
                ("", BLUR(SMALL, 5, 1)),
                ("", BLUR(SPOT, 0, 1)),
                *(("stride", BLUR(SPOT, 3, stride)) for stride in (0, (1, 0))),
                *(("x", BLUR(np.ones(shape), 3, 1)) for shape in RANKS),
            ],
            draw=spoilt(
                blurs(square(2), square(4)),
                ("x",),
                {"x": other_axes("x", 4), "size": bad_size, "stride": below(1, pairs=True)},
                unnamed=("size",),
                judge=any_weights,
            ),
            hint="numpy.pad reflects as often as you ask; a single reflection has one cell less than the axis.",
        ),
        blurs_at_once(),
    ),
)
