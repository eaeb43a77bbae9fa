"""What ``check`` shows in a notebook: criterion by criterion, with the smallest case that fails."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ..model import NOTHING_LEFT, Criterion, Question, Result, Status
from .failing_case import show
from .rendering import render
from .where_to_look import where_to_look
from .words import EXPLANATIONS, one_line, points_text

UNWRITTEN = NotImplementedError.__name__
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
        return all(map(_passed, self.results))

    @property
    def unwritten(self) -> bool:
        """Whether the function is as it was released: whatever it is asked, it says that it is not there."""
        said = [result.evidence.got.message for result in self.results if result.evidence]
        return bool(said) and all(text.startswith(UNWRITTEN) for text in said) and not any(map(_passed, self.results))

    @property
    def causes(self) -> list[list[tuple[Criterion, Result]]]:
        """What does not hold, together where one cause costs several criteria: an exception, or a lack of time."""
        lost = [pair for pair in self._pairs() if not _passed(pair[1])]
        first = {cause: place for place, cause in reversed([*enumerate(map(_cause, lost))])}
        together = sorted(lost, key=lambda pair: first[_cause(pair)])
        return [list(pairs) for _, pairs in groupby(together, key=_cause)]

    def summary(self) -> str:
        """Return the criteria that do not hold, and the warnings, in lines short enough for nbgrader's page."""
        if self.unwritten:
            return self._headline()
        lost = [
            f"FAILS  {', '.join(f'{criterion.name} ({_points(criterion)})' for criterion, _ in pairs)}: "
            f"{one_line(pairs[0][1].message)}"
            for pairs in self.causes
        ]
        lines = [self._headline(), *lost, *(f"BUT  {one_line(warning)}" for warning in self.warnings)]
        return "\n".join(textwrap.fill(line, WIDE, subsequent_indent=" " * 4) for line in lines)

    def _repr_html_(self) -> str:
        return render(
            "check.html",
            question=self.question,
            pairs=self._pairs(),
            causes=self.causes,
            headline=self._headline(),
            unwritten=self.unwritten,
            warnings=self.warnings,
        )

    def __repr__(self) -> str:
        if self.unwritten:
            return self._headline()
        warned = [_block(f"  BUT    {one_line(warning)}") for warning in self.warnings]
        above = {pair[0].name: pairs[0][0].name for pairs in self.causes for pair in pairs[1:]}
        texts = (_text(*pair, above.get(pair[0].name, "")) for pair in self._pairs())
        return "\n".join([self._headline(), *warned, *texts])

    def _pairs(self) -> list[tuple[Criterion, Result]]:
        return list(zip(self.question.criteria, self.results, strict=True))

    def _headline(self) -> str:
        if self.unwritten:
            worth = points_text(self.question.points)
            return f"{self.question.name}: not written yet ({len(self.results)} criteria, {worth} points)"
        held, count = sum(map(_passed, self.results)), len(self.results)
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


def _passed(result: Result) -> bool:
    return result.status is Status.PASSED


def _cause(pair: tuple[Criterion, Result]) -> tuple[str, ...]:
    """Return what tells one cause from another; wrong results are one each."""
    criterion, result = pair
    if result.message == NOTHING_LEFT:
        return (NOTHING_LEFT,)
    if result.status is Status.FAILED:
        return ("", criterion.name)
    return (result.status,) if result.status is Status.TIMEOUT else (result.status, result.message)


def _points(criterion: Criterion) -> str:
    points = points_text(criterion.points)
    return f"{points} point{'' if points == '1' else 's'}"


def _text(criterion: Criterion, result: Result, above: str = "") -> str:
    head = f"{criterion.name} ({_points(criterion)})"
    more = f"grading will also try: {criterion.tries}" if criterion.tries else ""
    if result.status is Status.PASSED:
        return _block(f"  holds  {head}", more)
    if above:
        return _block(f"  FAILS  {head}", f"for the same cause as above: {above}", more)
    explanation = EXPLANATIONS[result.status]
    case = show(result.evidence).text if result.evidence else ""
    hints = f"hint: {criterion.hint}", _where(result)
    said = (one_line(result.message), explanation.meaning, explanation.advice, case, *hints, more)
    return _block(f"  FAILS  {head}", *said)


def _where(result: Result) -> str:
    return f"where to look: {where_to_look(result.evidence)}" if result.evidence else ""


def _block(head: str, *parts: str) -> str:
    return "\n".join([head, *(textwrap.indent(part, " " * 9) for part in parts if part)])
