"""An answer stays closed until the reader has made a prediction, which the browser then keeps beside it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.browser.axe import LOOKS, faults
from tests.browser.settled import become_dark_on_a_phone

QUESTION, ANSWER = ".admonition.prediction", "details.answer"
CHAPTERS = ("convolution", "pooling", "global_pooling", "dropout", "invariance")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_question_is_followed_by_its_answer_and_has_a_name_of_its_own(book, chapter):
    page = BeautifulSoup((book / f"{chapter}.html").read_text("utf-8"), "html.parser")
    questions, answers = page.select(QUESTION), page.select(ANSWER)
    assert len(questions) == len(answers) >= 4
    assert [question.find_next_sibling() for question in questions] == answers
    assert len({question["id"] for question in questions}) == len(questions)
    assert "Predict before you run" not in {title.text for title in page.select(".admonition:not(.prediction) > p")}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_of_an_answer_is_readable_before_a_prediction(open_page, server, chapter):
    page = open_page(f"{server}/{chapter}.html")
    assert page.locator(f"{QUESTION} form:visible").count() == page.locator(QUESTION).count()
    shown = page.locator(f"{ANSWER}, {ANSWER} *").evaluate_all(
        "all => all.filter(node => node.checkVisibility()).length"
    )
    assert shown == 0


@pytest.mark.parametrize("way", ["http", "disk"])
def test_a_prediction_opens_its_answer_and_no_other_and_is_kept(open_page, addresses, way):
    page = open_page(f"{addresses[way]}/convolution.html")
    question = page.locator("#predict-side-of-the-square")
    answer = page.locator(f"#predict-side-of-the-square + {ANSWER}")
    question.get_by_label("Your prediction").fill("6, then <b>8</b>")
    question.get_by_role("button", name="Keep it").click()
    for _ in range(2):
        assert page.locator(f"{ANSWER}[open]").count() == 1
        assert answer.get_by_text("Four, not six").is_visible()
        assert answer.locator(".predicted q").inner_text() == "6, then <b>8</b>"
        assert not question.get_by_label("Your prediction").is_visible()
        page.reload()
    expect(page.locator(f"{ANSWER}[open]")).to_have_count(1)
    answer.get_by_role("button", name="Predict again").click()
    assert not answer.is_visible()
    assert question.get_by_label("Your prediction").evaluate("node => node === document.activeElement")
    page.reload()
    assert not answer.is_visible()


def test_the_keyboard_is_enough_and_an_empty_prediction_is_none(open_page, server):
    page = open_page(f"{server}/pooling.html")
    question, answer = page.locator(QUESTION).first, page.locator(ANSWER).first
    question.get_by_label("Your prediction").focus()
    page.keyboard.type("   ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert not answer.is_visible()
    question.get_by_label("Your prediction").focus()
    page.keyboard.type("neither")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert answer.locator(":scope > summary").evaluate("node => node === document.activeElement")
    assert answer.get_by_text("Neither. In the middle").is_visible()


def test_a_choice_is_made_with_a_radio_button(open_page, server):
    page = open_page(f"{server}/global_pooling.html")
    question = page.locator("#predict-four-rows-into-three")
    question.get_by_role("button", name="Keep it").click()
    assert question.locator("form").is_visible()
    question.get_by_role("group", name="Your prediction").get_by_label("17").check()
    question.get_by_role("button", name="Keep it").click()
    assert page.locator(f"{ANSWER}[open] .predicted q").inner_text() == "17"


def test_it_works_where_the_browser_keeps_nothing(open_page, server):
    page = open_page("about:blank")
    page.add_init_script("""for (const name of ["getItem", "setItem", "removeItem"]) {
      const real = Storage.prototype[name];
      Storage.prototype[name] = function (key, ...rest) {
        if (key.startsWith("pooling-measured/predictions")) throw new Error("denied");
        return real.call(this, key, ...rest);
      };
    }""")
    page.goto(f"{server}/dropout.html")
    page.locator(QUESTION).first.get_by_label("Your prediction").fill("2 and 1")
    page.locator(QUESTION).first.get_by_role("button", name="Keep it").click()
    assert page.locator(ANSWER).first.get_by_text("The average stays as it was").is_visible()


def test_without_scripts_an_answer_is_a_closed_box_that_opens(open_page, server):
    page = open_page(f"{server}/invariance.html", java_script_enabled=False)
    answer = page.locator(ANSWER).first
    assert not answer.get_by_text("at 4 and 8 only").is_visible()
    answer.locator(":scope > summary").click()
    assert answer.get_by_text("at 4 and 8 only").is_visible()


def test_paper_has_every_answer(open_page, server):
    page = open_page(f"{server}/pooling.html", width=700)
    page.emulate_media(media="print")
    assert page.get_by_text("Neither. In the middle").is_visible()
    assert page.locator(f"{QUESTION} form:visible").count() == 0


def test_opened_answers_shut_nobody_out_and_fit_a_phone_by_day_and_by_night(open_page, server):
    page = open_page(f"{server}/global_pooling.html", width=375)
    for form in page.locator(f"{QUESTION} form").all():
        choice = form.locator("input").first
        if choice.count():
            choice.check()
        else:
            form.locator("textarea").fill("a guess")
        form.get_by_role("button").click()
    assert page.locator(f"{ANSWER}[open]").count() == page.locator(ANSWER).count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert faults(page) == ""
    become_dark_on_a_phone(page)
    assert faults(page, **LOOKS) == ""
