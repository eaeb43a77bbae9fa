"""Lets a page ask for a prediction and keep its answer closed until the reader has made one.

A page writes the question as ``{predict} name``, with ``:choices:`` if there are few possible answers; then cells,
figures and prose that tell what comes out; then ``{answered}``. The style sheet and script in ``_static`` do the rest
in the page; where scripts do not run, the answer is an ordinary closed box.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

LOGGER = logging.getLogger(__name__)
QUESTION = "prediction"  # the class of a question
TITLE = "Predict before you run"


class answer(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 - docutils: no types, names like tags
    """What comes out: everything between a question and its ``{answered}``."""


class answered(nodes.Invisible, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Where an answer ends; gone once the answer is put together."""


def several(argument: str) -> list[str]:
    """Split the choices at semicolons.

    >>> several("16; 48")
    ['16', '48']
    """
    return [choice.strip() for choice in argument.split(";")]


class Predict(SphinxDirective):
    """A question to which the reader is to predict the answer; its name keeps the prediction from visit to visit."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"choices": several}

    def run(self) -> list[nodes.Node]:
        """Return an admonition with the question and its choices."""
        identity = directives.class_option(self.arguments[0])[0]
        question = nodes.admonition("", classes=["tip", QUESTION], ids=[f"predict-{identity}"])
        question += nodes.title(TITLE, TITLE)
        self.state.nested_parse(self.content, self.content_offset, question)
        if choices := self.options.get("choices"):
            listed = [nodes.list_item("", nodes.paragraph(choice, choice)) for choice in choices]
            question += nodes.bullet_list("", *listed, classes=["choices"])
        self.set_source_info(question)
        return [question]


class Answered(SphinxDirective):
    """The end of the answer to the question before."""

    def run(self) -> list[nodes.Node]:
        """Return a mark for the transform."""
        mark = answered()
        self.set_source_info(mark)
        return [mark]


class PutAnswersTogether(SphinxTransform):
    """Move what stands between a question and the end of its answer into one node."""

    default_priority = 200

    def apply(self, **_: object) -> None:
        """Warn of a question without an end in its section, of an end without a question, and of an empty answer."""
        for question in [found for found in self.document.findall(nodes.admonition) if QUESTION in found["classes"]]:
            rest = question.parent.children[question.parent.index(question) + 1 :]
            ends = [node for node in rest if isinstance(node, answered)]
            between = rest[: rest.index(ends[0])] if ends else []
            if not between or any(QUESTION in node.get("classes", []) for node in between):
                LOGGER.warning("a prediction needs an answer and {answered} in its section", location=question)
                continue
            box = answer()
            question.parent.insert(question.parent.index(question) + 1, box)
            for node in between:
                question.parent.remove(node)
                box += node
            question.parent.remove(ends[0])
        for mark in list(self.document.findall(answered)):
            LOGGER.warning("{answered} without a prediction before it in its section", location=mark)
            mark.parent.remove(mark)


def visit(self: HTML5Translator, node: answer) -> None:
    """Open the box."""
    self.body.append('<details class="answer"><summary>The answer</summary>\n')


def depart(self: HTML5Translator, node: answer) -> None:
    """Close the box."""
    self.body.append("</details>\n")


def count(app: Sphinx, env: BuildEnvironment) -> None:
    """Count the questions of the whole book, so that every page can say how many of them a reader has answered."""
    env.questions = sum(  # type: ignore[attr-defined]
        QUESTION in node["classes"]
        for name in env.found_docs
        for node in env.get_doctree(name).findall(nodes.admonition)
    )


def tell(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Give the number to the template of the sidebar."""
    context["questions"] = app.env.questions  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_node(answer, html=(visit, depart))
    app.add_directive("predict", Predict)
    app.add_directive("answered", Answered)
    app.add_transform(PutAnswersTogether)
    app.connect("env-updated", count)
    app.connect("html-page-context", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
