"""What is asked of ``conv2d_cost``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.comparison import describe, difference
from ...criteria.criterion import call, criterion
from ...criteria.parts import AnyOf, parts, whole_numbers
from ...criteria.refusals import below, spoilt
from ...criteria.several import one_by_one
from ...model import Call, Case, Question, Reply
from .shared import number, refusals

PARAMETERS, MACS = COUNTS = parts("parameters", "macs")
one_count = AnyOf(COUNTS)

cost = partial(call, "conv2d_cost")
without_bias = partial(cost, bias=False)
with_and_without = partial(Call, "conv2d_cost", rounds=({"bias": True}, {"bias": False}, {}))

WORKS = without_bias(1, 1, 3, (6, 6))

WEIGHTS = "weights are counted once"
PRODUCTS = "every output cell costs a window of products"
BIAS = "a bias adds parameters, no products"
RECTANGLES = "windows and maps may be rectangles"


def bias_alone(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when a bias, which there is unless said otherwise, adds what it should: nothing else is judged here."""
    replies = one_by_one(case, got, expected)
    if isinstance(replies, str):
        return replies
    trees = [reply.value for _, reply, _ in replies]
    if not all(map(_two_counts, trees)):
        return f"expected two counts, got {describe(trees[0])}"
    names = ("parameters of a bias", "macs of a bias", "parameters of a bias that is not named")
    for name, have, want in zip(names, _added(trees), _added(expected.value), strict=True):
        text = difference(whole_numbers(have, want), want)
        if text:
            return f"{name}: {text}"
    return None


def _two_counts(value: Any) -> bool:
    numbers = (int, float, np.number)
    return isinstance(value, (tuple, list)) and len(value) == 2 and all(isinstance(one, numbers) for one in value)


def _added(costs: Sequence[Any]) -> tuple[Any, Any, Any]:
    (parameters, macs), (bare, bare_macs), (default, _) = costs
    return parameters - bare, macs - bare_macs, default - bare


def one_right_all_ints(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when one of the counts is right and both are integers."""
    counts = got.value if isinstance(got.value, (tuple, list)) else ()
    floats = [value for value in counts if not isinstance(value, (int, np.integer))]
    return one_count(case, got, expected) or (f"expected integers, got {describe(floats[0])}" if floats else None)


def square_layers(rng: Generator) -> Iterator[Call]:
    """Draw square layers without a bias."""
    for kernel in (1, 3, 5):
        c, f, side = (int(value) for value in rng.integers(2, 40, 3))
        yield without_bias(c, f, kernel, (side, side))


def biases(rng: Generator) -> Iterator[Call]:
    """Draw layers to be compared with and without a bias."""
    for kernel in (1, 3):
        c, f, side = (int(value) for value in rng.integers(2, 40, 3))
        yield with_and_without((c, f, kernel, (side, side)))


def rectangle(kernel: tuple[int, int], output_size: int | tuple[int, int]) -> Iterator[Case]:
    """Return cases of one channel, one for each count."""
    yield Case(without_bias(1, 1, kernel, (1, 1)), PARAMETERS)
    yield Case(without_bias(1, 1, kernel, output_size), MACS, frozenset({PRODUCTS}))


def rectangles(rng: Generator) -> Iterator[Case]:
    """Draw windows that are not square, on maps that are and on maps that are not."""
    for kernel in ((1, int(rng.integers(3, 99))), (int(rng.integers(50, 99)), int(rng.integers(2, 50)))):
        height, width = (int(value) for value in rng.integers(5, 99, 2))
        yield from rectangle(kernel, (height, width + height) if kernel[0] == 1 else height)


FACTORS = {
    "in_channels": (1, range(2, 9), range(100, 999)),
    "out_channels": (1, range(10, 99), range(100, 999)),
    "kernel_size": (1, range(2, 9), (range(1, 3), range(3, 12)), range(9, 30)),
    "output_size": (1, range(2, 99), (range(50, 99), range(10, 50)), range(100, 999)),
    "bias": ({"bias": True}, {"bias": False}, {}),
    "asked": (0, 1),
}
FIRST_ROW: Row = {
    "in_channels": 2,
    "out_channels": 3,
    "kernel_size": (1, 2),
    "output_size": (4, 6),
    "bias": {},
    "asked": 0,
}
# More than 2 ** 31 products.
SECOND_ROW: Row = {
    "in_channels": 256,
    "out_channels": 512,
    "kernel_size": 3,
    "output_size": 56,
    "bias": {"bias": False},
    "asked": 1,
}


def real_layers(rng: Generator, row: Row) -> Case:
    """Return a case of a row, which judges one of the two counts."""
    layer = [number(rng, row[name]) for name in ("in_channels", "out_channels", "kernel_size", "output_size")]
    alone = {
        (WEIGHTS, PRODUCTS)[row["asked"]]: True,
        BIAS: row["bias"].get("bias", True),
        RECTANGLES: any(isinstance(part, tuple) for part in layer),
    }
    made = cost(*layer, **row["bias"])
    return Case(made, COUNTS[row["asked"]], frozenset(name for name, asked in alone.items() if asked))


CONV2D_COST = Question(
    "conv2d_cost",
    (
        criterion(
            WEIGHTS,
            1,
            [WORKS, without_bias(3, 16, 3, (6, 6))],
            square_layers,
            judge=PARAMETERS,
            hint="Each filter has a window for every input channel; the size of the image does not matter.",
            tries="up to 39 channels and filters",
        ),
        criterion(
            PRODUCTS,
            1,
            [WORKS, without_bias(3, 16, 3, (6, 6))],
            square_layers,
            judge=MACS,
            hint="Count the products behind one output cell, then the cells of all output maps.",
            tries="up to 39 channels, filters, rows and columns",
        ),
        criterion(
            BIAS,
            0.5,
            [with_and_without((1, 2, 3, (6, 6)))],
            biases,
            judge=bias_alone,
            hint="One number for each filter, added without a multiplication; there is one unless bias=False.",
            tries="the difference that a bias makes",
        ),
        criterion(
            RECTANGLES,
            0.5,
            rectangle((1, 2), (3, 4)),
            rectangles,
            hint="An int stands for a square; a pair is (height, width).",
            tries="rectangular windows and maps, and an int for the map",
        ),
        criterion(
            "counts are ints",
            0.5,
            [WORKS],
            square_layers,
            judge=one_right_all_ints,
            tries="other layers, of which one count must be right",
            hint="Products of integers are integers.",
        ),
        refusals(
            0.5,
            [WORKS],
            [
                ("", cost(0, 1, 3, (6, 6))),
                ("", cost(1, 0, 3, (6, 6))),
                ("kernel_size", cost(1, 1, 0, (6, 6))),
                ("kernel_size", cost(1, 1, (1, 0), (6, 6))),
                ("", cost(1, 1, 3, (0, 6))),
                ("", cost(1, 1, 3, (6, 0))),
            ],
            spoilt(
                square_layers,
                ("in_channels", "out_channels", "kernel_size", "output_size"),
                {
                    "in_channels": below(1),
                    "out_channels": below(1),
                    "kernel_size": below(1, pairs=True),
                    "output_size": below(1, pairs=True),
                },
                unnamed=("in_channels", "out_channels", "output_size"),
            ),
            one_count,
        ),
        all_at_once(0.5, FACTORS, real_layers, [FIRST_ROW, SECOND_ROW]),
    ),
)
