"""The checks judge well: right ways to write a function keep all, wrong ones lose what they break and only that."""

from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest

from autograder import assignments
from autograder.judging.exam import Exam, Paper
from autograder.judging.grading import ROOT, grade, prepare, reference
from autograder.model import Result
from autograder.submission import Submission, read
from sample_class.variants.variant import Variant

SEED = 20_261
VARIANTS = {
    name: (*(module := import_module(f"sample_class.variants.{name}")).WRONG, *module.RIGHT)
    for name in assignments.names()
}
CASES = [pytest.param(name, v, id=f"{name}-{v.function}-{v.name}") for name, vs in VARIANTS.items() for v in vs]


@cache
def exam(name: str) -> Exam:
    return prepare(name, SEED)


@cache
def solution(name: str) -> Submission:
    return reference(name, ROOT, exam(name).release)


def graded(name: str, submission: Submission, papers: tuple[Paper, ...] = ()) -> tuple[Result, ...]:
    asked = exam(name)
    return grade(replace(asked, papers=papers or asked.papers), "somebody", submission).results


def asked_alongside(name: str, function: str) -> tuple[Paper, ...]:
    """Return what is judged in the same process: importing PyTorch for nothing would take most of the time."""
    papers = exam(name).papers
    packages = next(paper.packages for paper in papers if paper.question == function)
    return tuple(paper for paper in papers if paper.packages == packages)


def with_variant(name: str, variant: Variant) -> Submission:
    cells = (
        replace(cell, source=variant.source) if cell.name == variant.function else cell for cell in solution(name).cells
    )
    return Submission(tuple(cells))


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_variant_loses_exactly_what_it_breaks(name: str, variant: Variant) -> None:
    results = graded(name, with_variant(name, variant), asked_alongside(name, variant.function))
    lost = {one.criterion: one.message for one in results if one.question == variant.function and not one.score}
    elsewhere = [one for one in results if one.question != variant.function and one.score < one.max_score]
    assert set(lost) == set(variant.loses), lost
    assert not elsewhere


@pytest.mark.parametrize("name", assignments.names())
def test_solution_earns_full_marks(name: str) -> None:
    assert [one for one in graded(name, solution(name)) if one.score < one.max_score] == []


@pytest.mark.parametrize("name", assignments.names())
def test_untouched_release_earns_nothing(name: str) -> None:
    path = ROOT / "exercises" / name / f"{name}.ipynb"
    results = graded(name, read(path, exam(name).release, exam(name).limits.notebook))
    assert sum(one.score for one in results) == 0


@pytest.mark.parametrize("name", assignments.names())
def test_every_function_has_wrong_and_right_variants(name: str) -> None:
    for question in assignments.load(name).questions:
        mine = [variant for variant in VARIANTS[name] if variant.function == question.name]
        assert len([variant for variant in mine if variant.loses]) >= 4, question.name
        assert len([variant for variant in mine if not variant.loses]) >= 2, question.name
