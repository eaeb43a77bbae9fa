"""One submission becomes one verdict: the cases are drawn, the reference answers, replies are compared outside."""

from __future__ import annotations

import ast
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from .. import assignments, notebook
from ..criteria.comparison import describe
from ..model import NOTHING_LEFT, Assignment, Case, Evidence, Limits, Reply, Result, Status, Verdict, lost_by
from ..sandbox.session import AUTO, chosen
from ..submission import Release, Submission
from .exam import DrawnCriterion, Exam, Paper
from .examiner import Examiner
from .modest import modest

ROOT = Path(__file__).resolve().parents[2]
# No judge is asked about a process that ended.
ENDS = {Status.TIMEOUT, Status.MEMORY, Status.CRASHED}
# Of a student's value: more than any page shows.
EVIDENCE_BYTES = 1 << 17


class ExamError(RuntimeError):
    """The assignment itself is at fault: its reference, its cases or its files do not fit together."""


def prepare(
    name: str, seed: int, *, limits: Limits | None = None, confinement: str = AUTO, root: Path = ROOT
) -> Exam:
    """Draw a run's cases from ``seed`` and have the reference in ``root/solutions`` answer them.

    What ``confinement`` names confines everybody, reference and hand-ins; "auto" is the strongest that works here.

    Raises
    ------
    ConfinementError
        If it does not work here.
    KeyError
        If there is no such assignment.
    ExamError
        If the solution or the released notebook is missing, what that is worth is not what is asked, or the reference
        fails a case of its own.
    """
    assignment = assignments.load(name)
    limits = limits or Limits()
    release = released(name, root)
    refuse_other_points(release, assignment)
    confinement = chosen() if confinement == AUTO else confinement
    exam = Exam(name, seed, release, tuple(drawn_papers(assignment, seed)), limits, confinement)
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


def refuse_other_points(release: Release, assignment: Assignment) -> None:
    """Raise :class:`ExamError` if a notebook was released for other functions, or other points, than are asked.

    Its scores would not add up to what nbgrader has of it.
    """
    asked = {question.name: question.points for question in assignment.questions}
    if different := sorted(one for one in {*release.points, *asked} if release.points.get(one) != asked.get(one)):
        raise ExamError(
            f"the released notebook of {assignment.name} asks otherwise for {', '.join(different)} than the assignment "
            f"does: run `python -m autograder release {assignment.name}`"
        )


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


def drawn_papers(assignment: Assignment, seed: int) -> Iterator[Paper]:
    """Draw the cases of a run, not answered yet."""
    for question in assignment.questions:
        drawn = []
        for criterion in question.criteria:
            # Each criterion has a stream of its own: adding one does not move the others.
            stream = zlib.crc32(f"{question.name}/{criterion.name}".encode())
            cases = (*criterion.examples, *criterion.generate(np.random.default_rng([seed, stream])))
            drawn.append(DrawnCriterion(criterion.name, criterion.points, cases, (), len(criterion.examples)))
        yield Paper(question.name, question.packages, tuple(drawn))


def _answered(examiner: Examiner, paper: Paper) -> Paper:
    answered = []
    for drawn in paper.criteria:
        expected = tuple(examiner.replies(paper, [case.call for case in drawn.cases]))
        for case, reply in zip(drawn.cases, expected, strict=False):
            wrong = case.judge(case, reply, reply)
            if wrong:
                raise ExamError(f"the reference itself fails {paper.question}, {drawn.criterion}: {wrong}")
        answered.append(replace(drawn, expected=expected))
    return replace(paper, criteria=tuple(answered))


