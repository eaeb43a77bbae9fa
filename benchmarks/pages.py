"""Measures the built book in Chromium and prints a table: ``make bench-book``.

Weight is the page with everything that it loads, each file compressed by gzip. Ready is the time from
navigation until the last demo stands. Events are those of a real mouse and keyboard, on the largest setting of
every demo: the time from the first listener of the page to the last, the document updated between them. An
action after which the demo shows what it showed before is not counted.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks import chromium
from benchmarks.page_driver import Demo
from benchmarks.page_weight import weigh

READY = """(count) => new Promise((done) => {
  const look = () => {
    if (document.querySelectorAll(".static-widget .lm-demo").length === count) done(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""
WATCH = """() => {
  const started = new Map();
  window.spent = 0;
  for (const type of ["pointerover", "pointerdown", "pointermove", "pointerup", "click", "focusin", "keydown",
    "input", "change"]) {
    addEventListener(type, (event) => started.set(event, performance.now()), true);
    addEventListener(type, (event) => {
      window.spent += performance.now() - started.get(event);
      started.delete(event);
    });
  }
}"""
Action = Callable[[], object]


def largest(demo: Demo, title: str) -> None:
    """Choose the setting with the most to compute and to show."""
    match title:
        case "Pooling explorer":
            demo.pick("Input", "photo")
            demo.pick("Operation", "Lp")
            demo.set("stride", 1)
        case "Backward stepper":
            demo.pick("Input", "digit")
            demo.set("kernel", 5)
            demo.set("stride", 1)
            demo.set("padding", 2)
            demo.press("Send all")
        case "Convolution explorer":
            demo.pick("Input", "photo, 3 channels")
            demo.set("kernel", 5)
            demo.set("padding", 4)
        case "Receptive field and cost":
            demo.set("input size", 224)
            for _ in range(4):
                demo.press("Add a convolution")
        case "Head lab":
            for label, value in [("channels", 2048), ("map size", 64), ("classes", 1000)]:
                demo.set(label, value)
        case "RoI pooling":
            demo.pick("Feature map", "photo")
            demo.set("bins down", 8)
            demo.set("bins across", 8)
            demo.cell("Feature map", 0, 0).hover()
            demo.page.mouse.down()
            demo.cell("Feature map", 11, 11).hover()
            demo.page.mouse.up()
        case "Rotation orbit":
            demo.pick("Image", "photo")


def press(control: Locator, *keys: str) -> Iterator[Action]:
    """Yield one action for each key."""
    for key in keys:
        yield partial(control.press, key)


def actions(demo: Demo) -> Iterator[Action]:
    """Yield what a reader can do, each action different from the one before."""
    for board in demo.root.get_by_role("grid").all():
        cells = board.get_by_role("gridcell").all()[:: max(1, board.get_by_role("gridcell").count() // 12)]
        for cell in cells[:12]:
            yield cell.hover
            yield cell.click
        yield from press(cells[0], "5", "6", "-", "Delete", "Enter", "ArrowRight", "ArrowDown", "ArrowLeft")
    for slider in demo.root.get_by_role("slider").all():
        yield from press(slider, *["ArrowLeft"] * 8, *["ArrowRight"] * 4)
    for canvas in demo.root.get_by_role("application").all():
        yield from drag(demo.page, canvas)
        yield from press(canvas, *["ArrowRight", "ArrowDown"] * 8, *["ArrowLeft"] * 16, *["ArrowUp"] * 8)
    for radio in demo.root.get_by_role("radio").all():
        yield radio.click
    for field in demo.root.get_by_role("spinbutton").all():
        if field.is_visible():
            yield from press(field, "ArrowDown", "ArrowUp")
    for button in demo.root.locator(".lm-controls").get_by_role("button").all():
        yield partial(_click_if_enabled, button)


def _click_if_enabled(button: Locator) -> None:
    if button.is_enabled():
        button.click()


def drag(page: Page, canvas: Locator) -> Iterator[Action]:
    """Yield a drag over the canvas, one pixel of the image at a time."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box, "the canvas is not shown"
    pixel = box["width"] / 24
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    for step in range(1, 9):
        yield partial(page.mouse.move, middle[0] + step * pixel, middle[1] - step * pixel)
    page.mouse.up()


def measure(demo: Demo) -> list[float]:
    """Return the milliseconds of every action that changed the demo."""
    times = []
    for act in actions(demo):
        before = demo.root.inner_html()
        demo.page.evaluate("window.spent = 0")
        act()
        spent = demo.page.evaluate("window.spent")
        if demo.root.inner_html() != before:
            times.append(spent)
    return times


def rows(page: Page, path: Path, weight: float) -> Iterator[tuple[str, ...]]:
    """Yield one row of the table for each demo of a page."""
    page.goto(path.as_uri(), wait_until="commit")
    count = path.read_text("utf-8").count("vnd.jupyter.widget-view+json")
    ready = page.evaluate(READY, count)
    page.evaluate(WATCH)
    for title in page.locator(".lm-title").all_text_contents():
        demo = Demo(page, title)
        largest(demo, title)
        times = sorted(measure(demo))
        high = times[int(0.95 * len(times))]
        yield (path.stem, f"{weight:.0f}", f"{ready:.0f}", title, str(len(times)),
               f"{statistics.median(times):.1f}", f"{high:.1f}")  # fmt: skip


def main(html: Path) -> None:
    """Print the table for every page that has a demo."""
    table = Table("page", "weight, KB", "ready, ms", "demo", "events", "median, ms", "95th percentile, ms")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
        for path in sorted(html.glob("*.html")):
            if "vnd.jupyter.widget-view+json" in path.read_text("utf-8"):
                with browser.new_page() as page:
                    weight = weigh(page, path)
                with browser.new_page() as page:
                    for row in rows(page, path, weight):
                        table.add_row(*row)
        browser.close()
    Console(width=120).print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
