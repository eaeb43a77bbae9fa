"""When hand-ins are due, for everybody and for one: what ``course.toml`` says is put where nbgrader looks for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from sqlalchemy import select

from ..course import NAME, Course
from .nbgrader_course import GradebookError


def zone(course: Course) -> tzinfo:
    """Return the time zone of a course; raises :class:`GradebookError` where there is none of its name."""
    try:
        return ZoneInfo(course.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise GradebookError(
            f"{NAME}: timezone = {course.timezone!r} is no place of the time zone database, such as Europe/Berlin"
        ) from None


def in_utc(when: datetime, course: Course) -> datetime:
    """Return a time of ``course.toml`` in UTC, without a zone, as nbgrader keeps it.

    Raises
    ------
    GradebookError
        If there is no such time zone, or the time is one that UTC has no more, or not yet.
    """
    local = when if when.tzinfo else when.replace(tzinfo=zone(course))
    try:
        return local.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise GradebookError(f"{NAME}: {when} is too far away; what is never due is left out") from None


def put(gradebook: Gradebook, assignment: str, course: Course) -> list[str]:
    """Put what a course says of an assignment's time into its gradebook; return notes.

    Where it says when an assignment is due, nothing else does: extensions that it does not name are none. Where it
    says nothing, what was set in Formgrader stays.
    """
    due = course.due.get(assignment)
    extended = course.extensions.get(assignment, {})
    if not isinstance(due, datetime):
        said = f"{NAME} says when {assignment} is due in words only: they count for nothing"
        lacking = f"{NAME} has extensions for {assignment}, and no time when it is due: they count for nothing"
        return [said] * (due is not None) + [lacking] * bool(extended)
    registered: Assignment = gradebook.find_assignment(assignment)
    registered.duedate = in_utc(due, course)
    submitted = select(SubmittedAssignment).where(SubmittedAssignment.assignment_id == registered.id)
    there = {one.student_id: one for one in gradebook.db.scalars(submitted)}
    for student, one in there.items():
        until = extended.get(student)
        one.extension = _longer(in_utc(until, course) - registered.duedate) if until else None
    gradebook.db.commit()
    strangers = sorted(extended.keys() - {student.id for student in gradebook.students})
    return [f"{NAME} has an extension of {assignment} for {one!r}, who is not in the gradebook" for one in strangers]


def _longer(extension: timedelta) -> timedelta | None:
    """Return an extension; nobody's time is shorter than everybody's."""
    return extension if extension > timedelta() else None
