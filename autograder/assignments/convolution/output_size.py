"""What is asked of ``output_size``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.criterion import call, criterion
from ...criteria.judges import Refused
from ...criteria.parts import whole
from ...model import Call, Case, Question
from .shared import refusals

size = partial(call, "output_size")

FITS = "every position that fits counts"
STEPS = "an incomplete window does not count"
PADDED = "padding is added on both sides"
DILATED = "dilation spreads the window"
CEIL = "ceil_mode counts the incomplete window"
DROPPED = "a window that starts in the padding is dropped"


def every_position(rng: Generator) -> Iterator[Call]:
    """Draw lengths and windows at stride 1."""
    for n in rng.integers(5, 40, 3):
        yield size(int(n), int(rng.integers(1, n)))


def steps(rng: Generator) -> Iterator[Call]:
    """Draw strides that leave a remainder, without padding."""
    for stride in (2, 3, 6):
        rest = int(rng.integers(1, stride))
        kernel = int(rng.integers(1, 6))
        yield size(kernel + rest + stride * int(rng.integers(0, 6)), kernel, stride)


def paddings(rng: Generator) -> Iterator[Call]:
    """Draw paddings of any width at stride 1."""
    for padding in (1, 2, 4):
        n = int(rng.integers(3, 20))
        yield size(n, int(rng.integers(1, n + 2 * padding)), padding=padding)


def dilations(rng: Generator) -> Iterator[Call]:
    """Draw dilated windows."""
    for dilation in (2, 3, 5):
        kernel = int(rng.integers(2, 5))
        n = dilation * (kernel - 1) + 1 + int(rng.integers(1, 5))
        yield size(n, kernel, dilation=dilation)


def with_ceil_mode(rng: Generator) -> Iterator[Call | Case]:
    """Draw axes with a remainder and without, then padded ones; an incomplete window begins in the input."""
    for stride in (2, 3, 5):
        kernel = stride + int(rng.integers(0, 3))
        for rest in (int(rng.integers(1, stride)), 0):
            n = kernel + rest + stride * int(rng.integers(1, 5))
            yield size(n, kernel, stride, ceil_mode=True)
    yield from padded_ends(rng, 3, dropped=False)


def behind_the_input(rng: Generator) -> Iterator[Case]:
    """Draw padded axes on which the incomplete window would begin in the right padding."""
    yield from padded_ends(rng, 4, dropped=True)


def ceil_length(room: int, stride: int, limit: int) -> int:
    """Return how many windows there are with ``ceil_mode``, if an incomplete one must begin before ``limit``.

    >>> ceil_length(3, 2, 4), ceil_length(3, 2, 5)
    (2, 3)
    """
    whole_steps, rest = divmod(room, stride)
    return whole_steps + 1 + bool(rest and (whole_steps + 1) * stride < limit)


def padded_ends(rng: Generator, count: int, *, dropped: bool) -> Iterator[Case]:
    """Draw padded axes on which one mistake with the incomplete window shows.

    With ``dropped`` the mistake is to keep a window that begins in the right padding; without, it is to forget that
    the left padding moves the end of the input. That there is padding at all has a criterion of its own.
    """
    found = []
    for n, kernel, stride in product(range(4, 30), range(2, 7), range(2, 7)):
        for padding in range(1, min(kernel // 2, n - kernel) + 1):
            kept, counted, right = (ceil_length(n + 2 * padding - kernel, stride, n + end) for end in (99, 0, padding))
            if (kept if dropped else counted) != right:
                found.append(padded(n, kernel, stride, padding))
    for index in sorted(rng.choice(len(found), count, replace=False)):
        yield found[index]


def padded(n: int, kernel_size: int, stride: int, padding: int) -> Case:
    """Return a case with ``ceil_mode`` and padding."""
    return Case(size(n, kernel_size, stride, padding, ceil_mode=True), whole, frozenset({PADDED}))


# No window just fits: that has its place among what is not refused.
FACTORS = {
    "n": (8, 9, 12),
    "kernel_size": (1, 2, 3),
    "stride": (1, 2, 3),
    "padding": (0, 1),
    "dilation": (1, 2, 3),
    "ceil_mode": (False, True),
}
FIRST_ROW: Row = {"n": 8, "kernel_size": 3, "stride": 2, "padding": 0, "dilation": 2, "ceil_mode": True}
SECOND_ROW: Row = {"n": 8, "kernel_size": 2, "stride": 1, "padding": 1, "dilation": 1, "ceil_mode": False}


def all_settings(rng: Generator, row: Row) -> Case:
    """Return a case of a row of settings."""
    del rng
    stride, padding, dilation = row["stride"], row["padding"], row["dilation"]
    alone = {
        FITS: (stride, padding, dilation) == (1, 0, 1),
        STEPS: stride > 1,
        PADDED: padding > 0,
        DILATED: dilation > 1,
        CEIL: row["ceil_mode"],
        DROPPED: row["ceil_mode"],
    }
    return Case(size(**row), whole, frozenset(name for name, asked in alone.items() if asked))


def padding_is_usual(row: Row) -> bool:
    """Say whether the padding is at most half of the window: with ``ceil_mode`` PyTorch itself asks for that."""
    window = row.get("dilation", 1) * (row.get("kernel_size", 3) - 1) + 1
    return not row.get("ceil_mode", False) or row.get("padding", 0) <= window // 2


OUTPUT_SIZE = Question(
    "output_size",
    (
        criterion(
            FITS,
            1,
            [size(4, 2), size(8, 3)],
            every_position,
            judge=whole,
            hint="Write down the first and the last position of the window's left end, and count both.",
            tries="random lengths and windows at stride 1",
        ),
        criterion(
            STEPS,
            1,
            [size(5, 2, 2), size(8, 3, 2)],
            steps,
            judge=whole,
            hint="Of the room that is left beside the first window only whole steps can be taken.",
            tries="strides from 2 to 6 that leave a remainder",
        ),
        criterion(
            PADDED,
            1,
            [size(4, 3, padding=1), size(4, 5, padding=1)],
            paddings,
            judge=whole,
            hint="Padding makes the axis longer at its left and at its right end.",
            tries="paddings from 1 to 4",
        ),
        criterion(
            DILATED,
            1,
            [size(5, 2, dilation=3), size(7, 3, dilation=2)],
            dilations,
            judge=whole,
            hint="Between k cells there are k - 1 gaps; dilation widens the gaps, not the cells.",
            tries="dilations from 2 to 5",
        ),
        criterion(
            CEIL,
            1,
            [size(5, 2, 2, ceil_mode=True), size(5, 3, 2, ceil_mode=True), padded(4, 3, 2, 1)],
            with_ceil_mode,
            judge=whole,
            hint="A remainder gives one window more; no remainder gives none.",
            tries="strides from 2 to 5, with and without a remainder",
        ),
        criterion(
            DROPPED,
            1,
            [padded(3, 2, 2, 1), size(5, 1, 3, ceil_mode=True)],
            behind_the_input,
            judge=whole,
            hint="Compare where the extra window starts with where the input ends; count the left padding, too.",
            tries="padded axes whose last window would see padding only",
        ),
        criterion(
            "a length is an int",
            0.5,
            [size(4, 2), size(5, 2, 1)],
            hint="Floor division of integers stays an integer; math.floor does, too, numpy.floor does not.",
        ),
        refusals(
            0.5,
            [size(4, 2), size(4, 4)],
            [
                ("kernel_size", size(4, 5)),
                ("kernel_size", size(4, 5, 2, ceil_mode=True)),
                ("kernel_size", size(3, 6, padding=1)),
                Case(size(4, 3, dilation=2), Refused("kernel_size"), frozenset({DILATED})),
                ("kernel_size", size(4, 0)),
                ("stride", size(4, 2, 0)),
                ("stride", size(4, 2, -1)),
                ("padding", size(4, 2, padding=-1)),
                ("dilation", size(4, 2, dilation=0)),
                ("", size(0, 1, padding=1)),
            ],
            whole,
        ),
        all_at_once(0.5, FACTORS, all_settings, [FIRST_ROW, SECOND_ROW], padding_is_usual),
    ),
)
