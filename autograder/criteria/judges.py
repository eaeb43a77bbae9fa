"""The judges that all assignments share: whether a reply holds against that of the reference.

A judge returns ``None`` when a reply holds, otherwise one sentence that says what is wrong. Nothing that a
student wrote runs here: replies are plain values and exact NumPy arrays.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from ..model import Case, Reply, Status
from .comparison import RELATIVE_TOLERANCE, SINGLE_TOLERANCE, difference, largest, shape_difference

# Where a worker says that an exception was raised; the name of a cell is no argument's.
WHERE = re.compile(r" \(line \d+ of [^()]*\)$")


def went_in(case: Case) -> float:
    """Return the magnitude of a call's arrays: of the array whose largest number is smallest, 0 without arrays."""
    return min((largest(item) for item in case.call.args if isinstance(item, np.ndarray)), default=0.0)


def same(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when shape, kind and values agree with the reference's."""
    return trouble(got) or difference(got.value, expected.value, inputs=went_in(case))


def same_value(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold like :func:`same`, but an array of integers may stand for one of floats.

    For operations that select or add, such as the maximum of integers.
    """
    return trouble(got) or difference(got.value, expected.value, integers_pass=True, inputs=went_in(case))


def close(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when shape and values agree, in single precision where that goes in; kinds have criteria of their own."""
    single = any(getattr(value, "dtype", None) == np.float32 for value in case.call.args)
    tolerance = SINGLE_TOLERANCE if single else RELATIVE_TOLERANCE
    return trouble(got) or difference(
        got.value, expected.value, integers_pass=True, tolerance=tolerance, inputs=went_in(case)
    )


def untouched(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the result is right and the arrays that went in are as they were."""
    return same_value(case, got, expected) or modified(case, got)


def modified(case: Case, got: Reply) -> str | None:
    """Say that the arrays that went in are not as they were, or return ``None``."""
    sent = [item for item in case.call.args if isinstance(item, np.ndarray)]
    if len(sent) != len(got.inputs):
        return "the inputs did not come back"
    for before, after in zip(sent, got.inputs, strict=True):
        if not isinstance(after, np.ndarray) or difference(after, before, tolerance=0.0):
            return "the call modified its input"
    return None


def accepted(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when a legal call, at the edge of what is refused, gives a result of the right shape."""
    return returned(case, got, expected) or shape_difference(got.value, expected.value)


def returned(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when a legal call gives anything: other criteria ask what."""
    del case, expected
    wrong = trouble(got)
    return wrong and f"this call is legal, but {wrong}"


@dataclass(frozen=True)
class Refused:
    """Holds when the call raised a ``ValueError`` whose message names ``argument`` (if one is given).

    A message that names the ``others``, too, all of them, says nothing: at least two arguments are bad elsewhere.
    """

    argument: str = ""
    others: tuple[str, ...] = ()

    def among(self, names: Collection[str]) -> Refused:
        """Return this judge where the arguments ``names`` are refused."""
        others = tuple(sorted({*names} - {self.argument}))
        return replace(self, others=others) if self.argument and len(others) > 1 else self

    def __call__(self, case: Case, got: Reply, expected: Reply) -> str | None:
        """Judge one reply."""
        del case, expected
        if got.status is Status.PASSED:
            bad = f"a bad `{self.argument}`" if self.argument else "a bad value"
            return f"{bad} was accepted; it should raise ValueError"
        if got.status is not Status.ERROR:
            return trouble(got)
        if not got.refused:
            return f"expected a ValueError, got {got.message}"
        said = WHERE.sub("", got.message)
        if not _names(said, self.argument):
            return f"the message of the ValueError should name `{self.argument}`; it says: {got.message}"
        if self.others and all(_names(said, other) for other in self.others):
            return f"the message should name `{self.argument}` and not every argument; it says: {got.message}"
        return None


def _names(message: str, argument: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z]){re.escape(argument)}", message))


def trouble(got: Reply) -> str | None:
    """Say how a call ended if it did not return."""
    return None if got.status is Status.PASSED else got.message or got.status.value
