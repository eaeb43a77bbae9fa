"""Which hand-ins of a class are written alike, right ones too, beyond what everybody was given or writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from ..submission import Release, Submission
from .fingerprints import fingerprints

# A fingerprint that so many have is the obvious way to write something.
COMMON, COMMON_SHARE = 10, 0.25
# Fewer fingerprints of one's own say nothing: of a hand-in, of a function.
FEWEST, FEWEST_OF_ONE = 20, 10

OTHER = "other cells"
# The code of each function, by its name.
Code = Mapping[str, str]


@dataclass(frozen=True)
class Pair:
    """Two students; the share of the shorter one's own fingerprints that both have, in all and by function."""

    one: str
    other: str
    share: float
    by_function: Mapping[str, float]


def code_of(submission: Submission, release: Release) -> dict[str, str]:
    """Return a hand-in's code by the function that it was written for; the rest, if any, as ``OTHER``."""
    given = {source.strip() for source in release.sources.values()}
    homes = {name: question for question, names in submission.homes.items() for name in names}
    code: dict[str, list[str]] = defaultdict(list)
    for cell in submission.cells:
        if cell.source.strip() not in given:
            code[homes.get(cell.name, OTHER)].append(cell.source)
    return {name: "\n".join(sources) for name, sources in code.items()}


def find(class_: Mapping[str, Code], given: Iterable[str], least: float) -> list[Pair]:
    """Return who shares at least so much of all code, or nearly all of a function's, those who share most first.

    ``given`` is code that all were given.
    """
    known = frozenset[int]().union(*map(fingerprints, given))
    own = {
        (student, name): fingerprints(source) - known
        for student, code in class_.items()
        for name, source in code.items()
    }
    having: dict[int, set[str]] = defaultdict(set)
    for (student, _), prints in own.items():
        for one in prints:
            having[one].add(student)
    most = max(COMMON, COMMON_SHARE * len(class_))
    rare = {one for one, students in having.items() if len(students) <= most}
    own = {place: prints & rare for place, prints in own.items()}
    whole = {
        student: frozenset[int]().union(*(own[student, name] for name in code)) for student, code in class_.items()
    }
    shared: Counter[tuple[str, str]] = Counter()
    for one in rare:
        shared.update(combinations(sorted(having[one]), 2))
    pairs = []
    for (first, second), count in shared.items():
        few = min(len(whole[first]), len(whole[second]))
        by_function = {
            name: len(own[first, name] & own[second, name]) / fewest
            for name in class_[first].keys() & class_[second].keys()
            if (fewest := min(len(own[first, name]), len(own[second, name]))) >= FEWEST_OF_ONE
        }
        share = count / few if few >= FEWEST else 0.0
        nearly = {name: part for name, part in by_function.items() if part >= max(least, 0.9)}
        if share >= least or nearly:
            high = {name: part for name, part in sorted(by_function.items()) if part >= least}
            pairs.append(Pair(first, second, share, high))
    return sorted(pairs, key=lambda pair: (-max(pair.share, *pair.by_function.values(), 0), pair.one, pair.other))
