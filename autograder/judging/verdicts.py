"""Verdicts kept by content: a rerun judges only what has changed.

The key of a verdict is a hash of everything that it depends on: the cells handed in, the cases, the
reference's replies, the limits, the grader's own code and the interpreter. A file appears whole or not at
all, so a grader may be killed at any moment and two may share a store.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, overload

import IPython
import numpy as np

from ..criteria import comparison, judges
from ..files import write_atomically
from ..model import Call, Evidence, Reply, Result, Rng, Status, Verdict
from ..sandbox import confinement, described, session, shell, warm, wire, worker
from ..submission import Submission
from . import grading
from .exam import DrawnCriterion, Exam

NONCE = bytes(16)
CODE = (comparison, confinement, described, grading, judges, session, shell, warm, wire, worker)
PACKAGE = __name__.partition(".")[0]
LIMIT = 1 << 30
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def fingerprint(exam: Exam) -> str:
    """Return a hash of all that an exam's verdicts depend on beside the hand-in."""
    papers = [
        (paper.question, paper.packages, [_criterion(drawn) for drawn in paper.criteria])
        for paper in exam.papers
    ]
    cases = (case for paper in exam.papers for drawn in paper.criteria for case in drawn.cases)
    asked = {module for case in cases for module in _modules(case.judge)}
    code = [inspect.getsource(module) for module in _reachable({*CODE, *asked})]
    setting = (exam.seed, exam.confinement, astuple(exam.limits), sys.version, np.__version__, IPython.__version__)
    return _hash({"papers": papers, "code": code, "setting": setting, "release": dict(exam.release.sources)})


def _modules(judge: Any) -> Iterator[ModuleType]:
    """Yield the modules of a judge and of the judges that it is made of."""
    yield _module(judge)
    for part in vars(judge).values() if is_dataclass(judge) else ():
        for one in part if isinstance(part, tuple) else (part,):
            if callable(one):
                yield from _modules(one)


def _module(thing: Any) -> ModuleType:
    """Return the module in which a function, or the class of anything else, is defined."""
    return sys.modules[getattr(thing, "__module__", None) or type(thing).__module__]


def _reachable(modules: Iterable[ModuleType]) -> list[ModuleType]:
    """Return modules of this package and all of it that they use, in the order of their names."""
    found: dict[str, ModuleType] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module.__name__ in found:
            continue
        found[module.__name__] = module
        for value in vars(module).values():
            name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            if isinstance(name, str) and name.startswith(PACKAGE + ".") and name in sys.modules:
                waiting.append(sys.modules[name])
    return [found[name] for name in sorted(found)]


def _criterion(drawn: DrawnCriterion) -> Any:
    cases = [(_call(case.call), ADDRESS.sub("", repr(case.judge)), sorted(case.needs)) for case in drawn.cases]
    return (drawn.criterion, drawn.points, cases, [_reply(reply) for reply in drawn.expected])


def key(exam_fingerprint: str, submission: Submission) -> str:
    """Return the name under which the verdict on a submission is kept, but for what confined it."""
    cells = [(cell.name, cell.source, cell.own, cell.lenient, cell.spare) for cell in submission.cells]
    return _hash(
        {
            "exam": exam_fingerprint,
            "cells": cells,
            "checks": dict(submission.checks),
            "homes": dict(submission.homes),
            "python": submission.python,
            "malformed": dict(submission.malformed),
            "missing": dict(submission.missing),
            "remarks": submission.remarks,
        }
    )


def _hash(message: dict[str, Any]) -> str:
    return hashlib.sha256(wire.pack(message, NONCE, laid_out=True)).hexdigest()


class Store:
    """A folder of verdicts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __contains__(self, name: str) -> bool:
        try:
            self.get(name, "")
        except KeyError:
            return False
        return True

    def put(self, name: str, verdict: Verdict) -> None:
        """Keep a verdict; raises ``OSError`` when the disk is full, and then nothing is kept."""
        results = [
            (r.question, r.criterion, r.score, r.max_score, str(r.status), r.message, _evidence(r.evidence))
            for r in verdict.results
        ]
        message = {
            "assignment": verdict.assignment,
            "seed": verdict.seed,
            "results": results,
            "remarks": verdict.remarks,
            "confinement": verdict.confinement,
        }
        write_atomically(self._path(name), wire.pack(message, NONCE, laid_out=True))

    def get(self, name: str, student: str) -> Verdict:
        """Return a verdict as that of ``student``; raises ``KeyError`` when there is none or it is damaged."""
        try:
            stream = io.BytesIO(self._path(name).read_bytes())
        except FileNotFoundError as problem:
            raise KeyError(name) from problem
        try:
            message = wire.read(stream.read, NONCE, LIMIT, Rng)
            results = tuple(map(_result, message["results"]))
            asked, seed = message["assignment"], message["seed"]
            return Verdict(student, asked, seed, results, message["remarks"], message["confinement"])
        except (wire.WireError, KeyError, ValueError, TypeError) as problem:
            raise KeyError(name) from problem

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


class Verdicts(Sequence[Verdict]):
    """A class's verdicts, each read when it is looked at and none of them kept."""

    def __init__(self, store: Store, kept: Sequence[tuple[str, str]]) -> None:
        """``kept`` has students and the names of their verdicts."""
        self.store, self.kept = store, kept

    def __len__(self) -> int:
        return len(self.kept)

    @overload
    def __getitem__(self, index: int) -> Verdict: ...

    @overload
    def __getitem__(self, index: slice) -> Verdicts: ...

    def __getitem__(self, index: int | slice) -> Verdict | Verdicts:
        if isinstance(index, slice):
            return Verdicts(self.store, self.kept[index])
        student, name = self.kept[index]
        return self.store.get(name, student)


def _call(call: Call) -> tuple[Any, ...]:
    return (call.function, tuple(call.args), dict(call.kwargs), call.rounds)


def _reply(reply: Reply) -> tuple[Any, ...]:
    return (str(reply.status), reply.value, reply.message, reply.refused, reply.inputs)


def _evidence(evidence: Evidence | None) -> tuple[Any, ...] | None:
    if evidence is None:
        return None
    return (_call(evidence.call), _reply(evidence.expected), _reply(evidence.got))


def _result(fields: Any) -> Result:
    question, criterion, score, max_score, status, message, evidence = fields
    shown = None
    if evidence:
        call, *replies = evidence
        expected, got = (Reply(Status(state), *rest) for state, *rest in replies)
        shown = Evidence(Call(*call), expected, got, graded=True)
    return Result(question, criterion, score, max_score, Status(status), message, shown)
