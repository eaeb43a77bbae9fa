"""The dropout lab: every mask of a window enumerated is the judge of its expectation."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['disk']}/dropout.html", "Dropout lab")


def enumerated(window: np.ndarray, p: float) -> float:
    """Return the expectation of the maximum over all masks of element dropout."""
    total = 0.0
    for mask in product([0, 1], repeat=window.size):
        kept = sum(mask)
        total += (1 - p) ** kept * p ** (window.size - kept) * (window.ravel() * mask).max() / (1 - p)
    return total


def shown(demo: Demo) -> tuple[float, float, float]:
    """Return expectation, value without dropout, mean of the draws."""
    found = re.search(r"expected ([\d.]+), without dropout ([\d.]+), mean of 1000 draws ([\d.]+)", demo.text())
    return tuple(map(float, found.groups()))


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_the_expectation_is_that_of_all_masks(demo, p):
    demo.set("p", p)
    activations = demo.numbers("Activations")
    for row, column in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        demo.cell("Result of this draw", row, column).hover()
        window = activations[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        expected, plain, mean = shown(demo)
        assert expected == pytest.approx(enumerated(window, p), abs=5.1e-4)
        assert plain == window.max()
        spread = window.max() / (1 - p) / 2 / np.sqrt(1000)  # at most: half the range, by 1000 draws
        assert mean == pytest.approx(expected, abs=6 * spread)


def test_channel_dropout_averages_and_dropout_after_the_pool_keep_the_expectation(demo):
    demo.pick("Dropped are", "channels")
    assert shown(demo)[0] == shown(demo)[1] == 4
    demo.pick("Dropped are", "elements")
    assert shown(demo)[0] > 4
    demo.pick("Dropout", "after the pool")
    assert shown(demo)[0] == 4
    demo.pick("Dropout", "before the pool")
    demo.pick("Pooling", "average")
    assert shown(demo)[0] == 2.5
    assert "is that without dropout" in demo.said()


def test_a_draw_is_inverted_dropout_then_the_pool(demo):
    before = demo.numbers("Activations")
    seen = set()
    for _ in range(6):
        demo.press("Draw again")
        after = demo.numbers("What reaches the pool")
        assert ((after == 0) | (after == 2 * before)).all()
        pooled = demo.numbers("Result of this draw")
        np.testing.assert_array_equal(pooled, after.reshape(2, 2, 2, 2).max(axis=(1, 3)))
        seen.add(after.tobytes())
    assert len(seen) > 1


def test_activations_are_typed_and_stay_non_negative(demo):
    demo.cell("Activations", 0, 0).focus()
    demo.page.keyboard.press("9")
    assert demo.numbers("Activations")[0, 0] == 9
    demo.page.keyboard.press("-")
    assert demo.numbers("Activations")[0, 0] == 9
    demo.press("Reset")
    assert demo.numbers("Activations")[0, 0] == 4
