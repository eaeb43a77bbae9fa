"""``check`` for students: a function's worked examples, run in the notebook's own kernel.

It needs the standard library, NumPy and Jinja2, on any platform; what the reference answers is in
:mod:`autograder.examples`.
"""

from __future__ import annotations

import copy
import inspect
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from . import assignments, examples
from .kernel import CellClock, Notebook
from .model import Assignment, Call, Case, Criterion, Evidence, Limits, Question, Reply, Result, Status
from .naming import graded_name
from .pages.check_table import CheckTable, CriteriaNotMetError, PartialCredit
from .reaching import differences
from .sandbox import wire, worker
from .sandbox.replies import as_reply

NONCE = bytes(16)
# What nbgrader says of itself where it runs a notebook.
NBGRADER = "NBGRADER_EXECUTION"

_clock = CellClock()
_clock.watch()


def check(function: Callable[..., Any], name: str | None = None) -> CheckTable:
    """Run the worked examples of a graded function; the result shows itself in the notebook.

    It also says where grading will differ from what it finds here. ``function`` may be anything that can be called;
    ``name`` says which graded function it is where neither the notebook nor the function itself does.

    Raises
    ------
    TypeError
        If ``function`` cannot be called.
    ValueError
        If no assignment asks for a function of this name.
    CriteriaNotMetError
        Where nbgrader validates the notebook, if grading would take points away.
    """
    caller = sys._getframe(1)
    with _clock.stopped():
        asked = {question.name: (assignment, question) for assignment, question in _questions()}
        graded = graded_name(function, name, asked, caller)
        assignment, question = asked[graded]
        results, slow = _try_examples(function, assignment, question)
    notebook = Notebook.here()
    lacking = [*_misnamed(function, graded, caller.f_globals, notebook)]
    lacking += differences(function, graded, question.packages, notebook)
    slow += _clock.sentences(notebook, asked, Limits()) if notebook else ()
    return _told(question, results, lacking, slow)


def _told(question: Question, results: list[Result], lacking: list[str], slow: list[str]) -> CheckTable:
    """Return the table in the form that whoever runs the notebook looks at, or raise where only that is seen."""
    execution = os.environ.get(NBGRADER)
    kind = PartialCredit if execution == "autograde" else CheckTable
    table = kind(question, results, (*lacking, *slow))
    # Not for what is slow: another machine may be faster.
    if execution == "validate" and (lacking or not table.holds):
        raise CriteriaNotMetError(table.summary())
    return table


def _questions() -> Iterator[tuple[Assignment, Question]]:
    for assignment in map(assignments.load, assignments.names()):
        for question in assignment.questions:
            yield assignment, question


def _misnamed(
    function: Callable[..., Any], name: str, scope: Mapping[str, Any], notebook: Notebook | None
) -> Iterator[str]:
    """Say so where the notebook itself does not have the function under the name that grading looks for."""
    if notebook and scope.get(name) is not function:
        other = f"calls something else {name}" if name in scope else f"has nothing called {name}"
        yield f"the notebook {other}, the name that grading looks for: give it to this function"


def _try_examples(
    function: Callable[..., Any], assignment: Assignment, question: Question
) -> tuple[list[Result], list[str]]:
    """Return a result for each criterion, and sentences on what took longer than grading allows."""
    name, limits = question.name, Limits()
    expected = examples.read(assignment.name)[name]
    namespace: dict[str, Any] = {name: function}
    # A probe is run as grading runs it, not under this module's `from __future__`.
    exec(compile(question.probe, "<probe>", "exec", dont_inherit=True), namespace)  # noqa: S102 - part of the assignment
    seconds: list[float] = []
    results = [
        _check_criterion(namespace, question, criterion, expected[criterion.name], seconds)
        for criterion in question.criteria
    ]
    slow, total = max(seconds, default=0.0), sum(seconds)
    said = []
    if slow > limits.call_seconds:
        said.append(f"a call took {slow:.1f} seconds here; grading stops a call after {limits.call_seconds:g}")
    if total > limits.function_seconds:
        said.append(
            f"the worked examples took {total:.0f} seconds here; grading, which tries more, gives the function "
            f"{limits.function_seconds:g} for all its calls"
        )
    return results, said


def _check_criterion(
    namespace: dict[str, Any],
    question: Question,
    criterion: Criterion,
    expected: Sequence[Reply],
    seconds: list[float],
) -> Result:
    for case, wanted in zip(criterion.examples, expected, strict=True):
        got = _call(namespace, question, case, seconds)
        wrong = case.judge(case, got, wanted)
        if wrong:
            status = Status.FAILED if got.status is Status.PASSED else got.status
            evidence = Evidence(_named(case.call, namespace), wanted, got)
            return Result(question.name, criterion.name, 0.0, criterion.points, status, wrong, evidence)
    return Result(question.name, criterion.name, criterion.points, criterion.points, Status.PASSED)


def _named(call: Call, namespace: dict[str, Any]) -> Call:
    """Return a call with the names that the function has for its arguments, as far as it tells them."""
    try:
        parameters = inspect.signature(namespace[call.function]).parameters.values()
    except Exception:  # not every callable has a signature, and one may be made up
        return call
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return call.named([parameter.name for parameter in parameters if parameter.kind in named])


def _call(namespace: dict[str, Any], question: Question, case: Case, seconds: list[float]) -> Reply:
    """Call as the sandbox would, and pass the answer through the same frames, so that the same values count."""
    args, kwargs = copy.deepcopy((case.call.args, case.call.kwargs))
    request = wire.pack({"args": tuple(args), "kwargs": dict(kwargs)}, NONCE, laid_out=True)
    sent = wire.read(io.BytesIO(request).read, NONCE, len(request), np.random.default_rng)
    start = time.perf_counter()
    answer = worker.invoke(namespace, question.name, case.call.function, sent["args"], sent["kwargs"])
    seconds.append(time.perf_counter() - start)
    if answer.get("message", "").startswith("KeyboardInterrupt"):
        raise KeyboardInterrupt
    frame = worker.framed(answer, NONCE, wire.JSON_LIMIT << 8)
    return as_reply(wire.read(io.BytesIO(frame).read, NONCE, len(frame)))
