"""Releases notebooks that nobody scores: ``solutions/unscored/<name>.py`` becomes ``exercises/<name>/<name>.ipynb``.

They have no assignment, and the gradebook does not know them. ``python -m autograder.gradebook.unscored`` releases all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import ClearSolutions

from ..files import write_atomically
from .source import KERNEL

FOLDER = Path("solutions", "unscored")


def release_unscored(name: str, root: Path) -> Path:
    """Release one notebook of the course folder ``root`` without its answers, and return its path."""
    cells = []
    for number, cell in enumerate(jupytext.read(root / FOLDER / f"{name}.py", fmt="py:percent").cells):
        make: Callable[..., NotebookNode] = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        cells.append(make(source=cell.source, id=f"{name}-{number}"))
    notebook = new_notebook(cells=cells, metadata=KERNEL)
    released, _ = ClearSolutions(enforce_metadata=False).preprocess(notebook, {})
    target = root / "exercises" / name / f"{name}.ipynb"
    write_atomically(target, nbformat.writes(released).encode())
    target.chmod(0o644)  # for every student of this machine to read
    return target


if __name__ == "__main__":
    for solution in sorted(FOLDER.glob("*.py")):
        print(f"{solution.stem}: {release_unscored(solution.stem, Path())}")
