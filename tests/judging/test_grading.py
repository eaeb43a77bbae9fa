"""One submission becomes one verdict, and only its own code counts against it."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.criteria.judges import same
from autograder.judging import grading
from autograder.judging.exam import DrawnCriterion, Exam, Paper
from autograder.judging.grading import grade, prepare
from autograder.model import Call, Case, Reply, Status
from autograder.submission import Submission
from tests.helpers.tiny_exam import DOUBLE, FULL, RELEASE, cells, exam, notebook, reply


def judged(some, asked=None):
    return grade(asked or exam(), "ann", Submission.of(notebook(some), RELEASE))


def statuses(verdict):
    return [str(result.status) for result in verdict.results]


def test_right_answers_earn_everything():
    verdict = judged(cells())
    assert verdict.score == verdict.max_score == FULL
    assert all(result.message == "" and result.evidence is None for result in verdict.results)


def test_a_wrong_answer_shows_the_first_case_that_fails():
    verdict = judged(cells(double=DOUBLE.replace("2 *", "3 *")))
    result = verdict.results[0]
    assert result.status is Status.FAILED
    assert result.evidence.call.args[0].shape == (1, 1)
    np.testing.assert_allclose(result.evidence.got.value, 1.5 * result.evidence.expected.value, rtol=1e-3)


@pytest.mark.parametrize(
    ("double", "status", "message"),
    [
        ("def double(x): return 1 / 0", "error", "ZeroDivisionError"),
        ("def double(x):\n    while True: pass", "timeout", "no result after 2 s"),
        ("def double(x): return bytearray(10**12)", "memory", "MemoryError"),
        ("import os\ndef double(x): os._exit(3)", "crashed", "ended itself with code 3"),
        ("import os\ndef double(x): os.kill(os.getpid(), 11)", "crashed", "SIGSEGV"),
        ("x = 1", "missing", "`double` is not defined"),
        ("double = 1", "missing", "`double` is not defined"),
        ("import nothing", "error", "ModuleNotFoundError"),
        ("raise ValueError('early')\ndef double(x): return 2 * x", "error", "early"),
    ],
)
def test_every_way_to_fail_has_its_word(double, status, message):
    verdict = judged(cells(double=double))
    assert statuses(verdict) == [status] * 3 + ["passed"]
    assert message in verdict.results[0].message
    assert verdict.score == 2


def test_an_error_after_the_definition_costs_nothing():
    assert judged(cells(double=DOUBLE + "double('x')")).score == FULL


def test_a_result_buffer_that_is_used_again_is_no_mistake():
    reused = DOUBLE.replace(
        "return 2 * np.asarray(x)",
        "out = kept.setdefault(np.shape(x), np.empty(np.shape(x)))\n    return np.multiply(x, 2, out=out)",
    )
    assert judged(cells(double="kept = {}\n" + reused.replace("2 * np", "2 * np"))).results[1].status is Status.PASSED


def test_malformed_and_missing_questions_have_all_their_rows():
    verdict = grade(exam(), "ann", Submission(malformed={"double": "two of them"}, missing={"total": "gone"}))
    assert statuses(verdict) == ["malformed"] * 3 + ["missing"]
    assert (verdict.score, verdict.max_score) == (0, FULL)


def test_a_judge_that_stumbles_over_a_reply_calls_it_wrong():
    verdict = judged(cells(total="def total(x): return {'a': 1}"), _asked_by(_stumbles))
    assert verdict.results[0].status is Status.FAILED
    assert "got dict" in verdict.results[0].message


def _stumbles(case, got, expected):
    return None if got.value > 0 else "no"


def _asked_by(judge) -> Exam:
    item = DrawnCriterion("sum", 2.0, (Case(Call("total", (np.ones(2),)), judge),), (reply(2.0),))
    return replace(exam(), papers=(Paper("total", (), (item,)),))


def test_a_few_calls_in_a_row_show_what_no_single_call_does():
    case = Case(Call("double", (np.ones((1, 1)),), rounds=({}, {0: np.zeros((1, 1))}, {})), same)
    item = DrawnCriterion("again", 1.0, (case,), (reply([np.full((1, 1), number) for number in (2.0, 0.0, 2.0)]),))
    asked = replace(exam(), papers=(Paper("double", (), (item,)),))
    assert judged(cells(), asked).score == 1
    remembers = "def double(x, seen=[]):\n    seen.append(2 * x)\n    return seen[0]"
    assert "value 2" in judged(cells(double=remembers), asked).results[0].message


def grading_same(case, got, expected):
    return None if np.array_equal(got.value, expected.value) else got.message or "differs"


def test_a_case_is_left_out_for_who_has_lost_what_it_needs():
    asked = _with_a_last_criterion({"values"}, set())
    assert statuses(judged(cells(), asked)) == ["passed"] * 2
    wrong = "def double(x): return 3 * x if x.size == 1 else 2 * x"
    assert statuses(judged(cells(double=wrong), asked)) == ["failed", "passed"]


def test_a_criterion_of_which_nothing_is_left_is_lost_in_the_same_way():
    asked = _with_a_last_criterion({"values"}, {"values"})
    verdict = judged(cells(double="def double(x): return 1 / 0 if x.size == 1 else 2 * x"), asked)
    assert statuses(verdict) == ["error"] * 2
    assert "nothing was shown" in verdict.results[1].message


def _with_a_last_criterion(*needs) -> Exam:
    small, large = (Case(Call("double", (np.ones((side, 2 * side - 1)),)), grading_same) for side in (1, 2))
    some = [replace(case, needs=frozenset(names)) for case, names in zip((small, large), needs, strict=True)]
    replies = tuple(reply(2 * case.call.args[0]) for case in some)
    first = DrawnCriterion("values", 1.0, (small,), replies[:1])
    last = DrawnCriterion("all at once", 1.0, tuple(some), replies)
    return replace(exam(), papers=(Paper("double", (), (first, last)),))


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(1 << 18),
        [np.zeros(1 << 18)],
        {"a": {"b": [np.zeros(1 << 18)]}},
        ["x" * 1000] * 1000,
        list(range(100_000)),
        [np.zeros(0)] * 200_000,
    ],
)
def test_evidence_is_bounded(value):
    kept = grading._bounded(Reply(Status.PASSED, value, inputs=(np.zeros(9),)))
    assert isinstance(kept.value, str)
    assert kept.inputs == ()


def test_small_evidence_is_kept():
    assert grading._bounded(Reply(Status.PASSED, (np.ones(3), [1], "x"))).value[1:] == ([1], "x")


def test_the_released_notebook_earns_nothing_and_the_solution_everything():
    asked = prepare("pooling", 11)
    released = grade(
        asked,
        "release",
        Submission.of(grading.notebook.parse(grading.ROOT / "exercises/pooling/pooling.ipynb", 1 << 24), asked.release),
    )
    assert released.score == 0
    solution = grade(asked, "solution", grading.reference("pooling", grading.ROOT, asked.release))
    assert solution.score == solution.max_score > 0
