"""What ``nbgrader autograde`` and formgrader do with a hand-in instead of running it.

``nbgrader_config.py`` names these: the exporter reads a hand-in with suspicion and gives nbgrader the
released notebook with the student's text in it; the preprocessor puts the confined grader's scores where
nbgrader would execute. The same code as ``python -m autograder grade`` judges, so the scores are the same.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Enum

from ..judging.exams import Pool, Register
from ..judging.finding import COMPANIONS
from ..judging.grading import ended, grade, look_again, prepare, released
from ..judging.hand_ins import HandIn
from ..model import Limits
from ..sandbox import backends
from ..sandbox.session import AUTO
from .filling import read_released
from .graded_notebook import rebuild, with_scores


class HandInExporter(NotebookExporter):
    """Reads a hand-in as the grader does: whatever it is, what comes out is fit for nbgrader."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """Return nbgrader's conversion of the released notebook with the hand-in's sources in it."""
        del kw
        directory: CourseDirectory = self.parent.coursedir  # type: ignore[union-attr]
        names = resources["nbgrader"]
        folder = Path(directory.format_path(directory.release_directory, ".", names["assignment"]))
        released = read_released(folder / f"{names['notebook']}.ipynb")
        path = _handed_in(directory, names)
        _leave_out(Path(directory.format_path(directory.autograded_directory, *_place(names))), path.parent)
        limits = Limits().changed(self.config.ConfinedJudge.get("limits", {}))
        notebook = rebuild(released, HandIn(names["student"], path).open(limits.notebook).notebook)
        resources["metadata"] = {"name": names["notebook"], "path": str(Path(filename).parent)}
        node = nbformat.from_dict(notebook)
        output: tuple[Any, Any] = self.from_notebook_node(node, resources)  # type: ignore[no-untyped-call]
        return output


class ConfinedJudge(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the place of nbgrader's Execute: each test cell gets one output, the grader's score."""

    confinement = Enum(
        (AUTO, *backends.MAKE),
        AUTO,
        help="What confines submissions; 'auto' is the strongest that works here; unconfined they can do harm.",
    ).tag(config=True)
    limits = Dict(
        help="Limits on a submission set anew, as {'call_seconds': 5, 'memory': 2048}, times in seconds, sizes in MiB: "
        f"{Limits().text()}. New processes are never allowed."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade the hand-in that a notebook was rebuilt from, and put the scores into it."""
        directory: CourseDirectory = self.parent.parent.coursedir
        names = resources["nbgrader"]
        exams = _exams(names["assignment"], Path(directory.root), Limits().changed(self.limits), self.confinement)
        submission = HandIn(names["student"], _handed_in(directory, names)).read(exams.limits, exams.release)
        exam = exams.sitting(names["student"], submission).exam
        verdict = grade(exam, names["student"], submission)
        if ended(verdict):
            verdict = look_again(exam, submission, verdict)
        self.log.info("Confined by: %s", verdict.confinement)
        graded: NotebookNode = nbformat.from_dict(with_scores(nb, verdict))
        return graded, resources


def _handed_in(directory: CourseDirectory, names: Any) -> Path:
    folder = directory.format_path(directory.submitted_directory, *_place(names))
    return Path(folder) / f"{names['notebook']}.ipynb"


def _place(names: Any) -> tuple[str, str]:
    return names["student"], names["assignment"]


def _leave_out(copied: Path, submitted: Path) -> None:
    """Remove what nbgrader has copied beside a notebook: it follows links, and feedback would hand that on."""
    for path in copied.rglob("*"):
        original = submitted / path.relative_to(copied)
        if path.is_file() and (path.name not in COMPANIONS or original.is_symlink()):
            path.unlink()


@cache
def _exams(assignment: str, root: Path, limits: Limits, confinement: str) -> Pool:
    """Open a round of exams once a process; nbgrader may show feedback whenever it ends."""
    draw = partial(prepare, assignment, limits=limits, confinement=confinement, root=root)
    pool = Pool(draw, Register(root / ".autograder" / assignment / "exams"), limits, released(assignment, root))
    pool.close()
    return pool
