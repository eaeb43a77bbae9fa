"""Pages whose demos all run."""

from __future__ import annotations

from playwright.sync_api import Page

DEMOS = "script[type='application/vnd.jupyter.widget-view+json']"


def settle(page: Page) -> None:
    """Wait until every demo of the page is alive."""
    count = page.locator(DEMOS).count()
    page.wait_for_function(f"document.querySelectorAll('.static-widget .lm-demo').length === {count}")
