"""Makes each released notebook a page below the chapter of the same name.

The notebooks stay where nbgrader puts them; the build copies them into ``book/exercises`` (ignored by git)
and extends the table of contents, so a chapter whose exercises are not released yet still builds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config

FOLDER = "exercises"

INTRODUCTION = """\
:::{{note}}
This is the notebook to complete, as it is handed out: nothing in it has been run yet.
{{download}}`Download {name}.ipynb <{name}.ipynb>`, or open it where the course is installed: type `make lab` in the
course's folder and choose `exercises/{name}/{name}.ipynb` in JupyterLab's file browser.
:::"""


def collect(root: Path) -> list[str]:
    """Copy the released notebooks below ``root``, drop stale copies, and return their names."""
    target = root / FOLDER
    released = {path.stem: path for path in (root.parent / FOLDER).glob("*/*.ipynb") if path.parent.name == path.stem}
    for stale in target.glob("*.ipynb"):
        if stale.stem not in released:
            stale.unlink()
    for path in released.values():
        copy, content = target / path.name, path.read_bytes()
        if not copy.exists() or copy.read_bytes() != content:
            target.mkdir(exist_ok=True)
            copy.write_bytes(content)
    return sorted(released)


def extend(toc: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return the table of contents with a notebook below every chapter that has one."""
    chapters = [
        {**entry, "sections": [*entry.get("sections", []), {"file": f"{FOLDER}/{entry['file']}"}]}
        if entry.get("file") in names
        else entry
        for entry in toc.get("chapters", [])
    ]
    return {**toc, "chapters": chapters}


def prepare(app: Sphinx, config: Config) -> None:
    """Write the extended table of contents where sphinx-external-toc will read it."""
    root = Path(app.srcdir)
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    extended = Path(app.outdir).parent / "_toc.yml"
    extended.parent.mkdir(parents=True, exist_ok=True)
    extended.write_text(yaml.safe_dump(extend(toc, collect(root)), sort_keys=False), "utf-8")
    config.external_toc_path = str(extended)


def introduce(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say below the title of a notebook's page what it is and how to open it; the file stays as released."""
    if not docname.startswith(f"{FOLDER}/"):
        return
    name = docname.removeprefix(f"{FOLDER}/")
    notebook = json.loads(source[0])
    cells = notebook["cells"]
    if not "".join(cells[0]["source"]).startswith("# "):  # a page needs a title
        cells.insert(0, markdown("title", f"# The notebook: {name.replace('_', ' ')}"))
    cells[0]["source"] = f"(notebook-{name})=\n" + "".join(cells[0]["source"])
    cells.insert(1, markdown("how-to-open", INTRODUCTION.format(name=name)))
    source[0] = json.dumps(notebook)


def markdown(name: str, text: str) -> dict[str, Any]:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", prepare, priority=200)  # sphinx-external-toc reads at 900
    app.connect("source-read", introduce)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
