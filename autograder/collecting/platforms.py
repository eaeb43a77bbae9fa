"""How platforms name what they let an instructor download: whose a file is, and when it was handed in.

A student chooses the name of a file, and in some platforms of folders: whatever a name says is read from its
beginning, which the platform wrote.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nbgrader.plugins import FileNameCollectorPlugin
from traitlets.config import Config

from . import gradescope
from .download import Download, DownloadError, File
from .handed import Piece, Reader, Sender, time_in
from .roster import Roster, UnknownError

MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_?/|_)(?P<rest>.+)")
CANVAS = re.compile(r"(?P<name>[^/]+?)_(?:(?P<late>LATE)_)?(?P<id>\d+)_\d+_(?P<rest>[^/]+)", re.IGNORECASE)
UPLOAD = re.compile(r"-(\d{1,4})(?=\.[^/]*$|$)")
BLACKBOARD = re.compile(r"(?P<head>[^/]+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<rest>[^/]+)|\.txt)", re.ASCII)
QUIET = logging.Logger("collect", logging.CRITICAL)


def _moodle(file: File) -> list[Piece]:
    found = MOODLE.fullmatch(file.shown)
    return [Piece(Sender((found["id"],), found["name"]), tuple(found["rest"].split("/")), file)] if found else []


def _canvas(file: File) -> list[Piece]:
    found = CANVAS.fullmatch(file.shown)
    if not found:
        return []
    upload = UPLOAD.search(found["rest"])
    number = int(upload[1]) if upload else 0
    return [Piece(Sender((found["id"],), found["name"]), (found["rest"],), file, None, bool(found["late"]), number)]


def _blackboard(file: File) -> list[Piece]:
    found = BLACKBOARD.fullmatch(file.shown)
    if not found:
        return []
    words = found["head"].split("_")
    # The assignment's title stands before, and both may hold what separates them.
    ids = tuple("_".join(words[place:]) for place in range(1, len(words))) or (found["head"],)
    # What Blackboard itself writes on an attempt has no name of a student's.
    return [Piece(Sender(ids), (found["rest"],) if found["rest"] else (), file, time_in(found["when"]))]


def _folders(file: File) -> list[Piece]:
    return [Piece(Sender((file.parts[0],), *_as_all(file.parts[0])), file.parts[1:], file)] if file.parts[1:] else []


def _as_all(text: str) -> tuple[str, str]:
    """Return what a folder's name may be beside an id: a name, and an address if it looks like one."""
    return text, text if "@" in text else ""


READERS: Mapping[str, Reader] = {
    "moodle": _moodle,
    "canvas": _canvas,
    "blackboard": _blackboard,
    "folders": _folders,
}
PLATFORMS = (*READERS, "gradescope", "named")


def pieces(
    download: Download, platform: str, config: Config, roster: Roster, names: Collection[str]
) -> Iterator[Piece]:
    """Yield what a download holds of anybody's hand-in; what is nobody's is left out of it, and named there.

    ``config`` is nbgrader's, whose expression for the names of files serves for the platform "named". Of a folder in
    which all others lie, the roster and the names of assignments tell whether it is the class's or one student's.

    Raises
    ------
    DownloadError
        If no file is named as that platform names them.
    """
    files = download.files
    found = _read(files, platform, config)
    if (not any(found) or (platform == "folders" and _is_wrapped(files, roster, names))) and _has_one_top(files):
        # Whoever packs a folder anew packs the folder, too.
        files = [replace(file, parts=file.parts[1:]) for file in files]
        found = _read(files, platform, config)
    if not any(found):
        raise DownloadError(_nobody(files, platform))
    for file, read in zip(files, found, strict=True):
        if not read:
            download.left_out.append(f"{file.shown!r}: not named as {platform} names what a student hands in")
        yield from (piece for piece in read if piece.parts)


def _read(files: Sequence[File], platform: str, config: Config) -> list[Sequence[Piece]]:
    reader = READERS.get(platform) or (gradescope.reader(files) if platform == "gradescope" else _named(config))
    return [reader(file) for file in files]


def _nobody(files: Iterable[File], platform: str) -> str:
    first = next(iter(files), None)
    if first is None:
        return "the download holds no files"
    text = f"no file is named as {platform} names what students hand in; there is {first.shown!r}"
    return f"{text}, an archive: give that one" if first.shown.lower().endswith(".zip") else text


def _has_one_top(files: Sequence[File]) -> bool:
    return len({file.parts[0] for file in files}) == 1 and all(len(file.parts) > 1 for file in files)


def _is_wrapped(files: Sequence[File], roster: Roster, names: Collection[str]) -> bool:
    """Whether all students' folders lie in one, which is not one student's own with those of assignments."""
    if not all(len(file.parts) > 2 for file in files) or any(_is_of(roster, file) for file in files[:1]):
        return False
    inner = {file.parts[1] for file in files}
    return len(inner) > 1 and inner.isdisjoint(names)


def _is_of(roster: Roster, file: File) -> bool:
    """Whether the roster has the student whose folder holds a file."""
    try:
        return all(roster.student(piece.sender) in roster.people for piece in _folders(file))
    except UnknownError:
        return False


def _named(config: Config) -> Reader:
    """Return a reader by the expression that the course has for nbgrader's ``zip_collect``."""

    def read(file: File) -> list[Piece]:
        name = file.parts[-1]
        ending = name[name.rfind(".") :] if "." in name[1:] else ""
        plugin = FileNameCollectorPlugin(config=config, log=QUIET)
        plugin.valid_ext = [ending]
        said: Mapping[str, str | None] | None = plugin.collect(f"/{file.shown}")
        if not said or not said.get("student_id"):
            return []
        person = " ".join(filter(None, (said.get("first_name"), said.get("last_name"))))
        sender = Sender((str(said["student_id"]),), person, said.get("email") or "")
        return [Piece(sender, (name,), file, time_in(said.get("timestamp") or ""))]

    return read
