"""Pages of the book: silent, self-sufficient, found by search and by links; see also ``test_every_page``."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from benchmarks.page_weight import weigh
from tests.browser.settled import DEMOS, settle, too_narrow, until

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("way", "widths"), [("http", [375, 1440]), ("sub path", [1024])])
def test_a_page_of_each_kind_is_alive_however_it_is_reached(open_page, addresses, of_each_kind, way, widths):
    page = open_page("about:blank")
    for name in of_each_kind:
        page.goto(f"{addresses[way]}/{name}")
        settle(page)
        assert too_narrow(page, widths) == [], name


def test_every_picture_says_what_it_shows(book, pages):
    for name in pages:
        article = BeautifulSoup((book / name).read_text("utf-8"), "html.parser").find("article")
        for picture in article.select("img, svg, [role=img]") if article else []:
            if picture.find_parent(attrs={"role": "img"}) or picture.find_parent("button"):
                assert picture.get("aria-hidden") == "true", (name, picture)
                continue  # a part of what has words as a whole
            words = picture.get("alt") or picture.get("aria-label") or ""
            assert len(words) > 30, (name, words)
            assert not words.endswith((".png", ".svg")), (name, words)


def test_a_page_with_a_demo_weighs_a_megabyte_at_most(browser, book, with_demos):
    for name in with_demos:
        page = browser.new_page()
        assert 50 < weigh(page, book / name) <= 1024, name
        page.close()


def test_there_is_one_way_to_search(open_page, server):
    page = open_page(f"{server}/pooling.html")
    assert page.locator("input[type=search]:visible, .search-button-field:visible").count() == 1


@pytest.mark.parametrize("way", ["http", "disk"])
def test_a_word_typed_into_the_search_leads_to_its_page(open_page, addresses, way):
    page = open_page(f"{addresses[way]}/dropout.html")
    page.keyboard.press("Control+k")
    page.locator("input[type=search]:focus").fill("receptive field")
    page.keyboard.press("Enter")
    found = page.locator("#search-results li a", has_text="Convolution").first
    found.click()
    page.wait_for_url("**/convolution.html*")
    page.get_by_role("heading", name="Convolution", exact=False).first.wait_for()


def test_no_line_begins_with_the_mark_after_a_formula(book, pages):
    for name in pages:
        for formula in BeautifulSoup((book / name).read_text("utf-8"), "html.parser").select("article math"):
            if str(formula.next_sibling)[:1] in {",", ".", ";", ":", ")"}:
                assert formula.parent.get("class") == ["unbroken"], (name, formula.parent)


def test_everything_that_can_be_downloaded_is_there(book, pages):
    for name in pages:
        links = BeautifulSoup((book / name).read_text("utf-8"), "html.parser").select(
            "a.reference.download, a.btn-download-source-button"
        )
        for link in links:
            assert (book / name).parent.joinpath(link["href"]).is_file(), (name, link["href"])


def test_the_released_notebook_is_downloaded_as_it_is(open_page, server):
    page = open_page(f"{server}/exercises/pooling.html")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download pooling.ipynb").click()
    released = ROOT / "exercises" / "pooling" / "pooling.ipynb"
    assert Path(download.value.path()).read_bytes() == released.read_bytes()


def test_a_plain_picture_stands_in_for_every_demo_without_javascript(open_page, server, with_demos):
    page = open_page("about:blank", java_script_enabled=False)
    for name in with_demos:
        page.goto(f"{server}/{name}")
        pictures = page.locator(".demo-picture")
        assert pictures.count() == page.locator(DEMOS).count()
        for picture in pictures.all():
            assert picture.locator("svg").is_visible()
            assert "wherever scripts do not run" in picture.inner_text()


def test_fingers_have_room(open_page, server, with_demos):
    script = """() => [...document.querySelectorAll(".lm-demo :is(button, label, [type=number])")]
      .filter(node => node.checkVisibility() && node.getBoundingClientRect().height < 43.5)
      .map(node => node.textContent || node.ariaLabel)"""
    page = open_page("about:blank", width=375, is_mobile=True, has_touch=True)
    for name in with_demos:
        page.goto(f"{server}/{name}")
        settle(page)
        assert page.evaluate(script) == [], name


IN_VIEW = """() => {
  const top = document.querySelector("#summary h2").getBoundingClientRect().top;
  return top >= 0 && top < 300;
}"""
GROW = """async () => {
  document.querySelector("article section section").insertAdjacentHTML("beforebegin", "<div style='height: 2000px'>");
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""


def test_a_link_into_a_page_leads_there_although_demos_grow_above_until_the_reader_moves(open_page, server):
    page = open_page(f"{server}/pooling.html#summary", width=375)
    # What browsers do against growth by themselves, some of them, would hide what we do.
    page.add_style_tag(content="* { overflow-anchor: none !important; }")
    settle(page)
    until(page, IN_VIEW)
    for _ in range(2):
        page.evaluate(GROW)
        assert page.evaluate(IN_VIEW)
    page.keyboard.press("Shift")
    page.evaluate(GROW)
    assert not page.evaluate(IN_VIEW)


@pytest.mark.parametrize(("name", "inner"), [("pooling", ".lm-demo"), ("claims", ".ledger")])
def test_nothing_light_lies_under_a_demo_or_the_ledger_in_the_dark(open_page, server, name, inner):
    page = open_page(f"{server}/{name}.html", scheme="dark")
    settle(page)
    colours = page.locator(inner).first.evaluate("""node => {
      const found = [];
      for (let at = node.parentElement; at; at = at.parentElement) found.push(getComputedStyle(at).backgroundColor);
      return found;
    }""")
    for colour in colours:
        parts = [float(part) for part in colour[colour.index("(") + 1 : -1].split(",")]
        assert parts[3:] == [0] or max(parts[:3]) < 60, colours


def test_the_page_changes_its_scheme_with_the_demo(open_page, server):
    page = open_page(f"{server}/pooling.html", scheme="dark")
    settle(page)
    paper = "getComputedStyle(document.querySelector('.lm-demo')).backgroundColor"
    dark = page.evaluate(paper)
    while page.evaluate("document.documentElement.dataset.theme") != "light":
        page.locator(".theme-switch-button").first.click()
    assert page.evaluate(paper) != dark


def test_no_page_names_another_host_as_a_source(book, pages):
    for name in pages:
        html = (book / name).read_text("utf-8")
        for tag in ("src=", 'rel="stylesheet" href=', "@import"):
            assert f'{tag}"http' not in html, name
