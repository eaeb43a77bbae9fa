"""Where a student's notebook is: in its place, or else in the only file that could be meant.

People hand in copies, archives and files that a browser or a hand has renamed. One of these is read when it is
the only candidate, and named to people in any case. Nothing is followed that leads elsewhere.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from .. import assignments
from ..notebook import NotebookError, open_regular
from . import archives

DEEPEST = 5
MOST_ENTRIES = 1000
MOST_ARCHIVES = 10
MOST_NAMED = 8
LONGEST_NAME = 80
# What a collector puts beside a notebook.
COMPANIONS = ("timestamp.txt", "submission_secret.txt")
NOTEBOOK = re.compile(r"\.ipynb(?![a-z])", re.IGNORECASE)
ARCHIVE = re.compile(r"\.zip(?![a-z])", re.IGNORECASE)
# As a notebook is called by a program that takes it for something else.
DISGUISED = ("", ".json", ".txt")


class Kind(IntEnum):
    """How much speaks for a file's being an assignment's notebook; less is more."""

    NAMED = 0
    IN_ITS_FOLDER = 1
    DISGUISED = 2
    UNNAMED = 3


@dataclass(frozen=True)
class File:
    """A file below a student's folder; ``parts`` lead to it, and into an archive to its ``member``.

    An ``odd`` one is a link, a device or the like, which nobody reads.
    """

    path: Path
    parts: tuple[str, ...]
    member: str = ""
    odd: bool = False

    @property
    def shown(self) -> str:
        """Its place, as people are told of it: on one line and not longer than a line."""
        text = "/".join(self.parts)
        text = repr(text if len(text) <= LONGEST_NAME else f"…{text[-LONGEST_NAME:]}")
        return f"{text} (no file of its own)" if self.odd else text

    def is_near(self, name: str) -> bool:
        """Whether it lies in a student's own folder, or in one that is named after an assignment."""
        return len(self.parts) == 1 or name in _named(self.parts[0], name)


@dataclass(frozen=True)
class Found:
    """The files that may be a hand-in's notebook, for which equally much speaks, and all others of its."""

    candidates: tuple[File, ...] = ()
    unused: tuple[File, ...] = ()
    more: bool = False

    def remarks(self) -> Iterator[str]:
        """Yield what people should know of what was not used."""
        if self.unused:
            yield f"there and not used: {listed(self.unused)}"
        if self.more:
            yield f"more than {MOST_ENTRIES} files and folders were handed in; not all were looked at"


def find(place: Path, limit: int) -> Found:
    """Return what may be the notebook that should be at ``place``, ``<student>/<name>/<name>.ipynb``.

    What is there is the only candidate. Without it, archives of at most ``limit`` bytes are looked into.

    Raises
    ------
    OSError
        If it is not in its place, and the machine keeps us from seeing all places where it could be.
    """
    name = place.stem
    # Where folders are laid out otherwise, what is above is not the student's own.
    home = place.parent.parent if place.parent.name == name else place.parent
    files, more, trouble = _files(home)
    ours = [file for file in files if _is_ours(file, name)]
    if os.path.lexists(place):
        candidates = [File(place, place.relative_to(home).parts)]
    else:
        if trouble:
            raise trouble
        candidates = likeliest(list(_opened(ours, limit)), name)
    used = {candidates[0].path} if len(candidates) == 1 else {file.path for file in candidates}
    return Found(tuple(candidates), tuple(file for file in ours if file.path not in used), more)


def within(archive: BinaryIO, name: str) -> list[File]:
    """Return what of an archive may be the notebook of assignment ``name``; raises :class:`NotebookError`."""
    return likeliest(list(_members(archive, File(Path(), ()))), name)


def listed(files: Sequence[File]) -> str:
    """Return a few files' names, and how many there are beside."""
    named = ", ".join(file.shown for file in files[:MOST_NAMED])
    left = len(files) - MOST_NAMED
    return f"{named} and {left} more" if left > 0 else named


