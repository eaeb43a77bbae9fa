"""What several students have in common: equal wrong results, and equal ways not to come to a result.

Equal means equal after rounding at the tolerance of grading, so that two ways to compute the same wrong
thing meet. A misunderstanding that many share shows here, and so does a mistake that was passed on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..criteria.comparison import RELATIVE_TOLERANCE, largest
from ..model import Evidence, Result, Status, Verdict
from .words import one_line

# Where in a student's cell an exception was raised, as the worker says it: no two notebooks agree on it.
PLACE = re.compile(r":?\s*\(line \d+ of [^()]*\)$")


@dataclass
class Group:
    """Students with one wrong result, and the criteria that it cost; ``first`` is the number of a verdict with it."""

    key: bytes
    question: str
    first: int
    students: dict[str, None] = field(default_factory=dict)
    criteria: dict[str, None] = field(default_factory=dict)


@dataclass
class Trouble:
    """Students whose code ended in one way: the status, the functions concerned, what was said."""

    status: Status
    questions: tuple[str, ...]
    message: str
    students: list[str] = field(default_factory=list)


class SharedOutcomes:
    """Collects what verdicts have in common, and keeps none of them nor of their arrays."""

    def __init__(self, verdicts: Iterable[Verdict] = ()) -> None:
        self.count = 0
        self._groups: dict[bytes, Group] = {}
        self._troubles: dict[tuple[Status, str, tuple[str, ...]], Trouble] = {}
        for verdict in verdicts:
            self.add(verdict)

    def add(self, verdict: Verdict) -> None:
        """Take one more verdict into account."""
        own: dict[tuple[Status, str], dict[str, None]] = {}
        for result in verdict.results:
            evidence = result.evidence
            if result.status not in (Status.PASSED, Status.FAILED):
                said = PLACE.sub("", one_line(result.message))
                own.setdefault((result.status, said), {})[result.question] = None
            elif result.status is Status.FAILED and evidence and evidence.got.status is Status.PASSED:
                key = _key(result, evidence)
                group = self._groups.setdefault(key, Group(key, result.question, self.count))
                group.students[verdict.student] = group.criteria[result.criterion] = None
        for (status, message), questions in own.items():
            new = Trouble(status, tuple(questions), message)
            self._troubles.setdefault((status, message, new.questions), new).students.append(verdict.student)
        self.count += 1

    def wrong_results(self) -> list[Group]:
        """Return the wrong results that at least two students share, the commonest first."""
        shared = [group for group in self._groups.values() if len(group.students) > 1]
        return sorted(shared, key=lambda group: -len(group.students))

    def troubles(self) -> list[Trouble]:
        """Return the ways in which code ended without a result, the commonest first."""
        return sorted(self._troubles.values(), key=lambda trouble: -len(trouble.students))


def shown(group: Group, first: Verdict) -> Result:
    """Return the result of a group's first verdict that the others share."""
    return next(one for one in first.results if one.evidence and _key(one, one.evidence) == group.key)


def _key(result: Result, evidence: Evidence) -> bytes:
    digest = hashlib.sha256()
    call = evidence.call
    for part in _bytes([result.question, call.function, list(call.args), dict(call.kwargs), evidence.got.value]):
        digest.update(part)
    return digest.digest()


def _bytes(value: Any) -> Iterator[bytes]:
    if isinstance(value, (list, tuple)):
        yield f"{type(value).__name__}{len(value)}".encode()
        for item in value:
            yield from _bytes(item)
    elif isinstance(value, dict):
        yield from _bytes(list(value.items()))
    elif isinstance(value, (np.ndarray, np.generic, float)):
        array = np.asarray(value)
        yield f"{type(value).__name__}{array.shape}{array.dtype}".encode()
        yield _rounded(array).tobytes()
    else:
        yield f"{type(value).__name__}{value!r}".encode(errors="backslashreplace")


def _rounded(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Round floats to the tolerance at their scale; -0 becomes 0 and every NaN the same one."""
    if array.dtype.kind != "f":
        return array
    # The power of ten above the scale: students with slightly different maxima round alike.
    step = 10.0 ** np.ceil(np.log10(largest(array) or 1.0)) * RELATIVE_TOLERANCE
    with np.errstate(all="ignore"):
        steps = np.rint(array.astype(float) / step) + 0.0
    return np.where(np.isnan(steps), np.nan, steps)
