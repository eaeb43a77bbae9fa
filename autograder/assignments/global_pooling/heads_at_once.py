"""What stands behind global pooling asked with everything together, and what each case needs."""

from __future__ import annotations

import numpy as np

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import ARRAYS, Array, Generator, Row, array_needs, drawn
from ...criteria.criterion import call
from ...criteria.judges import close, same
from ...criteria.windows import distinct
from ...model import Case, Criterion
from .shapes import ADDED_UP, AGAINST, FLATTEN, GLOBAL, INTEGERS, MAPS, OWN_WEIGHT, PLAIN, ROW, sides

WEIGHTS = ("equal", "own", "signed", "some zero", "whole")


def weights(rng: Generator, kind: str, shape: tuple[int, int]) -> Array:
    """Draw the weights of a classifier."""
    own: Array = distinct(rng, shape) / 4
    match kind:
        case "equal":
            return np.full(shape, 1.5)
        case "signed":
            own *= rng.choice([-1.0, 1.0], shape)
        case "some zero":
            own *= rng.choice([0.0, 1.0], shape)
        case "whole":
            own = (4 * own).astype(int)
    return own


def activations_at_once() -> Criterion:
    """Return the last criterion of ``class_activation_map``."""

    def make(rng: Generator, row: Row) -> Case:
        features = drawn(rng, (row["channels"], *sides(rng, row["sides"])), row)
        weight = weights(rng, row["weights"], (row["classes"], row["channels"]))
        index = row["classes"] - 1 if row["class"] == "last" else 0
        several = row["weights"] != "equal" and weight.size > 1
        found = {
            ADDED_UP: row["channels"] > 1,
            OWN_WEIGHT: several,
            ROW: several,
            AGAINST: bool((np.einsum("c,chw->hw", weight[index], features) < 0).any()),
            INTEGERS: row["weights"] == "whole",
        }
        needs = array_needs(row, ADDED_UP) | {name for name, needed in found.items() if needed}
        return Case(call("class_activation_map", features, weight, index), close, needs)

    factors = {
        "channels": (1, 2, 3),
        "classes": (1, 2, 4),
        "class": ("first", "last"),
        "sides": MAPS,
        "weights": WEIGHTS,
        **ARRAYS,
    }
    plain = {"channels": 1, "classes": 1, "class": "first", "sides": (2, 2), "weights": "equal"}
    plain |= {**PLAIN}
    other = {**plain, "channels": 2, "classes": 4, "class": "last", "sides": (1, 3), "weights": "signed"}
    examples = [plain, {**other, "dtype": "uint8", "layout": "Fortran"}]
    return all_at_once(0.5, factors, make, examples, plain=[{**plain, "sides": "square"}] * 2)


# Counts from, and up to, but not including: among the many are products beyond 32 bits, and none beyond 53.
COUNTS = {"few": (2, 100), "some": (2, 600), "many": (60_000, 100_000)}


def number(rng: Generator, value: int | str) -> int:
    """Draw a count; that of a worked example, and a count of one, is given."""
    return int(rng.integers(*COUNTS[value])) if isinstance(value, str) else value


def counts_at_once() -> Criterion:
    """Return the last criterion of ``head_parameters``: counts of one beside counts beyond 32 bits."""

    def make(rng: Generator, row: Row) -> Case:
        counts = [number(rng, value) for value in (row["channels"], *row["sides"], row["classes"])]
        made = call("head_parameters", *counts, row["head"])
        return Case(made, same, frozenset({FLATTEN if row["head"] == "flatten" else GLOBAL}))

    factors = {
        "channels": (1, "few", "many"),
        "sides": ((1, 1), (1, "some"), ("some", 1), ("some", "some")),
        "classes": (1, "few", "many"),
        "head": ("flatten", "global"),
    }
    examples = [{"channels": 3, "sides": (1, 7), "classes": 1, "head": head} for head in ("global", "flatten")]
    return all_at_once(0.5, factors, make, examples)
