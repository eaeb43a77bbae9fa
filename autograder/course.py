"""What a course says of itself in one place: ``course.toml``, of which a handout carries what students may read."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

NAME = "course.toml"
HERE = Path(__file__).parent
# What students' copies do not have: whom an extension was given, and how a total is made.
INSTRUCTORS = ("extensions", "weights", "drop_lowest")
POLICIES: Mapping[str, tuple[str, ...]] = {"none": (), "percent": ("percent", "most"), "zero": ("days",)}


class CourseError(ValueError):
    """What ``course.toml`` says cannot be used; the message is one line."""


@dataclass(frozen=True)
class Course:
    """A course as its ``course.toml`` has it; what is empty has not been decided.

    A time in ``due`` or ``extensions`` without a zone is one in ``timezone``; a text in ``due`` is shown to students
    and counts for nothing. ``late`` names a policy, and its numbers.
    """

    title: str = "Pooling, Measured"
    hand_in: str = ""
    contact: str = ""
    package: str = ""
    timezone: str = "UTC"
    due: Mapping[str, datetime | str] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    late: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    drop_lowest: int = 0

    @property
    def until(self) -> dict[str, str]:
        """When each assignment is due, in words."""
        return {name: self._words(when) for name, when in self.due.items()}

    def _words(self, when: datetime | str) -> str:
        if isinstance(when, str):
            return when
        zone = f"UTC{when:%z}" if when.tzinfo else self.timezone
        return f"{when:%A} {when.day} {when:%B %Y, %H:%M} ({zone})"


@cache
def course() -> Course:
    """Return the course of this very copy: in a handout the file lies in the package, in a checkout beside it."""
    return course_in(HERE if (HERE / NAME).is_file() else HERE.parent)


def course_in(folder: Path) -> Course:
    """Return what the file in a folder says; without one, nothing has been decided."""
    path = folder / NAME
    return parsed(path.read_text("utf-8")) if path.is_file() else Course()


def parsed(text: str) -> Course:
    """Return what a course's file says.

    >>> parsed('timezone = "Europe/Berlin"\\ndue.pooling = 2026-12-04T18:00:00').until
    {'pooling': 'Friday 4 December 2026, 18:00 (Europe/Berlin)'}

    Raises
    ------
    CourseError
        If it is not TOML, or says something that nobody reads.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CourseError(f"{NAME} is no TOML: {problem}") from problem
    known = {one.name for one in fields(Course)}
    if unknown := said.keys() - known:
        raise CourseError(f"{NAME} says {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    for name in said:
        if type(said[name]) is not type(Course.__dict__.get(name, {})):
            raise CourseError(f"{NAME}: {name} = {said[name]!r} is of the wrong kind")
    due = {name: _time(f"due.{name}", when, text=True) for name, when in said.get("due", {}).items()}
    extensions = {
        name: {student: _time(f"extensions.{name}.{student}", when) for student, when in _table(name, some).items()}
        for name, some in said.get("extensions", {}).items()
    }
    _refuse_odd_policy(said.get("late", {}))
    for name, weight in (*said.get("weights", {}).items(), ("drop_lowest", said.get("drop_lowest", 0))):
        _refuse_no_number(name, weight, 0)
    return Course(**{**said, "due": due, "extensions": extensions})


def _table(name: str, some: Any) -> Mapping[str, Any]:
    if isinstance(some, dict):
        return some
    raise CourseError(f"{NAME}: [extensions.{name}] has lines such as `ann = 2026-12-04 18:00:00`")


def _time(name: str, when: Any, *, text: bool = False) -> Any:
    """Return a time; a day counts until its end."""
    if isinstance(when, datetime) or (text and isinstance(when, str)):
        return when
    if isinstance(when, date):
        return datetime.combine(when, time.max)
    raise CourseError(f"{NAME}: {name} = {when!r} is no time such as 2026-12-04 18:00:00")


def _refuse_odd_policy(late: Mapping[str, Any]) -> None:
    if not late:
        return
    policy = str(late.get("policy"))
    if policy not in POLICIES:
        raise CourseError(f"{NAME}: [late] needs a policy, one of {', '.join(POLICIES)}")
    if odd := late.keys() - {"policy", *POLICIES[policy]}:
        raise CourseError(f"{NAME}: the policy {policy!r} has no {', '.join(sorted(odd))}")
    for name in POLICIES[policy]:
        default = 100 if name == "most" else None
        _refuse_no_number(name, late.get(name, default), 0, 100 if name in ("percent", "most") else None)


def _refuse_no_number(name: str, value: Any, least: float, most: float | None = None) -> None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and value >= least
    if not fits or (most is not None and value > most) or value == float("inf"):
        raise CourseError(f"{NAME}: {name} = {value!r} is no number from {least}{f' to {most}' if most else ''}")


def public(text: str) -> str:
    """Return a course's file as students may have it.

    >>> public('contact = "ann"\\nextensions.pooling.bob = 2026-12-04T18:00:00')
    'contact = "ann"\\n'
    """
    said = {name: value for name, value in tomllib.loads(text).items() if name not in INSTRUCTORS}
    return "".join(f"{line}\n" for line in _lines(said))


def _lines(said: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in said.items():
        key = f"{above}{_text(name) if above else name}"
        if isinstance(value, dict):
            yield from _lines(value, f"{key}.")
        else:
            yield f"{key} = {value.isoformat() if isinstance(value, date) else _text(value)}"


def _text(value: Any) -> str:
    """Return what TOML writes as JSON does, but for its halves of a sign, and for one that it allows as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
