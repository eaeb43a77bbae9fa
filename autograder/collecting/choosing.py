"""Which of a student's files is the notebook, and what the others are called beside it.

The rule, in this order: the latest attempt; the file whose name says most that it is the notebook; the platform's
latest upload of a name; the name that the notebook has; of equal contents, any. Where that leaves two, neither is
taken, and a person looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import count
from pathlib import Path, PurePosixPath

from ..judging import finding
from ..judging.finding import COMPANIONS
from .download import safe
from .handed import Piece


@dataclass(frozen=True)
class Laid:
    """A student's hand-in as it will lie in its folder, and what people should know of how it was chosen."""

    files: Mapping[str, Piece]
    time: datetime | None
    remarks: tuple[str, ...] = ()


def laid(pieces: Sequence[Piece], assignment: str, zone: tzinfo, *, entry_times: bool = False) -> Laid:
    """Choose the notebook among a student's files and name all of them.

    Times without a zone are in ``zone``; with ``entry_times`` a download's own times of its files count, where the
    platform tells none.
    """
    remarks: list[str] = []
    pieces = latest(pieces, zone, remarks)
    own = [piece for piece in pieces if not _is_companion(piece)]
    forged = filter(_is_companion, pieces)
    remarks += [f"{_shown(one)} is not used: only a collector writes such a file" for one in forged]
    chosen = _chosen(own, assignment, remarks)
    place = f"{assignment}.ipynb"
    files: dict[str, Piece] = {place: chosen} if chosen else {}
    names = Names((place, *COMPANIONS))
    files |= {names.free(piece.parts): piece for piece in own if piece is not chosen}
    times = [time for piece in own if (time := _time(piece, zone, entry_times=entry_times))]
    if any(piece.late for piece in own):
        remarks.append("late, by the platform's own mark" + ("" if times else ", which tells no time"))
    return Laid(files, max(times, default=None), tuple(remarks))


def _is_companion(piece: Piece) -> bool:
    """Whether a file would lie where a collector's own does, on a disk that tells no case apart, too."""
    return piece.parts[-1].casefold() in COMPANIONS


def latest(pieces: Sequence[Piece], zone: tzinfo, remarks: list[str]) -> list[Piece]:
    """Return the files of the latest attempt; those of attempts without a time count for all."""
    timed = [(piece, _time(piece, zone)) for piece in pieces]
    times = {time for _, time in timed if time}
    counting = (None, max(times, default=None))
    earlier = [piece for piece, time in timed if time not in counting]
    if earlier:
        remarks.append(f"{len(times)} attempts, the latest is taken; left in the download: {_listed(earlier)}")
    return [piece for piece, time in timed if time in counting]


def _time(piece: Piece, zone: tzinfo, *, entry_times: bool = False) -> datetime | None:
    """Return when a piece came, in UTC."""
    when = piece.when or (piece.file.when if entry_times else None)
    if when is None:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def _chosen(pieces: Sequence[Piece], assignment: str, remarks: list[str]) -> Piece | None:
    place = f"{assignment}.ipynb"
    files = {
        finding.File(Path(), (assignment, *piece.parts), str(number)): piece for number, piece in enumerate(pieces)
    }
    notebooks = [file for file in files if not finding.ARCHIVE.search(file.parts[-1])]
    best = [files[file] for file in finding.likeliest(notebooks, assignment)]
    if not best:
        return None
    left = list(best)
    for narrower in (_last_uploads, lambda some: _so_named(some, place), _different):
        left = narrower(left)
    if len(left) > 1:
        remarks.append(f"any of these may be {place}, so none is taken: {_listed(left)}; put the right one there")
        return None
    (chosen,) = left
    if len(best) > 1:
        others = [piece for piece in best if piece is not chosen]
        remarks.append(f"{_shown(chosen)} is taken for {place}, and not {_listed(others)}")
    elif chosen.parts != (place,):
        remarks.append(f"{_shown(chosen)} is taken for {place}")
    return chosen


def _last_uploads(pieces: Sequence[Piece]) -> list[Piece]:
    last = max(piece.upload for piece in pieces)
    return [piece for piece in pieces if piece.upload == last]


def _so_named(pieces: Sequence[Piece], place: str) -> list[Piece]:
    return [piece for piece in pieces if piece.parts == (place,)] or list(pieces)


def _different(pieces: Sequence[Piece]) -> list[Piece]:
    if len(pieces) == 1:
        return list(pieces)
    found: dict[bytes, Piece] = {}
    for piece in pieces:
        found.setdefault(piece.file.read(), piece)
    return list(found.values())


class Names:
    """Names of files that any file system can hold beside each other: they differ by more than their case."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.files = {name.casefold() for name in taken}
        self.taken = set(self.files)
        self.numbers: dict[str, Iterator[int]] = defaultdict(lambda: count(2))

    def free(self, parts: Sequence[str]) -> str:
        """Return a free name for a file, its own where that is free."""
        own = PurePosixPath(*parts)
        if any(str(folder).casefold() in self.files for folder in own.parents):
            own = PurePosixPath(safe("_".join(parts)))
        path = own
        while (name := str(path).casefold()) in self.taken:
            number = next(self.numbers[str(own).casefold()])
            path = own.with_name(f"{own.stem}-{number}{own.suffix}")
        self.files.add(name)
        self.taken |= {name, *(str(folder) for folder in PurePosixPath(name).parents)}
        return str(path)


def _shown(piece: Piece) -> str:
    return finding.File(Path(), piece.parts).shown


def _listed(pieces: Sequence[Piece]) -> str:
    return finding.listed([finding.File(Path(), piece.parts) for piece in pieces])
