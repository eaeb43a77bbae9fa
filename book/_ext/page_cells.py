"""Gives every exercise a place to write in: below its text in the chapter, and below its cell in the notebook's page.

Where Python or the editor cannot be had when the book is built, the page says so instead.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from page_python import jupyterlite, notebooks, site
from page_python.distribution import NotToBeHadError
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx_exercise.nodes import is_exercise_node

LOGGER = logging.getLogger(__name__)
FOLDER = "exercises"
SOLUTIONS = "PAGE_SOLUTIONS"  # set to 1, the pages offer to show the reference's way
NAME = re.compile(r"\w+")
STYLES = ("pictures.css", "check.css")  # of what `check` shows
WITHOUT = (
    "This copy of the book was built without Python for its pages, so the exercises are written in the notebook: "
    "its page below this chapter says how."
)
LITE_LINK = (
    '<a href="../{folder}/notebooks/index.html?path={notebook}.ipynb">Open in the browser</a>: the whole notebook, '
    "pictures and sliders included, in JupyterLite; nothing is installed.{without}"
)
WITHOUT_PACKAGE = " <code>{name}</code> needs {needs}, which no browser has: its cells stop with an error there."


def prepare(app: Sphinx, config: Config) -> None:
    """Write what the cells load into a static folder; note whether there are cells at all."""
    root, build = Path(app.srcdir), Path(app.outdir).parent
    static = build / "page_static"
    released = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((root / FOLDER).glob("*.ipynb"))}
    try:
        config.page_archives = str(site.write(static, build / "page_python"))
    except NotToBeHadError as problem:
        print(f"The book is built without cells to write in: {problem}", file=sys.stderr)  # else -q would hide it
        config.page_cells = {}
        return
    notebooks.write(released, static / site.FOLDER / "notebooks", reveal=os.environ.get(SOLUTIONS) == "1")
    templates = root.parent / "autograder" / "pages" / "templates"
    sheets = [*(templates / name for name in STYLES), root / "page_python" / "web" / "cells.css"]
    (static / site.FOLDER / "cells.css").write_text("".join(sheet.read_text("utf-8") for sheet in sheets), "utf-8")
    config.html_static_path.append(str(static))
    config.page_cells_version = version(static / site.FOLDER)
    try:
        jupyterlite.find()
        config.page_lite = True
    except NotToBeHadError as problem:
        print(f"The book is built without JupyterLite: {problem}", file=sys.stderr)
    config.page_cells = {
        name: [vars(exercise) for exercise in notebooks.exercises(notebook)] for name, notebook in released.items()
    }


def version(folder: Path) -> str:
    """Return a hash of the files that cells load: Sphinx copies static files only when it writes a page."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def cell(notebook: str, exercise: dict[str, Any], identity: str = "", title: str = "") -> str:
    """Return the place of an exercise, which the script fills."""
    more = f' id="{identity}"' if identity else ""
    more += f' data-title="{title}"' if title else ""
    more += f' data-needs="{escape(exercise["needs"])}"' if exercise["needs"] else ""
    kind = "answer" if exercise["words"] else "code"
    return f'<div data-page-cell="{kind}" data-notebook="{notebook}" data-name="{exercise["name"]}"{more}></div>'


def overview(notebook: str, exercises: list[dict[str, Any]], links: dict[str, str]) -> str:
    """Return the place of the map of a notebook's exercises."""
    entries = [{"name": one["name"], "words": one["words"], "link": links[one["name"]]} for one in exercises]
    listed = escape(json.dumps(entries))
    return f'<div data-page-cell="map" data-notebook="{notebook}" data-exercises="{listed}"></div>'


