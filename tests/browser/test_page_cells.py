"""An exercise is written, run, checked and kept in the page; by mouse and by keyboard, from disk as well."""

from __future__ import annotations

import re

import pytest
from page_python import notebooks, site
from playwright.sync_api import Page, expect

from autograder import assignments
from benchmarks.serving import QuietHandler
from tests.browser.axe import faults

PATIENCE = 40_000  # milliseconds; Python starts while other tests run
HALF = '''import numpy as np


def global_max_pool2d(x):
    """Look at the last row only."""
    return x[:, :, -1].max(axis=-1)
'''
FILES = len((*site.CORE, *site.OURS))
COUNT = next(
    len(question.criteria)
    for question in assignments.load("global_pooling").questions
    if question.name == "global_max_pool2d"
)
(RIGHT,) = (code for _, code in notebooks.solutions("global_pooling", ["global_max_pool2d"]))


class Cell:
    """An exercise's cell, taken hold of as a reader does."""

    def __init__(self, page: Page, name: str = "global_max_pool2d") -> None:
        page.set_default_timeout(PATIENCE)
        self.page, self.name = page, name
        self.root = page.locator(f"[data-page-cell][data-name={name}]")
        self.editor = self.root.get_by_role("textbox", name=f"Your {name}")
        self.status = self.root.get_by_role("status")

    def open(self) -> Cell:
        """Open the cell; the cursor is in its editor then."""
        self.root.locator("summary").first.click()
        expect(self.editor).to_be_focused(timeout=PATIENCE)
        return self

    def write(self, text: str) -> None:
        """Replace what is in the editor."""
        self.editor.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def press(self, label: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=label, exact=True).click()

    def says(self, words: str) -> None:
        """Wait until the status says something."""
        expect(self.status).to_contain_text(words, timeout=PATIENCE)


@pytest.fixture
def chapter(open_page, server):
    """Return a chapter's page over http."""
    return open_page(f"{server}/global_pooling.html")


def test_an_exercise_is_written_run_checked_and_kept(chapter, server):
    loaded = []
    chapter.on("request", lambda request: loaded.append(request.url))
    cell = Cell(chapter).open()
    expect(cell.editor).to_contain_text("raise NotImplementedError")
    assert not [url for url in loaded if re.search(r"wasm|\.gz", url)], "Python comes with the first run"
    cell.says("MB")
    cell.write(HALF)
    cell.press("Run")
    cell.says("It ran.")
    assert cell.root.locator(".pm-grid").count() == 1
    cell.press("Check")
    cell.says(f"of {COUNT} criteria hold")
    table = cell.root.locator(".pm-check")
    assert table.get_by_role("row").count() > COUNT
    assert table.get_by_text("The smallest example that fails:").first.is_visible()
    assert not faults(chapter)
    cell.write(RIGHT)
    cell.press("Check")
    cell.says(f"all {COUNT} criteria hold")
    expect(chapter.locator(".pc-map li", has_text="global_max_pool2d")).to_contain_text("holds")
    expect(cell.root.get_by_text("Last saved in this browser")).to_be_visible()
    again = chapter.context.new_page()
    again.goto(f"{server}/exercises/global_pooling.html")
    other = Cell(again).open()
    expect(other.editor).to_contain_text(RIGHT.strip().splitlines()[-1].strip())
    expect(other.root.locator("summary").first).to_contain_text(f"{COUNT} of {COUNT} criteria hold")


def test_python_is_fetched_once_for_all_pages_and_starts_with_the_editor_then(chapter, server, monkeypatch):
    asked, get = [], QuietHandler.do_GET
    monkeypatch.setattr(QuietHandler, "do_GET", lambda handler: (asked.append(handler.path), get(handler))[1])
    cell = Cell(chapter).open()
    cell.press("Run")
    cell.says("NotImplementedError")
    assert len([path for path in asked if re.search(r"wasm|\.gz", path)]) == FILES
    asked.clear()
    other = chapter.context.new_page()
    other.goto(f"{server}/exercises/global_pooling.html")
    Cell(other).open()
    assert "2" in other.evaluate("PageCells.ask('run', '1 + 1')")["value"]
    assert asked
    # What is not compressed is larger than what this browser, which has no profile, keeps of one file.
    assert not [path for path in asked if path.partition("?")[0].endswith(".gz")]


