"""Many submissions: judged side by side, and their verdicts kept."""

from __future__ import annotations

import os
import pickle
import platform
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from multiprocessing import get_context, parent_process
from threading import Thread

from ..model import Verdict
from ..sandbox.session import ConfinementError, SandboxError
from ..submission import Submission
from .exam import Exam
from .exams import SIZE, Exams
from .grading import ended, grade, look_again
from .hand_ins import HandIn
from .verdicts import Store, Verdicts, key

# A hand-in whose judging failed is tried again by itself, where it cannot take its neighbours with it.
RETRIES = 2
IN_FLIGHT = 4 * (os.cpu_count() or 1)
CONNECT_SECONDS = 5

Workers = Callable[[], AbstractContextManager[Executor]]


class Batch:
    """The verdicts of a class: judged where they are not yet in the store."""

    def __init__(self, exams: Exams, submitted: Sequence[HandIn], store: Store) -> None:
        self.exams, self.submitted, self.store = exams, submitted, store
        self.keys: dict[str, str] = {}
        # What ended a process, or was too slow, is not believed before it was judged once more, alone.
        self.doubtful: dict[str, Verdict] = {}
        self.failures: dict[str, str] = {}

    def run(self, workers: Workers, done: Callable[[str], None], in_flight: int = IN_FLIGHT) -> None:
        """Judge all, at most ``in_flight`` at a time; ``done`` is told each student whose verdict is kept.

        ``workers`` makes an executor; one that breaks (a judging process was killed) is replaced. What was
        under way then is judged again, one by one. Students without a verdict in the end are in ``failures``.

        Raises
        ------
        ConfinementError, SandboxError
            If this machine cannot confine, or not start the processes that judge.
        OSError
            If a verdict cannot be kept, for instance on a full disk.
        """
        left = self._pass(self.submitted, workers, done, in_flight)
        left += self._pass([one for one in self.submitted if one.student in self.doubtful], workers, done, 1)
        for _ in range(RETRIES):
            left = self._pass(left, workers, done, 1)

    def _pass(
        self, hand_ins: Sequence[HandIn], workers: Workers, done: Callable[[str], None], in_flight: int
    ) -> list[HandIn]:
        """Judge once, with as many executors as it takes; return the hand-ins whose judging failed."""
        failed: list[HandIn] = []
        waiting = deque(hand_ins)
        while waiting:
            before = len(waiting)
            with workers() as executor:
                self._judge(waiting, executor, done, in_flight, failed)
            if len(waiting) == before:
                raise SandboxError("the processes that judge cannot be started")
        return failed

    def _judge(
        self,
        waiting: deque[HandIn],
        executor: Executor,
        done: Callable[[str], None],
        in_flight: int,
        failed: list[HandIn],
    ) -> None:
        """Judge what waits until it is done or the executor breaks."""
        running: dict[Future[Verdict], HandIn] = {}
        broken = False
        while running or (waiting and not broken):
            while waiting and not broken and len(running) < in_flight:
                hand_in = waiting.popleft()
                try:
                    submission = hand_in.read(self.exams.limits, self.exams.release)
                except Exception as problem:  # a disk or a file that cannot be read
                    self._fail(hand_in, problem, failed)
                    continue
                try:
                    future = self._start(hand_in, submission, executor)
                except BrokenExecutor:
                    waiting.appendleft(hand_in)
                    broken = True
                else:
                    if future is None:
                        self._finish(hand_in, done)
                    else:
                        running[future] = hand_in
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                hand_in = running.pop(future)
                if self._keep(future, hand_in, failed) and hand_in.student not in self.doubtful:
                    self._finish(hand_in, done)

    def _start(self, hand_in: HandIn, submission: Submission, executor: Executor) -> Future[Verdict] | None:
        """Hand a submission to the executor, unless its verdict is already kept."""
        sitting = self.exams.sitting(hand_in.student, submission)
        name = f"{key(sitting.fingerprint, submission)}-{sitting.exam.confinement}"
        self.keys[hand_in.student] = name
        if name in self.store:
            return None
        first = self.doubtful.get(hand_in.student)
        return executor.submit(judge, sitting.packed, hand_in.student, submission, first)

    def _finish(self, hand_in: HandIn, done: Callable[[str], None]) -> None:
        self.failures.pop(hand_in.student, None)
        done(hand_in.student)

    def _keep(self, future: Future[Verdict], hand_in: HandIn, failed: list[HandIn]) -> bool:
        try:
            verdict = future.result()
        except ConfinementError:
            raise
        except Exception as problem:  # the machine's doing, not the submission's: try again, say it in the end
            self._fail(hand_in, problem, failed)
            return False
        if hand_in.student not in self.doubtful and ended(verdict):
            self.doubtful[hand_in.student] = verdict
        else:
            self.doubtful.pop(hand_in.student, None)
            self.store.put(self.keys[hand_in.student], verdict)
        return True

    def _fail(self, hand_in: HandIn, problem: Exception, failed: list[HandIn]) -> None:
        self.failures[hand_in.student] = f"{type(problem).__name__}: {problem}"
        failed.append(hand_in)

    def verdicts(self) -> Verdicts:
        """Return the verdicts in the order of the students."""
        return Verdicts(self.store, [(student, self.keys[student]) for student in self.judged()])

    def judged(self) -> list[str]:
        """Return the students who have a verdict."""
        return [one.student for one in self.submitted if one.student not in self.failures]


def judge(packed: bytes, student: str, submission: Submission, first: Verdict | None = None) -> Verdict:
    """Judge one submission by a packed exam, or look again at what ended in the ``first`` verdict.

    Raises
    ------
    ConfinementError
        If what the exam names cannot confine here; it names a cluster's worker.
    """
    exam = _exam(packed)
    try:
        return look_again(exam, submission, first) if first else grade(exam, student, submission)
    except ConfinementError as problem:
        raise ConfinementError(f"{_worker()}{problem}") from problem


def _worker() -> str:
    """Return the beginning of a sentence that names the cluster's worker that this is, if it is one."""
    try:
        from distributed import get_worker  # noqa: PLC0415 - see :func:`cluster`

        address = get_worker().address
    except ValueError:
        return ""
    return f"the worker at {address} on {platform.node()} does not confine by what this run asks for: "


@lru_cache(maxsize=SIZE)
def _exam(packed: bytes) -> Exam:
    exam: Exam = pickle.loads(packed)  # noqa: S301 - the grader's own
    return exam


def processes(count: int) -> Executor:
    """Return an executor of ``count`` processes of this machine."""
    return ProcessPoolExecutor(count, mp_context=get_context("forkserver"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Let a judging process end when its batch is killed, and its sandbox with it."""
    Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Connect to a Dask scheduler; its workers need this course, its environment and bubblewrap.

    Raises
    ------
    OSError
        If nothing answers at this address.
    """
    from distributed import Client  # noqa: PLC0415 - slow to import, and only wanted beyond one machine

    client = Client(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    with client, client.get_executor(pure=False) as executor:  # type: ignore[no-untyped-call]
        yield executor
