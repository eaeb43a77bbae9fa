"""Lays hand-ins out below ``submitted/``, so that a run may break off anywhere and a second one changes what is new.

Beside each hand-in lies a record of what was put there. What differs from it was changed by a person, and stays.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from ..files import alone_in, clean, write_atomically
from ..gradebook import time_stamps
from ..gradebook.time_stamps import UnknownTimeError
from ..judging import finding
from ..judging.finding import COMPANIONS
from .choosing import Laid, laid, latest
from .download import DownloadError
from .handed import Piece
from .roster import Roster, UnknownError

RECORD = ".collected.json"
STAMP = COMPANIONS[0]
LONGEST_STAMP = 4096
# In bytes, of one student.
MOST = 256 << 20
# What stops a run: all other trouble is of one student's files.
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass
class Collected:
    """What a run did: students by what became of their folder, and lines for people to read."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    timed: int = 0

    @property
    def everybody(self) -> set[str]:
        return {*self.new, *self.changed, *self.same, *self.kept}


@dataclass(frozen=True)
class Order:
    """What is to be collected: which assignment, how the platform names files, and where they go."""

    assignment: str
    platform: str
    roster: Roster
    submitted: Path
    zone: tzinfo
    entry_times: bool = False


def assignment_of(handed: Iterable[Piece], names: Sequence[str]) -> str:
    """Return the assignment that a download is of, which is the only one that most people's files name.

    Raises
    ------
    DownloadError
        If there is none, or more than one.
    """
    said: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for piece in handed:
        # One person's files are one voice, however many there are.
        said[piece.sender.known_by] |= finding.named(piece.file.parts[-1], names)
    voices = Counter(name for some in said.values() for name in some)
    most = [name for name, count in voices.items() if count * 2 > sum(1 for some in said.values() if some)]
    if len(most) != 1:
        several = f"name several assignments ({', '.join(sorted(voices))})" if voices else "name no assignment"
        raise DownloadError(f"the files of this download {several}: say with --assignment which it is")
    return most[0]


def collect(handed: Iterable[Piece], order: Order, left_out: Iterable[str]) -> Collected:
    """Lay out what people handed in for an assignment, and say what was ``left_out`` before.

    Raises
    ------
    DownloadError
        If the disk has no room for it; nothing is written then.
    """
    done = Collected()
    students: dict[str, list[Piece]] = defaultdict(list)
    unknown: dict[str, list[str]] = defaultdict(list)
    for piece in handed:
        try:
            students[order.roster.student(piece.sender)].append(piece)
        except UnknownError as problem:
            unknown[str(problem)].append(piece.file.shown)
    order.submitted.mkdir(parents=True, exist_ok=True)
    with alone_in(order.submitted):
        _make_sure_of_room(students, order)
        for student, own in sorted(students.items()):
            done.remarks += [(student, remark) for remark in _collected(student, own, order, done)]
    if order.roster.people:
        strangers = sorted(done.everybody - order.roster.people.keys())
        done.remarks += [(student, "is not in the roster") for student in strangers]
    for why, names in unknown.items():
        done.remarks.append(("", f"not collected: {', '.join(map(repr, names))}: {why}"))
    done.remarks += [("", f"not collected: {line}") for line in left_out]
    return done


