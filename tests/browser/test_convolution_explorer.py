"""The convolution explorer; PyTorch is the judge."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['http']}/convolution.html", "Convolution explorer")


def channels(demo: Demo, grid: str, count: int) -> torch.Tensor:
    planes = []
    for index in range(count):
        if count > 1:
            demo.set("channel shown", index + 1)
        planes.append(demo.numbers(grid))
    return torch.tensor(np.stack(planes))[None]


def assert_output(demo: Demo, count: int = 1, **settings) -> None:
    expected = functional.conv2d(channels(demo, "Input", count), channels(demo, "Filter", count), **settings)
    np.testing.assert_allclose(demo.numbers("Output"), expected[0, 0], atol=5.1e-4)


def test_every_input_and_filter_agrees_with_pytorch(demo):
    for name in ("line", "digit", "random"):
        demo.pick("Input", name)
        for kernel in ("vertical edge", "horizontal edge", "middle column", "sharpen"):
            demo.pick("Filter", kernel)
            assert_output(demo)


def test_channels_add_up(demo):
    demo.pick("Input", "photo, 3 channels")
    demo.cell("Filter", 1, 1).click()
    assert_output(demo, count=3)
    assert "all channels:" in demo.text()


def test_settings_agree_with_pytorch(demo):
    demo.pick("Input", "random")
    demo.set_pairs(stride=(2, 1), padding=(1, 2), dilation=(2, 1))
    assert_output(demo, stride=(2, 1), padding=(1, 2), dilation=(2, 1))
    demo.set("kernel", 4)
    assert_output(demo, stride=(2, 1), padding=(1, 2), dilation=(2, 1))


def test_weights_are_edited_by_click_and_by_key(demo):
    demo.cell("Filter", 0, 1).click()
    assert demo.numbers("Filter")[0, 1] == 1
    demo.page.keyboard.press("ArrowDown")
    demo.page.keyboard.press("5")
    demo.page.keyboard.press("-")
    assert demo.numbers("Filter")[1, 1] == -5
    demo.cell("Input", 3, 3).click()
    assert_output(demo)


def test_arrow_keys_show_the_arithmetic_of_a_cell(demo):
    demo.cell("Output", 0, 0).focus()
    demo.page.keyboard.press("ArrowRight")
    assert "(−1)·0 + 1·16" in demo.text()
    assert demo.said() == "Output row 1, column 2 is 48"


def test_impossible_settings_say_why(demo):
    demo.set("dilation", 4)
    assert "spans a height of 9, more than the padded input's 8" in demo.fault()
    demo.set("padding", 1)
    assert demo.fault() == ""
    demo.press("Reset")
    assert demo.numbers("Output").shape == (6, 6)
