"""One submission becomes one verdict: run the cells, make the calls, compare outside.

An :class:`Exam` holds what a grading run asks of everybody: the cases drawn from the run's seed and what the
reference answered. It is prepared once and can be pickled to any number of judging processes.
"""

from __future__ import annotations

import ast
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from . import assignments, notebook, wire
from .calling import named
from .compare import describe
from .model import Assignment, Call, Case, Evidence, Limits, Reply, Result, Status, Verdict
from .notebook import Cell, Release, Submission
from .sandbox import NONCE, Sandbox, SandboxEnd, Session

ROOT = Path(__file__).resolve().parent.parent
# What a worker may say of a call; how a process ended is for the grader to say.
SAYABLE = {Status.PASSED, Status.FAILED, Status.ERROR, Status.MEMORY, Status.MISSING}
# No judge is asked about a process that ended.
ENDS = {Status.TIMEOUT, Status.MEMORY, Status.CRASHED}
TEXT_LIMIT = 2000
# Of a student's value: more than any page shows.
EVIDENCE_BYTES = 1 << 17


class ExamError(RuntimeError):
    """The assignment itself is at fault: its reference, its cases or its files do not fit together."""


@dataclass(frozen=True, eq=False)
class Item:
    """A criterion with the cases of this run and the reference's replies."""

    criterion: str
    points: float
    cases: tuple[Case, ...]
    expected: tuple[Reply, ...]


@dataclass(frozen=True, eq=False)
class Paper:
    """A question as this run asks it."""

    question: str
    probe: str
    packages: tuple[str, ...]
    items: tuple[Item, ...]
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Exam:
    """All that is needed to judge a submission."""

    assignment: str
    seed: int
    release: Release
    papers: tuple[Paper, ...]
    limits: Limits
    confined: bool


def prepare(name: str, seed: int, *, limits: Limits | None = None, confined: bool = True, root: Path = ROOT) -> Exam:
    """Draw a run's cases from ``seed`` and have the reference in ``root/solutions`` answer them.

    Raises
    ------
    KeyError
        If there is no such assignment.
    ExamError
        If the solution or the released notebook is missing, or the reference fails a case of its own.
    """
    assignment = assignments.load(name)
    limits = limits or Limits()
    release = released(name, root)
    exam = Exam(name, seed, release, tuple(_draw(assignment, seed)), limits, confined)
    solution = reference(name, root, release)
    with Examiner(exam, solution) as examiner:
        papers = tuple(
            replace(_answered(examiner, paper), parameters=_parameters(solution, paper.question))
            for paper in exam.papers
        )
    return replace(exam, papers=papers)


def released(name: str, root: Path = ROOT) -> Release:
    """Read the released notebook of an assignment."""
    path = root / "exercises" / name / f"{name}.ipynb"
    try:
        return Release.of(notebook.parse(path, Limits().notebook))
    except (FileNotFoundError, notebook.NotebookError) as problem:
        raise ExamError(f"{path} cannot be used ({problem}); run `python -m autograder release {name}`") from problem


def reference(name: str, root: Path, release: Release) -> Submission:
    """Read the instructor's own solution through the same door as a hand-in."""
    import jupytext  # noqa: PLC0415 - slow to import, and a student's `check` never comes here

    path = root / "solutions" / f"{name}.py"
    try:
        return Submission.of(jupytext.read(path), release)
    except FileNotFoundError as problem:
        raise ExamError(f"{path} does not exist") from problem


def _parameters(solution: Submission, function: str) -> tuple[str, ...]:
    """Return the names that the reference has for a function's arguments: feedback shows them."""
    for cell in solution.cells:
        if cell.name == function:
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef) and node.name == function:
                    return tuple(argument.arg for argument in node.args.args)
    return ()


def _draw(assignment: Assignment, seed: int) -> Iterator[Paper]:
    for question in assignment.questions:
        items = []
        for criterion in question.criteria:
            # Each criterion has a stream of its own: adding one does not move the others.
            stream = zlib.crc32(f"{question.name}/{criterion.name}".encode())
            cases = (*criterion.examples, *criterion.generate(np.random.default_rng([seed, stream])))
            items.append(Item(criterion.name, criterion.points, cases, ()))
        yield Paper(question.name, question.probe, question.packages, tuple(items))


def _answered(examiner: Examiner, paper: Paper) -> Paper:
    items = []
    for item in paper.items:
        expected = tuple(examiner.replies(paper, [case.call for case in item.cases]))
        for case, reply in zip(item.cases, expected, strict=False):
            wrong = case.judge(case, reply, reply)
            if wrong:
                raise ExamError(f"the reference itself fails {paper.question}, {item.criterion}: {wrong}")
        items.append(replace(item, expected=expected))
    return replace(paper, items=tuple(items))


