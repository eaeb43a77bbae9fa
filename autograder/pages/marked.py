"""What counts in the end, as the gradebook has it: marks by hand, extra credit and lateness beside the machine's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from .words import points_text


@dataclass(frozen=True)
class Mark:
    """A graded cell: what the machine gave, and what a person gave instead, or besides.

    ``waits`` says that a person has to read it.
    """

    cell: str
    worth: float
    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    comment: str = ""
    waits: bool = False

    @property
    def score(self) -> float:
        return (self.auto or 0.0 if self.manual is None else self.manual) + self.extra

    @property
    def is_by_hand(self) -> bool:
        """Whether a person had a say."""
        return self.manual is not None or bool(self.extra) or bool(self.comment)

    @property
    def said(self) -> str:
        """What became of the machine's points, in words; nothing where they stand."""
        parts = []
        if self.manual is not None and self.auto is not None and self.manual != self.auto:
            parts.append(f"{points_text(self.manual)} instead of {points_text(self.auto)}, given by a person")
        elif self.waits:
            parts.append("not marked yet")
        if self.extra:
            parts.append(f"{points_text(self.extra)} extra")
        return "; ".join(parts)


@dataclass(frozen=True)
class Marked:
    """A student's hand-in in the gradebook; ``penalty`` is what being ``late`` costs."""

    marks: tuple[Mark, ...] = ()
    penalty: float = 0.0
    late: timedelta = timedelta()

    @property
    def earned(self) -> float:
        return sum(mark.score for mark in self.marks)

    @property
    def total(self) -> float:
        return max(0.0, self.earned - self.penalty)

    @property
    def worth(self) -> float:
        return sum(mark.worth for mark in self.marks)

    @property
    def waits(self) -> bool:
        return any(mark.waits for mark in self.marks)

    @property
    def lateness(self) -> str:
        """How late it was, in words; nothing where it was in time."""
        if not self.late:
            return ""
        hours, rest = divmod(int(self.late.total_seconds()), 3600)
        days, hours = divmod(hours, 24)
        words = [
            f"{count} {name}{'s' if count != 1 else ''}" for count, name in ((days, "day"), (hours, "hour")) if count
        ]
        if not words:
            minutes = max(1, rest // 60)
            words = [f"{minutes} minute{'s' if minutes != 1 else ''}"]
        return f"{' and '.join(words)} late"


def worth_so_far(marked: Iterable[Marked]) -> float:
    """Return what an assignment is worth as far as it is marked: a cell that waits in all hand-ins counts later.

    >>> worth_so_far([Marked((Mark("check", 4, 3.0), Mark("words", 2, waits=True)))])
    4
    """
    marks = [mark for one in marked for mark in one.marks]
    waiting = {mark.cell for mark in marks if mark.waits} - {mark.cell for mark in marks if mark.manual is not None}
    return sum({mark.cell: mark.worth for mark in marks if mark.cell not in waiting}.values())
