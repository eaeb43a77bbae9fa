"""No page of the book shuts anybody out, as far as axe can tell."""

from __future__ import annotations

from tests.browser.axe import LOOKS, faults
from tests.browser.settled import settle, until


def become_dark_on_a_phone(page):
    page.set_viewport_size({"width": 375, "height": 900})
    page.emulate_media(color_scheme="dark")
    until(page, "document.documentElement.dataset.theme === 'dark'")
    # A colour on its way to another is neither.
    until(page, "document.getAnimations().every(animation => animation.playState !== 'running')")


def test_no_page_has_an_accessibility_violation_nor_has_one_of_each_kind_in_the_dark_on_a_phone(
    open_page, server, pages, with_demos, of_each_kind
):
    found = {}
    for name in pages:
        page = open_page(f"{server}/{name}")
        settle(page)
        found[name] = faults(page)
        # Each demo has colours and widths of its own; pages of text share theirs.
        if name in {*with_demos, *of_each_kind}:
            become_dark_on_a_phone(page)
            found[f"{name}, dark, on a phone"] = faults(page, **LOOKS)
        page.close()
    assert len(found) > len(pages)
    assert not any(found.values()), {name: report for name, report in found.items() if report}


def test_a_single_pale_word_among_hundreds_that_look_alike_is_found(open_page, server):
    page = open_page(f"{server}/pooling.html")
    settle(page)
    words = page.locator("article .highlight span:not(:has(*))")
    assert words.count() > 100
    words.last.evaluate("word => { word.style.color = '#ccc'; word.closest('pre').style.background = '#fff'; }")
    assert "color-contrast" in faults(page, **LOOKS)
