"""``check`` for students: a function's worked examples, run in the notebook's own kernel.

It needs the standard library, NumPy and Jinja2, on any platform; what the reference answers is in
:mod:`autograder.examples`.
"""

from __future__ import annotations

import copy
import inspect
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import assignments, examples
from .model import Assignment, Call, Case, Criterion, Evidence, Question, Reply, Result, Status
from .pages.check_table import CheckTable
from .sandbox import wire, worker
from .sandbox.replies import as_reply

NONCE = bytes(16)


def check(function: Callable[..., Any]) -> CheckTable:
    """Run the worked examples of a graded function; the result shows itself in the notebook.

    Raises
    ------
    ValueError
        If no assignment asks for a function of this name.
    """
    name = getattr(function, "__name__", repr(function))
    assignment, question = _find(name)
    expected = examples.read(assignment.name)[name]
    namespace: dict[str, Any] = {name: function}
    exec(question.probe, namespace)  # noqa: S102 - part of the assignment
    results = [
        _check_criterion(namespace, question, criterion, expected[criterion.name]) for criterion in question.criteria
    ]
    return CheckTable(question, results)


def _find(name: str) -> tuple[Assignment, Question]:
    known = []
    for assignment in map(assignments.load, assignments.names()):
        for question in assignment.questions:
            if question.name == name:
                return assignment, question
            known.append(question.name)
    raise ValueError(f"no assignment asks for a function called {name!r}; there are {', '.join(known)}")


def _check_criterion(
    namespace: dict[str, Any], question: Question, criterion: Criterion, expected: Sequence[Reply]
) -> Result:
    for case, wanted in zip(criterion.examples, expected, strict=True):
        got = _call(namespace, question, case)
        wrong = case.judge(case, got, wanted)
        if wrong:
            status = Status.FAILED if got.status is Status.PASSED else got.status
            evidence = Evidence(_named(case.call, namespace), wanted, got)
            return Result(question.name, criterion.name, 0.0, criterion.points, status, wrong, evidence)
    return Result(question.name, criterion.name, criterion.points, criterion.points, Status.PASSED)


def _named(call: Call, namespace: dict[str, Any]) -> Call:
    return call.named(tuple(inspect.signature(namespace[call.function]).parameters))


def _call(namespace: dict[str, Any], question: Question, case: Case) -> Reply:
    """Call as the sandbox would, and pass the answer through the same frames, so that the same values count."""
    args, kwargs = copy.deepcopy((case.call.args, case.call.kwargs))
    request = wire.pack({"args": tuple(args), "kwargs": dict(kwargs)}, NONCE)
    sent = wire.read(io.BytesIO(request).read, NONCE, len(request), np.random.default_rng)
    answer = worker.invoke(namespace, question.name, case.call.function, sent["args"], sent["kwargs"])
    if answer.get("message", "").startswith("KeyboardInterrupt"):
        raise KeyboardInterrupt
    frame = worker.framed(answer, NONCE, wire.JSON_LIMIT << 8)
    return as_reply(wire.read(io.BytesIO(frame).read, NONCE, len(frame)))
