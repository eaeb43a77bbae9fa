"""What is asked of ``receptive_field``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.comparison import describe, difference
from ...criteria.criterion import call, criterion
from ...criteria.judges import same, trouble
from ...criteria.parts import AnyOf, parts, whole
from ...model import Call, Case, Question, Reply
from .shared import refusals

SIZE, JUMP = BOTH = parts("size", "jump")
one_number = AnyOf(BOTH)

ONE = "one layer sees its window"
ADD_UP = "layers of stride 1 add up"
JUMP_GROWS = "the jump is the product of the strides"
STRETCHES = "a stride stretches the layers behind it"


def field(*layers: tuple[int, int]) -> Call:
    """Return a call on layers, pairs of a kernel and a stride."""
    return call("receptive_field", list(layers))


def twice(*layers: tuple[int, int]) -> Call:
    """Return two calls on one list: what the first has done to it, the second shows."""
    return replace(field(*layers), rounds=({}, {}))


def ints_both_times(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when both calls give the same two integers, of which at least one is right."""
    wrong = trouble(got)
    if wrong:
        return wrong
    first, second = got.value
    text = one_number(case, replace(got, value=first), replace(expected, value=expected.value[0]))
    if text:
        return text
    floats = [value for value in first if not isinstance(value, (int, np.integer))]
    if floats:
        return f"expected integers, got {describe(floats[0])}"
    changed = difference(second, first)
    return f"a second call with the same list gives something else than the first: {changed}" if changed else None


def same_unless_wrong(case: Case, got: Reply, expected: Reply) -> str | None:
    """Judge the kind of numbers where the numbers are right; another criterion asks whether they are."""
    return None if whole(case, got, expected) else same(case, got, expected)


def repeated(rng: Generator) -> Iterator[Call]:
    """Draw lists of one and two layers, to be used twice."""
    for count in (1, 2, 2):
        yield twice(*((int(k), int(s)) for k, s in rng.integers(2, 1000, (count, 2))))


def one_layer(rng: Generator) -> Iterator[Call]:
    """Draw one layer of stride 1."""
    for kernel in rng.integers(1, 12, 3):
        yield field((int(kernel), 1))


def unit_strides(rng: Generator) -> Iterator[Call]:
    """Draw up to five layers of stride 1."""
    for count in range(2, 6):
        yield field(*((int(kernel), 1) for kernel in rng.integers(1, 8, count)))


def any_strides(rng: Generator) -> Iterator[Call]:
    """Draw up to five layers of any kernel and stride."""
    for count in range(1, 6):
        yield field(*((int(k), int(s)) for k, s in rng.integers(1, 5, (count, 2))))


def stretched(rng: Generator) -> Iterator[Call]:
    """Draw up to six layers of any kernel and stride."""
    for count in range(2, 7):
        yield field(*((int(k), int(s)) for k, s in rng.integers(1, (6, 4), (count, 2))))


LAYERS = ((3, 1), (2, 2), (7, 2), (1, 3))
# Up to 18 layers: a block of up to three, repeated, as networks are built.
FACTORS = {"first": LAYERS, "second": LAYERS, "third": LAYERS, "depth": (1, 2, 3, 18)}
FIRST_ROW: Row = {"first": (1, 3), "second": (3, 1), "third": (3, 1), "depth": 1}
SECOND_ROW: Row = {**FIRST_ROW, "first": (3, 1), "depth": 4}


def networks(rng: Generator, row: Row) -> Case:
    """Return a case of a row's layers."""
    del rng
    layers = ([row["first"], row["second"], row["third"]] * row["depth"])[: row["depth"]]
    alone = {
        ONE: len(layers) == 1,
        ADD_UP: len(layers) > 1,
        JUMP_GROWS: any(stride > 1 for _, stride in layers),
        STRETCHES: any(stride > 1 and (kernel > 1 or len(layers) > 1) for kernel, stride in layers),
    }
    return Case(field(*layers), whole, frozenset(name for name, asked in alone.items() if asked))


RECEPTIVE_FIELD = Question(
    "receptive_field",
    (
        criterion(
            ONE,
            1,
            [field((3, 1))],
            one_layer,
            judge=SIZE,
            hint="Behind one layer a cell sees exactly the kernel.",
            tries="windows up to 11",
        ),
        criterion(
            ADD_UP,
            0.5,
            [field((3, 1), (3, 1))],
            unit_strides,
            judge=SIZE,
            hint="Two 3-windows see 5 cells, not 6: how many cells does a further layer bring in?",
            tries="up to five layers",
        ),
        criterion(
            JUMP_GROWS,
            1,
            [field((1, 2)), field((1, 2), (1, 3))],
            any_strides,
            judge=JUMP,
            hint="A step behind two layers of stride 2 is two steps behind one of them.",
            tries="up to five layers of any window and stride",
        ),
        criterion(
            STRETCHES,
            1,
            [field((2, 2)), field((3, 2), (3, 1)), field((3, 1), (3, 2))],
            stretched,
            judge=SIZE,
            hint="A layer's cells lie one jump apart in the input, the jump of the layers before it.",
            tries="up to six layers of any window and stride",
        ),
        criterion(
            "no layers see one cell",
            0.5,
            [field()],
            judge=whole,
            hint="Without a layer the output is the input.",
        ),
        criterion(
            "size and jump are ints, the list stays as it was",
            0.5,
            [twice((3, 1)), Case(twice(), same_unless_wrong)],
            repeated,
            judge=ints_both_times,
            tries="other layers, each list used twice",
            hint="Integers multiplied and added stay integers; read the list without taking from it.",
        ),
        refusals(
            0.5,
            [field((3, 1))],
            [
                ("kernel_size", field((0, 1))),
                ("stride", field((3, 1), (3, 0))),
                ("kernel_size", field((3, 1), (-1, 1))),
            ],
            whole,
        ),
        all_at_once(0.5, FACTORS, networks, [FIRST_ROW, SECOND_ROW]),
    ),
)
