"""A download, an archive or a folder, as a list of files: none is opened before it is asked for, none leads elsewhere.

What would leave its place, is a link, or unpacks to more than anybody hands in is named and left out.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ..judging.archives import MAGIC, METHODS
from ..model import Limits
from ..notebook import OUTPUTS

MOST_FILES = 100_000
# What grading reads of a hand-in at most.
LARGEST = Limits().notebook * OUTPUTS
# The bytes of a name that every file system takes, with room for a number.
LONGEST_NAME = 200
LONGEST_PATH = 1500
EMPTY_ARCHIVE = b"PK\x05\x06"
UTF8 = 0x800
# The year in which an archive's clock begins, which stands for no time at all.
NO_YEAR = 1980
DRIVE = re.compile(r"[A-Za-z]:")
# What a damaged archive makes of reading it.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error)
NO_DATA = ("__MACOSX", "Thumbs.db", "desktop.ini")


class DownloadError(ValueError):
    """A download from which nothing can be collected; the message is one line."""


@dataclass(frozen=True)
class File:
    """A file of a download; ``when`` is the time that the archive, without a zone, or the folder has for it."""

    parts: tuple[str, ...]
    size: int
    read: Callable[[], bytes]
    when: datetime | None = None

    @property
    def shown(self) -> str:
        return "/".join(self.parts)


@dataclass
class Download:
    """The files of a download, and why others were left out."""

    files: list[File] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def take(self, name: str, size: int, read: Callable[[], bytes], when: datetime | None) -> None:
        """Add a file, unless nobody can want it or it leads elsewhere."""
        parts = _parts(name)
        shown = repr(name[:LONGEST_NAME])
        if any(part.startswith("._") or part in NO_DATA for part in parts):
            return
        if not parts or ".." in parts or name[:1] in "/\\" or DRIVE.match(name):
            self.left_out.append(f"{shown}: its name leads out of the download")
        elif len(name.encode()) > LONGEST_PATH:
            self.left_out.append(f"{shown}: its name is too long")
        elif size > LARGEST:
            self.left_out.append(f"{shown}: larger than {LARGEST >> 20} MiB, which nobody reads")
        elif not any(part.startswith(".") for part in parts):
            self.files.append(File(tuple(map(safe, parts)), size, read, when))


@contextmanager
def opened(path: Path) -> Iterator[Download]:
    """Open a download.

    Raises
    ------
    DownloadError
        If it is neither a folder nor a sound ZIP archive.
    """
    if path.is_dir():
        yield _folder(path)
        return
    with path.open("rb") as file:
        begins = file.read(len(MAGIC))
    if begins not in (MAGIC, EMPTY_ARCHIVE):
        raise DownloadError(f"{path} is no ZIP archive; give what the platform let you download, or its folder")
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as problem:
        raise DownloadError(f"{path} is damaged ({problem}); download it again") from problem
    with archive:
        yield _archive(archive, path)


def _archive(archive: zipfile.ZipFile, path: Path) -> Download:
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise DownloadError(f"{path} has more than {MOST_FILES} files")
    # Each byte of an archive belongs to one file; in some that are made to do harm, to thousands.
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise DownloadError(f"{path} is damaged: its files overlap")
    download = Download()
    for info in infos:
        name = _decoded(info)
        if stat.S_ISLNK(info.external_attr >> 16):
            download.left_out.append(f"{name!r}: a link, which nobody follows")
        elif info.flag_bits & 1:
            download.left_out.append(f"{name!r}: it asks for a password")
        elif info.compress_type not in METHODS:
            download.left_out.append(f"{name!r}: packed in a way that is not read")
        elif not info.is_dir() and not name.endswith("\\"):
            download.take(name, info.file_size, _reader(archive, info), _time(info))
    return download


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        """Return what is packed; an archive gives no more of a file than its table says."""
        try:
            with archive.open(info) as file:
                return file.read(info.file_size)
        except BROKEN as problem:
            raise DownloadError(f"{info.filename!r} is damaged ({problem})") from problem

    return read


def _folder(folder: Path) -> Download:
    download = Download()

    def left_out(problem: OSError) -> None:
        path = Path(os.fsdecode(problem.filename))
        download.left_out.append(f"{_written(path, folder)!r}: cannot be read ({problem.strerror})")

    for place, folders, names in os.walk(folder, onerror=left_out):
        folders.sort()
        for name in (*folders, *sorted(names)):
            path = Path(place, name)
            try:
                known = path.lstat()
            except OSError as problem:
                left_out(problem)
                continue
            if stat.S_ISREG(known.st_mode):
                when = datetime.fromtimestamp(known.st_mtime, UTC)
                download.take(_written(path, folder), known.st_size, path.read_bytes, when)
            elif not stat.S_ISDIR(known.st_mode):
                download.left_out.append(f"{_written(path, folder)!r}: a link or a device, which nobody follows")
        if len(download.files) > MOST_FILES:
            raise DownloadError(f"{folder} has more than {MOST_FILES} files")
    return download


def _written(path: Path, folder: Path) -> str:
    """Return what a file's place in a folder is called; a byte that is of no text is written as in addresses, ``%E9``.

    Names that differ stay different, and get no separators.
    """
    shown = path.relative_to(folder).as_posix()
    return "".join(f"%{ord(sign) - 0xDC00:02X}" if "\udc80" <= sign <= "\udcff" else sign for sign in shown)


def _decoded(info: zipfile.ZipInfo) -> str:
    """Return a file's name; programs that do not say so write UTF-8 as well."""
    try:
        return info.filename if info.flag_bits & UTF8 else info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name, whichever way its separators lean."""
    parts = unicodedata.normalize("NFC", name.replace("\\", "/")).split("/")
    return tuple(part for part in parts if part not in ("", "."))


def safe(part: str) -> str:
    """Return a name that any folder takes, as short as need be, with its ending."""
    part = "".join(sign if sign.isprintable() else "_" for sign in part)
    stem, dot, ending = part.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = part, "", ""
    room = LONGEST_NAME - len(f"{dot}{ending}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time) if info.date_time[0] > NO_YEAR else None
    except ValueError:
        return None
