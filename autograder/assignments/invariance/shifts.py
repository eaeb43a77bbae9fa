"""What is asked of ``shift2d``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...criteria.arrays import Array, Generator
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import same_value
from ...criteria.parts import UntouchedIf
from ...criteria.refusals import other_words, spoilt
from ...criteria.windows import Calls, numbers
from ...model import Call, Case, Question
from .judges import any_way, far
from .names import ALL_AXES, BEYOND, DOWN, LOST, STAYS, UP, WRAPS
from .shapes import framed, integers_are_taken, refusals, several
from .shifts_at_once import shifts_at_once

SHIFT = partial(call, "shift2d")
DOT = np.array([[0.0, 0, 0], [0, 5, 0], [0, 0, 0]])
NINE = np.arange(1.0, 10).reshape(3, 3)


def moves(*shifts: tuple[int, int], side: int = 3, frame: int = 0, **settings: str) -> Calls:
    """Draw a square image for each shift, in an empty frame that is this wide."""

    def draw(rng: Generator) -> Iterator[Call]:
        images = several(rng, *[(side, side)] * len(shifts))
        for (dy, dx), content in zip(shifts, images, strict=True):
            yield SHIFT(framed(content, frame), dy, dx, **settings)

    return draw


FORWARDS = moves((1, 1), (1, 3), (3, 2), frame=3)


def beyond(rng: Generator) -> Iterator[Call | Case]:
    """Draw shifts of which nothing is left, and a near one of which all is: zeros alone are no answer."""
    yield Case(SHIFT(framed(numbers(rng, 2, 2), 2), 1, 2), any_way)
    yield from moves((3, 1), (1, 3), (4, 5), (-4, -3), (9, 1), (1, -9))(rng)


def legal(rng: Generator) -> Iterator[Call]:
    """Draw shifts in both modes."""
    yield from moves((1, 1), (1, 3), mode=str(rng.choice(["zero", "wrap"])), frame=3)(rng)


def one_axis(rng: Generator, given: Mapping[str, Any]) -> Array:
    """Make one row of an image."""
    rows = given["x"]
    return np.asarray(rows[rng.integers(len(rows))])


def any_axes(rng: Generator) -> Iterator[Call]:
    """Draw arrays of two to five axes that are not square, within an empty frame."""
    for shape in ((2, 4), (2, 3, 1), (2, 2, 1, 3), (2, 1, 2, 2, 3)):
        yield SHIFT(framed(numbers(rng, *shape), 2), 1, 2)
    yield SHIFT(framed(numbers(rng, 2, 1, 3), 2), 1, 2, mode="wrap")


def whole_images(rng: Generator) -> Iterator[Call]:
    """Draw integers within an empty frame, wide and narrow ones."""
    yield SHIFT(framed(rng.integers(-9, 10, (2, 2)), 2), 1, 2)
    yield SHIFT(framed(rng.integers(200, 256, (2, 2)).astype(np.uint8), 2), 1, 2)


SHIFT2D = Question(
    "shift2d",
    (
        criterion(
            DOWN,
            1,
            [SHIFT(DOT, 1, 1), SHIFT(framed(NINE, 2), 1, 2)],
            FORWARDS,
            judge=same_value,
            hint="dy moves along the rows, dx along the columns; row 0 is at the top.",
            tries="random images in an empty frame",
        ),
        criterion(
            UP,
            1,
            [SHIFT(DOT, -1, -1), SHIFT(framed(NINE, 2), -1, 2)],
            moves((-1, -1), (-1, 2), (3, -2), (-3, -2), frame=3),
            judge=same_value,
            hint="A slice from -1 starts at the end: think about each sign by itself.",
            tries="negative and mixed signs",
        ),
        criterion(
            LOST,
            1,
            [SHIFT(NINE, 1, 1)],
            moves((1, 1), (2, 1), (1, 3), side=4),
            judge=any_way,
            hint="numpy.roll brings back on one side what left on the other: that is the other mode.",
            tries="images without a frame",
        ),
        criterion(
            WRAPS,
            0.5,
            [SHIFT(NINE, 1, 1, mode="wrap")],
            moves((1, 1), (2, 3), (-1, 2), (-2, -1), (5, -9), side=4, mode="wrap"),
            judge=any_way,
            hint="On a torus nothing is lost.",
            tries="all directions, also beyond the size",
        ),
        criterion(
            STAYS,
            0.5,
            [SHIFT(DOT, 0, 1), SHIFT(DOT, 0, 0)],
            moves((0, 1), (2, 0), (0, 0), frame=2),
            judge=any_way,
            hint="x[:-0] is empty.",
            tries="shifts along one axis",
        ),
        criterion(
            BEYOND,
            0.5,
            [SHIFT(NINE, 3, 1), SHIFT(NINE, 1, 7)],
            beyond,
            judge=far,
            hint="When everything has left, zeros are what remains.",
            tries="shifts up to three times the size",
        ),
        criterion(
            ALL_AXES,
            0.5,
            [SHIFT(framed(np.arange(1.0, 9).reshape(2, 2, 2), 1), 1, 1)],
            any_axes,
            judge=any_way,
            hint="An Ellipsis stands for all the axes in front.",
            tries="two to five axes, not square",
        ),
        integers_are_taken(
            [SHIFT(np.array([[7, 0], [0, 0]]), 1, 1)],
            whole_images,
            judge=any_way,
            hint="Moving is not computing: whatever the numbers are, the result holds the same ones.",
            tries="other integers, also of eight bits",
        ),
        input_stays_untouched(
            0.5,
            [SHIFT(DOT, 1, 1)],
            FORWARDS,
            judge=UntouchedIf(any_way),
            hint="A caller may still need what it passed in: build the result in an array of its own.",
            tries="other images",
        ),
        refusals(
            0.5,
            works=[SHIFT(DOT, 1, 1)],
            judge=any_way,
            refused=[
                ("", SHIFT(DOT, 1, 1, mode="reflect")),
                ("x", SHIFT(np.ones(3), 1, 1)),
                ("x", SHIFT(np.ones(3), 1, 1, mode="wrap")),
            ],
            draw=spoilt(
                legal, ("x",), {"x": one_axis, "mode": other_words("zero", "wrap")}, unnamed=("mode",), judge=any_way
            ),
            hint="Only `zero` and `wrap` are modes; an array needs two axes to be shifted in two directions: name `x`.",
        ),
        shifts_at_once(),
    ),
)
