"""A random layer asked with everything together, and what each case needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Generator, Row, Shape, drawn
from ...criteria.comparison import RELATIVE_TOLERANCE, SINGLE_TOLERANCE, difference
from ...criteria.criterion import call
from ...model import Case, Criterion
from .chance import Outcome, agreement, judge_of_outcomes, one_fate, zeros_are_drawn_for
from .draws import any_p, seeded

FACTORS = {"p": (0.0, (0.1, 0.3), (0.4, 0.6), (0.6, 0.8)), "training": (True, False), "asked": ("output", "mask")}
FIRST_ROW: Row = {"p": 0.5, "training": True, "asked": "output", "values": "numbers", "dtype": "float64", "layout": "C"}
SECOND_ROW: Row = {**FIRST_ROW, "training": False, "asked": "mask", "values": "rectified"}


def in_training(seen: Outcome) -> bool:
    """Say whether the call was one of training at a p at which something falls."""
    return bool(seen.call.kwargs["training"]) and seen.p > 0


@judge_of_outcomes
def output_is_right(seen: Outcome) -> str | None:
    """Hold when what is kept is scaled, whole channels fall where they should, and in evaluation nothing does."""
    kept = (seen.output != 0).any(axis=seen.shared_axes, keepdims=True)
    right = np.where(kept, seen.x / (1 - seen.p), 0.0) if in_training(seen) else seen.x.astype(float)
    tolerance = SINGLE_TOLERANCE if seen.x.dtype == np.float32 else RELATIVE_TOLERANCE
    wrong = difference(seen.output, right, integers_pass=True, tolerance=tolerance)
    if wrong or not in_training(seen):
        return wrong
    return one_fate(kept[(seen.x != 0).any(axis=seen.shared_axes, keepdims=True)], seen.p)


@judge_of_outcomes
def mask_is_right(seen: Outcome) -> str | None:
    """Hold when the mask has the right shape, is the output's, and in evaluation true everywhere."""
    wrong = difference(seen.returned_mask.shape, seen.expected_mask.shape) or agreement(seen)
    if wrong:
        return wrong
    if in_training(seen):
        return one_fate(seen.returned_mask != 0, seen.p) or zeros_are_drawn_for(seen)
    return None if seen.mask.all() else "the mask is not true everywhere, and nothing can have fallen"


JUDGES = {"output": output_is_right, "mask": mask_is_right}


def layer_at_once(name: str, shapes: Sequence[Shape], alone: Mapping[str, str]) -> Criterion:
    """Return the last criterion of a layer for ``shapes`` of hundreds of fates, of which the first two are shown.

    ``alone`` has of each feature the criterion that asks for it alone.
    """

    def make(rng: Generator, row: Row) -> Case:
        x, p = drawn(rng, row["shape"], row), any_p(rng, row["p"])
        made = call(name, x, p, seeded(rng), training=row["training"])
        return Case(made, JUDGES[row["asked"]], needs(row, alone))

    examples = [{**row, "shape": shape} for row, shape in zip((FIRST_ROW, SECOND_ROW), shapes, strict=False)]
    return all_at_once(0.5, {"shape": shapes, **FACTORS, **ARRAYS}, make, examples)


def needs(row: Row, alone: Mapping[str, str]) -> frozenset[str]:
    """Return the criteria that ask for one of a row's features alone."""
    features = {
        "scale": row["training"] and row["asked"] == "output",
        "agreement": row["training"] and row["asked"] == "mask",
        "mask": row["asked"] == "mask",
        "fates": row["training"],
        "channels": row["training"],
        "rate": row["training"] and row["p"] == 0,
        "evaluation": not row["training"],
        "axes": len(row["shape"]) != 4,
        "integers": np.dtype(row["dtype"]).kind in "bui",
        "frozen": row["layout"] in ("backwards", "broadcast"),
    }
    return frozenset(criterion for feature, criterion in alone.items() if features[feature])
