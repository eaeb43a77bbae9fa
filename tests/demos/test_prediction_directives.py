"""Questions whose answers stay closed: what the pages' directives accept, and what they warn of."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.one_page import BOOK, built

QUESTION = ":::{predict} side\n:choices: 4; 6\nHow large?\n:::\n\n"
END = ":::{answered}\n:::\n\n"


@pytest.fixture
def build(tmp_path: Path) -> Callable[[str], tuple[str, str]]:
    """Return a function that builds a page and returns its HTML and the warnings."""

    return lambda page: built(tmp_path, page, "predictions")


def test_what_stands_between_question_and_end_goes_into_a_closed_box(build):
    html, warnings = build(QUESTION + "Four.\n\nAnd *not* six.\n\n" + END + "Next.\n")
    assert not warnings
    box = re.search(r'<details class="answer">(.*?)</details>', html, re.DOTALL)
    assert "<p>Four.</p>" in box[1]
    assert "six" in box[1]
    assert "Next" not in box[1]
    assert 'id="predict-side"' in html.partition("<details")[0]


@pytest.mark.parametrize(("page", "words"), [
    (QUESTION + "Four.\n", "needs an answer"),
    (QUESTION + END, "needs an answer"),
    (QUESTION + "Four.\n\n## Another section\n\n" + END, "without a prediction"),
    (QUESTION + QUESTION + "Four.\n\n" + END, "needs an answer"),
    ("Four.\n\n" + END, "without a prediction"),
])  # fmt: skip
def test_a_question_without_its_answer_is_warned_of(build, page, words):
    assert words in build(page)[1]


def test_no_page_asks_for_a_prediction_in_another_way():
    for page in BOOK.glob("*.md"):
        assert "{admonition} Predict" not in page.read_text("utf-8"), page.name
