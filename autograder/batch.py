"""Many submissions: found, judged side by side, kept, and written down as ``scores.csv``."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from . import notebook
from .grading import Exam, grade
from .model import Verdict
from .notebook import Submission
from .sandbox import ConfinementError
from .store import Store, fingerprint, key, write_atomically

COLUMNS = ("student", "assignment", "question", "criterion", "score", "max_score", "status", "message")
ATTEMPTS = 3


class NothingToGradeError(ValueError):
    """The folder of hand-ins is missing or empty."""


@dataclass(frozen=True)
class HandIn:
    """A student's folder; ``student`` is its name, escaped where it is not UTF-8."""

    student: str
    path: Path
    linked: bool = False

    def read(self, exam: Exam) -> Submission:
        """Return what of it counts."""
        if self.linked:
            return Submission.unreadable(exam.release, "the hand-in is a link to another place")
        return notebook.read(self.path, exam.release, exam.limits.notebook)


def hand_ins(submitted: Path, assignment: str) -> list[HandIn]:
    """Return every student below ``submitted``, sorted by name; hidden folders and plain files do not count.

    Raises
    ------
    NothingToGradeError
        If there is no such folder or nobody in it.
    """
    try:
        entries = sorted(os.scandir(submitted), key=lambda entry: os.fsencode(entry.name))
    except OSError as problem:
        raise NothingToGradeError(f"{submitted} cannot be read: {problem.strerror}") from problem
    found = []
    for entry in entries:
        if entry.name.startswith(".") or not entry.is_dir():
            continue
        folder = Path(entry.path, assignment)
        name = os.fsencode(entry.name).decode(errors="backslashreplace")
        found.append(HandIn(name, folder / f"{assignment}.ipynb", entry.is_symlink() or folder.is_symlink()))
    if not found:
        raise NothingToGradeError(f"{submitted} holds no student's folder")
    return found


class Batch:
    """The verdicts of a class: judged where they are not yet in the store."""

    def __init__(self, exam: Exam, submitted: Sequence[HandIn], store: Store) -> None:
        self.exam, self.submitted, self.store = exam, submitted, store
        self.fingerprint = fingerprint(exam)
        self.keys: dict[str, str] = {}
        self.failures: dict[str, str] = {}

    def run(self, executor: Callable[[], Executor], done: Callable[[str], None]) -> None:
        """Judge all; ``done`` is told each student whose verdict is kept.

        An executor that breaks (a judging process was killed) is replaced, and only what it left over is
        judged again. Students without a verdict in the end are in ``failures``.

        Raises
        ------
        ConfinementError
            If this machine cannot confine.
        OSError
            If a verdict cannot be kept, for instance on a full disk.
        """
        left = list(self.submitted)
        for _ in range(ATTEMPTS):
            with executor() as workers:
                left = self._judge(left, workers, done)
            if not left:
                return

    def _judge(self, left: Sequence[HandIn], workers: Executor, done: Callable[[str], None]) -> list[HandIn]:
        """Judge with a bounded number in flight; return the hand-ins whose judging failed."""
        failed: list[HandIn] = []
        running: dict[Future[Verdict], HandIn] = {}
        waiting = iter(left)
        exhausted = False
        while running or not exhausted:
            while not exhausted and len(running) < 4 * (os.cpu_count() or 1):
                hand_in = next(waiting, None)
                if hand_in is None:
                    exhausted = True
                elif (future := self._start(hand_in, workers, failed)) is not None:
                    running[future] = hand_in
                elif hand_in.student not in self.failures:
                    done(hand_in.student)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                hand_in = running.pop(future)
                if self._keep(future, hand_in, failed):
                    done(hand_in.student)
        return failed

    def _start(self, hand_in: HandIn, workers: Executor, failed: list[HandIn]) -> Future[Verdict] | None:
        try:
            submission = hand_in.read(self.exam)
            self.keys[hand_in.student] = name = key(self.fingerprint, submission)
            if name in self.store:
                return None
            return workers.submit(grade, self.exam, hand_in.student, submission)
        except Exception as problem:  # an executor that broke while earlier submissions ran, an unreadable disk
            self._fail(hand_in, problem, failed)
            return None

    def _keep(self, future: Future[Verdict], hand_in: HandIn, failed: list[HandIn]) -> bool:
        try:
            verdict = future.result()
        except ConfinementError:
            raise
        except Exception as problem:  # the machine's doing, not the submission's: try again, say it in the end
            self._fail(hand_in, problem, failed)
            return False
        self.store.put(self.keys[hand_in.student], verdict)
        self.failures.pop(hand_in.student, None)
        return True

    def _fail(self, hand_in: HandIn, problem: Exception, failed: list[HandIn]) -> None:
        self.failures[hand_in.student] = f"{type(problem).__name__}: {problem}"
        failed.append(hand_in)

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdicts one by one, in the order of the students."""
        for student in self.judged():
            yield self.store.get(self.keys[student], student)

    def judged(self) -> list[str]:
        """Return the students who have a verdict."""
        return [one.student for one in self.submitted if one.student not in self.failures]

    def write_scores(self, path: Path) -> None:
        """Write ``scores.csv``."""
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(COLUMNS)
        for verdict in self.verdicts():
            for result in verdict.results:
                message = " ".join(result.message.split())
                scores = (f"{result.score:g}", f"{result.max_score:g}", str(result.status))
                rows.writerow(
                    (verdict.student, verdict.assignment, result.question, result.criterion, *scores, message)
                )
        write_atomically(path, text.getvalue().encode(errors="backslashreplace"))


def processes(count: int) -> Executor:
    """Return an executor of ``count`` processes of this machine."""
    return ProcessPoolExecutor(count, mp_context=get_context("forkserver"))
