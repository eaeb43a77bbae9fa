"""Verdicts into nbgrader's gradebook, a whole class at a time.

What nbgrader would record for a submission after running it (student, submission, score of each test cell,
what waits for a person, late penalty, graded notebook) is recorded here from a verdict, in bulk. What a
person entered (manual scores, extra credit, comments) is never touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import parse_utc
from traitlets.config import Config

from ..files import write_atomically
from ..model import Limits, Verdict
from ..notebook import NotebookError, grade_id, is_linked, parse, read_regular, source_of
from .graded_notebook import answered, rebuild, results_of, score_of, serialise, with_scores
from .nbgrader_course import alone, open_gradebook
from .release import refuse_other_cells
from .rows import Entry, record

CHUNK = 25
# What nbgrader's collector puts beside a notebook, and its feedback release looks for.
COMPANIONS = ("timestamp.txt", "submission_secret.txt")
COMPANION_LIMIT = 4096
# A student's client wrote the time stamp, and nbgrader would open a file that it names as its time zone.
CLOCK = r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?"
STAMP = re.compile(rf"\d{{4}}-\d\d-\d\d( {CLOCK}( [A-Za-z]+(/[A-Za-z_]+)*)?|[ T]{CLOCK}(Z|[+-]\d\d:\d\d)?)")


def fill(
    url: str,
    assignment: str,
    verdicts: Iterable[Verdict],
    *,
    released: Path,
    submitted: Path,
    autograded: Path,
    config: Config | None = None,
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
        The course's configuration: course id and late penalty plugin.

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
        remaining = iter(verdicts)
        while chunk := list(islice(remaining, CHUNK)):
            graded = [
                _Graded.of(verdict, notebook, submitted, autograded, notes)
                for verdict in chunk
                if _nameable(verdict.student, notes)
            ]
            record(gradebook, assignment, [one.entry for one in graded], config)
            # Files come after the database: until they are there, a rerun still sees what has changed.
            for one in graded:
                one.write()
            # Not two chunks at once in memory.
            del chunk, graded
    return notes


def _nameable(student: str, notes: list[str]) -> bool:
    """Whether a student's name can be written to a database at all; a folder's name can be any bytes."""
    try:
        student.encode()
    except UnicodeEncodeError:
        notes.append(f"{student!r}: the folder's name is not UTF-8; rename it to have it in the gradebook")
        return False
    return True


@dataclass(frozen=True)
class _Graded:
    """A submission's entry for the gradebook, and the files that go with it."""

    entry: Entry
    folder: Path
    files: Mapping[str, bytes]

    @classmethod
    def of(
        cls, verdict: Verdict, released: Mapping[str, Any], submitted: Path, autograded: Path, notes: list[str]
    ) -> _Graded:
        """Read a hand-in once more, as text, and lay out what is to be recorded of it."""
        source, folder = (place / verdict.student / verdict.assignment for place in (submitted, autograded))
        name = f"{verdict.assignment}.ipynb"
        notebook = with_scores(rebuild(released, hand_in(source / name)), verdict)
        files = _companions(source / name)
        timestamp = _time(files["timestamp.txt"]) if "timestamp.txt" in files else None
        if "timestamp.txt" in files and timestamp is None:
            del files["timestamp.txt"]
            notes.append(f"{verdict.student!r}: timestamp.txt holds no time; nothing counts as late")
        entry = _entry(verdict, timestamp, released, notebook, folder / name)
        return cls(entry, folder, {name: serialise(notebook)} | files)

    def write(self) -> None:
        """Write what has changed of the files."""
        for name, content in self.files.items():
            path = self.folder / name
            if not path.is_file() or path.read_bytes() != content:
                write_atomically(path, content)


def read_released(path: Path) -> dict[str, Any]:
    """Return a released notebook as plain values; each cell's source is one string."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    cells = [{**cell, "source": source_of(cell)} for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def hand_in(path: Path) -> Mapping[str, Any] | None:
    """Return a parsed hand-in, or ``None`` where there is none that can be read; folders are not links."""
    try:
        return None if is_linked(path) else parse(path, Limits().notebook)
    except (NotebookError, FileNotFoundError):
        return None


def _companions(path: Path) -> dict[str, bytes]:
    """Return what the collector put beside a notebook."""
    files: dict[str, bytes] = {}
    for name in () if is_linked(path) else COMPANIONS:
        with suppress(NotebookError, FileNotFoundError):
            files[name] = read_regular(path.with_name(name), COMPANION_LIMIT)
    return files


def _time(stamp: bytes) -> datetime | None:
    """Return the time of a stamp as nbgrader reads it, in UTC; ``None`` if it is none."""
    try:
        text = stamp.decode().strip()
        return parse_utc(text) if STAMP.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def _entry(
    verdict: Verdict,
    timestamp: datetime | None,
    released: Mapping[str, Any],
    notebook: Mapping[str, Any],
    recorded: Path,
) -> Entry:
    originals = {grade_id(cell): cell for cell in released["cells"]}
    before = {grade_id(cell): source_of(cell) for cell in (hand_in(recorded) or {"cells": ()})["cells"]}
    scores: dict[str, float | None] = {}
    blank, fresh = set(), set()
    for cell in notebook["cells"]:
        flags, name = cell["metadata"].get("nbgrader", {}), grade_id(cell) or ""
        if flags.get("solution"):
            if not answered(cell, originals[name]):
                blank.add(name)
            if flags["grade"]:
                scores[name] = 0.0 if name in blank else None
            if before.get(name) != source_of(cell):
                fresh.add(name)
        elif flags.get("grade"):
            scores[name] = score_of(results_of(verdict, name), flags["points"])
    return Entry(verdict.student, timestamp, scores, frozenset(blank), frozenset(fresh))


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
