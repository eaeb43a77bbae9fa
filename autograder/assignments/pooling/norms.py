"""What is asked of ``lp_pool2d``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...criteria.arrays import Array, Generator
from ...criteria.criterion import criterion
from ...criteria.edges import refusals, refuses_bad_sizes, refuses_large_windows, sane
from ...criteria.refusals import bad_arguments_are_refused
from ...criteria.windows import (
    Calls,
    Pool,
    distinct,
    height_comes_first,
    image,
    leaves_out_incomplete_windows,
    moves_by_the_stride,
    plain,
    special_values,
    square,
    stays_untouched,
    takes_integers,
    takes_samples_and_channels,
)
from ...model import Call, Question
from .at_once import EVERYWHERE, KERNELS, NORMS, windows_at_once
from .special import INF, NAN, special, spoiled

LP = Pool("lp_pool2d")


def norm(x: Array, norm_type: float) -> Call:
    """Return a call with one window for each two by two cells."""
    return LP.on(x, 2, norm_type=norm_type)


def with_norms(sign: float, *norms: float) -> Calls:
    """Draw numbers, every second one times ``sign``, for each exponent."""

    def draw(rng: Generator) -> Iterator[Call]:
        for norm_type in norms:
            numbers = distinct(rng, square(4)) * (0.3 + round(rng.random(), 3))
            yield norm(np.where(np.arange(4) % 2, numbers, sign * numbers), norm_type)

    return draw


LP_POOL2D = Question(
    "lp_pool2d",
    (
        criterion(
            "the norm of every window",
            1,
            [LP.on(image([1, 1], [1, 1]), 2), LP.on(image([3, 0], [0, 4]), 2)],
            plain(LP),
            tries="other sizes and numbers",
            hint="Square, add up, take the root: a sum, not an average.",
        ),
        criterion(
            "norm_type is the exponent",
            0.5,
            [norm(image([1, 2], [3, 4]), 1.0), norm(image([1, 2], [3, 4]), 3.0)],
            with_norms(1, 0.5, 4),
            tries="other exponents, whole and broken",
            hint="The root that undoes a power p is the power 1/p.",
        ),
        criterion(
            "signs do not cancel",
            0.5,
            [norm(image([-1, 2], [3, -4]), 1.0), norm(image([-1, 0], [0, 0]), 3.0)],
            with_norms(-1, 1, 2.5),
            tries="other negative numbers and exponents",
            hint="A norm measures size: the absolute value comes before the power. Not every power removes a sign.",
        ),
        criterion(
            "an infinite norm is the largest magnitude",
            0.5,
            [norm(image([1, 2], [3, 4]), INF), norm(image([1, 2], [3, -4]), INF)],
            with_norms(-1, INF),
            tries="other numbers",
            hint="The larger the exponent, the more the largest magnitude counts. Infinity is a case of its own.",
        ),
        moves_by_the_stride(LP, 0.5),
        leaves_out_incomplete_windows(LP, 0.5),
        height_comes_first(LP, 0.5),
        takes_samples_and_channels(LP, 0.5),
        special_values(
            0.5,
            [spoiled(LP, NAN), spoiled(LP, -INF)],
            special(LP, NAN, INF),
            "NaN in a window is NaN in its norm, and only there; an infinite cell makes an infinite norm.",
        ),
        takes_integers(LP, 0.5),
        stays_untouched(LP, sign=-1),
        refuses_bad_sizes(LP),
        bad_arguments_are_refused(
            "a bad norm_type is refused",
            0.5,
            works=sane(LP)[1:],
            refused=[("", LP.shaped(norm_type=bad)) for bad in (0, -1.0, NAN)],
            draw=refusals(LP, norm_type=lambda rng, given: -round(9 * rng.random(), 3)),
            hint="There is no norm with an exponent of zero or below.",
        ),
        refuses_large_windows(LP, padding=False),
        windows_at_once(
            LP,
            {**KERNELS, **NORMS},
            {
                "the norm of every window": "euclidean",
                "norm_type is the exponent": "exponent",
                "signs do not cancel": "signs",
                "an infinite norm is the largest magnitude": "infinite",
                **EVERYWHERE,
            },
        ),
    ),
)
