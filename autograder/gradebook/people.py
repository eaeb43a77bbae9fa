"""Who is in a course: the roster that nbgrader's gradebook keeps (``nbgrader db student``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from . import nbgrader_course

TOLD = ("first_name", "last_name", "email", "lms_user_id")


@dataclass(frozen=True)
class Person:
    """A student as the roster in the gradebook has them."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.id

    @property
    def shown(self) -> str:
        """The name as a person reads it, with the id that commands take."""
        return self.id if self.name == self.id else f"{self.name} ({self.id})"


def people_in(book: Gradebook) -> dict[str, Person]:
    """Return everybody whom a gradebook knows, by id."""
    everybody = sorted(book.students, key=lambda one: str(one.id))
    return {one.id: Person(one.id, *(getattr(one, name) or "" for name in TOLD)) for one in everybody}


def roster(folder: Path) -> dict[str, Person]:
    """Return everybody whom the gradebook in a folder knows, by id; nobody where there is none."""
    if not (folder / nbgrader_course.CONFIG).exists() or not nbgrader_course.has_gradebook(folder):
        return {}
    course = nbgrader_course.course_config(folder).CourseDirectory.course_id
    with nbgrader_course.open_gradebook(nbgrader_course.gradebook_url(folder), course) as book:
        return people_in(book)
