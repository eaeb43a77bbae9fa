"""RoI pooling; PyTorch's adaptive pooling of the cropped box is the judge."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from torch.nn import functional

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['http']}/global_pooling.html", "RoI pooling")


def box(demo: Demo) -> list[int]:
    """Return top, left, bottom, right as announced."""
    top, bottom, left, right = map(int, re.findall(r"\d+", demo.said())[:4])
    return [top, left, bottom + 1, right + 1]


def assert_output(demo: Demo, operation, bins) -> None:
    top, left, bottom, right = box(demo)
    crop = torch.tensor(demo.numbers("Feature map"))[None, None, top:bottom, left:right]
    np.testing.assert_allclose(demo.numbers("Pooled bins"), operation(crop, bins)[0, 0], atol=5.1e-4)


@pytest.mark.parametrize("name", ["photo", "digit", "random"])
def test_bins_agree_with_pytorch(demo, name):
    demo.pick("Feature map", name)
    for down, across in [(3, 3), (2, 5), (7, 1), (1, 1)]:
        demo.set("bins down", down)
        demo.set("bins across", across)
        demo.pick("Operation", "max")
        assert_output(demo, functional.adaptive_max_pool2d, (down, across))
        demo.pick("Operation", "average")
        assert_output(demo, functional.adaptive_avg_pool2d, (down, across))


def test_a_box_is_dragged(demo):
    start, end = demo.cell("Feature map", 9, 10), demo.cell("Feature map", 4, 3)
    start.hover()
    demo.page.mouse.down()
    end.hover()
    demo.page.mouse.up()
    assert box(demo) == [4, 3, 10, 11]
    demo.cell("Feature map", 0, 0).hover()
    assert box(demo) == [4, 3, 10, 11]
    assert_output(demo, functional.adaptive_max_pool2d, (3, 3))


def test_the_box_moves_and_grows_by_keyboard_and_stays_inside(demo):
    handle = demo.root.get_by_role("button", name="Box:")
    handle.focus()
    assert box(demo) == [1, 1, 6, 5]
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        handle.press(key)
    assert box(demo) == [0, 2, 6, 6]
    assert_output(demo, functional.adaptive_max_pool2d, (3, 3))


def test_four_into_three_overlaps_and_says_so(demo):
    assert "The box is 5 × 4 cells, the bins 3 × 3" in demo.text()
    assert "count 42 cells where the box has 20" in demo.text()
    demo.set("bins down", 5)
    demo.set("bins across", 4)
    assert "They divide it evenly" in demo.text()


def test_a_smaller_map_keeps_the_box_inside(demo):
    demo.cell("Feature map", 11, 11).click()
    demo.pick("Feature map", "digit")
    assert box(demo) == [7, 7, 8, 8]
    assert_output(demo, functional.adaptive_max_pool2d, (3, 3))
