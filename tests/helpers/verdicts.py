"""Verdicts made by hand, as grading makes them, for what students and instructors look at."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.criteria.comparison import difference
from autograder.model import Assignment, Call, Criterion, Evidence, Question, Reply, Result, Status, Verdict

HOSTILE = "<script>alert('x')</script>\x1b[31mred\x1b]0;title\x07\x00\u202egnp.exe\udcff & \"quoted\" 'single'"


def criterion(name: str, points: float, tries: str = "other sizes", hint: str = "Think of the window.") -> Criterion:
    return Criterion(name, points, (), lambda rng: (), tries, hint)


MAX_POOL = Question(
    "max_pool2d",
    (
        criterion("plain windows", 2, "rectangles, several channels"),
        criterion("padding never wins", 2, "all-negative inputs", "What must a padded cell hold to lose every time?"),
        criterion("bad padding is refused", 1, "half of each kernel"),
    ),
)
BACKWARD = Question(
    "max_pool2d_backward",
    (
        criterion("overlapping windows add up", 3, "strides below the window", "A cell may win in two windows."),
        criterion("ties go to the first maximum", 1),
    ),
)
POOLING = Assignment("pooling", (MAX_POOL, BACKWARD))


def max_pool2d(x: NDArray[np.float64], kernel_size: int, padding: int, filler: float) -> NDArray[np.float64]:
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=filler)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel_size, kernel_size), axis=(2, 3))
    pooled: NDArray[np.float64] = windows[:, :, ::kernel_size, ::kernel_size].max(axis=(4, 5))
    return pooled


@cache
def zero_padding(size: int = 6, channels: int = 1) -> Evidence:
    x = np.round(np.random.default_rng(size).standard_normal((1, channels, size, size)) - 1.5, 2)
    call = Call("max_pool2d", (x,), {"kernel_size": 2, "padding": 1})
    expected, got = (Reply(Status.PASSED, max_pool2d(x, 2, 1, filler)) for filler in (-np.inf, 0.0))
    return Evidence(call, expected, got)


def wrong(call: Call, expected: object, got: object, inputs: tuple[Any, ...] = ()) -> Evidence:
    return Evidence(call, Reply(Status.PASSED, expected), Reply(Status.PASSED, got, inputs=inputs))


def result(
    question: Question,
    number: int,
    status: Status = Status.PASSED,
    message: str = "",
    evidence: Evidence | None = None,
) -> Result:
    asked = question.criteria[number]
    if evidence and not message:
        message = difference(evidence.got.value, evidence.expected.value) or ""
    earned = asked.points if status is Status.PASSED else 0.0
    return Result(question.name, asked.name, earned, asked.points, status, message, evidence)


def all_of(
    question: Question, status: Status = Status.PASSED, message: str = "", evidence: Evidence | None = None
) -> tuple[Result, ...]:
    return tuple(result(question, number, status, message, evidence) for number in range(len(question.criteria)))


def verdict(student: str, *results: Result) -> Verdict:
    """Return a verdict in which everything passed that ``results`` does not mention."""
    given = {(one.question, one.criterion): one for one in results}
    every = [one for question in POOLING.questions for one in all_of(question)]
    return Verdict(student, "pooling", 20261121, tuple(given.get((one.question, one.criterion), one) for one in every))


def zero_padder(student: str) -> Verdict:
    return verdict(student, result(MAX_POOL, 1, Status.FAILED, evidence=zero_padding()))


def endless(student: str) -> Verdict:
    call = Call("max_pool2d_backward", (np.ones((1, 1, 2, 2)), np.eye(4).reshape(1, 1, 4, 4)), {"kernel_size": 2})
    stopped = Reply(Status.TIMEOUT, message="no result after 3 s")
    evidence = Evidence(call, Reply(Status.PASSED, np.eye(4).reshape(1, 1, 4, 4)), stopped)
    return verdict(student, *all_of(BACKWARD, Status.TIMEOUT, stopped.message, evidence))


def refuses_nothing(student: str) -> Verdict:
    call = Call("max_pool2d", (np.ones((1, 1, 4, 4)),), {"kernel_size": 2, "padding": 2})
    refusal = Reply(Status.ERROR, message="ValueError: padding must be at most half of kernel_size", refused=True)
    evidence = Evidence(call, refusal, Reply(Status.PASSED, np.ones((1, 1, 4, 4))))
    said = "a bad `padding` was accepted; it should raise ValueError"
    return verdict(student, result(MAX_POOL, 2, Status.FAILED, said, evidence))


def malformed(student: str) -> Verdict:
    said = "the notebook is not valid JSON: Expecting value: line 1 column 1"
    return verdict(student, *all_of(MAX_POOL, Status.MALFORMED, said), *all_of(BACKWARD, Status.MALFORMED, said))


def hostile(student: str = HOSTILE) -> Verdict:
    call = Call("max_pool2d", (np.ones((1, 1, 2, 2)),), {"kernel_size": 1})
    raised = Reply(Status.ERROR, message=f"ValueError: {HOSTILE}")
    text = wrong(call, np.ones((1, 1, 2, 2)), [HOSTILE, {HOSTILE: HOSTILE}, HOSTILE * 100_000])
    return verdict(
        student,
        result(MAX_POOL, 0, Status.ERROR, raised.message, Evidence(call, Reply(Status.PASSED, np.ones(3)), raised)),
        result(MAX_POOL, 1, Status.FAILED, HOSTILE * 100_000, text),
    )
