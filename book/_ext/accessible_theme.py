"""Mends what other extensions write into pages and assistive technology cannot use."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

MENDED = {
    'role="doc-biblioentry"': 'role="listitem"',  # docutils writes it; WAI-ARIA 1.3 deprecates it for list items
    ' id="exercise-content"': "",  # sphinx-exercise gives it to every exercise of a page
}


def mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Mend the body of a page."""
    for written, right in MENDED.items():
        if "body" in context:
            context["body"] = context["body"].replace(written, right)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
