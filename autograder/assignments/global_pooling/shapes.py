"""The criteria, and the ways to draw their cases, that the questions of this assignment share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from typing import Any

import numpy as np

from ...criteria.arrays import VALUES, Array, Generator, Shape, worldly
from ...criteria.criterion import criterion
from ...criteria.judges import same
from ...criteria.refusals import Mixed, bad_arguments_are_refused
from ...criteria.windows import Calls, distinct
from ...model import Call, Criterion, Judge

NAN, INF = float("nan"), float("inf")
Make = Callable[..., Call]

INTEGERS = "integers are taken as numbers"
SAMPLES = "every sample and channel by itself"
RECTANGLES = "height comes before width"
BELOW_ZERO = "a map below zero has a maximum"
SIDE_BY_SIDE = "bins lie side by side where sizes divide"
OVERLAPPING = "bins overlap where sizes do not divide"
MORE_BINS = "there may be more bins than cells"
ADDED_UP = "the channels are added up"
OWN_WEIGHT = "each channel has its own weight"
ROW = "the class picks its row of weights"
AGAINST = "evidence against a class counts"
FLATTEN = "flattening counts every cell"
GLOBAL = "global pooling counts every channel once"
# What the sides of a map may be like in "all at once".
MAPS = ("square", "wide", "high")
# What arrays are in the plainest example of "all at once".
PLAIN = {"values": "rectified", "dtype": "float64", "layout": "C"}

BINS = "Bin i begins at floor(i * n / m) and ends before ceil((i + 1) * n / m): {}."


def kinds(rng: Generator, *, fractions: bool = False) -> Iterator[str]:
    """Yield kinds of numbers, first those that show most, then the others in any order, again and again.

    Single precision does not hold ``fractions``: the first criterion of a function asks for them.
    """
    first = ["numbers", "rectified"] if fractions else ["rectified"]
    others = [str(kind) for kind in rng.permutation(VALUES) if kind not in ("numbers", "rectified")]
    return cycle([*first, *others])


def sides(rng: Generator, kind: str | tuple[int, int]) -> tuple[int, int]:
    """Draw the height and the width of a map of one of ``MAPS``; those of a worked example are given."""
    if not isinstance(kind, str):
        return kind
    short, long = sorted(int(side) for side in rng.choice(np.arange(1, 9), 2, replace=False))
    return {"square": (long, long), "wide": (short, long), "high": (long, short)}[kind]


def each(make: Make, *settings: tuple[Any, ...], fractions: bool = False, positive: bool = False) -> Calls:
    """Draw numbers like those of the world for each ``(shape, argument ...)``, a kind for each."""

    def draw(rng: Generator) -> Iterator[Call]:
        for kind, (shape, *arguments) in zip(kinds(rng, fractions=fractions), settings, strict=False):
            x = worldly(rng, shape, kind)
            yield make(np.abs(x) if positive else x, *arguments)

    return draw


def spoiled(make: Make, shape: Shape, *values: float, arguments: tuple[Any, ...] = ()) -> Calls:
    """Draw one special value at any place."""

    def draw(rng: Generator) -> Iterator[Call]:
        for value in values:
            x = distinct(rng, shape)
            x.flat[rng.integers(x.size)] = value
            yield make(x, *arguments)

    return draw


def by_itself(points: float, examples: Iterable[Call], draw: Calls) -> Criterion:
    """Return the criterion on several samples and channels, in different numbers."""
    return criterion(
        SAMPLES,
        points,
        examples,
        draw,
        tries="other numbers of samples and channels",
        hint="Pooling never looks across samples or channels.",
    )


def two_sides(points: float, examples: Iterable[Call], draw: Calls) -> Criterion:
    """Return the criterion on maps and windows that are not square."""
    return criterion(
        RECTANGLES,
        points,
        examples,
        draw,
        tries="other rectangles",
        hint="A map need not be square: the last two axes are height and width, in this order, and so is a pair.",
    )


def integers(points: float, example: Call, draw: Calls, judge: Judge = same) -> Criterion:
    """Return the criterion that an input of integers does not make the result one, nor overflow where it is narrow.

    What is drawn becomes narrow unless it holds integers already.
    """

    def whole(made: Call) -> Call:
        first, *rest = made.args
        return Call(made.function, (first.astype(int), *rest))

    def narrow(made: Call) -> Call:
        first, *rest = made.args
        return Call(made.function, ((255 - first % 8).astype(np.uint8), *rest))

    def drawn(rng: Generator) -> Iterator[Call]:
        return (made if made.args[0].dtype.kind == "i" else narrow(made) for made in draw(rng))

    return criterion(
        INTEGERS,
        points,
        [whole(example), narrow(example)],
        drawn,
        tries="other integers, also of eight bits",
        hint="An average of integers is no integer; and an array made like one of integers cuts off fractions.",
        judge=judge,
    )


def refusals(
    points: float,
    works: list[Call],
    refused: Iterable[tuple[str, Call]],
    draw: Mixed,
    hint: str = "",
    *,
    judge: Judge = same,
) -> Criterion:
    """Return the criterion that bad arguments are refused."""
    hint = hint or "Say no early: a ValueError that names the array whose number of axes is wrong."
    return bad_arguments_are_refused(
        "bad arguments are refused", points, works=works, refused=refused, draw=draw, hint=hint, judge=judge
    )


def small(rng: Generator, side: int = 2) -> Array:
    """Draw one channel of a small image."""
    return distinct(rng, (1, side, side))
