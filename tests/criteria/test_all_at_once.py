"""A function of several criteria is asked for everything together: every two values of different parameters meet."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from autograder import assignments
from autograder.criteria.all_at_once import NAME, AllAtOnce
from autograder.model import Case, Question

QUESTIONS = [
    pytest.param(question, id=f"{name}-{question.name}")
    for name in assignments.names()
    for question in assignments.load(name).questions
    if len(question.criteria) > 1
]
SEEDS = range(3)
Pair = frozenset[tuple[str, int]]


def at_once(question: Question) -> AllAtOnce:
    drawn = question.criteria[-1].generate
    assert isinstance(drawn, AllAtOnce), f"{question.name} has no last criterion {NAME!r}"
    return drawn


def may_meet(asked: AllAtOnce, chosen: dict[str, Any]) -> bool:
    """Say whether some row has these values."""
    if not asked.fits(chosen):
        return False
    left = [name for name in asked.factors if name not in chosen]
    return not left or any(may_meet(asked, {**chosen, left[0]: value}) for value in asked.factors[left[0]])


def met(asked: AllAtOnce, row: dict[str, Any]) -> set[Pair]:
    places = {name: [repr(value) for value in values].index(repr(row[name])) for name, values in asked.factors.items()}
    return {frozenset(two) for two in combinations(places.items(), 2)}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_two_values_that_fit_meet(question: Question) -> None:
    asked = at_once(question)
    values = [(name, i) for name, some in asked.factors.items() for i in range(len(some))]
    pairs = {
        frozenset((one, other))
        for one, other in combinations(values, 2)
        if one[0] != other[0] and may_meet(asked, {name: asked.factors[name][i] for name, i in (one, other)})
    }
    for seed in SEEDS:
        rows = asked.rows(np.random.default_rng(seed))
        assert pairs == {pair for row in rows for pair in met(asked, dict(row))}


@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_differ_from_exam_to_exam(question: Question) -> None:
    one, other = (
        [case.call.kwargs | dict(enumerate(map(repr, case.call.args))) for case in drawn(question, seed)]
        for seed in (1, 2)
    )
    assert repr(one) != repr(other)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_case_needs_are_criteria_of_its_function(question: Question) -> None:
    names = {criterion.name for criterion in question.criteria[:-1]}
    for seed in SEEDS:
        assert frozenset().union(*(case.needs for case in drawn(question, seed))) <= names


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_single_mistake_leaves_nothing_to_ask(question: Question) -> None:
    for criterion in question.criteria[:-1]:
        for cases in (question.criteria[-1].examples, drawn(question, 1)):
            assert [case for case in cases if criterion.name not in case.needs], criterion.name


@pytest.mark.parametrize("name", assignments.names())
def test_an_assignment_asks_at_most_450_calls(name: str) -> None:
    calls = sum(
        len(criterion.examples) + len(list(criterion.generate(np.random.default_rng(1))))
        for question in assignments.load(name).questions
        for criterion in question.criteria
    )
    assert calls <= 450


def drawn(question: Question, seed: int) -> list[Case]:
    return list(at_once(question)(np.random.default_rng(seed)))
