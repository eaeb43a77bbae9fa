"""When something was handed in, as the collector wrote it: a time that is certain, or none.

nbgrader takes a zone that it does not know for UTC, and would open a file that a student names as one. Here a time
counts when its zone is an offset, UTC, or a place of the time zone database; what is left is named to people.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

STAMP = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[ T](?P<clock>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<part>\d{1,9}))?)?"
    r"[ \t]*(?P<zone>\S.{0,40})?",
    re.ASCII,
)
SIMPLE = re.compile(rb"\d{4}-[01]\d-[0-3]\d \d\d:\d\d:\d\d(\.\d{1,6})?( [A-Za-z]{1,9})?")
OFFSET = re.compile(
    r"(?:UTC|GMT)? ?(?P<sign>[+\-\u2212])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-5][0-9]))?(?::?00)?", re.IGNORECASE
)
UNIVERSAL = {"UTC", "GMT", "Z", "UCT", "UT"}
# Initials are no place: CST and IST have three meanings each, and what AEDT means no database says.
INITIALS = re.compile(r"[A-Z0-9+-]+")
NO_PLACES = {"Factory", "localtime", "posixrules"}


class UnknownTimeError(ValueError):
    """A time stamp that is no certain time; the message says why."""


def read(stamp: bytes, course_zone: str = "") -> datetime:
    """Return the time of a stamp in UTC, without a zone, as nbgrader keeps it.

    ``course_zone`` is the zone in which the course's collector writes: initials that it has at that time are its.

    Raises
    ------
    UnknownTimeError
        If it is no time, or nobody can be sure which.

    >>> read(b"2026-03-02 11:00:00.000000 -03")
    datetime.datetime(2026, 3, 2, 14, 0)
    >>> read(b"2026-03-02 21:00 AEDT", "Australia/Sydney")
    datetime.datetime(2026, 3, 2, 10, 0)
    >>> read(b"2026-03-02 21:00 AEDT")
    Traceback (most recent call last):
    autograder.gradebook.time_stamps.UnknownTimeError: nobody can be sure which time zone 'AEDT' is
    """
    try:
        found = STAMP.fullmatch(stamp.decode().strip())
        if found:
            clock = f"{found['date']} {found['clock'] or '00:00'}"
            part = timedelta(microseconds=int((found["part"] or "0")[:6].ljust(6, "0")))
            local = datetime.fromisoformat(clock) + part
            zone = _zone(found["zone"] or "UTC", local, course_zone)
            return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    except UnknownTimeError:
        raise
    except (ValueError, OverflowError):
        pass
    raise UnknownTimeError("it holds no time")


def is_readable(stamp: bytes) -> bool:
    """Whether nbgrader's commands can read a stamp, whatever they take it for, and open no file in doing so."""
    return SIMPLE.fullmatch(stamp.strip()) is not None


def _zone(name: str, local: datetime, course_zone: str) -> tzinfo:
    offset = OFFSET.fullmatch(name)
    if offset:
        shift = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(shift if offset["sign"] == "+" else -shift)
    if name.upper() in UNIVERSAL:
        return UTC
    if name in _places() and not INITIALS.fullmatch(name):
        return ZoneInfo(name)
    if course_zone in _places() and _goes_by(name, local, course_zone):
        return ZoneInfo(course_zone)
    raise UnknownTimeError(f"nobody can be sure which time zone {name!r} is")


def _goes_by(name: str, local: datetime, place: str) -> bool:
    """Whether a place's clocks have a name at a time; in the hour that comes twice, both times have."""
    names = {local.replace(tzinfo=ZoneInfo(place), fold=fold).tzname() for fold in (0, 1)}
    return names == {name}


@cache
def _places() -> frozenset[str]:
    return frozenset(available_timezones() - NO_PLACES)
