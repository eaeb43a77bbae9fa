"""Pages whose demos all run."""

from __future__ import annotations

from playwright.sync_api import Page, expect

DEMOS = "script[type='application/vnd.jupyter.widget-view+json']"


def settle(page: Page) -> None:
    """Wait until every demo of the page is alive."""
    count = page.locator(DEMOS).count()
    expect(page.locator(".static-widget .lm-demo")).to_have_count(count, timeout=10_000)


def until(page: Page, condition: str) -> None:
    """Wait until JavaScript holds; Playwright's own way to wait evaluates text, which the pages' policy forbids."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came true: {condition}")
