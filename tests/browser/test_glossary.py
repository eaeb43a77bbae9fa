"""A link to the glossary says in place what the glossary says."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.browser.axe import faults

WORDS = (
    "filter", "kernel", "stride", "padding", "cell", "map", "channel", "rectifier", "ReLU", "head", "logit", "softmax",
    "flatten",
)  # fmt: skip


def test_the_glossary_has_every_word_that_chapters_take_for_granted(book):
    page = BeautifulSoup((book / "glossary.html").read_text("utf-8"), "html.parser")
    assert set(WORDS) <= {term.find(string=True).strip() for term in page.select("dl.glossary dt")}


def test_every_link_to_the_glossary_carries_its_words(book, pages):
    glossary = BeautifulSoup((book / "glossary.html").read_text("utf-8"), "html.parser")
    linked = set()
    for name in pages:
        for link in BeautifulSoup((book / name).read_text("utf-8"), "html.parser").select("a:has(> .std-term)"):
            anchor = link["href"].rpartition("#")[2]
            words = glossary.find(id=anchor).find_next("dd").get_text()
            assert link.parent["data-hint"].split() == words.split(), (name, anchor)
            linked.add(anchor.removeprefix("term-"))
    assert set(WORDS) - {"ReLU"} <= linked


@pytest.mark.parametrize("way", ["http", "disk"])
def test_a_hint_comes_by_pointer_and_by_keyboard_and_goes_with_escape(open_page, addresses, way):
    page = open_page(f"{addresses[way]}/convolution.html", width=375)
    term, hint = page.locator(".hinted").first, page.get_by_role("tooltip")
    term.locator("a").hover()
    assert "Laid on a window" in hint.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.keyboard.press("Escape")
    assert hint.count() == 0
    page.mouse.move(0, 0)
    term.locator("a").focus()
    assert term.locator("a").get_attribute("aria-describedby") == "glossary-hint"
    assert hint.is_visible()
    assert faults(page) == ""