def grade(exam: Exam, student: str, submission: Submission) -> Verdict:
    """Judge one submission.

    Raises
    ------
    SandboxError, ConfinementError
        If the machine, not the submission, is at fault: then there is no verdict.
    """
    judged = {paper.question: _void(paper, submission) for paper in exam.papers}
    waiting = [paper for paper in exam.papers if not judged[paper.question]]
    with Examiner(exam, submission) as examiner:
        for paper in sorted(waiting, key=lambda paper: submission.place(paper.question)):
            examiner.go_to(submission.place(paper.question))
            judged[paper.question] = list(_judge_paper(examiner, paper))
        examiner.go_to(len(submission.cells))
        for paper in waiting:
            results = judged[paper.question]
            # Where no cell follows the check, the state after the last cell is that of the check.
            if submission.place(paper.question) < len(submission.cells) and not all(map(_passed, results)):
                judged[paper.question] = list(_judge_paper(examiner, paper, results))
        remarks = (*submission.remarks, *examiner.remarks)
    results = [result for paper in exam.papers for result in judged[paper.question]]
    return Verdict(student, exam.assignment, exam.seed, tuple(results), remarks, exam.confinement)


def ended(verdict: Verdict) -> frozenset[str]:
    """Return the questions whose judging was ended from outside, which a busy machine may have done."""
    return frozenset(result.question for result in verdict.results if result.status in ENDS)


def look_again(exam: Exam, submission: Submission, first: Verdict) -> Verdict:
    """Judge once more what ended in a first verdict; the better counts, and what has changed is a remark.

    Raises
    ------
    SandboxError, ConfinementError
        If the machine, not the submission, is at fault: then there is no verdict.
    """
    papers = tuple(paper for paper in exam.papers if paper.question in ended(first))
    second = grade(replace(exam, papers=papers), first.student, submission)
    found = {(result.question, result.criterion): result for result in second.results}
    results, remarks = [], list(first.remarks)
    for before in first.results:
        after = found.get((before.question, before.criterion), before)
        if after.score > before.score:
            which = f"{before.question}, {before.criterion}"
            remarks.append(f"{which}: {before.status} at first, passed when judged once more, alone")
        results.append(after if after.score > before.score else before)
    return replace(first, results=tuple(results), remarks=tuple(remarks))


def _void(paper: Paper, submission: Submission) -> list[Result]:
    """Return a paper's results where there is nothing to judge, and none where there is."""
    for status, reasons in ((Status.MALFORMED, submission.malformed), (Status.MISSING, submission.missing)):
        if paper.question in reasons:
            return [_lost(paper, drawn, status, reasons[paper.question]) for drawn in paper.criteria]
    return []


def _judge_paper(examiner: Examiner, paper: Paper, earlier: Sequence[Result] = ()) -> Iterator[Result]:
    """Judge each criterion in the examiner's state, or keep what it has earned in an earlier one."""
    lost: dict[str, Status] = {}
    for drawn, before in zip_longest(paper.criteria, earlier):
        result = before if before and _passed(before) else _judge_criterion(examiner, paper, drawn, lost)
        if before and not _passed(result) and before.status is not Status.MISSING:
            result = before
        if not _passed(result):
            lost[drawn.criterion] = result.status
        yield result


def _passed(result: Result) -> bool:
    return result.status is Status.PASSED


def _lost(paper: Paper, drawn: DrawnCriterion, status: Status, why: str, evidence: Evidence | None = None) -> Result:
    return Result(paper.question, drawn.criterion, 0.0, drawn.points, status, why, evidence)


def _judge_criterion(examiner: Examiner, paper: Paper, drawn: DrawnCriterion, lost: Mapping[str, Status]) -> Result:
    left = drawn.without(lost.keys())
    if lost and not left.cases:
        return _lost(paper, drawn, next(iter(lost.values())), NOTHING_LEFT)
    replies = examiner.replies(paper, [case.call for case in left.cases])
    # A reply that ended the process is the last one, and wrong.
    for case, expected, got in zip(left.cases, left.expected, replies, strict=False):
        wrong = _wrong(case, got, expected)
        if wrong:
            status = lost_by(got, expected)
            told = modest(got, expected)
            said = _wrong(case, told, expected) or "the result is wrong by less than is shown of it"
            shown = Evidence(case.call.named(paper.parameters), expected, _bounded(told), graded=True)
            return _lost(paper, drawn, status, _writable(said), shown)
    return Result(paper.question, drawn.criterion, drawn.points, drawn.points, Status.PASSED)


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
