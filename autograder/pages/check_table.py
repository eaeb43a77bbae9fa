"""What ``check`` shows in a notebook: criterion by criterion, with the smallest case that fails."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Criterion, Question, Result, Status
from .failing_case import show
from .rendering import render
from .where_to_look import where_to_look
from .words import EXPLANATIONS, one_line, points_text

WIDE = 78  # what nbgrader shows of a line where it validates, without its margin


@dataclass(frozen=True, eq=False)
class CheckTable:
    """The results of a question's worked examples, one for each criterion, in the question's order.

    ``warnings`` say where grading will differ. A notebook shows all as tables and pictures, a terminal as text.
    """

    question: Question
    results: Sequence[Result]
    warnings: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        return all(result.status is Status.PASSED for result in self.results)

    def summary(self) -> str:
        """Return the criteria that do not hold, and the warnings, in lines short enough for nbgrader's page."""
        lost = [
            f"FAILS  {criterion.name} ({_points(criterion)}): {one_line(result.message)}"
            for criterion, result in self._pairs()
            if result.status is not Status.PASSED
        ]
        lines = [self._headline(), *lost, *(f"BUT  {one_line(warning)}" for warning in self.warnings)]
        return "\n".join(textwrap.fill(line, WIDE, subsequent_indent=" " * 4) for line in lines)

    def _repr_html_(self) -> str:
        return render(
            "check.html",
            question=self.question,
            pairs=self._pairs(),
            headline=self._headline(),
            warnings=self.warnings,
        )

    def __repr__(self) -> str:
        warned = [_block(f"  BUT    {one_line(warning)}") for warning in self.warnings]
        return "\n".join([self._headline(), *warned, *(_text(*pair) for pair in self._pairs())])

    def _pairs(self) -> list[tuple[Criterion, Result]]:
        return list(zip(self.question.criteria, self.results, strict=True))

    def _headline(self) -> str:
        held, count = sum(result.status is Status.PASSED for result in self.results), len(self.results)
        share = f"all {count} criteria hold" if held == count else f"{held} of {count} criteria hold"
        return f"{self.question.name}: {share} on the worked examples"


class PartialCredit(CheckTable):
    """A table whose plain text is its score: from that, nbgrader takes the points of a test cell that it has run."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        del include, exclude
        score = sum(result.score for result in self.results)
        return {"text/plain": points_text(score), "text/html": self._repr_html_()}


class CriteriaNotMetError(AssertionError):
    """What nbgrader sees of a check that does not hold where it validates a notebook: only errors count there."""

    def _render_traceback_(self) -> list[str]:
        """Be shown by IPython without a traceback, which would say nothing."""
        return str(self).split("\n")


def _points(criterion: Criterion) -> str:
    points = points_text(criterion.points)
    return f"{points} point{'' if points == '1' else 's'}"


def _text(criterion: Criterion, result: Result) -> str:
    head = f"{criterion.name} ({_points(criterion)})"
    more = f"grading will also try: {criterion.tries}" if criterion.tries else ""
    if result.status is Status.PASSED:
        return _block(f"  holds  {head}", more)
    explanation = EXPLANATIONS[result.status]
    case = show(result.evidence).text if result.evidence else ""
    hints = f"hint: {criterion.hint}", _where(result)
    said = (one_line(result.message), explanation.meaning, explanation.advice, case, *hints, more)
    return _block(f"  FAILS  {head}", *said)


def _where(result: Result) -> str:
    return f"where to look: {where_to_look(result.evidence)}" if result.evidence else ""


def _block(head: str, *parts: str) -> str:
    return "\n".join([head, *(textwrap.indent(part, " " * 9) for part in parts if part)])
