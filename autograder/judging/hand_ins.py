"""Who has handed in what: the students' folders, each a hand-in that is read with suspicion."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .. import notebook
from ..notebook import Submission
from .exam import Exam

# In bytes, a folder's; what stands for bytes that are no text can be four times as long.
LONGEST_NAME = 255


class NothingToGradeError(ValueError):
    """The folder of hand-ins is missing or empty."""


@dataclass(frozen=True)
class HandIn:
    """A student's folder; ``student`` is its name, escaped where it is not UTF-8."""

    student: str
    path: Path

    def read(self, exam: Exam) -> Submission:
        """Return what of it counts."""
        if notebook.is_linked(self.path):
            return Submission.unreadable(exam.release, "the hand-in is a link to another place")
        return notebook.read(self.path, exam.release, exam.limits.notebook)


def hand_ins(submitted: Path, assignment: str) -> list[HandIn]:
    """Return every student below ``submitted``, sorted by name; hidden folders and plain files do not count.

    Raises
    ------
    NothingToGradeError
        If there is no such folder or nobody in it.
    """
    try:
        entries = sorted(os.scandir(submitted), key=lambda entry: os.fsencode(entry.name))
    except OSError as problem:
        raise NothingToGradeError(f"{submitted} cannot be read: {problem.strerror}") from problem
    found: dict[str, HandIn] = {}
    for entry in entries:
        if entry.name.startswith(".") or not _is_folder(entry):
            continue
        name = os.fsencode(entry.name).decode(errors="backslashreplace")
        if len(name.encode()) > LONGEST_NAME:
            name = name[: LONGEST_NAME // 2]
        while name in found:
            name += "'"
        found[name] = HandIn(name, Path(entry.path, assignment, f"{assignment}.ipynb"))
    if not found:
        raise NothingToGradeError(f"{submitted} holds no student's folder")
    return list(found.values())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
