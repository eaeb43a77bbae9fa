"""Words that set a demo: the link that comes of them, and the warning where they say nothing that can be set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.helpers.one_page import built


@pytest.fixture
def build(tmp_path: Path) -> Callable[[str], tuple[BeautifulSoup, str]]:
    """Return a function that builds a page and returns it with the warnings."""

    def run(page: str) -> tuple[BeautifulSoup, str]:
        html, warnings = built(tmp_path, page, "acting_words")
        return BeautifulSoup(html, "html.parser"), warnings

    return run


def test_words_become_a_link_to_the_page_with_the_demo_set(build):
    page, warnings = build('Give it {set}`a padding\nof 1 <pooling_explorer: {"padding": [1, 1]}>` and look.')
    link = page.select_one("a.acts")
    assert link.get_text() == "a padding of 1"
    assert link["data-acts"] == "pooling_explorer"
    assert link["href"] == "?pooling_explorer=%7B%22padding%22%3A%5B1%2C1%5D%7D"
    assert not warnings


@pytest.mark.parametrize("text", ["a padding of 1", "a padding <pooling_explorer: {padding}>", "x <pooling: [1]>"])
def test_words_that_set_nothing_are_warned_of(build, text):
    page, warnings = build(f"Give it {{set}}`{text}`.")
    assert "needs words <demo: {traits}>" in warnings
    assert page.select_one("a.acts") is None
