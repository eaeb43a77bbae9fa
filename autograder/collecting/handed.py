"""What a platform tells of a file: whose it is, what the student called it, and when it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .download import File


@dataclass(frozen=True)
class Sender:
    """A student as the platform tells of them; ``ids`` are what may be the id, the likeliest last."""

    ids: tuple[str, ...] = ()
    name: str = ""
    email: str = ""

    @property
    def known_by(self) -> tuple[str, ...]:
        """What tells a person from all others of the platform: names do not, where there is anything else."""
        return self.ids or (self.email or self.name,)

    @property
    def shown(self) -> str:
        return self.name or (*self.ids, self.email)[0 if len(self.ids) < 2 else len(self.ids) - 1]


@dataclass(frozen=True)
class Piece:
    """A file of somebody's hand-in: ``parts`` are its name there, none where the platform itself wrote the file.

    ``when`` is the time of the attempt, where the platform tells it: one without a zone is the course's. ``late`` is
    the platform's own mark; ``upload`` counts files of one name.
    """

    sender: Sender
    parts: tuple[str, ...]
    file: File
    when: datetime | None = None
    late: bool = False
    upload: int = 0


Reader = Callable[[File], Sequence[Piece]]


def time_in(text: str) -> datetime | None:
    """Return the time that six numbers of a name make.

    >>> time_in("2026-03-01-17-59-30")
    datetime.datetime(2026, 3, 1, 17, 59, 30)
    """
    numbers = re.findall(r"\d+", text, re.ASCII)
    try:
        return datetime(*map(int, numbers)) if len(numbers) == 6 else None  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None
