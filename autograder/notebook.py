"""A notebook's file, read with suspicion: as plain values, without its outputs, or why it cannot be."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from .skimming import TooLargeError, TooLongError, TooManyPartsError, skim

MOST_CELLS = 10_000
# What a cell printed and the state of its controls; they may be a few times as large as what is read.
UNREAD = frozenset({"outputs", "widgets"})
OUTPUTS = 5
# What a hand-in can be instead of a file, or bring as its mode; any other error of opening it is the machine's.
NOT_A_FILE = {errno.ELOOP, errno.ENXIO, errno.ENOTDIR, errno.ENODEV, errno.EISDIR, errno.EACCES, errno.EPERM}


class NotebookError(ValueError):
    """The file is not a notebook that can be read; the message says why, for the student."""


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


def is_linked(path: Path) -> bool:
    """Whether a hand-in's student or assignment folder leads to another place."""
    return path.parent.is_symlink() or path.parent.parent.is_symlink()


def parse(path: Path, limit: int, unread: Set[str] = UNREAD) -> dict[str, Any]:
    """Return the notebook in a regular file as plain values, its cells as in format 4.

    Raises
    ------
    NotebookError
        If the file is a link, a device, too large, not in Unicode, not JSON or not a notebook. Lists and objects
        under the keys ``unread`` do not count among its ``limit`` bytes, and are not in what is returned.
    OSError, MemoryError
        If there is no file, or the machine is at fault.
    """
    with open_regular(path, limit * OUTPUTS) as file:
        return parsed(file, limit, unread)


def parsed(file: IO[bytes], limit: int, unread: Set[str] = UNREAD) -> dict[str, Any]:
    """Return the notebook that a file holds; raises as :func:`parse` does."""

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: value for key, value in pairs if key not in unread}

    try:
        notebook = json.loads(skim(file, unread, limit, limit * OUTPUTS), object_pairs_hook=read)
    except TooLongError as problem:
        raise _too_long(limit * OUTPUTS) from problem
    except TooLargeError as problem:
        raise NotebookError(f"the notebook is larger than {limit / (1 << 20):.2g} MiB without its outputs") from problem
    except TooManyPartsError as problem:
        raise NotebookError("the notebook has too many parts; clear its outputs and hand it in again") from problem
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


@contextmanager
def open_regular(path: Path, limit: int) -> Iterator[BinaryIO]:
    """Open a regular file of at most ``limit`` bytes.

    Raises
    ------
    FileNotFoundError
        If there is nothing.
    NotebookError
        If it is anything else.
    """
    try:
        # Not through a link, which might lead to somebody else's work; not waiting for a pipe's other end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        if problem.errno not in NOT_A_FILE:
            raise
        raise NotebookError(f"the file cannot be read ({problem.strerror})") from problem
    # A folder would not let itself be opened as a file.
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise NotebookError("it is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        if found.st_size > limit:
            raise _too_long(limit)
        yield file


def read_regular(path: Path, limit: int) -> bytes:
    """Return a regular file's content; raises as :func:`open_regular` does."""
    with open_regular(path, limit) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise _too_long(limit)
    return content


def _too_long(limit: int) -> NotebookError:
    return NotebookError(
        f"the file is larger than {limit >> 20} MiB; clear its outputs and hand it in again (or raise the limit: "
        "`--limit notebook=`)"
    )
