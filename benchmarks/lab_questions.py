"""Answers the training lab's six questions over ten seeds, in Chromium, and writes what was measured.

Usage: PYTHONPATH=book python -m benchmarks.lab_questions (some minutes). The page's sentences are held to what it
writes, and a test trains some of it anew: see ``tests/browser/test_lab_questions.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from demos.base import bundle
from demos.lab_measured import MEASURED
from demos.training_lab import TrainingLab, digits
from playwright.sync_api import Page, sync_playwright
from rich.progress import track

from autograder.files import write_atomically
from benchmarks import chromium

PAGE = Path(__file__).resolve().parents[1] / "book" / "lab.md"
QUESTION = re.compile(r"^:::\{predict\} (lab-\w+)$.*?<a href=\"(#lab\?[^\"]*)\">Open the lab", re.M | re.S)
SEEDS, STEPS = range(1, 11), 200
SETTINGS = ("task", "images", "noise", "shifts", "rate", "batch", "seed", "networks")
TRAIN = """async ([sources, digits, initial, state, seed, steps]) => {
  const load = (source) => import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const lab = Object.assign({}, ...(await Promise.all(sources.map(load))));
  const trainer = new lab.Trainer({ ...lab.readAddress(state, initial), seed }, lab.readDigits(digits));
  while (trainer.steps < steps) trainer.step();
  return trainer.evaluate().map(({ testAccuracy, consistency }) => ({ testAccuracy, consistency }));
}"""


def questions() -> dict[str, str]:
    """Return the state in which each question opens the lab."""
    return dict(QUESTION.findall(PAGE.read_text("utf-8")))


def answer(page: Page, state: str, seed: int) -> Sequence[dict[str, float]]:
    """Return how often each of the two networks is right in the test, and keeps its answer one pixel further."""
    lab = TrainingLab()
    initial = {name: getattr(lab, name) for name in SETTINGS}
    exported = {"lab/trainer": "Trainer, readDigits", "lab/address": "readAddress"}
    sources = [f"{bundle(name)}\nexport {{ {names} }};" for name, names in exported.items()]
    found: list[dict[str, float]] = page.evaluate(TRAIN, [sources, digits(), initial, state, seed, STEPS])
    return found


def main() -> None:
    """Answer all, and write the file."""
    measured: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
        page = browser.new_page()
        for name, state in track(questions().items(), "questions"):
            measured[name] = {str(seed): answer(page, state, seed) for seed in SEEDS}
        browser.close()
    write_atomically(MEASURED, json.dumps(measured, indent=1).encode())


if __name__ == "__main__":
    main()
