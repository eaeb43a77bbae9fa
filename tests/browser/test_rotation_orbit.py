"""Rotation by pooling over an orbit; PyTorch's convolution is the judge."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['disk']}/invariance.html", "Rotation orbit")


def bars(demo: Demo) -> list[float]:
    return [float(text.replace("−", "-")) for text in demo.root.locator(".lm-bar b").all_text_contents()]


def expected(demo: Demo) -> list[float]:
    x = torch.tensor(demo.numbers("Image, turned"))[None, None]
    weight = demo.numbers("Filter")
    return [functional.conv2d(x, torch.tensor(np.rot90(weight, k).copy())[None, None]).max().item() for k in range(4)]


def test_answers_agree_with_pytorch(demo):
    for name in ("digit", "line", "random", "photo"):
        demo.pick("Image", name)
        assert bars(demo) == pytest.approx(expected(demo), abs=5.1e-4)


def test_turning_permutes_the_answers_and_keeps_their_maximum(demo):
    before, image = bars(demo), demo.numbers("Image, turned")
    for turn in (1, 2, 3):
        demo.press("Turn left")
        np.testing.assert_array_equal(demo.numbers("Image, turned"), np.rot90(image, turn))
        assert bars(demo) == pytest.approx(expected(demo), abs=5.1e-4)
        assert bars(demo) == before[-turn:] + before[:-turn]
        assert f"Image turned by {90 * turn} degrees" in demo.said()
    demo.press("Turn right")
    np.testing.assert_array_equal(demo.numbers("Image, turned"), np.rot90(image, 2))


def test_the_filter_is_edited_by_key_and_by_click(demo):
    demo.cell("Filter", 1, 1).focus()
    demo.page.keyboard.press("3")
    demo.cell("Filter", 0, 0).click()
    assert demo.numbers("Filter")[1, 1] == 3
    assert demo.numbers("Filter")[0, 0] == 0
    assert bars(demo) == pytest.approx(expected(demo), abs=5.1e-4)
    demo.press("Reset")
    assert demo.numbers("Filter")[1, 1] == 0
