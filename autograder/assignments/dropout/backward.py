"""What is asked of ``dropout_backward``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, Shape, any_values, drawn, laid_out, worldly
from ...criteria.comparison import difference
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import Refused, accepted, close, same_value, trouble
from ...criteria.parts import UntouchedIf
from ...criteria.refusals import bad_arguments_are_refused
from ...model import Call, Case, Question, Reply
from .draws import BAD_P, REFUSED, REFUSED_P, any_p, bad_p, chance, mixed, nonzero

FELL = "what fell gets no gradient"
SCALED = "the gradient is scaled as the output was"
BROADCAST = "the mask may broadcast"
INTEGERS = "integers become fractions, NaN and infinity pass"

# No mistake in the scaling multiplies by more, or by less than its inverse.
MOST_FACTOR = 1000.0
GRADIENT = np.array([1.0, 2, 3, 4])
KEPT = np.array([True, False, True, False])


def back(grad_output: Array, mask: Array, p: float) -> Call:
    """Return a call."""
    return call("dropout_backward", grad_output, mask, p)


def all_kept(grad_output: Array, p: float) -> Call:
    """Return a call where nothing fell."""
    return back(grad_output, np.ones(grad_output.shape, dtype=bool), p)


def proportional(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the result is the reference's times one number: the scaling has a criterion of its own."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    value, right = got.value, expected.value
    if isinstance(value, np.ndarray) and value.shape == right.shape and value.dtype.kind in "fiu":
        telling = np.isfinite(right) & (right != 0) & np.isfinite(value) & (value != 0)
        if telling.any():
            index = tuple(np.argwhere(telling)[0])
            factor = float(value[index] / right[index])
            if not 1 / MOST_FACTOR < abs(factor) < MOST_FACTOR:
                return f"the gradient is {factor:.3g} times what it should be"
            right = right * factor
    return difference(value, right, integers_pass=True)


def masked_or_scaled(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the mask is right or the scaling is: the gradient as it came has neither."""
    wrong = proportional(case, got, expected)
    value, right = got.value, expected.value
    if wrong is None or not isinstance(value, np.ndarray) or value.shape != right.shape:
        return wrong
    kept = np.broadcast_to(case.call.args[1], right.shape)
    return wrong if difference(value[kept], right[kept], integers_pass=True) else None


def masked(rng: Generator, shape: Shape, mask_shape: Shape, p: float) -> Call:
    """Draw a gradient and a mask in which both truth values occur."""
    mask = rng.random(mask_shape) >= 0.5
    mask.flat[0], mask.flat[-1] = True, False
    return back(gradient(rng, *shape), mask, p)


def gradient(rng: Generator, *shape: int) -> Array:
    """Draw a gradient without zeros, large or small as a whole."""
    return np.asarray(nonzero(rng, *shape) * rng.uniform(1, 2) * 2.0 ** rng.integers(-20, 21))


def draw_masks(rng: Generator) -> Iterator[Call]:
    """Draw masks of the gradient's own shape."""
    yield back(worldly(rng, (3, 4), any_values(rng)), rng.permutation(12).reshape(3, 4) < 6, chance(rng))
    for shape in ((4,), (2, 3, 4, 5)):
        yield masked(rng, shape, shape, chance(rng))


def draw_broadcast(rng: Generator) -> Iterator[Call]:
    """Draw masks that broadcast over the gradient."""
    yield back(worldly(rng, (2, 3), any_values(rng)), np.array([True, False, True]), chance(rng))
    for shape, mask_shape in (((2, 3, 2, 2), (2, 3, 1, 1)), ((3, 2, 4, 5), (1, 2, 4, 1))):
        yield masked(rng, shape, mask_shape, chance(rng))


def draw_scales(rng: Generator) -> Iterator[Call]:
    """Draw gradients where nothing fell, for several p."""
    for p in (0.0, (0.1, 0.4), (0.6, 0.9)):
        yield all_kept(gradient(rng, 2, 3), any_p(rng, p))
    yield all_kept(worldly(rng, (2, 3), any_values(rng)), 0.75)


def draw_odd_gradients(rng: Generator) -> Iterator[Call]:
    """Draw integers, and a kept value that is NaN or infinite."""
    yield back(rng.integers(1, 1000, (3, 4)), some_kept(rng, (3, 4)), chance(rng))
    for value in (np.nan, np.inf):
        grad, mask = gradient(rng, 3, 4), some_kept(rng, (3, 4))
        grad[tuple(np.argwhere(mask)[1])] = value
        yield back(grad, mask, chance(rng))


