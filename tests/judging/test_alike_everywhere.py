"""A verdict does not depend on what confines: the sample class and the variants are judged alike by each that can.

A share of them in every run, all with ``make test-whole``.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from autograder import assignments
from autograder.judging.exam import Exam
from autograder.judging.grading import grade, prepare
from autograder.sandbox import backends
from autograder.sandbox.session import chosen, tried
from autograder.submission import Submission
from sample_class import hand_ins as sample_class
from tests.criteria.test_variants import SEED, solution, together
from tests.helpers.whole import WHOLE, sample

# Of what the sample class waits for, seconds pass in each.
SLOW = {"endless-loop"}
OTHERS = backends.CONFINING[1:]
STUDENTS = [
    (name, student)
    for name in assignments.names()
    for student in sample_class.hand_ins(name)
    if WHOLE or student not in SLOW
]
VARIANTS = [(name, number) for name in assignments.names() for number in range(len(together(name)))]


@pytest.fixture(params=OTHERS)
def other(request):
    """Name what can confine beside the strongest."""
    if chosen() == request.param or (why := tried(request.param)):
        pytest.skip(why if chosen() != request.param else f"{chosen()} is all that confines here")
    return request.param


@cache
def exam(name: str, confinement: str) -> Exam:
    return prepare(name, SEED, confinement=confinement)


def verdicts(name: str, submission: Submission, other: str) -> list[list[tuple]]:
    """Return what is found of a submission by the strongest and by another."""
    found = [grade(exam(name, confinement), "somebody", submission) for confinement in (chosen(), other)]
    assert [verdict.confinement for verdict in found] == [chosen(), other]
    return [
        [*verdict.remarks, *((one.criterion, one.score, one.status, one.message) for one in verdict.results)]
        for verdict in found
    ]


@pytest.mark.parametrize("name", assignments.names())
def test_the_reference_answers_alike(name, other):
    for one, another in zip(exam(name, chosen()).papers, exam(name, other).papers, strict=True):
        for mine, theirs in zip(one.criteria, another.criteria, strict=True):
            for reply, same in zip(mine.expected, theirs.expected, strict=True):
                assert (same.status, same.message, same.refused) == (reply.status, reply.message, reply.refused)
                np.testing.assert_equal(same.value, reply.value)


@pytest.mark.parametrize(("name", "student"), sample(STUDENTS, 8))
def test_the_sample_class_is_judged_alike(name, student, other):
    submission = Submission.of(sample_class.hand_ins(name)[student], exam(name, other).release)
    one, another = verdicts(name, submission, other)
    assert another == one


@pytest.mark.parametrize(("name", "number"), sample(VARIANTS, 12))
def test_variants_are_judged_alike(name, number, other):
    sources = {variant.function: variant.source for variant in together(name)[number]}
    cells = (replace(cell, source=sources.get(cell.name, cell.source)) for cell in solution(name).cells)
    one, another = verdicts(name, Submission(tuple(cells)), other)
    assert another == one
