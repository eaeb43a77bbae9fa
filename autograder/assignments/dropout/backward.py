"""What is asked of ``dropout_backward``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...criteria.comparison import difference
from ...criteria.criterion import bad_arguments_are_refused, call, criterion, input_stays_untouched
from ...criteria.judges import same_value, trouble
from ...criteria.parts import UntouchedIf
from ...criteria.windows import Array, Generator, Shape
from ...model import Call, Case, Question, Reply
from .draws import BAD_P, REFUSED, REFUSED_P, nonzero

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
    right = expected.value
    if isinstance(got.value, np.ndarray) and got.value.shape == right.shape and got.value.dtype.kind in "fiu":
        telling = np.isfinite(right) & (right != 0) & np.isfinite(got.value) & (got.value != 0)
        if telling.any():
            index = tuple(np.argwhere(telling)[0])
            right = right * (got.value[index] / right[index])
    return difference(got.value, right, integers_pass=True)


def masked(rng: Generator, shape: Shape, mask_shape: Shape, p: float) -> Call:
    """Draw a gradient and a mask in which both truth values occur."""
    mask = rng.random(mask_shape) >= 0.5
    mask.flat[0], mask.flat[-1] = True, False
    return back(nonzero(rng, *shape), mask, p)


def draw_masks(rng: Generator) -> Iterator[Call]:
    """Draw masks of the gradient's own shape."""
    for shape, p in (((4,), 0.5), ((3, 4), 0.2), ((2, 3, 4, 5), 0.8)):
        yield masked(rng, shape, shape, p)


def draw_broadcast(rng: Generator) -> Iterator[Call]:
    """Draw masks that broadcast over the gradient."""
    for shape, mask_shape in (((3, 4), (4,)), ((2, 3, 2, 2), (2, 3, 1, 1)), ((3, 2, 4, 5), (1, 2, 4, 1))):
        yield masked(rng, shape, mask_shape, 0.5)


def draw_scales(rng: Generator) -> Iterator[Call]:
    """Draw gradients where nothing fell, for several p."""
    for p in (0.0, 0.3, 0.9):
        yield all_kept(nonzero(rng, 2, 3), p)


def draw_odd_gradients(rng: Generator) -> Iterator[Call]:
    """Draw integers, and a kept value that is NaN or infinite."""
    yield all_kept(rng.integers(1, 10, (3, 4)), 0.6)
    for value in (np.nan, np.inf):
        grad = nonzero(rng, 3, 4)
        grad[1, 1] = value
        yield all_kept(grad, 0.5)


DROPOUT_BACKWARD = Question(
    "dropout_backward",
    (
        criterion(
            "what fell gets no gradient",
            1,
            [back(GRADIENT, KEPT, 0.5)],
            draw_masks,
            judge=proportional,
            hint="A dropped value had no part in the output: changing it changes nothing.",
            tries="masks of up to four axes",
        ),
        criterion(
            "the gradient is scaled as the output was",
            1,
            [all_kept(GRADIENT, 0.5)],
            draw_scales,
            judge=same_value,
            hint="The output of a kept value is x / (1 - p): what is its derivative by x?",
            tries="p = 0, 0.3 and 0.9",
        ),
        criterion(
            "the mask may broadcast",
            1,
            [back(np.ones((1, 2, 2, 2)), np.array([True, False]).reshape(1, 2, 1, 1), 0.5)],
            draw_broadcast,
            judge=proportional,
            hint="The mask of dropout2d has one value for a whole channel.",
            tries="masks with missing axes and with axes of length one",
        ),
        criterion(
            "integers become fractions, NaN and infinity pass",
            0.5,
            [all_kept(np.array([1, 2, 3]), 0.6)],
            draw_odd_gradients,
            judge=proportional,
            hint="Compute in float64, and let the arithmetic decide about what is no number.",
            tries="integer gradients, NaN and infinity where the mask is true",
        ),
        input_stays_untouched(
            0.5,
            [all_kept(GRADIENT, 0.5)],
            draw_scales,
            judge=UntouchedIf(proportional),
            hint="Neither the gradient nor the mask is yours to change.",
            tries="random gradients",
        ),
        bad_arguments_are_refused(
            REFUSED,
            0.5,
            works=[all_kept(GRADIENT, 0.0)],
            refused=[("", back(GRADIENT, KEPT, p)) for p in BAD_P],
            hint=REFUSED_P,
            judge=proportional,
        ),
    ),
)
