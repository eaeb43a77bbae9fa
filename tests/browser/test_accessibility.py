"""No page of the book shuts anybody out, as far as axe can tell."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from tests.browser.settled import settle

# Its preloading looks for a style sheet's imports beside the page instead of beside the style sheet.
# What holds is many times as long as what does not, and is not read.
AXE = {"preload": False, "resultTypes": ["violations"]}
# What another scheme and another width can change; names, roles and order stay as they are.
LOOKS = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"],
    }
}


def faults(open_page, server, names, options, **look):
    """Return what axe reports of pages, by their names."""
    found = {}
    for name in names:
        page = open_page(f"{server}/{name}", **look)
        settle(page)
        result = Axe().run(page, options=options)
        if result.violations_count:
            found[name] = result.generate_report()
        page.close()
    return found


def test_pages_have_no_accessibility_violation(open_page, server, pages):
    assert faults(open_page, server, pages, AXE) == {}


def test_nor_has_a_page_of_each_kind_in_the_dark_on_a_phone(open_page, server, with_demos, of_each_kind):
    # Each demo has colours and widths of its own; pages of text share theirs.
    names = {*with_demos, *of_each_kind}
    assert faults(open_page, server, names, AXE | LOOKS, width=375, scheme="dark") == {}
