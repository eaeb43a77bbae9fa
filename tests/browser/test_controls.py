"""Every control of every demo, in the page that it lives in: the keyboard does what the mouse does.

Each control is worked by mouse and then by keyboard, both times after a reset; what the demo shows has to be the
same, and something else than at first. What the numbers have to be is asked in the demos' own tests.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from benchmarks.page_driver import Demo
from tests.helpers.whole import WHOLE

# page, title, how the page is reached, and settings that bring out the controls that are not there at first
DEMOS = [
    ("convolution", "Convolution explorer", "disk", [
        lambda demo: demo.pick("Input", "photo, 3 channels"),
        lambda demo: demo.switch("rectangles", True),
    ]),
    ("convolution", "Convolution in steps", "sub path", [
        lambda demo: demo.press("Next window"),
        lambda demo: demo.pick("Lesson", "channels"),
    ]),
    ("convolution", "The whole network", "http", []),
    ("convolution", "Receptive field and cost", "http", []),
    ("pooling", "Pooling explorer", "disk", [
        lambda demo: demo.pick("Operation", "average"),
        lambda demo: demo.pick("Operation", "Lp"),
        lambda demo: demo.switch("rectangles", True),
    ]),
    ("pooling", "Backward stepper", "http", [
        lambda demo: demo.press("Send the next one"),
        lambda demo: demo.switch("rectangles", True),
    ]),
    ("global_pooling", "Head lab", "sub path", []),
    ("global_pooling", "RoI pooling", "disk", []),
    ("dropout", "Dropout lab", "http", []),
    ("invariance", "Shift lab", "disk", []),
    ("invariance", "Rotation orbit", "sub path", []),
    # It has by far the most controls, of the same kinds.
    *([("lab", "Training lab", "disk", [
        lambda demo: demo.pick("Dropout", "cells"),
        lambda demo: demo.press("One step"),
    ])] if WHOLE else []),
    *([("intro", "Shift lab", "http", [])] if WHOLE else []),  # the same as on the page of its subject
]  # fmt: skip
IDS = [f"{demo[0]}: {demo[1]}" for demo in DEMOS]
CONTROLS = """demo => [...demo.querySelectorAll(
  'fieldset, [type=number], [role=switch], [role=grid], [type=range], [role=application], .lm-button'
)].filter(node => node.checkVisibility() && !node.disabled && node.ariaDisabled !== 'true').map(node => [
  node.getAttribute('role') ?? (node.matches('button') ? 'button' : node.type),
  node.getAttribute('aria-label') ?? (node.querySelector('legend') ?? node.closest('label') ?? node).textContent.trim(),
])"""
SHOWN = """demo => [...demo.querySelectorAll('*')].filter(node => node.checkVisibility()).map(node => [
  node.className, node.checked, node.value, node.disabled, node.ariaDisabled, node.hidden, node.getAttribute('style'),
  node.childElementCount ? '' : node.textContent, node.toDataURL?.(), node.ariaSelected ? 'selected' : '',
].join(' | '))"""
FOCUS_SHOWS = """() => [document.activeElement, document.activeElement.nextElementSibling].some(node =>
  node && getComputedStyle(node).outlineStyle === 'solid' && parseFloat(getComputedStyle(node).outlineWidth) >= 2)"""


class Hand:
    """Works the controls of a demo in one of two ways, and looks at what is shown."""

    def __init__(self, demo: Demo, keyboard: bool) -> None:
        self.demo, self.root, self.keyboard, self.page = demo, demo.root, keyboard, demo.page
        self.keys = demo.page.keyboard

    def shown(self) -> list[str]:
        """Return all that the demo shows, once the work in the background is done."""
        expect(self.root).not_to_contain_text("computing")
        if self.keyboard:
            assert self.page.evaluate(FOCUS_SHOWS)
        return self.root.evaluate(SHOWN)

    def focus(self, control: Locator) -> None:
        """Bring the keyboard to a control, the mouse out of the way."""
        self.page.mouse.move(0, 0)
        control.focus()

    def fieldset(self, name: str) -> list[list[str]]:
        """Go through all choices, from the one after the first view's until that is chosen again."""
        radios = self.root.get_by_role("group", name=name, exact=True).get_by_role("radio").all()
        first = next((i for i, radio in enumerate(radios) if radio.is_checked()), 0)
        views = []
        self.focus(radios[first])
        for radio in [*radios[first + 1 :], *radios[: first + 1]]:
            self.keys.press("ArrowRight") if self.keyboard else radio.click()
            views.append(self.shown())
        return views

    def number(self, name: str) -> list[list[str]]:
        """Two up, one down."""
        field = self.root.get_by_role("spinbutton", name=name, exact=True)
        buttons = [self.root.get_by_role("button", name=f"{name}: {way}", exact=True) for way in ("more", "less")]
        self.focus(field)
        for down in (0, 0, 1):
            if self.keyboard:
                self.keys.press("ArrowDown" if down else "ArrowUp")
            elif buttons[0].is_visible():
                buttons[down].click()
            else:
                box = field.bounding_box()  # the browser's own buttons, at the right of the field
                field.click(position={"x": box["width"] - 9, "y": box["height"] * (0.68 if down else 0.32)})
        return [self.shown()]

    def switch(self, name: str) -> list[list[str]]:
        """Once."""
        control = self.root.get_by_role("switch", name=name)
        self.focus(control)
        self.keys.press("Space") if self.keyboard else control.click()
        return [self.shown()]

    def button(self, name: str) -> list[list[str]]:
        """Once; what a drag does in the region's demo has its own test."""
        control = self.root.get_by_role("button", name=name, exact=True)
        self.focus(control)
        self.keys.press("Enter") if self.keyboard else control.click()
        return [self.shown()]

    def grid(self, name: str) -> list[list[str]]:
        """Point at the cell in the second row and column, then press it."""
        self.focus(self.demo.cell(name, 0, 0))
        if self.keyboard:
            for key in ("ArrowDown", "ArrowRight"):
                self.keys.press(key)
        else:
            self.demo.cell(name, 1, 1).hover()
        pointed = self.shown()
        self.keys.press("Enter") if self.keyboard else self.demo.cell(name, 1, 1).click()
        return [pointed, self.shown()]

    def range(self, name: str) -> list[list[str]]:
        """To the left end."""
        slider = self.root.get_by_role("slider", name=name)
        self.focus(slider)
        self.keys.press("Home") if self.keyboard else slider.click(position={"x": 1, "y": 5})
        return [self.shown()]

    def application(self, name: str) -> list[list[str]]:
        """Two pixels to the right, one up."""
        canvas = self.root.get_by_role("application", name=name)
        self.focus(canvas)
        if self.keyboard:
            for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
                self.keys.press(key)
        else:
            canvas.scroll_into_view_if_needed()
            box = canvas.bounding_box()
            pixel, middle = box["width"] / 24, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            self.page.mouse.move(*middle)
            self.page.mouse.down()
            self.page.mouse.move(middle[0] + 2 * pixel, middle[1] - pixel, steps=4)
            self.page.mouse.up()
        return [self.shown()]


