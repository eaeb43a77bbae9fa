"""What a student wrote into a notebook's cells, from the graded notebook, where it is bounded already."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..notebook import UNREAD, NotebookError, grade_id, parse, source_of
from .filling import MOST_RECORDED


def written(autograded: Path, student: str, assignment: str) -> Mapping[str, str]:
    """Return the sources of a hand-in's solution cells by name; nothing where there is no graded notebook."""
    path = autograded / student / assignment / f"{assignment}.ipynb"
    try:
        cells = parse(path, MOST_RECORDED, UNREAD | {"attachments"})["cells"]
    except (NotebookError, OSError):
        return {}
    solutions = (cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution"))
    return {grade_id(cell) or "": source_of(cell) for cell in solutions}
