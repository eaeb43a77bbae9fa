"""Lets words of the text act: a link that sets a demo of its page.

A page writes ``{set}`` with the words, the demo's module and its traits as JSON in angle brackets:
``give it a padding of 1 <pooling_explorer: {"padding": [1, 1]}>``. The link is the address of the page with the demo
set so, which also works from elsewhere; in the page the script in ``_static`` sets the demo at once.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

WRITTEN = re.compile(r"(?P<words>.+?)\s*<(?P<demo>\w+):\s*(?P<traits>\{.*\})>", re.DOTALL)


class acting(nodes.Inline, nodes.TextElement):  # type: ignore[misc]  # noqa: N801 - docutils: no types, names like tags
    """Words, the demo that they set, and the traits that it gets."""


def role(name: str, rawtext: str, text: str, lineno: int, inliner: Inliner, *_: Any) -> Any:
    """Return the words as a node, or what is wrong with them."""
    found = WRITTEN.fullmatch(text)
    try:
        traits = json.loads(found["traits"]) if found else None
    except json.JSONDecodeError:
        traits = None
    if found is None or traits is None:
        said = f"{{{name}}} needs words <demo: {{traits}}>, got {text!r}"
        return [], [inliner.reporter.error(said, line=lineno)]
    words = " ".join(found["words"].split())
    return [acting(rawtext, words, demo=found["demo"], traits=json.dumps(traits, separators=(",", ":")))], []


def visit(self: HTML5Translator, node: acting) -> None:
    """Open the link."""
    address = f"?{urlencode({node['demo']: node['traits']})}"
    self.body.append(self.starttag(node, "a", "", CLASS="acts", href=address, **{"data-acts": node["demo"]}))


def depart(self: HTML5Translator, node: acting) -> None:
    """Close it."""
    self.body.append("</a>")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_node(acting, html=(visit, depart))
    app.add_role("set", role)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
