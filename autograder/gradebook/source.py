"""Reads a solution: a percent notebook with nbgrader's short metadata, checked and completed.

Every mistake an author can make that would hurt a student (an answer that leaks, a function without points)
is a :class:`ReleaseError` of one line. The result holds nothing that changes from one run to the next.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import jupytext
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..model import Assignment
from ..pages.words import points_text
from ..submission import CHECK

KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
# In a section's heading: what the cells of the section are worth.
POINTS = re.compile(r"^## .*(\{points\})", re.MULTILINE)
HEADING = re.compile(r"^## ", re.MULTILINE)
# What nbgrader acts upon anywhere in a cell, and what this course has no use for.
FOREIGN = ("BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME", "AUTOTEST")


class ReleaseError(Exception):
    """A solution that cannot be released; the message is one line."""


def source_notebook(solution: Path, assignment: Assignment) -> NotebookNode:
    """Return the complete nbgrader source notebook of a solution file.

    Points of a test cell ``check_<function>`` are those of the assignment's question; ``{points}`` in the heading of a
    section becomes what its cells are worth. Cells are identified
    by their ``grade_id``, released code cells by the graded cell that they follow, text by its content: an
    edit moves no other cell's id.

    Raises
    ------
    ReleaseError
        If the solution does not fit the assignment, or an answer would be released.
    """
    try:
        cells = jupytext.read(solution, fmt="py:percent").cells
        _check_cells(cells)
        _check_questions(cells, assignment)
    except (ReleaseError, UnicodeDecodeError) as error:
        raise ReleaseError(f"solutions/{solution.name}: {error}") from None
    points = {f"{CHECK}{question.name}": question.points for question in assignment.questions}
    return _made(new_notebook, cells=list(_completed(_with_points(cells, points), points)), metadata=KERNEL)


def _grader(cell: NotebookNode) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell, empty for a cell that it need not know."""
    short: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return short


def _name(cell: NotebookNode) -> str:
    return str(_grader(cell).get("grade_id", ""))


def _role(cell: NotebookNode) -> str:
    """Say what a cell is for: solution, check, answer (in words), locked (released code) or text."""
    short = _grader(cell)
    grade, solution = bool(short.get("grade")), bool(short.get("solution"))
    if cell.cell_type not in ("code", "markdown"):
        raise ReleaseError(f"a {cell.cell_type} cell has no place in a released notebook")
    if grade and solution and cell.cell_type == "markdown":
        return "answer"
    if grade and solution:
        raise ReleaseError(f"cell {_name(cell)!r} is code: mark it as solution or as grade, not as both")
    if (grade or solution) and cell.cell_type != "code":
        raise ReleaseError(f"cell {_name(cell)!r} is text: mark it as grade and solution, or as neither")
    if grade:
        return "check"
    if solution:
        return "solution"
    return "locked" if cell.cell_type == "code" or short.get("locked") else "text"


def _check_cells(cells: list[NotebookNode]) -> None:
    """Raise for a cell that is wrong by itself, or a name that is taken twice."""
    for cell in cells:
        role, name = _role(cell), _name(cell)
        place = f"cell {name!r}" if name else f"the cell {cell.source.strip().partition(chr(10))[0][:60]!r}"
        if _grader(cell) and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
            raise ReleaseError(f"{place} needs a grade_id of letters, digits, - and _")
        if any(words in cell.source for words in FOREIGN):
            raise ReleaseError(f"{place} uses a marker of nbgrader that this course has no use for")
        _check_markers(cell, role, place)
        if cell.cell_type == "code":
            _check_syntax(cell.source, place)
            if role == "solution":
                _check_syntax(stub(cell.source), f"{place} without its answer")
    for name, count in Counter(filter(None, map(_name, cells))).items():
        if count > 1:
            raise ReleaseError(f"the grade_id {name!r} is taken {count} times")


