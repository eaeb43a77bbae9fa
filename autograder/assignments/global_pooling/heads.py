"""What is asked of ``class_activation_map`` and ``head_parameters``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...criteria.arrays import Array, Generator, worldly
from ...criteria.comparison import describe, difference
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import Refused, same_value, trouble
from ...criteria.parts import UntouchedIf
from ...criteria.refusals import Spoiler, below, other_axes, other_words, spoilt
from ...criteria.windows import distinct, worked
from ...model import Call, Case, Question, Reply
from .heads_at_once import activations_at_once, counts_at_once
from .shapes import ADDED_UP, AGAINST, FLATTEN, GLOBAL, INTEGERS, OWN_WEIGHT, ROW, kinds, refusals, small


def cam(features: Array, weight: Any, class_index: int = 0) -> Call:
    """Return a call for ``features (C, H, W)``."""
    return call("class_activation_map", features, np.array(weight, dtype=float), class_index)


def rectified(rng: Generator, kind: str, *shape: int) -> Array:
    """Draw features like those of the world, none below zero."""
    return np.abs(worldly(rng, shape, kind))


def equal_weights(rng: Generator) -> Iterator[Call]:
    """Draw channels that all count alike."""
    for kind, channels in zip(kinds(rng, fractions=True), (4, 3, 2), strict=False):
        yield cam(rectified(rng, kind, channels, 3, 3), np.full((channels, channels), channels / 2))


def own_weights(rng: Generator) -> Iterator[Call]:
    """Draw symmetric weights, the first class asked for: neither rows nor classes can be mistaken."""
    for kind, channels in zip(kinds(rng), (4, 2), strict=False):
        half = distinct(rng, (channels, channels))
        yield cam(rectified(rng, kind, channels, 3, 3), half + half.T)


def classes(rng: Generator) -> Iterator[Call]:
    """Draw more and fewer classes than channels."""
    for kind, (count, channels) in zip(kinds(rng), ((4, 2), (2, 3)), strict=False):
        x = rectified(rng, kind, channels, 2, 4)
        yield cam(x, distinct(rng, (count, channels)), int(rng.integers(1, count)))


def whole_features(rng: Generator) -> Iterator[Call]:
    """Draw features of integers, wide and narrow, and a weight that is none."""
    for kind, share in ((np.int64, 0.3), (np.uint8, 101.7)):
        yield cam(small(rng, 3).astype(kind), [[share]])


def evidence_against(rng: Generator) -> Iterator[Call]:
    """Draw weights of both signs, so that some cells come out below zero."""
    for kind, channels in zip(kinds(rng), (3, 2), strict=False):
        weight = np.full((channels, channels), -1.0)
        weight[0, 0] = 2
        yield cam(rectified(rng, kind, channels, 3, 3), weight)


def two_channels(rng: Generator) -> Iterator[Call]:
    """Draw two channels that count alike, as much as one that is asked about."""
    yield cam(distinct(rng, (2, 3, 3)), np.full((3, 2), rng.integers(1, 400) / 4), int(rng.integers(3)))


def no_class(rng: Generator, given: Mapping[str, Any]) -> int:
    """Make a number that no class has, also such as counts from behind."""
    count = len(given["weight"])
    return int(rng.choice([rng.integers(-count, 0), rng.integers(count, count + 99)]))


def sum_or_average(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold also when the sum over the channels was divided by their number.

    Another criterion asks that the channels are added up.
    """
    wrong = same_value(case, got, expected)
    channels = len(case.call.args[0])
    return wrong and (trouble(got) or (difference(got.value, expected.value / channels) and wrong))


CAM_WORKS = [cam(small(worked()), [[2]]), cam(distinct(worked(), (2, 2, 2)), [[1, 1], [1, 1]])]

