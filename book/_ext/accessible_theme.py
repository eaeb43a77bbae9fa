"""Mends roles in generated pages that assistive technology no longer knows."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

BIBLIOGRAPHY_ENTRY = 'role="doc-biblioentry"'  # docutils writes it; WAI-ARIA 1.3 deprecates it for list items


def mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Replace the deprecated role in the body of a page."""
    if "body" in context:
        context["body"] = context["body"].replace(BIBLIOGRAPHY_ENTRY, 'role="listitem"')


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