def grade(exam: Exam, student: str, submission: Submission) -> Verdict:
    """Judge one submission.

    Raises
    ------
    SandboxError, ConfinementError
        If the machine, not the submission, is at fault: then there is no verdict.
    """
    results: list[Result] = []
    with Examiner(exam, submission) as examiner:
        for paper in exam.papers:
            results += _judge_paper(examiner, paper, submission)
    return Verdict(student, exam.assignment, exam.seed, tuple(results))


def _judge_paper(examiner: Examiner, paper: Paper, submission: Submission) -> Iterator[Result]:
    for status, reasons in ((Status.MALFORMED, submission.malformed), (Status.MISSING, submission.missing)):
        if paper.question in reasons:
            for item in paper.items:
                yield Result(paper.question, item.criterion, 0.0, item.points, status, reasons[paper.question])
            return
    for item in paper.items:
        yield _judge_item(examiner, paper, item)


def _judge_item(examiner: Examiner, paper: Paper, item: Item) -> Result:
    replies = examiner.replies(paper, [case.call for case in item.cases])
    # A reply that ended the process is the last one, and wrong.
    for case, expected, got in zip(item.cases, item.expected, replies, strict=False):
        wrong = _wrong(case, got, expected)
        if wrong:
            status = Status.FAILED if got.status is Status.PASSED else got.status
            call = named(case.call, paper.parameters) if case.call.function == paper.question else case.call
            evidence = Evidence(call, expected, _bounded(got))
            return Result(paper.question, item.criterion, 0.0, item.points, status, _writable(wrong), evidence)
    return Result(paper.question, item.criterion, item.points, item.points, Status.PASSED)


def _wrong(case: Case, got: Reply, expected: Reply) -> str | None:
    """Say what is wrong with a reply; one over which a judge stumbles, as none does over the reference's, is."""
    if got.status in ENDS:
        return got.message
    try:
        return case.judge(case, got, expected)
    except MemoryError:
        raise
    except Exception as problem:
        return f"expected {describe(expected.value)}, got {describe(got.value)} ({type(problem).__name__})"


def _writable(text: str) -> str:
    """Return a student's text without what no file can hold, such as half of a surrogate pair."""
    return text.encode(errors="backslashreplace").decode()


def _bounded(got: Reply) -> Reply:
    """Return a reply fit to be kept: of a result of absurd size, feedback quotes only what it was."""
    if _size((got.value, got.inputs)) <= EVIDENCE_BYTES:
        return got
    return replace(got, value=describe(got.value), inputs=())


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(_size(key) + _size(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return sum(1 + _size(item) for item in value)
    return len(repr(value))


class Examiner:
    """Keeps a submission's cells run in a confined process, and makes calls there.

    A process that ends is replaced by a fresh one in which the cells run again, without those that ended a
    process; what a submission does to itself thus costs it no more than the calls concerned. Only seconds in
    which its own code ran count against its limits.
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
            self._end()
            if end.status is not Status.CRASHED or (crashed and not got):
                replies.append(Reply(end.status, message=end.message))
                break
            crashed = True
        return replies

    def _explained(self, paper: Paper, reply: Reply) -> Reply:
        """Return, where a function is missing, what happened to its cell."""
        return self.troubles.get(paper.question, reply) if reply.status is Status.MISSING else reply

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
                self._end()
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

    def _end(self) -> None:
        if self.session:
            self.session.close()
            self.session = None


@lru_cache(maxsize=1 << 12)
def _packed(question: str, calls: tuple[Call, ...]) -> bytes:
    """Return the frame that asks for these calls, which is the same for everybody."""
    asked = [(call.function, tuple(call.args), dict(call.kwargs)) for call in calls]
    return wire.pack({"question": question, "calls": asked}, NONCE)


def as_reply(answer: Mapping[str, Any]) -> Reply:
    """Turn a worker's answer into a reply, believing nothing of its form; raises :class:`SandboxEnd`."""
    status, message, inputs = answer.get("status"), answer.get("message", ""), answer.get("inputs", ())
    well_formed = isinstance(status, str) and isinstance(message, str) and isinstance(inputs, tuple)
    if not well_formed or status not in SAYABLE:
        raise SandboxEnd(Status.CRASHED, "the reply is not one of the protocol's")
    refused = answer.get("refused") is True
    return Reply(Status(status), answer.get("value"), message[:TEXT_LIMIT], refused, inputs)
