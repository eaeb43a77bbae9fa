"""What of a hand-in counts: which code runs, in which order, in which state each question is judged.

Of a hand-in only the sources of its cells count. What a cell *is* (solution, test, released) comes from the
released notebook, looked up by the cell's ``grade_id``, its id or its unchanged text; flags, points and outputs of the
hand-in are never read, and its cells are opaque text here: they are compiled and run only inside the sandbox.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from .notebook import NotebookError, grade_id, parse, source_of

DEMO = "demo"
# Before the name of its function, the label of a test cell.
CHECK = "check_"
MOST_REMARKS = 30
LONGEST_RELEASED = 1 << 17
# Of a hand-in's code, how much is looked through for definitions and checks: nobody writes as much.
MOST_LOOKED = 1 << 20


class Role(Enum):
    """What a code cell of the released notebook is for."""

    SOLUTION = "solution"
    TEST = "test"
    RELEASED = "released"
    DEMO = "demo"


@dataclass(frozen=True)
class Cell:
    """Code to run, under the name that error messages show.

    ``own`` cells are the student's: they have a budget of their own. Of a ``lenient`` one each statement is tried
    by itself. A ``spare`` one draws a picture: it runs only where something else needs a name that it binds.
    """

    name: str
    source: str
    own: bool = False
    lenient: bool = False
    spare: bool = False


@dataclass(frozen=True)
class Release:
    """The released notebook's code cells by ``grade_id``: their role and their source.

    ``words`` has the sources of its text cells by id, ``answers`` the ids of those to be answered in words, ``points``
    what each function is worth.
    """

    roles: Mapping[str, Role]
    sources: Mapping[str, str]
    grade_ids: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    answers: frozenset[str] = frozenset()
    points: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, notebook: Mapping[str, Any]) -> Release:
        """Read the released (or the instructor's own) notebook, which is trusted."""
        roles: dict[str, Role] = {}
        sources: dict[str, str] = {}
        grade_ids: dict[str, str] = {}
        words: dict[str, str] = {}
        answers: set[str] = set()
        points: dict[str, float] = {}
        for cell in notebook["cells"]:
            name = grade_id(cell)
            if cell["cell_type"] == "markdown":
                key = name or str(cell.get("id"))
                words[key] = source_of(cell)
                if name and cell["metadata"]["nbgrader"].get("solution"):
                    answers.add(key)
            if cell["cell_type"] != "code" or name is None:
                continue
            roles[name] = _role(cell)
            if roles[name] is Role.TEST:
                points[name.removeprefix(CHECK)] = cell["metadata"]["nbgrader"].get("points", 0)
            sources[name] = source_of(cell)
            if "id" in cell:
                grade_ids[cell["id"]] = name
        return cls(roles, sources, grade_ids, words, frozenset(answers), points)

    def named(self, cell: Mapping[str, Any]) -> str | None:
        """Return the ``grade_id`` of the released cell that this is: by its label, its id, or its unchanged text."""
        claimed, known = grade_id(cell), cell.get("id")
        if claimed in self.roles or cell.get("cell_type") != "code":
            return claimed
        if isinstance(known, str) and known in self.grade_ids:
            return self.grade_ids[known]
        return self._by_text.get(_text(source_of(cell)))

    @cached_property
    def _by_text(self) -> Mapping[str, str]:
        return {_text(source): name for name, source in self.sources.items() if _text(source)}

    def unchanged(self, name: str, source: str) -> bool:
        """Whether a cell still has the text with which it was released; blank lines and spaces at ends do not count."""
        return _text(source) == _text(self.sources[name])

    @property
    def solutions(self) -> tuple[str, ...]:
        """The ``grade_id`` of every solution cell, in order: the graded functions."""
        return tuple(name for name, role in self.roles.items() if role is Role.SOLUTION)

    @cached_property
    def definition(self) -> re.Pattern[str]:
        """What a line looks like that defines a graded function."""
        names = "|".join(map(re.escape, self.solutions))
        statement = rf"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+({names})\b"
        assignment = rf"^({names})[ \t]*(?::[^=\n]+)?=(?!=)"
        return re.compile(f"{statement}|{assignment}", re.M)

    @cached_property
    def names_of_pictures(self) -> frozenset[str]:
        """Every word in the cells that draw: what one of these binds is among them."""
        drawing = (self.sources[name] for name, role in self.roles.items() if role is Role.DEMO)
        return frozenset(re.findall(r"\w+", " ".join(drawing)))

    @cached_property
    def checked(self) -> re.Pattern[str]:
        """What a call of a graded function's ``check`` looks like."""
        return re.compile(rf"\bcheck\(\s*({'|'.join(map(re.escape, self.solutions))})\b")


@dataclass(frozen=True)
class Submission:
    """What of a hand-in counts: its code in its order, and the questions that cannot be judged.

    ``checks`` has for each question how many cells have run where it is judged: those up to its own check.
    ``homes`` are the names of the cells that should have defined a question's function. ``remarks`` are sentences
    for people: what was there and not used, or used although it was elsewhere. ``python`` is the version that the
    notebook says to be written with.
    """

    cells: tuple[Cell, ...] = ()
    checks: Mapping[str, int] = field(default_factory=dict)
    homes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    malformed: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    python: str = ""

    def place(self, question: str) -> int:
        """Return behind how many cells a question is judged first: without a check of its own, behind all."""
        return self.checks.get(question, len(self.cells))

    @classmethod
    def unreadable(cls, release: Release, why: str) -> Submission:
        """Return a submission all of whose questions are malformed."""
        return cls(malformed=dict.fromkeys(release.solutions, why))

    @classmethod
    def absent(cls, release: Release, why: str) -> Submission:
        """Return the submission of somebody who handed nothing in."""
        return cls(missing=dict.fromkeys(release.solutions, why))

    @classmethod
    def of(cls, notebook: Mapping[str, Any], release: Release) -> Submission:
        """Take the cells of a parsed notebook that are to run."""
        reader = _Reader(release)
        for number, cell in enumerate(notebook["cells"], 1):
            if not isinstance(cell, Mapping):
                raise NotebookError(f"cell {number} is not a cell")
            reader.add(number, cell)
        return cls(
            cells=(*reader.cells, *reader.late),
            checks=reader.checks(),
            homes={question: tuple(homes) for question, homes in reader.homes.items()},
            remarks=reader.remarks(),
            python=_python(notebook),
        )


class _Reader:
    """Goes through a hand-in's cells and says which are to run, as what, and where each question is judged."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.cells: list[Cell] = []
        # What was written into the cell of a check runs last: where a check stands, only the check does.
        self.late: list[Cell] = []
        self.homes: dict[str, list[str]] = {name: [] for name in release.solutions}
        self.parts: Counter[str] = Counter()
        self.unlooked = MOST_LOOKED
        self._remarks: dict[str, None] = {}
        # Behind how many cells a check, a cell that calls one, a definition stands.
        self.tests: dict[str, int] = {}
        self.calls: dict[str, int] = {}
        self.definitions: dict[str, int] = {}

    def add(self, number: int, cell: Mapping[str, Any]) -> None:
        """Take the next cell."""
        name = self.release.named(cell)
        role = self.release.roles.get(name or "")
        if cell.get("cell_type") != "code":
            if role is Role.SOLUTION:
                self._remark(f"cell {number} carries the name {name} but is not a code cell: nothing in it was run")
            return
        source = source_of(cell)
        if role is None or name is None:
            self._own(f"cell {number}", source)
            return
        self.parts[name] += 1
        title = name if self.parts[name] == 1 else f"{name}, part {self.parts[name]}"
        if role is Role.SOLUTION:
            self._solution(name, title, source)
        else:
            self._given(name, title, source, role)

    def _own(self, title: str, source: str) -> None:
        self.cells.append(Cell(title, source, own=True))
        self._look(title, source, title)

    def _solution(self, name: str, title: str, source: str) -> None:
        if self.parts[name] == 2:
            self._remark(f"more than one cell carries the name {name}: they were run in their order")
        self.homes[name].append(title)
        self.cells.append(Cell(title, source))
        self.definitions[name] = len(self.cells)
        self._look(title, source, name)

    def _given(self, name: str, title: str, source: str, role: Role) -> None:
        changed = not self.release.unchanged(name, source)
        if role is Role.TEST:
            self.tests[name.removeprefix(CHECK)] = len(self.cells)
        elif role is Role.RELEASED:
            self.cells.append(Cell(title, self.release.sources[name]))
        elif not changed:
            self.cells.append(Cell(title, source, own=True, lenient=True, spare=True))
        if changed:
            own = Cell(f"{title}, as changed", source, own=True, lenient=role is Role.DEMO)
            (self.late if role is Role.TEST else self.cells).append(own)
            self._look(own.name, source, name)
            when = "last" if role is Role.TEST else "after what was given" if role is Role.RELEASED else "line by line"
            self._remark(f"the given cell {title} was changed: your lines in it were run, {when}")

    def _look(self, title: str, source: str, home: str) -> None:
        """Remember which functions a cell that was just taken defines, its own or others, and which it checks."""
        source = source[: self.unlooked]
        self.unlooked -= len(source)
        for question in dict.fromkeys(one[1] or one[2] for one in self.release.definition.finditer(source)):
            self.definitions[question] = len(self.cells)
            if question != home:
                self.homes[question].append(title)
                self._remark(f"{title} defines {question}, which has a cell of its own: it was run where it stands")
        for one in self.release.checked.finditer(source):
            self.calls[one[1]] = len(self.cells)

    def checks(self) -> dict[str, int]:
        """Return for each question behind how many cells it is judged."""
        last = dict.fromkeys(self.release.solutions, len(self.cells))
        found = {**last, **self.definitions, **self.calls, **self.tests}
        return {name: found[name] for name in last}

    def _remark(self, text: str) -> None:
        self._remarks[text] = None

    def remarks(self) -> tuple[str, ...]:
        """Return what people should know, each once and not without end."""
        found = list(self._remarks)
        more = len(found) - MOST_REMARKS
        return (*found[:MOST_REMARKS], *([f"and {more} more of the kind"] if more > 0 else []))


def _python(notebook: Mapping[str, Any]) -> str:
    """Return the version of Python that a notebook names, such as ``3.13``, or nothing."""
    found: Any = notebook
    for key in ("metadata", "language_info", "version"):
        found = found.get(key) if isinstance(found, Mapping) else None
    version = re.match(r"\d{1,3}\.\d{1,3}", found) if isinstance(found, str) else None
    return version[0] if version else ""


def _text(source: str) -> str:
    # Lines take many times their letters, and nothing that was released is as long.
    if len(source) > LONGEST_RELEASED:
        return source
    return "\n".join(line.rstrip() for line in source.splitlines() if line.strip())


def _role(cell: Mapping[str, Any]) -> Role:
    flags = cell["metadata"]["nbgrader"]
    if flags.get("solution"):
        return Role.SOLUTION
    if flags.get("grade"):
        return Role.TEST
    return Role.DEMO if DEMO in cell["metadata"].get("tags", ()) else Role.RELEASED


def read(path: Path, release: Release, limit: int) -> Submission:
    """Read a hand-in of at most ``limit`` bytes; whatever is wrong with it is in what comes back.

    Raises
    ------
    OSError, MemoryError
        If the machine, not the hand-in, is at fault.
    """
    try:
        return Submission.of(parse(path, limit), release)
    except FileNotFoundError:
        other = next(path.parent.glob("*.ipynb"), None)
        return Submission.absent(release, f"no {path.name} was handed in" + (f", but {other.name!r}" if other else ""))
    except NotebookError as problem:
        return Submission.unreadable(release, str(problem))
