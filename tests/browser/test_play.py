"""Windows slide by themselves: in a step products fly, play goes on alone, who wants no motion has none."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from benchmarks.page_driver import Demo

# Press a button, and read what begins to fly before anything of it can have landed.
FLYING = """async (demo, name) => {
  [...demo.querySelectorAll("button")].find((button) => button.textContent === name).click();
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  return [...demo.querySelectorAll(".lm-flying")].map((chip) => chip.textContent);
}"""
CASES = [("convolution", "Convolution explorer", "Next cell"), ("pooling", "Pooling explorer", "Next window"),
         ("pooling", "Backward stepper", "Send the next one")]  # fmt: skip


def number(text: str) -> float:
    return float(text.strip("()").replace("−", "-"))


def landed(demo: Demo) -> None:
    expect(demo.root.locator(".lm-flying")).to_have_count(0)


def test_the_products_that_fly_add_up_to_the_output(open_demo, server):
    demo = open_demo(f"{server}/convolution.html", "Convolution explorer")
    chips = demo.root.evaluate(FLYING, "Next cell")
    products = [number(weight) * number(value) for weight, value in (chip.split("·") for chip in chips)]
    assert sum(products) == demo.numbers("Output")[0, 1] != 0
    landed(demo)


def test_below_a_maximum_all_values_rise_and_ceil_mode_slides_to_the_last_window(open_demo, server):
    demo = open_demo(f"{server}/pooling.html", "Pooling explorer")
    demo.set("kernel", 3)
    demo.set("stride", 3)
    demo.switch("ceil_mode", True)
    assert len(demo.root.evaluate(FLYING, "Next window")) == 9
    assert "max(" in demo.text()
    landed(demo)
    assert len(demo.root.evaluate(FLYING, "Next window")) == 6  # the last of a row is cut
    assert demo.said().startswith("Output row 1, column 3: max of 6 values")
    landed(demo)


def test_what_an_output_sent_flies_to_those_who_receive_it(open_demo, server):
    demo = open_demo(f"{server}/pooling.html", "Backward stepper")
    demo.pick("Operation", "average")
    assert demo.root.evaluate(FLYING, "Send the next one") == ["0.25"] * 4
    landed(demo)


def test_play_goes_on_alone_until_it_is_stopped(open_demo, server):
    demo = open_demo(f"{server}/convolution.html", "Convolution explorer")
    demo.pick("Speed", "fast")
    play = demo.root.get_by_role("button", name="Play")
    play.focus()
    demo.page.keyboard.press("Enter")
    expect(demo.root.get_by_role("status")).to_have_text(re.compile("column [4-6] is|row [2-6]"))
    demo.page.keyboard.press("Enter")
    assert play.inner_text() == "Play"
    landed(demo)
    demo.press("Reset")


@pytest.mark.parametrize("name", ["convolution", "pooling"])
def test_who_wants_no_motion_steps_and_nothing_flies(open_page, server, name):
    page = open_page(f"{server}/{name}.html", reduced_motion="reduce")
    for title, step in [(title, step) for place, title, step in CASES if place == name]:
        demo = Demo(page, title)
        before = demo.said()
        assert demo.root.evaluate(FLYING, step) == []
        assert demo.said() != before
        assert demo.root.get_by_role("button", name="Play").count() == 0
