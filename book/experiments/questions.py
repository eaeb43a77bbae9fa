"""What the experiments from E14 on were made to answer, written down before they ran.

A question compares two figures, seed by seed, and is answered by a rule that names its margin:

- "better": is ``more`` above ``less`` by at least the margin?
- "alike": do the two differ by less than the margin?

Every experiment's questions are one family. This file is not changed after results exist: what turns out to have been
asked badly stays, and is asked anew under another number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal

TWO_POINTS, ONE_POINT, FIVE_POINTS = 0.02, 0.01, 0.05


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a figure of one arm, such as ``test``, or of a list in it: ``by_shift[5]``."""

    figure: str
    arm: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Question:
    """A question to one experiment, in words and as a comparison; ``unit`` says what the margin is measured in."""

    experiment: str
    asks: str
    more: Side
    less: Side
    margin: float = TWO_POINTS
    rule: Literal["better", "alike"] = "better"
    unit: Literal["points", "pixels", "loss"] = "points"


def questions() -> list[Question]:
    """Return all questions, experiment by experiment."""
    return [*dropout(), *resolution(), *confirmation(), *rotation(), *positions(), *pools()]


def dropout() -> Iterator[Question]:
    """Yield the questions to E14."""

    def at(place: str, down: str = "max", n: int = 300, p: float = 0.5, *, norm: bool = False) -> dict[str, Any]:
        return {"down": down, "dropout": place, "p": p if place != "none" else 0, "n": n, "norm": norm}

    names = {
        "after_last": "after the last pool",
        "after": "after every pool",
        "before": "before every pool",
        "channel": "of whole channels",
    }
    for place, down, n in product(names, ("max", "avg"), (100, 300, 1100)):
        yield Question(
            "e14",
            f"Does dropout {names[place]} (p = 0.5) raise accuracy, {n} digits, {down} pools?",
            Side("test", at(place, down, n)),
            Side("test", at("none", down, n)),
        )
    for first, second in (("after", "after_last"), ("before", "after"), ("before", "after_last")):
        for down in ("max", "avg"):
            yield Question(
                "e14",
                f"Is dropout {names[first]} better than {names[second]}, 300 digits, {down} pools?",
                Side("test", at(first, down)),
                Side("test", at(second, down)),
            )
    for place in ("before", "after"):
        yield Question(
            "e14",
            f"Is p = 0.5 better than p = 0.1, {names[place]}, 300 digits, max pools?",
            Side("test", at(place)),
            Side("test", at(place, p=0.1)),
        )
        yield Question(
            "e14",
            f"Does dropout {names[place]} raise accuracy with batch normalisation, 300 digits, max pools?",
            Side("test", at(place, norm=True)),
            Side("test", at("none", norm=True)),
        )
    before = at("before")
    yield Question(
        "e14",
        "Is the expected maximum as accurate as dropout switched off, before max pools?",
        Side("exact_test", before),
        Side("test", before),
        ONE_POINT,
        "alike",
    )
    for figure, name in (("exact_loss", "The expected maximum"), ("masks_loss", "The mean over drawn masks")):
        yield Question(
            "e14",
            f"{name}: is its test loss lower than with dropout switched off, before max pools?",
            Side("loss", before),
            Side(figure, before),
            0.05,
            unit="loss",
        )


def resolution() -> Iterator[Question]:
    """Yield the questions to E15."""

    def at(side: int, down: str, head: str, phases: int = 1) -> dict[str, Any]:
        return {"side": side, "down": down, "head": head, "phases": phases}

    for side in (8, 14, 20, 28):
        yield Question(
            "e15",
            f"Max pools, global maximum, {side} pixels: does one pixel of shift cost five points?",
            Side("by_shift[4]", at(side, "max", "gmp")),
            Side("by_shift[5]", at(side, "max", "gmp")),
            FIVE_POINTS,
        )
        yield Question(
            "e15",
            f"Are more digits named alike in all phases with blurred than with plain max pools, {side} pixels?",
            Side("consistency", at(side, "blur", "gmp")),
            Side("consistency", at(side, "max", "gmp")),
            FIVE_POINTS,
        )
        yield Question(
            "e15",
            f"Are more digits named alike in all phases under a global maximum than flattened, {side} pixels?",
            Side("consistency", at(side, "max", "gmp")),
            Side("consistency", at(side, "max", "flatten")),
            FIVE_POINTS,
        )
        yield Question(
            "e15",
            f"Does blurring cost no accuracy in the middle, {side} pixels?",
            Side("test", at(side, "blur", "gmp")),
            Side("test", at(side, "max", "gmp")),
            TWO_POINTS,
            "alike",
        )
    for down, head in product(("max", "stride"), ("gmp", "flatten")):
        yield Question(
            "e15",
            f"Does training on all 16 phases raise accuracy in the worst phase, {down}, {head}, 14 pixels?",
            Side("worst_phase", at(14, down, head, 16)),
            Side("worst_phase", at(14, down, head)),
            FIVE_POINTS,
        )
    yield Question(
        "e15",
        "Trained on all phases: is blurring still better in the worst phase than plain max pools, 14 pixels?",
        Side("worst_phase", at(14, "blur", "gmp", 16)),
        Side("worst_phase", at(14, "max", "gmp", 16)),
    )


