"""What all commands share: how they are answered, where they print, how assignments are named."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from . import assignments, run
from .collecting.download import DownloadError
from .course import CourseError
from .gradebook.nbgrader_course import GradebookError
from .gradebook.source import ReleaseError
from .judging import grading
from .judging.exams import RegisterError
from .judging.hand_ins import NothingToGradeError
from .model import Limits
from .pages.words import one_line as clean
from .sandbox.session import ConfinementError, SandboxError

BAD_INPUT = (
    NothingToGradeError,
    ConfinementError,
    SandboxError,
    GradebookError,
    grading.ExamError,
    run.RunError,
    RegisterError,
    ReleaseError,
    DownloadError,
    CourseError,
    OSError,
)
FREE_SPACE = "; free some disk space and run again, what is judged already is kept"
console = Console()
errors = Console(stderr=True)
folder = click.Path(path_type=Path, file_okay=False)


class AssignmentName(click.ParamType[str]):
    """One of the assignments; a wrong name is answered by the list of those that there are."""

    name = "assignment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or fail with the list."""
        if value not in assignments.names():
            self.fail(f"no assignment is called {value!r}; there are {', '.join(assignments.names())}", param, ctx)
        return str(value)


class Limit(click.ParamType[tuple[str, float]]):
    """A limit on submissions set anew, as ``call_seconds=5``."""

    name = "limit"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """Return name and number, or fail with the names that there are."""
        name, _, number = str(value).partition("=")
        try:
            Limits().changed({name: float(number)})
        except ValueError as problem:
            self.fail(f"{value!r}: {problem}", param, ctx)
        return name, float(number)


limits_option = click.option(
    "--limit",
    "limits",
    type=Limit(),
    multiple=True,
    metavar="NAME=NUMBER",
    help=f"Set a limit on a submission anew, times in seconds, sizes in MiB: {Limits().text()}. New "
    "processes are never allowed.",
)


def one_line(command: Callable[..., Any]) -> Callable[..., Any]:
    """Answer what an instructor can mend by one line and exit code 2."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BAD_INPUT as problem:
            full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
            raise click.UsageError(f"{problem}{FREE_SPACE if full else ''}") from problem

    return wrapped


def plain(text: str) -> Text:
    """Return a student's text as it is, without what a terminal or the table's own markup would obey."""
    return Text(clean(text))
