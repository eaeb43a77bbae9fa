"""A student's Markdown made harmless: it is shown as HTML in the instructor's session, and must not act there.

Tags stay visible as text, and so do links, which may hold a script, and pictures, which tell elsewhere that
somebody looks. Formulas and code stay as they are written, since nbconvert shows them as text by itself; whether
it does so here, nbconvert's own parser is asked. Formulas are left to MathJax's safe mode, which nbgrader's pages
ask for.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# nbconvert's parser can take a time that grows with the square of a text's length; no answer is that long, and
# none begins that many formulas that it does not end.
ASKED = 20_000
MOST_BEGUN = 200
BEGUN = re.compile(r"\\\\[\[(]|\\begin\{")
FENCE = r"(?ms:^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[ \t]*$|\Z))"
CODE = r"(?s:(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`))"
INDENTED = r"(?:(?:\A|(?<=\n\n))(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+)"
MATH = (
    r"(?s:(?<!\\)\$\$.+?(?<!\\)\$\$"
    r"|\\\\\[.*?\\\\\]|\\\\\(.*?\\\\\)"
    r"|\\begin\{(?P<environment>[a-z]*\*?)\}.*?\\end\{(?P=environment)\}"
    r"|(?<![$\\])\$(?:(?!\n[ \t]*\n).)+?(?<![$\\])\$)"
)
# What is left as it is, from everything that may be to what certainly may.
PARTS = ((FENCE, INDENTED, CODE, MATH), (FENCE, CODE, MATH), (FENCE, CODE), (MATH,))
KEPT = tuple(re.compile("|".join(parts)) for parts in PARTS)
TAG = re.compile(r"<(?=[A-Za-z/!?])")
LINK = re.compile(r"\]([(:])")
ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)


class ActiveError(ValueError):
    """A text would be more than text in a browser."""


class _Inspector(IPythonRenderer):
    """Renders as nbconvert does, but refuses whatever would act, and pictures from other ``addresses``."""

    def __init__(self, addresses: Collection[str]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.addresses = addresses

    def block_html(self, html: str) -> str:
        raise ActiveError(html)

    def inline_html(self, html: str) -> str:
        raise ActiveError(html)

    def block_code(self, code: str, info: str | None = None) -> str:
        # This language nbconvert gives to the browser as it is; it colours all others.
        if info and info.startswith("mermaid"):
            raise ActiveError(code)
        return ""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url not in self.addresses:
            raise ActiveError(url)
        return text

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # A bare address is a link for nbconvert, too: it leads where it says, and only who follows it.
        if title is not None or not ELSEWHERE.match(url) or unquote(unescape(url)) != unquote(unescape(text)):
            raise ActiveError(url)
        return text


def harmless(text: str, pictures: Collection[str] = ()) -> str:
    """Return Markdown that shows a student's text and does nothing else; ``pictures`` in it are the grader's own.

    >>> harmless('Since $a<b$: <script>alert(1)</script>')
    'Since $a<b$: &lt;script>alert(1)&lt;/script>'
    >>> harmless("[here](javascript:alert(1)), but `f[i](x)`")
    '[here]&#40;javascript:alert(1)), but `f[i](x)`'
    """
    if len(BEGUN.findall(text)) > MOST_BEGUN:
        return fenced(text)
    cleaned = _cleaned(text, pictures)
    if cleaned == text or len(text) > ASKED:
        return cleaned
    for kept in KEPT:
        partly = _cleaned(text, pictures, kept)
        if partly == cleaned or _is_text(partly, pictures):
            return partly
    return cleaned


def fenced(text: str) -> str:
    """Return Markdown that shows a text as it is, in the type of code."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _cleaned(text: str, pictures: Collection[str], kept: re.Pattern[str] | None = None) -> str:
    """Return text without what would act, but for the parts that ``kept`` finds."""
    pieces, end = [], 0
    for part in kept.finditer(text) if kept else ():
        pieces += [_plain(text[end : part.start()], pictures), part[0]]
        end = part.end()
    return "".join([*pieces, _plain(text[end:], pictures)])


def _plain(text: str, pictures: Collection[str]) -> str:
    """Return prose whose tags and links are text."""
    text = TAG.sub("&lt;", text)

    def linked(found: re.Match[str]) -> str:
        if any(text.startswith(f"({name})", found.start(1)) for name in pictures):
            return found[0]
        return f"]&#{ord(found[1])};"

    return LINK.sub(linked, text)


def _is_text(text: str, pictures: Collection[str]) -> bool:
    """Whether nbconvert shows Markdown as text and nothing else."""
    try:
        MarkdownWithMath(renderer=_Inspector(pictures)).parse(text)
    except ActiveError:
        return False
    return True