def _collected(student: str, own: list[Piece], order: Order, done: Collected) -> Iterator[str]:
    """Lay out one student's hand-in; yield what people should know of it."""
    senders = {piece.sender.known_by: piece.file for piece in own}
    if len(senders) > 1:
        # People may call themselves what they like in a platform, and so like somebody else.
        files = finding.listed([finding.File(Path(), file.parts) for file in senders.values()])
        yield f"not collected: {len(senders)} people of the platform would be this student: {files}"
        return
    folder = order.submitted / student / order.assignment
    try:
        if order.platform == "folders":
            own, why = _of_folder(own, order)
            yield from why
            if not own:
                return
        if sum(piece.file.size for piece in own) > MOST:
            yield f"not collected: more than {MOST >> 20} MiB"
            return
        chosen = laid(own, order.assignment, order.zone, entry_times=order.entry_times)
        state = _lay(folder, chosen)
    except (DownloadError, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno in FULL:
            raise
        yield f"not collected: {problem}"
        return
    yield from chosen.remarks
    done.timed += chosen.time is not None
    getattr(done, state).append(student)
    if state == "kept":
        yield f"{folder} was changed by hand and stays as it is; remove it to collect it anew"


def _of_folder(own: list[Piece], order: Order) -> tuple[list[Piece], list[str]]:
    """Return a plain folder's files of the assignment with the time that its collector has left there."""
    said = []
    own = _of_assignment(own, order)
    stamps = [piece for piece in own if piece.parts == (STAMP,) and piece.file.size <= LONGEST_STAMP]
    when = None
    if stamps:
        try:
            when = time_stamps.read(stamps[0].file.read(), str(order.zone))
        except UnknownTimeError as problem:
            said.append(f"{STAMP}: {problem}; the time counts as unknown")
    return [_at(piece, when) for piece in own if piece not in stamps], said


def _of_assignment(own: list[Piece], order: Order) -> list[Piece]:
    """Return what of a plain folder may be of the assignment: in nbgrader's own layout, what lies in its folder."""
    inside = [piece for piece in own if piece.parts[0] == order.assignment and len(piece.parts) > 1]
    return list(map(_within, inside)) if order.platform == "folders" and inside else own


def _make_sure_of_room(students: Mapping[str, list[Piece]], order: Order) -> None:
    """Raise :class:`DownloadError` if more comes to lie in students' folders than there was, and than there is room."""
    counting = {name: latest(_of_assignment(own, order), order.zone, []) for name, own in students.items()}
    sizes = {name: sum(piece.file.size for piece in own) for name, own in counting.items()}
    free = shutil.disk_usage(order.submitted).free
    # Who handed in too much for one is not collected, and so fills no disk.
    needed = {name: size for name, size in sizes.items() if size <= MOST}
    if sum(needed.values()) <= free:
        return
    more = sum(max(0, size - _size(order.submitted / name / order.assignment)) for name, size in needed.items())
    if more > free:
        raise DownloadError(f"{order.submitted} would take {more >> 20} MiB more, and has room for {free >> 20}")


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in _files(folder))


def _within(piece: Piece) -> Piece:
    return replace(piece, parts=piece.parts[1:])


def _at(piece: Piece, when: datetime | None) -> Piece:
    return replace(piece, when=when.replace(tzinfo=UTC) if when else None)


def _lay(folder: Path, chosen: Laid) -> str:
    """Write what has changed of a hand-in, each file whole; return what became of its folder."""
    contents = {name: piece.file.read for name, piece in chosen.files.items()}
    if chosen.time:
        stamp = f"{chosen.time:%Y-%m-%d %H:%M:%S} UTC\n".encode()
        contents[STAMP] = lambda: stamp
    wanted = {name: _digest(read()) for name, read in contents.items()}
    found = {str(path.relative_to(folder)): _found(path) for path in _files(folder)}
    record = _record(folder)
    if found == wanted:
        return "same"
    if _is_linked(folder) or any(digest not in record.get(name, ()) for name, digest in found.items()):
        return "kept"
    clean(folder, [name.partition("/")[0] for name in found if "/" in name])
    # Until all is there, the old and the new are ours: whoever goes on after a break finds nothing strange.
    both = {name: [*record.get(name, ()), wanted.get(name, "")] for name in {*record, *wanted}}
    write_atomically(folder / RECORD, json.dumps(both, sort_keys=True).encode())
    for name in found.keys() - wanted.keys():
        (folder / name).unlink()
        _remove_empty(folder, folder / name)
    for name, read in contents.items():
        if found.get(name) != wanted[name]:
            write_atomically(folder / name, read())
    write_atomically(
        folder / RECORD, json.dumps({name: [one] for name, one in wanted.items()}, sort_keys=True).encode()
    )
    return "changed" if found else "new"


def _files(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder and is not hidden, as our record is."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not any(part.startswith(".") for part in path.relative_to(folder).parts) and not path.is_dir():
            yield path


def _found(path: Path) -> str:
    return _digest(path.read_bytes()) if path.is_file() and not path.is_symlink() else "no file of its own"


def _is_linked(folder: Path) -> bool:
    return folder.is_symlink() or folder.parent.is_symlink() or (folder.exists() and not folder.is_dir())


def _remove_empty(folder: Path, path: Path) -> None:
    with suppress(OSError):
        for above in path.parents[: len(path.relative_to(folder).parts) - 1]:
            above.rmdir()


def _record(folder: Path) -> Mapping[str, list[str]]:
    try:
        record: Mapping[str, list[str]] = json.loads((folder / RECORD).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return record


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
