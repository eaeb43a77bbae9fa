"""Every page of the book, loaded once, from disk: alive, no wider than the window, open to all, whole on paper."""

from __future__ import annotations

from tests.browser.axe import LOOKS, Seen, faults
from tests.browser.settled import DEMOS, become_dark_on_a_phone, settle, too_narrow

WIDER_THAN_ITS_BOX = """() => [...document.querySelectorAll(".bd-article *:not(svg *, math *)")]
  .filter(node => node.checkVisibility() && getComputedStyle(node).overflowX !== "visible"
    && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1 && !node.closest(".demo-picture"))
  .map(node => node.className || node.tagName)"""

GIVEN_TWICE = """() => {
  const names = [...document.querySelectorAll("article [id]:not(math *)")].map(node => node.id);
  return names.filter((name, i) => names.indexOf(name) !== i);
}"""


def test_every_page_fits_and_shuts_nobody_out_and_one_of_each_kind_in_the_dark_and_on_paper(
    open_page, addresses, pages, with_demos, of_each_kind
):
    found = {}
    seen = Seen()
    page = open_page("about:blank")
    for name in pages:
        page.emulate_media(media="screen", color_scheme="light")
        page.set_viewport_size({"width": 375, "height": 900})
        page.goto(f"{addresses['disk']}/{name}")
        settle(page)
        found[name, "too narrow for it"] = too_narrow(page, [375, 768, 1440])
        found[name, "axe"] = faults(page, seen)
        found[name, "names given twice"] = page.evaluate(GIVEN_TWICE)
        # Each demo has colours and widths of its own; pages of text share theirs.
        if name in {*with_demos, *of_each_kind}:
            become_paper(page)
            found[name, "demos on paper"] = on_paper(page)
            become_dark_on_a_phone(page)
            found[name, "axe, dark, on a phone"] = faults(page, seen, **LOOKS)
    assert len(found) > 2 * len(pages)
    assert not any(found.values()), {what: said for what, said in found.items() if said}


def become_paper(page):
    page.set_viewport_size({"width": 700, "height": 900})  # about what A4 leaves between its margins
    page.emulate_media(media="print")


def on_paper(page):
    """Return what is wrong on paper: what is cut, and a demo where a picture should stand in."""
    pictures = page.locator(".demo-picture")
    wrong = page.evaluate(WIDER_THAN_ITS_BOX)
    wrong += pictures.evaluate_all("all => all.filter(p => p.scrollWidth > p.clientWidth).map(p => p.innerText)")
    if page.locator(".lm-demo:visible").count():
        wrong.append("a demo")
    if page.locator(".demo-picture:visible").count() != page.locator(DEMOS).count():
        wrong.append("not a picture for each demo")
    return wrong


def test_a_single_pale_word_among_hundreds_that_look_alike_is_found(open_page, server):
    page = open_page(f"{server}/pooling.html")
    settle(page)
    words = page.locator("article p code span:visible")
    assert words.count() > 20
    seen = Seen()
    assert faults(page, seen, **LOOKS) == ""
    words.last.evaluate("word => { word.style.color = '#ccc'; }")
    assert "color-contrast" in faults(page, seen, **LOOKS)
