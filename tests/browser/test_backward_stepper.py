"""The backward stepper in the built page; PyTorch's autograd is the judge."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, server) -> Demo:
    return open_demo(f"{server}/pooling.html", "Backward stepper")


def gradient(demo: Demo, pool, upstream: torch.Tensor | None = None) -> np.ndarray:
    x = torch.tensor(demo.numbers("Input"))[None, None].requires_grad_()
    out = pool(x)
    out.backward(torch.ones_like(out) if upstream is None else upstream[None, None])
    return x.grad[0, 0].numpy()


def assert_gradient(demo: Demo, expected: np.ndarray) -> None:
    np.testing.assert_allclose(demo.numbers("Gradient of the input"), expected, atol=5.1e-4)


def test_all_inputs_and_settings_agree_with_autograd(demo):
    for name in ("ties", "digit", "random"):
        demo.pick("Input", name)
        for kernel, stride, padding in [((2, 2), (2, 2), (0, 0)), ((3, 2), (1, 2), (1, 1))]:
            demo.set_pairs(kernel=kernel, stride=stride, padding=padding)
            demo.press("Send all")
            demo.pick("Operation", "max")
            assert_gradient(demo, gradient(demo, lambda x, a=(kernel, stride, padding): functional.max_pool2d(x, *a)))
            demo.pick("Operation", "average")
            assert_gradient(demo, gradient(demo, lambda x, a=(kernel, stride, padding): functional.avg_pool2d(x, *a)))


def test_gradients_are_sent_one_by_one_and_taken_back(demo):
    assert not demo.numbers("Gradient of the input").any()
    for sent in (1, 2, 3):
        demo.press("Send the next one")
        upstream = torch.zeros(3, 3, dtype=torch.float64)
        upstream.view(-1)[:sent] = 1
        assert_gradient(demo, gradient(demo, lambda x: functional.max_pool2d(x, 2), upstream))
        assert f"Sent {sent} of 9" in demo.said()
    demo.press("Take one back")
    assert demo.numbers("Gradient of the input").sum() == 2


def test_clicking_or_pressing_enter_sends_up_to_a_cell(demo):
    demo.cell("Gradient of the output", 1, 0).click()
    assert "Sent 4 of 9, last [1, 0]" in demo.text()
    demo.page.keyboard.press("ArrowRight")
    demo.page.keyboard.press("Enter")
    assert "Sent 5 of 9" in demo.said()


def test_ties_follow_the_rule(demo):
    demo.press("Send all")
    x = demo.numbers("Input").reshape(3, 2, 3, 2).transpose(0, 2, 1, 3).reshape(3, 3, 4)
    winners = (x == x.max(axis=2, keepdims=True)).sum()
    assert demo.numbers("Gradient of the input").sum() == 9
    demo.pick("Ties go to", "all")
    assert demo.numbers("Gradient of the input").sum() == winners > 9
    demo.pick("Ties go to", "split")
    assert demo.numbers("Gradient of the input").sum() == pytest.approx(9, abs=0.01)
    assert "cells tie for the maximum" in demo.said() or "goes to the maximum" in demo.said()


def test_overlapping_windows_add_up(demo):
    demo.set("kernel", 3)
    demo.set("stride", 1)
    demo.press("Send all")
    assert demo.numbers("Gradient of the input").max() > 2
    assert_gradient(demo, gradient(demo, lambda x: functional.max_pool2d(x, 3, 1)))


def test_the_upstream_gradient_can_be_typed(demo):
    demo.cell("Gradient of the output", 0, 0).focus()
    demo.page.keyboard.press("5")
    demo.press("Send all")
    upstream = torch.tensor(demo.numbers("Gradient of the output"))
    assert upstream[0, 0] == 5
    assert_gradient(demo, gradient(demo, lambda x: functional.max_pool2d(x, 2), upstream))


def test_the_finite_difference_agrees_where_there_is_a_derivative_and_differs_at_ties(demo):
    demo.press("Send all")
    demo.cell("Input", 2, 4).hover()  # a 7 that ties with another 7 of its window
    assert "gradient 1" in demo.text()
    assert "slope upwards 1, downwards 0, central 0.5" in demo.text()
    assert "no one derivative" in demo.text()
    demo.cell("Input", 0, 0).focus()
    demo.page.keyboard.press("9")
    assert "gradient 1" in demo.text()
    assert "central 1 They agree." in demo.text()


def test_impossible_settings_say_why(demo):
    demo.set("kernel", 8)
    assert "does not fit" in demo.fault()
    assert demo.root.get_by_role("button", name="Send all").is_disabled()
    demo.press("Reset")
    assert demo.fault() == ""
