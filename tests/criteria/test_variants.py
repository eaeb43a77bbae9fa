"""The checks judge well: right ways to write a function keep all, wrong ones lose what they break and only that."""

import ast
from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest

from autograder import assignments
from autograder.judging.exam import Exam
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


def graded(name: str, submission: Submission) -> tuple[Result, ...]:
    return grade(exam(name), "somebody", submission).results


@cache
def bound(source: str) -> dict[str, str]:
    """Return what a solution cell binds, by name: its function and the helpers beside it."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = ast.unparse(node)
        elif isinstance(node, ast.Assign):
            found |= {ast.unparse(target): ast.unparse(node) for target in node.targets}
    return found


def fits(variant: Variant, other: Variant) -> bool:
    """Tell whether two may stand in one hand-in: a helper that means something else there would be a mistake of it."""
    mine, theirs = bound(variant.source), bound(other.source)
    return variant.function != other.function and all(mine[name] == theirs[name] for name in mine.keys() & theirs)


@cache
def together(name: str) -> list[list[Variant]]:
    """Return which variants stand in one hand-in: judging each in one of its own takes four times as long."""
    made: list[list[Variant]] = []
    for variant in VARIANTS[name]:
        found = next((others for others in made if all(fits(variant, other) for other in others)), None)
        if found is None:
            made.append(found := [])
        found.append(variant)
    return made


@cache
def judged(name: str, number: int) -> tuple[Result, ...]:
    """Judge a hand-in of variants, and of the reference for functions that have none there."""
    sources = {variant.function: variant.source for variant in together(name)[number]}
    cells = (replace(cell, source=sources.get(cell.name, cell.source)) for cell in solution(name).cells)
    return graded(name, Submission(tuple(cells)))


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_variant_loses_exactly_what_it_breaks(name: str, variant: Variant) -> None:
    # Whatever the other functions are in this hand-in is held where their own variants are asked about.
    number = next(number for number, variants in enumerate(together(name)) if variant in variants)
    results = judged(name, number)
    lost = {one.criterion: one.message for one in results if one.question == variant.function and not one.score}
    assert set(lost) == set(variant.loses), lost


@pytest.mark.parametrize("name", assignments.names())
def test_a_variant_costs_its_own_function_only(name: str) -> None:
    for number, variants in enumerate(together(name)):
        varied = {variant.function for variant in variants}
        elsewhere = [one for one in judged(name, number) if one.question not in varied and one.score < one.max_score]
        assert elsewhere == [], [variant.name for variant in variants]


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
