"""Answers to the questions that were written down before their experiments ran."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments import results
from experiments.answers import Decision
from experiments.families import family
from experiments.questions import Question, Side, questions
from experiments.stats import Comparison, Estimate, alike, better

FEWEST = 5  # pairs of runs without which nothing is decided


@dataclass(frozen=True)
class Asked:
    """A question with the figures of both sides, seed by seed, without the pairs of which a run died."""

    question: Question
    more: list[float]
    less: list[float]
    dead: tuple[int, int]
    unfinished: tuple[int, int]

    @cached_property
    def comparison(self) -> Comparison | None:
        """Return the comparison that the question's rule makes, if there are runs enough."""
        if len(self.more) < FEWEST:
            return None
        if self.question.rule == "alike":
            return alike(self.more, self.less, within=self.question.margin)
        return better(self.more, self.less, least=self.question.margin)


@dataclass(frozen=True)
class Answered:
    """A question and what it came to, all questions to its experiment taken together."""

    asked: Asked
    decision: Decision

    @property
    def estimate(self) -> Estimate | None:
        """Return the paired difference with its 95% interval."""
        return None if self.asked.comparison is None else self.asked.comparison.estimate


def answered(experiment: str, result: results.Result) -> list[Answered]:
    """Return the answers to all questions to one experiment, decided at levels adjusted by Holm's method."""
    all_asked = [asked(question, result) for question in questions() if question.experiment == experiment]
    found = family(one.comparison for one in all_asked if one.comparison is not None)
    return [Answered(one, "undecided" if one.comparison is None else found[one.comparison].found) for one in all_asked]


def asked(question: Question, result: results.Result) -> Asked:
    """Look up both sides of a question.

    A run that learned nothing is not averaged in: its pair is left out, and dead runs are counted. Not so for errors in
    pixels, where to have learned nothing can be the answer.
    """
    sides = [result.pick(**side.arm) for side in (question.more, question.less)]
    alive = [question.unit == "pixels" or all(both) for both in zip(*(side["alive"] for side in sides), strict=True)]
    more, less = (
        [value for value, keep in zip(values(side, arm), alive, strict=True) if keep]
        for side, arm in zip((question.more, question.less), sides, strict=True)
    )
    dead, unfinished = ([arm[flag].count(False) for arm in sides] for flag in ("alive", "finished"))
    return Asked(question, more, less, (dead[0], dead[1]), (unfinished[0], unfinished[1]))


def values(side: Side, arm: dict[str, Any]) -> list[float]:
    """Return one side's figure of every seed."""
    name, index = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", side.figure).groups()  # type: ignore[union-attr]
    return [row[int(index)] for row in arm[name]] if index else list(arm[name])
