"""The dropout assignment: what is asked, worked examples, and what grading draws.

Chance is judged in two ways. Properties that hold for every draw (output and mask agree, what is kept is
scaled, one seed gives one mask) are checked exactly. Rates are checked by Chernoff's bound: the chance that it
fails a right function in one test is below 2e-10, and a grading run makes less than a hundred such tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..criteria.comparison import difference
from ..criteria.criterion import call, criterion
from ..criteria.judges import Refused, accepted, same_value, trouble
from ..model import Assignment, Call, Case, Question, Reply
from ..model import Rng as Seeded

Array = np.ndarray[Any, Any]
Rng = np.random.Generator

REFUSED = "bad arguments are refused"
REFUSED_P = "p is a probability below 1, in evaluation too: check it first and raise ValueError."
SURPRISE = np.log(2 / 1e-10)


def surprising(count: int, total: int, chance: float) -> bool:
    """Say whether ``count`` of ``total`` independent events of this chance is beyond belief.

    Chernoff's bound: a share at relative entropy d from the chance has probability at most
    ``2 * exp(-total * d)``.
    """
    share = count / total
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.array([share * np.log(share / chance), (1 - share) * np.log((1 - share) / (1 - chance))])
    return bool(total * np.nansum(terms) > SURPRISE)


def nonzero(rng: Rng, *shape: int) -> Array:
    """Draw numbers of few digits, none of them zero: a zero in the output has been dropped."""
    x = np.round(rng.normal(scale=2, size=shape), 1)
    return np.where(x == 0, 1.0, x)


def seeded(rng: Rng) -> Seeded:
    """Draw a seed for the generator that the function gets."""
    return Seeded(int(rng.integers(1 << 32)))


# dropout and dropout2d --------------------------------------------------------------------------------------


def read(case: Case, got: Reply) -> tuple[Array, Array] | str:
    """Return output and mask, the mask spread over the input and as booleans, or say what is wrong."""
    wrong = trouble(got)
    if wrong:
        return wrong
    x = case.call.args[0]
    match got.value:
        case [np.ndarray() as output, np.ndarray() as mask]:
            pass
        case _:
            return "expected two arrays: output and mask"
    if output.shape != x.shape or output.dtype.kind not in "fiu":
        return f"expected an output of numbers of shape {x.shape}, got {output.dtype} of shape {output.shape}"
    try:
        return output, np.broadcast_to(mask != 0, x.shape)
    except ValueError:
        return f"a mask of shape {mask.shape} does not fit an input of shape {x.shape}"


def partly_dropped(output: Array) -> str | None:
    """Hold when something was kept and something dropped; in a large array anything else is beyond belief."""
    if not output.any():
        return "everything was dropped"
    return "nothing was dropped" if output.all() else None


def drops(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the output has the input's shape and is zero in some cells, not in all."""
    del expected
    parts = read(case, got)
    return parts if isinstance(parts, str) else partly_dropped(parts[0])


