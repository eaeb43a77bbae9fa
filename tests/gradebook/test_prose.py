"""What a student writes reaches who reads it as it was written, and is text and nothing else."""

import random

import bs4
import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from autograder.gradebook.prose import ASKED, fenced, harmless

PARTS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![p](https://e.example)",
    "[b]: javascript:alert(1)", "[b]", "<!--", "-->", "<svg/onload=alert(1)>", "<div>\n", "</div>", "a<b", "&lt;", "&",
    "`", "``", "```", "~~~", "```mermaid", "$", "$$", "\\\\(", "\\\\)", "\\\\[", "\\\\]", "\\begin{a}", "\\end{a}",
    "\n", "\n\n", "\n    ", "\n\t", "\n- ", "\n> ", "|--|--|", '"', "*", "_", "# ", "https://e.example/?a=1&b=<b>",
    "a", " ", "\\",
)  # fmt: skip
TAGS = {
    "p", "code", "pre", "span", "div", "em", "strong", "a", "h1", "h2", "ul", "ol", "li", "blockquote", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td", "del", "dl", "dt", "dd", "input",
}  # fmt: skip
ATTRIBUTES = {"class", "id", "href", "style", "type", "disabled", "checked", "start"}
ADDRESSES = ("#", "http://", "https://")


def page(text):
    return bs4.BeautifulSoup(markdown2html_mistune(text), "html.parser")


def acting(found):
    """Return everything on a page that is more than text."""
    for tag in found.find_all(True):
        known = tag.name in TAGS and {*tag.attrs} <= ATTRIBUTES
        if not known or not tag.get("href", "#").startswith(ADDRESSES):
            yield tag
    yield from found.find_all(string=lambda text: isinstance(text, bs4.Comment))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("$i<n$ and $0<p\\le k/2$", "$i<n$ and $0<p\\le k/2$"),
        ("$$\na<b \\\\ c&d<e\n$$", "$$\na<b \\\\ c&d<e\n$$"),
        ("\\\\(i<n\\\\) and \\\\[a<b\\\\]", "$i<n$ and $$a<b$$"),
        ("\\(i<n\\) and \\[a<b\\]", "(i<n) and [a<b]"),
        ("\\begin{align}a&<b\\\\c&=d\\end{align}", "\\begin{align}a&<b\\\\c&=d\\end{align}"),
        ("`a<b`, ``x`<y``, `f[i](x)`, `&lt;`", "a<b, x`<y, f[i](x), &lt;"),
        ("```python\nif i<n: out[i] = f[i](x)\n```", "if i<n: out[i] = f[i](x)\n"),
        ("~~~\na<b && c\n~~~", "a<b && c\n"),
        ("so\n\n    if a<b: f[i](x)\n", "so\nif a<b: f[i](x)"),
        ("- one\n\n  ```\n  x<y\n  ```", "one\nx<y"),
        ("> $a<b$\n> `x<y`", "$a<b$\nx<y"),
        ("| a | b |\n|--|--|\n| `x<y` | $a<b$ |", "a\nb\nx<y\n$a<b$"),
        ("a<b and c>d, x<y>z; f[i](x)", "a<b and c>d, x<y>z; f[i](x)"),
        ("<b>bold</b> beside `x<y` and $a<b$", "<b>bold</b> beside x<y and $a<b$"),
        ("<script>alert(1)</script> `<script>` $<script>$", "<script>alert(1)</script> <script> $<script>$"),
        ("costs $5, a<b, `c<d`", "costs $5, a<b, c<d"),
        ("[here](javascript:alert(1)) `a<b`", "[here](javascript:alert(1)) a<b"),
        ("[a\\](javascript:alert(1)) `a<b`", "[a](javascript:alert(1)) a<b"),
    ],
)
def test_formulas_code_and_prose_are_shown_as_written(written, shown):
    found = page(harmless(written))
    assert not list(acting(found))
    lines = [line for line in found.get_text().splitlines() if line.strip()]
    assert lines == [line for line in shown.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "written", ["a < b <= c", "no markup, [1], x: y", "$a$ `b` **c**", "", "# Answer\n\n1. one\n2. two"]
)
def test_what_cannot_act_is_not_touched(written):
    assert harmless(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "```mermaid\n<script>alert(1)</script>\n```",
        "``` mermaid\n<img src=x onerror=alert(1)>\n```",
        "\\`<img src=x onerror=alert(1)>\\`",
        "`a\n\n<img src=x onerror=alert(1)>`",
        "$a\n\n<img src=x onerror=alert(1)>$",
        "text\n    <img src=x onerror=alert(1)>",
        "- item\n\n    <img src=x onerror=alert(1)>",
        "<div>\n`</div><script>alert(1)</script>`",
        "x <!-- `-->` <script>alert(1)</script>",
        "\\$`<b>`\\$ <https://e.example>",
        "[b]: javascript:alert(1)\n\n`[b]` [b]",
        "![p](attachment:p.png) ![p](https://e.example/p.png)",
        "# $<img src=x onerror=alert(1)>$",
    ],
)
def test_hostile_text_stays_text(written):
    assert not list(acting(page(harmless(written))))


def test_no_mixture_of_hostile_parts_acts():
    rng = random.Random(11)
    for _ in range(600):
        written = "".join(rng.choices(PARTS, k=rng.randint(2, 14)))
        found = page(harmless(written))
        assert not list(acting(found)), written


def test_two_harmless_texts_are_made_harmless_together():
    one, two = harmless("```\nopen"), harmless("```\n<img src=x onerror=alert(1)>")
    assert "<img" in two
    assert not list(acting(page(harmless(f"{one}\n\n{two}"))))


@pytest.mark.parametrize("written", ["a`b", "```\nx\n````", "<script>\n```\n</script>"])
def test_a_fence_holds_whatever_stands_in_it(written):
    found = page(fenced(written))
    assert not list(acting(found))
    assert found.get_text().strip() == written


@pytest.mark.parametrize("written", ["\\\\[" * 30_000, "<b>" * 30_000, "`<b " * (ASKED // 4), "$<b" * (ASKED // 3)])
def test_a_text_without_measure_is_harmless_all_the_same(written):
    assert not list(acting(page(harmless(written))))
