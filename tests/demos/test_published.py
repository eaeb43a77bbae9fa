"""A published book has a preview for links and leads to its source; one that is read from disk names no host."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import published  # noqa: E402


@pytest.fixture
def page() -> nodes.document:
    document = new_document("pooling")
    words = nodes.paragraph(text='Why "pool" at all? ' + "Because it <b>helps</b>. " * 20)
    section = nodes.section(
        "", nodes.title(text="Pooling & more"), nodes.note("", nodes.paragraph(text="A hint.")), words
    )
    document += section
    return document


def head(page: nodes.document | None, address: str) -> str:
    app = SimpleNamespace(config=SimpleNamespace(html_title="Pooling, Measured", html_baseurl=address))
    context = {"metatags": "<meta before>"}
    published.preview(app, "part/pooling", "page.html", context, page)
    return context["metatags"]


def test_a_link_to_a_published_page_shows_its_title_its_first_words_and_a_picture(page):
    tags = head(page, "https://example.org/book/")
    assert '<meta property="og:title" content="Pooling &amp; more">' in tags
    assert '<meta property="og:description" content="Why &quot;pool&quot; at all? Because it &lt;b&gt;' in tags
    assert '<meta property="og:url" content="https://example.org/book/part/pooling.html">' in tags
    assert f'content="https://example.org/book/{published.PICTURE}"' in tags
    assert (BOOK / published.PICTURE).is_file()
    assert tags.startswith("<meta before>")
    assert "A hint." not in tags


@pytest.mark.parametrize("there", [True, False])
def test_a_page_without_an_address_names_no_host(page, there):
    tags = head(page if there else None, "")
    assert "://" not in tags
    assert "og:title" in tags


@pytest.mark.parametrize("address", ["https://example.org/book", "https://example.org/book/"])
def test_who_publishes_says_where_the_book_and_its_source_are(monkeypatch, address):
    monkeypatch.setenv("BOOK_ADDRESS", address)
    monkeypatch.setenv("BOOK_REPOSITORY", "https://example.org/repository")
    config = SimpleNamespace(html_baseurl="", html_theme_options={"repository_url": ""})
    published.configure(None, config)
    assert config.html_baseurl == "https://example.org/book/"
    assert config.html_theme_options["repository_url"] == "https://example.org/repository"
    assert config.html_theme_options["use_edit_page_button"] is True
    assert (BOOK.parent / config.html_theme_options["path_to_docs"]).is_dir()


def test_nothing_is_said_where_nobody_publishes(monkeypatch):
    monkeypatch.delenv("BOOK_ADDRESS", raising=False)
    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    config = SimpleNamespace(html_baseurl="", html_theme_options={"repository_url": ""})
    published.configure(None, config)
    assert vars(config) == {"html_baseurl": "", "html_theme_options": {"repository_url": ""}}
