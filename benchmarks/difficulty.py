"""Simulates many exams: whether a mistake costs the same in all of them, whatever their seeds.

``python -m benchmarks.difficulty [ASSIGNMENT]... [--draws 10000]`` draws as many exams of one function each, every one
from a seed of its own, has a wrong variant sit it, and compares the criteria that this loses with those that it should
lose. It prints how many exams were harder or easier than they should be, and for which variants.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Any

import click
import numpy as np

from autograder import assignments
from autograder.judging.grading import ROOT, drawn_papers, reference, released
from autograder.model import Question, Reply
from autograder.trying import Trial
from sample_class.variants.variant import Variant


@dataclass(frozen=True)
class Sitting:
    """A wrong variant in an exam."""

    assignment: str
    function: str
    variant: str
    seed: int


@cache
def solution(name: str) -> dict[str, Any]:
    """Run the reference's graded cells in this process."""
    namespace: dict[str, Any] = {}
    release = released(name)
    for cell in reference(name, ROOT, release).cells:
        if cell.name in release.solutions:
            exec(compile(cell.source, cell.name, "exec", dont_inherit=True), namespace)
    return namespace


@cache
def variants(name: str) -> Mapping[tuple[str, str], Variant]:
    """Return an assignment's wrong variants by function and name."""
    wrong = import_module(f"sample_class.variants.{name}").WRONG
    return {(one.function, one.name): one for one in wrong}


def question(name: str, function: str, seed: int) -> Question:
    """Return a question as an exam asks it: all cases in the place of the examples."""
    assignment = assignments.load(name)
    asked = next(one for one in assignment.questions if one.name == function)
    (paper,) = drawn_papers(replace(assignment, questions=(asked,)), seed)
    criteria = zip(asked.criteria, paper.criteria, strict=True)
    return replace(asked, criteria=tuple(replace(one, examples=drawn.cases) for one, drawn in criteria))


def difference(sitting: Sitting) -> frozenset[str]:
    """Return the criteria that a variant lost and should not, or should have lost and did not."""
    variant = variants(sitting.assignment)[sitting.function, sitting.variant]
    asked = question(sitting.assignment, sitting.function, sitting.seed)
    right = Trial(solution(sitting.assignment)[sitting.function], asked)
    expected: dict[str, list[Reply]] = {
        one.name: [right.reply(case) for case in one.examples] for one in asked.criteria
    }
    namespace = dict(solution(sitting.assignment))
    exec(compile(variant.source, "<variant>", "exec", dont_inherit=True), namespace)
    with np.errstate(all="ignore"):
        results = Trial(namespace[sitting.function], asked).results(expected)
    return frozenset(one.criterion for one in results if not one.score) ^ frozenset(variant.loses)


def sittings(names: tuple[str, ...], draws: int) -> Iterator[Sitting]:
    """Return sittings, all variants in turn, no two of one seed."""
    every = [(name, *key) for name in names for key in variants(name)]
    return (Sitting(*one, seed) for seed, one in enumerate(itertools.islice(itertools.cycle(every), draws), 10**6))


def differences(names: tuple[str, ...], draws: int, workers: int = 2) -> Counter[tuple[str, str, str]]:
    """Return how often a variant lost other criteria than it should: its function, its name, and which."""
    found: Counter[tuple[str, str, str]] = Counter()
    every = list(sittings(names, draws))
    with ProcessPoolExecutor(workers) as pool, click.progressbar(length=draws, label="exams") as bar:
        for sitting, criteria in zip(every, pool.map(difference, every, chunksize=20), strict=True):
            bar.update(1)
            if criteria:
                found[sitting.function, sitting.variant, ", ".join(sorted(criteria))] += 1
    return found


@click.command(help=__doc__)
@click.argument("names", nargs=-1, metavar="[ASSIGNMENT]...", type=click.Choice(assignments.names()))
@click.option("--draws", default=10_000, show_default=True, type=click.IntRange(1), help="Exams to draw.")
def main(names: tuple[str, ...], draws: int) -> None:
    """Print how many exams cost a mistake something else than they should."""
    names = names or tuple(assignments.names())
    found = differences(names, draws)
    count = sum(len(variants(name)) for name in names)
    print(f"{draws} exams, {count} wrong variants: in {sum(found.values())} exams a variant lost other criteria")
    for (function, variant, criteria), times in found.most_common():
        print(f"  {times} of about {draws / count:.0f}: {function}, {variant}: {criteria}")


if __name__ == "__main__":
    main()
