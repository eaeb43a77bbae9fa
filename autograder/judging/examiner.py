"""A submission under examination: its cells run in a confined process, calls made there, ends survived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from types import TracebackType

from ..model import Call, Reply, Status
from ..notebook import Cell, Submission
from ..sandbox import wire
from ..sandbox.replies import SandboxEnd, as_reply
from ..sandbox.session import NONCE, Sandbox, Session
from .exam import Exam, Paper

# What each process that it has ended costs a submission; thousands of cells could end one each.
RESTART_SECONDS = 0.5


class Examiner:
    """Keeps a submission's cells run in a confined process, and makes calls there.

    A process that ends is replaced by a fresh one in which the cells run again, without those that ended a
    process; what a submission does to itself thus costs it no more than the calls concerned. Only seconds in
    which its own code ran count against its limits, and something for each process that it has ended.
    """

    def __init__(self, exam: Exam, submission: Submission) -> None:
        self.exam, self.cells = exam, submission.cells
        self.limits = exam.limits
        self.left = self.limits.submission_seconds
        self.session: Session | None = None
        self.packages: tuple[str, ...] = ()
        self.troubles: dict[str, Reply] = {}
        self.crashes: Counter[int] = Counter()
        self.deadly: set[int] = set()
        self.spent: dict[str, float] = {}

    def __enter__(self) -> Examiner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def replies(self, paper: Paper, calls: Sequence[Call]) -> list[Reply]:
        """Make calls in the submission's namespace, up to the first that ends the process.

        A crash is believed only when it happens twice.
        """
        replies: list[Reply] = []
        crashed = False
        while len(replies) < len(calls):
            got, end = self._ask_calls(paper, calls[len(replies) :])
            replies += (self._explained(paper, reply) for reply in got)
            if end is None:
                break
            self._lose()
            if end.status is not Status.CRASHED or (crashed and not got):
                replies.append(Reply(end.status, message=end.message))
                break
            crashed = True
        return replies

    def _explained(self, paper: Paper, reply: Reply) -> Reply:
        """Return, where a function is missing, what happened to its cell, and name the limit on memory."""
        if reply.status is Status.MISSING:
            reply = self.troubles.get(paper.question, reply)
        if reply.status is Status.MEMORY:
            return replace(reply, message=f"{reply.message} (a submission may use {self.limits.memory >> 20} MiB)")
        return reply

    def _ask_calls(self, paper: Paper, calls: Sequence[Call]) -> tuple[list[Reply], SandboxEnd | None]:
        """Return the replies that came, and how the process ended if it did."""
        spent = self.spent.get(paper.question, 0.0)
        try:
            self._check_time(paper)
            session = self._ready(paper)
            self._check_time(paper)
        except SandboxEnd as problem:
            return [], problem
        budget = min(self.limits.function_seconds - spent, self.left)
        frame = _packed(paper.question, tuple(calls))
        answers, end = session.request_all(frame, len(calls), self.limits.call_seconds, budget)
        self.left -= session.used
        self.spent[paper.question] = spent + session.used
        replies: list[Reply] = []
        try:
            for answer in answers:
                replies.append(as_reply(answer))
            if end and end.status is Status.TIMEOUT:
                self._check_time(paper)
        except SandboxEnd as problem:
            return replies, problem
        return replies, end

    def _ask_cell(self, session: Session, cell: Cell) -> Reply:
        self._check_time()
        message = {"cell": cell.source, "name": f"<{cell.name}>"}
        try:
            return as_reply(session.request(message, min(self.limits.cell_seconds, self.left)))
        finally:
            self.left -= session.used

    def _check_time(self, paper: Paper | None = None) -> None:
        """Raise :class:`SandboxEnd` if the submission, or a paper's function, has no time left."""
        text = f"the submission used up its {self.limits.submission_seconds:g} s" if self.left <= 0 else ""
        if paper and self.spent.get(paper.question, 0.0) >= self.limits.function_seconds:
            text = f"{paper.question} used up its {self.limits.function_seconds:g} s"
        if text:
            raise SandboxEnd(Status.TIMEOUT, text)

    def _ready(self, paper: Paper) -> Session:
        """Return a session that has the paper's packages and has run all cells."""
        if self.session and self.packages != paper.packages:
            self._end()
        while self.session is None:
            self.packages = paper.packages
            self.session = Sandbox(self.limits, paper.packages, self.exam.confined).start()
            if not self._run_cells(self.session):
                self._lose()
        return self.session

    def _run_cells(self, session: Session) -> bool:
        probes = [Cell("probe", paper.probe) for paper in self.exam.papers if paper.probe]
        for number, cell in enumerate((*self.cells, *probes)):
            if number in self.deadly:
                continue
            try:
                reply = self._ask_cell(session, cell)
            except SandboxEnd as end:
                self._check_time()
                self.crashes[number] += 1
                if end.status is not Status.CRASHED or self.crashes[number] > 1:
                    self.deadly.add(number)
                    self.troubles[cell.name] = Reply(end.status, message=f"the cell did not finish: {end.message}")
                return False
            if reply.status is Status.PASSED:
                self.troubles.pop(cell.name, None)
            else:
                self.troubles[cell.name] = reply
        return True

    def _lose(self) -> None:
        """End a process that the submission has made useless, at its expense."""
        if self.session:
            self._end()
            self.left -= RESTART_SECONDS

    def _end(self) -> None:
        if self.session:
            self.session.close()
            self.session = None


@lru_cache(maxsize=1 << 12)
def _packed(question: str, calls: tuple[Call, ...]) -> bytes:
    """Return the frame that asks for these calls, which is the same for everybody."""
    asked = [(call.function, tuple(call.args), dict(call.kwargs)) for call in calls]
    return wire.pack({"question": question, "calls": asked}, NONCE)
