"""Answers in words: whether there is one, and what else of the student's own text could be it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..notebook import grade_id, source_of
from ..submission import Release

Cell = Mapping[str, Any]
MOST_NAMED = 8


def is_written(cell: Cell, released: str) -> bool:
    """Whether a cell holds anything else than what was released: text, or a picture."""
    text = source_of(cell).strip()
    return bool(cell.get("attachments")) or text not in ("", released.strip())


def elsewhere(cells: Sequence[Any], release: Release) -> dict[int, Cell]:
    """Return, by number, the cells that may hold the answer to a question that was left as it was.

    These are texts of the student's own, in cells added or given, and code right beside the question. There are
    none where every question is answered in its place.
    """
    written = {name for cell in cells if (name := _known(cell, release)) and is_written(cell, release.words[name])}
    if release.answers <= written:
        return {}
    beside = set(_beside(cells, release))
    given = {text.strip() for text in release.words.values()}
    found: dict[int, Cell] = {}
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, Mapping) or _known(cell, release) in release.answers:
            continue
        name = _known(cell, release)
        text = source_of(cell).strip()
        if cell.get("cell_type") == "code":
            own = number in beside and bool(text)
        elif name:
            own = is_written(cell, release.words[name])
        else:
            own = bool(cell.get("attachments")) or (bool(text) and text not in given)
        if own:
            found[number] = cell
    return found


def remarks(notebook: Mapping[str, Any], release: Release) -> Iterator[str]:
    """Yield what people should know of answers that are not in their places."""
    found = list(elsewhere(notebook["cells"], release))
    if found:
        named = ", ".join(map(str, found[:MOST_NAMED])) + (" and others" if len(found) > MOST_NAMED else "")
        questions = ", ".join(sorted(release.answers))
        yield (
            f"{questions} was left as it was given, but there are words in cell{'s' if len(found) > 1 else ''} {named} "
            "that may be an answer: a person reads them"
        )


def _known(cell: Any, release: Release) -> str | None:
    """Return the id under which a released text cell is known that a cell claims to be."""
    if not isinstance(cell, Mapping):
        return None
    return next(
        (one for one in (grade_id(cell), cell.get("id")) if isinstance(one, str) and one in release.words), None
    )


def _is_given(cell: Any, release: Release) -> bool:
    """Whether a cell is one of those that were released."""
    if not isinstance(cell, Mapping):
        return False
    return _known(cell, release) is not None or grade_id(cell) in release.roles or release.named(cell) in release.roles


def _beside(cells: Sequence[Any], release: Release) -> Iterator[int]:
    """Yield the numbers of added cells with nothing but added cells between them and a question in words."""
    for start, cell in enumerate(cells):
        if _known(cell, release) in release.answers:
            for step in (-1, 1):
                place = start + step
                while 0 <= place < len(cells) and not _is_given(cells[place], release):
                    yield place + 1
                    place += step
