"""The few words in which an assignment says what is asked.

>>> plain = criterion("plain windows", 2, [call("max_pool2d", [[1.0, 2.0]], 1)], hint="…")
>>> plain.points, len(plain.examples)
(2, 1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..model import Call, Case, Criterion, Judge
from .judges import same, untouched

Draw = Callable[[np.random.Generator], Iterable[Call | Case]]


def call(function: str, *args: Any, **kwargs: Any) -> Call:
    """Return a call; positional arguments that are lists of numbers stay lists, arrays stay arrays."""
    return Call(function, args, kwargs)


def nothing(rng: np.random.Generator) -> tuple[Call, ...]:
    """Draw no cases: the examples are all that there is to try."""
    del rng
    return ()


def criterion(
    name: str,
    points: float,
    examples: Iterable[Call | Case],
    draw: Draw = nothing,
    *,
    hint: str,
    tries: str = "",
    judge: Judge = same,
) -> Criterion:
    """Return a criterion whose calls are judged by ``judge`` unless they come as a case of their own.

    ``examples`` are shown by ``check``; ``draw(rng)`` yields a grading run's calls. Both smallest first.
    """

    def case(item: Call | Case) -> Case:
        return item if isinstance(item, Case) else Case(item, judge)

    return Criterion(
        name=name,
        points=points,
        examples=tuple(case(example) for example in examples),
        generate=lambda rng: (case(drawn) for drawn in draw(rng)),
        tries=tries,
        hint=hint,
    )


def input_stays_untouched(
    points: float,
    examples: Iterable[Call | Case],
    draw: Draw = nothing,
    *,
    judge: Judge = untouched,
    tries: str = "other sizes",
    hint: str = "A caller may still need what it passed in: work on a copy, or build the result separately.",
) -> Criterion:
    """Return the criterion that a call leaves the arrays which go in as they were; its result must be right, too."""
    return criterion("the input stays untouched", points, examples, draw, judge=judge, tries=tries, hint=hint)
