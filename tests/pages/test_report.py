"""The instructor's page: figures that are right, equal mistakes together, everybody in the table."""

import re
from dataclasses import replace

import numpy as np
import pytest

from autograder.model import Call, Status
from autograder.pages import feedback, item_statistics, report
from autograder.pages.shared_outcomes import SharedOutcomes
from tests.helpers.verdicts import (
    BACKWARD,
    HOSTILE,
    MAX_POOL,
    POOLING,
    all_of,
    endless,
    hostile,
    malformed,
    result,
    verdict,
    wrong,
    zero_padder,
)


def failing(student, value, number=0, **kwargs):
    call = Call("max_pool2d", (np.ones((1, 1, 4, 4)),), {"kernel_size": 2, **kwargs})
    return verdict(student, result(MAX_POOL, number, Status.FAILED, "wrong", wrong(call, np.zeros(2), value)))


def figures(verdicts):
    return item_statistics.items([item_statistics.marks(one, POOLING) for one in verdicts], POOLING)


def students(groups):
    return [list(group.students) for group in groups]


def test_difficulty_and_discrimination_follow_their_definitions():
    rng = np.random.default_rng(0)
    asked = [(question, i) for question in POOLING.questions for i in range(len(question.criteria))]
    held = rng.random((40, len(asked))) < 0.6
    verdicts = [
        verdict(f"s{k}", *(result(*asked[i], Status.FAILED, "wrong") for i in np.flatnonzero(~row)))
        for k, row in enumerate(held)
    ]
    scores = held * [question.criteria[i].points for question, i in asked]
    for i, item in enumerate(figures(verdicts)):
        rest = np.delete(scores, i, axis=1).sum(axis=1)
        assert item.difficulty == pytest.approx(held[:, i].mean())
        assert item.discrimination == pytest.approx(np.corrcoef(scores[:, i], rest)[0, 1])
        assert dict(item.lost) == {Status.FAILED: int((~held[:, i]).sum())}


def test_what_does_not_vary_has_no_discrimination():
    everybody, nobody, *_ = figures([failing("a", np.ones(2), 1), failing("b", np.ones(2), 1)])
    assert (everybody.discrimination, everybody.remark) == (None, "everybody earns it")
    assert nobody.difficulty == 0
    assert nobody.remark.startswith("nobody earns it")


def test_a_criterion_that_the_better_half_loses_is_remarked_upon():
    better = [failing(f"a{i}", np.ones(2)) for i in range(10)]
    worse = [verdict(f"b{i}", *all_of(BACKWARD, Status.FAILED, "wrong")) for i in range(10)]
    first = figures(better + worse)[0]
    assert first.discrimination == pytest.approx(-1)
    assert "look at the check" in first.remark


def test_distribution_gives_full_marks_a_bar_of_their_own():
    found = item_statistics.totals(np.array([0, 9.5, 10, 29.9, 99.99, 100]), 100)
    assert dict(found.bars) == {0: 2, 10: 1, 20: 1, 30: 0, 40: 0, 50: 0, 60: 0, 70: 0, 80: 0, 90: 1, 100: 1}


def test_full_marks_count_as_such_in_spite_of_rounding():
    assert item_statistics.totals(np.array([0.1 + 0.2 + 2.7 - 4e-16]), 3).bars[-1] == (3, 1)


def test_equal_wrong_results_stand_together_the_commonest_first():
    odd = np.array([np.nan, -0.0])
    verdicts = [
        failing("ada", np.array([1.0, 1 / 3])),
        failing("bo", np.array([1.0, 1 - 2 / 3])),  # the same but for the last bit
        failing("cy", odd),
        failing("di", np.array([np.nan, 0.0])),
        failing("ed", odd),
        failing("flo", np.array([1.0, 0.3333])),  # alone with it
        failing("gus", np.array([[np.nan, 0.0]])),  # another shape
        failing("hal", odd, stride=1),  # another case
    ]
    assert students(SharedOutcomes(verdicts).wrong_results()) == [["cy", "di", "ed"], ["ada", "bo"]]


def test_results_of_other_kinds_are_told_apart():
    values = [np.array([1]), np.array([1.0]), np.array([True]), [1], (1,), 1, 1.0, True, "1", None, {"a": 1}]
    verdicts = [failing(f"{i}", value) for i, value in enumerate(values)]
    assert not SharedOutcomes(verdicts).wrong_results()
    assert len(SharedOutcomes(verdicts + verdicts).wrong_results()) == 0
    again = [failing(f"again {i}", value) for i, value in enumerate(values)]
    assert len(SharedOutcomes(verdicts + again).wrong_results()) == len(values)


