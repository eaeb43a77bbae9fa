"""Releases an assignment: ``solutions/<name>.py`` becomes ``exercises/<name>/<name>.ipynb``.

The solution is checked and completed by :mod:`autograder.source` and kept in ``build/source``, where nbgrader
looks for it; nbgrader itself then takes the answers out and records the cells in the gradebook.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DatabaseError
from traitlets.config import Config

from ..assignments import load
from ..files import write_atomically
from ..model import Assignment
from .nbgrader_course import GradebookError, alone, course_config, explain, gradebook_url, open_gradebook, quiet_logger
from .source import ReleaseError, source_notebook


def release_notebook(
    name: str, root: Path, *, gradebook: str | None = None, assignment: Assignment | None = None
) -> Path:
    """Release one assignment of the course folder ``root`` and return the released notebook's path.

    ``gradebook`` is a database URL, by default nbgrader's own for this course; what it holds on submissions
    survives. ``assignment`` says what is asked, by default what ``autograder.assignments`` calls ``name``.
    The released bytes depend on the solution and the assignment alone.

    Raises
    ------
    ReleaseError
        If the solution is not fit to be released; one line says why.
    GradebookError
        If the gradebook cannot be written, or holds submissions of other cells than these.
    """
    config = course_config(root)
    solution = _solution(name, root)
    source = source_notebook(solution, assignment or _asked(name))
    directory = CourseDirectory(config=config)
    course = directory.course_id
    url = gradebook or gradebook_url(root)
    text: str = nbformat.writes(source)
    place = Path(directory.format_path(directory.source_directory, ".", name))
    write_atomically(place / f"{name}.ipynb", text.encode())
    target = Path(directory.format_path(directory.release_directory, ".", name)) / f"{name}.ipynb"
    with alone(url), tempfile.TemporaryDirectory() as folder:
        with open_gradebook(url, course) as opened:
            refuse_other_cells(opened, name, source)
        write_atomically(target, _generate(config, url, name, Path(folder)))
    target.chmod(0o644)  # for every student of this machine to read
    return target.resolve()


def refuse_other_cells(gradebook: Gradebook, name: str, notebook: NotebookNode) -> None:
    """Raise :class:`GradebookError` if submissions are recorded for other cells than the notebook's.

    nbgrader cannot add or remove cells of an assignment once it has submissions.
    """
    try:
        known = gradebook.find_notebook(name, name)
    except MissingEntry:
        return
    old = {cell.name for cell in known.source_cells}
    new = {cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata}
    if known.submissions and old != new:
        both = {"new": new - old, "gone": old - new}
        changes = [f"{word}: {', '.join(sorted(ids))}" for word, ids in both.items() if ids]
        raise GradebookError(
            f"the gradebook holds submissions of {name!r} with other cells ({'; '.join(changes)}): "
            "keep these cells' names, or start a new gradebook"
        )


def _solution(name: str, root: Path) -> Path:
    path = root / "solutions" / f"{name}.py"
    if not re.fullmatch(r"\w+", name) or not path.is_file():
        there = ", ".join(sorted(other.stem for other in path.parent.glob("*.py"))) or "none"
        raise ReleaseError(f"no such solution: solutions/{name}.py (there are: {there})")
    return path


def _asked(name: str) -> Assignment:
    try:
        return load(name)
    except KeyError as error:
        raise ReleaseError(error.args[0]) from None


def _generate(config: Config, url: str, name: str, folder: Path) -> bytes:
    """Let nbgrader take the answers out, into ``folder``: a failure leaves the last release as it was."""
    logger, said = quiet_logger()
    directory = CourseDirectory(config=config, log=logger, assignment_id=name, db_url=url)
    directory.release_directory = str(folder)
    try:
        GenerateAssignment(coursedir=directory, config=config, log=logger, force=True).start()
    except NbGraderException as error:
        cause = error.__context__
        if isinstance(cause, DatabaseError):
            raise GradebookError(explain(url, cause)) from error
        lines = [line for text in said for line in text.splitlines() if "Error" in line]
        raise ReleaseError(f"nbgrader refused solutions/{name}.py: {(lines or [str(error)])[-1]}") from error
    return (folder / name / f"{name}.ipynb").read_bytes()
