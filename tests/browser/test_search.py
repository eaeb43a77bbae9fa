"""Search results open at the section that has the words, and quote it so that formulas can be read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.settled import until


def searched(open_page, start, words):
    """Search, and wait for the list to be whole."""
    page = open_page(f"{start}/search.html?q={words.replace(' ', '+')}")
    expect(page.locator(".search-summary")).to_contain_text("matching the search query")
    return page


@pytest.mark.parametrize("way", ["http", "disk"])
def test_a_result_opens_at_its_section(open_page, addresses, way):
    page = searched(open_page, addresses[way], "ceil_mode")
    links = page.locator("#search-results li > a")
    texts = links.all_inner_texts()
    assert len(set(texts)) == len(texts)
    inner = links.filter(has_text=re.compile(r"^Pooling >"))
    assert inner.count() >= 1
    inner.first.click()
    page.wait_for_url("**/pooling.html#*")
    until(page, "document.querySelector(':target') !== null")


def test_a_quoted_formula_can_be_read_and_no_answer_is_given_away(open_page, server):
    page = searched(open_page, server, "convolution")
    quotes = page.locator("#search-results p.context")
    expect(quotes.first).to_be_visible()
    texts = page.evaluate("""() => {
      const half = "<math><mfrac><mi>n</mi><mn>2</mn></mfrac></math>";
      const section = `<main role="main"><section id="a"><h2>A</h2><p>so ${half}` +
        ' and <math><msup><mi>p</mi><mn>2</mn></msup></math></p><details class="answer">secret</details>' +
        '<section id="b"><p>below</p></section></section></main>';
      return [Search.htmlToText(section, "#a"), Search.htmlToText(section, "#b")];
    }""")
    assert texts[0].split() == ["A", "so", "(n)/(2)", "and", "p^2"]
    assert texts[1].strip() == "below"
