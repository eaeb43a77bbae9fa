"""The criteria that cost a class most, and what went wrong there most often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import NOTHING_LEFT, Status, Verdict
from .item_statistics import CriterionFigures
from .words import EXPLANATIONS, one_line

SHOWN = 5
# Of a criterion: what nobody else meets is no reason for a class.
MOST_REASONS = 200
LONGEST = 160


@dataclass(frozen=True)
class Hard:
    """A criterion, and why most of those who lost it did: in ``shared`` hand-ins for the same reason."""

    figures: CriterionFigures
    why: str
    shared: int

    @property
    def losers(self) -> int:
        return sum(count for _, count in self.figures.lost)


class Reasons:
    """Why each criterion was lost, counted over a class."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, verdict: Verdict) -> None:
        """Count a hand-in's reasons."""
        for result in verdict.results:
            if result.status is not Status.PASSED and result.message != NOTHING_LEFT:
                said = one_line(result.message)[:LONGEST] if result.message else ""
                label = EXPLANATIONS[result.status].label
                text = said if result.status is Status.FAILED and said else f"{label}: {said}" if said else label
                counts = self._counts[result.question, result.criterion]
                if text in counts or len(counts) < MOST_REASONS:
                    counts[text] += 1

    def hardest(self, items: Sequence[CriterionFigures]) -> list[Hard]:
        """Return the criteria of which the class earned the smallest shares, of those that anybody lost."""
        lost = sorted((item for item in items if item.lost), key=lambda item: (item.difficulty, -item.points))
        return [self._hard(item) for item in lost[:SHOWN]]

    def _hard(self, item: CriterionFigures) -> Hard:
        common = self._counts[item.question, item.criterion].most_common(1)
        why, shared = common[0] if common else (NOTHING_LEFT, sum(count for _, count in item.lost))
        return Hard(item, why, shared)
