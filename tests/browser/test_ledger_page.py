"""The ledger in a real browser, from disk: filtered by mouse and keyboard, readable where no script runs."""

import re
from collections import Counter

import pytest
from experiments.ledger import CLAIMS, decide
from experiments.ledger.page import overview, surprising
from experiments.ledger.page import page as fragment
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.settled import until

SHELL = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ledger</title>'
    '<meta name="viewport" content="width=device-width"></head><body><main><h1>Ledger</h1>{}</main></body></html>'
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "claims.html"
    path.write_text(SHELL.format(overview() + surprising() + fragment()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def window(browser):
    view = browser.new_page()
    yield view
    view.close()


@pytest.fixture
def ledger(window, address):
    """The ledger as it opens: each test loads it anew, in one window, since a window costs more than the page."""
    errors = []

    def note(error):
        errors.append(str(error))

    window.set_viewport_size({"width": 1280, "height": 720})
    window.emulate_media(media="screen")
    window.goto("about:blank")
    window.on("pageerror", note)
    window.goto(address)
    yield window
    window.remove_listener("pageerror", note)
    assert errors == []


def shown(view):
    return view.locator(".ledger-claims > tbody:visible").count()


def test_a_verdict_and_a_subject_filter_together(ledger):
    found = Counter((claim.chapter, finding.verdict) for claim, finding in decide())
    ledger.get_by_label("Verdict").select_option("false")
    ledger.get_by_label("Subject").select_option("pooling")
    assert shown(ledger) == found["pooling", "false"] > 0
    assert ledger.locator("output").inner_text() == f"{shown(ledger)} of {len(CLAIMS)} claims"


def test_words_are_found_wherever_they_stand_in_a_row(ledger):
    ledger.get_by_role("searchbox").fill("c057 DOUBLES")
    assert shown(ledger) == 1
    ledger.get_by_role("searchbox").fill("no such words anywhere")
    assert shown(ledger) == 0
    assert ledger.locator("output").inner_text() == "No claim matches."


def test_what_was_chosen_is_there_again_after_back_and_for_who_gets_the_address(ledger, address):
    ledger.get_by_label("Verdict").select_option("false")
    ledger.get_by_role("searchbox").fill("pool")
    chosen, kept = shown(ledger), ledger.url
    assert 0 < chosen < len(CLAIMS)
    assert "verdict=false" in kept
    ledger.goto("about:blank")
    ledger.go_back()
    until(ledger, f"document.querySelectorAll('.ledger-claims > tbody:not([hidden])').length === {chosen}")
    assert ledger.get_by_label("Verdict").input_value() == "false"
    ledger.goto("about:blank")
    ledger.goto(kept)
    assert shown(ledger) == chosen
    ledger.goto(f"{address}?verdict=perhaps")
    assert shown(ledger) == len(CLAIMS)
    assert ledger.get_by_label("Verdict").input_value() == ""


def test_only_surprises(ledger):
    surprises = sum(finding.verdict != claim.proposed for claim, finding in decide())
    ledger.get_by_label("measured otherwise").check()
    assert shown(ledger) == surprises


def test_the_keyboard_reaches_everything_and_resets(ledger):
    ledger.locator(".ledger-surprises a").last.focus()
    ledger.keyboard.press("Tab")
    ledger.keyboard.type("receptive")
    assert 0 < shown(ledger) < len(CLAIMS)
    for _ in range(4):
        ledger.keyboard.press("Tab")
    ledger.keyboard.press("Enter")
    expect(ledger.locator("output").first).to_have_text(re.compile("^110"))
    assert shown(ledger) == len(CLAIMS)


def test_enter_in_the_search_field_stays_on_the_page(ledger, address):
    ledger.get_by_role("searchbox").fill("line")
    ledger.keyboard.press("Enter")
    assert ledger.url == f"{address}?words=line"


def test_without_scripts_it_is_a_plain_table(browser, address):
    view = browser.new_context(java_script_enabled=False).new_page()
    view.goto(address)
    assert shown(view) == len(CLAIMS)
    assert not view.locator("form").is_visible()
    view.close()


@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_sticks_out_and_axe_finds_nothing(ledger, width):
    ledger.set_viewport_size({"width": width, "height": 800})
    assert ledger.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(ledger) == ""


def test_a_narrow_page_still_reads_as_a_table(ledger):
    ledger.set_viewport_size({"width": 375, "height": 800})
    claims = ledger.locator(".ledger-claims")
    assert claims.get_by_role("rowheader").count() == len(CLAIMS)
    ruled = sum(bool(finding.parts or finding.asides) for _, finding in decide())
    assert claims.locator("[role=cell]").count() == 3 * len(CLAIMS) + ruled


def test_on_a_phone_a_claim_is_short_until_it_is_unfolded(ledger):
    ledger.set_viewport_size({"width": 375, "height": 800})
    folded = ledger.evaluate("document.documentElement.scrollHeight")
    row = ledger.locator("#c043")
    more = row.get_by_role("button", name="Why")
    assert not row.locator("td").nth(1).is_visible()
    more.focus()
    ledger.keyboard.press("Enter")
    assert row.locator("td").nth(1).is_visible()
    assert more.get_attribute("aria-expanded") == "true"
    for other in ledger.locator(".ledger-more").all()[:20]:
        if other.get_attribute("aria-expanded") == "false":
            other.click()
    unfolded = ledger.evaluate("document.documentElement.scrollHeight")
    assert unfolded > folded + 20 * 100


def test_a_rule_unfolds_and_says_what_was_compared(ledger):
    for width in (1280, 375):
        ledger.set_viewport_size({"width": width, "height": 800})
        if width < 761:
            ledger.locator("#c043 .ledger-more").click()
        rule = ledger.locator("#c043 details")
        rule.locator("summary").click()
        expect(rule.get_by_text("none against max; gap, grid, random, n 300")).to_be_visible()
        assert ledger.evaluate("document.documentElement.scrollWidth") <= width
        rule.locator("summary").click()


def test_a_permalink_shows_its_claim_although_a_filter_hid_it(ledger):
    ledger.get_by_role("searchbox").fill("no such words anywhere")
    ledger.locator(".ledger-surprises a", has_text="C057").click()
    expect(ledger.locator("output").first).to_have_text(re.compile("^110"))
    assert ledger.locator("#c057").is_visible()
    assert ledger.locator("#c057").evaluate("row => row.matches(':target')")


def test_an_address_with_a_claim_opens_at_its_row(browser, address):
    view = browser.new_page(viewport={"width": 1000, "height": 800})
    view.goto(f"{address}#c043")
    top = view.locator("#c043").evaluate("row => row.getBoundingClientRect().top")
    assert 0 <= top < 200
    view.close()


def test_verdicts_differ_in_words_not_only_in_colour(ledger):
    words = ledger.locator(".ledger-claims .ledger-verdict").all_inner_texts()
    assert len(words) == len(CLAIMS)
    assert Counter(words) == Counter(finding.verdict for _, finding in decide())


def test_print_leaves_the_filter_out_and_keeps_every_claim(ledger):
    ledger.emulate_media(media="print")
    assert not ledger.locator("form").is_visible()
    assert shown(ledger) == len(CLAIMS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_enough_contrast_in_both_themes(ledger, theme):
    colours = {"light": ("#fff", "#222"), "dark": ("#121212", "#ced6dd")}[theme]
    ledger.evaluate(
        """([theme, ground, text]) => {
            document.documentElement.dataset.theme = theme;
            document.documentElement.style.cssText = `--pst-color-background: ${ground}; --pst-color-text-base: ${text};
                background: ${ground}; color: ${text}`;
            document.body.style.background = ground;
            for (const link of document.links) link.style.color = text;
        }""",
        [theme, *colours],
    )
    assert faults(ledger) == ""


def game(ledger):
    return ledger.locator(".ledger-game")


def guess(ledger, verdict):
    """Press a verdict; return the claim that was asked, and its row."""
    claim = game(ledger).locator("blockquote").inner_text()
    game(ledger).get_by_role("button", name=verdict, exact=True).click()
    return claim, ledger.locator(game(ledger).get_by_role("link", name="Its row").get_attribute("href"))


def test_a_guess_opens_the_row_s_verdict_and_is_kept(ledger):
    claim, row = guess(ledger, "true")
    assert claim in row.locator("th").inner_text()
    verdict = row.get_attribute("data-verdict")
    assert game(ledger).locator(".ledger-verdict").inner_text() == verdict
    said = "So it is" if verdict == "true" else f"You said true; it is {verdict}"
    expect(game(ledger).get_by_role("status")).to_contain_text(said)
    assert row.locator("td").nth(1).inner_text() in game(ledger).inner_text()
    ledger.keyboard.press("Enter")  # the focus is on "Another claim"
    assert game(ledger).locator("blockquote").inner_text() != claim
    ledger.reload()
    assert row.locator(".ledger-guess").inner_text() == "you said true"
    offered = sum(finding.verdict in {"true", "half-true", "depends", "false"} for _, finding in decide())
    right = int(verdict == "true")
    expect(game(ledger)).to_contain_text(f"You have guessed 1 of {offered}, {right} of them as measured.")
    game(ledger).get_by_role("button", name="Forget my guesses").click()
    assert row.locator(".ledger-guess").count() == 0
    assert game(ledger).locator("blockquote").inner_text() == claim


def test_the_game_asks_every_claim_once_and_shuts_nobody_out(ledger):
    ledger.set_viewport_size({"width": 375, "height": 800})
    asked = ledger.evaluate("""() => {
      const asked = [];
      const place = document.querySelector(".ledger-game");
      const press = (text) => [...place.querySelectorAll("button")].find((one) => one.textContent === text).click();
      while (!place.querySelector(".ledger-choices").hidden) {
        asked.push(place.querySelector("blockquote").textContent);
        press("depends");
        if (asked.length < 120) press("Another claim");
      }
      return asked;
    }""")
    assert len(set(asked)) == len(asked) > 90
    assert "You have guessed them all" in game(ledger).inner_text()
    assert faults(ledger) == ""
    game(ledger).get_by_role("button", name="Forget my guesses").click()
    assert faults(ledger) == ""
    assert ledger.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_game_is_left_out_on_paper(ledger):
    ledger.emulate_media(media="print")
    assert not game(ledger).is_visible()
