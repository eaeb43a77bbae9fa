"""Bad arguments raise a ``ValueError`` that names the argument: worked examples, and calls that nobody knows by heart.

A drawn refusal is a legal call with one argument made bad, among legal calls as they were drawn: who refuses always, or
what a table says, refuses too much or too little.

>>> from autograder.criteria.criterion import call
>>> draw = spoilt(lambda rng: [call("output_size", 5, 2)], ("n", "kernel_size"), {"stride": below(1)})
>>> sorted((len(case.call.kwargs), case.judge) for case in draw(np.random.default_rng(1)))[1]
(1, Refused(argument='stride', others=()))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..model import Call, Case, Criterion, Judge
from .arrays import Array, Generator
from .criterion import criterion
from .judges import Refused, accepted, same

# Draws legal calls and bad ones, each with the judge that it needs.
Mixed = Callable[[Generator], Iterable[Case]]
# Makes a bad value of an argument, given all arguments of a legal call by name.
Spoiler = Callable[[Generator, Mapping[str, Any]], Any]


def bad_arguments_are_refused(
    name: str,
    points: float,
    *,
    works: Iterable[Call | Case],
    legal: Iterable[Call] = (),
    refused: Iterable[tuple[str, Call] | Case],
    draw: Mixed,
    hint: str,
    judge: Judge = same,
) -> Criterion:
    """Return the criterion that bad arguments raise a ``ValueError`` naming the argument.

    ``works`` must hold before ``judge``, so that a function that refuses everything, or returns rubbish, earns
    nothing; ``legal`` lie just inside the border and need only give the right shape; ``refused`` are pairs of the
    name that the message must hold (empty: any message) and a call, or cases with a judge of their own. ``draw`` is
    what :func:`spoilt` returns.
    """
    bad = [item if isinstance(item, Case) else Case(item[1], Refused(item[0])) for item in refused]
    names = {case.judge.argument for case in bad if isinstance(case.judge, Refused)} - {""}

    def judged(case: Case) -> Case:
        return replace(case, judge=case.judge.among(names)) if isinstance(case.judge, Refused) else case

    return criterion(
        name,
        points,
        (*works, *map(judged, bad), *(Case(item, accepted) for item in legal)),
        lambda rng: map(judged, draw(rng)),
        hint=hint,
        judge=judge,
        tries="other arguments, good and bad ones",
    )


def spoilt(
    calls: Callable[[Generator], Iterable[Call | Case]],
    parameters: Sequence[str],
    bad: Mapping[str, Spoiler],
    *,
    unnamed: Collection[str] = (),
    judge: Judge = accepted,
    legal: int = 1,
) -> Mixed:
    """Return what draws, in random order, ``legal`` calls and two with one argument of ``bad`` spoilt.

    Worked examples ask for every argument; the drawn calls only show that nobody has these by heart.

    ``calls`` draws legal calls, again and again; ``parameters`` are the names of what they pass by position, and
    ``judge`` judges them. Of the arguments ``unnamed`` any message will do.
    """

    def draw(rng: Generator) -> Iterator[Case]:
        drawn = _for_ever(rng, calls)
        cases = [Case(next(drawn), judge) for _ in range(legal)]
        for name in map(str, rng.permutation(list(bad))[:2]):
            made = next(drawn)
            given = {**dict(zip(parameters, made.args, strict=False)), **made.kwargs}
            spoiled = _with(made, parameters, name, bad[name](rng, given))
            cases.append(Case(spoiled, Refused("" if name in unnamed else name)))
        yield from (cases[i] for i in rng.permutation(len(cases)))

    return draw


def _for_ever(rng: Generator, calls: Callable[[Generator], Iterable[Call | Case]]) -> Iterator[Call]:
    while True:
        for item in calls(rng):
            yield item.call if isinstance(item, Case) else item


def _with(made: Call, parameters: Sequence[str], name: str, value: Any) -> Call:
    """Return a call with one argument another, by position where it was."""
    place = parameters.index(name) if name in parameters else len(made.args)
    if place < len(made.args):
        return replace(made, args=(*made.args[:place], value, *made.args[place + 1 :]))
    return replace(made, kwargs={**made.kwargs, name: value})


def below(limit: int, *, pairs: bool = False) -> Spoiler:
    """Make a whole number below ``limit``; with ``pairs``, half of the time beside one that is not."""

    def spoil(rng: Generator, given: Mapping[str, Any]) -> Any:
        del given
        bad, good = int(rng.integers(limit - 1000, limit)), int(rng.integers(limit, limit + 3))
        return [bad, (bad, good), bad, (good, bad)][rng.integers(4)] if pairs else bad

    return spoil


def other_axes(name: str, axes: int) -> Spoiler:
    """Make of an array one that has an axis less or more than ``axes``."""

    def spoil(rng: Generator, given: Mapping[str, Any]) -> Array:
        array = np.asarray(given[name])
        shorter = array[(0,) * (array.ndim - axes + 1)]
        return shorter if rng.integers(2) else array.reshape((1,) * (axes + 1 - array.ndim) + array.shape)

    return spoil


def either(*spoilers: Spoiler) -> Spoiler:
    """Make what one of several makes."""
    return lambda rng, given: spoilers[rng.integers(len(spoilers))](rng, given)


def other_words(*words: str) -> Spoiler:
    """Make a word that is none of ``words``, although it looks like one."""

    def spoil(rng: Generator, given: Mapping[str, Any]) -> str:
        del given
        return f"{words[rng.integers(len(words))]}{''.join(rng.choice(list('abcdefgh'), 4))}"

    return spoil
