"""Verdicts into nbgrader's gradebook, a whole class at a time.

What nbgrader would record for a submission after running it (student, submission, score of each test cell,
what waits for a person, late penalty, graded notebook) is recorded here from a verdict, in bulk. What a
person entered (manual scores, extra credit, comments) is never touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells
from traitlets.config import Config

from ..files import write_atomically
from ..judging.answers import is_written
from ..judging.finding import COMPANIONS
from ..judging.hand_ins import HandIn
from ..model import Limits, Verdict
from ..notebook import UNREAD, NotebookError, grade_id, parse, read_regular, source_of
from . import time_stamps
from .graded_notebook import rebuild, results_of, score_of, serialise, with_scores
from .nbgrader_course import alone, open_gradebook
from .release import refuse_other_cells
from .rows import Entry, record
from .time_stamps import UnknownTimeError

CHUNK = 25
CHUNK_BYTES = 4 << 20
COMPANION_LIMIT = 4096
# Of a graded notebook, without its pictures.
MOST_RECORDED = 20 << 20


def fill(
    url: str,
    assignment: str,
    verdicts: Iterable[Verdict],
    *,
    released: Path,
    submitted: Path,
    autograded: Path,
    config: Config | None = None,
    limits: Limits | None = None,
) -> list[str]:
    """Record verdicts and write the graded notebooks; return a line for whatever was left out.

    Parameters
    ----------
    url
        The gradebook's database URL; it is made, and the assignment registered, where need be.
    assignment
        The assignment's name, which is its notebook's name as well.
    verdicts
        Any number of them; only a chunk is held at a time. Recording one twice changes nothing.
    released
        The released notebook's path.
    submitted, autograded
        nbgrader's folders of hand-ins (``<student>/<assignment>/``) and of graded notebooks.
    config
        The course's configuration: course id, late penalty plugin, and the time zone of its collector.
    limits
        Those with which the hand-ins were judged.

    Raises
    ------
    GradebookError
        If the gradebook cannot be used; one line names the cure. Chunks recorded before stay recorded.
    """
    config = config or Config()
    course = config.CourseDirectory.get("course_id") or "default_course"
    notebook = read_released(released)
    notes: list[str] = []
    with alone(url), open_gradebook(url, course) as gradebook:
        _register(gradebook, url, assignment, notebook)
        zone = str(config.Exchange.get("timezone", ""))
        reader = _Reader(notebook, submitted, autograded, zone, (limits or Limits()).notebook, notes)
        for graded in _chunks(map(reader.graded, verdicts)):
            record(gradebook, assignment, [one.entry for one in graded], config)
            # Files come after the database: until they are there, a rerun still sees what has changed.
            for one in graded:
                one.write()
    return notes


@dataclass(frozen=True)
class _Graded:
    """A submission's entry for the gradebook, and the files that go with it."""

    entry: Entry
    folder: Path
    files: Mapping[str, bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.files.values()))

    def write(self) -> None:
        """Write what has changed of the files."""
        for name, content in self.files.items():
            path = self.folder / name
            if not path.is_file() or path.read_bytes() != content:
                write_atomically(path, content)


def _chunks(graded: Iterable[_Graded | None]) -> Iterator[list[_Graded]]:
    """Yield a few submissions at a time, fewer where they are large; never two chunks at once are in memory."""
    chunk: list[_Graded] = []
    for one in filter(None, graded):
        chunk.append(one)
        if len(chunk) == CHUNK or sum(each.size for each in chunk) > CHUNK_BYTES:
            yield chunk
            chunk.clear()
    yield chunk


