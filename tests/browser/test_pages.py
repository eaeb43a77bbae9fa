"""Every page of the book: silent, self-sufficient, accessible, and no wider than the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

DEMOS = "script[type='application/vnd.jupyter.widget-view+json']"


@pytest.fixture(scope="session")
def pages(book: Path) -> list[str]:
    """Return the pages' paths below the book."""
    return sorted(
        path.relative_to(book).as_posix() for path in book.rglob("*.html") if "_static" not in path.parts
        and path.name != "index.html"
    )  # fmt: skip


# Its preloading looks for a style sheet's imports beside the page instead of beside the style sheet.
AXE = {"preload": False}


def settle(page) -> None:
    """Wait until every demo of the page is alive."""
    count = page.locator(DEMOS).count()
    page.wait_for_function(f"document.querySelectorAll('.static-widget .lm-demo').length === {count}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_accessibility_violation(open_page, server, pages, scheme):
    found = {}
    for name in pages:
        page = open_page(f"{server}/{name}", scheme=scheme)
        settle(page)
        result = Axe().run(page, options=AXE)
        if result.violations_count:
            found[name] = result.generate_report()
        page.close()
    assert not found, "\n".join(f"{name}\n{report}" for name, report in found.items())


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_demos_are_accessible_and_fit_by_themselves(open_page, gallery, width, theme):
    page = open_page(gallery, width=width)
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    settle(page)
    result = Axe().run(page, options=AXE)
    assert not result.violations_count, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("way", "width"), [("http", 375), ("http", 1440), ("sub path", 1440), ("disk", 375)])
def test_pages_are_alive_however_they_are_reached(open_page, addresses, pages, way, width):
    for name in pages:
        page = open_page(f"{addresses[way]}/{name}", width=width)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.close()


def test_there_is_one_way_to_search(open_page, server):
    page = open_page(f"{server}/pooling.html")
    assert page.locator("input[type=search]:visible, .search-button-field:visible").count() == 1


@pytest.mark.parametrize("way", ["http", "disk"])
def test_search_finds_a_page(open_page, addresses, way):
    page = open_page(f"{addresses[way]}/search.html?q=pooling")
    page.locator("#search-results li a").first.wait_for()


def test_the_plain_picture_stands_in_for_a_demo_without_javascript_and_on_paper(open_page, server):
    still = open_page(f"{server}/pooling.html", java_script_enabled=False)
    assert still.locator(".demo-picture svg").first.is_visible()
    page = open_page(f"{server}/pooling.html")
    settle(page)
    assert not page.locator(".demo-picture").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".demo-picture svg").first.is_visible()
    assert not page.locator(".lm-demo").first.is_visible()


def test_nothing_light_lies_under_a_demo_in_the_dark(open_page, server):
    page = open_page(f"{server}/pooling.html", scheme="dark")
    settle(page)
    colours = page.locator(".lm-demo").first.evaluate("""node => {
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