def agree(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the output is zero exactly where the mask is false."""
    del expected
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    output, mask = parts
    cells = int(((output != 0) != mask).sum())
    return partly_dropped(output) or (f"mask and output disagree in {cells} of {mask.size} cells" if cells else None)


def scaled(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when what is kept is divided by 1 - p."""
    del expected
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    x, p = case.call.args[:2]
    output = parts[0]
    return partly_dropped(output) or difference(output, np.where(output != 0, x / (1 - p), 0.0), integers_pass=True)


def one_factor(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when what is kept is the input times one number, whatever that number is."""
    del expected
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    x, output = case.call.args[0], parts[0].astype(float)
    kept = output != 0
    wrong = partly_dropped(output)
    if wrong:
        return wrong
    factors = output[kept] / x[kept]
    if not np.allclose(factors, factors[0], rtol=1e-9):
        return f"kept values were multiplied by different numbers, from {factors.min():.4g} to {factors.max():.4g}"
    return None


def rate(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the share of what is kept is 1 - p, as far as chance allows."""
    del expected
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    output, p = parts[0], case.call.args[1]
    kept = int(np.count_nonzero(output))
    if surprising(kept, output.size, 1 - p):
        return f"{kept} of {output.size} cells were kept at p = {p:g}; about {output.size * (1 - p):.0f} are expected"
    return None


def nothing_falls(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when no output is zero."""
    del expected
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    return None if parts[0].all() else "something was dropped at p = 0"


def independent(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when neighbours along every axis are kept or dropped together as often as chance has it."""
    del expected
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    kept, p = parts[0] != 0, case.call.args[1]
    for axis, length in enumerate(kept.shape):
        if length > 1:
            along = np.moveaxis(kept, axis, 0)
            alike = along[0 : length - 1 : 2] == along[1:length:2]
            if surprising(int(alike.sum()), alike.size, p**2 + (1 - p) ** 2):
                share = alike.mean()
                return f"neighbours along axis {axis} share their fate in {share:.0%} of all cases"
    return partly_dropped(parts[0])


def counts_vary(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when not every call dropped the same number of cells."""
    del case, expected
    wrong = trouble(got)
    if wrong:
        return wrong
    counts = got.value
    if not isinstance(counts, list) or len({str(count) for count in counts}) == 1:
        return "every call drops the same number of cells: each cell should fall on its own"
    return None


def generators(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when one seed gives one output and the next call with the same generator another one."""
    del case, expected
    wrong = trouble(got)
    if wrong:
        return wrong
    match got.value:
        case [np.ndarray() as first, np.ndarray() as again, np.ndarray() as later]:
            pass
        case _:
            return "expected arrays as outputs"
    if not np.array_equal(first, again):
        return "two generators with the same seed gave different outputs"
    if np.array_equal(first, later):
        return "the second call with one generator gave the same output again"
    return None


def evaluation(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the output is the input and the mask true everywhere."""
    del expected
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    output, mask = parts
    wrong = difference(output, case.call.args[0], integers_pass=True)
    return wrong or (None if mask.all() else "the mask of the evaluation is not true everywhere")


def boolean_mask(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the mask is an array of booleans."""
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    mask = got.value[1]
    if mask.dtype.kind != "b":
        return f"expected a mask of booleans, got {mask.dtype}"
    return None if case.call.function == "dropout2d" else difference(mask.shape, expected.value[1].shape)


def whole_channels(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when each channel is kept or dropped as one, and the mask has one value for each."""
    parts = read(case, got)
    if isinstance(parts, str):
        return parts
    kept = parts[0] != 0
    torn = int((kept.any(axis=(2, 3)) != kept.all(axis=(2, 3))).sum())
    if torn:
        return f"{torn} of {kept[..., 0, 0].size} channels were dropped in part"
    if got.value[1].shape != expected.value[1].shape:
        return f"expected a mask of shape {expected.value[1].shape}, got {got.value[1].shape}"
    return partly_dropped(parts[0])


def untouched_and_dropped(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when something was dropped from the output and nothing from the input."""
    wrong = drops(case, got, expected)
    if wrong:
        return wrong
    same_input = len(got.inputs) == 1 and not difference(got.inputs[0], case.call.args[0])
    return None if same_input else "the call modified its input"


COUNT_PROBE = """
def _probe_{name}_counts(x, p, seed, rounds):
    import numpy
    rng = numpy.random.default_rng(seed)
    return [int(numpy.count_nonzero({name}(x, p, rng)[0])) for _ in range(rounds)]


def _probe_{name}_generators(x, p, seed):
    import numpy
    first, second = numpy.random.default_rng(seed), numpy.random.default_rng(seed)
    return [numpy.array({name}(x, p, rng)[0]) for rng in (first, second, first)]
"""


@dataclass(frozen=True)
class Layer:
    """What the two layers differ in: their name, and shapes of which every cell falls on its own.

    ``shape`` may have channels of several cells; ``single`` is one image, so that a mask which all images share
    does not spoil the rate; ``batch`` has many neighbours along its axes.
    """

    name: str
    shape: tuple[int, ...]
    single: tuple[int, ...]
    batch: tuple[int, ...]

    def draw_pictures(self, rng: Rng) -> Iterator[Call]:
        """Draw inputs large enough that something is kept and something dropped."""
        for p in (0.5, 0.4, 0.6):
            yield call(self.name, nonzero(rng, *self.shape), p, seeded(rng))

    def draw_integers(self, rng: Rng) -> Iterator[Call]:
        """Draw integers at a p that makes fractions of them."""
        for p in (0.4, 0.6):
            yield call(self.name, rng.integers(1, 10, self.shape), p, seeded(rng))

    def draw_rates(self, rng: Rng) -> Iterator[Call]:
        """Draw an image with thousands of cells of which each may fall."""
        for p in (0.1, 0.3, 0.8):
            yield call(self.name, np.ones(self.single), p, seeded(rng))

    def draw_fates(self, rng: Rng) -> Iterator[Call | Case]:
        """Draw a batch with thousands of cells once, and a few cells many times."""
        for p in (0.3, 0.5, 0.7):
            yield call(self.name, np.ones(self.batch), p, seeded(rng))
        few = np.ones((8, 8, 1, 1))
        yield Case(call(f"_probe_{self.name}_counts", few, 0.5, int(rng.integers(1 << 32)), 60), counts_vary)

    def draw_generators(self, rng: Rng) -> Iterator[Call]:
        """Draw seeds."""
        for _ in range(2):
            yield call(f"_probe_{self.name}_generators", np.ones((8, 8, 1, 1)), 0.5, int(rng.integers(1 << 32)))

    def draw_evaluation(self, rng: Rng) -> Iterator[Call]:
        """Draw inputs, also integers, for the evaluation."""
        yield call(self.name, nonzero(rng, *self.shape), 0.5, seeded(rng), training=False)
        yield call(self.name, rng.integers(-9, 10, self.shape), 0.9, seeded(rng), training=False)

    def ones(self, p: float, **settings: Any) -> Call:
        """Return a worked example."""
        return call(self.name, np.ones(self.shape), p, Seeded(3), **settings)

    @property
    def probe(self) -> str:
        """Return the functions that call the layer several times."""
        return COUNT_PROBE.format(name=self.name)


PLAIN = Layer("dropout", (2, 4, 4, 4), (1, 16, 16, 16), (8, 8, 8, 8))
CHANNELS = Layer("dropout2d", (8, 16, 2, 3), (1, 4096, 1, 1), (64, 64, 1, 1))


def draw_axes(rng: Rng) -> Iterator[Call]:
    """Draw inputs of one to five axes."""
    for shape in ((120,), (4, 5, 6), (3, 4, 5, 2), (2, 3, 4, 3, 2)):
        yield call("dropout", nonzero(rng, *shape), 0.5, seeded(rng))


SHARED_HINTS = {
    "agree": "Draw the mask once, return it, and build the output from the very same mask.",
    "scaled": "Dropout keeps the expectation: what happens with probability 1 - p must weigh 1 / (1 - p).",
    "rate": "p is the probability to be dropped, 1 - p that to be kept.",
    "generator": "Take all chance from rng: no numpy.random.rand, no seed and no generator of your own.",
    "evaluation": "Outside training nothing is dropped and nothing scaled: that is what the scaling was for.",
    "boolean": "A comparison gives booleans; the mask says what is kept, not by how much it is scaled.",
    "integers": "Integer input has fractional results: an integer array cannot hold them.",
    "untouched": "Writing zeros into x changes the caller's array: make a new one.",
}

DROPOUT = Question(
    "dropout",
    (
        criterion(
            "output and mask agree",
            1.5,
            [PLAIN.ones(0.5)],
            PLAIN.draw_pictures,
            judge=agree,
            hint=SHARED_HINTS["agree"],
            tries="random inputs at p = 0.4 to 0.6",
        ),
        criterion(
            "what is kept is scaled",
            1,
            [PLAIN.ones(0.5)],
            PLAIN.draw_pictures,
            judge=scaled,
            hint=SHARED_HINTS["scaled"],
            tries="random inputs at p = 0.4 to 0.6",
        ),
        criterion(
            "p is the share that falls",
            1,
            [call("dropout", np.ones((1, 1, 60, 60)), 0.2, Seeded(3)), Case(PLAIN.ones(0.0), nothing_falls)],
            PLAIN.draw_rates,
            judge=rate,
            hint=SHARED_HINTS["rate"],
            tries="4,096 cells at p = 0.1, 0.3 and 0.8",
        ),
        criterion(
            "every cell falls on its own",
            1,
            [call("dropout", np.ones((60, 1, 1, 60)), 0.5, Seeded(3))],
            PLAIN.draw_fates,
            judge=independent,
            hint="One draw for every cell of every sample; no row, sample or count may be shared.",
            tries="neighbours along each of four axes, and 60 calls whose counts must vary",
        ),
        criterion(
            "chance comes from rng alone",
            1,
            [call("_probe_dropout_generators", np.ones((8, 8, 1, 1)), 0.5, 3)],
            PLAIN.draw_generators,
            judge=generators,
            hint=SHARED_HINTS["generator"],
            tries="other seeds",
        ),
        criterion(
            "evaluation returns the input",
            1,
            [PLAIN.ones(0.5, training=False)],
            PLAIN.draw_evaluation,
            judge=evaluation,
            hint=SHARED_HINTS["evaluation"],
            tries="random inputs and integers",
        ),
        criterion(
            "the mask is boolean, in the shape of x",
            0.5,
            [PLAIN.ones(0.5), PLAIN.ones(0.5, training=False)],
            judge=boolean_mask,
            hint=SHARED_HINTS["boolean"],
        ),
        criterion(
            "x may have any number of axes",
            0.5,
            [call("dropout", np.ones(100), 0.5, Seeded(3))],
            draw_axes,
            judge=drops,
            hint="The mask has the shape of x, whatever that is.",
            tries="one to five axes",
        ),
        criterion(
            "integers become fractions",
            0.5,
            [call("dropout", np.arange(1, 101).reshape(1, 1, 10, 10), 0.6, Seeded(3))],
            PLAIN.draw_integers,
            judge=one_factor,
            hint=SHARED_HINTS["integers"],
            tries="random integers",
        ),
        criterion(
            "the input stays untouched",
            0.5,
            [PLAIN.ones(0.5)],
            PLAIN.draw_pictures,
            judge=untouched_and_dropped,
            hint=SHARED_HINTS["untouched"],
            tries="random inputs",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(PLAIN.ones(0.5), drops),
                Case(PLAIN.ones(0.0), accepted),
                *(Case(PLAIN.ones(p), Refused()) for p in (1.0, 1.5, -0.1)),
                Case(PLAIN.ones(1.5, training=False), Refused()),
            ],
            hint=REFUSED_P,
        ),
    ),
    probe=PLAIN.probe,
)

DROPOUT2D = Question(
    "dropout2d",
    (
        criterion(
            "whole channels fall",
            2,
            [CHANNELS.ones(0.5)],
            CHANNELS.draw_pictures,
            judge=whole_channels,
            hint="One draw for each channel of each image, in a shape that broadcasts over its cells.",
            tries="random inputs at p = 0.4 to 0.6",
        ),
        criterion(
            "output and mask agree",
            1,
            [CHANNELS.ones(0.5)],
            CHANNELS.draw_pictures,
            judge=agree,
            hint=SHARED_HINTS["agree"],
            tries="random inputs at p = 0.4 to 0.6",
        ),
        criterion(
            "what is kept is scaled",
            1,
            [CHANNELS.ones(0.5)],
            CHANNELS.draw_pictures,
            judge=scaled,
            hint=SHARED_HINTS["scaled"],
            tries="random inputs at p = 0.4 to 0.6",
        ),
        criterion(
            "p is the share that falls",
            0.5,
            [
                call("dropout2d", np.ones((1, 3600, 1, 1)), 0.2, Seeded(3)),
                Case(CHANNELS.ones(0.0), nothing_falls),
            ],
            CHANNELS.draw_rates,
            judge=rate,
            hint=SHARED_HINTS["rate"],
            tries="4,096 channels of one cell at p = 0.1, 0.3 and 0.8",
        ),
        criterion(
            "every channel of every image falls on its own",
            1,
            [call("dropout2d", np.ones((60, 60, 1, 1)), 0.5, Seeded(3))],
            CHANNELS.draw_fates,
            judge=independent,
            hint="A mask that is shared by all images of a batch drops the same channels in all of them.",
            tries="neighbouring images and channels, and 60 calls whose counts must vary",
        ),
        criterion(
            "chance comes from rng alone",
            0.5,
            [call("_probe_dropout2d_generators", np.ones((8, 8, 1, 1)), 0.5, 3)],
            CHANNELS.draw_generators,
            judge=generators,
            hint=SHARED_HINTS["generator"],
            tries="other seeds",
        ),
        criterion(
            "evaluation returns the input",
            0.5,
            [CHANNELS.ones(0.5, training=False)],
            CHANNELS.draw_evaluation,
            judge=evaluation,
            hint=SHARED_HINTS["evaluation"],
            tries="random inputs and integers",
        ),
        criterion(
            "the mask is boolean",
            0.5,
            [CHANNELS.ones(0.5), CHANNELS.ones(0.5, training=False)],
            judge=boolean_mask,
            hint=SHARED_HINTS["boolean"],
        ),
        criterion(
            "integers become fractions",
            0.5,
            [call("dropout2d", np.arange(1, 129).reshape(8, 16, 1, 1), 0.6, Seeded(3))],
            CHANNELS.draw_integers,
            judge=one_factor,
            hint=SHARED_HINTS["integers"],
            tries="random integers",
        ),
        criterion(
            "the input stays untouched",
            0.5,
            [CHANNELS.ones(0.5)],
            CHANNELS.draw_pictures,
            judge=untouched_and_dropped,
            hint=SHARED_HINTS["untouched"],
            tries="random inputs",
        ),
        criterion(
            REFUSED,
            1,
            [
                Case(CHANNELS.ones(0.5), drops),
                Case(CHANNELS.ones(0.0), accepted),
                *(Case(CHANNELS.ones(p), Refused()) for p in (1.0, 1.5, -0.1)),
                Case(CHANNELS.ones(1.5, training=False), Refused()),
                *(
                    Case(call("dropout2d", np.ones(shape), 0.5, Seeded(3)), Refused("x"))
                    for shape in ((8, 16), (8, 4, 4), (2, 2, 2, 2, 2))
                ),
            ],
            hint="p as in dropout; and only an array (N, C, H, W) has channels to drop: name `x`.",
        ),
    ),
    probe=CHANNELS.probe,
)

# dropout_backward -------------------------------------------------------------------------------------------


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


def proportional_and_untouched(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the result is right up to a factor and the arrays that went in are as they were."""
    wrong = proportional(case, got, expected)
    if wrong:
        return wrong
    sent = [item for item in case.call.args if isinstance(item, np.ndarray)]
    changed = len(sent) != len(got.inputs) or any(map(difference, got.inputs, sent))
    return "the call modified its input" if changed else None


def masked(rng: Rng, shape: tuple[int, ...], mask_shape: tuple[int, ...], p: float) -> Call:
    """Draw a gradient and a mask of which both values occur."""
    mask = rng.random(mask_shape) >= 0.5
    mask.flat[0], mask.flat[-1] = True, False
    return call("dropout_backward", nonzero(rng, *shape), mask, p)


def draw_masks(rng: Rng) -> Iterator[Call]:
    """Draw masks of the gradient's own shape."""
    for shape, p in (((4,), 0.5), ((3, 4), 0.2), ((2, 3, 4, 5), 0.8)):
        yield masked(rng, shape, shape, p)


def draw_broadcast(rng: Rng) -> Iterator[Call]:
    """Draw masks that broadcast over the gradient."""
    for shape, mask_shape in (((3, 4), (4,)), ((2, 3, 2, 2), (2, 3, 1, 1)), ((3, 2, 4, 5), (1, 2, 4, 1))):
        yield masked(rng, shape, mask_shape, 0.5)


def draw_scales(rng: Rng) -> Iterator[Call]:
    """Draw probabilities at which nothing happened to fall."""
    for p in (0.0, 0.3, 0.9):
        yield call("dropout_backward", nonzero(rng, 2, 3), np.ones((2, 3), dtype=bool), p)


def draw_odd_gradients(rng: Rng) -> Iterator[Call]:
    """Draw integers, and a kept value that is no number."""
    yield call("dropout_backward", rng.integers(1, 10, (3, 4)), np.ones((3, 4), dtype=bool), 0.6)
    for value in (np.nan, np.inf):
        grad = nonzero(rng, 3, 4)
        grad[1, 1] = value
        yield call("dropout_backward", grad, np.ones((3, 4), dtype=bool), 0.5)


GRADIENT = np.array([1.0, 2, 3, 4])
KEPT = np.array([True, False, True, False])

DROPOUT_BACKWARD = Question(
    "dropout_backward",
    (
        criterion(
            "what fell gets no gradient",
            1,
            [call("dropout_backward", GRADIENT, KEPT, 0.5)],
            draw_masks,
            judge=proportional,
            hint="A dropped value had no part in the output: changing it changes nothing.",
            tries="masks of up to four axes",
        ),
        criterion(
            "the gradient is scaled as the output was",
            1,
            [call("dropout_backward", GRADIENT, np.ones(4, dtype=bool), 0.5)],
            draw_scales,
            judge=same_value,
            hint="The output of a kept value is x / (1 - p): what is its derivative by x?",
            tries="p = 0, 0.3 and 0.9",
        ),
        criterion(
            "the mask may broadcast",
            1,
            [call("dropout_backward", np.ones((1, 2, 2, 2)), np.array([True, False]).reshape(1, 2, 1, 1), 0.5)],
            draw_broadcast,
            judge=proportional,
            hint="The mask of dropout2d has one value for a whole channel.",
            tries="masks with missing axes and with axes of length one",
        ),
        criterion(
            "integers become fractions, NaN and infinity pass",
            0.5,
            [call("dropout_backward", np.array([1, 2, 3]), np.ones(3, dtype=bool), 0.6)],
            draw_odd_gradients,
            judge=proportional,
            hint="Compute in float64, and let the arithmetic decide about what is no number.",
            tries="integer gradients, NaN and infinity where the mask is true",
        ),
        criterion(
            "the input stays untouched",
            0.5,
            [call("dropout_backward", GRADIENT, np.ones(4, dtype=bool), 0.5)],
            draw_scales,
            judge=proportional_and_untouched,
            hint="Neither the gradient nor the mask is yours to change.",
            tries="random gradients",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(call("dropout_backward", GRADIENT, np.ones(4, dtype=bool), 0.0), proportional),
                *(Case(call("dropout_backward", GRADIENT, KEPT, p), Refused()) for p in (1.0, 1.5, -0.1)),
            ],
            hint=REFUSED_P,
        ),
    ),
)

# expected_max_after_dropout ---------------------------------------------------------------------------------

EXPECTED_MAX = "expected_max_after_dropout"


def up_to_scaling(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold for the expectation with or without the factor 1 / (1 - p), which has a criterion of its own."""
    wrong = trouble(got)
    if wrong:
        return wrong
    value = float(got.value) if isinstance(got.value, int) and not isinstance(got.value, bool) else got.value
    if not difference(value, expected.value * (1 - case.call.args[1])):
        return None
    return difference(value, expected.value)


def expectation_and_untouched(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the expectation is right (up to the scaling) and the window is as it was."""
    wrong = up_to_scaling(case, got, expected)
    same_input = len(got.inputs) == 1 and not difference(got.inputs[0], case.call.args[0])
    return wrong or (None if same_input else "the call modified its input")


def positive(rng: Rng, *shape: int) -> Array:
    """Draw different values above zero, in random order."""
    count = int(np.prod(shape))
    return rng.permutation(np.round(np.arange(1, count + 1) + rng.uniform(0, 0.9, count), 2)).reshape(shape)


def descending(values: Array) -> Array:
    """Return the values in the same shape, the largest first in row-major order."""
    return np.sort(values.ravel())[::-1].reshape(values.shape).copy()


def draw_single(rng: Rng) -> Iterator[Call]:
    """Draw windows of one cell."""
    for p in (0.2, 0.5, 0.9):
        yield call(EXPECTED_MAX, positive(rng, 1) * 3, p)


def draw_ranked(rng: Rng) -> Iterator[Call]:
    """Draw different values, the largest first."""
    for size, p in ((2, 0.3), (4, 0.5), (6, 0.8)):
        yield call(EXPECTED_MAX, descending(positive(rng, size)), p)


def draw_ties(rng: Rng) -> Iterator[Call]:
    """Draw windows in which values repeat, the largest first."""
    for size, p in ((2, 0.3), (4, 0.6), (6, 0.8)):
        yield call(EXPECTED_MAX, descending(rng.integers(1, 3, size).astype(float)), p)


def draw_unsorted(rng: Rng) -> Iterator[Call]:
    """Draw different values of which the largest stands last, or anywhere."""
    for size, p in ((2, 0.3), (4, 0.5), (6, 0.8)):
        yield call(EXPECTED_MAX, np.sort(positive(rng, size)), p)
        yield call(EXPECTED_MAX, positive(rng, size), p)


def draw_shapes(rng: Rng) -> Iterator[Call]:
    """Draw windows of two and more axes, the largest first in row-major order."""
    for shape, p in (((2, 2), 0.5), ((3, 1), 0.3), ((2, 1, 3), 0.6), ((1, 1, 2, 3), 0.2)):
        yield call(EXPECTED_MAX, descending(positive(rng, *shape)), p)


def draw_limits(rng: Rng) -> Iterator[Call]:
    """Draw p = 0, and zeros among the values."""
    yield call(EXPECTED_MAX, descending(positive(rng, 4)), 0.0)
    yield call(EXPECTED_MAX, np.zeros(3), 0.5)
    yield call(EXPECTED_MAX, np.array([2.5, 1.5, 0, 0]), 0.5)


FOUR = np.full(4, 1.0)

EXPECTATION = Question(
    EXPECTED_MAX,
    (
        criterion(
            "one value keeps its expectation",
            1,
            [call(EXPECTED_MAX, np.array([3.0]), 0.5)],
            draw_single,
            hint="Kept with probability 1 - p, and then divided by 1 - p.",
            tries="single values at p = 0.2, 0.5 and 0.9",
        ),
        criterion(
            "each value counts when all larger ones fell",
            2,
            [call(EXPECTED_MAX, np.array([2.0, 1.0]), 0.5), call(EXPECTED_MAX, np.array([4.0, 3, 2, 1]), 0.5)],
            draw_ranked,
            judge=up_to_scaling,
            hint="Order the values; with which probability is the k-th largest the maximum of what is left?",
            tries="up to six different values, the largest first",
        ),
        criterion(
            "equal values stand in for each other",
            1,
            [call(EXPECTED_MAX, np.array([1.0, 1.0]), 0.5), call(EXPECTED_MAX, FOUR, 0.5)],
            draw_ties,
            judge=up_to_scaling,
            hint="If one of two equal values falls the other is still the maximum: count both, in any order.",
            tries="up to six values of which some are equal",
        ),
        criterion(
            "the largest value may stand anywhere",
            1,
            [call(EXPECTED_MAX, np.array([1.0, 2.0]), 0.5)],
            draw_unsorted,
            judge=up_to_scaling,
            hint="A maximum does not care for the order of a window, your function should not either.",
            tries="values in ascending and in random order",
        ),
        criterion(
            "a window has any shape",
            1,
            [call(EXPECTED_MAX, np.array([[4.0, 3], [2, 1]]), 0.5)],
            draw_shapes,
            judge=up_to_scaling,
            hint="A window of 2x2 has four values, not two rows.",
            tries="two, three and four axes",
        ),
        criterion(
            "zeros and p = 0 are no exceptions",
            0.5,
            [call(EXPECTED_MAX, np.zeros(2), 0.5), call(EXPECTED_MAX, np.array([2.0, 1.0]), 0.0)],
            draw_limits,
            judge=up_to_scaling,
            hint="Without dropout the expectation is the maximum; of zeros it is zero.",
            tries="p = 0, zeros among the values and alone",
        ),
        criterion(
            "the input stays untouched",
            0.5,
            [call(EXPECTED_MAX, np.array([2.0, 1.0]), 0.5)],
            draw_ranked,
            judge=expectation_and_untouched,
            hint="Some ways to sort work in place.",
            tries="other windows",
        ),
        criterion(
            REFUSED,
            1,
            [
                Case(call(EXPECTED_MAX, np.array([2.0, 1.0]), 0.5), up_to_scaling),
                Case(call(EXPECTED_MAX, np.array([2.0, -1.0]), 0.5), Refused()),
                Case(call(EXPECTED_MAX, np.array([[-0.001]]), 0.5), Refused()),
                *(Case(call(EXPECTED_MAX, FOUR, p), Refused()) for p in (1.0, 1.5, -0.1)),
            ],
            hint="The formula holds for activations that are not negative, and for p from 0 to below 1.",
        ),
    ),
)

# small_cnn --------------------------------------------------------------------------------------------------

# The last two entries of these layers' descriptions are numbers of channels.
SIZED = ("Conv2d", "Linear")
PLACEMENTS = ("before_pool", "after_pool", "after_last_pool", "channel_after_pool", "before_classifier")

CNN_PROBE = """
def _probe_layers(*arguments, **settings):
    # The net as a list: the kind of each layer and what the task says about it.
    from torch import nn
    def pair(value):
        return [int(value)] * 2 if isinstance(value, int) else [int(item) for item in value]
    def described(layer):
        if type(layer) is nn.Conv2d:
            same = layer.padding == "same"
            padding = [size // 2 for size in layer.kernel_size] if same else pair(layer.padding)
            shape = [pair(layer.kernel_size), padding, pair(layer.stride), pair(layer.dilation), layer.groups]
            return ["Conv2d", shape, layer.bias is not None, layer.in_channels, layer.out_channels]
        if type(layer) is nn.MaxPool2d:
            shape = [pair(layer.kernel_size), pair(layer.stride), pair(layer.padding), pair(layer.dilation)]
            return ["MaxPool2d", shape, bool(layer.ceil_mode)]
        if type(layer) is nn.AdaptiveAvgPool2d:
            return ["AdaptiveAvgPool2d", pair(layer.output_size)]
        if type(layer) is nn.Flatten:
            return ["Flatten", layer.start_dim, layer.end_dim]
        if type(layer) is nn.Linear:
            return ["Linear", layer.bias is not None, layer.in_features, layer.out_features]
        if type(layer) in (nn.Dropout, nn.Dropout2d):
            return [type(layer).__name__, float(layer.p)]
        return [type(layer).__name__]
    net = small_cnn(*arguments, **settings)
    leaves = [module for module in net.modules() if not list(module.children())]
    flat = type(net) is nn.Sequential and len(leaves) == len(net)
    return {"flat": flat, "layers": [described(layer) for layer in leaves]}


def _probe_placed(placement):
    # The net with dropout beside the one without.
    return _probe_layers(placement)["layers"], _probe_layers("none")["layers"]


def _probe_shapes(sizes):
    import torch
    net = small_cnn("none").eval()
    with torch.no_grad():
        return [list(net(torch.zeros(size)).shape) for size in sizes]


def _probe_each_placement(p, placements):
    # What of the placements that work has dropout: its p, and whether two passes agree in each mode.
    import torch
    found = []
    for placement in placements:
        try:
            net = small_cnn(placement, p)
        except Exception:
            continue
        chances = [float(layer.p) for layer in net.modules() if hasattr(layer, "p")]
        if not chances:
            continue
        torch.manual_seed(0)
        x = torch.rand(16, 1, 12, 12)
        agree = []
        for mode in (True, False):
            net.train(mode)
            try:
                with torch.no_grad():
                    agree.append(bool(torch.equal(net(x), net(x))))
            except Exception:
                agree.append(None)
        found.append([chances, *agree])
    return found
"""


def layers_of(value: Any) -> list[list[Any]] | None:
    """Return a list of layers if it is one, each with its kind first."""
    well = isinstance(value, list) and all(
        isinstance(layer, list) and layer and isinstance(layer[0], str) for layer in value
    )
    return value if well else None


def bare(layers: list[list[Any]]) -> list[list[Any]]:
    """Return the layers without dropout."""
    return [layer for layer in layers if not layer[0].startswith("Dropout")]


def kinds(layers: list[list[Any]]) -> list[str]:
    """Return the names of the layers."""
    return [layer[0] for layer in layers]


def structure(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the net is one flat sequence of the asked layers, whatever their numbers of channels."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    layers = layers_of(got.value.get("layers")) if isinstance(got.value, dict) else None
    if layers is None:
        return "expected a torch.nn.Sequential"
    if not got.value.get("flat"):
        return "expected one flat torch.nn.Sequential, not modules within modules"
    right = expected.value["layers"]
    if kinds(layers) != kinds(right):
        return f"expected the layers {', '.join(kinds(right))}; got {', '.join(kinds(layers)) or 'none'}"
    for number, (have, want) in enumerate(zip(layers, right, strict=True)):
        if have[: len(want) - 2 * (want[0] in SIZED)] != want[: len(want) - 2 * (want[0] in SIZED)]:
            return f"layer {number}, {want[0]}, has other settings than the task says"
    return None


def sizes(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when convolutions and classifier have the asked numbers of channels and classes."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    layers = layers_of(got.value.get("layers")) if isinstance(got.value, dict) else None
    have = [[layer[0], *layer[-2:]] for layer in layers or [] if layer[0] in SIZED]
    want = [[layer[0], *layer[-2:]] for layer in expected.value["layers"] if layer[0] in SIZED]
    return None if have == want else f"expected {_sized(want)}; got {_sized(have) or 'none of these'}"


def _sized(layers: list[list[Any]]) -> str:
    return ", ".join(f"{name} from {fan_in} to {fan_out}" for name, fan_in, fan_out in layers)


def dropouts(layers: list[list[Any]], *, after: bool) -> list[tuple[str, int, str]]:
    """Return kind, pools before, and the neighbour on the side that matters, of each dropout layer."""
    names = ["input", *kinds(layers), "output"]
    return [
        (name, names[:i].count("MaxPool2d"), names[i - 1 if after else i + 1])
        for i, name in enumerate(names)
        if name.startswith("Dropout")
    ]


def placed(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when dropout stands where it was asked for, and the net is otherwise the one without."""
    wrong = trouble(got)
    if wrong:
        return wrong
    nets = got.value if isinstance(got.value, (tuple, list)) and len(got.value) == 2 else (None, None)
    net, without = map(layers_of, nets)
    if net is None or without is None:
        return "expected a torch.nn.Sequential"
    after = "after" in case.call.args[0]
    want, have = (dropouts(layers, after=after) for layers in (expected.value[0], net))
    if have != want:
        side = "after" if after else "before"
        return f"expected {_places(want, side)}; got {_places(have, side) or 'no dropout'}"
    return None if bare(net) == bare(without) else "the placement changes more than the dropout layers"


def _places(found: list[tuple[str, int, str]], side: str) -> str:
    return ", ".join(f"{kind} {side} {other} (pool layers so far: {pools})" for kind, pools, other in found)


def chances(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when every dropout layer of every placement that works has the asked p."""
    del expected
    rows = tried(got)
    if isinstance(rows, str):
        return rows
    p = case.call.args[0]
    wrong = [chance for row in rows for chance in row[0] if chance != p]
    return f"asked for p = {p}, a layer has p = {wrong[0]}" if wrong else None


def modes(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when two passes differ in training and agree in evaluation, in every placement that works."""
    del case, expected
    rows = tried(got)
    if isinstance(rows, str):
        return rows
    if any(None in row for row in rows):
        return "the network does not run"
    if any(row[1] for row in rows):
        return "in training mode two passes gave the same logits: nothing was dropped"
    return None if all(row[2] for row in rows) else "in evaluation mode two passes gave different logits"


def tried(got: Reply) -> list[list[Any]] | str:
    """Return the rows of the probe of all placements, or say what is wrong."""
    wrong = trouble(got)
    if wrong:
        return wrong
    rows = got.value
    well = isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == 3 and isinstance(row[0], list) for row in rows
    )
    return rows if well and rows else "no placement gives a net with dropout"


def a_net(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the call gives a net that convolves and classifies."""
    del case, expected
    layers = layers_of(got.value.get("layers")) if isinstance(got.value, dict) else None
    return trouble(got) or (None if layers and set(SIZED) <= set(kinds(layers)) else "expected a network")


CNN = "_probe_layers"
PLACED_HINTS = {
    "before_pool": "Dropout between the rectifier and each max pooling: the pooling sees what is left.",
    "after_pool": "Dropout directly behind each max pooling.",
    "after_last_pool": "Dropout directly behind the second max pooling only.",
    "channel_after_pool": "Whole channels, by Dropout2d, directly behind each max pooling.",
    "before_classifier": "Dropout between Flatten and Linear.",
}

SMALL_CNN = Question(
    "small_cnn",
    (
        criterion(
            "two convolutions, two pools, one classifier",
            2,
            [call(CNN, "none")],
            judge=structure,
            hint="One flat torch.nn.Sequential: Conv2d, ReLU, MaxPool2d, twice; then the global average, Flatten, "
            "Linear.",
        ),
        criterion(
            "channels and classes as asked",
            1,
            [call(CNN, "none"), call(CNN, "none", in_channels=3, channels=5, classes=7)],
            judge=sizes,
            hint="The second convolution starts from what the first one gives.",
        ),
        *(
            criterion(
                f"dropout {placement.replace('_', ' ')}",
                1,
                [call("_probe_placed", placement)],
                judge=placed,
                hint=PLACED_HINTS[placement],
            )
            for placement in PLACEMENTS
        ),
        criterion(
            "p reaches the layers",
            0.5,
            [call("_probe_each_placement", p, list(PLACEMENTS)) for p in (0.5, 0.2)],
            judge=chances,
            hint="A layer that is made without p has PyTorch's own default.",
        ),
        criterion(
            "one logit for each class, whatever the size of the image",
            0.5,
            [call("_probe_shapes", [(1, 1, 16, 16), (3, 1, 21, 17)])],
            judge=same_value,
            hint="The global average leaves one number for each channel, so the classifier fits every image.",
        ),
        criterion(
            "random in training, fixed in evaluation",
            0.5,
            [call("_probe_each_placement", 0.5, list(PLACEMENTS))],
            judge=modes,
            hint="The layers of torch.nn know the mode of their network; a function of your own does not.",
        ),
        criterion(
            REFUSED,
            0.5,
            [
                Case(call(CNN, "none"), a_net),
                Case(call(CNN, "none", 0.0), a_net),
                Case(call(CNN, "everywhere"), Refused()),
                *(Case(call(CNN, "none", p), Refused()) for p in (1.0, -0.1)),
                Case(call(CNN, "none", in_channels=0), Refused()),
                Case(call(CNN, "none", channels=0), Refused()),
                Case(call(CNN, "none", classes=0), Refused()),
            ],
            hint="An unknown placement, a p outside [0, 1) or a number below 1 raises ValueError, for `none`, too.",
        ),
    ),
    probe=CNN_PROBE,
    packages=("torch",),
)

ASSIGNMENT = Assignment("dropout", (DROPOUT, DROPOUT2D, DROPOUT_BACKWARD, EXPECTATION, SMALL_CNN))
