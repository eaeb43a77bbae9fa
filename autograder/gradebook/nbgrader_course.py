"""The course as nbgrader knows it: its configuration, and its gradebook opened with care."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader import api, dbutil
from nbgrader.api import Gradebook, InvalidEntry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from ..course import NAME, Course, course_in
from ..files import alone_in

CONFIG = "nbgrader_config.py"


class GradebookError(Exception):
    """The gradebook cannot be used as asked; the message is one line and names the cure."""


def course_config(root: Path) -> Config:
    """Read ``nbgrader_config.py`` of the course folder ``root``; raises ``FileNotFoundError`` without it."""
    try:
        config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except ConfigFileNotFound:
        raise FileNotFoundError(f"{root} is no course folder: it has no {CONFIG}") from None
    config.CourseDirectory.root = str(root.resolve())
    return config


def gradebook_url(root: Path) -> str:
    """Where nbgrader keeps the gradebook of the course folder ``root``."""
    url = course_config(root).CourseDirectory.get("db_url")
    return str(url) if url else f"sqlite:///{root.resolve() / 'gradebook.db'}"


def has_gradebook(root: Path) -> bool:
    """Whether there is a gradebook where the folder's configuration has it; one on a server is taken to be there."""
    if not (root / CONFIG).exists():
        return (root / "gradebook.db").exists()
    target = make_url(gradebook_url(root))
    return target.get_backend_name() != "sqlite" or Path(target.database or "").is_file()


def told_in(config: Config) -> Course | None:
    """Return what ``course.toml`` says in the folder of a configuration, or of the course that it releases from.

    So a gradebook counts by the file of its own year, whichever copy of the course reads it.
    """
    root = Path(config.CourseDirectory.get("root") or "")
    source = root / config.CourseDirectory.get("source_directory", "")
    return next((course_in(folder) for folder in (root, source.parent.parent) if (folder / NAME).is_file()), None)


@contextmanager
def open_gradebook(url: str, course: str) -> Iterator[Gradebook]:
    """Open a gradebook, making it where there is none; database errors become :class:`GradebookError`."""
    with explained(url), Gradebook(url, course) as gradebook:
        yield gradebook


def _version() -> str:
    """Return the version of nbgrader's tables, which it would ask a command that takes seconds to start."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - only for a new gradebook

    return str(ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head())


api.get_alembic_version = _version


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Keep a second grader or release of this project waiting while one writes to an SQLite gradebook."""
    target = make_url(url)
    folder = Path(target.database or ":memory:").parent
    if target.get_backend_name() != "sqlite" or not folder.is_dir():
        yield
        return
    # The folder itself is locked: it is there already, and SQLite has its own locks on the file.
    with alone_in(folder):
        yield


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn what a database says into one line that names the cure."""
    try:
        yield
    except (DatabaseError, InvalidEntry) as error:
        raise GradebookError(explain(url, error)) from error


def explain(url: str, error: BaseException) -> str:
    """One line on a database error, for an instructor."""
    said = str(error.orig if isinstance(error, DatabaseError) else error).splitlines()[0]
    return f"gradebook {url}: {said}; {_cure(said, isinstance(error, OperationalError))}"


def _cure(said: str, operational: bool) -> str:
    cures = {
        "locked": "close the program that is writing to it (formgrader, another nbgrader) and run again",
        "readonly": "make the file and its folder writable, and run again",
        "read-only": "make the file and its folder writable, and run again",
        "unable to open": "make the folder exist and be writable, and run again",
        "disk": "free some disk space and run again; nothing that was recorded is lost",
        "not a database": "move the damaged file away (or restore a copy of it) and run again",
        "no such column": "keep a copy of it, then run: nbgrader db upgrade",
        "no such table": "keep a copy of it, then run: nbgrader db upgrade",
    }
    for words, cure in cures.items():
        if words in said:
            return cure
    return "check that it can be reached" if operational else "keep a copy of it and see what changed it"


def quiet_logger() -> tuple[logging.Logger, list[str]]:
    """Make a logger for nbgrader's converters that keeps warnings and errors instead of printing them."""
    kept: list[str] = []
    logger = logging.Logger("nbgrader", logging.WARNING)
    handler = logging.Handler()
    handler.emit = lambda record: kept.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(handler)
    return logger, kept
