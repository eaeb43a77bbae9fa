"""What is asked of ``dropout`` and ``dropout2d``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...criteria.arrays import Generator
from ...criteria.criterion import call, criterion
from ...criteria.judges import Refused
from ...model import Call, Case, Question
from .at_once import layer_at_once
from .chance import boolean, boolean_in_the_shape_of_x, drops, whole_channels
from .draws import REFUSED_P, nonzero, seeded
from .layer import (
    ALONE,
    SEVERAL_P,
    Layer,
    chance_comes_from_rng,
    evaluation_returns_the_input,
    even_chance,
    falls_on_its_own,
    integers_become_fractions,
    output_and_mask_agree,
    p_is_the_share_that_falls,
    refuses_bad_p,
    the_mask_is_boolean,
    what_is_kept_is_scaled,
    x_stays_untouched,
)

CELLS = Layer("dropout", (2, 4, 4, 4), (1, 16, 16, 16), (8, 8, 8, 8))
CHANNELS = Layer("dropout2d", (8, 16, 2, 3), (1, 4096, 1, 1), (64, 64, 1, 1))


def draw_axes(rng: Generator) -> Iterator[Call]:
    """Draw inputs of one to five axes."""
    for shape in ((120,), (4, 5, 6), (3, 4, 5, 2), (2, 3, 4, 3, 2)):
        yield call("dropout", nonzero(rng, *shape), even_chance(rng), seeded(rng))


def draw_other_axes(rng: Generator) -> Iterator[Case]:
    """Draw inputs without channels of their own."""
    for axes in (2, 3, 5):
        x = nonzero(rng, *rng.integers(1, 5, axes))
        yield Case(call("dropout2d", x, even_chance(rng), seeded(rng)), Refused("x"))


DROPOUT = Question(
    "dropout",
    (
        output_and_mask_agree(CELLS, 1),
        what_is_kept_is_scaled(CELLS, 1),
        p_is_the_share_that_falls(CELLS, 1, (1, 1, 60, 60), "4,096 cells"),
        falls_on_its_own(
            CELLS,
            1,
            "cell",
            (60, 1, 1, 60),
            hint="One draw for every cell of every sample; no row, sample or count may be shared.",
            tries="neighbours along each of four axes",
        ),
        chance_comes_from_rng(CELLS, 1),
        evaluation_returns_the_input(CELLS, 1),
        the_mask_is_boolean(CELLS, 0.5, boolean_in_the_shape_of_x, ", in the shape of x"),
        criterion(
            "x may have any number of axes",
            0.5,
            [CELLS(np.ones(100), 0.5)],
            draw_axes,
            judge=drops,
            hint="The mask has the shape of x, whatever that is.",
            tries="one to five axes",
        ),
        integers_become_fractions(CELLS, 0.5, (1, 1, 10, 10)),
        x_stays_untouched(CELLS, 0.5),
        refuses_bad_p(CELLS, 0.5, hint=REFUSED_P),
        layer_at_once(
            "dropout",
            [(15, 20), (3, 4, 5, 5), (300,), (6, 5, 10), (2, 3, 2, 5, 5)],
            {
                **ALONE,
                "mask": "the mask is boolean, in the shape of x",
                "fates": "every cell falls on its own",
                "axes": "x may have any number of axes",
            },
        ),
    ),
)

DROPOUT2D = Question(
    "dropout2d",
    (
        criterion(
            "whole channels fall",
            1.5,
            [CHANNELS.ones(0.5)],
            CHANNELS.draw_pictures,
            judge=whole_channels,
            hint="One draw for each channel of each image, in a shape that broadcasts over its cells.",
            tries=SEVERAL_P,
        ),
        output_and_mask_agree(CHANNELS, 1),
        what_is_kept_is_scaled(CHANNELS, 1),
        p_is_the_share_that_falls(CHANNELS, 0.5, (1, 3600, 1, 1), "4,096 channels of one cell"),
        falls_on_its_own(
            CHANNELS,
            1,
            "channel of every image",
            (60, 60, 1, 1),
            hint="A mask that is shared by all images of a batch drops the same channels in all of them.",
            tries="neighbouring images and channels",
        ),
        chance_comes_from_rng(CHANNELS, 0.5),
        evaluation_returns_the_input(CHANNELS, 0.5),
        the_mask_is_boolean(CHANNELS, 0.5, boolean),
        integers_become_fractions(CHANNELS, 0.5, (8, 16, 1, 1)),
        x_stays_untouched(CHANNELS, 0.5),
        refuses_bad_p(
            CHANNELS,
            1,
            *(("x", CHANNELS(np.ones(shape), 0.5)) for shape in ((8, 16), (8, 4, 4), (2, 2, 2, 2, 2))),
            drawn=draw_other_axes,
            hint="p as in dropout; and only an array (N, C, H, W) has channels to drop: name `x`.",
        ),
        layer_at_once(
            "dropout2d",
            [(16, 16, 1, 2), (8, 18, 2, 3), (1, 140, 2, 2), (70, 2, 1, 3)],
            {
                **ALONE,
                "mask": "the mask is boolean",
                "fates": "every channel of every image falls on its own",
                "channels": "whole channels fall",
            },
        ),
    ),
)