def draw_some_kept(rng: Generator) -> Iterator[Call]:
    """Draw gradients of which some cells fell."""
    for shape in ((2, 3), (3, 4)):
        yield back(gradient(rng, *shape), some_kept(rng, shape), chance(rng))


def some_kept(rng: Generator, shape: Shape) -> Array:
    """Draw a mask of which half is true."""
    count = int(np.prod(shape))
    return rng.permutation(count).reshape(shape) < count // 2


def draw_bad(rng: Generator) -> Iterator[Case]:
    """Draw gradients with a p that is none, among some with one that is."""
    works = [Case(all_kept(gradient(rng, 2, 3), chance(rng)), accepted) for _ in range(2)]
    works.append(Case(all_kept(gradient(rng, 2, 3), 0.0), proportional))
    refused = [Case(all_kept(gradient(rng, 2, 3), bad_p(rng)), Refused()) for _ in range(3)]
    yield from mixed(rng, works, refused)


# Shapes of a gradient and of its mask: an axis of one, a missing axis, and one that two axes could be meant by.
SHAPES = (((4, 4), (4,)), ((3, 4), (3, 4)), ((2, 3, 4), (3, 1)), ((2, 3, 2, 2), (2, 3, 1, 1)), ((6,), (6,)))
FACTORS = {
    "shapes": SHAPES,
    "p": ((0.05, 0.15), (0.15, 0.35), (0.35, 0.6), (0.6, 0.9)),
    "share": (0.0, 0.5, 1.0),
    "mask_layout": ("C", "Fortran"),
    **ARRAYS,
}
FIRST_ROW: Row = {
    "shapes": SHAPES[0],
    "p": 0.2,
    "share": 0.5,
    "mask_layout": "C",
    "values": "numbers",
    "dtype": "float64",
    "layout": "C",
}
SECOND_ROW: Row = {**FIRST_ROW, "shapes": SHAPES[-1], "p": 0.5, "share": 0.0, "values": "rectified"}


def gradients(rng: Generator, row: Row) -> Case:
    """Return a case of a row; ``share`` is how much of the mask is true."""
    shape, mask_shape = row["shapes"]
    mask = laid_out(rng.random(mask_shape) < row["share"], row["mask_layout"])
    alone = {
        FELL: shape == mask_shape and not mask.all(),
        SCALED: mask.any(),
        BROADCAST: shape != mask_shape,
        INTEGERS: np.dtype(row["dtype"]).kind in "bui",
        "the input stays untouched": row["layout"] in ("backwards", "broadcast"),
    }
    made = back(drawn(rng, shape, row), mask, any_p(rng, row["p"]))
    return Case(made, close, frozenset(name for name, asked in alone.items() if asked))


DROPOUT_BACKWARD = Question(
    "dropout_backward",
    (
        criterion(
            FELL,
            1,
            [back(GRADIENT, KEPT, 0.5)],
            draw_masks,
            judge=proportional,
            hint="A dropped value had no part in the output: changing it changes nothing.",
            tries="masks of up to four axes",
        ),
        criterion(
            SCALED,
            1,
            [all_kept(GRADIENT, 0.5)],
            draw_scales,
            judge=same_value,
            hint="The output of a kept value is x / (1 - p): what is its derivative by x?",
            tries="large and small gradients, p from 0 to 0.9",
        ),
        criterion(
            BROADCAST,
            0.5,
            [back(np.ones((1, 2, 2, 2)), np.array([True, False]).reshape(1, 2, 1, 1), 0.5)],
            draw_broadcast,
            judge=proportional,
            hint="The mask of dropout2d has one value for a whole channel.",
            tries="masks with missing axes and with axes of length one",
        ),
        criterion(
            INTEGERS,
            0.5,
            [all_kept(np.array([1, 2, 3]), 0.6)],
            draw_odd_gradients,
            judge=masked_or_scaled,
            hint="Compute in float64, and let the arithmetic decide about what is no number.",
            tries="integer gradients, NaN and infinity where the mask is true",
        ),
        input_stays_untouched(
            0.5,
            [all_kept(GRADIENT, 0.5)],
            draw_some_kept,
            judge=UntouchedIf(masked_or_scaled),
            hint="Neither the gradient nor the mask is yours to change.",
            tries="random gradients",
        ),
        bad_arguments_are_refused(
            REFUSED,
            0.5,
            works=[all_kept(GRADIENT, 0.0)],
            refused=[("", back(GRADIENT, KEPT, p)) for p in BAD_P],
            draw=draw_bad,
            hint=REFUSED_P,
            judge=proportional,
        ),
        all_at_once(0.5, FACTORS, gradients, [FIRST_ROW, SECOND_ROW]),
    ),
)
