"""Questions fixed beforehand name arms that exist, and are answered by their rule, dead runs counted apart."""

from collections import Counter

import pytest
from experiments import results
from experiments.asked import answered, asked
from experiments.ledger import fixed
from experiments.questions import Question, Side, questions

ASKED = questions()


def test_every_side_of_a_question_is_one_arm():
    for question in ASKED:
        arms = results.module(question.experiment).arms()
        for side in (question.more, question.less):
            found = [arm for arm in arms if all(arm.get(key) == value for key, value in side.arm.items())]
            assert len(found) == 1, (question.asks, side)


def test_no_question_is_asked_twice():
    assert max(Counter(question.asks for question in ASKED).values()) == 1
    assert all(question.asks.endswith("?") for question in ASKED)


def result(more, less, **flags):
    arms = [
        {
            "arm": {"down": down},
            "figures": {"test": v, "alive": [True] * 6, "finished": [True] * 6, **flags.get(down, {})},
        }
        for down, v in (("max", more), ("avg", less))
    ]
    return results.Result({"experiment": "e99", "arms": arms})


def question(rule="better", unit="points"):
    return Question("e99", "Is it?", Side("test", {"down": "max"}), Side("test", {"down": "avg"}), rule=rule, unit=unit)


HIGH, LOW = [0.90, 0.91, 0.92, 0.90, 0.91, 0.92], [0.80, 0.82, 0.81, 0.80, 0.81, 0.82]


@pytest.mark.parametrize(
    ("more", "less", "rule", "decision"),
    [
        (HIGH, LOW, "better", "yes"),
        (LOW, HIGH, "better", "no"),
        (HIGH, LOW, "alike", "no"),
        (HIGH, HIGH, "alike", "yes"),
    ],
)
def test_a_question_is_answered_by_its_rule(more, less, rule, decision):
    assert asked(question(rule), result(more, less)).comparison.alone == decision


def test_a_dead_run_is_counted_and_not_averaged_in():
    dead = {"avg": {"alive": [True] * 5 + [False]}}
    found = asked(question(), result(HIGH, [*LOW[:5], 0.1], **dead))
    assert found.dead == (0, 1)
    assert found.less == LOW[:5]
    assert asked(question(unit="pixels"), result(HIGH, LOW, **dead)).less == LOW


def test_with_too_few_runs_alive_nothing_is_decided():
    found = asked(question(), result(HIGH, LOW, avg={"alive": [True] * 4 + [False] * 2}))
    assert found.comparison is None


def test_runs_that_met_the_ceiling_are_counted():
    assert asked(question(), result(HIGH, LOW, max={"finished": [False] * 6})).unfinished == (6, 0)


def test_one_entry_of_a_list_can_be_compared():
    rows = {"max": {"by_shift": [[0.1, x] for x in HIGH]}, "avg": {"by_shift": [[x, 0.1] for x in LOW]}}
    sides = [Side("by_shift[1]", {"down": "max"}), Side("by_shift[0]", {"down": "avg"})]
    found = asked(Question("e99", "Is it?", *sides), result(HIGH, LOW, **rows))
    assert (found.more, found.less) == (HIGH, LOW)


def test_measured_experiments_answer_all_that_they_were_asked():
    for name in {question.experiment for question in ASKED} & set(results.measured()):
        found = answered(name, results.load(name))
        assert len(found) == sum(question.experiment == name for question in ASKED)
        assert {answer.decision for answer in found} <= {"yes", "no", "undecided"}


def test_a_table_shows_what_was_found_and_which_runs_do_not_count(monkeypatch):
    arms = [
        {"arm": {**side.arm}, "figures": {"test": values, "alive": [True] * 6, "finished": [True] * 5 + [False]}}
        for side, values in ((question().more, HIGH), (question().less, LOW))
    ]
    monkeypatch.setattr(fixed, "questions", lambda: [question()])
    monkeypatch.setattr("experiments.asked.questions", lambda: [question()])
    monkeypatch.setattr(results, "measured", lambda: ("e99",))
    monkeypatch.setattr(results, "load", lambda name: results.Result({"experiment": name, "arms": arms}))
    shown = fixed.asked_of("e99").data
    assert "E99: 1 yes, 0 no, 0 undecided" in shown
    assert "<td>at least 2 points more</td><td>+10.0 [9.3, 10.7]</td><td>yes (2 not finished)</td>" in shown


def test_a_table_of_what_is_not_measured_says_so(monkeypatch):
    monkeypatch.setattr(results, "measured", lambda: ())
    assert "E14 has not been measured yet" in fixed.asked_of("e14").data
