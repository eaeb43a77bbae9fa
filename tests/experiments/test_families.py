"""Several comparisons are decided at levels that Holm's method adjusts."""

import numpy as np
import pytest
from experiments.answers import every
from experiments.families import decisions, family, holm
from experiments.stats import better, difference, known
from scipy import stats as scipy_stats

RNG = np.random.default_rng(1)
BASE = list(RNG.normal(0.8, 0.02, 8))


def normal(p):
    """Return a comparison with a known two-sided p value, leaning to yes."""
    half = scipy_stats.norm.isf(0.025)
    z = scipy_stats.norm.isf(p / 2)
    return known(z, z - half, z + half).above(0)


def test_holm_adjusts_known_p_values():
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.2, 0.001]) == pytest.approx([0.2, 0.002])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_comparison_has_the_p_value_that_it_was_made_with():
    assert normal(0.03).p == pytest.approx(0.03)
    a, b = [x + 0.02 for x in BASE[::-1]], BASE
    assert difference(a, b).above(0).p == pytest.approx(scipy_stats.ttest_rel(a, b).pvalue)


def test_one_comparison_is_decided_by_its_own_interval():
    assert decisions([normal(0.049), True]) == ["yes", "yes"]
    assert decisions([normal(0.051), False]) == ["undecided", "no"]


def test_what_one_comparison_decides_alone_three_do_not():
    """One-sided p values .011, .03 and .2 are multiplied by 6, 5 and 4, which leaves none below .05."""
    first, second, third = normal(0.022), normal(0.06), normal(0.4)
    assert first.alone == "yes"
    assert decisions([first, second, third]) == ["undecided"] * 3
    outcomes = family([first, second, third])
    assert [outcomes[one].p for one in (first, second, third)] == pytest.approx([0.066, 0.15, 0.8])


def test_a_decision_leaves_more_room_for_the_next():
    """Alone against five others .008 is enough: 6 x .004; then 5 x .0099 is, and 4 x .015 is not."""
    assert decisions([normal(0.008), normal(0.0198), normal(0.03)]) == ["yes", "yes", "undecided"]


def test_once_one_is_not_decided_none_with_a_larger_p_value_is():
    values = [normal(0.04), normal(0.041), normal(0.042)]
    assert all(one.alone == "yes" for one in values)
    assert decisions(values) == ["undecided"] * 3


def test_parts_of_one_answer_belong_to_the_family_and_repeated_ones_count_once():
    one, two = normal(0.02), normal(0.03)
    assert len(family([every(one, two), ~one, one | True])) == 2
    assert decisions([one, one, one]) == ["yes"] * 3


def test_the_chance_of_any_wrong_decision_stays_below_five_percent():
    """Of 400 families of six comparisons between equal arms few may hold a single false gain."""
    rng = np.random.default_rng(7)
    wrong = 0
    for _ in range(400):
        pairs = rng.normal(0.8, 0.03, (6, 2, 5))
        wrong += "yes" in decisions([better(list(a), list(b)) for a, b in pairs])
    assert wrong <= 0.05 * 400
