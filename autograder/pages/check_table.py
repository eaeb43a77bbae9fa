"""What ``check`` shows in a notebook: criterion by criterion, with the smallest case that fails."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Criterion, Question, Result, Status
from .failing_case import show
from .rendering import render
from .words import EXPLANATIONS, one_line, points_text


@dataclass(frozen=True, eq=False)
class CheckTable:
    """The results of a question's worked examples, one for each criterion, in the question's order.

    A notebook shows it as tables and pictures, a terminal as text.
    """

    question: Question
    results: Sequence[Result]

    def _repr_html_(self) -> str:
        return render("check.html", question=self.question, pairs=self._pairs(), headline=self._headline())

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *(_text(*pair) for pair in self._pairs())])

    def _pairs(self) -> list[tuple[Criterion, Result]]:
        return list(zip(self.question.criteria, self.results, strict=True))

    def _headline(self) -> str:
        held, count = sum(result.status is Status.PASSED for result in self.results), len(self.results)
        share = f"all {count} criteria hold" if held == count else f"{held} of {count} criteria hold"
        return f"{self.question.name}: {share} on the worked examples"


def _text(criterion: Criterion, result: Result) -> str:
    points = points_text(criterion.points)
    head = f"{criterion.name} ({points} point{'' if points == '1' else 's'})"
    more = f"grading will also try: {criterion.tries}" if criterion.tries else ""
    if result.status is Status.PASSED:
        return _block(f"  holds  {head}", more)
    explanation = EXPLANATIONS[result.status]
    case = show(result.evidence).text if result.evidence else ""
    said = (one_line(result.message), explanation.meaning, explanation.advice, case, f"hint: {criterion.hint}", more)
    return _block(f"  FAILS  {head}", *said)


def _block(head: str, *parts: str) -> str:
    return "\n".join([head, *(textwrap.indent(part, " " * 9) for part in parts if part)])
