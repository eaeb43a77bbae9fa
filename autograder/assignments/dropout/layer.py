"""The criteria that both random layers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...criteria.arrays import Array, Generator, Shape
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import Refused, accepted
from ...criteria.parts import UntouchedIf
from ...criteria.refusals import bad_arguments_are_refused
from ...criteria.windows import numbers, worked
from ...model import Call, Case, Criterion, Judge, Rng
from .chance import (
    agree,
    counts_vary,
    drops,
    evaluation,
    generators,
    independent,
    nothing_falls,
    one_factor,
    rate,
    scaled,
)
from .draws import BAD_P, REFUSED, bad_p, chance, mixed, nonzero, seed, seeded

SEVERAL_P = "random inputs at p = 0.35 to 0.65"
# An input so small that several calls take little time; of so many right ones not all drop as many cells.
FEW, CALLS = (1, 64, 1, 1), 20
# Of features that both layers have the criterion that asks for them alone.
ALONE = {
    "agreement": "output and mask agree",
    "scale": "what is kept is scaled",
    "rate": "p is the share that falls",
    "evaluation": "evaluation returns the input",
    "integers": "integers become fractions",
    "frozen": "the input stays untouched",
}


def no_cases(rng: Generator) -> tuple[Case, ...]:
    """Draw nothing."""
    del rng
    return ()


def even_chance(rng: Generator) -> float:
    """Draw a p at which in every input something falls and something stays."""
    return chance(rng, 0.35, 0.65)


@dataclass(frozen=True)
class Layer:
    """Makes and draws calls of one layer.

    ``shape`` may have channels of several cells. In ``single`` and ``batch`` every cell falls on its own:
    ``single`` is one image, so that the rate is right even where all images share a mask, and ``batch`` has many
    neighbours along its axes.
    """

    name: str
    shape: Shape
    single: Shape
    batch: Shape

    def __call__(self, x: Any, p: float, **settings: Any) -> Call:
        """Make a worked call."""
        return call(self.name, x, p, Rng(3), **settings)

    def ones(self, p: float, **settings: Any) -> Call:
        """Make a worked call on ones."""
        return self(np.ones(self.shape), p, **settings)

    def generators(self, x: Array, p: float, number: int) -> Call:
        """Make a call, one with the same seed anew, and one more with the first generator."""
        return Call(self.name, (x, p, Rng(number)), rounds=({}, {2: Rng(number)}, {}))

    def draw_pictures(self, rng: Generator) -> Iterator[Call]:
        """Draw inputs large enough that something is kept and something dropped."""
        for _ in range(3):
            yield call(self.name, nonzero(rng, *self.shape), even_chance(rng), seeded(rng))

    def rectified(self, rng: Generator) -> Array:
        """Draw what a rectifier leaves: half of all channels are dead, in the others half of all values are zero."""
        x = np.maximum(numbers(rng, *self.shape), 0)
        x[:, ::2] = 0
        return x

    def draw_masks(self, rng: Generator) -> Iterator[Call]:
        """Draw inputs of any numbers, and such that a rectifier leaves."""
        yield from self.draw_pictures(rng)
        yield call(self.name, self.rectified(rng), even_chance(rng), seeded(rng))

    def draw_integers(self, rng: Generator) -> Iterator[Call]:
        """Draw integers at a p that makes fractions of them."""
        for _ in range(2):
            yield call(self.name, rng.integers(1, 1000, self.shape), even_chance(rng), seeded(rng))

    def draw_rates(self, rng: Generator) -> Iterator[Call]:
        """Draw an image with thousands of cells of which each may fall, at any p that is not about one half."""
        for low, high in ((0.02, 0.2), (0.2, 0.35), (0.65, 0.95)):
            yield call(self.name, nonzero(rng, *self.single), chance(rng, low, high), seeded(rng))

    def counts(self, x: Array, p: float, number: int) -> Case:
        """Make calls with one generator, each of which drops a few cells."""
        return Case(Call(self.name, (x, p, Rng(number)), rounds=({},) * CALLS), counts_vary)

    def draw_fates(self, rng: Generator) -> Iterator[Call | Case]:
        """Draw a batch with thousands of cells once, and a few cells many times."""
        for low, high in ((0.2, 0.4), (0.6, 0.8)):
            yield call(self.name, nonzero(rng, *self.batch), chance(rng, low, high), seeded(rng))
        yield self.counts(nonzero(rng, *FEW), even_chance(rng), seed(rng))

    def draw_generators(self, rng: Generator) -> Iterator[Call]:
        """Draw inputs and seeds."""
        for _ in range(2):
            yield self.generators(nonzero(rng, *FEW), even_chance(rng), seed(rng))

    def both_modes(self, x: Array, p: float, number: Rng) -> Call:
        """Make a call in evaluation, and one in training."""
        return Call(self.name, (x, p, number), {"training": False}, ({}, {"training": True}))

    def draw_evaluation(self, rng: Generator) -> Iterator[Call]:
        """Draw inputs, also integers."""
        yield self.both_modes(nonzero(rng, *self.shape), even_chance(rng), seeded(rng))
        yield self.both_modes(rng.integers(1, 1000, self.shape), even_chance(rng), seeded(rng))

    def draw_modes(self, rng: Generator) -> Iterator[Call]:
        """Draw inputs for training and for evaluation."""
        for training in (True, False):
            yield call(self.name, nonzero(rng, *self.shape), even_chance(rng), seeded(rng), training=training)


def output_and_mask_agree(layer: Layer, points: float) -> Criterion:
    """The mask is the one that made the output."""
    return criterion(
        ALONE["agreement"],
        points,
        [layer.ones(0.5), layer(layer.rectified(worked()), 0.5)],
        layer.draw_masks,
        judge=agree,
        hint="Draw the mask once, return it, and build the output from the very same mask.",
        tries=f"{SEVERAL_P}, also what a rectifier leaves",
    )


def what_is_kept_is_scaled(layer: Layer, points: float) -> Criterion:
    """What is kept makes up for what falls."""
    return criterion(
        ALONE["scale"],
        points,
        [layer.ones(0.2)],
        layer.draw_pictures,
        judge=scaled,
        hint="Dropout keeps the expectation: what happens with probability 1 - p must weigh 1 / (1 - p).",
        tries=SEVERAL_P,
    )


def p_is_the_share_that_falls(layer: Layer, points: float, worked: Shape, cells: str) -> Criterion:
    """Of thousands of ``cells`` in one image about the right share falls."""
    return criterion(
        ALONE["rate"],
        points,
        [layer(np.ones(worked), 0.2), Case(layer.ones(0.0), nothing_falls)],
        layer.draw_rates,
        judge=rate,
        hint="p is the probability to be dropped, 1 - p that to be kept.",
        tries=f"{cells} at p from 0.02 to 0.95",
    )


def falls_on_its_own(layer: Layer, points: float, what: str, worked: Shape, *, hint: str, tries: str) -> Criterion:
    """Neighbours do not share their fate, nor calls their number of dropped cells."""
    return criterion(
        f"every {what} falls on its own",
        points,
        [layer(np.ones(worked), 0.5), layer.counts(np.ones(FEW), 0.5, 3)],
        layer.draw_fates,
        judge=independent,
        hint=hint,
        tries=f"{tries}, and {CALLS} calls whose counts must vary",
    )


def chance_comes_from_rng(layer: Layer, points: float) -> Criterion:
    """One seed gives one output, and the generator moves on."""
    return criterion(
        "chance comes from rng alone",
        points,
        [layer.generators(np.ones(FEW), 0.5, 3)],
        layer.draw_generators,
        judge=generators,
        hint="Take all chance from rng: no numpy.random.rand, no seed and no generator of your own.",
        tries="other inputs, p and seeds",
    )


def evaluation_returns_the_input(layer: Layer, points: float) -> Criterion:
    """Outside training."""
    return criterion(
        ALONE["evaluation"],
        points,
        [layer.both_modes(np.ones(layer.shape), 0.5, Rng(3))],
        layer.draw_evaluation,
        judge=evaluation,
        hint="Outside training nothing is dropped and nothing scaled: that is what the scaling was for.",
        tries="random inputs and integers, in training as well",
    )


def the_mask_is_boolean(layer: Layer, points: float, judge: Judge, where: str = "") -> Criterion:
    """The mask holds truth values, in training and outside."""
    return criterion(
        f"the mask is boolean{where}",
        points,
        [layer.ones(0.5), layer.ones(0.5, training=False)],
        layer.draw_modes,
        judge=judge,
        hint="A comparison gives booleans; the mask says what is kept, not by how much it is scaled.",
        tries="random inputs, in training and in evaluation",
    )


def integers_become_fractions(layer: Layer, points: float, worked: Shape) -> Criterion:
    """Integers in, fractions out."""
    return criterion(
        ALONE["integers"],
        points,
        [layer(np.arange(1, np.prod(worked) + 1).reshape(worked), 0.6)],
        layer.draw_integers,
        judge=one_factor,
        hint="Integer input has fractional results: an integer array cannot hold them.",
        tries="random integers",
    )


def x_stays_untouched(layer: Layer, points: float) -> Criterion:
    """Looking at the input afterwards."""
    return input_stays_untouched(
        points,
        [layer.ones(0.5)],
        layer.draw_pictures,
        judge=UntouchedIf(drops),
        hint="Writing zeros into x changes the caller's array: make a new one.",
        tries="random inputs",
    )


def refuses_bad_p(
    layer: Layer,
    points: float,
    *more: tuple[str, Call],
    drawn: Callable[[Generator], Iterable[Case]] = no_cases,
    hint: str,
) -> Criterion:
    """No p outside [0, 1), in evaluation neither; ``more`` calls are refused besides, and what is ``drawn``."""

    def draw(rng: Generator) -> Iterator[Case]:
        def case(p: float, judge: Judge, **settings: bool) -> Case:
            return Case(call(layer.name, nonzero(rng, *layer.shape), p, seeded(rng), **settings), judge)

        works = [case(even_chance(rng), drops), case(even_chance(rng), drops)]
        refused = [case(bad_p(rng), Refused(), training=training) for training in (True, True, False)]
        yield from mixed(rng, works, [*refused, *drawn(rng)])

    return bad_arguments_are_refused(
        REFUSED,
        points,
        works=[Case(layer.ones(0.5), drops), Case(layer.ones(0.0), accepted)],
        refused=[
            *(("", layer.ones(p)) for p in BAD_P),
            ("", layer.ones(1.5, training=False)),
            *more,
        ],
        draw=draw,
        hint=hint,
    )
