"""Several comparisons decided at once by Holm's step-down method, so that many tests make no finding by chance.

All comparisons that some answers rest on are one family. The chance that even one of them is decided wrongly is at most
five percent, however they depend on each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from experiments.answers import Answer, Decision, answer
from experiments.stats import Comparison


def holm(p: Sequence[float]) -> list[float]:
    """Return p values adjusted by Holm's method (1979), in the given order.

    >>> holm([0.01, 0.04, 0.03, 0.005])
    [0.03, 0.06, 0.06, 0.02]
    """
    adjusted, largest = [0.0] * len(p), 0.0
    for rank, index in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        largest = max(largest, min(1.0, (len(p) - rank) * p[index]))
        adjusted[index] = largest
    return adjusted


@dataclass(frozen=True)
class Outcome:
    """A comparison, its p value adjusted for its family, and the decision."""

    comparison: Comparison
    p: float
    found: Decision


def family(answers: Iterable[Answer | bool]) -> dict[Answer, Outcome]:
    """Decide every comparison that the answers rest on, each once.

    A comparison is two tests, one for "yes" and one for "no". So one-sided p values are adjusted, twice as many as
    there are comparisons; of each two, the one that the estimate speaks against is put at 1.
    """
    leaves = dict.fromkeys(leaf for value in answers for leaf in answer(value).leaves())
    comparisons = [leaf for leaf in leaves if isinstance(leaf, Comparison)]
    adjusted = holm([one.p / 2 for one in comparisons] + [1.0] * len(comparisons))
    return {one: Outcome(one, p, one.at(p)) for one, p in zip(comparisons, adjusted, strict=False)}


def settled(value: Answer | bool, outcomes: Mapping[Answer, Outcome]) -> Decision:
    """Return the decision on one answer of a family."""
    return answer(value).decided({leaf: outcome.found for leaf, outcome in outcomes.items()})


def decisions(answers: Sequence[Answer | bool]) -> list[Decision]:
    """Return the decisions on answers that are one family.

    >>> decisions([True, False])
    ['yes', 'no']
    """
    outcomes = family(answers)
    return [settled(value, outcomes) for value in answers]
