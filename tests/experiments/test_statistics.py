"""The intervals and differences are those of SciPy, and comparisons answer no only where something is excluded."""

import math

import numpy as np
import pytest
from experiments import shares, stats
from scipy import stats as scipy_stats

A, B = np.random.default_rng(0).normal(0.8, 0.05, (2, 7))
BASE = [0.80, 0.81, 0.79, 0.80, 0.82]
UNSURE = [0.99, 0.70, 0.95, 0.69, 0.99]


def moved(by):
    """Return the base, moved by about as much in every run."""
    return [x + by + wobble for x, wobble in zip(BASE, (0.001, -0.001, 0, 0.001, -0.001), strict=True)]


def test_interval_of_a_mean_is_students():
    found = stats.mean(A)
    low, high = scipy_stats.t.interval(0.95, len(A) - 1, A.mean(), scipy_stats.sem(A))
    assert (found.low, found.high) == pytest.approx((low, high))


def test_paired_difference_agrees_with_the_paired_t_test():
    found = stats.difference(A, B)
    test = scipy_stats.ttest_rel(A, B)
    interval = test.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.effect == pytest.approx(test.statistic / math.sqrt(len(A)))
    assert found.p(0) == pytest.approx(test.pvalue)


@pytest.mark.parametrize("shift", [-0.1, 0.0, 0.02, 0.05, 0.1])
def test_a_bound_is_decided_exactly_when_the_interval_excludes_it(shift):
    gap = stats.difference(A + shift, B)
    above, below = gap.above(0).alone, gap.below(0).alone
    assert (above == "yes") == (below == "no") == (gap.low > 0)
    assert (above == "no") == (below == "yes") == (gap.high < 0)


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (moved(0.03), BASE, "yes"),
        (moved(0.01), BASE, "no"),
        (moved(-0.03), BASE, "no"),
        (UNSURE, BASE, "undecided"),
        ([x + 0.03 * i for i, x in enumerate(BASE)], BASE, "yes"),
        ([x + 0.01 * (i - 1) for i, x in enumerate(BASE)], BASE, "undecided"),
    ],
    ids=["sure", "sure, but too small", "worse", "large, but unsure", "wide, but above 0", "two points are possible"],
)
def test_better_is_refused_only_where_two_points_are_excluded(a, b, answer):
    assert stats.better(a, b).alone == answer


@pytest.mark.parametrize(
    ("a", "answer"), [(moved(0), "yes"), (moved(-0.01), "yes"), (moved(-0.03), "no"), (UNSURE, "undecided")]
)
def test_as_good_is_refused_only_where_a_loss_is_shown(a, answer):
    assert stats.no_worse(a, BASE).alone == answer


@pytest.mark.parametrize(
    ("a", "answer"),
    [(moved(0.001), "yes"), (moved(0.04), "no"), (moved(-0.04), "no"), (UNSURE, "undecided")],
)
def test_alike_needs_an_interval_within_the_margin_or_beyond_it(a, answer):
    assert stats.alike(a, BASE).alone == answer


def test_near_compares_with_a_number():
    assert stats.mean(BASE).near(0.8, within=0.05).alone == "yes"
    assert stats.mean(BASE).near(0.5, within=0.05).alone == "no"
    assert stats.mean(UNSURE).near(0.8, within=0.05).alone == "undecided"


@pytest.mark.parametrize("make", [stats.better, stats.no_worse, stats.alike])
@pytest.mark.parametrize("shift", np.linspace(-0.1, 0.1, 9))
def test_the_p_value_is_the_level_of_the_interval_that_just_decides(make, shift):
    """A comparison is decided alone exactly where the rule in its docstring, read off the interval, says so."""
    one = make(list(A + shift), list(B))
    gap, margin = one.estimate, 0.02
    said = {
        "better": ("yes" if gap.low > 0 and gap.mean >= margin else "no" if gap.high < margin else "undecided"),
        "no worse": ("yes" if gap.low > -margin else "no" if gap.high < -margin else "undecided"),
        "alike": (
            "yes"
            if -margin < gap.low and gap.high < margin
            else "no"
            if gap.low > margin or gap.high < -margin
            else "undecided"
        ),
    }
    assert one.alone == said[one.kind]


def test_an_interval_found_otherwise_decides_like_any_other():
    assert stats.known(1.4, 1.2, 1.7).above(1).alone == "yes"
    assert stats.known(1.4, 0.9, 1.5).above(1).alone == "undecided"
    assert stats.simulated(1.0, 0.001).near(1, within=0.01).alone == "yes"


def test_constant_difference_has_an_infinite_effect():
    assert stats.difference([1.0, 1.0, 1.0], [0.5, 0.5, 0.5]).effect == math.inf
    assert stats.difference([0.5, 0.5], [0.5, 0.5]).effect == 0


def test_one_run_has_no_interval():
    with pytest.raises(ValueError, match="two values"):
        stats.mean([0.9])


def test_unequal_numbers_of_seeds_are_refused():
    with pytest.raises(ValueError, match="equally many"):
        stats.difference([0.1, 0.2], [0.1, 0.2, 0.3])


def test_intervals_of_shares_and_of_their_differences_end_where_these_do():
    assert stats.mean([0.9, 1.0, 1.0]).high > 1
    assert shares.share([0.9, 1.0, 1.0]).high == 1
    assert shares.share([0.0, 0.0, 0.2]).low == 0
    assert shares.gap([0.6, 1.0, 0.9]).high == 1
    assert shares.lead([0.0, 0.1, 0.0], [0.9, 0.7, 1.0]).low == -1
    assert shares.points([1.0, 0.6, 1.0], [0.0, 0.0, 0.0]).startswith("+86.7 points [29.3, 100.0]")


def test_cutting_an_interval_off_decides_nothing():
    whole, cut = stats.mean([0.05, 0.02, 0.12]), shares.share([0.05, 0.02, 0.12])
    assert cut.low == 0 > whole.low
    assert cut.above(0.001).p == whole.above(0.001).p
