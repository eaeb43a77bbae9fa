"""What the training lab's images show, painted in the browser and looked at with NumPy and SciPy."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from demos.base import bundle
from demos.training_lab import SHIPPED, TASKS, digits
from playwright.sync_api import Browser
from scipy import ndimage
from sklearn.datasets import load_digits

PAINT = """async ([source, digits, tasks]) => {
  const lab = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const read = lab.readDigits(digits);
  const plain = ({ x, labels }) => ({ x: [...x], labels });
  return JSON.stringify(tasks.map(([task, noise]) => {
    const { training, test } = lab.dataOf({ task, noise, images: 100, seed: 5 }, read);
    return { training: plain(training), test: plain(test) };
  }));
}"""
IMAGES = load_digits().images[:SHIPPED]
CLASSES = load_digits().target[:SHIPPED]


@pytest.fixture(scope="module")
def painted(browser: Browser) -> dict[str, dict[str, Any]]:
    """Return images and labels of training and test, by task; and of one with noise."""
    page = browser.new_page()
    tasks = [*((task, 0) for task in TASKS), ("middle", 0.5)]
    source = f"{bundle('lab/tasks')}\nexport {{ dataOf, readDigits }};"
    found = json.loads(page.evaluate(PAINT, [source, digits(), tasks]))
    page.close()
    for part in (part for data in found for part in data.values()):
        part["x"] = np.reshape(part["x"], (-1, 16, 16))
    return dict(zip([*TASKS, "noisy"], found, strict=True))


@cache
def of_class(label: int) -> set[bytes]:
    """Return all digits of a class, comparable."""
    return {np.round(image).tobytes() for image in IMAGES[label == CLASSES]}


def comparable(image: np.ndarray) -> bytes:
    return np.round(16 * image).tobytes()


def shows(task: str, x: np.ndarray) -> Any:
    """Return the class that is seen in an image of a task without digits' classes."""
    if task == "quadrant":
        row, column = ndimage.center_of_mass(x)
        return 2 * (row > 7.5) + (column > 7.5)
    if task == "spots":
        return ndimage.label(x, np.ones((3, 3)))[1] - 1
    waves = sum(np.abs(np.fft.fft(x.mean(axis) - x.mean())) for axis in (0, 1))
    return {2: 0, 6: 1}[int(waves[:8].argmax())]


@pytest.mark.parametrize("task", ["quadrant", "spots", "stripes"])
def test_an_image_shows_what_its_label_says(painted, task):
    for part in painted[task].values():
        assert [shows(task, x) for x in part["x"]] == part["labels"]
        assert min(np.bincount(part["labels"])) > 10


def test_digits_are_whole_wherever_they_lie_and_however_they_are_turned(painted):
    for x, label in zip(painted["middle"]["training"]["x"], painted["middle"]["training"]["labels"], strict=True):
        assert comparable(x[4:12, 4:12]) in of_class(label)
        assert x.sum() == x[4:12, 4:12].sum()
    places = set()
    for x, label in zip(painted["anywhere"]["training"]["x"], painted["anywhere"]["training"]["labels"], strict=True):
        found = [(top, left) for top in range(9) for left in range(9)
                 if comparable(x[top : top + 8, left : left + 8]) in of_class(label)]  # fmt: skip
        assert len(found) == 1
        places |= set(found)
    assert len(places) > 40
    turns = []
    for x, label in zip(painted["turned"]["training"]["x"], painted["turned"]["training"]["labels"], strict=True):
        right = [k for k in range(4) if comparable(np.rot90(x[4:12, 4:12], -k)) in of_class((6, 9)[label])]
        assert right
        turns.append(right[0])
    assert min(np.bincount(turns)) > 10


def test_no_digit_is_learnt_and_asked(painted):
    learnt, asked = ({comparable(x) for x in painted["middle"][part]["x"]} for part in ("training", "test"))
    assert len(learnt) == 100
    assert not learnt & asked


def test_noise_is_normal_and_of_the_size_that_is_set(painted):
    added = (painted["noisy"]["training"]["x"] - painted["middle"]["training"]["x"]).flatten()
    assert added.std() == pytest.approx(0.5, rel=0.02)
    assert added.mean() == pytest.approx(0, abs=0.02)
    assert (np.abs(added) < 0.5).mean() == pytest.approx(0.683, abs=0.02)
