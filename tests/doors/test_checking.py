"""``check`` tells a student what holds, with the reference's answers written at release."""

import re
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import assignments, check, examples
from autograder.judging.grading import ROOT, prepare, reference
from autograder.model import NOTHING_LEFT, Call, Case, Criterion, Evidence, Limits, Question, Reply, Result, Status
from autograder.pages.calls import call_text
from autograder.pages.check_table import CheckTable
from autograder.ticking import StoppedError, limited
from autograder.trying import Trial


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


RIGHT = """
import functools
import numpy as np

def weight(channels, kernel_size):
    high, wide = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
    if min(channels, high, wide) < 1:
        raise ValueError("channels and kernel_size must be at least 1")
    return np.eye(channels)[..., None, None] * np.full((high, wide), 1 / (high * wide))

def timed(function):
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

class Weight:
    def __call__(self, channels, kernel_size):
        return weight(channels, kernel_size)

class Unwilling(Weight):
    @property
    def __signature__(self):
        raise RuntimeError

    def __getattr__(self, name):
        return 1 / 0 if name == "__name__" else None

class Made:
    def __new__(cls, channels, kernel_size):
        return weight(channels, kernel_size)
"""


def run(cell: str, *, before: str = RIGHT) -> CheckTable:
    """Run a cell whose result is called ``table``, as if in a notebook of its own."""
    namespace: dict[str, Any] = {"check": check}
    exec(before, namespace)
    exec(cell, namespace)
    table = namespace["table"]
    assert isinstance(table, CheckTable)
    return table


@pytest.mark.parametrize(
    "value",
    [
        "timed(weight)",
        "functools.wraps(weight)(timed(weight))",
        "lambda channels, kernel_size: weight(channels, kernel_size)",
        "functools.partial(weight)",
        "functools.lru_cache(weight)",
        "Weight()",
        "Unwilling()",
        "Weight().__call__",
        "Made",
        "np.vectorize(weight, signature='(),()->(a,b,c,d)', excluded=[1, 'kernel_size'])",
    ],
)
def test_whatever_can_be_called_is_checked_under_the_name_that_the_notebook_gives_it(value: str) -> None:
    table = run(f"avg_pool_weight = {value}\ntable = check(avg_pool_weight)")
    assert table.question.name == "avg_pool_weight"
    assert "vectorize" in value or table.holds, repr(table)


def test_a_name_can_be_given_where_there_is_none() -> None:
    assert run('table = check(lambda *args, **kwargs: weight(*args, **kwargs), name="avg_pool_weight")').holds
    with pytest.raises(ValueError, match="called 'avg_pool_heavy': did you mean avg_pool_weight"):
        run('table = check(weight, name="avg_pool_heavy")')


def test_one_function_under_two_names_is_checked_under_the_one_that_is_written() -> None:
    both = "max_pool2d = avg_pool2d = timed(weight)\n"
    for name in ("max_pool2d", "avg_pool2d"):
        assert run(f"{both}table = check({name})").question.name == name
    with pytest.raises(ValueError, match=r"write check\(function, name="):
        run(f"{both}table = [check(function) for function in (avg_pool2d,)]")


def test_a_function_found_by_a_loop_or_a_helper_keeps_the_notebooks_name() -> None:
    helper = "avg_pool_weight = timed(weight)\ndef all_of(*some): return [check(one) for one in some]\n"
    assert run(f"{helper}(table,) = all_of(avg_pool_weight)").question.name == "avg_pool_weight"


@pytest.mark.parametrize(
    ("given", "error", "advice"),
    [
        ("'avg_pool_weight'", TypeError, r"not its name: write check\(avg_pool_weight\)"),
        ("'something else'", TypeError, r"not its name: write check\(max_pool2d\)"),
        ("weight(1, 2)", TypeError, r"not what it returned: .* this is float64 array of shape \(1, 1, 2, 2\)"),
        ("None", TypeError, "not what it returned"),
        ("weight", ValueError, "called 'weight': give it its name"),
        ("np.maximum", ValueError, "called 'maximum'"),
        ("lambda x: x", ValueError, r"has no name: give it its name.*or write check\(function, name="),
        ("Weight()", ValueError, "has no name"),
    ],
)
def test_what_cannot_be_checked_is_refused_with_what_to_write(given: str, error: type[Exception], advice: str) -> None:
    with pytest.raises(error, match=advice):
        run(f"table = check({given})")


