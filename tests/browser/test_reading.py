"""What a page knows of its reader: predictions made, the section in view, and whether code is to be seen."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.browser.settled import settle, until


def test_the_sidebar_counts_the_predictions_of_the_whole_book(open_page, server, book, pages):
    questions = sum(
        len(BeautifulSoup((book / name).read_text("utf-8"), "html.parser").select(".admonition.prediction"))
        for name in pages
    )
    page = open_page(f"{server}/pooling.html")
    made = page.locator(".predictions-made")
    assert not made.is_visible()
    question = page.locator(".admonition.prediction").first
    question.get_by_label("Your prediction").fill("neither")
    question.get_by_role("button", name="Keep it").click()
    expect(made).to_have_text(f"You predicted 1 of {questions}.")
    page.goto(f"{server}/dropout.html")
    expect(made).to_have_text(f"You predicted 1 of {questions}.")
    page.goto(f"{server}/pooling.html")
    page.get_by_role("button", name="Predict again").click()
    expect(made).to_be_hidden()


def test_code_is_folded_in_all_chapters_until_it_is_wanted_again(open_page, server):
    page = open_page(f"{server}/pooling.html")
    code = page.locator(".bd-article .cell_input:visible").first
    switch = page.get_by_role("button", name="Code", exact=True)
    code.wait_for()
    switch.click()
    assert code.count() == 0
    assert switch.get_attribute("aria-pressed") == "false"
    page.goto(f"{server}/dropout.html")
    assert page.locator(".bd-article .cell_input:visible").count() == 0
    page.goto(f"{server}/exercises/dropout.html")
    assert page.locator(".bd-article .cell_input:visible").count() > 0
    page.goto(f"{server}/dropout.html")
    page.get_by_role("button", name="Code", exact=True).press("Enter")
    assert page.locator(".bd-article .cell_input:visible").count() > 0


def test_the_header_names_the_section_and_how_far_it_is(open_page, server):
    page = open_page(f"{server}/pooling.html")
    place = page.locator(".reading-place")
    told = re.search(r"About \d+ minutes", page.locator(".chapter-map").inner_text())[0]
    assert place.inner_text() == told.lower()
    heading = page.locator(".bd-article h2").nth(1)
    name = heading.evaluate("node => node.firstChild.textContent.trim()")
    heading.evaluate("node => node.scrollIntoView({ behavior: 'instant' })")
    expect(place).to_have_text(name)
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    until(page, "document.querySelector('.reading-bar').getBoundingClientRect().width > 0.98 * innerWidth / 2")


def test_on_paper_the_answers_stand_at_the_end_and_what_demos_drew_below_their_pictures(open_page, server):
    page = open_page(f"{server}/invariance.html")
    settle(page)
    expect(page.locator(".lm-demo").first).not_to_contain_text("computing")
    count = page.locator("details.answer").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".answers-at-the-end details.answer").count() == count
    assert page.locator(".bd-article > :last-child details.answer").count() == count
    assert page.locator(".answers-at-the-end details.answer p:visible").count() >= count
    captions = page.locator(".demo-drawn figcaption").all_inner_texts()
    assert sum("percent" in caption for caption in captions) == 4
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".answers-at-the-end, .answer-note, .demo-drawn").count() == 0
    assert page.locator(".admonition.prediction + details.answer").count() == count


def test_the_head_of_the_ledger_stays_in_view(open_page, server):
    page = open_page(f"{server}/claims.html#c050")
    until(page, "document.querySelector('#c050').getBoundingClientRect().top < innerHeight")
    head = page.locator(".ledger-claims > thead").bounding_box()
    assert 0 <= head["y"] < 60
    assert page.locator("#c050").bounding_box()["y"] >= head["y"] + head["height"] - 1
