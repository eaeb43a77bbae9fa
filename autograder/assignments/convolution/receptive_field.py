"""What is asked of ``receptive_field``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.comparison import describe, difference
from ...criteria.criterion import call, criterion
from ...criteria.judges import Refused, returned, same
from ...criteria.parts import AnyOf, parts, whole
from ...criteria.several import one_by_one
from ...model import Call, Case, Question, Reply
from .shared import number, refusals

SIZE, JUMP = BOTH = parts("size", "jump")
one_number = AnyOf(BOTH)

ONE = "one layer sees its window"
ADD_UP = "layers of stride 1 add up"
JUMP_GROWS = "the jump is the product of the strides"
LARGEST = 10**6

STRETCHES = "a stride stretches the layers behind it"


def field(*layers: tuple[int, int]) -> Call:
    """Return a call on layers, pairs of a kernel and a stride."""
    return call("receptive_field", list(layers))


def twice(*layers: tuple[int, int]) -> Call:
    """Return two calls on one list: what the first has done to it, the second shows."""
    return replace(field(*layers), rounds=({}, {}))


def ints_both_times(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when both calls give the same two integers, of which at least one is right."""
    replies = one_by_one(case, got, expected)
    if isinstance(replies, str):
        return replies
    (_, first, _), (_, second, _) = replies
    text = one_number(*replies[0])
    if text:
        return text
    floats = [value for value in first.value if not isinstance(value, (int, np.integer))]
    if floats:
        return f"expected integers, got {describe(floats[0])}"
    changed = difference(second.value, first.value)
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
    for largest in (12, LARGEST, LARGEST):
        yield field((int(rng.integers(1, largest)), 1))


def unit_strides(rng: Generator) -> Iterator[Call]:
    """Draw up to five layers of stride 1."""
    for count in range(2, 6):
        yield field(*((int(kernel), 1) for kernel in rng.integers(1, (8, LARGEST)[count > 2], count)))


def any_strides(rng: Generator) -> Iterator[Call]:
    """Draw up to five layers of any kernel and stride."""
    for count in range(1, 6):
        yield field(*((int(k), int(s)) for k, s in rng.integers(1, (99, 8), (count, 2))))


def stretched(rng: Generator) -> Iterator[Call]:
    """Draw up to six layers of any kernel and stride."""
    for count in range(2, 7):
        yield field(*((int(k), int(s)) for k, s in rng.integers(1, (6 if count < 4 else 99, 4), (count, 2))))


def no_layers(rng: Generator) -> Iterator[Case]:
    """Draw single layers, so that not everything gives what no layer does."""
    for kernel, stride in rng.integers(2, 1000, (2, 2)):
        yield Case(field((int(kernel), int(stride))), one_number)


def bad_layers(rng: Generator) -> Iterator[Case]:
    """Draw layers, and such of which one behind the first has a kernel or a stride below 1."""
    cases = [Case(made, returned) for made in any_strides(rng)][1:3]
    for place, name in enumerate(("kernel_size", "stride")):
        layers = [[int(k), int(s)] for k, s in rng.integers(1, 99, (3, 2))]
        layers[rng.integers(1, 3)][place] = -int(rng.integers(0, 99))
        cases.append(Case(field(*((k, s) for k, s in layers)), Refused(name)))
    yield from (cases[i] for i in rng.permutation(len(cases)))


LAYERS = ((range(2, 30), 1), (2, range(2, 5)), (range(5, 30), range(2, 5)), (1, range(2, 5)))
# Up to 18 layers: a block of up to three, repeated, as networks are built.
FACTORS = {"first": LAYERS, "second": LAYERS, "third": LAYERS, "depth": (1, 2, 3, 18)}
FIRST_ROW: Row = {"first": (1, 3), "second": (3, 1), "third": (3, 1), "depth": 1}
SECOND_ROW: Row = {**FIRST_ROW, "first": (3, 1), "depth": 4}


def networks(rng: Generator, row: Row) -> Case:
    """Return a case of a row's layers."""
    block = [number(rng, row[name]) for name in ("first", "second", "third")]
    layers = (block * row["depth"])[: row["depth"]]
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
            tries="other windows",
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
            no_layers,
            judge=whole,
            tries="other layers, of which one number must be right",
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
            bad_layers,
            whole,
        ),
        all_at_once(0.5, FACTORS, networks, [FIRST_ROW, SECOND_ROW]),
    ),
)