def test_one_wrong_result_that_costs_two_criteria_is_one_group():
    both = [failing(name, np.ones(2)).results[0] for name in "ab"]
    second = [failing(name, np.ones(2), 1).results[1] for name in "ab"]
    groups = SharedOutcomes([verdict("a", both[0], second[0]), verdict("b", both[1], second[1])]).wrong_results()
    assert [list(group.criteria) for group in groups] == [["plain windows", "padding never wins"]]


def test_who_came_to_no_result_is_grouped_by_reason():
    found = SharedOutcomes([endless("a"), malformed("b"), endless("c"), zero_padder("d")]).troubles()
    assert [(one.status, one.students, one.questions) for one in found] == [
        (Status.TIMEOUT, ["a", "c"], ("max_pool2d_backward",)),
        (Status.MALFORMED, ["b"], ("max_pool2d", "max_pool2d_backward")),
    ]


def test_an_exception_is_the_same_wherever_it_was_raised():
    verdicts = [
        verdict(name, *all_of(BACKWARD, Status.ERROR, f"NotImplementedError: (line {line} of max_pool2d_backward)"))
        for name, line in (("a", 7), ("b", 9))
    ]
    (found,) = SharedOutcomes(verdicts).troubles()
    assert (found.message, found.students) == ("NotImplementedError", ["a", "b"])


def test_page_lists_everybody_by_name_with_a_link_to_the_page_that_feedback_writes(tmp_path):
    names = ["zoë & co #1%2F?", "Ada", "bo"]
    verdicts = [zero_padder(name) for name in names]
    feedback.write(verdicts, POOLING, tmp_path)
    page = report.render(verdicts, POOLING)
    table = page[page.index('id="students"') :]
    assert re.findall(r"<bdi>(.*?)</bdi>", table) == ["Ada", "bo", "zoë &amp; co #1%2F?"]
    assert 'href="feedback/zo%C3%AB%20%26%20co%20%231%252F%3F/pooling/pooling.html"' in table


def test_page_says_whose_answer_in_words_waits():
    verdicts = [zero_padder("ada"), malformed("bo")]
    assert "1 answer in words (<code>explain_pooling</code>) waits" in report.render(verdicts, POOLING)
    assert "2 answers in words" in report.render(verdicts, POOLING, waiting={"ada", "bo"})
    assert "No answer waits" in report.render(verdicts, POOLING, waiting=())


def test_page_defines_its_figures_and_warns_when_there_are_few():
    page = report.render([zero_padder("ada")], POOLING)
    assert "corrected item-total correlation" in page
    assert "With 1 hand-ins these correlations are mostly chance" in page
    assert "mostly chance" not in report.render([zero_padder(f"s{i}") for i in range(30)], POOLING)


def test_page_of_an_empty_class_says_so():
    page = report.render([], POOLING)
    assert "report on 0 hand-ins" in page
    assert "No answer waits" in page


def test_hostile_text_is_shown_as_text():
    page = report.render([hostile(), hostile(HOSTILE + "2")], POOLING)
    assert page.lower().count("<script") == 1  # the table's own
    assert "&lt;script&gt;" in page
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page)


def test_page_grows_with_the_class_by_its_rows_alone(tmp_path):
    makers = (zero_padder, endless, malformed, verdict)
    sizes = []
    for count in (100, 1000):
        path = tmp_path / f"{count}.html"
        report.write([makers[i % 4](f"student {i:04}") for i in range(count)], POOLING, path)
        sizes.append(path.stat().st_size)
    assert sizes[1] - sizes[0] < 900 * 500


def test_what_is_to_be_looked_at_by_hand_stands_on_top_by_student():
    zoe, ann = (replace(zero_padder(name), remarks=(f"{name}'s cell 7", HOSTILE * 100)) for name in ("zoe", "Ann"))
    page = report.render([zoe, zero_padder("bob"), ann], POOLING)
    top = page[page.index("Look at these by hand</h2>") : page.index("Scores</h2>")]
    assert top.index("Ann&#39;s cell 7") < top.index("zoe&#39;s cell 7")
    assert "bob" not in top
    assert "<script>" not in top
    assert len(top) < 6000


def test_what_the_gradebook_left_out_stands_there_too():
    overview = report.Overview(POOLING, [zero_padder("bob")])
    page = overview.render([zero_padder("bob")], notes=["'bob': timestamp.txt: it holds no time <b>"])
    assert "timestamp.txt: it holds no time &lt;b&gt;" in page[: page.index("Scores</h2>")]
    assert "where it should be" in report.render([zero_padder("bob")], POOLING)
