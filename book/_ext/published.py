"""What a book says of itself where it is published: a preview for links to it, where to find its source.

``BOOK_ADDRESS`` and ``BOOK_REPOSITORY`` are set by who publishes, as ``.github/workflows/pages.yml`` does. Without them
a page names no host, and has neither a picture for previews nor a link to edit it.
"""

from __future__ import annotations

import os
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

PICTURE = "_static/explorer.png"
LONGEST = 200


def configure(app: Sphinx, config: Config) -> None:
    """Take the address and the repository from the environment."""
    del app
    if address := os.environ.get("BOOK_ADDRESS"):
        config.html_baseurl = address.rstrip("/") + "/"
    if repository := os.environ.get("BOOK_REPOSITORY"):
        config.html_theme_options |= {
            "repository_url": repository,
            "path_to_docs": "book",
            "use_repository_button": True,
            "use_edit_page_button": True,
        }


def preview(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add to a page's head what those who link to it show: title, first words, and a picture."""
    del templatename
    said = {"og:type": "article", "og:site_name": app.config.html_title, "og:description": _words(doctree)}
    title = next(doctree.findall(nodes.title), None) if doctree else None
    said["og:title"] = title.astext() if title else app.config.html_title
    address = app.config.html_baseurl
    if address:
        said |= {"og:url": f"{address}{pagename}.html", "og:image": f"{address}{PICTURE}"}
    tags = [f'<meta property="{name}" content="{escape(text)}">' for name, text in said.items() if text]
    if said["og:description"]:
        tags.append(f'<meta name="description" content="{escape(said["og:description"])}">')
    tags.append(f'<meta name="twitter:card" content="{"summary_large_image" if address else "summary"}">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def _words(doctree: nodes.document | None) -> str:
    """Return how a page's own text begins."""
    paragraphs = doctree.findall(nodes.paragraph) if doctree else ()
    text = next((one.astext() for one in paragraphs if isinstance(one.parent, nodes.section)), "")
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", preview)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
