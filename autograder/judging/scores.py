"""``scores.csv``: a row for each student, assignment, question and criterion, as data.

Names stay exactly what they are, so that other programs know them again. A spreadsheet that opens the file takes
some for formulas: import the columns as text, or let ``summary --spreadsheet`` write a table for it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..files import atomically, write_atomically
from ..model import Verdict

COLUMNS = ("student", "assignment", "question", "criterion", "score", "max_score", "status", "message")


@contextmanager
def scores(path: Path, assignment: str) -> Iterator[Callable[[Verdict], None]]:
    """Write an assignment's rows anew, a verdict at a time, behind those of the others; they appear with the last."""
    with atomically(path) as file:
        text = io.TextIOWrapper(file, "utf-8", "backslashreplace", newline="")
        rows = csv.writer(text)
        rows.writerow(COLUMNS)
        rows.writerows(_of_others(path, assignment))

        def add(verdict: Verdict) -> None:
            for result in verdict.results:
                earned = (f"{result.score:g}", f"{result.max_score:g}", str(result.status))
                asked = (verdict.assignment, result.question, result.criterion)
                rows.writerow((verdict.student, *asked, *earned, _on_one_line(result.message)))

        try:
            yield add
        finally:
            text.detach()


def _of_others(path: Path, assignment: str) -> Iterator[list[str]]:
    """Yield the rows that other assignments have in a table of ours, if it is one."""
    place = COLUMNS.index("assignment")
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            if next(rows, None) == [*COLUMNS]:
                yield from (row for row in rows if len(row) == len(COLUMNS) and row[place] != assignment)
    except (FileNotFoundError, UnicodeDecodeError, csv.Error):
        return


def write_spreadsheet(path: Path, table: Iterable[Sequence[str]]) -> None:
    """Write a table as CSV to be opened with a spreadsheet, which obeys nothing in it."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, quoting=csv.QUOTE_ALL)
    rows.writerows([_no_formula(cell) for cell in row] for row in table)
    # The mark without which a spreadsheet takes UTF-8 for something else.
    write_atomically(path, text.getvalue().encode("utf-8-sig", "backslashreplace"))


def _no_formula(name: str) -> str:
    """Return a name on one line, as text also for a spreadsheet: in its cells, and after whatever separates these."""
    name = _on_one_line(name)
    return re.sub(r"(?:^|(?<=[;,|]))[ ]*(?=[=+\-@\uff1d\uff0b\uff0d\uff20])", lambda found: f"{found[0]}'", name)


def _on_one_line(text: str) -> str:
    """Return a message on one line, without what a terminal would obey."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
