"""Gives every link to the glossary the words that stand there, so that a page can show them without leaving it."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator


class hinted(nodes.Inline, nodes.TextElement):  # type: ignore[misc]  # noqa: N801 - docutils: no types, names like tags
    """A link to a term, with the term's definition."""


def collect(app: Sphinx, env: BuildEnvironment) -> None:
    """Note what the glossary says of each term, by its anchor."""
    env.glossary_hints = {  # type: ignore[attr-defined]
        term["ids"][0]: item.next_node(nodes.definition).next_node(nodes.paragraph).astext().replace("\n", " ")
        for name in env.found_docs
        for glossary in env.get_doctree(name).findall(addnodes.glossary)
        for item in glossary.findall(nodes.definition_list_item)
        for term in item.findall(nodes.term)
    }


class AddHints(SphinxPostTransform):
    """Wrap each resolved reference to a term."""

    default_priority = 500  # references are resolved at 10
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Look at every reference whose text is marked as a term."""
        hints = self.env.glossary_hints  # type: ignore[attr-defined]
        for link in list(self.document.findall(nodes.reference)):
            anchor = str(link.get("refid") or link.get("refuri", "")).rpartition("#")[2]
            if anchor in hints and "std-term" in link.next_node(nodes.Element).get("classes", []):
                link.replace_self(hinted("", "", link.deepcopy(), hint=hints[anchor]))


def visit(self: HTML5Translator, node: hinted) -> None:
    """Open the element that carries the definition."""
    self.body.append(self.starttag(node, "span", "", CLASS="hinted", **{"data-hint": node["hint"]}))


def depart(self: HTML5Translator, node: hinted) -> None:
    """Close it."""
    self.body.append("</span>")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_node(hinted, html=(visit, depart))
    app.connect("env-updated", collect)
    app.add_post_transform(AddHints)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
