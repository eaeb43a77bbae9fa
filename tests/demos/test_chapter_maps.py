"""Every chapter says at its top how long it takes and where its sections are."""

from __future__ import annotations

import re

import pytest
from experiments.ledger.page import BOOK

CHAPTERS = ("convolution", "pooling", "global_pooling", "dropout", "invariance")
A_MINUTE = 100  # words; figures and demos take their time, too
LAST = {"What this does not show", "Summary", "Sources"}
NO_PROSE = (
    r"\A---\n.*?\n---\n",
    r"^(`{3,}|:{3,})\{(?:code-cell|math)\}.*?^\1$",
    r"^(?:[:`]{3,}[^\n]*|:[\w-]+:[^\n]*|\([\w-]+\)=)$",
)


def text(chapter: str) -> str:
    return (BOOK / f"{chapter}.md").read_text("utf-8")


def words(page: str) -> int:
    """Count what is to be read, without code and formulas that stand alone."""
    for pattern in NO_PROSE:
        page = re.sub(pattern, "", page, flags=re.DOTALL | re.MULTILINE)
    return len(page.split())


def chapter_map(page: str) -> str:
    (found,) = re.findall(r"^:::\{admonition\} What is here\n:class: chapter-map\n(.*?)^:::$", page, re.M | re.S)
    return str(found)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_says_at_its_top_how_long_it_takes_and_what_it_needs(chapter):
    page = text(chapter)
    said = chapter_map(page)
    assert page.index(said) < page.index("\n## ")
    minutes = int(re.search(r"About (\d+) minutes to read", said)[1])
    assert abs(minutes - words(page) / A_MINUTE) <= 3
    assert "You need " in said


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_its_map_leads_to_every_section(chapter):
    page = text(chapter)
    sections = re.findall(r"(?:^\(([\w-]+)\)=\n)?^## (.*)$", page, re.MULTILINE)
    linked = set(re.findall(r"<([\w-]+)>`|\{ref\}`([\w-]+)`", chapter_map(page)))
    names = {name for pair in linked for name in pair if name}
    assert [title for label, title in sections if title not in LAST and label not in names] == []
    assert len(sections) > 5
