"""What a grading run asks of everybody: the cases drawn from its seed, and what the reference answered.

An :class:`Exam` is prepared once and can be pickled to any number of judging processes.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from ..model import Case, Limits, Reply
from ..submission import Release


@dataclass(frozen=True, eq=False)
class DrawnCriterion:
    """A criterion with the cases of this run, of which the first ``examples`` are the worked ones, and the replies."""

    criterion: str
    points: float
    cases: tuple[Case, ...]
    expected: tuple[Reply, ...]
    examples: int = 0

    def without(self, lost: Set[str]) -> DrawnCriterion:
        """Return this criterion without the cases that need one that is lost: a mistake costs its own only."""
        pairs = zip(self.cases, self.expected, strict=True)
        left = [(case, reply) for case, reply in pairs if case.needs.isdisjoint(lost)]
        return replace(self, cases=tuple(case for case, _ in left), expected=tuple(reply for _, reply in left))


@dataclass(frozen=True, eq=False)
class Paper:
    """A question as this run asks it."""

    question: str
    packages: tuple[str, ...]
    criteria: tuple[DrawnCriterion, ...]
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Exam:
    """All that is needed to judge a submission."""

    assignment: str
    seed: int
    release: Release
    papers: tuple[Paper, ...]
    limits: Limits
    confinement: str

    def example_replies(self) -> dict[str, dict[str, tuple[Reply, ...]]]:
        """Return what the reference answered to the worked examples of each question and criterion."""
        return {
            paper.question: {drawn.criterion: drawn.expected[: drawn.examples] for drawn in paper.criteria}
            for paper in self.papers
        }
