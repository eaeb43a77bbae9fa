"""No page of the book shuts anybody out, as far as axe can tell."""

from __future__ import annotations

import pytest
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


@pytest.mark.parametrize(("look", "options"), [(("light", 1440), AXE), (("dark", 375), AXE | LOOKS)])
def test_pages_have_no_accessibility_violation(open_page, server, pages, look, options):
    scheme, width = look
    found = {}
    for name in pages:
        page = open_page(f"{server}/{name}", width=width, scheme=scheme)
        settle(page)
        result = Axe().run(page, options=options)
        if result.violations_count:
            found[name] = result.generate_report()
        page.close()
    assert not found, "\n".join(f"{name}\n{report}" for name, report in found.items())
