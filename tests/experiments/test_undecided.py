"""Answers combine as in Kleene's logic, and never pass for a truth value."""

from itertools import product

import pytest
from experiments.answers import Answer, Fact, at_least, every, some

YES, NO, OPEN = Answer(), Answer(), Answer()
LEAVES = {YES: "yes", NO: "no", OPEN: "undecided"}


def decided(answer):
    return answer.decided(LEAVES)


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (YES, YES, "yes", "yes"),
        (YES, NO, "no", "yes"),
        (NO, NO, "no", "no"),
        (YES, OPEN, "undecided", "yes"),
        (NO, OPEN, "no", "undecided"),
        (OPEN, OPEN, "undecided", "undecided"),
    ],
)
def test_and_and_or_are_kleenes_whichever_comes_first(a, b, both, either):
    for x, y in ((a, b), (b, a)):
        assert decided(x & y) == decided(every(x, y)) == both
        assert decided(x | y) == decided(some(x, y)) == either


def test_the_opposite_of_undecided_is_undecided():
    assert [decided(~answer) for answer in (YES, NO, OPEN)] == ["no", "yes", "undecided"]


def test_de_morgan_holds_for_three_values():
    for a, b in product(LEAVES, repeat=2):
        assert decided(~(a & b)) == decided(~a | ~b)


def test_facts_mix_in_on_either_side():
    assert decided(OPEN & False) == decided(False & OPEN) == "no"
    assert decided(OPEN | True) == decided(True | OPEN) == "yes"
    assert decided(Fact(True) & OPEN) == "undecided"


def test_a_count_is_undecided_only_while_the_undecided_could_change_it():
    assert decided(at_least(1, YES, OPEN, NO)) == "yes"
    assert decided(at_least(2, YES, OPEN, NO)) == "undecided"
    assert decided(at_least(3, YES, OPEN, NO)) == "no"
    assert decided(every()) == "yes"
    assert decided(some()) == "no"


@pytest.mark.parametrize(
    "use",
    [
        lambda: YES and NO,
        lambda: NO or YES,
        lambda: not OPEN,
        lambda: any([YES, NO]),
        lambda: all([YES, NO]),
        lambda: "x" if every(YES) else "y",
        lambda: bool(~YES),
        lambda: bool(Fact(True)),
    ],
)
def test_python_may_not_ask_an_answer_for_its_truth(use):
    with pytest.raises(TypeError, match="may be undecided"):
        use()


def test_leaves_are_found_in_any_depth():
    assert list((every(YES, ~some(NO, True)) & OPEN).leaves()) == [YES, NO, OPEN]
