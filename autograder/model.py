"""The words that the whole autograder speaks: what is asked, what came back, what it is worth.

Nothing here runs code or touches a file; every type is frozen and can be pickled, so that a batch
may judge in any process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

import numpy as np


class Status(StrEnum):
    """What became of a criterion; the words are those of ``scores.csv``."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    MISSING = "missing"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Rng:
    """Stands for ``numpy.random.default_rng(seed)`` in a call: the sandbox makes the generator."""

    seed: int


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a function in the student's namespace, or a few in a row.

    ``args`` and ``kwargs`` hold ``None``, booleans, numbers, strings, NumPy arrays, :class:`Rng`, and
    lists, tuples and dictionaries of these.

    ``rounds`` says, for each of a few calls, which arguments it changes, by position or by name. All others are the
    same objects in every call, so that a generator moves on; the value is the list of what the calls returned.
    """

    function: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    rounds: tuple[Mapping[int | str, Any], ...] = ()

    def named(self, parameters: Sequence[str]) -> Call:
        """Return this call with all arguments under the names that the function has for them, in its order.

        >>> Call("output_size", (8, 3), {"padding": 1}).named(("n", "kernel_size", "stride", "padding")).kwargs
        {'n': 8, 'kernel_size': 3, 'padding': 1}
        """
        count = min(len(self.args), len(parameters))
        given = {**dict(zip(parameters, self.args, strict=False)), **self.kwargs}
        order = [*(name for name in parameters if name in given), *(name for name in given if name not in parameters)]
        rounds = tuple(
            {_other_place(place, parameters, count): value for place, value in changes.items()}
            for changes in self.rounds
        )
        return Call(self.function, self.args[count:], {name: given[name] for name in order}, rounds)

    def singly(self) -> tuple[Call, ...]:
        """Return the calls of all rounds, one by one.

        >>> [one.args for one in Call("small_cnn", ("after_pool", 0.2), rounds=({}, {0: "none"})).singly()]
        [('after_pool', 0.2), ('none', 0.2)]
        """
        return tuple(
            Call(
                self.function,
                tuple(changes.get(place, value) for place, value in enumerate(self.args)),
                {**self.kwargs, **{name: value for name, value in changes.items() if isinstance(name, str)}},
            )
            for changes in self.rounds or ({},)
        )


def _other_place(place: int | str, parameters: Sequence[str], count: int) -> int | str:
    """Return where an argument stands after the first ``count`` positional ones have got their names."""
    if isinstance(place, str):
        return place
    return parameters[place] if place < count else place - count


@dataclass(frozen=True, eq=False)
class Reply:
    """What a call gave: a value, an exception, or the way in which it ended the process.

    ``status`` is ``PASSED`` when the call returned, ``ERROR`` when it raised. ``refused`` says that what it
    raised was a ``ValueError``. ``inputs`` are the arguments as the call left them.
    """

    status: Status
    value: Any = None
    message: str = ""
    refused: bool = False
    inputs: tuple[Any, ...] = ()


def lost_by(got: Reply, expected: Reply) -> Status:
    """Return the status of what a wrong reply loses: an exception is an error only where a result was expected."""
    answered = got.status is Status.PASSED or (got.status is Status.ERROR and expected.status is Status.ERROR)
    return Status.FAILED if answered else got.status


class Judge(Protocol):
    """Compares replies with those of the reference; says what is wrong, or ``None``."""

    def __call__(self, case: Case, got: Reply, expected: Reply) -> str | None: ...


@dataclass(frozen=True, eq=False)
class Case:
    """A call and the way to judge its reply; ``judge`` must be picklable (a function of a module).

    ``needs`` names criteria of the same question: who has lost one of them is not asked this, since the mistake
    would show here again.
    """

    call: Call
    judge: Judge
    needs: frozenset[str] = frozenset()


# What a criterion says that has lost all of its cases in that way.
NOTHING_LEFT = "every case of this needs something that is lost above, so nothing was shown"

CaseSource = Callable[[np.random.Generator], Iterable[Case]]


@dataclass(frozen=True, eq=False)
class Criterion:
    """One thing that a student can learn from losing.

    ``examples`` are the worked cases that ``check`` shows, smallest first. ``generate`` draws the cases of
    a grading run, smallest first, from a generator seeded for that run. ``tries`` tells in words what
    these add to the examples. ``hint`` names the idea, not the code.
    """

    name: str
    points: float
    examples: tuple[Case, ...]
    generate: CaseSource
    tries: str
    hint: str


@dataclass(frozen=True, eq=False)
class Question:
    """A graded function: its name is the ``grade_id`` of its cell.

    ``packages`` are mounted in addition to NumPy and matplotlib.
    """

    name: str
    criteria: tuple[Criterion, ...]
    packages: tuple[str, ...] = ()

    @cached_property
    def points(self) -> float:
        return sum(criterion.points for criterion in self.criteria)


@dataclass(frozen=True, eq=False)
class Assignment:
    """A notebook's graded functions, in the order in which they are reported."""

    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Limits:
    """What a submission may use; sizes in bytes, times in seconds of the wall clock.

    ``own_seconds`` are for all cells together that the student has added; the rest is for what is graded.

    There is none on processes: no submission can start one, or a thread.
    """

    cell_seconds: float = 10.0
    call_seconds: float = 3.0
    function_seconds: float = 10.0
    submission_seconds: float = 60.0
    own_seconds: float = 30.0
    memory: int = 1 << 30
    result: int = 64 << 20
    scratch: int = 64 << 20
    notebook: int = 20 << 20

    def changed(self, wanted: Mapping[str, float]) -> Limits:
        """Return these limits with some set anew: times in seconds, sizes in MiB.

        Raises
        ------
        ValueError
            If there is no such limit, or it would let nothing through.
        """
        units = self.units()
        unknown = [name for name in wanted if name not in units]
        if unknown:
            raise ValueError(f"no limit is called {unknown[0]!r}; there are {', '.join(units)}")
        low = [name for name, number in wanted.items() if not 0 < number < float("inf")]
        if low:
            raise ValueError(f"{low[0]} must be a number above 0")
        # A size is a whole number of bytes, and at least one.
        changed: dict[str, Any] = {
            name: wanted[name] if unit == 1 else max(1, int(wanted[name] * unit))
            for name, unit in units.items()
            if name in wanted
        }
        return replace(self, **changed)

    def text(self) -> str:
        """Return all limits as ``--limit`` takes them: times in seconds, sizes in MiB.

        >>> Limits().text()[:34]
        'cell_seconds=10, call_seconds=3, f'
        """
        return ", ".join(f"{name}={getattr(self, name) / unit:g}" for name, unit in self.units().items())

    @classmethod
    def units(cls) -> dict[str, int]:
        """Return every limit's name and what its number is multiplied with: seconds are themselves, sizes MiB."""
        return {one.name: 1 if one.name.endswith("_seconds") else 1 << 20 for one in fields(cls)}


@dataclass(frozen=True, eq=False)
class Evidence:
    """The smallest failing case as feedback shows it; of a ``graded`` one less than in the student's own notebook."""

    call: Call
    expected: Reply
    got: Reply
    graded: bool = False


@dataclass(frozen=True, eq=False)
class Result:
    """One row of ``scores.csv``; ``message`` is for people."""

    question: str
    criterion: str
    score: float
    max_score: float
    status: Status
    message: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, eq=False)
class Verdict:
    """Everything that grading found about one submission.

    ``remarks`` name what was there and not used, or used although it was not where it should be: a person may
    want to look at it. ``confinement`` names what confined the submission meanwhile.
    """

    student: str
    assignment: str
    seed: int
    results: tuple[Result, ...]
    remarks: tuple[str, ...] = ()
    confinement: str = ""

    @property
    def score(self) -> float:
        return sum(result.score for result in self.results)

    @property
    def max_score(self) -> float:
        return sum(result.max_score for result in self.results)
