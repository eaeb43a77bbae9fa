"""What a change of a hand-in changes: its code beside the old, and the same questions asked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from .judging import grading
from .judging.alike import code_of
from .judging.hand_ins import HandIn, open_file
from .model import Limits, Result, Verdict
from .sandbox import backends
from .sandbox.session import AUTO
from .submission import Release, Submission

# Of a function's code: nobody reads more.
LINES = 1000


@dataclass(frozen=True)
class Mended:
    """The lines that differ from what was handed in, and the results of a question after the change."""

    changed: tuple[str, ...]
    results: tuple[Result, ...]


def mended(before: Verdict, question: str, path: Path, submitted: Path, limits: Limits) -> Mended:
    """Ask a notebook, confined as the hand-in was, what its student was asked, and compare the code of both.

    What was graded without confinement was so by an instructor's word for that run: now the strongest counts.

    Raises
    ------
    OSError, SandboxError, ConfinementError
        If the notebook cannot be opened, or the machine is at fault.
    """
    name = before.assignment
    confinement = before.confinement if before.confinement in backends.CONFINING else AUTO
    exam = grading.prepare(name, before.seed, limits=limits, confinement=confinement)
    fix = open_file(path, name, limits.notebook).submission(exam.release)
    after = grading.grade(exam, before.student, fix)
    old = HandIn(before.student, submitted / before.student / name / f"{name}.ipynb").read(limits, exam.release)
    return Mended(
        tuple(_changed(old, fix, question, exam.release)),
        tuple(one for one in after.results if one.question == question),
    )


def _changed(old: Submission, new: Submission, question: str, release: Release) -> Iterator[str]:
    before, after = (code_of(one, release).get(question, "").splitlines()[:LINES] for one in (old, new))
    yield from unified_diff(before, after, "handed in", "changed", lineterm="")
