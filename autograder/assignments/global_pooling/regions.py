"""What is asked of ``roi_max_pool``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ...criteria.arrays import Array, Generator, worldly
from ...criteria.criterion import call, criterion, input_stays_untouched
from ...criteria.judges import same, same_value
from ...criteria.refusals import bad_arguments_are_refused, below, other_axes, spoilt
from ...criteria.windows import Calls, distinct, special_values, worked
from ...model import Call, Question
from .bins_at_once import regions_at_once
from .shapes import BINS, MORE_BINS, NAN, OVERLAPPING, SIDE_BY_SIDE, integers, kinds, refusals, small, two_sides

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


def positive(rng: Generator, kind: str, side: int) -> Array:
    """Draw one channel of numbers like those of the world, none below zero."""
    return np.abs(worldly(rng, (1, side, side), kind))


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


def grown(rng: Generator) -> Iterator[Call]:
    """Draw a region in the corner of a map that grows along both axes."""
    side = int(rng.integers(5, 9))
    rows, columns = (np.cumsum(rng.integers(1, 400, side)) / 4 for _ in range(2))
    end = int(rng.integers(2, side))
    yield roi((rows[:, None] + columns)[None], [(0, 0, end, end)], 1)


def whole(rng: Generator) -> Iterator[Call]:
    """Draw an image that is a region, pooled to one cell."""
    x = distinct(rng, (1, *[int(rng.integers(4, 9))] * 2))
    yield roi(x, [all_of(x)], 1)


def no_region(rng: Generator, given: Mapping[str, Any]) -> Array:
    """Make the region empty, or reach over an edge."""
    regions: Array = given["rois"].copy()
    (region,) = regions
    axis = rng.integers(2)
    begin, end = axis, axis + 2
    match rng.choice(["before", "behind", "empty", "reversed"]):
        case "before":
            region[begin] = -rng.integers(1, 9)
        case "behind":
            region[end] = given["x"].shape[1] + rng.integers(1, 99)
        case "empty":
            region[end] = region[begin]
        case "reversed":
            region[[begin, end]] = region[[end, begin]]
    return regions


def gridded(*settings: tuple[int, Any]) -> Calls:
    """Draw square images, all of each one region, pooled to bins."""

    def draw(rng: Generator) -> Iterator[Call]:
        for kind, (side, output_size) in zip(kinds(rng, fractions=True), settings, strict=False):
            yield roi(positive(rng, kind, side), [(0, 0, side, side)], output_size)

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
    yield several(rng, 6, 1, (0, 2), (0, 6), (2, 6))
    yield several(rng, 6, 2, (0, 4), (0, 6), (3, 5))


def spoiled_regions(rng: Generator) -> Iterator[Call]:
    """Draw special values in one of four bins, and outside the region."""
    x = distinct(rng, (1, 4, 4))
    x.flat[rng.integers(16)] = NAN
    yield roi(x, [all_of(x)], 2)
    x = walled(rng, 4, (1, 1, 3, 3))
    x[0, 0, rng.integers(4)] = NAN
    yield roi(x, [(1, 1, 3, 3)], 1)


ROI_WORKS = [roi(small(worked()), [(0, 0, 2, 2)], 1), roi(small(worked(), 4), [(0, 0, 4, 4)], 2)]
PARAMETERS = ("x", "rois", "output_size")
OUTSIDE = [(-1, 0, 4, 4), (0, -1, 4, 4), (0, 0, 5, 4), (0, 0, 4, 5)]
EMPTY = [(2, 0, 2, 4), (0, 3, 4, 3), (3, 0, 1, 4)]

ROI_MAX_POOL = Question(
    "roi_max_pool",
    (
        criterion(
            "a region is cut out of the map",
            1,
            [roi(walled(worked(), 4, (1, 1, 3, 3)), [(1, 1, 3, 3)], 1), ROI_WORKS[0]],
            cut_out((2, 2, 4, 4), (1, 1, 4, 4), (3, 3, 6, 6)),
            tries="other regions",
            hint="A region is given by its corners: rows y0 to y1, columns x0 to x1, of every channel.",
        ),
        criterion(
            "the end of a region is excluded",
            0.5,
            [roi(np.array([[[1.0, 2, 8], [3, 4, 7], [5, 6, 9]]]), [(0, 0, 2, 2)], 1)],
            grown,
            tries="other regions in the corner of a map that grows towards the end",
            hint="Rows y0 up to, but not including, y1, as in a slice: a region of height y1 - y0.",
        ),
        criterion(
            "y comes before x",
            0.5,
            [roi(walled(worked(), 4, (0, 2, 1, 4)), [(0, 2, 1, 4)], 1)],
            cut_out((3, 0, 5, 3)),
            tries="other regions off the diagonal",
            hint="The four numbers are y0, x0, y1, x1: rows first, as everywhere in NumPy.",
        ),
        criterion(
            SIDE_BY_SIDE,
            0.5,
            [ROI_WORKS[1]],
            gridded((8, 2), (4, 4), (6, 3)),
            tries="other sizes",
            hint="Four cells in two bins: two cells each, and the maximum of each bin.",
        ),
        criterion(
            OVERLAPPING,
            1.5,
            [roi(small(worked(), 3), [(0, 0, 3, 3)], 2), roi(small(worked(), 4), [(0, 0, 4, 4)], 3)],
            gridded((7, 5), (5, 2), (5, 4)),
            tries="other sizes that do not divide",
            hint=BINS.format("rounded outwards on both sides, so that no cell is lost"),
        ),
        criterion(
            MORE_BINS,
            0.5,
            [roi(small(worked(), 1), [(0, 0, 1, 1)], 2), roi(small(worked()), [(0, 0, 2, 2)], 3)],
            gridded((3, 5), (2, 5)),
            tries="other sizes",
            hint=BINS.format("never empty, also where a bin is narrower than a cell"),
        ),
        two_sides(
            0.5,
            [roi(small(worked()), [(0, 0, 2, 2)], (1, 2))],
            gridded((6, (2, 3)), (4, (4, 1))),
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
            lambda rng: iter([call("roi_max_pool", distinct(rng, (3, 4, 4)), np.zeros((0, 4)), 3)]),
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
            lambda rng: iter([roi(small(rng, 4), [(0, 0, 4, 4)], 2)]),
            same_value,
        ),
        input_stays_untouched(0.5, ROI_WORKS[1:], lambda rng: iter([roi(small(rng, 4), [(0, 0, 4, 4)], 2)])),
        bad_arguments_are_refused(
            "bad regions are refused",
            1,
            works=ROI_WORKS[1:],
            legal=[roi(small(worked(), 4), [(3, 3, 4, 4)], 1)],
            refused=[
                *(("", roi(small(worked(), 4), [bad], 1)) for bad in (*OUTSIDE, *EMPTY)),
                ("", roi(small(worked(), 4), [(0, 0, 4, 4), (0, 0, 0, 0)], 1)),
                *(("", roi(distinct(worked(), shape), [(0, 0, 5, 5)], 1)) for shape in ((1, 4, 6), (1, 6, 4))),
            ],
            draw=spoilt(whole, PARAMETERS, {"rois": no_region}, unnamed=("rois",), judge=same),
            hint="A slice forgives an end beyond the map and reads a negative start from behind; a region must not.",
        ),
        refusals(
            0.5,
            ROI_WORKS[1:],
            [
                *(("x", roi(np.ones(shape), [(0, 0, 4, 4)], 1)) for shape in ((4, 4), (1, 1, 4, 4))),
                *(
                    ("rois", call("roi_max_pool", np.ones((1, 4, 4)), bad, 1))
                    for bad in (np.array([0, 0, 4, 4]), np.zeros((1, 1, 4)))
                ),
                *(("", roi(np.ones((1, 4, 4)), [(0, 0, 4, 4)], bad)) for bad in (0, (2, 0), (0, -1))),
            ],
            spoilt(
                whole,
                PARAMETERS,
                {"x": other_axes("x", 3), "rois": other_axes("rois", 2), "output_size": below(1, pairs=True)},
                unnamed=("output_size",),
                judge=same,
            ),
        ),
        regions_at_once(),
    ),
)
