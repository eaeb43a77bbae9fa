"""The graded notebook that nbgrader's feedback, formgrader and an instructor's eyes are given.

It is the released notebook in the order of the hand-in, with the student's cells in it: what the student
wrote is text, never run here and never markup that could act in the instructor's browser. Each test cell
has one output, the score that the confined grader gave and why.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from ..judging.answers import elsewhere, is_written
from ..model import Result, Status, Verdict
from ..notebook import grade_id, source_of
from ..pages.feedback import as_text
from ..pages.words import one_line, points_text
from ..submission import CHECK, Release
from .attachments import with_pictures, without_too_many
from .prose import fenced, harmless

Node = dict[str, Any]
# What nbgrader's pages show of one cell; their parser and their highlighter take a time that grows with the square of
# a text's length, a line's, or a run of the same sign or of blank lines.
SHOWN = {"code": 100_000, "markdown": 20_000}
LONGEST_LINE = 1000
MOST_BLANK = 20
RUN = re.compile(r"([^\n])\1{200,}")
# Of all cells together that a student has added; nobody reads more, and the hand-in has them.
MOST_ADDED = 500
ADDED = 300_000
RULE = "\n\n---\n\n"


def rebuild(released: Mapping[str, Any], handed_in: Mapping[str, Any] | None) -> Node:
    """Return the released notebook filled with what a student wrote, in the order of the hand-in.

    ``handed_in`` is a parsed notebook, or ``None`` where there is none that can be read. Released code and
    test cells come back as released, also where they were deleted; all metadata is the released notebook's.
    """
    names = {name: cell for cell in released["cells"] if (name := grade_id(cell))}
    by_id = {cell["id"]: cell for cell in released["cells"] if "id" in cell}
    texts = {source_of(cell).strip(): cell for cell in released["cells"] if cell["cell_type"] == "markdown"}
    written = [cell for cell in (handed_in or {}).get("cells", ()) if isinstance(cell, Mapping)]
    cells: list[Node] = []
    placed: dict[str, Node] = {}
    added = _Added()
    joined: dict[str, list[Mapping[str, Any]]] = {}
    for number, cell in enumerate(written, 1):
        known = names.get(grade_id(cell) or "") or by_id.get(str(cell.get("id")))
        if known is None and cell.get("cell_type") == "markdown":
            # What lost its label and its id on its way is known by its text.
            known = texts.get(source_of(cell).strip())
        if known is None or not _fits(known, cell):
            cells += added.cell(cell, number)
        elif known["id"] not in placed:
            cells.append(placed.setdefault(known["id"], _filled(known, cell)))
        elif _is_answer(known):
            joined.setdefault(known["id"], []).append(cell)
        elif _is_the_students(known):
            cells += added.cell(cell, number)
    for known in released["cells"]:
        _join(placed.get(known["id"], {}), known, joined.get(known["id"], ()))
    cells += added.note()
    _restore(cells, released["cells"], placed)
    _add_what_is_elsewhere(cells, elsewhere(written, Release.of(released)), names)
    without_too_many(sorted(cells, key=lambda cell: not _is_answer(cell)))
    return {**released, "cells": cells}


def with_scores(notebook: Mapping[str, Any], verdict: Verdict) -> Node:
    """Return a rebuilt notebook whose test cells show the scores and the reasons of a verdict, its remarks first."""
    cells = list(_noticed(verdict.remarks))
    for cell in notebook["cells"]:
        flags = _flags(cell)
        if flags.get("grade") and not flags.get("solution"):
            results = results_of(verdict, flags["grade_id"])
            cells.append({**cell, "outputs": [_output(score_of(results, flags["points"]), results)]})
        else:
            cells.append(cell)
    return {**notebook, "cells": cells}


def _noticed(remarks: Iterable[str]) -> Iterator[Node]:
    """Yield a cell that tells what people should know of a hand-in, if there is anything."""
    said = "\n".join(f"- {one_line(remark)}" for remark in remarks)
    if said:
        text = harmless(f"**What we noticed**\n\n{said}")
        yield {"cell_type": "markdown", "id": "what-we-noticed", "metadata": {}, "source": text}


def results_of(verdict: Verdict, test_cell: str) -> list[Result]:
    """Return the results of the question that a test cell ``check_<function>`` stands for."""
    question = test_cell.removeprefix(CHECK)
    return [result for result in verdict.results if result.question == question]


def score_of(results: Iterable[Result], points: float) -> float:
    """Return a test cell's score, within its points whatever rounding did to the sum."""
    score = sum(result.score for result in results)
    if not math.isfinite(score):
        raise ValueError(f"a score of {score} is no score")
    return float(min(max(score, 0.0), points))


