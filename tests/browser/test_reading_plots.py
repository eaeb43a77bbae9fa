"""A picture of measurements answers the pointer, a finger and the keyboard with the number that is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendering.plots import Plot

from tests.browser.axe import faults

STATIC = Path(__file__).parents[2] / "book" / "_static"
SHELL = (
    '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>Figure</title>'
    '<meta name="viewport" content="width=device-width"><style>{}</style></head><body><main><h1>Figure</h1>{}</main>'
    "<script>{}</script></body></html>"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    plot = Plot("pair", "Two series that rise from left to right, in two panels of one scale.", "share")
    for title in ("left", "right"):
        panel = plot.panel(title=title, xlabel="shift")
        panel.line([0, 1], [(0.2, 0.1, 0.3), (0.5, 0.4, 0.6)], "max", 0)
        panel.dots([0, 1], [(0.9, 0.8, 1.0)] * 2, "average", 1, words=["a b", "c"])
    path = tmp_path_factory.mktemp("figure") / "figure.html"
    css, script = ((STATIC / name).read_text("utf-8") for name in ("course.css", "plots.js"))
    path.write_text(SHELL.format(css, plot._repr_html_(), script), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def figure(open_page, address):
    return open_page(address)


def read(figure):
    return figure.locator(".plot-reading").inner_text()


def spot(figure, panel, left, top):
    """Return where a share of a panel's width and height is on the screen."""
    box = figure.locator(".plot-panels > svg").nth(panel).bounding_box()
    return box["x"] + left * box["width"], box["y"] + top * box["height"]


def placed(figure, row):
    panel, _, left, top = figure.locator("tr[data-at]").nth(row).get_attribute("data-at").split()
    return spot(figure, int(panel), float(left), float(top))


def test_the_pointer_reads_the_number_that_is_nearest_and_nothing_far_away(figure):
    x, y = placed(figure, 1)
    figure.mouse.move(x + 4, y - 4)
    assert read(figure) == "left, max; shift 1: share 0.5 (0.4 to 0.6)"
    figure.mouse.move(*placed(figure, 6))
    assert read(figure) == "right, average; shift a b: share 0.9 (0.8 to 1)"
    assert figure.locator(".plot-ring").count() == 1
    figure.mouse.move(*spot(figure, 0, 0.99, 0.99))
    assert read(figure) == ""


def test_the_keyboard_walks_through_the_numbers_of_the_series_that_stands_alone(figure):
    figure.get_by_role("button", name="average").press("Enter")
    figure.locator(".plot-panels").focus()
    texts = []
    for _ in range(5):
        figure.keyboard.press("ArrowRight")
        texts.append(read(figure))
    assert len(set(texts)) == 4  # two in each panel; at the last one it stays
    assert all("average" in text for text in texts)
    figure.keyboard.press("Home")
    assert read(figure) == texts[0]
    figure.keyboard.press("Escape")
    assert read(figure) == ""


def test_a_finger_reads_and_nobody_is_shut_out(open_page, address):
    page = open_page(address, width=375, is_mobile=True, has_touch=True)
    page.touchscreen.tap(*placed(page, 0))
    assert read(page) == "left, max; shift 0: share 0.2 (0.1 to 0.3)"
    assert faults(page) == ""
