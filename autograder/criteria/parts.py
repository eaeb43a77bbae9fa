"""Judges that let a mistake cost its own criterion only: of one value among several, and of results judged elsewhere.

>>> from autograder.model import Call, Case, Reply, Status
>>> size, jump = parts("size", "jump")
>>> case = Case(Call("receptive_field", ([(3, 2)],)), size)
>>> got, expected = (Reply(Status.PASSED, value) for value in ((3, 1), (3, 2)))
>>> size(case, got, expected), jump(case, got, expected)
(None, 'jump: expected 2, got 1')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..model import Case, Judge, Reply
from .comparison import difference
from .judges import modified, trouble, went_in


def whole_numbers(got: Any, expected: Any) -> Any:
    """Return ``got`` with a float such as 3.0 as the integer that it stands for, where an integer is expected.

    >>> whole_numbers((3.0, 1.5), (3, 2))
    (3, 1.5)
    """
    if isinstance(expected, (tuple, list)) and isinstance(got, (tuple, list)) and len(got) == len(expected):
        return tuple(map(whole_numbers, got, expected))
    asked = isinstance(expected, (int, np.integer)) and not isinstance(expected, bool)
    return int(got) if asked and isinstance(got, (float, np.floating)) and float(got).is_integer() else got


def whole(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the numbers are right, also as floats: another criterion asks for integers."""
    del case
    return trouble(got) or difference(whole_numbers(got.value, expected.value), expected.value)


@dataclass(frozen=True)
class Part:
    """Judges one value of several, so that a mistake in another costs nothing here."""

    index: int
    names: tuple[str, ...]

    def __call__(self, case: Case, got: Reply, expected: Reply) -> str | None:
        """Judge one reply."""
        wrong = trouble(got)
        if wrong:
            return wrong
        if not isinstance(got.value, (tuple, list)) or len(got.value) != len(self.names):
            return f"expected {len(self.names)} values: {', '.join(self.names)}"
        value = whole_numbers(got.value[self.index], expected.value[self.index])
        text = difference(value, expected.value[self.index], integers_pass=True, inputs=went_in(case))
        return text and f"{self.names[self.index]}: {text}"


def parts(*names: str) -> tuple[Part, ...]:
    """Return a judge for each of the values that a function returns, given their names."""
    return tuple(Part(index, names) for index in range(len(names)))


@dataclass(frozen=True)
class AnyOf:
    """Holds when one of the parts is right: enough to show that the function does its work."""

    parts: tuple[Part, ...]

    def __call__(self, case: Case, got: Reply, expected: Reply) -> str | None:
        """Judge one reply."""
        wrong = [part(case, got, expected) for part in self.parts]
        return None if None in wrong else wrong[0]


@dataclass(frozen=True)
class UntouchedIf:
    """Holds when another judge does, and the arrays that went in are as they were."""

    judge: Judge

    def __call__(self, case: Case, got: Reply, expected: Reply) -> str | None:
        """Judge one reply."""
        return self.judge(case, got, expected) or modified(case, got)
