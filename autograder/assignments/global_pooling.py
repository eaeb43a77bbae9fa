"""What the assignment on global pooling asks.

Each criterion is isolated by its inputs, as those of :mod:`autograder.assignments.windows`: numbers are
positive, shapes square, counts of samples, channels, regions and classes one, and sizes divide unless this is
the point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ..criteria.comparison import describe
from ..criteria.criterion import bad_arguments_are_refused, call, criterion, input_stays_untouched
from ..criteria.judges import Refused, same, same_value, trouble
from ..criteria.windows import Array, Calls, Generator, Shape, distinct, image, square, worked
from ..model import Assignment, Call, Case, Criterion, Judge, Question, Reply

NAN, INF = float("nan"), float("inf")
Make = Callable[..., Call]


def each(make: Make, *settings: tuple[Any, ...]) -> Calls:
    """Draw distinct positive numbers for each ``(shape, argument ...)``."""

    def draw(rng: Generator) -> Iterator[Call]:
        for shape, *arguments in settings:
            yield make(distinct(rng, shape), *arguments)

    return draw


def on(name: str) -> Make:
    """Return a maker of calls of a function."""

    def make(*args: Any) -> Call:
        return call(name, *args)

    return make


def spoiled(make: Make, shape: Shape, *values: float, arguments: tuple[Any, ...] = ()) -> Calls:
    """Draw one special value at any place."""

    def draw(rng: Generator) -> Iterator[Call]:
        for value in values:
            x = distinct(rng, shape)
            x.flat[rng.integers(x.size)] = value
            yield make(x, *arguments)

    return draw


def by_itself(points: float, examples: Iterable[Call], draw: Calls) -> Criterion:
    """Several samples and channels, in different numbers."""
    return criterion(
        "every sample and channel by itself",
        points,
        examples,
        draw,
        tries="other numbers of samples and channels",
        hint="Pooling never looks across samples or channels.",
    )


def two_sides(points: float, examples: Iterable[Call], draw: Calls) -> Criterion:
    """Rectangles."""
    return criterion(
        "height comes before width",
        points,
        examples,
        draw,
        tries="other rectangles",
        hint="A map need not be square: the last two axes are height and width, in this order, and so is a pair.",
    )


def special_values(points: float, examples: Iterable[Call], draw: Calls, hint: str) -> Criterion:
    """NaN and infinity."""
    return criterion("NaN and infinity pass through", points, examples, draw, tries="other places", hint=hint)


def integers(points: float, example: Call, draw: Calls, judge: Judge = same) -> Criterion:
    """Integers in, numbers out."""

    def whole(made: Call) -> Call:
        first, *rest = made.args
        return Call(made.function, (first.astype(int), *rest))

    def drawn(rng: Generator) -> Iterator[Call]:
        return (whole(made) for made in draw(rng))

    return criterion(
        "integers are taken as numbers",
        points,
        [whole(example)],
        drawn,
        tries="other integers",
        hint="An average of integers is no integer; and an array made like one of integers cuts off fractions.",
        judge=judge,
    )


def refusals(points: float, works: list[Call], refused: Iterable[tuple[str, Call]], hint: str = "") -> Criterion:
    """Bad arguments."""
    hint = hint or "Say no early: a ValueError that names the array whose number of axes is wrong."
    return bad_arguments_are_refused("bad arguments are refused", points, works=works, refused=refused, hint=hint)


# ---- global_avg_pool2d and global_max_pool2d

AVG, MAX = on("global_avg_pool2d"), on("global_max_pool2d")
RANKS = ((4,), (4, 4), (1, 4, 4), (1, 1, 1, 4, 4))


def whole_maps(make: Make) -> list[Call]:
    """Return the smallest example, and one larger."""
    return [make(distinct(worked(), square(side))) for side in (2, 3)]


GLOBAL_AVG_POOL2D = Question(
    "global_avg_pool2d",
    (
        criterion(
            "the average of the whole map",
            1,
            whole_maps(AVG),
            each(AVG, (square(1),), (square(4),), (square(5),)),
            tries="other sizes",
            hint="One number for each map, of shape (N, C): both axes of the map are gone.",
        ),
        by_itself(
            0.5,
            [AVG(distinct(worked(), (1, 2, 2, 2))), AVG(distinct(worked(), (2, 1, 2, 2)))],
            each(AVG, ((3, 2, 2, 2),), ((2, 4, 3, 3),)),
        ),
        two_sides(0.5, [AVG(distinct(worked(), (1, 1, 1, 3)))], each(AVG, ((1, 1, 4, 2),), ((1, 1, 3, 5),))),
        special_values(
            0.5,
            [AVG(image([1, NAN], [2, 3])), AVG(image([1, INF], [-INF, 3]))],
            spoiled(AVG, square(3), NAN, INF, -INF),
            "The average of a map that holds NaN is NaN, and so is that of both infinities.",
        ),
        integers(0.5, AVG(image([1, 2], [3, 4])), each(AVG, (square(4),), (square(6),))),
        input_stays_untouched(0.5, whole_maps(AVG), each(AVG, (square(4),))),
        refusals(0.5, whole_maps(AVG), [("x", AVG(np.ones(shape))) for shape in RANKS]),
    ),
)

GLOBAL_MAX_POOL2D = Question(
    "global_max_pool2d",
    (
        criterion(
            "the largest value of the whole map",
            1,
            whole_maps(MAX),
            each(MAX, (square(1),), (square(4),), ((1, 1, 3, 5),), ((1, 1, 6, 2),)),
            tries="other sizes, also rectangles",
            hint="One number for each map, of shape (N, C): both axes of the map are gone.",
        ),
        criterion(
            "a map below zero has a maximum",
            0.5,
            [MAX(image([-3, -1], [-2, -4]))],
            lambda rng: (MAX(size * distinct(rng, square(3))) for size in (-0.1, -1e300)),
            tries="other negative numbers, also very large ones",
            hint="Zero is larger than every negative number: a search for the maximum must not start from it.",
        ),
        by_itself(
            0.5,
            [MAX(distinct(worked(), (1, 2, 2, 2))), MAX(distinct(worked(), (2, 1, 2, 2)))],
            each(MAX, ((3, 2, 2, 2),), ((2, 4, 3, 3),)),
        ),
        special_values(
            0.5,
            [MAX(image([1, NAN], [2, 3])), MAX(image([1, INF], [-INF, 3]))],
            spoiled(MAX, square(3), NAN, NAN, INF, -INF),
            "The maximum of a map that holds NaN is NaN: a comparison with NaN is never true.",
        ),
        integers(0.5, MAX(image([1, 2], [3, 4])), each(MAX, (square(4),)), same_value),
        input_stays_untouched(0.5, whole_maps(MAX), each(MAX, (square(4),))),
        refusals(0.5, whole_maps(MAX), [("x", MAX(np.ones(shape))) for shape in RANKS]),
    ),
)

# ---- global_avg_pool2d_backward

BACK = on("global_avg_pool2d_backward")
BACK_WORKS = [BACK(np.array([[8.0]]), square(2)), BACK(np.array([[9.0]]), square(3))]

GLOBAL_AVG_POOL2D_BACKWARD = Question(
    "global_avg_pool2d_backward",
    (
        criterion(
            "every cell gets its share",
            1,
            BACK_WORKS,
            each(BACK, ((1, 1), square(1)), ((1, 1), square(4)), ((1, 1), square(5))),
            tries="other sizes",
            hint="Each cell of the map influenced the average alike: by one over the number of cells.",
        ),
        by_itself(
            0.5,
            [BACK(np.array([[4.0, 8.0]]), (1, 2, 2, 2)), BACK(np.array([[4.0], [8.0]]), (2, 1, 2, 2))],
            each(BACK, ((3, 2), (3, 2, 2, 2)), ((2, 4), (2, 4, 3, 3))),
        ),
        two_sides(
            0.5,
            [BACK(np.array([[6.0]]), (1, 1, 1, 3))],
            each(BACK, ((1, 1), (1, 1, 4, 2)), ((1, 1), (1, 1, 3, 5))),
        ),
        special_values(
            0.5,
            [BACK(np.array([[NAN]]), square(2)), BACK(np.array([[-INF]]), square(2))],
            spoiled(BACK, (1, 1), NAN, INF, arguments=(square(3),)),
            "A gradient of NaN or infinity reaches every cell of its map.",
        ),
        integers(0.5, BACK(np.array([[6.0]]), square(2)), each(BACK, ((1, 1), square(3)))),
        input_stays_untouched(0.5, BACK_WORKS, each(BACK, ((1, 1), square(4)))),
        refusals(
            0.5,
            BACK_WORKS,
            [
                *(("grad_output", BACK(np.ones(shape), square(4))) for shape in ((1,), (1, 1, 1, 1), (1, 1, 1))),
                *(("", BACK(np.ones((1, 1)), shape)) for shape in ((4, 4), (1, 4, 4), (1, 1, 1, 4, 4))),
            ],
        ),
    ),
)

# ---- adaptive_avg_pool2d

ADAPTIVE = on("adaptive_avg_pool2d")
ADAPTIVE_WORKS = [ADAPTIVE(distinct(worked(), square(2)), 1), ADAPTIVE(distinct(worked(), square(4)), 2)]
OVERLAPPING = "bins overlap where sizes do not divide"
MORE_BINS = "there may be more bins than cells"
BINS = "Bin i begins at floor(i * n / m) and ends before ceil((i + 1) * n / m): {}."

ADAPTIVE_AVG_POOL2D = Question(
    "adaptive_avg_pool2d",
    (
        criterion(
            "bins lie side by side where sizes divide",
            1.5,
            ADAPTIVE_WORKS,
            each(ADAPTIVE, (square(3), 3), (square(6), 2), (square(6), 3), (square(8), 4)),
            tries="other sizes",
            hint="Six cells in three bins: two cells each. Here adaptive pooling is ordinary pooling.",
        ),
        criterion(
            OVERLAPPING,
            2,
            [ADAPTIVE(distinct(worked(), square(3)), 2), ADAPTIVE(distinct(worked(), square(4)), 3)],
            each(
                ADAPTIVE, (square(5), 2), (square(5), 3), (square(5), 4), (square(7), 3), (square(7), 5), (square(9), 7)
            ),
            tries="other sizes that do not divide",
            hint=BINS.format("rounded outwards on both sides, so that no cell is lost"),
        ),
        criterion(
            MORE_BINS,
            1,
            [ADAPTIVE(distinct(worked(), square(1)), 2), ADAPTIVE(distinct(worked(), square(2)), 3)],
            each(ADAPTIVE, (square(2), 4), (square(2), 5), (square(3), 5)),
            tries="other sizes",
            hint=BINS.format("never empty, also where a bin is narrower than a cell"),
        ),
        by_itself(
            0.5,
            [ADAPTIVE(distinct(worked(), (1, 2, 2, 2)), 1), ADAPTIVE(distinct(worked(), (2, 1, 2, 2)), 1)],
            each(ADAPTIVE, ((3, 2, 2, 2), 2), ((2, 4, 4, 4), 2)),
        ),
        two_sides(
            0.5,
            [ADAPTIVE(distinct(worked(), (1, 1, 2, 4)), 2), ADAPTIVE(distinct(worked(), square(2)), (1, 2))],
            each(ADAPTIVE, ((1, 1, 4, 2), 2), (square(6), (2, 3)), ((1, 1, 4, 3), (2, 3))),
        ),
        special_values(
            0.5,
            [ADAPTIVE(image([1, NAN], [2, 3]), 1), ADAPTIVE(image([1, NAN], [2, 3]), 2)],
            spoiled(ADAPTIVE, square(4), NAN, INF, -INF, arguments=(2,)),
            "NaN in one bin is no business of the others, as it is with running sums.",
        ),
        integers(0.5, ADAPTIVE(image([1, 2], [3, 4]), 1), each(ADAPTIVE, (square(4), 2), (square(6), 3))),
        input_stays_untouched(0.5, ADAPTIVE_WORKS, each(ADAPTIVE, (square(4), 2))),
        refusals(
            1,
            ADAPTIVE_WORKS,
            [
                *(("x", ADAPTIVE(np.ones(shape), 2)) for shape in ((4, 4), (1, 4, 4), (1, 1, 1, 4, 4))),
                *(("", ADAPTIVE(np.ones(square(4)), bad)) for bad in (0, -1, (2, 0), (0, 2))),
            ],
            "Neither a map without height and width nor a grid without bins: a ValueError, for x by name.",
        ),
    ),
)

# ---- roi_max_pool

Region = tuple[int, int, int, int]


def roi(x: Array, regions: list[Region], output_size: Any) -> Call:
    """Return a call for one image ``x (C, H, W)``."""
    return call("roi_max_pool", x, np.array(regions), output_size)


def walled(rng: Generator, side: int, *regions: Region, channels: int = 1) -> Array:
    """Draw an image with zeros just behind each region: it does not matter here whether an end is included."""
    x = distinct(rng, (channels, side, side))
    for _, _, y1, x1 in regions:
        x[:, y1 : y1 + 1] = 0
        x[:, :, x1 : x1 + 1] = 0
    return x


def cut_out(*regions: Region) -> Calls:
    """Draw single regions of a 6x6 image, pooled to one cell; farther outside all numbers are larger."""

    def draw(rng: Generator) -> Iterator[Call]:
        for region in regions:
            x = walled(rng, 6, region)
            inside = x[:, region[0] : region[2], region[1] : region[3]].copy()
            x[x > 0] += x.max()
            x[:, region[0] : region[2], region[1] : region[3]] = inside
            yield roi(x, [region], 1)

    return draw


def gridded(*settings: tuple[int, Any]) -> Calls:
    """Draw square images, all of each one region, pooled to bins."""

    def draw(rng: Generator) -> Iterator[Call]:
        for side, output_size in settings:
            yield roi(distinct(rng, (1, side, side)), [(0, 0, side, side)], output_size)

    return draw


def all_of(x: Array) -> Region:
    """Return the region that is the whole image."""
    return (0, 0, *x.shape[1:])


def several(rng: Generator, side: int, channels: int, *corners: tuple[int, int]) -> Call:
    """Return a call with regions along the diagonal."""
    regions = [(a, a, b, b) for a, b in corners]
    return roi(walled(rng, side, *regions, channels=channels), regions, 1)


def many_regions(rng: Generator) -> Iterator[Call]:
    """Draw numbers of regions and channels."""
    yield several(rng, 6, 1, (0, 2), (2, 6), (1, 4))
    yield several(rng, 6, 3, (4, 6))
    yield several(rng, 6, 2, (0, 4), (0, 6), (3, 5))


def spoiled_regions(rng: Generator) -> Iterator[Call]:
    """Draw special values in one of four bins, and outside the region."""
    for value in (NAN, NAN, INF, -INF):
        x = distinct(rng, (1, 4, 4))
        x.flat[rng.integers(16)] = value
        yield roi(x, [all_of(x)], 2)
    x = walled(rng, 4, (1, 1, 3, 3))
    x[0, 0, rng.integers(4)] = NAN
    yield roi(x, [(1, 1, 3, 3)], 1)


def small(rng: Generator, side: int = 2) -> Array:
    """Draw one channel of a small image."""
    return distinct(rng, (1, side, side))


ROI_WORKS = [roi(small(worked()), [(0, 0, 2, 2)], 1), roi(small(worked(), 4), [(0, 0, 4, 4)], 2)]
OUTSIDE = [(-1, 0, 4, 4), (0, -1, 4, 4), (0, 0, 5, 4), (0, 0, 4, 5), (0, 0, 9, 9)]
EMPTY = [(2, 0, 2, 4), (0, 3, 4, 3), (3, 0, 1, 4), (0, 3, 4, 2)]

ROI_MAX_POOL = Question(
    "roi_max_pool",
    (
        criterion(
            "a region is cut out of the map",
            1,
            [roi(walled(worked(), 4, (1, 1, 3, 3)), [(1, 1, 3, 3)], 1), ROI_WORKS[0]],
            cut_out((0, 0, 2, 2), (2, 2, 4, 4), (1, 1, 4, 4), (3, 3, 6, 6)),
            tries="other regions",
            hint="A region is given by its corners: rows y0 to y1, columns x0 to x1, of every channel.",
        ),
        criterion(
            "the end of a region is excluded",
            0.5,
            [roi(np.array([[[1.0, 2, 8], [3, 4, 7], [5, 6, 9]]]), [(0, 0, 2, 2)], 1)],
            lambda rng: (roi(np.arange(36.0).reshape(1, 6, 6), [(a, a, a + 2, a + 2)], 1) for a in rng.permutation(4)),
            tries="other regions of a map that grows towards the end",
            hint="Rows y0 up to, but not including, y1, as in a slice: a region of height y1 - y0.",
        ),
        criterion(
            "y comes before x",
            0.5,
            [roi(walled(worked(), 4, (0, 2, 1, 4)), [(0, 2, 1, 4)], 1)],
            cut_out((0, 1, 2, 5), (3, 0, 5, 3), (1, 4, 5, 5)),
            tries="other regions off the diagonal",
            hint="The four numbers are y0, x0, y1, x1: rows first, as everywhere in NumPy.",
        ),
        criterion(
            "bins lie side by side where sizes divide",
            1,
            [ROI_WORKS[1]],
            gridded((4, 4), (6, 2), (6, 3)),
            tries="other sizes",
            hint="Four cells in two bins: two cells each, and the maximum of each bin.",
        ),
        criterion(
            OVERLAPPING,
            1.5,
            [roi(small(worked(), 3), [(0, 0, 3, 3)], 2), roi(small(worked(), 4), [(0, 0, 4, 4)], 3)],
            gridded((5, 2), (5, 3), (5, 4), (7, 3), (7, 5)),
            tries="other sizes that do not divide",
            hint=BINS.format("rounded outwards on both sides, so that no cell is lost"),
        ),
        criterion(
            MORE_BINS,
            0.5,
            [roi(small(worked(), 1), [(0, 0, 1, 1)], 2), roi(small(worked()), [(0, 0, 2, 2)], 3)],
            gridded((2, 4), (2, 5), (3, 5)),
            tries="other sizes",
            hint=BINS.format("never empty, also where a bin is narrower than a cell"),
        ),
        two_sides(
            0.5,
            [roi(small(worked()), [(0, 0, 2, 2)], (1, 2))],
            gridded((4, (4, 1)), (4, (2, 4)), (6, (2, 3))),
        ),
        criterion(
            "every region and channel by itself",
            0.5,
            [
                several(worked(), 4, 1, (0, 2), (2, 4)),
                roi(distinct(worked(), (2, 2, 2)), [(0, 0, 2, 2)], 1),
            ],
            many_regions,
            tries="other numbers of regions, which may overlap",
            hint="The result holds every channel of every region: shape (R, C, OH, OW).",
        ),
        criterion(
            "no regions are fine",
            0.5,
            [ROI_WORKS[0], call("roi_max_pool", small(worked()), np.zeros((0, 4), dtype=int), 2)],
            lambda rng: (call("roi_max_pool", distinct(rng, (3, 4, 4)), np.zeros((0, 4)), size) for size in (1, 3)),
            tries="more channels and bins",
            hint="A detector may find nothing. What is the shape of the result when R is 0?",
        ),
        criterion(
            "a region below zero has a maximum",
            0.5,
            [roi(-small(worked()), [(0, 0, 2, 2)], 1)],
            lambda rng: (roi(size * small(rng, 4), [(0, 0, 4, 4)], 2) for size in (-0.1, -1e300)),
            tries="other negative numbers, also very large ones",
            hint="Zero is larger than every negative number: a search for the maximum must not start from it.",
        ),
        special_values(
            0.5,
            [
                roi(np.array([[[1, NAN], [2, 3]]]), [(0, 0, 2, 2)], 1),
                roi(np.array([[[1, NAN], [2, 3]]]), [(0, 0, 2, 2)], 2),
            ],
            spoiled_regions,
            "NaN spoils the bins that hold it, and no others.",
        ),
        integers(
            0.5,
            ROI_WORKS[0],
            lambda rng: (roi(small(rng, 4), [(0, 0, 4, 4)], 2) for _ in range(2)),
            same_value,
        ),
        input_stays_untouched(0.5, ROI_WORKS, lambda rng: (roi(small(rng, 4), [(0, 0, 4, 4)], 2) for _ in range(2))),
        bad_arguments_are_refused(
            "bad regions are refused",
            1,
            works=ROI_WORKS,
            legal=[roi(small(worked(), 4), [(0, 0, 4, 4)], 1), roi(small(worked(), 4), [(3, 3, 4, 4)], 1)],
            refused=[
                *(("", roi(small(worked(), 4), [bad], 1)) for bad in (*OUTSIDE, *EMPTY)),
                ("", roi(small(worked(), 4), [(0, 0, 4, 4), (0, 0, 0, 0)], 1)),
                *(("", roi(distinct(worked(), shape), [(0, 0, 5, 5)], 1)) for shape in ((1, 4, 6), (1, 6, 4))),
            ],
            hint="A slice forgives an end beyond the map and reads a negative start from behind; a region must not.",
        ),
        refusals(
            0.5,
            ROI_WORKS,
            [
                *(("x", roi(np.ones(shape), [(0, 0, 4, 4)], 1)) for shape in ((4, 4), (1, 1, 4, 4))),
                *(
                    ("rois", call("roi_max_pool", np.ones((1, 4, 4)), bad, 1))
                    for bad in (np.array([0, 0, 4, 4]), np.zeros((1, 1, 4)))
                ),
                *(("", roi(np.ones((1, 4, 4)), [(0, 0, 4, 4)], bad)) for bad in (0, -1, (2, 0), (0, 2))),
            ],
        ),
    ),
)

# ---- class_activation_map


def cam(features: Array, weight: Any, class_index: int = 0) -> Call:
    """Return a call for ``features (C, H, W)``."""
    return call("class_activation_map", features, np.array(weight, dtype=float), class_index)


def equal_weights(rng: Generator) -> Iterator[Call]:
    """Draw channels that all count alike."""
    for channels, share in ((2, 0.5), (3, 1.0), (4, 2.0)):
        yield cam(distinct(rng, (channels, 3, 3)), np.full((channels, channels), share))


def own_weights(rng: Generator) -> Iterator[Call]:
    """Draw symmetric weights, the first class asked for: neither rows nor classes can be mistaken."""
    for channels in (2, 3, 4):
        half = distinct(rng, (channels, channels))
        yield cam(distinct(rng, (channels, 3, 3)), half + half.T)


def classes(rng: Generator) -> Iterator[Call]:
    """Draw more and fewer classes than channels."""
    for count, channels in ((4, 2), (2, 3), (3, 3)):
        yield cam(distinct(rng, (channels, 2, 4)), distinct(rng, (count, channels)), int(rng.integers(1, count)))


def evidence_against(rng: Generator) -> Iterator[Call]:
    """Draw weights of both signs, so that some cells come out below zero."""
    for channels in (2, 3):
        weight = np.full((channels, channels), -1.0)
        weight[0, 0] = 2
        yield cam(distinct(rng, (channels, 3, 3)), weight)


def special_features(rng: Generator) -> Iterator[Call]:
    """Draw one special value in the features, or a weight of zero on it."""
    for value, share in ((NAN, 1.0), (INF, 1.0), (INF, 0.0)):
        x = distinct(rng, (1, 3, 3))
        x.flat[rng.integers(9)] = value
        yield cam(x, [[share]])


CAM_WORKS = [cam(small(worked()), [[2]]), cam(distinct(worked(), (2, 2, 2)), [[1, 1], [1, 1]])]

CLASS_ACTIVATION_MAP = Question(
    "class_activation_map",
    (
        criterion(
            "the channels are added up",
            1,
            CAM_WORKS,
            equal_weights,
            tries="more channels",
            hint="Every cell of the map is a sum over channels, not an average: averaging over cells comes later.",
        ),
        criterion(
            "each channel has its own weight",
            1,
            [cam(distinct(worked(), (2, 2, 2)), [[1, 3], [3, 1]])],
            own_weights,
            tries="more channels",
            hint="Channel c is multiplied by its own weight for the class before it is added.",
        ),
        criterion(
            "the class picks its row of weights",
            1,
            [cam(distinct(worked(), (2, 2, 2)), [[1, 1], [2, 3], [4, 1]], 1)],
            classes,
            tries="other numbers of classes and channels, and maps that are not square",
            hint="weight has a row for each class and a column for each channel.",
        ),
        criterion(
            "evidence against a class counts",
            1,
            [cam(small(worked()), [[-1]])],
            evidence_against,
            tries="weights of both signs",
            hint="The map's mean is the logit, which may be negative: nothing is cut off at zero.",
        ),
        special_values(
            0.5,
            [cam(np.array([[[1, NAN], [2, 3]]]), [[1]]), cam(np.array([[[1, INF], [2, 3]]]), [[0]])],
            special_features,
            "NaN stays in its cell; and zero times infinity is NaN.",
        ),
        criterion(
            "integers are taken as numbers",
            0.5,
            [call("class_activation_map", np.array([[[1, 2], [3, 4]]]), np.array([[0.5]]), 0)],
            lambda rng: (
                call("class_activation_map", small(rng, 3).astype(int), np.array([[share]]), 0) for share in (0.3, 1.7)
            ),
            tries="other integers",
            hint="An array made like one of integers cuts off fractions.",
        ),
        input_stays_untouched(0.5, CAM_WORKS, equal_weights),
        refusals(
            0.5,
            CAM_WORKS,
            [
                *(("features", cam(np.ones(shape), [[1]])) for shape in ((4, 4), (1, 1, 4, 4))),
                *(("weight", cam(np.ones((1, 4, 4)), weight)) for weight in ([1], [[[1]]])),
                *(("", cam(np.ones((2, 4, 4)), np.ones((3, 2)), bad)) for bad in (3, -1, -3, 10)),
            ],
            "NumPy reads a negative index from behind; there is no class of that number.",
        ),
    ),
)

# ---- head_parameters

COUNT = on("head_parameters")


def counts(rng: Generator, head: str) -> Iterator[Call]:
    """Draw counts, all different."""
    for _ in range(4):
        yield COUNT(*(int(n) for n in rng.permutation(12)[:4] + 2), head)


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
    for channels, classes in ((8, 2), (64, 10))
    for head in ("flatten", "global")
]

BAD_HEADS: list[tuple[Any, ...]] = [
    *((*(bad if i == place else 2 for i in range(4)), "flatten") for place in range(4) for bad in (0, -1)),
    *((2, 0, 2, 2, "global"), (2, 2, -1, 2, "global")),
    *((2, 2, 2, 2, head) for head in ("average", "", "Flatten")),
]

HEAD_PARAMETERS = Question(
    "head_parameters",
    (
        criterion(
            "flattening counts every cell",
            1.5,
            [COUNT(1, 2, 3, 1, "flatten"), COUNT(64, 7, 7, 10, "flatten")],
            lambda rng: counts(rng, "flatten"),
            tries="other sizes",
            hint="Every cell of every channel has a weight for each class, and each class a bias.",
        ),
        criterion(
            "global pooling counts every channel once",
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
            hint="No count is below 1, also where it does not enter the result; and there are two heads.",
        ),
    ),
)


ASSIGNMENT = Assignment(
    "global_pooling",
    (
        GLOBAL_AVG_POOL2D,
        GLOBAL_MAX_POOL2D,
        GLOBAL_AVG_POOL2D_BACKWARD,
        ADAPTIVE_AVG_POOL2D,
        ROI_MAX_POOL,
        CLASS_ACTIVATION_MAP,
        HEAD_PARAMETERS,
    ),
)
