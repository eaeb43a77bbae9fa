"""``check`` for students: a function's worked examples, run in the notebook's own kernel.

What the reference answers to them is written at release into ``autograder/examples/<assignment>.json``, so a
student's machine needs neither the solutions nor a sandbox.
"""

from __future__ import annotations

import copy
import inspect
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from . import assignments, wire, worker
from .calling import named
from .display import Report
from .exam import Exam
from .examiner import as_reply
from .model import Assignment, Call, Case, Criterion, Evidence, Question, Reply, Result, Status
from .store import write_atomically

FOLDER = Path(__file__).parent / "examples"
NONCE = bytes(16)


def check(function: Callable[..., Any]) -> Report:
    """Run the worked examples of a graded function; the result shows itself in the notebook.

    Raises
    ------
    ValueError
        If no assignment asks for a function of this name.
    """
    name = getattr(function, "__name__", repr(function))
    assignment, question = _find(name)
    expected = _expected(assignment.name)[name]
    namespace: dict[str, Any] = {name: function}
    exec(question.probe, namespace)  # noqa: S102 - part of the assignment
    results = [
        _check_criterion(namespace, question, criterion, expected[criterion.name]) for criterion in question.criteria
    ]
    return Report(question, results)


def _find(name: str) -> tuple[Assignment, Question]:
    known = []
    for assignment in map(assignments.load, assignments.names()):
        for question in assignment.questions:
            if question.name == name:
                return assignment, question
            known.append(question.name)
    raise ValueError(f"no assignment asks for a function called {name!r}; there are {', '.join(known)}")


def _check_criterion(
    namespace: dict[str, Any], question: Question, criterion: Criterion, expected: list[Reply]
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
    return named(call, tuple(inspect.signature(namespace[call.function]).parameters))


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


def write_examples(exam: Exam, folder: Path = FOLDER) -> Path:
    """Write the reference's replies to an assignment's worked examples; return the file."""
    counts = {
        (question.name, criterion.name): len(criterion.examples)
        for question in assignments.load(exam.assignment).questions
        for criterion in question.criteria
    }
    content = {
        paper.question: {
            item.criterion: [_to_json(reply) for reply in item.expected[: counts[paper.question, item.criterion]]]
            for item in paper.items
        }
        for paper in exam.papers
    }
    path = folder / f"{exam.assignment}.json"
    write_atomically(path, (json.dumps(content, separators=(",", ":")) + "\n").encode())
    return path


@cache
def _expected(name: str) -> dict[str, dict[str, list[Reply]]]:
    content = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {
        question: {
            criterion: [
                Reply(Status(item["status"]), _value(item["value"]), item["message"], item["refused"]) for item in items
            ]
            for criterion, items in criteria.items()
        }
        for question, criteria in content.items()
    }


def _to_json(reply: Reply) -> dict[str, Any]:
    return {
        "status": str(reply.status),
        "value": _plain(reply.value),
        "message": reply.message,
        "refused": reply.refused,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        kind = "array" if isinstance(value, np.ndarray) else "scalar"
        return {kind: np.ravel(value).tolist(), "shape": list(value.shape), "dtype": str(value.dtype)}
    if isinstance(value, tuple):
        return {"tuple": [_plain(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": {key: _plain(item) for key, item in value.items()}}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _value(item: Any) -> Any:
    match item:
        case {"array": values, "shape": shape, "dtype": dtype}:
            return np.array(values, dtype).reshape(shape)
        case {"scalar": values, "dtype": dtype}:
            return np.array(values, dtype)[0]
        case {"tuple": values}:
            return tuple(_value(value) for value in values)
        case {"dict": values}:
            return {key: _value(value) for key, value in values.items()}
        case list():
            return [_value(value) for value in item]
    return item
