"""``scores.csv``: a row for each student, question and criterion."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..files import atomically
from ..model import Verdict

COLUMNS = ("student", "assignment", "question", "criterion", "score", "max_score", "status", "message")
# With one of these a cell of a table is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@")


@contextmanager
def scores(path: Path) -> Iterator[Callable[[Verdict], None]]:
    """Write ``scores.csv`` a verdict at a time; it appears when the last one is added."""
    with atomically(path) as file:
        text = io.TextIOWrapper(file, "utf-8", "backslashreplace", newline="")
        rows = csv.writer(text)
        rows.writerow(COLUMNS)

        def add(verdict: Verdict) -> None:
            for result in verdict.results:
                earned = (f"{result.score:g}", f"{result.max_score:g}", str(result.status))
                asked = (verdict.assignment, result.question, result.criterion)
                rows.writerow((_no_formula(verdict.student), *asked, *earned, _harmless(result.message)))

        try:
            yield add
        finally:
            text.detach()


def _harmless(text: str) -> str:
    """Return a message on one line, without what a terminal or a spreadsheet would obey."""
    return _no_formula(" ".join("".join(sign if sign.isprintable() else " " for sign in text).split()))


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
