"""A page built by Sphinx alone, with the book's own extensions."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from sphinx.testing.util import SphinxTestApp

BOOK = Path(__file__).resolve().parents[2] / "book"


def built(folder: Path, page: str, *extensions: str) -> tuple[str, str]:
    """Build a page in an empty folder; return its HTML and the warnings."""
    config = f"""
import sys
sys.path.insert(0, {str(BOOK / "_ext")!r})
extensions = ["myst_parser", *{extensions!r}]
myst_enable_extensions = ["colon_fence"]
"""
    (folder / "conf.py").write_text(config, "utf-8")
    (folder / "index.md").write_text(f"# A page\n\n{page}\n", "utf-8")
    warnings = StringIO()
    app = SphinxTestApp("html", srcdir=folder, warning=warnings, freshenv=True)
    app.build()
    app.cleanup()
    return (folder / "_build" / "html" / "index.html").read_text("utf-8"), warnings.getvalue()