def serialise(notebook: Mapping[str, Any]) -> bytes:
    """Return a notebook's bytes; characters that no file can hold are replaced."""
    # Cell by cell, since pictures are large. The cells are the first of its keys.
    rest = _bytes({key: value for key, value in notebook.items() if key != "cells"})
    content = io.BytesIO()
    content.write(b'{"cells": [')
    for number, cell in enumerate(notebook["cells"]):
        content.write(b", " if number else b"")
        pictures = cell.get("attachments")
        if pictures:
            # Beside them, one wide sign in what was written would make them four times as large.
            content.write(b'{"attachments": ' + _bytes(pictures) + b", ")
            cell = {key: value for key, value in cell.items() if key != "attachments"}  # noqa: PLW2901
        content.write(_bytes(cell)[1 if pictures else 0 :])
    content.write(b"], " + rest[1:] + b"\n")
    return content.getvalue()


def _bytes(value: Any) -> bytes:
    # Not indented: that would take Python's slow encoder.
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")


def _fits(known: Mapping[str, Any], cell: Mapping[str, Any]) -> bool:
    """Whether a cell may stand for the released one: an answer may be in any type of cell, code in code."""
    return _is_answer(known) or known["cell_type"] == cell.get("cell_type")


def _flags(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    flags: Mapping[str, Any] = cell["metadata"].get("nbgrader", {})
    return flags


def _is_solution(known: Mapping[str, Any]) -> bool:
    return bool(_flags(known).get("solution"))


def _is_the_students(known: Mapping[str, Any]) -> bool:
    """Whether a released cell is there to be written in: a solution, or text, which nobody locked."""
    return _is_solution(known) or grade_id(known) is None


def _is_answer(known: Mapping[str, Any]) -> bool:
    return _is_solution(known) and known["cell_type"] == "markdown"


def _filled(known: Mapping[str, Any], cell: Mapping[str, Any]) -> Node:
    """Return the released cell, with the student's source where that is the student's to write."""
    if not _is_the_students(known) or not is_written(cell, source_of(known)):
        return dict(known)
    return {**known, **_shown(cell, known["cell_type"])}


def _join(placed: Node, known: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> None:
    """Add further cells that claim to be the answer in words: a person will read all of them."""
    written = [("", cell) for cell in others if is_written(cell, source_of(known))]
    if written and not is_written(placed, source_of(known)):
        placed.update(_shown(written.pop(0)[1], "markdown"))
    _add(placed, written)


def _add(placed: Node, said: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Give a cell the texts of others and the pictures that go with them, each behind a line about it."""
    texts, pictures, left = [placed.get("source", "")], dict(placed.get("attachments", {})), SHOWN["markdown"]
    for line, cell in said:
        if left <= 0:
            texts.append("*More is in the hand-in and not shown.*")
            break
        shown = _shown(cell, "markdown")
        texts.append(f"{line}{shown['source']}")
        pictures |= shown.get("attachments", {})
        left -= len(texts[-1])
    if len(texts) > 1:
        # Two texts that are harmless by themselves need not be so together: one may end what the other began.
        placed["source"] = harmless(RULE.join(texts), [f"attachment:{name}" for name in pictures])
        if pictures:
            placed["attachments"] = pictures


def _add_what_is_elsewhere(
    cells: Iterable[Node], found: Mapping[int, Mapping[str, Any]], names: Mapping[str, Node]
) -> None:
    """Put words that may be the answer below a question in words that was left as it was, for a person to read."""
    for cell in cells if found else ():
        name = grade_id(cell) or ""
        if name in names and _is_answer(names[name]) and not is_written(cell, source_of(names[name])):
            said = "*Nothing was written here. Cell {} of the notebook says:*\n\n"
            _add(cell, [(said.format(number), own) for number, own in found.items()])


class _Added:
    """The cells of a student's own making, as many as somebody looks at."""

    def __init__(self) -> None:
        self.cells, self.left, self.unseen = MOST_ADDED, ADDED, 0

    def cell(self, cell: Mapping[str, Any], number: int) -> Iterator[Node]:
        """Yield a cell, while there is room for more."""
        self.cells -= 1
        if self.cells < 0 or self.left <= 0:
            self.unseen += 1
            return
        for own in _own(cell, number):
            # Text takes longer than code.
            self.left -= len(own["source"]) * (1 if own["cell_type"] == "code" else 3)
            yield own

    def note(self) -> Iterator[Node]:
        """Yield a cell that says how many were not shown, if any."""
        if self.unseen:
            text = f"*{self.unseen} more cells are in the hand-in and not shown.*"
            yield {"cell_type": "markdown", "id": "not-shown", "metadata": {}, "source": text}


def _own(cell: Mapping[str, Any], number: int) -> Iterator[Node]:
    """Yield a cell of the student's own making, without anything but its source and its pictures."""
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    shown = _shown(cell, kind)
    if kind == "code":
        shown |= {"execution_count": None, "outputs": []}
    if kind == "code" or shown["source"].strip():
        yield {"cell_type": kind, "id": f"handed-in-{number}", "metadata": {}, **shown}


def _shown(cell: Mapping[str, Any], kind: str) -> Node:
    """Return what a cell of the student's holds, fit for a cell of another kind."""
    source = _bounded(source_of(cell), "markdown" if kind == cell.get("cell_type") == "markdown" else "code")
    if kind == "code":
        return {"source": source}
    if cell.get("cell_type") != "markdown" and source.strip():
        source = fenced(source)
    text, pictures = with_pictures(source, cell)
    return {"source": text, "attachments": pictures} if pictures else {"source": text}


def _bounded(source: str, kind: str) -> str:
    """Return as much of a text as is shown of it, without what takes pages a long time and is nothing to read."""
    limit = SHOWN[kind]
    more = f"\n# ... {len(source) - limit} more characters are not shown" if len(source) > limit else ""
    lines: list[str] = []
    blank = 0
    for line in source[:limit].split("\n"):
        blank = 0 if line.strip() else blank + 1
        if blank <= MOST_BLANK:
            lines.append(line if not blank or len(line) <= MOST_BLANK else "")
    if kind == "code":
        cut = [f"{line[:LONGEST_LINE]} ..." if len(line) > LONGEST_LINE else line for line in lines]
        return "\n".join(cut) + more
    return RUN.sub(lambda run: run[1] * 200, "\n".join(lines)) + more


def _restore(cells: list[Node], released: Iterable[Node], placed: Mapping[str, Node]) -> None:
    """Put released cells that the hand-in lacks behind the one that they follow in the release."""
    previous = -1
    for cell in released:
        if cell["id"] in placed:
            previous = next(i for i, other in enumerate(cells) if other["id"] == cell["id"])
        else:
            previous += 1
            cells.insert(previous, dict(cell))


def _output(score: float, results: Iterable[Result]) -> Node:
    """Return the one output that nbgrader takes for a score: a finite float, shown with its reasons."""
    data = {"text/plain": repr(score), "text/html": _reasons(results)}
    return {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}


def _reasons(results: Iterable[Result]) -> str:
    rows = "".join(
        f"<tr><td>{'✓' if one.status is Status.PASSED else '✗'} {escape(one.criterion)}</td>"
        f"<td>{points_text(one.score)} of {points_text(one.max_score)}</td>"
        f"<td style='text-align:left'>{escape(_said(one))}</td></tr>"
        for one in results
    )
    return f"<table><tr><th>criterion</th><th>points</th><th style='text-align:left'>result</th></tr>{rows}</table>"


def _said(result: Result) -> str:
    return as_text(result).removeprefix(f"{result.question}, {result.criterion}: ")
