"""What is asked of ``shift_consistency``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...criteria.arrays import Array, Generator
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.parts import UntouchedIf
from ...criteria.windows import Calls, numbers
from ...model import Call, Question
from .judges import counted
from .names import FIRST_MAXIMUM, WINNER
from .shapes import integers_are_taken, refusals, several
from .shifts_at_once import votes_at_once

CONSISTENCY = partial(call, "shift_consistency")
LOGITS = np.array([[3.0, 1, 2], [1.0, 3, 2], [0.0, 1, 5]])
SHIFTED = np.array([[9.0, 0, 1], [5.0, 4, 0], [1.0, 0, 3]])


def votes(rng: Generator, *, rows: int, classes: int, agreeing: int) -> tuple[Array, Array]:
    """Draw two arrays of logits without ties whose arg-max agrees in this many rows, in random order."""
    first = rng.integers(classes, size=rows)
    second = np.where(np.arange(rows) < agreeing, first, (first + rng.integers(1, classes, rows)) % classes)
    order = rng.permutation(rows)
    pair = list(several(rng, (rows, classes), (rows, classes)))
    for logits, winners in zip(pair, (first, second), strict=True):
        logits[np.arange(rows), winners] = logits.max(axis=1) + 1
    return pair[0][order], pair[1][order]


def elections(*settings: tuple[int, int, int]) -> Calls:
    """Draw logits for each number of rows, of classes and of rows whose arg-max agrees."""

    def draw(rng: Generator) -> Iterator[Call]:
        for rows, classes, agreeing in settings:
            yield CONSISTENCY(*votes(rng, rows=rows, classes=classes, agreeing=agreeing))

    return draw


MANY = elections((1, 3, 0), (4, 3, 1), (6, 10, 4), (9, 4, 6))


def tied(rng: Generator) -> Iterator[Call]:
    """Draw rows whose largest value stands twice; the other array has it at the first place, or the second."""
    for _ in range(2):
        first, second = (numbers(rng, 4, 3) for _ in range(2))
        for row in range(4):
            a, b = sorted(rng.choice(3, 2, replace=False))
            first[row, [a, b]] = 20.0
            second[row, a if row < 3 else b] = 20.0
        yield CONSISTENCY(first, second)


def whole_votes(rng: Generator) -> Iterator[Call]:
    """Draw integers, wide ones with signs, and narrow ones without, some of them zero."""
    for kind, low in ((np.int64, -9), (np.uint8, 0)):
        columns = rng.permutation(3)
        pair = ([[low, 200, 7]] * 4, [[7, 200, low]] * 2 + [[200, low, 7]] * 2)
        yield CONSISTENCY(*(np.array(rows, dtype=kind).take(columns, axis=1) for rows in pair))


SHIFT_CONSISTENCY = Question(
    "shift_consistency",
    (
        criterion(
            WINNER,
            1,
            [CONSISTENCY(LOGITS, SHIFTED)],
            MANY,
            judge=counted,
            hint="Compare the position of the largest value in each row, not the values.",
            tries="up to nine rows and ten classes",
        ),
        criterion(
            "the result is a share, a float",
            0.5,
            [CONSISTENCY(LOGITS, SHIFTED), CONSISTENCY(LOGITS, LOGITS)],
            elections((4, 3, 2), (5, 3, 5)),
            hint="All rows agree: 1.0; none: 0.0; whatever their number.",
            tries="half of the rows, and all of them",
        ),
        criterion(
            FIRST_MAXIMUM,
            0.5,
            [CONSISTENCY(np.array([[2.0, 2, 1]]), np.array([[3.0, 1, 1]]))],
            tied,
            judge=counted,
            hint="numpy.argmax returns the first of equal values.",
            tries="other ties, of the first and the second array",
        ),
        integers_are_taken(
            [CONSISTENCY(np.array([[1, 2]]), np.array([[0, 5]]))],
            whole_votes,
            judge=counted,
            hint="Logits may be whole numbers, also of a kind that knows no sign.",
            tries="other integers, also of eight bits",
        ),
        input_stays_untouched(
            0.5,
            [CONSISTENCY(LOGITS, SHIFTED)],
            elections((4, 3, 1)),
            judge=UntouchedIf(counted),
            hint="Look, do not sort.",
        ),
        refusals(
            0.5,
            works=[CONSISTENCY(LOGITS, SHIFTED)],
            judge=counted,
            refused=[
                ("logits", CONSISTENCY(LOGITS[0], SHIFTED)),
                ("shifted_logits", CONSISTENCY(LOGITS, SHIFTED[0])),
                ("logits", CONSISTENCY(LOGITS[None], SHIFTED)),
                ("shifted_logits", CONSISTENCY(LOGITS, SHIFTED[None])),
            ],
            hint="Both arrays have two axes, images and classes: name the one that has not.",
        ),
        votes_at_once(),
    ),
)
