"""What a page weighs: every file that the browser loads for it, compressed by gzip."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Page


def weigh(page: Page, path: Path) -> float:
    """Open a built page from disk and return its weight in KB (1024 bytes)."""
    loaded: set[Path] = set()

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "file":
            loaded.add(Path(unquote(parts.path)))

    page.on("request", lambda request: note(request.url))
    page.goto(path.as_uri(), wait_until="networkidle")
    return sum(len(gzip.compress(file.read_bytes())) for file in loaded) / 1024