CLASS_ACTIVATION_MAP = Question(
    "class_activation_map",
    (
        criterion(
            ADDED_UP,
            1,
            CAM_WORKS,
            equal_weights,
            tries="more channels",
            hint="Every cell of the map is a sum over channels, not an average: averaging over cells comes later.",
        ),
        criterion(
            OWN_WEIGHT,
            1,
            [cam(distinct(worked(), (2, 2, 2)), [[1, 3], [3, 1]])],
            own_weights,
            judge=sum_or_average,
            tries="more channels",
            hint="Channel c is multiplied by its own weight for the class before it is added.",
        ),
        criterion(
            ROW,
            1,
            [cam(distinct(worked(), (2, 2, 2)), [[1, 1], [2, 3], [4, 1]], 1)],
            classes,
            judge=sum_or_average,
            tries="other numbers of classes and channels, and maps that are not square",
            hint="weight has a row for each class and a column for each channel.",
        ),
        criterion(
            AGAINST,
            1,
            [cam(small(worked()), [[-1]])],
            evidence_against,
            judge=sum_or_average,
            tries="weights of both signs",
            hint="The map's mean is the logit, which may be negative: nothing is cut off at zero.",
        ),
        criterion(
            INTEGERS,
            0.5,
            [call("class_activation_map", np.array([[[1, 2], [3, 4]]]), np.array([[0.5]]), 0)],
            whole_features,
            tries="other integers, also of eight bits",
            hint="An array made like one of integers cuts off fractions.",
        ),
        input_stays_untouched(0.5, CAM_WORKS, two_channels, judge=UntouchedIf(sum_or_average)),
        refusals(
            0.5,
            CAM_WORKS[:1],
            [
                *(("features", cam(np.ones(shape), [[1]])) for shape in ((4, 4), (1, 1, 4, 4))),
                *(("weight", cam(np.ones((1, 4, 4)), weight)) for weight in ([1], [[[1]]])),
                *(("", cam(np.ones((2, 4, 4)), np.ones((3, 2)), bad)) for bad in (3, -1, -3)),
            ],
            spoilt(
                two_channels,
                ("features", "weight", "class_index"),
                {"features": other_axes("features", 3), "weight": other_axes("weight", 2), "class_index": no_class},
                unnamed=("class_index",),
                judge=sum_or_average,
            ),
            "NumPy reads a negative index from behind; there is no class of that number.",
            judge=sum_or_average,
        ),
        activations_at_once(),
    ),
)

COUNT = partial(call, "head_parameters")
BAD_COUNTS: Mapping[str, Spoiler] = {
    **dict.fromkeys(("channels", "height", "width", "classes"), below(1)),
    "head": other_words("flatten", "global"),
}


def counts(rng: Generator, head: str) -> Iterator[Call]:
    """Draw counts, all different; what is counted stays below 32 bits."""
    yield COUNT(*(int(n) for n in rng.choice(np.arange(2, 200), 4, replace=False)), head)


def single_cells(rng: Generator) -> Iterator[Call]:
    """Draw counts for one of the heads, which have as many parameters where a map is one cell."""
    channels, classes = (int(n) for n in rng.integers(2, 2000, 2))
    yield COUNT(channels, 1, 1, classes, str(rng.choice(["flatten", "global"])))


def roughly(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when a count is of the right size: exactly how many there are, biases included, is asked elsewhere."""
    del case
    wrong = trouble(got)
    if wrong:
        return f"this call is legal, but {wrong}"
    if isinstance(got.value, int | float | np.number) and expected.value <= 2 * got.value <= 4 * expected.value:
        return None
    return f"this call is legal, and should give about {expected.value}, not {describe(got.value)}"


HEAD_WORKS = [
    Case(COUNT(channels, 1, 1, classes, head), roughly)
    for channels, classes in ((64, 10),)
    for head in ("flatten", "global")
]

BAD_HEADS: list[tuple[Any, ...]] = [
    *((*(0 if i == place else 2 for i in range(4)), "flatten") for place in range(4)),
    *((-1, 2, 2, 2, "flatten"), (2, 2, -1, 2, "global")),
    *((2, 2, 2, 2, head) for head in ("average", "Flatten")),
]

HEAD_PARAMETERS = Question(
    "head_parameters",
    (
        criterion(
            FLATTEN,
            1,
            [COUNT(1, 2, 3, 1, "flatten"), COUNT(64, 7, 7, 10, "flatten")],
            lambda rng: counts(rng, "flatten"),
            tries="other sizes",
            hint="Every cell of every channel has a weight for each class, and each class a bias.",
        ),
        criterion(
            GLOBAL,
            1.5,
            [COUNT(2, 5, 5, 1, "global"), COUNT(64, 7, 7, 10, "global")],
            lambda rng: counts(rng, "global"),
            tries="other sizes",
            hint="One number is left of each channel: the size of the maps does not matter any more. Mind the biases.",
        ),
        criterion(
            "bad arguments are refused",
            1,
            [*HEAD_WORKS, *(Case(COUNT(*arguments), Refused()) for arguments in BAD_HEADS)],
            spoilt(single_cells, tuple(BAD_COUNTS), BAD_COUNTS, unnamed=BAD_COUNTS, judge=roughly),
            tries="other arguments, good and bad ones",
            hint="No count is below 1, also where it does not enter the result; and there are two heads.",
        ),
        counts_at_once(),
    ),
)