ELSEWHERE = {
    # The one drags by mouse what the other moves by keyboard: see test_roi_pooling.py.
    ("RoI pooling", "grid", "Feature map"),
    ("RoI pooling", "button", "Box: arrow keys move, Shift resizes"),
    # What these begin goes on until it is stopped: see test_training_lab.py.
    ("Training lab", "button", "Train"),
    ("Training lab", "button", "Train over seeds"),
}
RESET = ("button", "Reset")


@pytest.mark.parametrize("case", DEMOS, ids=IDS)
def test_a_demo_says_what_to_try_and_the_keyboard_does_what_the_mouse_does(open_page, addresses, case):
    name, title, way, settings = case

    def unmarked(views: list[str]) -> list[str]:
        return [view.removesuffix("selected") for view in views]  # where the keyboard would enter a grid

    demo = Demo(open_page(f"{addresses[way]}/{name}.html", reduced_motion="reduce"), title)
    mouse, keyboard = Hand(demo, keyboard=False), Hand(demo, keyboard=True)
    first, seen = mouse.shown(), {RESET}
    says_what_to_try_and_how_it_stands(demo)
    demo.root.get_by_role("button", name="Reset", exact=True).press("Enter")
    assert mouse.shown() == first

    def start(setting: Callable[[Demo], None]) -> list[str]:
        demo.press("Reset")
        assert unmarked(mouse.shown()) == unmarked(first)
        setting(demo)
        return mouse.shown()

    for setting in [lambda _: None, *settings]:
        start(setting)
        for kind, label in [tuple(pair) for pair in demo.root.evaluate(CONTROLS)]:
            if (kind, label) in seen or (title, kind, label) in ELSEWHERE:
                continue
            seen.add((kind, label))
            before = start(setting)
            by_mouse = getattr(mouse, kind)(label)
            start(setting)
            by_keyboard = getattr(keyboard, kind)(label)
            assert by_mouse == by_keyboard, (kind, label)
            assert by_mouse[0] != before, (kind, label)
    every = demo.root.locator("fieldset, [type=number], [role=switch], [role=grid], [type=range], [role=application]")
    driven = {(kind, label.removesuffix(", height")) for kind, label in seen if kind != "button"}
    assert len(driven) + sum(one[0] == title for one in ELSEWHERE if one[1] != "button") == every.count()


def says_what_to_try_and_how_it_stands(demo: Demo) -> None:
    assert len(demo.root.locator(".lm-try").inner_text()) > 40
    assert demo.said()
    assert demo.root.get_by_role("status").get_attribute("aria-live") == "polite"


def test_a_number_beyond_its_limits_says_what_they_are(open_page, server):
    demo = Demo(open_page(f"{server}/dropout.html"), "Dropout lab")
    demo.set("p", 1)
    assert demo.field("p").input_value() == "0.9"
    assert demo.field("p").evaluate("field => field.validationMessage") == "p: a number from 0 to 0.9"
    demo.set("p", 0.3)
    assert demo.field("p").evaluate("field => field.validationMessage") == ""
