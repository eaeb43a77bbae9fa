"""The shift lab: the four networks in the page against the same networks in PyTorch."""

from __future__ import annotations

import re

import numpy as np
import pytest

from benchmarks.page_driver import Demo

POOLS = ("max", "average", "stride", "blur")


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['http']}/invariance.html", "Shift lab")


def shown(demo: Demo) -> dict[str, tuple[int, float]]:
    """Return class and probability by pooling, as announced."""
    found = re.findall(r"(\w+) (\d) \((\d(?:\.\d+)?)\)", demo.said())
    return {name: (int(top), float(probability)) for name, top, probability in found}


def assert_answers(demo: Demo, trained, digit: int, shift: tuple[int, int]) -> None:
    answers = shown(demo)
    for pool in POOLS:
        logits = trained.logits(pool, digit, shift)
        powers = np.exp(logits - logits.max())
        top, probability = answers[pool]
        assert top == logits.argmax()
        assert probability == pytest.approx(powers.max() / powers.sum(), abs=6e-4)


def test_every_digit_is_classified_as_in_pytorch(demo, trained):
    for digit in range(10):
        demo.pick("Digit", str(digit))
        assert_answers(demo, trained, digit, (0, 0))


def test_arrow_keys_move_the_digit_and_stop_at_the_border(demo, trained):
    canvas = demo.root.get_by_role("application")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        demo.page.keyboard.press(key)
    assert demo.said().startswith("Shifted 1 down, 2 right")
    assert_answers(demo, trained, 0, (1, 2))
    for _ in range(10):
        demo.page.keyboard.press("ArrowUp")
    assert demo.said().startswith("Shifted 8 up, 2 right")
    assert_answers(demo, trained, 0, (-8, 2))
    demo.press("Reset")
    assert demo.said().startswith("Shifted 0 down, 0 right")


def test_the_digit_is_dragged(demo, trained):
    canvas = demo.root.get_by_role("application")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    pixel = box["width"] / 24
    demo.page.mouse.move(box["x"] + 12 * pixel, box["y"] + 12 * pixel)
    demo.page.mouse.down()
    demo.page.mouse.move(box["x"] + 9 * pixel, box["y"] + 16 * pixel, steps=4)
    demo.page.mouse.up()
    assert demo.said().startswith("Shifted 4 down, 3 left")
    assert_answers(demo, trained, 0, (4, -3))


def test_consistency_is_the_share_of_positions_with_the_answer_of_the_middle(demo, trained):
    for pool in POOLS:
        card = demo.root.get_by_role("group", name=f"{pool} pooling")
        card.get_by_text("same answer at").wait_for()
        answers = trained.answers(pool, 0)
        percent = round(100 * (answers == answers[8, 8]).mean())
        assert f"same answer at {percent} %" in card.inner_text()
