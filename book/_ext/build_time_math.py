"""Typesets mathematics as MathML while building, so that no script has to be fetched to read it.

Fences and roots stretch only with a mathematical font, which many systems lack; the part of STIX Two Math
(SIL Open Font License, from the ziamath package) that formulas need goes into the book as a style sheet.
"""

from __future__ import annotations

import re
from base64 import b64encode
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path

from docutils import nodes
from fontTools import subset
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

LOGGER = logging.getLogger(__name__)
LETTERS = (range(0x20, 0x7F), range(0x391, 0x3CA), range(0x1D434, 0x1D468), range(0x1D6E2, 0x1D71C))
SYMBOLS = "ℎ±×÷·…−≤≥≠≈∼∝∈∉⊂∪∩∞∂∇∑∏∫√⌊⌋⌈⌉⟨⟩‖∣→←↦⇒∘⋆∗⊗⊙⋅⋯⋮⋱⊤𝔼ℝℤℕ𝟙ℒ′ˆ¯˜̂‾⏟⏞∀∃∧∨ℓ"
OPENING = re.compile(r"(?<!\\)\{|\\begin\b|\\left\b")
CLOSING = re.compile(r"(?<!\\)\}|\\end\b|\\right\b")
STYLE = """\
@font-face {{ font-family: "Book Math"; src: url(data:font/woff;base64,{font}) format("woff"); }}
math {{ font-family: "Book Math", math; }}
"""


def to_mathml(latex: str, display: str, node: nodes.Node) -> str:
    """Convert LaTeX to MathML; warn of a command that the converter does not know."""
    aligned = latex.replace("{aligned}", "{split}")  # the converter's name for the same environment
    aligned = re.sub(r"\\arg\b", r"\\operatorname{arg}", aligned)  # which it does not know
    if r"\\" in aligned and r"\begin" not in aligned:  # bare lines, as Sphinx's own renderers take them
        aligned = rf"\begin{{split}}{aligned}\end{{split}}"
    mathml = convert(aligned, display=display)
    if unknown := re.search(r">(\\[A-Za-z]+)<", mathml):
        LOGGER.warning("unknown LaTeX command %s", unknown[1], location=node)
    return mathml


def side_by_side(latex: str) -> list[str]:
    r"""Split at ``\qquad`` outside of groups, so that a narrow page can break the line there."""
    if r"\\" in latex and r"\begin" not in latex:
        return [latex]
    formulas = [""]
    for piece in latex.split(r"\qquad"):
        formulas[-1] += piece
        if len(OPENING.findall(formulas[-1])) == len(CLOSING.findall(formulas[-1])):
            formulas.append("")
        else:
            formulas[-1] += r"\qquad"
    return [formula for formula in formulas if formula.strip()]


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line.

    A single letter that heads a column is written as text: accessibility checkers take a header without text as empty.
    """
    latex, cell = node.astext(), node.parent.parent
    alone = isinstance(cell, nodes.entry) and isinstance(cell.parent.parent, nodes.thead)
    self.body.append(f"<i>{latex}</i>" if alone and len(latex) == 1 else to_mathml(latex, "inline", node))
    raise nodes.SkipNode


class KeepPunctuation(SphinxPostTransform):
    """Keep a formula and the punctuation mark after it on one line; browsers would break the line between them."""

    default_priority = 400
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Wrap formula and mark in an element within which no line is broken."""
        for node in list(self.document.findall(nodes.math)):
            index = node.parent.index(node)
            after = node.parent[index + 1] if index + 1 < len(node.parent) else ""
            if isinstance(after, nodes.Text) and (marks := re.match(r"[^\w\s([]+", after)):
                kept = nodes.inline("", "", node.deepcopy(), nodes.Text(marks[0]), classes=["unbroken"])
                node.parent[index : index + 2] = [kept, nodes.Text(after[marks.end() :])]


def visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line, with its number if it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math display"))
    formulas = "".join(to_mathml(latex, "block", node) for latex in side_by_side(node.astext()))
    self.body.append(f'<div class="formulas">{formulas}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>")
    raise nodes.SkipNode


def font_subset() -> bytes:
    """Return the font reduced to the characters of formulas, as WOFF."""
    options = subset.Options(flavor="woff", layout_features=["*"])
    with as_file(files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf") as path:
        font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes={code for letters in LETTERS for code in letters} | set(map(ord, SYMBOLS)))
    subsetter.subset(font)
    stream = BytesIO()
    subset.save_font(font, stream, options)
    return stream.getvalue()


def write_style(app: Sphinx, config: Config) -> None:
    """Write the style sheet once into a static folder of the build."""
    folder = Path(app.outdir).parent / "math_static"
    sheet = folder / "book-math.css"
    if not sheet.exists():
        folder.mkdir(parents=True, exist_ok=True)
        sheet.write_text(STYLE.format(font=b64encode(font_subset()).decode()), "utf-8")
    config.html_static_path.append(str(folder))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    app.add_css_file("book-math.css")
    app.add_post_transform(KeepPunctuation)
    app.connect("config-inited", write_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
