"""A mistake that the notebook warns of shows in ``check``: the worked examples alone find it."""

from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest

from autograder import assignments
from autograder.criteria.all_at_once import NAME
from autograder.judging.exam import DrawnCriterion, Exam, Paper
from autograder.judging.grading import ROOT, grade, prepare
from autograder.submission import Cell, Submission
from sample_class.variants.variant import Variant

TYPICAL = [
    pytest.param(name, variant, id=f"{name}-{variant.function}-{variant.name}")
    for name in assignments.names()
    for variant in import_module(f"sample_class.variants.{name}").WRONG
    if variant.typical
]


@cache
def exam(name: str) -> Exam:
    return prepare(name, 1)


def shown(drawn: DrawnCriterion) -> DrawnCriterion:
    return replace(drawn, cases=drawn.cases[: drawn.examples], expected=drawn.expected[: drawn.examples])


def of_examples_only(exam: Exam, function: str) -> Exam:
    paper = next(paper for paper in exam.papers if paper.question == function)
    papers: tuple[Paper, ...] = (replace(paper, criteria=tuple(map(shown, paper.criteria))),)
    return replace(exam, papers=papers)


@pytest.mark.parametrize(("name", "variant"), TYPICAL)
def test_a_typical_mistake_fails_a_worked_example(name: str, variant: Variant) -> None:
    asked = of_examples_only(exam(name), variant.function)
    verdict = grade(asked, "somebody", Submission((Cell(variant.function, variant.source),)))
    lost = {result.criterion for result in verdict.results if not result.score}
    assert lost - {NAME} == set(variant.loses) - {NAME}


@pytest.mark.parametrize("name", assignments.names())
def test_a_notebooks_warnings_are_tried(name: str) -> None:
    warns = "mistake" in (ROOT / "solutions" / f"{name}.py").read_text(encoding="utf-8")
    assert warns == any(mistake.values[0] == name for mistake in TYPICAL)
