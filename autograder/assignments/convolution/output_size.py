"""What is asked of ``output_size``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.criterion import call, criterion
from ...criteria.judges import Refused
from ...criteria.parts import whole
from ...criteria.refusals import below, either, spoilt
from ...model import Call, Case, Question
from .shared import number, refusals

size = partial(call, "output_size")
LONGEST = 10**6

FITS = "every position that fits counts"
STEPS = "an incomplete window does not count"
PADDED = "padding is added on both sides"
DILATED = "dilation spreads the window"
CEIL = "ceil_mode counts the incomplete window"
DROPPED = "a window that starts in the padding is dropped"


def every_position(rng: Generator) -> Iterator[Call]:
    """Draw lengths and windows at stride 1."""
    for longest in (40, LONGEST, LONGEST):
        n = int(rng.integers(5, longest))
        yield size(n, int(rng.integers(1, n)))


def even_windows(rng: Generator) -> Iterator[Call]:
    """Draw lengths and even windows at stride 1."""
    for n in rng.integers(5, LONGEST, 2):
        yield size(int(n), 2 * int(rng.integers(1, n // 2)))


def steps(rng: Generator) -> Iterator[Call]:
    """Draw strides that leave a remainder, without padding."""
    for stride, most in ((2, 6), (3, LONGEST), (int(rng.integers(4, 99)), LONGEST)):
        rest = int(rng.integers(1, stride))
        kernel = int(rng.integers(1, 6))
        yield size(kernel + rest + stride * int(rng.integers(0, most)), kernel, stride)


def paddings(rng: Generator) -> Iterator[Call]:
    """Draw paddings of any width at stride 1."""
    for padding, longest in ((1, 20), (2, LONGEST), (int(rng.integers(3, 99)), LONGEST)):
        n = int(rng.integers(3, longest))
        yield size(n, int(rng.integers(1, n + 2 * padding)), padding=padding)


def dilations(rng: Generator) -> Iterator[Call]:
    """Draw dilated windows."""
    for dilation, more in ((2, 5), (3, LONGEST), (int(rng.integers(4, 99)), LONGEST)):
        kernel = int(rng.integers(2, 5))
        n = dilation * (kernel - 1) + 1 + int(rng.integers(1, more))
        yield size(n, kernel, dilation=dilation)


def with_ceil_mode(rng: Generator) -> Iterator[Call | Case]:
    """Draw axes with a remainder and without, then padded ones; an incomplete window begins in the input."""
    for stride, most in ((2, 5), (3, LONGEST), (int(rng.integers(4, 99)), LONGEST)):
        kernel = stride + int(rng.integers(0, 3))
        for rest in (int(rng.integers(1, stride)), 0):
            n = kernel + rest + stride * int(rng.integers(1, most))
            yield size(n, kernel, stride, ceil_mode=True)
    yield from padded_ends(rng, 3, dropped=False)


def behind_the_input(rng: Generator) -> Iterator[Call | Case]:
    """Draw axes on which the incomplete window would begin behind the input, then in the right padding."""
    for longest in (10, LONGEST):
        stride = int(rng.integers(3, 99))
        kernel = int(rng.integers(1, stride))
        rest = int(rng.integers(1, stride - kernel + 1))
        yield size(stride * int(rng.integers(1, longest)) + kernel + rest, kernel, stride, ceil_mode=True)
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
    longest = 30
    while count:
        n, kernel, stride = (int(value) for value in rng.integers((4, 2, 2), (longest, min(longest, 50), 50)))
        padding = int(rng.integers(1, kernel // 2 + 1))
        room = n + 2 * padding - kernel
        kept, counted, right = (ceil_length(room, stride, n + end) for end in (n + 99, 0, padding))
        if room >= 0 and (kept if dropped else counted) != right:
            yield padded(n, kernel, stride, padding)
            count, longest = count - 1, LONGEST


def padded(n: int, kernel_size: int, stride: int, padding: int) -> Case:
    """Return a case with ``ceil_mode`` and padding."""
    return Case(size(n, kernel_size, stride, padding, ceil_mode=True), whole, frozenset({PADDED}))


FACTORS = {
    "kernel_size": (1, range(2, 10), range(10, 100)),
    "stride": (1, range(2, 10), range(10, 100)),
    "padding": (0, range(1, 10)),
    "dilation": (1, range(2, 10), range(10, 100)),
    "ceil_mode": (False, True),
}
FIRST_ROW: Row = {"n": 8, "kernel_size": 3, "stride": 2, "padding": 0, "dilation": 2, "ceil_mode": True}
SECOND_ROW: Row = {"n": 8, "kernel_size": 2, "stride": 1, "padding": 1, "dilation": 1, "ceil_mode": False}


def all_settings(rng: Generator, row: Row) -> Case:
    """Return a case of a row of settings; no drawn window just fits: that has its place among what is not refused."""
    given = {name: number(rng, value) for name, value in row.items()}
    stride, dilation = given["stride"], given["dilation"]
    window = dilation * (given["kernel_size"] - 1) + 1
    if given["ceil_mode"]:
        given["padding"] = min(given["padding"], window // 2)
    padding = given["padding"]
    n = given.pop("n", window + int(rng.integers(1, LONGEST)))
    alone = {
        FITS: (stride, padding, dilation) == (1, 0, 1),
        STEPS: stride > 1,
        PADDED: padding > 0,
        DILATED: dilation > 1,
        CEIL: row["ceil_mode"],
        DROPPED: row["ceil_mode"],
    }
    return Case(size(n, **given), whole, frozenset(name for name, asked in alone.items() if asked))


def padding_is_usual(row: Row) -> bool:
    """Say whether there is padding only where the window has two cells, if ``ceil_mode`` is asked.

    Then PyTorch itself asks for a padding of at most half of the window.
    """
    return not (row.get("ceil_mode") and row.get("padding") and row.get("kernel_size") == 1)


def too_large(rng: Generator, given: Mapping[str, Any]) -> int:
    """Make a window larger than the axis."""
    return int(given["n"] + rng.integers(1, LONGEST))


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
            tries="strides up to 98 that leave a remainder",
        ),
        criterion(
            PADDED,
            1,
            [size(4, 3, padding=1), size(4, 5, padding=1)],
            paddings,
            judge=whole,
            hint="Padding makes the axis longer at its left and at its right end.",
            tries="paddings up to 98",
        ),
        criterion(
            DILATED,
            1,
            [size(5, 2, dilation=3), size(7, 3, dilation=2)],
            dilations,
            judge=whole,
            hint="Between k cells there are k - 1 gaps; dilation widens the gaps, not the cells.",
            tries="dilations up to 98",
        ),
        criterion(
            CEIL,
            1,
            [size(5, 2, 2, ceil_mode=True), size(5, 3, 2, ceil_mode=True), padded(4, 3, 2, 1)],
            with_ceil_mode,
            judge=whole,
            hint="A remainder gives one window more; no remainder gives none.",
            tries="strides up to 98, with and without a remainder",
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
            even_windows,
            tries="random lengths and even windows at stride 1",
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
            spoilt(
                every_position,
                ("n", "kernel_size"),
                {
                    "kernel_size": either(below(1), too_large),
                    "stride": below(1),
                    "padding": below(0),
                    "dilation": below(1),
                },
            ),
            whole,
        ),
        all_at_once(0.5, FACTORS, all_settings, [FIRST_ROW, SECOND_ROW], padding_is_usual),
    ),
)