def confirmation() -> Iterator[Question]:
    """Yield the questions to E16."""
    for name, position, n in product(("digits", "mnist"), ("random", "centred"), (300, 1000)):
        where = {"set": name, "position": position, "n": n}
        words = f"{name}, {position} positions, {n} images"
        for more, less, rule in (
            ("max", "stride", "better"),
            ("max", "none", "better"),
            ("stride", "none", "better"),
            ("max", "avg", "alike"),
        ):
            asks = f"Is {more} {'as good as' if rule == 'alike' else 'better than'} {less}: {words}?"
            yield Question(
                "e16",
                asks,
                Side("test", {**where, "down": more}),
                Side("test", {**where, "down": less}),
                rule="alike" if rule == "alike" else "better",
            )


def rotation() -> Iterator[Question]:
    """Yield the questions to E17."""
    for name, width in product(("digits", "mnist"), (1, 2)):

        def at(net: str, training: str, name: str = name, width: int = width) -> dict[str, Any]:
            return {"set": name, "net": net, "training": training, "width": width}

        words = f"{name}, width {width}"
        pairs = (
            (
                "Trained upright, tested at any angle: is group convolution better than the plain net",
                "upright",
                "plain",
            ),
            ("Trained upright, tested at any angle: is it better than the largest of four turns", "upright", "orbit"),
            (
                "Trained at all angles, tested at any: is group convolution better than the plain net",
                "rotated",
                "plain",
            ),
            ("Trained at all angles, tested at any: is it better than the largest of four turns", "rotated", "orbit"),
        )
        for asks, training, other in pairs:
            yield Question(
                "e17",
                f"{asks}: {words}?",
                Side("anywhere", at("group", training)),
                Side("anywhere", at(other, training)),
            )
        yield Question(
            "e17",
            f"Does training at all angles help the plain net more than turned filters help without it: {words}?",
            Side("anywhere", at("plain", "rotated")),
            Side("anywhere", at("group", "upright")),
        )
        yield Question(
            "e17",
            f"Trained and tested upright: does the net that cannot tell directions lose two points: {words}?",
            Side("upright", at("plain", "upright")),
            Side("upright", at("group", "upright")),
        )


def positions() -> Iterator[Question]:
    """Yield the questions to E18; errors are in pixels."""

    def at(padding: str, head: str, depth: int) -> dict[str, Any]:
        return {"task": "where", "padding": padding, "head": head, "depth": depth}

    for head, padding, depth in product(("gap", "gmp"), ("zeros", "reflect"), (2, 6)):
        yield Question(
            "e18",
            f"Does {padding} padding lower the error half a pixel below a guess's, depth {depth}, {head}?",
            Side("guess", at(padding, head, depth)),
            Side("error", at(padding, head, depth)),
            0.5,
            unit="pixels",
        )
    for head in ("gap", "gmp"):
        yield Question(
            "e18",
            f"Do maps that wrap tell no more than a guess, depth 6, {head}?",
            Side("guess", at("circular", head, 6)),
            Side("error", at("circular", head, 6)),
            0.1,
            "alike",
            "pixels",
        )
        yield Question(
            "e18",
            f"Zero padding: is the error at depth 6 half a pixel smaller than at depth 1, {head}?",
            Side("error", at("zeros", head, 1)),
            Side("error", at("zeros", head, 6)),
            0.5,
            unit="pixels",
        )
    for down, pools in (("max", 1), ("max", 2), ("avg", 1), ("avg", 2)):
        yield Question(
            "e18",
            f"Labels for every pixel: do {pools} {down} pools cost five points of intersection over union?",
            Side("iou", {"task": "pixels", "down": "max", "pools": 0}),
            Side("iou", {"task": "pixels", "down": down, "pools": pools}),
            FIVE_POINTS,
        )


def pools() -> Iterator[Question]:
    """Yield the questions to E19."""
    for head, down in product(("flatten", "gmp"), ("gem", "mixed", "stochastic", "aps", "blur")):
        yield Question(
            "e19",
            f"Is {down} more accurate than max, {head}?",
            Side("test", {"down": down, "head": head}),
            Side("test", {"down": "max", "head": head}),
            ONE_POINT,
        )
    for down in ("aps", "blur"):
        yield Question(
            "e19",
            f"Are more digits named alike in all phases with {down} than with max, global maximum?",
            Side("consistency", {"down": down, "head": "gmp"}),
            Side("consistency", {"down": "max", "head": "gmp"}),
            FIVE_POINTS,
        )
    yield Question(
        "e19",
        "Are more digits named alike in all phases with aps than with blur, global maximum?",
        Side("consistency", {"down": "aps", "head": "gmp"}),
        Side("consistency", {"down": "blur", "head": "gmp"}),
    )
