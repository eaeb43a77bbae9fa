"""A web server and a real browser, each once for all tests here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from benchmarks import chromium
from benchmarks.page_driver import Demo
from benchmarks.serving import served
from tests.browser.networks import Trained


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a browser's test that fails once more, and have the summary count it: a machine may stand still for once."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the book at the root and again in a sub path; return the address without a slash at its end."""
    root = tmp_path_factory.mktemp("site")
    for entry in book.iterdir():
        (root / entry.name).symlink_to(entry)
    (root / "a").mkdir()
    (root / "a" / "course").symlink_to(book)
    with served(root) as address:
        yield address


@pytest.fixture(scope="session")
def pages(book: Path) -> list[str]:
    """Return the pages' paths below the book."""
    return sorted(
        path.relative_to(book).as_posix() for path in book.rglob("*.html") if "_static" not in path.parts
        and path.name != "index.html"
    )  # fmt: skip


@pytest.fixture(scope="session")
def with_demos(book: Path, pages: list[str]) -> list[str]:
    """Return those of the pages that have a demo."""
    return [name for name in pages if "vnd.jupyter.widget-view+json" in (book / name).read_text("utf-8")]


@pytest.fixture(scope="session")
def of_each_kind(pages: list[str]) -> list[str]:
    """Return a page of each kind: a chapter, the ledger, an exercise, text, sources, the search."""
    names = ["pooling.html", "claims.html", "exercises/convolution.html", "instructors.html", "references.html"]
    return [name for name in pages if name in (*names, "search.html")]


@pytest.fixture(scope="session")
def addresses(book: Path, server: str) -> dict[str, str]:
    """Return the three ways to reach the book."""
    return {"http": server, "sub path": f"{server}/a/course", "disk": book.as_uri()}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def trained() -> Trained:
    """Return the demos' trained networks."""
    return Trained()


PATIENCE = 40_000  # milliseconds: what comes is not waited for in full, and a busy machine may stand still for seconds
expect.set_options(timeout=PATIENCE)
HERE = Path(__file__).parent
Scheme = Literal["dark", "light"]
OpenPage = Callable[..., Page]
OpenDemo = Callable[[str, str], Demo]


class Pages:
    """Opens pages that must stay silent: an error in the console or a foreign request is a fault."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.kept: dict[str, Page] = {}
        self.faults: list[str] = []

    def open(self, url: str, width: int = 1440, scheme: Scheme = "light", **options: Any) -> Page:
        """Open a page in a context of its own."""
        look = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        context = self.browser.new_context(**{**look, **options})
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._watch_console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._watch_request(request.url))
        page.goto(url)
        return page

    def open_once(self, url: str) -> Page:
        """Open a page, or return it if it is open."""
        if url not in self.kept:
            self.kept[url] = self.open(url)
        return self.kept[url]

    def close(self) -> None:
        """Close them all."""
        for context in self.contexts:
            context.close()

    def _watch_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def _watch_request(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:")):
            self.faults.append(f"request to {url}")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages for one test."""
    pages = Pages(browser)
    yield pages.open
    pages.close()
    assert not pages.faults


@pytest.fixture(scope="module")
def shared_pages(browser: Browser) -> Iterator[Pages]:
    """Open pages for all tests of a file: to load one takes seconds."""
    pages = Pages(browser)
    yield pages
    pages.close()


@pytest.fixture
def open_demo(shared_pages: Pages) -> Iterator[OpenDemo]:
    """Open demos as they are at first, to which ``Reset`` takes them back: see ``test_controls``."""
    shared_pages.faults.clear()

    def open_one(url: str, title: str) -> Demo:
        demo = Demo(shared_pages.open_once(url), title)
        demo.press("Reset")
        demo.page.mouse.move(0, 0)
        demo.page.evaluate("document.activeElement.blur()")
        expect(demo.root).not_to_contain_text("computing")
        return demo

    yield open_one
    assert not shared_pages.faults
