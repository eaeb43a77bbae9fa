"""The rows of nbgrader's gradebook that a graded submission has, written many submissions at a time.

nbgrader's own calls take tens of queries for each submission; the same rows are made here with a handful
for a whole chunk, on nbgrader's tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import bindparam, func, insert, select, update
from traitlets.config import Config

NO_RESPONSE = "No response."


@dataclass(frozen=True)
class Entry:
    """What a grading run knows of one submission.

    ``timestamp`` is its time, where one is known; ``stamped`` says that its collector left one, known or not.
    ``scores`` has each graded cell's score, ``None`` where a person has to read. ``blank`` has the solution
    cells left as released, ``fresh`` the answers in words that differ from those recorded last.
    """

    student: str
    timestamp: datetime | None
    stamped: bool
    scores: Mapping[str, float | None]
    blank: frozenset[str]
    fresh: frozenset[str]


@dataclass(frozen=True)
class _Cells:
    """The gradebook's ids of an assignment, its notebook, and that notebook's cells by name."""

    assignment: str
    notebook: str
    duedate: datetime | None
    graded: Mapping[str, str]
    solutions: Mapping[str, str]


def record(gradebook: Gradebook, assignment: str, entries: Sequence[Entry], config: Config) -> None:
    """Record submissions of a registered assignment in one transaction.

    Manual scores, extra credit and comments stay. A graded cell waits for a person when it has no score
    of its own, or when what a person scored has changed since.
    """
    registered = gradebook.find_notebook(assignment, assignment)
    cells = _Cells(
        registered.assignment.id,
        registered.id,
        registered.assignment.duedate,
        {cell.name: cell.id for cell in registered.grade_cells},
        {cell.name: cell.id for cell in registered.solution_cells},
    )
    try:
        notebooks = _submissions(gradebook, cells, entries)
        _grades(gradebook, cells, entries, notebooks)
        _comments(gradebook, cells, entries, notebooks)
        _penalties(gradebook, cells, config, [entry.student for entry in entries])
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise


def renew_penalties(gradebook: Gradebook, assignment: str, config: Config) -> None:
    """Have being late cost what it does by today's marks and times, for everybody who handed in."""
    for registered in gradebook.find_assignment(assignment).notebooks:
        cells = _Cells(registered.assignment.id, registered.id, registered.assignment.duedate, {}, {})
        _penalties(gradebook, cells, config)
    gradebook.db.commit()


