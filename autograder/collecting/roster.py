"""Who a student of a platform is here: the gradebook's roster knows, by one of its columns."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..gradebook.people import Person
from .handed import Sender

COLUMNS = ("id", "lms_user_id", "email", "name")
# In bytes, what a folder may be called.
LONGEST = 255


class UnknownError(LookupError):
    """Nobody, or nobody for sure, is meant; the message says why."""


@dataclass(frozen=True)
class Roster:
    """The people of a course, found by what stands in ``column``.

    By ``id``, who is not in the roster is taken at their word: there may be no roster. By any other column they are
    nobody.
    """

    people: Mapping[str, Person]
    column: str = "id"

    def student(self, sender: Sender) -> str:
        """Return the id of whoever a platform tells of.

        Raises
        ------
        UnknownError
            If that is nobody of the roster, or may be two.
        """
        said = [one for one in self._told(sender) if one]
        if not said:
            raise UnknownError(f"the platform tells no {self.column} of {sender.shown!r}: choose another column")
        for one in said:
            if self.column == "id" and one in self.people:
                return one
            found = self._known.get(_bare(one, self.column), set())
            if len(found) > 1:
                raise UnknownError(f"{one!r} may be {' or '.join(sorted(found))}")
            if found:
                return next(iter(found))
        if self.column != "id":
            raise UnknownError(f"nobody in the roster has {said[-1]!r} as {self.column}")
        return _folder(said[-1])

    def _told(self, sender: Sender) -> Iterable[str]:
        return {"name": (sender.name,), "email": (sender.email,)}.get(self.column, sender.ids)

    @cached_property
    def _known(self) -> dict[str, set[str]]:
        known = defaultdict(set)
        for person in self.people.values():
            for text in _values(person, self.column):
                known[_bare(text, self.column)].add(person.id)
        known.pop("", None)
        return known


def _values(person: Person, column: str) -> Iterable[str]:
    if column != "name":
        return (str(getattr(person, column)),)
    first, last = person.first_name, person.last_name
    return (f"{first} {last}", f"{last} {first}")


def _bare(text: str, column: str) -> str:
    """Return a text as platforms may have changed it: without case, a name also without blanks and signs.

    >>> _bare("O'Neil-Ünal", "name")
    'oneilünal'
    """
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    return "".join(filter(_is_spoken, text)) if column == "name" else text


def _is_spoken(sign: str) -> bool:
    """Whether a sign is of a word: a letter, a digit, or a mark on one, as vowels are in many scripts."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def _folder(name: str) -> str:
    """Return a student's name where it can be that of a folder."""
    if name.startswith(".") or "/" in name or not name.isprintable() or len(name.encode()) > LONGEST:
        raise UnknownError(f"{name!r} cannot be the name of a student's folder")
    return name
