"""What one would not have guessed: sentences, each with the figure that supports it, computed like the verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.answers import Answer
from experiments.families import decisions
from experiments.ledger.invariance import at, shift_arm
from experiments.ledger.model import Measured
from experiments.shares import percent, points, share
from experiments.stats import alike, better, difference, no_worse


@dataclass(frozen=True)
class Surprise:
    """A sentence, what the results answer to it, the figure, and the claim that it belongs to."""

    says: str
    answer: Answer | bool
    figure: str
    number: str

    @property
    def holds(self) -> bool:
        """Say whether the results bear it out; its comparisons are decided as one family."""
        return decisions([self.answer]) == ["yes"]


def surprises(r: Measured) -> list[Surprise]:
    """Return the surprises: first those about trained nets, then those about exact facts."""
    return [*trained(r), *exact(r)]


def trained(r: Measured) -> list[Surprise]:
    """Return what trained nets showed."""
    flat, whole = shift_arm(r, "max", "flatten"), [shift_arm(r, d, "gmp") for d in ("max", "none")]
    steady = [[row[1] for row in arm["agree"]] for arm in whole]
    sample = {
        d: r("e06", group="grid", down=d, n=300, position="random")["test"][:5] for d in ("none", "max", "stride")
    }
    windows = [r("e06", group="window", window=k, step=2)["test"] for k in (3, 2)]
    remedies = [r("e06", group="ablation", remedy=name)["test"] for name in ("shifts", "pooling")]
    heads = [r("e08", group="canvas", canvas=24, noise=0, head=head) for head in ("gmp", "gap")]
    early, late = ([arm[when] for arm in heads] for when in ("early", "test"))
    ahead = [[a - b for a, b in zip(*pair, strict=True)] for pair in (early, late)]
    filters = r("e13", part="frozen", frozen=True)
    rank = [r("e12", part="rank", down=down)["test"] for down in ("max", "rank4")]
    places = [
        r("e09", group="placement", down="max", p=0.5, dropout=d)["test"] for d in ("before", "after_last", "after")
    ]
    return [
        Surprise(
            "A plain max-pool net trained on centred digits fails one pixel off the centre.",
            better(at(flat, 0), at(flat, 1), least=0.5),
            f"{percent(at(flat, 0))} centred, {percent(at(flat, 1))} one pixel off (diagonally), "
            f"{percent(flat['random'])} anywhere",
            "C083",
        ),
        Surprise(
            "Under a global maximum, pools make a net less steady under small shifts, not steadier.",
            better(steady[1], steady[0]),
            f"same prediction after one diagonal pixel, max pools minus none: {points(*steady)}",
            "C087",
        ),
        Surprise(
            "It is not the parameters: a strided net just as small gains nothing.",
            better(sample["max"], sample["none"]) & no_worse(sample["none"], sample["stride"], within=0.03),
            f"300 digits at random positions, minus no pooling: max {points(sample['max'], sample['none'])}, strides "
            f"{points(sample['stride'], sample['none'])}",
            "C043",
        ),
        Surprise(
            "Windows that overlap do far better than the usual 2 x 2.",
            better(*windows, least=0.1),
            f"300 digits at random positions, 3 x 3 minus 2 x 2 at stride 2: {points(*windows)}",
            "C021",
        ),
        Surprise(
            "Shifted copies of the digits are a better remedy against overfitting than pooling, by far.",
            better(*remedies, least=0.2),
            f"300 digits at random positions, copies minus max pools: {points(*remedies)}",
            "C042",
        ),
        Surprise(
            "Most of the global maximum's lead over the global average is speed.",
            better(*early) & difference([x / 2 for x in ahead[0]], ahead[1]).above(0),
            f"canvas 24, after 10 epochs {points(*early)}; at equal training loss {points(*late)}",
            "C069",
        ),
        Surprise(
            "Dropout in front of max pools is biased, and costs no accuracy; after every pool it does.",
            no_worse(places[0], places[1], within=0.05) & better(places[1], places[2]),
            f"p = 0.5, random positions, after the last pool minus before every pool: {points(places[1], places[0])}; "
            f"minus after every pool: {points(places[1], places[2])}",
            "C077",
        ),
        Surprise(
            "A dense layer reads two layers of random filters no better than the bare pixels.",
            alike(filters["test"], filters["pixels"], within=0.03),
            f"centred digits, random filters minus none: {points(filters['test'], filters['pixels'])}",
            "C015",
        ),
        Surprise(
            "Keeping the smallest of four values instead of the largest costs about a point.",
            no_worse(rank[1], rank[0]),
            f"centred digits, retrained, largest minus smallest: {points(*rank)}",
            "C052",
        ),
    ]


def exact(r: Measured) -> list[Surprise]:
    """Return what rests on arithmetic."""
    field, nets = r("e01", part="receptive"), r("e01", part="book_nets")
    ties = r("e03", part="trained")["tied"]
    return [
        Surprise(
            "A 2 x 2 pool doubles the jump, not the receptive field.",
            field["jump"][1] == 2 * field["jump"][0] and field["conv_pool"] < 2 * field["conv"],
            f"field {field['conv']} to {field['conv_pool']}, jump {field['jump'][0]} to {field['jump'][1]}",
            "C057",
        ),
        Surprise(
            "Under a global head pooling saves no parameters.",
            nets["none_gap"]["parameters"] == nets["max_gap"]["parameters"],
            f"{nets['none_gap']['parameters']:,} without pools, {nets['max_gap']['parameters']:,} with two",
            "C032",
        ),
        Surprise(
            "Most windows of a trained net are tied, so an arbitrary rule decides where their gradients go.",
            share(ties).above(0.5),
            f"{percent(ties)} of the windows before the first pool",
            "C047",
        ),
    ]
