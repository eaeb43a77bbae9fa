"""Measures the training lab in Chromium beside PyTorch on one thread: ``make bench-book``.

Both train the lab's first network (blocks of 8 and 16 filters, 3 x 3, max pools, flattened) on images of 16 x 16 in
batches of 32 with Adam, in turns, so that both have the same machine; each does what it needs for its own next batch.
Then the lab trains in its page, where each message of the worker is timed: as long as that, a reader may have to wait.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import torch
from demos.base import bundle
from demos.training_lab import block, digits, network
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table
from torch import nn

from benchmarks import chromium

STEPS, BATCH, ROUNDS = 100, 32, 5
SETTINGS = {
    "task": "middle", "images": 1000, "noise": 0, "seed": 1, "rate": 0.01, "batch": BATCH, "shifts": False,
    "networks": [network(block(8), block(16))],
}  # fmt: skip
BEGIN = """async ([source, settings, digits]) => {
  const lab = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  window.trainer = new lab.Trainer(settings, lab.readDigits(digits));
}"""
TRAIN = """(steps) => {
  const began = performance.now();
  for (let step = 0; step < steps; step++) window.trainer.step();
  return performance.now() - began;
}"""
# What the page does with each message of its worker, at the end of which it has drawn and laid out anew.
WATCH = """
  window.spent = [];
  window.Worker = class extends Worker {
    set onmessage(hear) {
      super.onmessage = (event) => {
        const began = performance.now();
        hear(event);
        document.documentElement.getBoundingClientRect();
        window.spent.push(performance.now() - began);
      };
    }
  };
"""


class InPyTorch:
    """The same network on one thread."""

    def __init__(self) -> None:
        torch.set_num_threads(1)
        layers = [nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        layers += [nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        self.net = nn.Sequential(*layers, nn.Flatten(), nn.Linear(256, 10))
        self.adam = torch.optim.Adam(self.net.parameters(), lr=0.01)
        self.x, self.y = torch.rand(1000, 1, 16, 16), torch.randint(0, 10, (1000,))

    def train(self, steps: int) -> float:
        """Return the milliseconds that some steps take."""
        began = time.perf_counter()
        for _ in range(steps):
            chosen = torch.randint(0, 1000, (BATCH,))
            loss = nn.functional.cross_entropy(self.net(self.x[chosen]), self.y[chosen])
            self.adam.zero_grad()
            loss.backward()
            self.adam.step()
        return 1000 * (time.perf_counter() - began)


def in_turns(page: Page) -> tuple[float, float]:
    """Return images a second in the page and in PyTorch, the medians of some rounds after one to warm up."""
    page.evaluate(BEGIN, [f"{bundle('lab/trainer')}\nexport {{ Trainer, readDigits }};", SETTINGS, digits()])
    other = InPyTorch()
    times = [(page.evaluate(TRAIN, STEPS), other.train(STEPS)) for _ in range(ROUNDS + 1)][1:]
    ours, theirs = (1000 * STEPS * BATCH / statistics.median(one) for one in zip(*times, strict=True))
    return ours, theirs


def busy(page: Page, lab: Path) -> list[float]:
    """Return, in order of size, for how many milliseconds the page was busy with each message of its worker."""
    page.add_init_script(WATCH)
    page.goto(lab.as_uri())
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(".lm-state", has_text="3").filter(has_text="training").wait_for()
    page.evaluate("window.spent.length = 0")
    page.wait_for_timeout(5000)
    found: list[float] = page.evaluate("window.spent.sort((a, b) => a - b)")
    return found


def main(html: Path) -> None:
    """Print images a second, their ratio, and for how long the page was busy."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
        with browser.new_page() as page:
            ours, theirs = in_turns(page)
        with browser.new_page() as page:
            times = busy(page, html / "lab.html")
        browser.close()
    heads = ["images/s in the page", "in PyTorch", "ratio", "page busy, ms: median", "95th percentile", "longest"]
    table = Table(*heads)
    busiest = [statistics.median(times), times[int(0.95 * len(times))], times[-1]]
    table.add_row(f"{ours:.0f}", f"{theirs:.0f}", f"{theirs / ours:.2f}", *(f"{one:.1f}" for one in busiest))
    Console(width=120).print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
