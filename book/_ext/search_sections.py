"""Lets the search find sections: writes down which words each section of each page has, for the script in ``_static``.

Sphinx's own index knows pages only, so that a result opens at the top of a long page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

FILE = "sections.js"
WITHOUT_WORDS = (nodes.comment, nodes.raw, nodes.math, nodes.math_block)


def titled(node: nodes.Node) -> bool:
    """Say whether a node is a section that readers take for one: the exercises are sections without a title."""
    return isinstance(node, nodes.section) and isinstance(node.next_node(), nodes.title)


def words(node: nodes.Node) -> Iterator[str]:
    """Yield the texts of a section without those of the sections within it.

    >>> inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph("", "inner"), ids=["b"])
    >>> list(words(nodes.section("", nodes.title("", "Pools"), nodes.paragraph("", "two words"), inner, ids=["a"])))
    ['Pools', 'two words']
    """
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif not titled(child) and not isinstance(child, WITHOUT_WORDS):
            yield from words(child)


def sections(document: nodes.document) -> list[list[str]]:
    """Return the anchor, the title and the stems of each section; that of the page itself has no anchor."""
    language = SearchEnglish({})
    found = []
    for section in document.findall(titled):
        split = (word for text in words(section) for word in language.split(text))
        stems = {language.stem(word.lower()) for word in split if language.word_filter(word.lower())}
        anchor = "" if section.parent is document else section["ids"][0]
        found.append([anchor, section.next_node(nodes.title).astext(), " ".join(sorted(stems))])
    return found


def write(app: Sphinx, problem: Exception | None) -> None:
    """Write the sections of all pages beside the other static files."""
    if problem or app.builder.format != "html":
        return
    found = {name: sections(app.env.get_doctree(name)) for name in sorted(app.env.found_docs)}
    path = Path(app.outdir) / "_static" / FILE
    path.write_text(f"const SECTIONS = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n", "utf-8")


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Load them in the page of search results, and there alone."""
    if pagename == "search":
        app.add_js_file(FILE)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", write)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
