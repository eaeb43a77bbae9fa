"""Arrays that are drawn are of the kind that they are called."""

import math

import numpy as np
import pytest

from autograder.criteria.arrays import DTYPES, LAYOUTS, VALUES, any_values, laid_out, worldly

SHAPE = (2, 3, 4, 5)
SEEDS = range(20)


def some(values: str, dtype: str = "float64") -> list[np.ndarray]:
    return [worldly(np.random.default_rng(seed), SHAPE, values, dtype) for seed in SEEDS]


@pytest.mark.parametrize("values", [values for values in VALUES if values != "numbers"])
def test_sums_are_exact_in_any_order(values: str) -> None:
    for x in some(values):
        assert x.sum() == math.fsum(x.ravel()) == x[::-1].ravel().cumsum()[-1]
        assert np.array_equal(x.astype(np.float32), x)


def test_numbers_are_distinct_of_both_signs_and_not_those_of_single_precision() -> None:
    for x in some("numbers"):
        assert np.unique(x).size == x.size
        assert x.min() < 0 < x.max()
        assert (x.astype(np.float32) != x).any()


def test_half_of_what_follows_a_rectifier_is_zero() -> None:
    shares = [(x == 0).mean() for x in some("rectified")]
    assert 0.4 < np.mean(shares) < 0.6


def test_a_flat_array_has_at_most_one_cell_that_stands_out() -> None:
    counts = {(x != np.median(x)).sum() for x in some("flat")}
    assert counts == {0, 1}


def test_large_stands_beside_small() -> None:
    assert all(np.abs(x).max() / np.abs(x).min() == 2.0**40 for x in some("wide"))


@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_an_array_has_the_type_that_is_asked_for(values: str, dtype: str) -> None:
    assert {x.dtype for x in some(values, dtype)} == {np.dtype(dtype)}


def test_bytes_reach_their_largest_number() -> None:
    assert max(int(x.max()) for x in some("wide", "uint8")) == 255


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_changes_how_numbers_lie_and_not_which(layout: str) -> None:
    x = worldly(np.random.default_rng(1), SHAPE, "numbers")
    expected = np.broadcast_to(x[..., :1, :], SHAPE) if layout == "broadcast" else x
    assert np.array_equal(laid_out(x, layout), expected)
    assert laid_out(x, layout).flags.writeable == (layout not in ("backwards", "broadcast"))


def test_layouts_differ() -> None:
    x = np.zeros(SHAPE)
    assert len({laid_out(x, layout).strides for layout in LAYOUTS}) == len(LAYOUTS)


def test_any_values_are_those_that_single_precision_holds() -> None:
    rng = np.random.default_rng(0)
    assert {any_values(rng) for _ in range(50)} == set(VALUES) - {"numbers"}
