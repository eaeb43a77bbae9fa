"""Convolution in steps: PyTorch computes every lesson's map; it fills up window by window."""

from __future__ import annotations

import pytest
import torch
from demos.convolution_steps import LESSONS, lesson, panels
from torch.nn import functional

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['disk']}/convolution.html", "Convolution in steps")


def computed(name: str) -> torch.Tensor:
    given = lesson(**LESSONS[name])
    image, weight = (torch.tensor(given[part], dtype=torch.float64)[None] for part in ("image", "weight"))
    settings = {part: given[part] for part in ("stride", "padding", "dilation")}
    return functional.conv2d(image, weight, **settings)[0, 0]


@pytest.mark.parametrize("name", LESSONS)
def test_the_map_is_that_of_pytorch_in_the_page_and_in_the_picture(demo, name):
    demo.pick("Lesson", name)
    expected = computed(name)
    rows, columns = expected.shape
    demo.cell("Map", rows - 1, columns - 1).hover()
    assert demo.numbers("Map").tolist() == expected.tolist()
    assert demo.said() == (
        f"Window {rows * columns} of {rows * columns}: the cell in row {rows - 1}, column {columns - 1} of the map "
        f"is {expected[-1, -1]:g}."
    )
    assert panels(name)[-1].values.tolist() == expected.tolist()


def test_a_button_goes_on_by_one_window_and_the_next_cells_stay_empty(demo):
    assert demo.cell("Map", 0, 1).inner_text() == ""
    demo.press("Next window")
    assert demo.cell("Map", 0, 1).inner_text() == "3"
    assert demo.cell("Map", 0, 2).inner_text() == ""
    assert "0·0 + 1·1 + 0·1 + 0·0 + 1·1 + 0·1 + 0·0 + 1·1 + 0·1 = 3" in demo.text()
    demo.press("Back")
    assert demo.cell("Map", 0, 1).inner_text() == ""