def test_an_exception_is_said_marked_and_led_to(chapter):
    cell = Cell(chapter).open()
    cell.write("x = 1\ny = x / 0\n")
    cell.press("Run")
    cell.says("Line 2: ZeroDivisionError")
    assert cell.root.locator(".cm-lintRange-error").text_content() == "y = x / 0"
    cell.press("Go to line 2")
    expect(cell.editor).to_be_focused()
    chapter.keyboard.press("Shift+End")
    assert chapter.evaluate("getSelection().toString()") == "y = x / 0"
    cell.press("Check")
    cell.says("Line 2: ZeroDivisionError")


def test_an_endless_loop_is_stopped_and_reset_asks(chapter):
    cell = Cell(chapter).open()
    cell.write("while True:\n    pass\n")
    cell.press("Run")
    cell.says("It runs …")
    cell.press("Stop")
    cell.says("Stopped.")
    chapter.once("dialog", lambda dialog: dialog.dismiss())
    cell.press("Reset")
    expect(cell.editor).to_contain_text("while True")
    chapter.once("dialog", lambda dialog: dialog.accept())
    cell.press("Reset")
    expect(cell.editor).to_contain_text("NotImplementedError")
    expect(chapter.locator(".pc-map li", has_text="global_max_pool2d")).to_contain_text("not begun")


def test_the_keyboard_writes_and_leaves(chapter):
    cell = Cell(chapter).open()
    cell.write("def f():")
    for key in ("Enter", "p", "a", "s", "s", "Enter", "Tab", "x"):
        chapter.keyboard.press(key)
    assert cell.editor.locator(".cm-line").all_text_contents() == ["def f():", "    pass", "        x"]
    chapter.keyboard.press("Escape")  # closes the list of completions
    chapter.keyboard.press("Escape")
    chapter.keyboard.press("Tab")
    expect(cell.editor).not_to_be_focused()


def test_where_storage_is_denied_the_cell_works_and_says_so(open_page, server):
    page = open_page("about:blank")
    page.add_init_script("""{
      const real = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, value) {
        if (key.startsWith("pooling-measured")) throw new DOMException("no", "SecurityError");
        real.call(this, key, value); // the theme's own
      };
    }""")
    page.goto(f"{server}/global_pooling.html")
    cell = Cell(page).open()
    cell.write(HALF)
    expect(cell.root.get_by_text("Nothing can be kept in this browser")).to_be_visible()
    expect(page.locator(".pc-map li", has_text="global_max_pool2d")).to_contain_text("written")


def test_what_needs_pytorch_is_written_here_and_left_to_the_notebook(open_page, server):
    cell = Cell(open_page(f"{server}/dropout.html"), "small_cnn").open()
    expect(cell.root).to_contain_text("This function needs torch, which a page cannot have.")
    assert cell.root.get_by_role("button", name="Check", exact=True).count() == 0


def test_from_disk_python_runs_as_well(open_page, book):
    page = open_page(f"{book.as_uri()}/global_pooling.html", width=375, scheme="dark")
    cell = Cell(page).open()
    cell.write(RIGHT)
    cell.press("Check")
    cell.says(f"all {COUNT} criteria hold")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert not faults(page)


def test_what_python_returns_can_do_nothing_in_the_page(chapter):
    cell = Cell(chapter).open()
    cell.write("class Sly:\n    def __repr__(self): return '<img src=x onerror=alert(1)>'\nSly()\n")
    cell.root.get_by_role("textbox", name="A call of global_max_pool2d to try").fill("")
    cell.press("Run")
    expect(cell.root.locator(".pm pre")).to_have_text("<img src=x onerror=alert(1)>", timeout=PATIENCE)
    assert cell.root.locator("img").count() == 0
