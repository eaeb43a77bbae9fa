"""Hand-ins that are written alike, side by side, and what that cannot mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .rendering import render
from .words import clean

# What a page shows: pairs, lines of a function, signs of a line.
PAIRS, LINES, WIDE = 40, 250, 200


@dataclass(frozen=True)
class Line:
    """A line of each of two hand-ins; ``same`` says that they differ in names, layout and words at most."""

    left: str
    right: str
    same: bool


@dataclass(frozen=True)
class Beside:
    """A function as two students wrote it; ``share`` is what of the shorter one's own is in both."""

    name: str
    share: float
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Alike:
    """Two students, by name and by what they share."""

    names: tuple[str, str]
    share: float
    functions: tuple[Beside, ...]


def beside(name: str, share: float, codes: tuple[str, str], bare: Callable[[str], str]) -> Beside:
    """Return a function's two texts line by line; ``bare`` says what of a line counts.

    >>> [line.same for line in beside("f", 1, ("x = 1\\ny = 2", "z = 1"), lambda line: line[2:]).lines]
    [True, False]
    """
    left, right = ([line for line in code.split("\n") if line.strip()][:LINES] for code in codes)
    matcher = SequenceMatcher(None, list(map(bare, left)), list(map(bare, right)), autojunk=False)
    lines: list[Line] = []
    for kind, i, k, j, n in matcher.get_opcodes():
        some = zip(_padded(left[i:k], n - j), _padded(right[j:n], k - i), strict=True)
        lines += [Line(_shown(one), _shown(other), kind == "equal") for one, other in some]
    return Beside(name, share, tuple(lines))


def _padded(lines: Sequence[str], count: int) -> Iterator[str]:
    yield from lines
    yield from [""] * (count - len(lines))


def _shown(line: str) -> str:
    """Return a line as a page shows it; its beginning stays."""
    text = line.lstrip()
    return " " * min(len(line) - len(text), 40) + clean(text, WIDE)


def page(assignment: str, pairs: Sequence[Alike], found: int, students: int, least: float) -> str:
    """Return the page as HTML, of ``found`` pairs among so many students."""
    return render("alike.html", assignment=assignment, pairs=pairs, found=found, students=students, least=least)
