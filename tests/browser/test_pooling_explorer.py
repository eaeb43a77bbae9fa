"""The pooling explorer in the built page, driven by mouse and keyboard; PyTorch is the judge."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, server) -> Demo:
    return open_demo(f"{server}/pooling.html", "Pooling explorer")


def tensor(demo: Demo) -> torch.Tensor:
    return torch.tensor(demo.numbers("Input"))[None, None]


def assert_output(demo: Demo, expected: torch.Tensor) -> None:
    np.testing.assert_allclose(demo.numbers("Output"), expected[0, 0], atol=5.1e-4)


def test_every_input_and_operation_agrees_with_pytorch(demo):
    for name, size in {"line": 8, "digit": 8, "photo": 12, "random": 8}.items():
        demo.pick("Input", name)
        x = tensor(demo)
        assert x.shape == (1, 1, size, size)
        demo.pick("Operation", "max")
        assert_output(demo, functional.max_pool2d(x, 2))
        demo.pick("Operation", "average")
        assert_output(demo, functional.avg_pool2d(x, 2))
        demo.pick("Operation", "Lp")
        demo.set("power p", 3)
        assert_output(demo, functional.lp_pool2d(x.abs(), 3, 2))


def test_settings_agree_with_pytorch(demo):
    demo.pick("Input", "random")
    x = tensor(demo)
    for kernel, stride, padding in [((3, 2), (2, 3), (1, 0)), ((5, 3), (3, 2), (2, 1)), ((1, 4), (1, 1), (0, 2))]:
        demo.set_pairs(kernel=kernel, stride=stride, padding=padding)
        for ceil in (False, True):
            demo.switch("ceil_mode", ceil)
            common = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil}
            demo.pick("Operation", "max")
            assert_output(demo, functional.max_pool2d(x, **common))
            demo.pick("Operation", "average")
            for include in (True, False):
                demo.switch("count_include_pad", include)
                assert_output(demo, functional.avg_pool2d(x, count_include_pad=include, **common))


def test_pointing_at_an_output_cell_shows_its_arithmetic_and_frames_its_window(demo):
    demo.pick("Input", "line")
    demo.pick("Operation", "average")
    demo.cell("Output", 1, 1).hover()
    assert "Output [1, 1]" in demo.text()
    assert "(0 + 16 + 0 + 16) / 4 = 8" in demo.text()
    frame, cell = demo.root.locator(".lm-frame-window"), demo.cell("Input", 2, 2)
    frame.evaluate("frame => Promise.all(frame.getAnimations().map(animation => animation.finished))")  # it glides
    assert frame.bounding_box()["x"] == pytest.approx(cell.bounding_box()["x"], abs=3)
    assert frame.bounding_box()["width"] == pytest.approx(2 * cell.bounding_box()["width"], abs=8)


def test_arrow_keys_walk_the_output_and_are_announced(demo):
    demo.pick("Input", "line")
    demo.pick("Operation", "max")
    demo.cell("Output", 0, 0).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft"):
        demo.page.keyboard.press(key)
    assert demo.said().startswith("Output row 1, column 2: max of 4 values is 16")
    outline = "document.activeElement.matches('.lm-cell') && getComputedStyle(document.activeElement).outlineStyle"
    assert demo.page.evaluate(outline) == "solid"
    demo.page.keyboard.press("End")
    assert "column 4" in demo.said()


def test_cells_are_edited_by_click_and_by_key(demo):
    demo.pick("Input", "line")
    demo.cell("Input", 0, 0).click()
    assert demo.numbers("Input")[0, 0] == 16
    demo.page.keyboard.press("7")
    assert demo.said() != ""
    demo.page.keyboard.press("-")
    assert demo.numbers("Input")[0, 0] == -7
    demo.page.keyboard.press("ArrowRight")
    demo.page.keyboard.press("Enter")
    assert demo.numbers("Input")[0, 1] == 16
    demo.page.keyboard.press("Delete")
    assert demo.numbers("Input")[0, 1] == 0
    assert_output(demo, functional.max_pool2d(tensor(demo), 2))
    demo.press("Reset")
    assert demo.numbers("Input")[0, 0] == 0


def test_controls_work_by_keyboard_alone(demo):
    inputs = demo.root.get_by_role("group", name="Input", exact=True).get_by_role("radio")
    inputs.first.check()
    inputs.first.focus()
    demo.page.keyboard.press("ArrowRight")
    demo.page.keyboard.press("Tab")
    demo.page.keyboard.press("ArrowRight")
    demo.field("kernel").focus()
    demo.page.keyboard.press("ArrowUp")
    demo.field("stride").press("ArrowUp")
    demo.root.get_by_role("switch", name="ceil_mode").press("Space")
    assert inputs.nth(1).is_checked()
    assert_output(demo, functional.avg_pool2d(tensor(demo), 3, 3, ceil_mode=True))


def test_buttons_step_numbers(demo):
    demo.press("kernel: more")
    demo.press("padding: more")
    demo.press("stride: less")
    assert_output(demo, functional.max_pool2d(tensor(demo), 3, 1, 1))


def test_the_size_formula_is_filled_in(demo):
    demo.pick("Input", "line")
    demo.set("kernel", 3)
    assert "⌊(8 + 2·0 − 3) / 2⌋ + 1 = ⌊5 / 2⌋ + 1 = 3" in demo.text()
    demo.set("padding", 1)
    demo.set("stride", 8)
    demo.switch("ceil_mode", True)
    text = demo.text()
    assert "⌈(8 + 2·1 − 3) / 8⌉ + 1 = ⌈7 / 8⌉ + 1 = 2" in text
    demo.set("stride", 9)
    assert "less 1 (it would start in the padding) = 1" in demo.text()
    assert demo.numbers("Output").shape == functional.max_pool2d(tensor(demo), 3, 9, 1, ceil_mode=True).shape[2:]


def test_impossible_settings_say_why(demo):
    demo.pick("Input", "line")
    demo.set("kernel", 9)
    assert "does not fit" in demo.fault()
    assert demo.said() == demo.fault()
    demo.set("kernel", 2)
    demo.set("padding", 2)
    assert "more than half" in demo.fault()
    demo.set("padding", 1)
    assert demo.fault() == ""
    demo.pick("Operation", "Lp")
    assert "takes no padding" in demo.fault()


def test_the_edges_are_explained(demo):
    demo.pick("Input", "line")
    demo.set("padding", 1)
    assert "3 padding cells count as −∞" in demo.text()
    demo.pick("Operation", "average")
    assert "The divisor 4 counts 3 padding cells" in demo.text()
    demo.switch("count_include_pad", False)
    assert "The divisor 1 leaves out 3 padding cells" in demo.text()


def test_reset_restores_the_first_view(demo):
    before = demo.text()
    demo.pick("Input", "photo")
    demo.pick("Operation", "average")
    demo.set_pairs(kernel=(3, 2))
    demo.press("Reset")
    assert demo.numbers("Output").shape == (4, 4)
    assert demo.text() == before
