"""A hand-in read with suspicion: which code runs, in which order, and what makes a question void.

Of a hand-in only the sources of its cells count. What a cell *is* (solution, test, released) comes from the
released notebook, looked up by the cell's ``grade_id``; flags, points and outputs of the hand-in are never
read, and its cells are opaque text here: they are compiled and run only inside the sandbox.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

DEMO = "demo"
MOST_CELLS = 10_000
# Of what JSON is made of, an empty list takes thirty times its two or three bytes.
MOST_PARTS = 1 << 20
# Outputs are dropped unseen, but a file without end is none that a notebook has.
OUTPUTS = 10
# What a hand-in can be instead of a file; any other error of opening it is the machine's.
NOT_A_FILE = {errno.ELOOP, errno.ENXIO, errno.ENOTDIR, errno.ENODEV, errno.EISDIR}


class NotebookError(ValueError):
    """The file is not a notebook that can be read; the message says why, for the student."""


class Role(Enum):
    """What a code cell of the released notebook is for."""

    SOLUTION = "solution"
    TEST = "test"
    RELEASED = "released"
    DEMO = "demo"


@dataclass(frozen=True)
class Cell:
    """Code to run, under the name that error messages show."""

    name: str
    source: str


@dataclass(frozen=True)
class Release:
    """The released notebook's code cells by ``grade_id``: their role and their source.

    ``words`` has the sources of its text cells by id, ``answers`` the ids of those to be answered in words.
    """

    roles: Mapping[str, Role]
    sources: Mapping[str, str]
    grade_ids: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    answers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, notebook: Mapping[str, Any]) -> Release:
        """Read the released (or the instructor's own) notebook, which is trusted."""
        roles: dict[str, Role] = {}
        sources: dict[str, str] = {}
        grade_ids: dict[str, str] = {}
        words: dict[str, str] = {}
        answers: set[str] = set()
        for cell in notebook["cells"]:
            name = grade_id(cell)
            if cell["cell_type"] == "markdown":
                key = name or str(cell.get("id"))
                words[key] = source_of(cell)
                if name and cell["metadata"]["nbgrader"].get("solution"):
                    answers.add(key)
            if cell["cell_type"] != "code" or name is None:
                continue
            roles[name] = _role(cell)
            sources[name] = source_of(cell)
            if "id" in cell:
                grade_ids[cell["id"]] = name
        return cls(roles, sources, grade_ids, words, frozenset(answers))

    def named(self, cell: Mapping[str, Any]) -> str | None:
        """Return the ``grade_id`` of the released cell that has a cell's id, if there is one."""
        known = cell.get("id")
        return self.grade_ids.get(known) if isinstance(known, str) else None

    @property
    def solutions(self) -> tuple[str, ...]:
        """The ``grade_id`` of every solution cell, in order."""
        return tuple(name for name, role in self.roles.items() if role is Role.SOLUTION)


@dataclass(frozen=True)
class Submission:
    """What of a hand-in counts: its code in its order, and the questions that cannot be judged.

    ``remarks`` are sentences for people: what was there and not used, or used although it was elsewhere.
    """

    cells: tuple[Cell, ...] = ()
    malformed: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @classmethod
    def unreadable(cls, release: Release, why: str) -> Submission:
        """Return a submission all of whose questions are malformed."""
        return cls(malformed=dict.fromkeys(release.solutions, why))

    @classmethod
    def absent(cls, release: Release, why: str) -> Submission:
        """Return the submission of somebody who handed nothing in."""
        return cls(missing=dict.fromkeys(release.solutions, why))

    @classmethod
    def of(cls, notebook: Mapping[str, Any], release: Release) -> Submission:
        """Take the cells of a parsed notebook that are to run."""
        code: list[tuple[str | None, Cell]] = []
        claims: Counter[str] = Counter()
        for number, cell in enumerate(notebook["cells"], 1):
            if not isinstance(cell, Mapping):
                raise NotebookError(f"cell {number} is not a cell")
            name = grade_id(cell) or release.named(cell)
            claims[name or ""] += 1
            if cell.get("cell_type") == "code":
                code.append((name, Cell(name or f"cell {number}", source_of(cell))))
        have = {name for name, _ in code}
        return cls(
            cells=tuple(kept for name, cell in code if (kept := _to_run(name, cell, release))),
            malformed={
                name: f"{claims[name]} cells carry the name {name}; keep one of them"
                for name in release.solutions
                if claims[name] > 1
            },
            missing={
                name: f"the notebook has no code cell named {name}" for name in release.solutions if name not in have
            },
        )


def _to_run(name: str | None, cell: Cell, release: Release) -> Cell | None:
    role = release.roles.get(name or "")
    if role in (Role.TEST, Role.DEMO):
        return None
    if role is Role.RELEASED and name is not None:
        return Cell(name, release.sources[name])
    return cell


def _role(cell: Mapping[str, Any]) -> Role:
    flags = cell["metadata"]["nbgrader"]
    if flags.get("solution"):
        return Role.SOLUTION
    if flags.get("grade"):
        return Role.TEST
    return Role.DEMO if DEMO in cell["metadata"].get("tags", ()) else Role.RELEASED


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """Return the ``grade_id`` that a cell claims, if it is one."""
    metadata = cell.get("metadata")
    flags = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = flags.get("grade_id") if isinstance(flags, Mapping) else None
    return name if isinstance(name, str) and name else None


def source_of(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell, whichever of the two ways it is stored; nothing if it is neither."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def read(path: Path, release: Release, limit: int) -> Submission:
    """Read a hand-in of at most ``limit`` bytes; whatever is wrong with it is in what comes back.

    Raises
    ------
    OSError, MemoryError
        If the machine, not the hand-in, is at fault.
    """
    try:
        return Submission.of(parse(path, limit), release)
    except FileNotFoundError:
        other = next(path.parent.glob("*.ipynb"), None)
        return Submission.absent(release, f"no {path.name} was handed in" + (f", but {other.name!r}" if other else ""))
    except NotebookError as problem:
        return Submission.unreadable(release, str(problem))


def is_linked(path: Path) -> bool:
    """Whether a hand-in's student or assignment folder leads to another place."""
    return path.parent.is_symlink() or path.parent.parent.is_symlink()


def parse(path: Path, limit: int) -> dict[str, Any]:
    """Return the notebook in a regular file as plain values, its cells as in format 4.

    Raises
    ------
    NotebookError
        If the file is a link, a device, too large, not UTF-8, not JSON or not a notebook.
    OSError, MemoryError
        If there is no file, or the machine is at fault.
    """
    return parsed(read_regular(path, limit), limit)


def parsed(content: bytes, limit: int) -> dict[str, Any]:
    """Return the notebook that bytes hold; raises as :func:`parse` does."""
    del limit
    if content.count(b"{") + content.count(b"[") > MOST_PARTS:
        raise NotebookError("the file has too many parts; clear its outputs and hand it in again")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise NotebookError("the file is not UTF-8 text") from problem
    except RecursionError as problem:
        raise NotebookError("the file is nested too deeply") from problem
    except ValueError as problem:
        raise NotebookError("the file is not a Jupyter notebook: it is not JSON") from problem
    cells = _cells(notebook) if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise NotebookError("the file is not a Jupyter notebook: it has no cells")
    if len(cells) > MOST_CELLS:
        raise NotebookError(f"the notebook has more than {MOST_CELLS} cells")
    return {**notebook, "cells": cells}


def _cells(notebook: Mapping[str, Any]) -> Any:
    """Return what a notebook has for cells; nbformat's own converter takes minutes over a hostile old one."""
    version = notebook.get("nbformat", 4)
    if version == 4:
        return notebook.get("cells")
    if version not in (2, 3):
        raise NotebookError("the file is not a Jupyter notebook of format 2, 3 or 4")
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        return None
    found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [_modern(cell) for cells in found if isinstance(cells, list) for cell in cells]


def _modern(cell: Any) -> Any:
    """Return a cell of format 2 or 3 as one of format 4."""
    if not isinstance(cell, dict):
        return cell
    kind = cell.get("cell_type")
    source = cell.get("input" if kind == "code" else "source", "")
    return {**cell, "cell_type": kind if kind in ("code", "raw") else "markdown", "source": source}


def read_regular(path: Path, limit: int) -> bytes:
    """Return a regular file's content; raises ``FileNotFoundError``, or :class:`NotebookError` for all else."""
    try:
        # Not through a link, which might lead to somebody else's work; not waiting for a pipe's other end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        if problem.errno not in NOT_A_FILE:
            raise
        raise NotebookError(f"the file cannot be read ({problem.strerror})") from problem
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotebookError("it is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise NotebookError(f"the file is larger than {limit >> 20} MiB; clear its outputs and hand it in again")
    return content
