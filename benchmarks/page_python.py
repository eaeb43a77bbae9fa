"""Measures Python in the book's pages, in Chromium: ``make bench-book`` prints the table.

Cold is a browser that has never seen the book, warm one that has run its Python before; both count from the click on
*Check* until the table stands. A draw is what grading tries of the assignment pooling, asked through the same frames
as ``check`` and judged, here and in the page: the least of five turns. JupyterLite counts from its page's address until
the first cell of the notebook, which imports ``check``, has run.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from page_python import notebooks
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from autograder import assignments, in_page
from benchmarks import chromium
from benchmarks.serving import served

ASSIGNMENT, FUNCTION = "pooling", "max_pool2d"
PATIENCE = 120_000
TURNS = 5
DRAW = """
import time
import numpy as np
from autograder import assignments
from autograder.trying import Trial

asked = [
    (Trial(globals()[question.name], question), case)
    for question in assignments.load("pooling").questions
    for criterion in question.criteria
    for case in criterion.generate(np.random.default_rng(1))
]
times = []
for _ in range(5):
    start = time.perf_counter()
    for trial, case in asked:
        got = trial.reply(case)
        case.judge(case, got, got)
    times.append(time.perf_counter() - start)
print(len(asked), min(times))
"""
# What some criteria draw with; grading has it, and pages need not.
DRAWS_WITH = "allpairspy"


def check(page: Page) -> float:
    """Press *Check* and return the seconds until its table stands."""
    cell = page.locator(f"[data-page-cell][data-name={FUNCTION}]")
    before = cell.locator(".pm-check").count()
    if before:
        cell.locator(".pm-check").evaluate("table => table.remove()")
    start = time.perf_counter()
    cell.get_by_role("button", name="Check", exact=True).click()
    cell.locator(".pm-check").wait_for(state="attached", timeout=PATIENCE)  # one line of it is said elsewhere
    return time.perf_counter() - start


def opened(context: BrowserContext, url: str) -> Page:
    """Return a page whose cell is open and written."""
    page = context.new_page()
    page.goto(url)
    cell = page.locator(f"[data-page-cell][data-name={FUNCTION}]")
    cell.locator("summary").first.click()
    expect(cell.get_by_role("textbox").first).to_be_focused(timeout=PATIENCE)
    ((_, code),) = notebooks.solutions(ASSIGNMENT, [FUNCTION])
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    return page


def lite(context: BrowserContext, url: str) -> float:
    """Return the seconds from a notebook's address in JupyterLite until its first cell has run."""
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    cell = page.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click(timeout=PATIENCE)
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\d"), timeout=PATIENCE)
    return time.perf_counter() - start


def starts(browser_type: object, address: str) -> tuple[list[float], list[float], float, tuple[int, float]]:
    """Return the seconds of a cold check and a warm one, of JupyterLite likewise, of a repeated check; and the draw."""
    url, notebook = f"{address}/{ASSIGNMENT}.html", f"{address}/lite/notebooks/index.html?path={ASSIGNMENT}.ipynb"
    checks: list[float] = []
    lites: list[float] = []
    launch = browser_type.launch_persistent_context  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        for turn in ("cold", "warm"):
            for name, times, measure in (("page", checks, _first_check), ("lite", lites, lite)):
                context = launch(Path(folder) / name, executable_path=chromium.path(), args=["--no-sandbox"])
                times.append(measure(context, url if name == "page" else notebook))
                if (turn, name) == ("warm", "page"):
                    page = context.pages[-1]
                    again = statistics.median(check(page) for _ in range(TURNS))
                    answer = page.evaluate("([cell]) => PageCells.ask('run', cell)", [draw()])
                context.pages[-1].wait_for_timeout(3000)  # the browser keeps what it has compiled
                context.close()
    return checks, lites, again, told(answer["printed"])


def _first_check(context: BrowserContext, url: str) -> float:
    return check(opened(context, url))


def draw() -> str:
    """Return code that prints how many calls a draw has, and how long they take."""
    modules = {path.name: path.read_text("utf-8") for path in files(DRAWS_WITH).iterdir() if path.name.endswith(".py")}
    brought = f"""
import pathlib, sys
folder = pathlib.Path("/tmp/draws/{DRAWS_WITH}")
folder.mkdir(parents=True, exist_ok=True)
for name, text in {modules!r}.items():
    (folder / name).write_text(text)
sys.path.insert(0, str(folder.parent))
"""
    return references() + brought + DRAW


def references() -> str:
    """Return the code of all functions of the assignment."""
    names = [question.name for question in assignments.load(ASSIGNMENT).questions]
    return "\n".join(code for _, code in notebooks.solutions(ASSIGNMENT, names))


def told(printed: str) -> tuple[int, float]:
    """Read the count and the seconds that a draw prints."""
    count, seconds = printed.split()[-2:]
    return int(count), float(seconds)


def main(html: Path) -> None:
    """Print the table."""
    native = told(json.loads(in_page.run(draw()))["printed"])
    with served(html) as address, sync_playwright() as playwright:
        (cold, warm), (lite_cold, lite_warm), again, drawn = starts(playwright.chromium, address)
    size = sum(path.stat().st_size for path in (html / "_static" / "page_python").glob("*.gz")) / 1e6
    table = Table("Python in the page", "measured", "wanted")
    table.add_row("fetched with the first click, compressed", f"{size:.1f} MB", "9 MB")
    table.add_row("click to first check, cold", f"{cold:.1f} s", "4 s")
    table.add_row("click to first check, warm", f"{warm:.1f} s", "2 s")
    table.add_row("JupyterLite to its first cell, cold and warm", f"{lite_cold:.1f} s, {lite_warm:.1f} s", "more")
    table.add_row("a repeated check", f"{again:.2f} s", "0.2 s")
    table.add_row(
        f"a draw of {drawn[0]} calls", f"{drawn[1]:.2f} s, {drawn[1] / native[1]:.1f} times as here", "1.5 times"
    )
    Console(width=120).print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
