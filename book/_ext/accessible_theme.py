"""Mends what the theme's pages lack for assistive technology and for reading from disk."""

from __future__ import annotations

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    return {"parallel_read_safe": True, "parallel_write_safe": True}
