"""Who has handed in what: the students' folders, each a hand-in that is read with suspicion."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..model import Limits
from ..notebook import OUTPUTS, NotebookError, is_linked, open_regular, parsed
from ..submission import Release, Submission
from . import answers, archives, finding
from .finding import File, Found

# In bytes, a folder's; what stands for bytes that are no text can be four times as long.
LONGEST_NAME = 255


class NothingToGradeError(ValueError):
    """The folder of hand-ins is missing or empty."""


@dataclass(frozen=True)
class Opened:
    """A hand-in's notebook as plain values, or why there is none; ``remarks`` are sentences for people.

    ``missing`` says that nothing was handed in that could be it, ``malformed`` that it cannot be read. A collector
    may have left something in one of the ``folders``, its own first.
    """

    notebook: Mapping[str, Any] | None = None
    missing: str = ""
    malformed: str = ""
    remarks: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()

    def submission(self, release: Release) -> Submission:
        """Return what of it counts, with everything that people should know."""
        if self.notebook is None:
            made = (
                Submission.unreadable(release, self.malformed)
                if self.malformed
                else Submission.absent(release, self.missing)
            )
        else:
            try:
                made = Submission.of(self.notebook, release)
            except NotebookError as problem:
                made = Submission.unreadable(release, str(problem))
            else:
                made = replace(made, remarks=(*made.remarks, *answers.remarks(self.notebook, release)))
        return replace(made, remarks=(*self.remarks, *made.remarks))


@dataclass(frozen=True)
class HandIn:
    """A student's folder; ``student`` is its name, escaped where it is not UTF-8, ``path`` the notebook's place."""

    student: str
    path: Path

    def find(self, limit: int) -> Found:
        """Return the files that may be the notebook."""
        return finding.find(self.path, limit * OUTPUTS)

    def is_something(self, limit: int) -> bool:
        """Whether a notebook is there, or something near its place could be it."""
        if os.path.lexists(self.path):
            return True
        try:
            candidates = self.find(limit).candidates
        except OSError:  # what it is will be said when it is read
            return True
        return len(candidates) == 1 or any(file.is_near(self.path.stem) for file in candidates)

    def is_handed_in(self, limit: int) -> bool:
        """Whether anything was handed in, be it an empty folder: of who has nothing there is nothing to judge."""
        return os.path.lexists(self.path.parent) or self.is_something(limit)

    def open(self, limit: int) -> Opened:
        """Return the notebook, at most ``limit`` bytes without its outputs, from where it is.

        Raises
        ------
        OSError, MemoryError
            If the machine, not the hand-in, is at fault.
        """
        try:
            if is_linked(self.path):
                return Opened(malformed="the hand-in is a link to another place")
            found = self.find(limit)
        except PermissionError as problem:
            # A mode comes with a hand-in, as its name does. Who mends it and runs again has it judged.
            said = f"a folder of the hand-in cannot be looked into ({problem.strerror})"
            return Opened(malformed=said, remarks=(said,))
        return replace(opened := self._opened(found, limit), remarks=(*opened.remarks, *found.remarks()))

    def _opened(self, found: Found, limit: int) -> Opened:
        name, folders = self.path.name, (self.path.parent,)
        if not found.candidates:
            return Opened(missing=f"no {name} was handed in", folders=folders)
        if len(found.candidates) > 1:
            said = f"{name} is not in its place, and any of these could be meant: {finding.listed(found.candidates)}"
            return Opened(missing=said, remarks=(f"{said}; none was read",), folders=folders)
        (file,) = found.candidates
        try:
            opened = _open(file, self.path.stem, limit)
        except FileNotFoundError:  # gone since it was found
            return Opened(missing=f"no {name} was handed in", folders=folders)
        if file.path == self.path:
            return replace(opened, folders=folders)
        said = f"{name} is not in its place; {file.shown} was read, the only file that could be meant"
        home = self.path.parent.parent
        above = reversed(file.path.parents[: len(file.path.relative_to(home).parts)])
        return replace(opened, remarks=(said, *opened.remarks), folders=(*folders, *above))

    def read(self, limits: Limits, release: Release) -> Submission:
        """Return what of it counts; raises as :meth:`open` does."""
        return self.open(limits.notebook).submission(release)


def open_file(path: Path, assignment: str, limit: int) -> Opened:
    """Return the notebook in a file of whatever name, as a hand-in's is opened; raises ``OSError``."""
    return _open(File(path, (path.name,)), assignment, limit)


def _open(file: File, assignment: str, limit: int) -> Opened:
    """Read a notebook, out of an archive as well, whatever that is called."""
    remarks: tuple[str, ...] = ()
    try:
        with open_regular(file.path, limit * OUTPUTS) as content:
            member = file.member
            if archives.is_archive(content) and not member:
                inside = finding.within(content, assignment)
                said = f"{finding.listed(inside)} within it" if inside else "it holds no notebook"
                if len(inside) != 1:
                    remarks = (f"{file.shown} is an archive: {'any could be meant of ' * bool(inside)}{said}",)
                    raise NotebookError(
                        "the file is an archive from which no notebook was read; hand in the notebook itself"
                    )
                remarks = (f"{file.shown} is an archive: {said} was read",)
                member = inside[0].member
            with archives.member(content, member, limit * OUTPUTS) if member else nullcontext(content) as notebook:
                return Opened(parsed(notebook, limit), remarks=remarks)
    except NotebookError as problem:
        return Opened(malformed=str(problem), remarks=remarks)


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
