"""What is asked of ``shift_consistency``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...criteria.arrays import Generator
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.parts import UntouchedIf
from ...criteria.refusals import other_axes, spoilt
from ...criteria.windows import Calls, numbers
from ...model import Call, Question
from .judges import counted
from .names import FIRST_MAXIMUM, WINNER
from .shapes import agreeing, integers_are_taken, refusals, votes
from .shifts_at_once import votes_at_once

CONSISTENCY = partial(call, "shift_consistency")
LOGITS = np.array([[3.0, 1, 2], [1.0, 3, 2], [0.0, 1, 5]])
RANKS_OF_TWO = {name: other_axes(name, 2) for name in ("logits", "shifted_logits")}
SHIFTED = np.array([[9.0, 0, 1], [5.0, 4, 0], [1.0, 0, 3]])


def elections(*settings: tuple[int, int]) -> Calls:
    """Draw logits for each number of rows and of classes, of which some rows agree."""

    def draw(rng: Generator) -> Iterator[Call]:
        for rows, classes in settings:
            yield CONSISTENCY(*votes(rng, rows, classes, agreeing(rng, rows)))

    return draw


def shares(rng: Generator) -> Iterator[Call]:
    """Draw elections where half of the rows agree, all of them, and any number."""
    half, every = (int(n) for n in rng.integers(2, 5, 2))
    yield CONSISTENCY(*votes(rng, 2 * half, 3, half))
    yield CONSISTENCY(*votes(rng, every, 3, every))
    yield from elections((11, 3))(rng)


def tied(rng: Generator) -> Iterator[Call]:
    """Draw rows whose largest value stands twice; the other array has it at the first place, or the second.

    Whoever prefers the last one counts the other rows, which are never as many.
    """
    for rows in (5, 9, 11):
        first, second = (numbers(rng, rows, 3) for _ in range(2))
        agree = rng.permutation(rows) < agreeing(rng, rows)
        for row in range(rows):
            a, b = sorted(rng.choice(3, 2, replace=False))
            first[row, [a, b]] = 20.0
            second[row, a if agree[row] else b] = 20.0
        yield CONSISTENCY(first, second)


def whole_votes(rng: Generator) -> Iterator[Call]:
    """Draw integers, wide ones with signs, and narrow ones without, of which the smallest is zero.

    The smallest stay where they were in the rows whose winner moves, and move in the others.
    """
    for kind, low, rows in ((np.int64, -9, 9), (np.uint8, 0, 11)):
        agree = rng.permutation(rows) < agreeing(rng, rows)
        first = np.stack([np.full(rows, low), rng.integers(1, 100, rows), rng.integers(130, 256, rows)], axis=1)
        second = np.where(agree[:, None], first[:, [1, 0, 2]], first[:, [0, 2, 1]])
        columns = rng.permuted(np.tile(np.arange(3), (rows, 1)), axis=1)
        yield CONSISTENCY(*(np.take_along_axis(array, columns, axis=1).astype(kind) for array in (first, second)))


SHIFT_CONSISTENCY = Question(
    "shift_consistency",
    (
        criterion(
            WINNER,
            1,
            [CONSISTENCY(LOGITS, SHIFTED)],
            elections((1, 3), (6, 5), (9, 10), (12, 8)),
            judge=counted,
            hint="Compare the position of the largest value in each row, not the values.",
            tries="up to twelve rows and ten classes",
        ),
        criterion(
            "the result is a share, a float",
            0.5,
            [CONSISTENCY(LOGITS, SHIFTED), CONSISTENCY(LOGITS, LOGITS)],
            shares,
            hint="All rows agree: 1.0; none: 0.0; whatever their number.",
            tries="half of the rows, all of them, and other shares",
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
            elections((9, 3), (11, 3)),
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
            draw=spoilt(elections((7, 3)), tuple(RANKS_OF_TWO), RANKS_OF_TWO, judge=counted),
            hint="Both arrays have two axes, images and classes: name the one that has not.",
        ),
        votes_at_once(),
    ),
)