@dataclass(frozen=True)
class _Reader:
    """Reads hand-ins once more, as text, and lays out what is to be recorded of them."""

    released: Mapping[str, Any]
    submitted: Path
    autograded: Path
    zone: str
    limit: int
    notes: list[str]

    def graded(self, verdict: Verdict) -> _Graded | None:
        """Return what is to be recorded; nothing, and a note, where a hand-in makes that impossible."""
        try:
            # No database can hold every folder's name, which can be any bytes.
            verdict.student.encode()
            return self._graded(verdict)
        except UnicodeEncodeError:
            self._note(verdict, "the folder's name is not UTF-8; rename it to have it in the gradebook")
        except MemoryError:
            raise
        except Exception as problem:  # whatever one hand-in brings, it must not cost the others their rows
            self._note(verdict, f"not in the gradebook, since it cannot be read ({type(problem).__name__}: {problem})")
        return None

    def _note(self, verdict: Verdict, text: str) -> None:
        self.notes.append(f"{verdict.student!r}: {text}")

    def _graded(self, verdict: Verdict) -> _Graded:
        name = f"{verdict.assignment}.ipynb"
        folder = self.autograded / verdict.student / verdict.assignment
        place = self.submitted / verdict.student / verdict.assignment / name
        opened = HandIn(verdict.student, place).open(self.limit)
        notebook = with_scores(rebuild(self.released, opened.notebook), verdict)
        files = self._companions(verdict, opened.folders)
        stamp = files.get("timestamp.txt")
        time = None
        if stamp is not None:
            try:
                time = time_stamps.read(stamp, self.zone)
            except UnknownTimeError as problem:
                self._note(verdict, f"timestamp.txt: {problem}; the time counts as unknown, not as late")
                if not time_stamps.is_readable(stamp):
                    del files["timestamp.txt"]
        entry = _entry(verdict, self.released, notebook, folder / name, timestamp=time, stamped=stamp is not None)
        return _Graded(entry, folder, {name: serialise(notebook)} | files)

    def _companions(self, verdict: Verdict, folders: Iterable[Path]) -> dict[str, bytes]:
        """Return what the collector put beside a notebook; what cannot be read is noted."""
        files: dict[str, bytes] = {}
        for path in (folder / name for folder in folders for name in COMPANIONS):
            if path.name not in files:
                try:
                    files[path.name] = read_regular(path, COMPANION_LIMIT)
                except FileNotFoundError:
                    continue
                except (NotebookError, OSError) as problem:
                    reason = problem.strerror if isinstance(problem, OSError) else str(problem)
                    self._note(verdict, f"{path.name} is not used: {reason}")
        return files


def read_released(path: Path) -> dict[str, Any]:
    """Return a released notebook as plain values; each cell's source is one string."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    cells = [{**cell, "source": source_of(cell)} for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def _entry(
    verdict: Verdict,
    released: Mapping[str, Any],
    notebook: Mapping[str, Any],
    recorded: Path,
    *,
    timestamp: datetime | None,
    stamped: bool,
) -> Entry:
    originals = {grade_id(cell): cell for cell in released["cells"]}
    before = {grade_id(cell): source_of(cell) for cell in _recorded(recorded)}
    scores: dict[str, float | None] = {}
    blank, fresh = set(), set()
    for cell in notebook["cells"]:
        flags, name = cell["metadata"].get("nbgrader", {}), grade_id(cell) or ""
        if flags.get("solution"):
            if not is_written(cell, source_of(originals[name])):
                blank.add(name)
            if flags["grade"]:
                scores[name] = 0.0 if name in blank else None
            if before.get(name) != source_of(cell):
                fresh.add(name)
        elif flags.get("grade"):
            scores[name] = score_of(results_of(verdict, name), flags["points"])
    return Entry(verdict.student, timestamp, stamped, scores, frozenset(blank), frozenset(fresh))


def _recorded(path: Path) -> Sequence[Mapping[str, Any]]:
    """Return the cells of a notebook that an earlier run has written, or none."""
    try:
        cells: Sequence[Mapping[str, Any]] = parse(path, MOST_RECORDED, UNREAD | {"attachments"})["cells"]
    except (NotebookError, FileNotFoundError):
        return ()
    return cells


def _register(gradebook: Gradebook, url: str, assignment: str, notebook: Mapping[str, Any]) -> None:
    """Have nbgrader record the released cells, unless the gradebook has just these."""
    wanted = {
        name: (cell["cell_type"], cell["metadata"]["nbgrader"].get("checksum"))
        for cell in notebook["cells"]
        if (name := grade_id(cell))
    }
    try:
        cells = gradebook.find_notebook(assignment, assignment).source_cells
        # The checksum covers source, type, flags and points.
        if {cell.name: (cell.cell_type, cell.checksum) for cell in cells} == wanted:
            return
    except MissingEntry:
        gradebook.update_or_create_assignment(assignment)
    node = nbformat.from_dict(notebook)
    refuse_other_cells(gradebook, assignment, node)
    gradebook.db.commit()
    resources = {"nbgrader": {"notebook": assignment, "assignment": assignment, "db_url": url}}
    SaveCells().preprocess(node, resources)
    gradebook.db.expire_all()
