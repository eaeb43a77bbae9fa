"""Pages whose demos all run, and how wide they are."""

from __future__ import annotations

from playwright.sync_api import Page, expect

DEMOS = "script[type='application/vnd.jupyter.widget-view+json']"


def settle(page: Page) -> None:
    """Wait until every demo of the page is alive."""
    count = page.locator(DEMOS).count()
    expect(page.locator(".static-widget .lm-demo")).to_have_count(count)


def until(page: Page, condition: str) -> None:
    """Wait until JavaScript holds; Playwright's own way to wait evaluates text, which the pages' policy forbids."""
    for _ in range(800):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came true: {condition}")


def too_narrow(page: Page, widths: list[int]) -> list[int]:
    """Return those of the widths of a window in which a page is wider than it; the last one stays."""

    def wider(width: int) -> bool:
        page.set_viewport_size({"width": width, "height": 900})
        return bool(page.evaluate("document.documentElement.scrollWidth") > width)

    return [width for width in widths if wider(width)]


def become_dark_on_a_phone(page: Page) -> None:
    """Look at a page as a phone shows it at night."""
    page.set_viewport_size({"width": 375, "height": 900})
    page.emulate_media(media="screen", color_scheme="dark")
    until(page, "document.documentElement.dataset.theme === 'dark'")
    # A colour on its way to another is neither.
    until(page, "document.getAnimations().every(animation => animation.playState !== 'running')")
