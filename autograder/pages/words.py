"""Values and outcomes in words: bounded and harmless, whoever wrote what is quoted.

A submission decides what exceptions say, what values print as and how a student's folder is called.
Everything of that kind passes :func:`clean` before it reaches a page, a terminal or a CSV file; the pages
escape it in addition.
"""

from __future__ import annotations

import re
import reprlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..model import Reply, Rng, Status
from ..sandbox import described

TEXT_LIMIT = 600
LINE_LIMIT = 240
# Of a network.
MOST_MODULES, MOST_LETTERS = 20, 40
INTEGER_BITS = 2000
# A terminal's own language: colours, cursor moves, titles, links.
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -~])?")
# Joiners are part of names in some scripts; every other invisible character can only deceive.
KEPT = "\n\u200c\u200d"


@dataclass(frozen=True)
class Explanation:
    """What a status is called, what it means and what a student can do about it."""

    label: str
    meaning: str = ""
    advice: str = ""


EXPLANATIONS = {
    Status.PASSED: Explanation("passed"),
    Status.FAILED: Explanation("failed"),
    Status.ERROR: Explanation(
        "error",
        "Your code raised an exception where a result was expected.",
        "Run the call shown below in your notebook and read the last line of the traceback first.",
    ),
    Status.TIMEOUT: Explanation(
        "time limit",
        "Your code did not come back within the time that one submission may use, so it was stopped.",
        "Look for a loop whose condition never becomes false; if there is none, try the function on a small "
        "array and see how its time grows with the size.",
    ),
    Status.MEMORY: Explanation(
        "memory limit",
        "Your code asked for more memory than one submission may use, so it was stopped.",
        "Look for an array that grows in a loop, or one whose shape is larger than the result needs.",
    ),
    Status.CRASHED: Explanation(
        "crashed",
        "The Python process that ran your code ended without an answer: by a call like exit(), by "
        "recursion without an end, or by a library that failed.",
        "Restart the kernel and run all cells: what ended the process there will end it here.",
    ),
    Status.MISSING: Explanation(
        "missing",
        "No function of this name was there to be called: its cell is empty or gone, has another name, "
        "or raised an exception before the function was defined.",
        "Restart the kernel, run all cells from the top, and see whether the function's own cell runs.",
    ),
    Status.MALFORMED: Explanation(
        "unreadable",
        "The notebook, or this function's cell in it, could not be read.",
        "Fetch the assignment afresh, paste your functions into the cells that ask for them, save, and submit "
        "again; do not copy whole cells, since two cells with one identity cannot be told apart.",
    ),
}


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return text without terminal escapes and invisible characters, cut at ``limit``.

    >>> clean("\\x1b[31mred\\x1b[0m\\x00 \\u202eevil")
    'red� �evil'
    """
    text = ESCAPES.sub("", text[: 4 * limit]).replace("\r\n", "\n")
    shown = "".join(_visible(character) for character in text[:limit])
    return shown + " …" if len(text) > limit else shown


def _visible(character: str) -> str:
    if character.isprintable() or character in KEPT:
        return character
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Return cleaned text on one line."""
    return " ".join(clean(text, limit).split())


def points_text(points: float) -> str:
    """Return points as people write them.

    >>> points_text(1.0), points_text(2.5), points_text(0.1 + 0.2)
    ('1', '2.5', '0.3')
    """
    return f"{round(points, 2):g}"


class _Brief(reprlib.Repr):
    """Representations of bounded depth and length that know arrays, NumPy scalars and seeded generators."""

    def repr1(self, x: Any, level: int) -> str:
        if isinstance(x, np.ndarray):
            return f"{x.dtype} array of shape {x.shape}"
        if isinstance(x, Rng):
            return "np.random.default_rng(...)"
        return super().repr1(x.item() if isinstance(x, np.generic) else x, level)

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        modules = x.get(described.KEY)
        if not isinstance(modules, list):
            return super().repr_dict(x, level)
        said = (module.get("kind") for module in modules[:MOST_MODULES] if isinstance(module, dict))
        kinds = [kind[:MOST_LETTERS] for kind in said if isinstance(kind, str)]
        return f"{kinds[0]}({', '.join(kinds[1:])})" if kinds else "no network"

    def repr_int(self, x: int, level: int) -> str:
        if x.bit_length() > INTEGER_BITS:
            return f"an integer of {x.bit_length()} bits"
        return super().repr_int(x, level)


_brief = _Brief()
_brief.maxtuple = _brief.maxlist = _brief.maxdict = 8
_brief.maxlevel = 4
_brief.maxstring = _brief.maxother = 80


def value_text(value: Any) -> str:
    """Return a short representation of any value; arrays by dtype and shape.

    >>> value_text((1, np.float64(0.5), np.zeros((2, 3))))
    '(1, 0.5, float64 array of shape (2, 3))'
    """
    return one_line(_brief.repr(value))


def outcome_text(reply: Reply) -> str:
    """Say in a few words what a call gave: its value, what it raised, or how it ended."""
    if reply.status is Status.PASSED:
        return value_text(reply.value)
    if reply.status is Status.ERROR:
        return one_line(reply.message) or ("ValueError" if reply.refused else "an exception")
    return one_line(f"{EXPLANATIONS[reply.status].label}: {reply.message}".removesuffix(": "))
