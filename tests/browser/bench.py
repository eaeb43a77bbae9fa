"""Measures the built book in Chromium and prints a table: ``make bench-book``.

Weight is the page with everything that it loads, each file compressed by gzip. Ready is the time from
navigation until the last demo stands. Event is the median time from an input event to the updated document, over
every demo on its largest preset.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright
from rich.console import Console
from rich.table import Table

REPEATS = 15
READY = "document.querySelectorAll('.static-widget .lm-demo').length"
MEASURE = """(repeats) => [...document.querySelectorAll('.lm-demo')].map((demo) => {
  const largest = demo.querySelector('input[type=radio][value^=photo]');
  largest?.click();
  const cells = [...demo.querySelectorAll('[role=grid] [role=gridcell]')].slice(0, 40);
  const events = cells.map((cell) => () => cell.dispatchEvent(new PointerEvent('pointerover', { bubbles: true })));
  for (const button of demo.querySelectorAll('.lm-controls button')) events.push(() => button.click());
  for (const radio of demo.querySelectorAll('.lm-controls input[type=radio]')) events.push(() => radio.click());
  const times = [];
  for (let i = 0; i < repeats; i++) for (const fire of events) {
    const start = performance.now();
    fire();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const rank = (share) => times[Math.floor(times.length * share)];
  return [demo.querySelector('.lm-title').textContent, rank(0.5), rank(0.95)];
})"""


def measure(page: Page, path: Path) -> tuple[float, float, list]:
    """Return kilobytes, milliseconds until ready, and title, median and 95th percentile of every demo."""
    weight = 0

    def count(route: Route) -> None:
        nonlocal weight
        file = Path(route.request.url.removeprefix("file://").partition("?")[0])
        weight += len(gzip.compress(file.read_bytes())) if file.is_file() else 0
        route.continue_()

    page.route("file://**", count)
    page.goto(path.as_uri())
    page.unroute("file://**")
    page.goto(path.as_uri(), wait_until="commit")
    count_views = path.read_text("utf-8").count("vnd.jupyter.widget-view+json")
    page.wait_for_function(f"{READY} === {count_views}")
    ready = page.evaluate("performance.now()")
    return weight / 1024, ready, page.evaluate(MEASURE, REPEATS)


def main(html: Path) -> None:
    """Print the table for every page that has a demo."""
    table = Table("page", "weight, KB", "ready, ms", "demo", "event, ms (median)", "95th percentile")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for path in sorted(html.glob("*.html")):
            if "vnd.jupyter.widget-view+json" not in path.read_text("utf-8"):
                continue
            weight, ready, demos = measure(page, path)
            for title, median, high in demos:
                table.add_row(path.stem, f"{weight:.0f}", f"{ready:.0f}", title, f"{median:.2f}", f"{high:.2f}")
        browser.close()
    Console(width=120).print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
