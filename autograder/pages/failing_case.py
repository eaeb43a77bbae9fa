"""A failing case as a student looks at it: the call, what was expected, what came out, the pictures."""

from __future__ import annotations

from dataclasses import dataclass

from ..criteria.judges import WHERE
from ..model import Evidence, Reply, Status
from .calls import call_text, code_text
from .grid import Panel
from .pictures import panels
from .words import one_line, outcome_text


@dataclass(frozen=True)
class FailingCase:
    """The words and the tables of one case.

    ``code`` repeats the call and is empty where its arrays are large; ``outcomes`` are pairs of label and
    text for what no table shows.
    """

    call: str
    code: str
    outcomes: tuple[tuple[str, str], ...]
    panels: tuple[Panel, ...]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        lines = [self.code or self.call, *(f"{label}: {text}" for label, text in self.outcomes)]
        return "\n".join([*lines, *(panel.text for panel in self.panels)])


def show(evidence: Evidence) -> FailingCase:
    """Return what is shown of a case; seeds of random generators are left out."""
    tables = panels(evidence)
    drawn = {panel.title for panel in tables}
    outcomes = (("expected", _expected(evidence.expected)), ("got", outcome_text(evidence.got)))
    return FailingCase(
        call=call_text(evidence.call),
        code=code_text(evidence.call),
        outcomes=tuple((label, text) for label, text in outcomes if label not in drawn),
        panels=tables,
    )


def _expected(reply: Reply) -> str:
    if reply.status is Status.ERROR and reply.refused:
        # Where the reference raised it is no line of the student's.
        return f"an exception, such as {one_line(WHERE.sub('', reply.message))}"
    return outcome_text(reply)
