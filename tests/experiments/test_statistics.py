"""The intervals and differences are those of SciPy."""

import math

import numpy as np
import pytest
from experiments import stats
from scipy import stats as scipy_stats

A, B = np.random.default_rng(0).normal(0.8, 0.05, (2, 7))


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


def test_interval_excludes_zero_exactly_when_the_test_is_significant():
    for shift in (0.0, 0.02, 0.05, 0.1):
        gap = stats.difference(A + shift, B)
        significant = scipy_stats.ttest_rel(A + shift, B).pvalue < 0.05
        assert (gap.above(0) or gap.below(0)) == significant


def test_better_needs_two_points_and_an_interval_without_zero():
    base = [0.80, 0.81, 0.79, 0.80, 0.82]
    assert stats.better([x + 0.03 for x in base], base)
    assert not stats.better([x + 0.01 for x in base], base), "sure, but too small"
    assert not stats.better([0.99, 0.70, 0.95, 0.69, 0.99], base), "large, but unsure"


def test_alike_needs_a_narrow_interval():
    base = [0.80, 0.81, 0.79, 0.80, 0.82]
    assert stats.alike([x + 0.001 for x in base], base)
    assert not stats.alike([0.99, 0.70, 0.95, 0.69, 0.99], base), "no difference shown is not shown equal"


def test_constant_difference_has_an_infinite_effect():
    assert stats.difference([1.0, 1.0, 1.0], [0.5, 0.5, 0.5]).effect == math.inf
    assert stats.difference([0.5, 0.5], [0.5, 0.5]).effect == 0


def test_one_run_has_no_interval():
    with pytest.raises(ValueError, match="two values"):
        stats.mean([0.9])


def test_unequal_numbers_of_seeds_are_refused():
    with pytest.raises(ValueError, match="equally many"):
        stats.difference([0.1, 0.2], [0.1, 0.2, 0.3])
