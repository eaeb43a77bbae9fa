"""Demos on a phone of 375 by 812 pixels: what is set and what it changes are seen together, and nothing jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from benchmarks.page_driver import Demo
from tests.browser.settled import settle

PHONE = {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True}
CONTROLS = ".lm-controls"

# page, title, controls, and the first and last of what they change
DEMOS = [
    ("intro", "Shift lab", [CONTROLS, ".lm-side", ".lm-cards"]),
    ("convolution", "Convolution in steps", [CONTROLS, ".lm-panes", ".lm-note"]),
    ("convolution", "Convolution explorer", [CONTROLS, ".lm-panes", ".lm-result"]),
    ("convolution", "Receptive field and cost", [CONTROLS, ".lm-trace", ".lm-trace"]),
    ("pooling", "Pooling explorer", [CONTROLS, ".lm-panes", ".lm-note"]),
    ("pooling", "Backward stepper", [CONTROLS, ".lm-panes", ".lm-slopes"]),
    ("global_pooling", "Head lab", [CONTROLS, ".lm-bars", ".lm-readout"]),
    ("global_pooling", "Head lab", [".lm-readout + .lm-line", ".lm-panes", ".lm-panes + .lm-result"]),
    ("global_pooling", "RoI pooling", [CONTROLS, ".lm-panes", ".lm-note"]),
    ("dropout", "Dropout lab", [CONTROLS, ".lm-panes", ".lm-note"]),
    ("invariance", "Rotation orbit", [CONTROLS, ".lm-panes", ".lm-result"]),
]
# Scroll until the last of the effects ends with the window; then look where everything is.
HIDDEN = """(demo, [controls, first, last]) => {
  const box = (selector) => demo.querySelector(selector).getBoundingClientRect();
  scrollBy({ top: box(last).bottom - innerHeight, behavior: "instant" });
  const header = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
  const hand = box(controls);
  const seen = {
    "controls below the header": hand.top >= header - 1,
    "controls on the screen": hand.bottom <= innerHeight,
    "effects below the controls": box(first).top >= hand.bottom - 1,
    "effects on the screen": box(last).bottom <= innerHeight + 1,
  };
  return Object.keys(seen).filter((what) => !seen[what]);
}"""
FREE = """(demo) => [...demo.querySelectorAll(".lm-stack tbody tr")].every((row) => {
  row.scrollIntoView({ block: "center", behavior: "instant" });
  const [hand, own, trace] = [".lm-controls", null, ".lm-trace"].map((part) =>
    (part ? demo.querySelector(part) : row).getBoundingClientRect());
  return hand.bottom <= own.top && own.bottom <= trace.top && trace.bottom <= innerHeight + 1;
})"""
SMALL = """() => [...document.querySelectorAll(".lm-demo .lm-cell")].filter((cell) => {
  const { width } = cell.getBoundingClientRect();
  const coloured = getComputedStyle(cell).fontSize === "0px";
  if (!cell.checkVisibility()) return false;
  return coloured ? !cell.closest(".lm-pane").querySelector(".lm-value").checkVisibility() : width < 20;
}).length"""
# How far everything has moved, once two frames have moved nothing.
SHIFTED = """async () => {
  let [sum, quiet] = [0, 0];
  const add = (entries) => entries.forEach(({ value }) => { [sum, quiet] = [sum + value, 0]; });
  const watch = new PerformanceObserver((list) => add(list.getEntries()));
  watch.observe({ type: "layout-shift", buffered: true });
  while (quiet < 2) {
    await new Promise(requestAnimationFrame);
    quiet += 1;
    add(watch.takeRecords());
  }
  return sum;
}"""
# Where the words below the grids begin, once two frames have been drawn: heights are noted when a frame is.
PLACE = """async (demo) => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  return demo.querySelector('.lm-readout').getBoundingClientRect().top + scrollY;
}"""


@pytest.fixture(scope="module")
def phone(shared_pages, server):
    """Open each page once, as a phone does."""

    def open_one(name: str) -> Page:
        if name not in shared_pages.kept:
            shared_pages.kept[name] = shared_pages.open(f"{server}/{name}.html", **PHONE)
            settle(shared_pages.kept[name])
        return shared_pages.kept[name]

    yield open_one
    assert not shared_pages.faults


@pytest.mark.parametrize(("name", "title", "parts"), DEMOS)
def test_controls_and_what_they_change_are_on_the_screen_together(phone, name, title, parts):
    assert Demo(phone(name), title).root.evaluate(HIDDEN, parts) == []


def test_each_layer_can_be_set_while_its_trace_is_in_view(phone):
    assert Demo(phone("convolution"), "Receptive field and cost").root.evaluate(FREE)


@pytest.mark.parametrize("name", ["convolution", "pooling", "global_pooling", "dropout", "invariance"])
def test_a_cell_is_large_enough_or_a_colour_whose_number_stands_above(phone, name):
    assert phone(name).evaluate(SMALL) == 0


def test_a_tap_on_a_coloured_cell_shows_its_number(phone):
    demo = Demo(phone("global_pooling"), "RoI pooling")
    demo.cell("Feature map", 0, 11).tap()
    shown = demo.root.locator(".lm-pane", has_text="Feature map").locator(".lm-value")
    assert shown.inner_text() == f"[0, 11] {demo.cell('Feature map', 0, 11).text_content()}"


def test_a_finger_drags_the_box_and_scrolls_beside_it(phone):
    demo = Demo(phone("global_pooling"), "RoI pooling")
    demo.press("Reset")
    touch = "node => getComputedStyle(node).touchAction"
    assert demo.root.locator(".lm-frame-box").evaluate(touch) == "none"
    assert demo.root.get_by_role("grid", name="Feature map").evaluate(touch) == "auto"
    box = demo.root.locator(".lm-frame-box")
    before, cell = box.bounding_box(), demo.cell("Feature map", 0, 0).bounding_box()
    drag(demo.page, box, (before["x"] + 5, before["y"] + 5), 2 * cell["width"])
    assert demo.said().startswith("Box rows 1 to 5, columns 3 to 6")
    corner = demo.root.locator(".lm-corner").bounding_box()
    drag(demo.page, demo.root.locator(".lm-corner"), (corner["x"] + 19, corner["y"] + 19), 2 * cell["width"])
    assert demo.said().startswith("Box rows 1 to 5, columns 3 to 8")


def drag(page, target, start, across):
    """Put a finger down, draw it to the right, lift it."""
    x, y = start
    finger = {"clientY": y, "pointerId": 1, "pointerType": "touch", "bubbles": True, "isPrimary": True}
    target.evaluate("node => { for (const one of [node, node.parentElement]) one.setPointerCapture = () => {}; }")
    for kind, at in (("pointerdown", x), ("pointermove", x + across), ("pointerup", x + across)):
        target.dispatch_event(kind, {**finger, "clientX": at})


def test_beside_the_digit_a_finger_scrolls(phone):
    demo = Demo(phone("intro"), "Shift lab")
    touch = "node => getComputedStyle(node).touchAction"
    assert demo.root.locator(".lm-grip").evaluate(touch) == "none"
    assert demo.root.get_by_role("application").evaluate(touch) == "auto"


@pytest.mark.parametrize("changes", [{"stride": 3}, {"padding": 2}])
def test_what_is_read_keeps_its_place_when_grids_shrink(phone, changes):
    demo = Demo(phone("pooling"), "Pooling explorer")
    demo.press("Reset")
    demo.set("stride", 1)
    before = demo.root.evaluate(PLACE)
    for label, value in changes.items():
        demo.set(label, value)
    assert demo.root.evaluate(PLACE) == before


def test_the_place_of_the_first_demo_is_kept_until_it_starts(open_page, server):
    page = open_page(f"{server}/intro.html", **PHONE)
    settle(page)
    assert page.evaluate(SHIFTED) < 0.02
