"""The checks notice when a reference is changed mechanically."""

from autograder import assignments
from benchmarks.mutants import survivors


def test_checks_kill_nearly_every_mutant_of_a_sample() -> None:
    tried, alive = survivors(assignments.names(), share=0.08)
    assert tried > 80
    assert len(alive) <= 0.05 * tried, "\n".join(f"{one.assignment}/{one.function} {one.change}" for one in alive)
