"""What knows no algorithm earns next to nothing: constants, refusals, worked examples by heart, tables of exams.

Every cheat knows what it can without computing: what the reference answers to the worked examples and to exams that it
has drawn for itself from this very code: 300 in ``make test-whole``, 40 in ``make test``. Beyond that it gives the same
answer always.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from autograder import assignments
from autograder.criteria.all_at_once import AllAtOnce
from autograder.criteria.arrays import Row
from autograder.judging.exam import Exam, Paper
from autograder.judging.grading import drawn_papers, prepare
from autograder.model import Call, Case, Reply, Status
from tests.helpers.whole import WHOLE

SEEDS = (1, 2)
HOME_MADE = 300 if WHOLE else 40
# Takes one whole number, of which a machine can answer some hundred: who knows all answers by heart has the function.
# Of these only the worked examples are known.
A_TABLE_IS_THE_FUNCTION = {"binomial_kernel"}

Answer = Callable[[Call], Reply]


def value(made: Any) -> Answer:
    return lambda call: Reply(Status.PASSED, made, inputs=arrays(call))


def arrays(call: Call) -> tuple[Any, ...]:
    return tuple(item for item in call.args if isinstance(item, np.ndarray))


def first_argument(call: Call) -> Reply:
    return Reply(Status.PASSED, next(iter((*call.args, *call.kwargs.values())), None), inputs=arrays(call))


def zeros_like_the_first(call: Call) -> Reply:
    return Reply(Status.PASSED, next((np.zeros(x.shape) for x in arrays(call)), 0.0), inputs=arrays(call))


CONSTANTS: Mapping[str, Answer] = {
    **{repr(made): value(made) for made in (None, False, True, 0, 1, 2, 0.0, 0.5, 1.0, (1, 1), ([0, 0], [1, 1]))},
    "an empty array": value(np.zeros(0)),
    "its first argument": first_argument,
    "zeros": zeros_like_the_first,
}


def refusal(parameters: tuple[str, ...]) -> Answer:
    return lambda call: Reply(Status.ERROR, message="ValueError: " + ", ".join(parameters), refused=True)


def key(call: Call) -> str:
    return repr((call.function, plain(call.args), plain(call.kwargs), plain(call.rounds)))


def plain(item: Any) -> Any:
    if isinstance(item, (tuple, list)):
        return [plain(part) for part in item]
    if isinstance(item, Mapping):
        return {name: plain(part) for name, part in item.items()}
    return (item.dtype.str, item.shape, item.tobytes()) if isinstance(item, np.ndarray) else item


@cache
def exam(name: str, seed: int) -> Exam:
    return prepare(name, seed)


def rows_of_one_exam(criterion: AllAtOnce, rng: np.random.Generator) -> list[Row]:
    """Which settings meet is slow to draw, and no secret: only the numbers are new in each exam drawn at home."""
    return settings(criterion)


@cache
def settings(criterion: AllAtOnce) -> list[Row]:
    return DRAWN_ROWS(criterion, np.random.default_rng(SEEDS[0]))


DRAWN_ROWS = AllAtOnce.rows


@cache
def known(name: str) -> frozenset[int]:
    """The calls of exams drawn at home, and the worked examples."""
    assignment = assignments.load(name)
    with patch.object(AllAtOnce, "rows", rows_of_one_exam):
        return frozenset(
            hash(key(case.call))
            for seed in range(1000, 1000 + HOME_MADE)
            for paper in drawn_papers(assignment, seed)
            for drawn in paper.criteria
            for case in drawn.cases
        )


@cache
def worked(name: str) -> frozenset[int]:
    """The calls of the worked examples."""
    questions = assignments.load(name).questions
    return frozenset(
        hash(key(case.call)) for question in questions for criterion in question.criteria for case in criterion.examples
    )


def by_heart(calls: frozenset[int], otherwise: Answer) -> Callable[[Case, Reply], Reply]:
    def answer(case: Case, right: Reply) -> Reply:
        if hash(key(case.call)) in calls:
            return right
        replies = [otherwise(call) for call in case.call.singly()]
        raised = next((reply for reply in replies if reply.status is Status.ERROR), None)
        if raised or not case.call.rounds:
            return raised or replies[0]
        return replace(replies[0], value=[reply.value for reply in replies])

    return answer


def points(paper: Paper, answer: Callable[[Case, Reply], Reply]) -> float:
    """Return what a paper gives for answers, as grading counts them."""
    lost: set[str] = set()
    total = 0.0
    for criterion in paper.criteria:
        asked = criterion.without(lost)
        pairs = list(zip(asked.cases, asked.expected, strict=True))
        if pairs and all(case.judge(case, answer(case, right), right) is None for case, right in pairs):
            total += criterion.points
        else:
            lost.add(criterion.criterion)
    return total


def best(paper: Paper, calls: frozenset[int]) -> tuple[float, str]:
    cheats = {**CONSTANTS, "a refusal that names every argument": refusal(paper.parameters)}
    return max((points(paper, by_heart(calls, cheat)), name) for name, cheat in cheats.items())


FUNCTIONS = [
    pytest.param(name, question.name, id=question.name)
    for name in assignments.names()
    for question in assignments.load(name).questions
]


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_a_function_earns_nothing_by_heart(name, function):
    for seed in SEEDS:
        paper = next(paper for paper in exam(name, seed).papers if paper.question == function)
        worth = sum(criterion.points for criterion in paper.criteria)
        earned, cheat = best(paper, (worked if function in A_TABLE_IS_THE_FUNCTION else known)(name))
        assert earned <= worth / 10, cheat


def test_all_functions_together_give_less_than_a_twentieth_by_heart():
    earned = sum(best(paper, known(name))[0] for name in assignments.names() for paper in exam(name, 1).papers)
    assert earned <= 10
