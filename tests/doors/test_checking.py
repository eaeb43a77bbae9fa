"""``check`` tells a student what holds, with the reference's answers written at release."""

import numpy as np
import pytest

from autograder import assignments, check, examples
from autograder.judging.grading import ROOT, prepare, reference


def functions(name: str) -> dict[str, object]:
    """Return the reference's functions of an assignment."""
    release = prepare(name, 0).release
    found: dict[str, object] = {}
    for cell in reference(name, ROOT, release).cells:
        if cell.name in release.solutions:
            namespace: dict[str, object] = {}
            exec(cell.source, namespace)
            found[cell.name] = namespace[cell.name]
    return found


@pytest.mark.parametrize("name", assignments.names())
def test_answers_to_the_worked_examples_are_todays(name: str, tmp_path) -> None:
    fresh = examples.write(name, prepare(name, 0).example_replies(), tmp_path)
    written = (examples.FOLDER / f"{name}.json").read_bytes()
    assert fresh.read_bytes() == written, f"run: python -m autograder release {name}"


@pytest.mark.parametrize("name", assignments.names())
def test_every_criterion_holds_for_the_reference(name: str) -> None:
    for function in functions(name).values():
        report = check(function)
        assert all(result.score == result.max_score for result in report.results), repr(report)


@pytest.mark.parametrize("name", assignments.names())
def test_nothing_holds_for_what_is_not_written_yet(name: str) -> None:
    for question in assignments.load(name).questions:

        def unwritten(*args, **kwargs):
            raise NotImplementedError

        unwritten.__name__ = question.name
        assert sum(result.score for result in check(unwritten).results) == 0


def test_smallest_failing_case_is_shown_with_the_students_own_names() -> None:
    def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
        return np.zeros_like(x)

    text = repr(check(max_pool2d))
    assert "max_pool2d(x, kernel_size=" in text
    assert "grading will also try" in text


def test_function_of_no_assignment_is_refused_by_name() -> None:
    def median_pool(x):
        return x

    with pytest.raises(ValueError, match="median_pool"):
        check(median_pool)


def test_interrupt_reaches_the_notebook() -> None:
    def max_pool2d(*args, **kwargs):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(max_pool2d)
