"""Notebooks within a ZIP archive: read in memory, with limits, and never unpacked to a disk."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Sequence

from ..notebook import NotebookError

MAGIC = b"PK\x03\x04"
# One stands before each member in the table of contents.
ENTRY = b"PK\x01\x02"
MOST_MEMBERS = 2000
# Other methods may ask for gigabytes before they give a byte.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(content: bytes) -> bool:
    """Whether bytes are a ZIP archive, whatever the file that holds them is called."""
    return content.startswith(MAGIC)


def members(content: bytes) -> Sequence[str]:
    """Return the names of the files within an archive; links and folders are none.

    Raises
    ------
    NotebookError
        If it is damaged, or has too many members.
    """
    if content.count(ENTRY) > MOST_MEMBERS:
        raise NotebookError(f"the archive has more than {MOST_MEMBERS} files")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [one.filename for one in archive.infolist() if _is_file(one)]
    except MemoryError:
        raise
    except Exception as problem:  # hostile bytes meet zipfile with more than its own exceptions
        raise NotebookError("the archive is damaged") from problem


def member(content: bytes, name: str, limit: int) -> bytes:
    """Return a file within an archive; raises :class:`NotebookError` if it cannot be read or exceeds ``limit``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = next(one for one in archive.infolist() if one.filename == name and _is_file(one))
            if info.compress_type not in METHODS:
                raise NotebookError("the archive is packed in a way that is not read; use an ordinary ZIP archive")
            if info.flag_bits & 1:
                raise NotebookError("the archive asks for a password")
            with archive.open(info) as file:
                # What an archive says of sizes is not believed.
                unpacked = file.read(limit + 1)
    except (MemoryError, NotebookError):
        raise
    except Exception as problem:
        raise NotebookError("the archive is damaged") from problem
    if len(unpacked) > limit:
        raise NotebookError(f"the file in the archive is larger than {limit >> 20} MiB")
    return unpacked


def _is_file(info: zipfile.ZipInfo) -> bool:
    return not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16)
