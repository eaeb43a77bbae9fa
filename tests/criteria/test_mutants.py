"""The checks notice when a reference is changed mechanically."""

from autograder import assignments
from benchmarks.mutants import mutants, survivors
from benchmarks.survivors import REASONS


def test_checks_kill_every_mutant_of_a_sample_that_can_be_told_from_the_reference() -> None:
    tried, alive = survivors(assignments.names(), share=0.08)
    assert tried > 80
    assert not [f"{one.assignment}/{one.function} {one.change}" for one in alive if not one.reason]


def test_reasons_are_those_of_at_most_a_hundredth_of_all_mutants() -> None:
    every = [one for name in assignments.names() for one in mutants(name)]
    assert {(one.function, one.change.partition(": ")[2]) for one in every if one.reason} == REASONS.keys()
    assert len([one for one in every if one.reason]) <= 0.01 * len(every)
