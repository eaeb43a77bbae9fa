"""A whole notebook runs in JupyterLite: opened from its page, run, written, checked, taken away, graded."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys

import pytest
from page_python import notebooks
from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages
from tests.browser.settled import until

NAME, FUNCTION = "pooling", "max_pool2d"
PATIENCE = 120_000  # milliseconds; Python, matplotlib and scikit-learn come while other tests run


@pytest.fixture(scope="module")
def lab(shared_pages: Pages, server: str) -> Page:
    """Return JupyterLite as the link above the notebook's page opens it."""
    page = shared_pages.open(f"{server}/exercises/{NAME}.html")
    page.get_by_role("link", name="Open in the browser").click()
    page.set_default_timeout(PATIENCE)
    page.locator(".jp-Notebook .jp-MarkdownCell").last.wait_for()
    return page


def menu(page: Page, name: str, entry: str) -> None:
    """Choose an entry of a menu."""
    page.get_by_role("menuitem", name=name, exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def run_all(page: Page) -> None:
    """Run all cells, and wait for the last one."""
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    before = last.text_content() or ""
    menu(page, "Run", "Run All Cells")
    expect(last).not_to_have_text(re.compile(rf"\*|{re.escape(before)}"), timeout=PATIENCE)


def downloaded(page: Page) -> bytes:
    """Return the notebook's file as the browser saves it."""
    with page.expect_download() as download:
        menu(page, "File", "Download")
    assert download.value.suggested_filename == f"{NAME}.ipynb"
    return download.value.path().read_bytes()


def cell(page: Page, text: str):
    """Return the first code cell whose source has some text."""
    return page.locator(".jp-CodeCell").filter(has=page.locator(".jp-InputArea", has_text=text)).first


def test_an_untouched_notebook_runs_from_top_to_bottom(lab, shared_pages):
    run_all(lab)
    cells = [one for one in json.loads(downloaded(lab))["cells"] if one["cell_type"] == "code"]
    assert [one["execution_count"] for one in cells] == list(range(1, len(cells) + 1))
    kinds = {output["output_type"] for one in cells for output in one["outputs"]}
    assert "error" not in kinds
    assert not shared_pages.faults


def test_what_is_written_there_is_checked_moves_its_demo_and_is_graded(lab, tmp_path):
    (code,) = (code for _, code in notebooks.solutions(NAME, [FUNCTION]))
    own = cell(lab, f"def {FUNCTION}(")
    own.locator(".cm-content").click()
    lab.keyboard.press("Control+a")
    lab.keyboard.insert_text(code)
    run_all(lab)
    expect(cell(lab, f"check({FUNCTION})").locator(".pm-check")).to_contain_text("criteria hold")
    demo = lab.locator(".jp-CodeCell").filter(has=lab.locator(".widget-slider")).first
    picture = demo.locator(".jp-OutputArea img")
    picture.evaluate("image => { window.seen = image.src }")
    demo.locator(".noUi-target").first.click(position={"x": 2, "y": 2})  # where the slider is least
    until(lab, "[...document.querySelectorAll('.jp-OutputArea img')].every((image) => image.src !== window.seen)")
    hand_in = tmp_path / "submitted" / "ann" / NAME / f"{NAME}.ipynb"
    hand_in.parent.mkdir(parents=True)
    hand_in.write_bytes(downloaded(lab))
    command = [sys.executable, "-m", "autograder", "grade", NAME, "--submitted", "submitted", "--output", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with (tmp_path / "out" / "scores.csv").open(encoding="utf-8") as table:
        full = {row["question"] for row in csv.DictReader(table) if row["score"] == row["max_score"]}
    assert full == {FUNCTION}


def test_from_disk_the_link_says_what_it_needs(open_page, book):
    page = open_page(f"{book.as_uri()}/exercises/{NAME}.html")
    page.get_by_role("link", name="Open in the browser").click()
    expect(page.get_by_text("over http only")).to_be_visible()
    assert page.url.endswith(f"{NAME}.html")