def test_a_name_almost_right_is_recognised() -> None:
    with pytest.raises(ValueError, match="'max_pool_2d': did you mean max_pool2d"):
        run("def max_pool_2d(x): return x\ntable = check(max_pool_2d)")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("avg_pool_weight = np.maximum", "avg_pool_weight(1, 2)"),
        ("avg_pool_weight = timed(np.maximum)", "avg_pool_weight(1, 2)"),
        ("def avg_pool_weight(c, size): return c", "avg_pool_weight(c=1, size=2)"),
    ],
)
def test_a_failing_call_is_shown_with_the_names_that_the_function_has_if_it_has_any(cell: str, shown: str) -> None:
    evidence = run(f"{cell}\ntable = check(avg_pool_weight)").results[0].evidence
    assert evidence is not None
    assert call_text(evidence.call) == shown


def unequal(case: Case, got: Reply, expected: Reply) -> str | None:
    """Judge by equality."""
    return None if got.value == expected.value else "unequal"


def asked(*names: str, needs: str = "") -> Question:
    """Return a question with a criterion for each name, the last of which needs another."""
    case = Case(Call("double", (2,)), unequal)
    criteria = [Criterion(name, 1, (case,), lambda _: (), "", "") for name in names]
    criteria[-1] = replace(criteria[-1], examples=(replace(case, needs=frozenset({needs} - {""})),))
    return Question("double", tuple(criteria))


def test_examples_that_need_a_lost_criterion_are_left_out_as_in_grading() -> None:
    question = asked("first", "last", needs="first")
    expected = {"first": [Reply(Status.PASSED, 5)], "last": [Reply(Status.PASSED, 4)]}
    first, last = Trial(lambda x: 2 * x, question).results(expected)
    assert isinstance(first.evidence, Evidence)
    assert (last.status, last.message, last.evidence) == (Status.FAILED, NOTHING_LEFT, None)


def test_slow_calls_are_told_beside_what_grading_allows() -> None:
    trial = Trial(abs, asked("one"))
    trial.seconds = [2.0, 3.5, 1.0]
    assert list(trial.slow(Limits())) == ["a call took 3.5 seconds here; grading stops a call after 3"]
    trial.seconds = [2.5] * 5
    (said,) = trial.slow(Limits())
    assert said.startswith("the worked examples took 12.5 seconds here; grading, which tries more,")


def test_interrupt_reaches_the_notebook() -> None:
    def max_pool2d(*args, **kwargs):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(max_pool2d)


HASTY = Limits(call_seconds=0.2, function_seconds=0.5)


def tried(function, name: str = "output_size") -> list[Result]:
    """Try a function with little time."""
    loaded = map(assignments.load, assignments.names())
    assignment, question = next((one, asked) for one in loaded for asked in one.questions if asked.name == name)
    return Trial(function, question, HASTY).results(examples.read(assignment.name)[name])


def test_a_loop_without_end_is_stopped_where_it_is() -> None:
    source = "def output_size(*args, **kwargs):\n    n = 0\n    while True:\n        n += 1\n"
    namespace: dict[str, Any] = {}
    exec(compile(source, "<your cell>", "exec"), namespace)
    first, *others = tried(namespace["output_size"])
    assert first.status is Status.TIMEOUT
    assert re.fullmatch(r"stopped after 0\.2 s \(line [34] of your cell\)", first.message)
    assert {result.status for result in others} == {Status.TIMEOUT}
    assert "used up" in others[-2].message


@pytest.mark.parametrize("caught", ["except Exception:", "except:", "finally:"])
def test_no_handler_of_a_students_keeps_a_loop_alive(caught: str) -> None:
    body = f"while True:\n        try:\n            n = 1\n        {caught}\n            n = 2"
    source = f"def output_size(*args, **kwargs):\n    {body}\n"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    assert tried(namespace["output_size"])[0].status is Status.TIMEOUT


def test_a_clock_that_was_stopped_never_rings_afterwards() -> None:
    for turn in range(300):
        with suppress(StoppedError):
            limited(0.0005 + turn % 7 * 0.0001, lambda: sum(range(20_000)))
    before = threading.active_count()
    time.sleep(0.5)
    assert sum(range(100_000)) > 0
    assert threading.active_count() <= before
    assert not [thread for thread in threading.enumerate() if "(wait)" in thread.name]


def test_where_there_are_no_threads_a_call_takes_its_time(monkeypatch) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert limited(0.01, lambda: time.sleep(0.05) or 1) == 1
    assert tried(lambda *args, **kwargs: 1)[0].status is Status.FAILED
