"""A notebook's file, read with suspicion: as plain values, without its outputs, or why it cannot be."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MOST_CELLS = 10_000
# Of what JSON is made of, an empty list takes thirty times its two or three bytes, a number its own eight.
MOST_PARTS = 1 << 20
# Outputs are dropped unseen, but a file without end is none that a notebook has.
OUTPUTS = 10
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.S)
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


def parse(path: Path, limit: int) -> dict[str, Any]:
    """Return the notebook in a regular file as plain values, its cells as in format 4.

    Raises
    ------
    NotebookError
        If the file is a link, a device, too large, not UTF-8, not JSON or not a notebook. Outputs do not count
        among the ``limit`` bytes of its cells, and are not in what is returned.
    OSError, MemoryError
        If there is no file, or the machine is at fault.
    """
    return parsed(read_regular(path, limit * OUTPUTS), limit)


def parsed(content: bytes, limit: int) -> dict[str, Any]:
    """Return the notebook that bytes hold; raises as :func:`parse` does."""
    # What stands in a text is no part of what JSON is made of.
    bare = STRING.sub(b"", content)
    if bare.count(b"[") + bare.count(b"{") + bare.count(b",") > MOST_PARTS:
        raise NotebookError("the notebook has too many parts; clear its outputs and hand it in again")
    del bare
    try:
        notebook = json.loads(content.decode(json.detect_encoding(content)), object_pairs_hook=_without_outputs)
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
    if sum(len(source_of(cell)) for cell in cells if isinstance(cell, dict)) > limit:
        raise NotebookError(f"the notebook's cells are larger than {limit / (1 << 20):.2g} MiB without their outputs")
    return {**notebook, "cells": cells}


def _without_outputs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object without what its code cell printed: outputs are never read."""
    return {key: value for key, value in pairs if key != "outputs"}


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
        raise NotebookError(
            f"the file is larger than {limit >> 20} MiB; clear its outputs and hand it in again (or raise the limit: "
            "`--limit notebook=`)"
        )
    return content
