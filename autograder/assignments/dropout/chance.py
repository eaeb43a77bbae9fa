"""Judges of a random layer.

What holds for every draw is judged exactly: output and mask agree, what is kept is scaled, one seed gives one mask.
Rates are judged by Chernoff's bound. One such test fails a right function with a probability below 1e-12, and a
grading run makes less than a hundred of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import numpy as np

from ...criteria.arrays import Array
from ...criteria.comparison import difference
from ...criteria.judges import trouble
from ...criteria.several import one_by_one
from ...model import Call, Case, Judge, Reply

SURPRISE = np.log(2 / 1e-12)
ONE_FATE = 1e-12


def surprising(count: int, total: int, chance: float) -> bool:
    """Say whether ``count`` of ``total`` independent events of this chance are too many or too few to believe.

    Chernoff's bound: with probability at most ``2 * exp(-total * d)`` is the share of events at a relative entropy
    of ``d`` or more from their chance.
    """
    share = count / total
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.array([share * np.log(share / chance), (1 - share) * np.log((1 - share) / (1 - chance))])
    return bool(total * np.nansum(terms) > SURPRISE)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one call of a layer gave: ``mask`` is the mask that it returned, as booleans and spread over the input."""

    call: Call
    output: Array
    returned_mask: Array
    mask: Array
    expected: Reply

    @property
    def x(self) -> Array:
        array: Array = self.call.args[0]
        return array

    @property
    def p(self) -> float:
        return float(self.call.args[1])

    @property
    def shared_axes(self) -> tuple[int, ...]:
        """The axes along which cells fall together."""
        sides = zip(self.x.shape, self.expected_mask.shape, strict=True)
        return tuple(axis for axis, (cells, fates) in enumerate(sides) if cells != fates)

    @property
    def expected_mask(self) -> Array:
        mask: Array = self.expected.value[1]
        return mask


def read(case: Case, got: Reply, expected: Reply) -> Outcome | str:
    """Return the outcome of a call, or say what is wrong with it."""
    wrong = trouble(got)
    if wrong:
        return wrong
    x = case.call.args[0]
    match got.value:
        case [np.ndarray() as output, np.ndarray() as mask]:
            pass
        case _:
            return "expected two arrays: output and mask"
    # Where nothing falls booleans may stay what they are.
    if output.shape != x.shape or output.dtype.kind not in ("fiub" if x.dtype == bool else "fiu"):
        return f"expected an output of numbers of shape {x.shape}, got {output.dtype} of shape {output.shape}"
    try:
        return Outcome(case.call, output, mask, np.broadcast_to(mask != 0, x.shape), expected)
    except ValueError:
        return f"a mask of shape {mask.shape} does not fit an input of shape {x.shape}"


def judge_of_outcomes(look: Callable[[Outcome], str | None]) -> Judge:
    """Return the judge that reads the outcome of a call and then looks into it."""

    @wraps(look)
    def judge(case: Case, got: Reply, expected: Reply) -> str | None:
        outcome = read(case, got, expected)
        return outcome if isinstance(outcome, str) else look(outcome)

    return judge


def partly_dropped(seen: Outcome) -> str | None:
    """Hold when something was kept and something dropped, as chance does to every array that is large enough.

    Where the input is zero the output does not tell.
    """
    kept = seen.output[seen.x != 0] != 0
    if not kept.any():
        return "everything was dropped"
    return "nothing was dropped" if kept.all() else None


@judge_of_outcomes
def drops(seen: Outcome) -> str | None:
    """Hold when the output has the input's shape and is zero in some cells, not in all."""
    return partly_dropped(seen)


@judge_of_outcomes
def agree(seen: Outcome) -> str | None:
    """Hold when the mask is the output's, also for zeros of the input."""
    return partly_dropped(seen) or agreement(seen) or zeros_are_drawn_for(seen)


def agreement(seen: Outcome) -> str | None:
    """Hold when the output is zero exactly where the mask is false or the input is zero."""
    cells = int(((seen.output != 0) != (seen.mask & (seen.x != 0))).sum())
    return f"mask and output disagree in {cells} of {seen.mask.size} cells" if cells else None


def one_fate(kept: Array, p: float) -> str | None:
    """Say that all of so many independent fates are one, which no right layer gives within a lifetime."""
    if max(p, 1 - p) ** kept.size < ONE_FATE and kept.all() == kept.any():
        return f"all of {kept.size} were {'kept' if kept.all() else 'dropped'} at p = {p:g}"
    return None


def zeros_are_drawn_for(seen: Outcome) -> str | None:
    """Hold when of many zeros, or channels of zeros, some are kept and some dropped: only the mask tells."""
    zero = ~(seen.x != 0).any(axis=seen.shared_axes, keepdims=True)
    first = tuple(slice(1) if axis in seen.shared_axes else slice(None) for axis in range(zero.ndim))
    wrong = one_fate(seen.mask[first][zero], seen.p)
    return wrong and f"where x is zero {wrong}, says the mask: it tells what was kept, not what the output is"