class PlaceInChapter(SphinxPostTransform):
    """Put a cell at the end of every exercise, and the map before the first one of a chapter."""

    default_priority = 100
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Find the exercises that have a cell in the notebook of the chapter's name."""
        name = self.env.docname
        found = list(self.document.findall(is_exercise_node))
        known = {one["name"]: one for one in self.config.page_cells.get(name, [])}
        if not found or not (Path(self.app.srcdir) / FOLDER / f"{name}.ipynb").is_file():
            return
        if not known:
            note = nodes.paragraph("", WITHOUT, classes=["page-cells-missing"])
            found[0].parent.insert(found[0].parent.index(found[0]), note)
            return
        links = {one: f"{FOLDER}/{name}.html#{place(one)}" for one in known}
        for node in found:
            named = [word for word in NAME.findall(node.children[0].astext()) if word in known]
            if not named:
                LOGGER.warning("an exercise whose title names no function of the notebook", location=node)
            for word in named:
                links[word] = f"#{node['ids'][0]}"
                title = f"Write {word} here" if len(named) > 1 else ""
                node.append(nodes.raw("", cell(name, known[word], title=title), format="html"))
        shown = nodes.raw("", overview(name, list(known.values()), links), format="html")
        found[0].parent.insert(found[0].parent.index(found[0]), shown)


def door(notebook: str, exercises: list[dict[str, Any]]) -> str:
    """Return the link that opens a whole notebook in JupyterLite; from disk the script says what it needs."""
    without = "".join(WITHOUT_PACKAGE.format(**one) for one in exercises if one["needs"])
    text = LITE_LINK.format(folder=jupyterlite.FOLDER, notebook=notebook, without=without)
    return f'<p data-page-cell="lite">{text}</p>'


def place(name: str) -> str:
    """Return the anchor of a cell in the page of its notebook."""
    return f"write-{name.replace('_', '-')}"


def place_in_notebook(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put a cell below every cell of a released notebook that is to be written, and the map above all."""
    folder, _, name = docname.partition("/")
    if folder != FOLDER or name not in app.config.page_cells:
        return
    exercises = app.config.page_cells[name]
    notebook, known = json.loads(source[0]), {one["name"]: one for one in exercises}
    links = {one: f"#{place(one)}" for one in known}
    cells = []
    for given in notebook["cells"]:
        cells.append(given)
        if given["id"] == "how-to-open":
            if app.config.page_lite:
                cells.append(_raw("open-in-the-browser", door(name, exercises)))
            if exercises:  # a notebook that nobody scores has none
                cells.append(_raw("map-of-cells", overview(name, exercises, links)))
        grade_id = given["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id in known:
            cells.append(_raw(place(grade_id), cell(name, known[grade_id], place(grade_id))))
    source[0] = json.dumps(notebook | {"cells": cells})


def _raw(identity: str, html: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": identity, "metadata": {}, "source": f"```{{raw}} html\n{html}\n```"}


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Load the script and the style sheet on pages that have a cell."""
    if "data-page-cell" in context.get("body", ""):
        app.add_js_file(f"{site.FOLDER}/cells.js")
        app.add_css_file(f"{site.FOLDER}/cells.css")


def write_lite(app: Sphinx, problem: Exception | None) -> None:
    """Build JupyterLite into the book that has been written."""
    if not problem and app.config.page_lite and app.builder.format == "html":
        released = sorted((Path(app.srcdir) / FOLDER).glob("*.ipynb"))
        jupyterlite.write(Path(app.outdir), Path(app.config.page_archives), released)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("page_cells", {}, "env")  # with other cells, all pages are read again
    app.add_config_value("page_archives", "", "")
    app.add_config_value("page_lite", False, "env")
    app.add_config_value("page_cells_version", "", "html")  # with other files, all are written again
    app.connect("config-inited", prepare, priority=300)  # after the notebooks have been collected
    app.connect("source-read", place_in_notebook, priority=600)  # after the page has been introduced
    app.add_post_transform(PlaceInChapter)
    app.connect("html-page-context", load)
    app.connect("build-finished", write_lite, priority=300)  # before the pages get their policies
    return {"parallel_read_safe": True, "parallel_write_safe": True}
