"""Notebooks within a ZIP archive: read where they are, with limits, and never unpacked, to memory or to a disk."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, BinaryIO

from ..notebook import NotebookError

MAGIC = b"PK\x03\x04"
MOST_MEMBERS = 2000
# An archive's table of contents is read at once, with whatever stands in it beside names.
LARGEST_TABLE = 1 << 19
# Other methods may ask for gigabytes before they give a byte.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Wary(io.RawIOBase):
    """A file that does not give much at once, and leads nowhere outside of itself."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self._size}[whence]
        if not 0 <= place <= self._size:
            raise ValueError(f"there is no byte {place}")
        return self._file.seek(place)

    def read(self, size: int = -1) -> bytes:
        wanted = self._size - self.tell() if size < 0 else size
        if wanted > LARGEST_TABLE:
            raise ValueError(f"{wanted} bytes are wanted at once")
        return self._file.read(wanted)


def is_archive(file: BinaryIO) -> bool:
    """Whether a file is a ZIP archive, whatever it is called; it is then at its beginning."""
    begins = file.read(len(MAGIC))
    file.seek(0)
    return begins == MAGIC


def members(file: BinaryIO) -> Sequence[str]:
    """Return the names of the files within an archive; links and folders are none.

    Raises
    ------
    NotebookError
        If it is damaged, or has too many members.
    """
    with _opened(file) as archive:
        if len(archive.infolist()) > MOST_MEMBERS:
            raise NotebookError(f"the archive has more than {MOST_MEMBERS} files")
        return [one.filename for one in archive.infolist() if _is_file(one)]


@contextmanager
def member(file: BinaryIO, name: str, limit: int) -> Iterator[IO[bytes]]:
    """Open a file of at most ``limit`` bytes within an archive; raises :class:`NotebookError`, also as it is read."""
    with _opened(file) as archive:
        info = next(one for one in archive.infolist() if one.filename == name and _is_file(one))
        if info.compress_type not in METHODS:
            raise NotebookError("the archive is packed in a way that is not read; use an ordinary ZIP archive")
        if info.flag_bits & 1:
            raise NotebookError("the archive asks for a password")
        # It gives no more than this, whatever is packed in it.
        if info.file_size > limit:
            raise NotebookError(f"the file in the archive is larger than {limit >> 20} MiB")
        with archive.open(info) as inside:
            yield inside


@contextmanager
def _opened(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(_Wary(file)) as archive:
            yield archive
    except (MemoryError, NotebookError, OSError):
        raise
    except Exception as problem:  # hostile bytes meet zipfile with more than its own exceptions
        raise NotebookError("the archive is damaged") from problem


def _is_file(info: zipfile.ZipInfo) -> bool:
    return not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16)
