"""Files that are written whole or not at all, also when the writer is killed or the disk is full."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

TEMPORARY = ".writing-"
LEFT = re.compile(re.escape(TEMPORARY) + "[0-9a-f]{16}")
# Of the folders that we lay out, none has as many folders within each other.
DEEPEST = 6


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that others see the old content or the new one, never a part."""
    with atomically(path) as file:
        file.write(content)


@contextmanager
def atomically(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be written that others see when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary, descriptor = _temporary(path.parent)
    with os.fdopen(descriptor, "wb") as file:
        try:
            yield file
            file.flush()
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise


def _temporary(folder: Path) -> tuple[Path, int]:
    """Make a file and lock it, as a sign that it is being written."""
    while True:
        # Not a private temporary file: feedback is for others to read, as far as the umask says.
        path = folder / f"{TEMPORARY}{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        _lock(descriptor, wait=True)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        # Somebody cleaned up before it was locked.
        os.close(descriptor)


def clean(folder: Path, own: Iterable[str] = ()) -> None:
    """Remove what killed writers left in a folder itself, and below those of its folders that are our ``own``.

    Others may have files there, hand-ins among them: what is no regular file of just such a name stays, nothing is
    followed or waited for, and what cannot be looked at is left as it is.
    """
    places = [(folder, 0), *((folder / name, DEEPEST) for name in own)]
    while places:
        place, deeper = places.pop()
        with suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if LEFT.fullmatch(entry.name):
                    _remove_left(entry.path)
                elif deeper and entry.is_dir(follow_symlinks=False):
                    places.append((Path(entry.path), deeper - 1))


def _remove_left(path: str) -> None:
    """Remove a regular file, unless it is being written."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                _lock(descriptor, wait=False)
                os.unlink(path)
        finally:
            os.close(descriptor)


def _lock(descriptor: int, *, wait: bool) -> None:
    """Lock an open file or folder; raises ``BlockingIOError`` where another process has it and we do not wait."""
    import fcntl  # noqa: PLC0415 - not there on Windows, where nothing is graded

    fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep every other process that asks for the same folder waiting."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _lock(descriptor, wait=True)
        yield
    finally:
        os.close(descriptor)
