"""How a class did: its totals, and for each criterion how hard it was and whom it told apart.

Classical test theory, with a criterion as the item. *Difficulty* is the mean share of the points that were
earned. *Discrimination* is the corrected item-total correlation: Pearson's correlation between the points
for the criterion and the points for everything else, which for a criterion that is held or lost is the
point-biserial correlation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..model import Assignment, Status, Verdict

MOST_BARS = 10
# Below this many hand-ins a correlation is mostly chance: at ten its standard error is about a third.
FEW = 10
WEAK = 0.2

Array = np.ndarray[Any, np.dtype[np.float64]]
# A student's points and status for every criterion, in the assignment's order.
Marks = tuple[tuple[float, Status], ...]


@dataclass(frozen=True)
class CriterionFigures:
    """A criterion's figures; ``discrimination`` is ``None`` where nothing varies."""

    question: str
    criterion: str
    points: float
    difficulty: float
    discrimination: float | None
    lost: tuple[tuple[Status, int], ...]

    @property
    def remark(self) -> str:
        """What an instructor should make of the figures, in words; often nothing."""
        if self.difficulty == 1:
            return "everybody earns it"
        if self.difficulty == 0:
            return "nobody earns it: look at the text and at the check"
        if self.discrimination is None:
            return "nothing to compare with"
        if self.discrimination < 0:
            return "those who do well elsewhere lose it: look at the check"
        return "hardly related to the rest" if self.discrimination < WEAK else ""


@dataclass(frozen=True)
class Totals:
    """The distribution of the totals, in points; ``bars`` are pairs of lower edge and count, ``width`` apart."""

    count: int
    mean: float
    quartiles: tuple[float, float, float]
    width: int
    bars: tuple[tuple[int, int], ...]


def totals(scores: Array, maximum: float) -> Totals:
    """Return the distribution of totals out of ``maximum`` points; full marks have a bar of their own.

    >>> totals(np.array([0.0, 4.5, 8.0]), 8).bars
    ((0, 1), (1, 0), (2, 0), (3, 0), (4, 1), (5, 0), (6, 0), (7, 0), (8, 1))
    """
    width = max(1, math.ceil(maximum / MOST_BARS))
    # Sums of decimal points may lie a hair below the whole number that they stand for.
    counts = np.bincount(np.floor(scores / width + 1e-9).astype(int), minlength=int(maximum // width) + 1)
    low, middle, high = np.quantile(scores, (0.25, 0.5, 0.75)).tolist() if scores.size else (0.0, 0.0, 0.0)
    bars = tuple((i * width, int(count)) for i, count in enumerate(counts))
    return Totals(scores.size, float(scores.mean()) if scores.size else 0.0, (low, middle, high), width, bars)


def marks(verdict: Verdict, assignment: Assignment) -> Marks:
    """Return what of a verdict counts here."""
    found = {(result.question, result.criterion): (result.score, result.status) for result in verdict.results}
    return tuple(found[question.name, one.name] for question in assignment.questions for one in question.criteria)


def items(rows: Sequence[Marks], assignment: Assignment) -> list[CriterionFigures]:
    """Return the figures of every criterion, in the assignment's order, from each student's marks."""
    names = [(question.name, one) for question in assignment.questions for one in question.criteria]
    scores = np.array([[score for score, _ in row] for row in rows], float).reshape(len(rows), len(names))
    rest = scores.sum(axis=1, keepdims=True) - scores
    return [
        CriterionFigures(
            question,
            one.name,
            one.points,
            float(scores[:, i].mean() / one.points) if rows and one.points else 0.0,
            correlation(scores[:, i], rest[:, i]),
            tuple(_lost(row[i][1] for row in rows)),
        )
        for i, (question, one) in enumerate(names)
    ]


def _lost(statuses: Any) -> list[tuple[Status, int]]:
    counts = Counter(statuses)
    del counts[Status.PASSED]
    return counts.most_common()


def correlation(left: Array, right: Array) -> float | None:
    """Return Pearson's correlation, or ``None`` where either does not vary.

    >>> correlation(np.array([0.0, 1, 0, 1]), np.array([1.0, 3, 1, 3]))
    1.0
    """
    a, b = left - left.mean() if left.size else left, right - right.mean() if right.size else right
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return round(float(a @ b) / norm, 12) if norm > 1e-12 else None