@judge_of_outcomes
def scaled(seen: Outcome) -> str | None:
    """Hold when what is kept is divided by 1 - p."""
    right = np.where(seen.output != 0, seen.x / (1 - seen.p), 0.0)
    return partly_dropped(seen) or difference(seen.output, right, integers_pass=True)


@judge_of_outcomes
def one_factor(seen: Outcome) -> str | None:
    """Hold when what is kept is the input times one number, whatever that number is."""
    wrong = partly_dropped(seen)
    if wrong:
        return wrong
    kept = seen.output != 0
    if (seen.x[kept] == 0).any():
        return "a zero of the input is no zero in the output"
    factors = seen.output.astype(float)[kept] / seen.x[kept]
    if not np.allclose(factors, factors[0], rtol=1e-9):
        return f"kept values were multiplied by different numbers, from {factors.min():.4g} to {factors.max():.4g}"
    return None


@judge_of_outcomes
def rate(seen: Outcome) -> str | None:
    """Hold when the share of what is kept is 1 - p, as far as chance allows."""
    kept, cells, p = int(np.count_nonzero(seen.output)), seen.output.size, seen.p
    if surprising(kept, cells, 1 - p):
        return f"{kept} of {cells} cells were kept at p = {p:g}; about {cells * (1 - p):.0f} are expected"
    return None


@judge_of_outcomes
def nothing_falls(seen: Outcome) -> str | None:
    """Hold when no output is zero."""
    return None if seen.output.all() else "something was dropped at p = 0"


@judge_of_outcomes
def independent(seen: Outcome) -> str | None:
    """Hold when neighbours along every axis are kept or dropped together as often as chance has it."""
    kept, p = seen.output != 0, seen.p
    for axis, length in enumerate(kept.shape):
        if length > 1:
            along = np.moveaxis(kept, axis, 0)
            alike = along[0 : length - 1 : 2] == along[1:length:2]
            if surprising(int(alike.sum()), alike.size, p**2 + (1 - p) ** 2):
                share = alike.mean()
                return f"neighbours along axis {axis} share their fate in {share:.0%} of all cases"
    return partly_dropped(seen)


@judge_of_outcomes
def returns_the_input(seen: Outcome) -> str | None:
    """Hold when the output is the input and the mask true everywhere."""
    wrong = difference(seen.output, seen.x, integers_pass=True)
    return wrong or (None if seen.mask.all() else "the mask of the evaluation is not true everywhere")


def evaluation(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when of two calls that in evaluation returns its input, and that in training drops something."""
    replies = one_by_one(case, got, expected)
    if isinstance(replies, str):
        return replies
    (outside, training) = replies
    return returns_the_input(*outside) or drops(*training)


def outputs(case: Case, got: Reply, expected: Reply) -> list[Array] | str:
    """Return the output of each call of a case that makes several, or say what is wrong with one."""
    replies = one_by_one(case, got, expected)
    if isinstance(replies, str):
        return replies
    seen = [read(*reply) for reply in replies]
    return next((one for one in seen if isinstance(one, str)), [one.output for one in seen if isinstance(one, Outcome)])


def not_boolean(mask: Array) -> str | None:
    """Say that a mask holds something else than booleans, or return ``None``."""
    return None if mask.dtype.kind == "b" else f"expected a mask of booleans, got {mask.dtype}"


def drops_in_training(seen: Outcome) -> str | None:
    """Hold when something falls in training, so that a mask is one of something."""
    return partly_dropped(seen) if seen.call.kwargs.get("training", True) else None


@judge_of_outcomes
def boolean(seen: Outcome) -> str | None:
    """Hold when the mask is an array of booleans."""
    return not_boolean(seen.returned_mask) or drops_in_training(seen)


@judge_of_outcomes
def boolean_in_the_shape_of_x(seen: Outcome) -> str | None:
    """Hold when the mask is an array of booleans that has the input's shape."""
    mask = seen.returned_mask
    return not_boolean(mask) or difference(mask.shape, seen.expected_mask.shape) or drops_in_training(seen)


@judge_of_outcomes
def whole_channels(seen: Outcome) -> str | None:
    """Hold when each channel is kept or dropped as one, and the mask has one value for each."""
    kept, asked = seen.output != 0, seen.x != 0
    torn = int((kept.any(axis=(2, 3)) & (kept != asked).any(axis=(2, 3))).sum())
    if torn:
        return f"{torn} of {kept[..., 0, 0].size} channels were dropped in part"
    if seen.returned_mask.shape != seen.expected_mask.shape:
        return f"expected a mask of shape {seen.expected_mask.shape}, got {seen.returned_mask.shape}"
    return partly_dropped(seen)


def counts_vary(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when not every call dropped the same number of cells."""
    found = outputs(case, got, expected)
    if isinstance(found, str):
        return found
    if len({int(np.count_nonzero(output)) for output in found}) == 1:
        return "every call drops the same number of cells: each cell should fall on its own"
    return None


def generators(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when one seed gives one output, and the next call with the same generator another one."""
    found = outputs(case, got, expected)
    if isinstance(found, str):
        return found
    first, again, later = found
    if not np.array_equal(first, again):
        return "two generators with the same seed gave different outputs"
    if np.array_equal(first, later):
        return "the second call with one generator gave the same output again"
    return None
