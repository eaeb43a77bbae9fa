"""What was written in the page leaves as the notebook that is handed in, and comes back."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from page_python import notebooks
from playwright.sync_api import Page, expect

from autograder.judging.grading import ROOT

PATIENCE = 40_000
NAME = "pooling"
RELEASED = ROOT / "exercises" / NAME / f"{NAME}.ipynb"
EXERCISES = list(notebooks.exercises(json.loads(RELEASED.read_text("utf-8"))))
ANSWER = "An *average* divides by $k^2$:\n\n$$\\frac{1}{k^2} \\sum_i x_i$$\n\nPrices of \\$1 and `$code$` stay."


@pytest.fixture
def notebook_page(open_page, server) -> Page:
    """Return the page of a notebook."""
    return open_page(f"{server}/exercises/{NAME}.html")


def download(page: Page) -> Path:
    """Press the button; return the file that comes."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my notebook").click()
    assert download.value.suggested_filename == f"{NAME}.ipynb"
    return Path(download.value.path())


def write(page: Page, name: str, text: str) -> None:
    """Open a cell, and write into it."""
    root = page.locator(f"[data-page-cell][data-name={name}]")
    root.locator("summary").first.click()
    field = root.get_by_role("textbox").first
    expect(field).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def cells(path: Path) -> dict[str, dict[str, object]]:
    """Return the cells of a notebook's file by their ids."""
    return {cell["id"]: cell for cell in json.loads(path.read_text("utf-8"))["cells"]}


def test_a_notebook_in_which_nothing_was_written_is_the_released_one(notebook_page):
    assert download(notebook_page).read_bytes() == RELEASED.read_bytes()


def test_full_work_in_the_page_earns_full_marks(notebook_page, tmp_path):
    names = [one.name for one in EXERCISES if not one.words]
    for name, code in notebooks.solutions(NAME, names):
        write(notebook_page, name, code)
    (words,) = (one.name for one in EXERCISES if one.words)
    write(notebook_page, words, ANSWER)
    preview = notebook_page.locator(".pc-preview")
    expect(preview.locator("math")).to_have_count(2)
    expect(preview.locator("em")).to_have_text("average")
    expect(preview).to_contain_text("Prices of $1 and $code$ stay.")
    expect(notebook_page.locator(".pc-map li", has_text="the question in words")).to_contain_text("written")
    came = download(notebook_page)
    before, after = cells(RELEASED), cells(came)
    assert {key: {**cell, "source": ""} for key, cell in after.items()} == {
        key: {**cell, "source": ""} for key, cell in before.items()
    }
    hand_in = tmp_path / "submitted" / "ann" / NAME / f"{NAME}.ipynb"
    hand_in.parent.mkdir(parents=True)
    hand_in.write_bytes(came.read_bytes())
    command = [sys.executable, "-m", "autograder", "grade", NAME, "--submitted", "submitted", "--output", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with (tmp_path / "out" / "scores.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert {row["question"] for row in rows} == set(names)
    assert [row for row in rows if row["score"] != row["max_score"]] == []


def test_a_notebook_from_jupyterlab_is_read_with_its_helpers_and_goes_on(notebook_page, tmp_path):
    notebook = json.loads(RELEASED.read_text("utf-8"))
    place = next(i for i, cell in enumerate(notebook["cells"]) if cell["id"] == "avg_pool_weight")
    helper = {"cell_type": "code", "id": "mine", "metadata": {}, "execution_count": 3, "source": ["SIDE = 3\n"]}
    notebook["cells"].insert(place, {**helper, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["x"]}]})
    notebook["cells"][place + 1]["source"] = ["def avg_pool_weight(channels, kernel_size):\n", "    return SIDE\n"]
    file = tmp_path / "mine.ipynb"
    file.write_text(json.dumps(notebook), "utf-8")
    notebook_page.locator("input[type=file]").set_input_files(file)
    expect(notebook_page.get_by_text("mine.ipynb is open")).to_be_visible(timeout=PATIENCE)
    expect(notebook_page.locator(".pc-map li", has_text="avg_pool_weight")).to_contain_text("written")
    expect(notebook_page.locator(".pc-map li", has_text="lp_pool2d")).to_contain_text("not begun")
    cell = notebook_page.locator("[data-page-cell][data-name=avg_pool_weight]")
    cell.locator("summary").first.click()
    expect(cell.get_by_role("textbox").first).to_contain_text("return SIDE", timeout=PATIENCE)
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.locator(".pm pre")).to_have_text("3", timeout=PATIENCE)
    after = cells(download(notebook_page))
    assert after["mine"]["source"] == ["SIDE = 3\n"]
    assert after["avg_pool_weight"]["source"][-1] == "    return SIDE\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [("no JSON", "is not a notebook"), ('{"nbformat": 3}', "present format"), ("{}", "present format"),
     ('{"nbformat": 4, "cells": []}', "no cell of the assignment pooling")],
)  # fmt: skip
def test_a_file_that_is_no_such_notebook_is_refused(notebook_page, tmp_path, content, why):
    file = tmp_path / "other.ipynb"
    file.write_text(content, "utf-8")
    notebook_page.locator("input[type=file]").set_input_files(file)
    expect(notebook_page.get_by_text("other.ipynb cannot be opened")).to_contain_text(why, timeout=PATIENCE)
