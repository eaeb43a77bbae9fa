"""A submission under examination: its cells run in a confined process, calls made there, ends survived."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from types import TracebackType

from ..model import Call, Reply, Status
from ..sandbox import wire
from ..sandbox.replies import SandboxEnd, as_reply
from ..sandbox.session import NONCE, Sandbox, Session
from ..submission import MOST_REMARKS, Cell, Submission
from .exam import Exam, Paper
from .modest import is_said_in

# What each process that it has ended costs a submission; thousands of cells could end one each.
RESTART_SECONDS = 0.5
UNKNOWN_NAME = re.compile(r"NameError: name '(\w{1,80})' is not defined")
MODULE = re.compile(r"[\w.]{1,80}")


class Examiner:
    """Keeps a submission's cells run in a confined process, up to wherever it is to be judged, and makes calls there.

    A process that ends is replaced by a fresh one in which the cells run again, without those that ended a
    process; what a submission does to itself thus costs it no more than the calls concerned. Only seconds in
    which its own code ran count against its limits, and something for each process that it has ended. Cells that
    the student has added have a budget of their own: whatever they do, graded functions keep theirs.
    """

    def __init__(self, exam: Exam, submission: Submission) -> None:
        self.exam, self.submission, self.cells = exam, submission, submission.cells
        self.limits = exam.limits
        self.target = len(self.cells)
        self.left, self.own_left = self.limits.submission_seconds, self.limits.own_seconds
        self.session: Session | None = None
        self.packages: tuple[str, ...] = ()
        # In this session: how many cells have run.
        self.done = 0
        self.pictures = False
        self.troubles: dict[str, Reply] = {}
        # Failed imports: by the names that they would have bound, and by the cells that they are in.
        self.lacking: dict[str, str] = {}
        self.imports: dict[str, Reply] = {}
        self.remarks: dict[str, None] = {}
        self.crashes: Counter[int] = Counter()
        self.deadly: set[int] = set()
        # By question, whichever the state: what hangs would only hang again.
        self.spent: defaultdict[str, float] = defaultdict(float)

    def __enter__(self) -> Examiner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def go_to(self, target: int) -> None:
        """Make the next calls in the state behind so many cells."""
        self.target = target

    def replies(self, paper: Paper, calls: Sequence[Call]) -> list[Reply]:
        """Make calls in the submission's namespace, up to the first that ends the process.

        A crash is believed only when it happens twice.
        """
        replies: list[Reply] = []
        crashed = False
        while len(replies) < len(calls):
            got, end = self._ask_calls(paper, calls[len(replies) :])
            if any(map(self._wants_pictures, got)):
                replies = []
                continue
            replies += (self._explained(paper, reply) for reply in got)
            if end is None:
                break
            self._lose()
            if end.status is not Status.CRASHED or (crashed and not got):
                replies.append(Reply(end.status, message=end.message))
                break
            crashed = True
        return replies

    def _wants_pictures(self, reply: Reply) -> bool:
        """Whether a name is missing that a cell with a picture binds: then the cells run again, with these."""
        name = UNKNOWN_NAME.match(reply.message) if reply.status is Status.ERROR else None
        if self.pictures or not name or name[1] not in self.exam.release.names_of_pictures:
            return False
        self.pictures = True
        self._end()
        return True

    def _explained(self, paper: Paper, reply: Reply) -> Reply:
        """Return a reply whose message names the cause: what happened to a cell, an import, the limit on memory."""
        homes = self.submission.homes.get(paper.question, ())
        if reply.status is Status.MISSING:
            said = reply.message if homes else f"no cell of the notebook defines `{paper.question}`"
            known = {**self.imports, **self.troubles}
            reply = next((known[home] for home in homes if home in known), replace(reply, message=said))
        message = reply.message
        if reply.status is Status.MEMORY:
            message += f" (a submission may use {self.limits.memory >> 20} MiB)"
        elif reply.status is Status.ERROR:
            message += self._cause(message)
        return replace(reply, message=message)

    def _cause(self, message: str) -> str:
        """Return what is behind an error that a notebook elsewhere may not have."""
        name = UNKNOWN_NAME.match(message)
        if name and name[1] in self.lacking:
            return f" (importing {self.lacking[name[1]]} failed: grading has no such module)"
        if message.startswith("ModuleNotFoundError"):
            return " (grading has the standard library, NumPy and matplotlib)"
        if message.startswith(("SyntaxError", "IndentationError")):
            ours, theirs = sys.version_info[:2], self.submission.python
            if theirs and tuple(map(int, theirs.split("."))) > ours:
                return f" (the notebook was written with Python {theirs}; grading has {ours[0]}.{ours[1]})"
        return ""

    def _ask_calls(self, paper: Paper, calls: Sequence[Call]) -> tuple[list[Reply], SandboxEnd | None]:
        """Return the replies that came, and how the process ended if it did."""
        try:
            self._check_time(paper)
            session = self._ready(paper)
            self._check_time(paper)
        except SandboxEnd as problem:
            return [], problem
        budget = min(self.limits.function_seconds - self.spent[paper.question], self.left)
        frame = _packed(tuple(calls))
        answers, end = session.request_all(frame, len(calls), self.limits.call_seconds, budget)
        self.left -= session.used
        self.spent[paper.question] += session.used
        replies: list[Reply] = []
        try:
            for answer in answers:
                replies.append(as_reply(answer))
            if end and end.status is Status.TIMEOUT:
                self._check_time(paper)
        except SandboxEnd as problem:
            return replies, problem
        return replies, end

    def _check_time(self, paper: Paper | None = None) -> None:
        """Raise :class:`SandboxEnd` if the submission, or a paper's function, has no time left."""
        text = f"the submission used up its {self.limits.submission_seconds:g} s" if self.left <= 0 else ""
        if paper and self.spent[paper.question] >= self.limits.function_seconds:
            text = f"{paper.question} used up its {self.limits.function_seconds:g} s"
        if text:
            raise SandboxEnd(Status.TIMEOUT, text)

    def _ready(self, paper: Paper) -> Session:
        """Return a session that has the paper's packages and has run the cells up to the target."""
        if self.session and (self.packages != paper.packages or self.done > self.target):
            self._end()
        while True:
            if self.session is None:
                self.packages, self.done = paper.packages, 0
                self.session = Sandbox(self.limits, paper.packages, self.exam.confinement).start()
            if self._run_cells(self.session):
                return self.session

    def _run_cells(self, session: Session) -> bool:
        """Run cells up to the target; say whether the session survived it."""
        while self.done < self.target:
            number, cell = self.done, self.cells[self.done]
            if self._is_to_run(number, cell):
                try:
                    reply = self._ask_cell(session, cell)
                except SandboxEnd as end:
                    self._note_end(number, cell, end)
                    return False
                if self._wants_pictures(reply):
                    return False
                self._note(cell, reply)
            self.done += 1
        return True

    def _is_to_run(self, number: int, cell: Cell) -> bool:
        if number in self.deadly or (cell.spare and not self.pictures):
            return False
        if cell.own and self.own_left <= 0:
            self._remark(f"{cell.name} was not run: added cells had used up their {self.limits.own_seconds:g} s")
            return False
        return True

    def _ask_cell(self, session: Session, cell: Cell) -> Reply:
        if not cell.own:
            self._check_time()
        left = self.own_left if cell.own else self.left
        message = {"cell": cell.source, "name": f"<{cell.name}>", "lenient": cell.lenient}
        try:
            return as_reply(session.request(message, min(self.limits.cell_seconds, left)))
        finally:
            self._charge(session.used, own=cell.own)

    def _charge(self, seconds: float, *, own: bool) -> None:
        if own:
            self.own_left -= seconds
        else:
            self.left -= seconds

    def _note(self, cell: Cell, reply: Reply) -> None:
        """Remember what became of a cell."""
        if reply.status is Status.PASSED:
            self.troubles.pop(cell.name, None)
        else:
            self.troubles[cell.name] = reply
        for module, names in _failed_imports(reply.value):
            if not is_said_in(cell.source, module):
                # A name made while the cell ran may say what it has seen of other cases.
                continue
            self.lacking.update(dict.fromkeys(names, module))
            self.imports[cell.name] = Reply(Status.ERROR, message=f"ModuleNotFoundError: no module {module}")
            if not cell.lenient:
                self._remark(f"grading has no module {module}, which {cell.name} imports; the rest of the cell was run")

    def _note_end(self, number: int, cell: Cell, end: SandboxEnd) -> None:
        """Remember a cell that ended the process; a crash is believed only when it happens twice."""
        self._lose(own=cell.own)
        if not cell.own:
            self._check_time()
        self.crashes[number] += 1
        if end.status is not Status.CRASHED or self.crashes[number] > 1:
            self.deadly.add(number)
            self.troubles[cell.name] = Reply(end.status, message=f"the cell did not finish: {end.message}")
            self._remark(f"{cell.name} did not finish: {end.message}")

    def _remark(self, text: str) -> None:
        if len(self.remarks) < MOST_REMARKS:
            self.remarks[text] = None

    def _lose(self, *, own: bool = False) -> None:
        """End a process that the submission has made useless, at its expense."""
        if self.session:
            self._end()
            self._charge(RESTART_SECONDS, own=own)

    def _end(self) -> None:
        if self.session:
            self.session.close()
            self.session = None


def _failed_imports(value: object) -> Iterator[tuple[str, list[str]]]:
    """Yield modules that a cell could not import and the names that it wanted, believing nothing of their form."""
    for module, names in islice(value.items(), MOST_REMARKS) if isinstance(value, dict) else ():
        if isinstance(module, str) and MODULE.fullmatch(module) and isinstance(names, list):
            yield module, [name for name in names[:MOST_REMARKS] if isinstance(name, str) and MODULE.fullmatch(name)]


@lru_cache(maxsize=1 << 12)
def _packed(calls: tuple[Call, ...]) -> bytes:
    """Return the frame that asks for these calls, which is the same for everybody."""
    asked = [(call.function, tuple(call.args), dict(call.kwargs), call.rounds) for call in calls]
    return wire.pack({"calls": asked}, NONCE, laid_out=True)