def _files(home: Path) -> tuple[list[File], bool, OSError | None]:
    """Return the files below a folder, whether there are more than these, and what kept us from seeing some."""
    files: list[File] = []
    trouble = None
    left = MOST_ENTRIES
    folders: list[tuple[Path, tuple[str, ...]]] = [(home, ())]
    while folders:
        folder, above = folders.pop(0)
        try:
            with os.scandir(folder) as entries:
                inside = sorted(islice(entries, left + 1), key=lambda entry: os.fsencode(entry.name))
        except (FileNotFoundError, NotADirectoryError):  # gone meanwhile
            continue
        except OSError as problem:
            trouble = problem
            continue
        left -= len(inside)
        if left < 0:
            return files, True, trouble
        for entry in inside:
            name = os.fsencode(entry.name).decode(errors="backslashreplace")
            parts = (*above, name)
            if _is_hidden(name) or name in COMPANIONS:
                continue
            if not entry.is_dir(follow_symlinks=False):
                files.append(File(Path(entry.path), parts, odd=not entry.is_file(follow_symlinks=False)))
            elif len(parts) < DEEPEST:
                folders.append((Path(entry.path), parts))
    return files, False, trouble


def _is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden, or what macOS adds to archives."""
    return (name.startswith(".") and name != "..") or name == "__MACOSX"


def _is_ours(file: File, name: str) -> bool:
    """Whether a file is an assignment's, by its name or its folder's; notebooks without either may be any's."""
    last = file.parts[-1]
    subjects = _subjects(file, name)
    return name in subjects if subjects else bool(NOTEBOOK.search(last) or ARCHIVE.search(last))


def _subjects(file: File, name: str) -> frozenset[str]:
    """Return the assignments that are named by the last part of a path that names any."""
    return next((found for part in reversed(file.parts) if (found := _named(part, name))), frozenset())


@lru_cache(maxsize=4096)
def _named(text: str, name: str) -> frozenset[str]:
    """Return the assignments that a file's or folder's name holds: ``Global Pooling`` is not ``pooling``."""
    return named(text, {*assignments.names(), name})


def named(text: str, names: Collection[str]) -> frozenset[str]:
    """Return those of some assignments that a text names.

    >>> named("Global Pooling (1).ipynb", ["pooling", "global_pooling"])
    frozenset({'global_pooling'})
    """
    said = _bare(text)
    found = {one for one in names if _bare(one) in said}
    return frozenset(one for one in found if not any(_bare(one) in _bare(other) for other in found - {one}))


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _opened(files: Iterable[File], limit: int) -> Iterator[File]:
    """Yield files, and instead of an archive what it holds."""
    archives_left = MOST_ARCHIVES
    for file in files:
        if not ARCHIVE.search(file.parts[-1]) or file.odd:
            yield file
        elif archives_left:
            archives_left -= 1
            try:
                with open_regular(file.path, limit) as archive:
                    yield from _members(archive, file)
            except (NotebookError, OSError):  # of no use, and named among what is not used
                continue


def _members(archive: BinaryIO, file: File) -> Iterator[File]:
    for name in archives.members(archive):
        parts = PurePosixPath(name).parts
        if parts and not any(map(_is_hidden, parts)):
            yield File(file.path, (*file.parts, *parts), name)


def likeliest(files: Sequence[File], name: str) -> list[File]:
    """Return the files for which most speaks."""
    kinds = [(kind, file) for file in files if (kind := _kind(file, name)) is not None]
    best = min((kind for kind, _ in kinds), default=None)
    return [file for kind, file in kinds if kind is best]


def _kind(file: File, name: str) -> Kind | None:
    """Say what speaks for a file, if it may be the notebook of an assignment at all."""
    last, subjects = file.parts[-1], _subjects(file, name)
    if file.odd or (subjects and name not in subjects):
        return None
    named = name in _named(last, name)
    if NOTEBOOK.search(last):
        return Kind.NAMED if named else Kind.IN_ITS_FOLDER if subjects else Kind.UNNAMED
    return Kind.DISGUISED if named and PurePosixPath(last).suffix.lower() in DISGUISED else None
