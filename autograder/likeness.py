"""Compares the hand-ins of a class with each other: reads them, and lays those that are alike side by side."""

from __future__ import annotations

from pathlib import Path

from .files import write_atomically
from .judging import alike, grading
from .judging.fingerprints import tokens
from .judging.hand_ins import hand_ins
from .model import Limits
from .pages.alike import PAIRS, Alike, beside, page

Codes = dict[str, dict[str, str]]


def codes(assignment: str, submitted: Path) -> Codes:
    """Return everybody's code by function; who has handed in nothing that can be read has none."""
    release = grading.released(assignment)
    limits = Limits()
    found = {one.student: alike.code_of(one.read(limits, release), release) for one in hand_ins(submitted, assignment)}
    return {student: code for student, code in found.items() if code}


def compare(assignment: str, found: Codes, least: float) -> list[alike.Pair]:
    """Return the pairs that share so much."""
    return alike.find(found, grading.released(assignment).sources.values(), least)


def write(
    assignment: str, found: Codes, pairs: list[alike.Pair], *, least: float, names: dict[str, str], output: Path
) -> Path:
    """Write the page and return its path."""
    shown = [_beside(pair, found, names) for pair in pairs[:PAIRS]]
    path = output / f"alike-{assignment}.html"
    write_atomically(path, page(assignment, shown, len(pairs), len(found), least).encode())
    return path


def _beside(pair: alike.Pair, found: Codes, names: dict[str, str]) -> Alike:
    both = found[pair.one], found[pair.other]
    functions = (
        beside(name, share, (both[0][name], both[1][name]), lambda line: " ".join(tokens(line)))
        for name, share in pair.by_function.items()
    )
    return Alike((names.get(pair.one, pair.one), names.get(pair.other, pair.other)), pair.share, tuple(functions))
