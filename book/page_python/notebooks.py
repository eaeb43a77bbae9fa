"""What a page must know of the released notebooks: their cells, calls to try, and what is out of its reach."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from page_python.programs import python

ROOT = Path(__file__).parents[2]
HERE = frozenset((*sys.stdlib_module_names, "numpy", "autograder"))
MARKS = re.compile(r"^ *### (BEGIN|END) SOLUTION(\n|\Z)", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """A cell that students write; ``needs`` names a package that a page cannot have."""

    name: str
    words: bool
    needs: str


def exercises(notebook: dict[str, Any]) -> Iterator[Exercise]:
    """Yield the cells of a released notebook that students write, in their order."""
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("solution"):
            words = cell["cell_type"] == "markdown"
            needs = "" if words else next(_foreign("".join(cell["source"])), "")
            yield Exercise(mark["grade_id"], words, needs)


def _foreign(code: str) -> Iterator[str]:
    """Yield the packages that some code imports and a page lacks.

    >>> list(_foreign("import numpy as np, os\\nfrom torch import nn"))
    ['torch']
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        yield from (root for name in names if (root := name.partition(".")[0]) not in HERE)


def parameters(notebook: dict[str, Any]) -> dict[str, list[str]]:
    """Return the names of the arguments of each function that students write."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "nbgrader" in cell["metadata"]]
    found = (node for cell in cells for node in ast.parse("".join(cell["source"])).body)
    return {one.name: [arg.arg for arg in one.args.args] for one in found if isinstance(one, ast.FunctionDef)}


def write(released: dict[str, dict[str, Any]], target: Path, *, reveal: bool) -> None:
    """Write a script for each notebook into a folder; the solutions only if an instructor wants to ``reveal`` them."""
    target.mkdir(parents=True, exist_ok=True)
    names = json.dumps({name: found for notebook in released.values() for name, found in parameters(notebook).items()})
    script = "import json, sys; from autograder import in_page; print(in_page.calls(json.loads(sys.argv[1])))"
    asked = python("-c", script, names, folder=ROOT)
    asked.check_returncode()
    calls = json.loads(asked.stdout)
    for name, notebook in released.items():
        written = [exercise.name for exercise in exercises(notebook)]
        if not written:  # a notebook that nobody scores has no cells in pages
            continue
        content: dict[str, Any] = {"notebook": notebook, "calls": {key: calls[key] for key in written if key in calls}}
        if reveal:
            content["solutions"] = dict(solutions(name, written))
        text = json.dumps(content, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        (target / f"{name}.js").write_text(f'pagePythonNotebooks["{name}"]({text});\n', "utf-8")


def solutions(name: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the reference's cells of an assignment, with the names of what they solve."""
    import jupytext  # noqa: PLC0415 - only where solutions are shown

    for cell in jupytext.read(ROOT / "solutions" / f"{name}.py").cells:
        identity = cell.metadata.get("nbgrader", {}).get("grade_id")
        if identity in names and cell.cell_type == "code":
            yield identity, MARKS.sub("", cell.source)