def _check_markers(cell: NotebookNode, role: str, place: str) -> None:
    markers = re.findall(f"{BEGIN}|{END}", cell.source)
    if role == "solution" and not markers:
        raise ReleaseError(f"{place} has no ### {BEGIN} and ### {END}: all of it would be the answer")
    if role not in ("solution", "answer") and markers:
        raise ReleaseError(f"{place} has a ### {BEGIN} but is no solution cell: its answer would be released")
    if markers != [BEGIN, END] * (len(markers) // 2):
        raise ReleaseError(f"{place} needs each ### {BEGIN} to be followed by its ### {END}")


def _check_syntax(source: str, place: str) -> None:
    try:
        ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        raise ReleaseError(f"{place}, line {error.lineno}: {error.msg}") from None


def stub(source: str) -> str:
    """Return a solution cell's source as nbgrader releases it, up to the words of its comment."""
    pattern = rf"(?ms)^([ \t]*)[^\n]*{BEGIN}.*?{END}[^\n]*$"
    return re.sub(pattern, r"\1raise NotImplementedError()", source)


def _check_questions(cells: list[NotebookNode], assignment: Assignment) -> None:
    """Raise unless each question has its function and, after it, its test cell, and nothing else has."""
    roles = {_name(cell): _role(cell) for cell in cells if _grader(cell)}
    asked = {question.name for question in assignment.questions}
    sources = {_name(cell): cell.source for cell in cells}
    solved: set[str] = set()
    for name, role in roles.items():
        function = name.removeprefix(CHECK)
        if role == "solution":
            solved.add(name)
            if name not in asked:
                raise ReleaseError(f"the assignment asks for no function {name!r}")
            if not re.search(rf"(?m)^def {name}\(", stub(sources[name])):
                raise ReleaseError(f"cell {name!r} must define {name} outside its ### {BEGIN}")
        elif role == "check":
            if function not in solved or name == function:
                raise ReleaseError(f"test cell {name!r} has no solution cell {function!r} before it")
            if sources[name].strip() != f"check({function})":
                raise ReleaseError(f"test cell {name!r} must be exactly check({function})")
        elif role == "answer" and not _worth(next(cell for cell in cells if _name(cell) == name)):
            raise ReleaseError(f"the question in words {name!r} needs points")
    for name in sorted(asked):
        for cell in (name, f"{CHECK}{name}"):
            if cell not in roles:
                raise ReleaseError(f"the assignment asks for {name!r}, but there is no cell {cell!r}")
    if roles.get(f"explain_{assignment.name}") != "answer":
        raise ReleaseError(f"there is no question in words, explain_{assignment.name}")


def _worth(cell: NotebookNode) -> float:
    points = _grader(cell).get("points", 0)
    return float(points) if isinstance(points, int | float) and points > 0 else 0.0


def _with_points(cells: list[NotebookNode], points: dict[str, float]) -> list[NotebookNode]:
    """Return the cells with the points of each section in its heading, wherever in a cell that stands."""
    starts = [place for place, cell in enumerate(cells) if _role(cell) == "text" and HEADING.search(cell.source)]
    for start, end in pairwise([*starts, len(cells)]):
        if found := POINTS.search(cells[start].source):
            worth = sum(points.get(_name(cell)) or _worth(cell) for cell in cells[start:end])
            text = f"{points_text(worth)} point{'' if worth == 1 else 's'}"
            cells[start].source = cells[start].source.replace(found[1], text, 1)
    return cells


def _completed(cells: list[NotebookNode], points: dict[str, float]) -> Iterator[NotebookNode]:
    section, position, seen = "start", 0, Counter[str]()
    for cell in cells:
        role, name = _role(cell), _name(cell)
        tags = cell.metadata.get("tags")
        metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
        make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        if role == "text":
            digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
            seen[digest] += 1
            name = f"text-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else "")
            yield _made(make, source=cell.source, id=name, metadata=metadata)
            continue
        if role == "locked":
            position += 1
            name = name or f"released_{section}_{position}"
        else:
            section, position = name, 0
        metadata["nbgrader"] = _metadata(role, name, points.get(name) or _worth(cell))
        yield _made(make, source=cell.source, id=name, metadata=metadata)


def _made(make: Callable[..., Any], **parts: Any) -> NotebookNode:
    """Call one of nbformat's makers, which have no types."""
    node: NotebookNode = make(**parts)
    return node


def _metadata(role: str, name: str, worth: float) -> dict[str, Any]:
    """Return nbgrader's complete metadata, version 3, of a cell."""
    graded = role in ("check", "answer")
    worth = int(worth) if worth == int(worth) else worth
    return {
        "schema_version": 3,
        "grade": graded,
        "grade_id": name,
        "locked": role in ("check", "locked"),
        "solution": role in ("solution", "answer"),
        "task": False,
        **({"points": worth} if graded else {}),
    }