def _many(gradebook: Gradebook, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        gradebook.db.connection().execute(statement, rows)


def _submissions(gradebook: Gradebook, cells: _Cells, entries: Sequence[Entry]) -> dict[str, str]:
    """Make students and submissions that are new; return the submitted notebook's id by student."""
    db, names = gradebook.db, [entry.student for entry in entries]
    known = set(db.scalars(select(Student.id).where(Student.id.in_(names))))
    _many(gradebook, insert(Student.__table__), [{"id": name} for name in names if name not in known])

    table = SubmittedAssignment.__table__
    mine = (table.c.assignment_id == cells.assignment) & table.c.student_id.in_(names)
    found = {row.student_id: row for row in db.execute(select(table).where(mine))}
    new = {entry.student: new_uuid() for entry in entries if entry.student not in found}
    _many(gradebook, insert(table), [
        {"id": new[entry.student], "assignment_id": cells.assignment, "student_id": entry.student,
         "timestamp": entry.timestamp}
        for entry in entries if entry.student in new
    ])  # fmt: skip
    _many(gradebook, update(table).where(table.c.id == bindparam("row")), [
        {"row": found[entry.student].id, "timestamp": entry.timestamp}
        for entry in entries
        if entry.stamped and entry.student in found and found[entry.student].timestamp != entry.timestamp
    ])  # fmt: skip

    ids = {student: row.id for student, row in found.items()} | new
    return _notebooks(gradebook, cells, ids)


def _notebooks(gradebook: Gradebook, cells: _Cells, submissions: Mapping[str, str]) -> dict[str, str]:
    table = SubmittedNotebook.__table__
    mine = (table.c.notebook_id == cells.notebook) & table.c.assignment_id.in_(submissions.values())
    found = {row.assignment_id: row.id for row in gradebook.db.execute(select(table).where(mine))}
    new = {submission: new_uuid() for submission in submissions.values() if submission not in found}
    _many(gradebook, insert(table), [
        {"id": notebook, "assignment_id": submission, "notebook_id": cells.notebook, "flagged": False}
        for submission, notebook in new.items()
    ])  # fmt: skip
    found |= new
    return {student: found[submission] for student, submission in submissions.items()}


def _grades(gradebook: Gradebook, cells: _Cells, entries: Iterable[Entry], notebooks: Mapping[str, str]) -> None:
    table = Grade.__table__
    found = _rows(gradebook, table, notebooks)
    new, changed = [], []
    for entry in entries:
        for name, cell in cells.graded.items():
            score, notebook = entry.scores[name], notebooks[entry.student]
            row = found.get((notebook, cell))
            if row is None:
                new.append({"id": new_uuid(), "cell_id": cell, "notebook_id": notebook,
                            "auto_score": score, "needs_manual_grade": score is None})  # fmt: skip
                continue
            waits = score is None
            if row.manual_score is not None:
                waits = row.needs_manual_grade or row.auto_score != score or name in entry.fresh
            if (row.auto_score, row.needs_manual_grade) != (score, waits):
                changed.append({"row": row.id, "auto_score": score, "needs_manual_grade": waits})
    _many(gradebook, insert(table), new)
    _many(gradebook, update(table).where(table.c.id == bindparam("row")), changed)


def _comments(gradebook: Gradebook, cells: _Cells, entries: Iterable[Entry], notebooks: Mapping[str, str]) -> None:
    table = Comment.__table__
    found = _rows(gradebook, table, notebooks)
    new, changed = [], []
    for entry in entries:
        for name, cell in cells.solutions.items():
            notebook, said = notebooks[entry.student], NO_RESPONSE if name in entry.blank else None
            row = found.get((notebook, cell))
            if row is None:
                new.append({"id": new_uuid(), "cell_id": cell, "notebook_id": notebook, "auto_comment": said})
            elif row.auto_comment != said:
                changed.append({"row": row.id, "auto_comment": said})
    _many(gradebook, insert(table), new)
    _many(gradebook, update(table).where(table.c.id == bindparam("row")), changed)


def _rows(gradebook: Gradebook, table: Any, notebooks: Mapping[str, str]) -> dict[tuple[str, str], Any]:
    rows = gradebook.db.execute(select(table).where(table.c.notebook_id.in_(notebooks.values())))
    return {(row.notebook_id, row.cell_id): row for row in rows}


def _penalties(gradebook: Gradebook, cells: _Cells, config: Config, students: Sequence[str] | None = None) -> None:
    """Let nbgrader's plugin say what being late costs, some or all; who is in time again has no penalty."""
    submission, notebook = SubmittedAssignment.__table__, SubmittedNotebook.__table__
    total = select(func.coalesce(func.sum(Grade.score), 0.0)).where(Grade.notebook_id == notebook.c.id)
    asked = (
        select(submission.c.student_id, submission.c.timestamp, submission.c.extension, notebook.c.id,
               notebook.c.late_submission_penalty, total.scalar_subquery().label("score"))
        .join(notebook, notebook.c.assignment_id == submission.c.id)
        .where(notebook.c.notebook_id == cells.notebook)
    )  # fmt: skip
    rows = gradebook.db.execute(asked if students is None else asked.where(submission.c.student_id.in_(students)))
    assign = AssignLatePenalties(config=config)
    assign.init_plugin()
    changed = []
    for row in rows:
        penalty = _penalty(assign, row, cells.duedate)
        if penalty != row.late_submission_penalty:
            changed.append({"row": row.id, "late_submission_penalty": penalty})
    _many(gradebook, update(notebook).where(notebook.c.id == bindparam("row")), changed)


def _penalty(assign: AssignLatePenalties, row: Any, duedate: datetime | None) -> float | None:
    if duedate is None or row.timestamp is None:
        return None
    due = duedate + row.extension if row.extension else duedate
    late = (row.timestamp - due).total_seconds()
    if late <= 0:
        return None
    penalty = assign.plugin_inst.late_submission_penalty(row.student_id, row.score, late)
    if penalty is None:
        return None
    checked: float = assign._check_late_penalty(SimpleNamespace(score=row.score), penalty)
    return checked
