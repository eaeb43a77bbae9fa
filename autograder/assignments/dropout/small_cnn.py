"""What is asked of ``small_cnn``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.criterion import call, criterion
from ...criteria.judges import Refused
from ...criteria.refusals import bad_arguments_are_refused, below, other_words
from ...model import Call, Case, Criterion, Judge, Question
from .draws import REFUSED, bad_p, chance, mixed
from .nets import (
    a_net,
    chances,
    dropped_as_asked,
    one_logit_a_class,
    placed,
    random_in_training_only,
    sizes,
    structure,
)

COUNTS = "channels and classes as asked"
P = "p reaches the layers"
PLACEMENTS = ("before_pool", "after_pool", "after_last_pool", "channel_after_pool", "before_classifier")
NUMBERS = ("in_channels", "channels", "classes")


def net(placement: str, *p: float, **counts: int) -> Call:
    """Return a call that makes a net."""
    return call("small_cnn", placement, *p, **counts)


def number(rng: Generator, most: int = 40) -> int:
    """Draw a number of channels or classes."""
    return int(rng.integers(2, most))


def counts(rng: Generator) -> dict[str, int]:
    """Draw all numbers; those of channels are small, since making a network takes time."""
    return {"in_channels": number(rng), "channels": number(rng), "classes": number(rng, 500)}


def any_placement(rng: Generator) -> str:
    """Draw a placement of dropout."""
    return str(rng.choice(PLACEMENTS))


def asked_for(placement: str) -> str:
    """Return the name of the criterion that asks for a placement."""
    return f"dropout {placement.replace('_', ' ')}"


def dropout(placement: str, hint: str) -> Criterion:
    """The dropout layers stand where one placement says, in a net that is otherwise the one without."""

    def both(*p: float, **numbers: int) -> Call:
        return replace(net(placement, *p, **numbers), rounds=({}, {0: "none"}))

    def draw(rng: Generator) -> Iterator[Call]:
        yield both(chance(rng), **counts(rng))

    return criterion(
        asked_for(placement), 1, [both()], draw, judge=placed, hint=hint, tries="another p, other channels and classes"
    )


def everywhere(p: float, judge: Judge, **numbers: int) -> Iterator[Case]:
    """Return a case for every placement of dropout; who has lost that has lost nothing else by it."""
    for placement in PLACEMENTS:
        yield Case(net(placement, p, **numbers), judge, frozenset({asked_for(placement)}))


def draw_chances(rng: Generator) -> Iterator[Case]:
    """Draw another p for every placement."""
    yield from everywhere(chance(rng), chances)


def draw_modes(rng: Generator) -> Iterator[Case]:
    """Draw nets for images of several channels, with dropout at every placement."""
    yield from everywhere(chance(rng), random_in_training_only, in_channels=number(rng))


def draw_structures(rng: Generator) -> Iterator[Call]:
    """Draw nets with dropout, of any numbers of channels."""
    for _ in range(2):
        yield net(any_placement(rng), chance(rng), **counts(rng))


def draw_counts(rng: Generator) -> Iterator[Call]:
    """Draw nets without dropout, of any numbers of channels."""
    for _ in range(2):
        yield net("none", **counts(rng))


def draw_logits(rng: Generator) -> Iterator[Call]:
    """Draw nets for images of several channels, and numbers of classes."""
    for _ in range(2):
        yield net("none", in_channels=number(rng), classes=number(rng, 500))


def draw_bad(rng: Generator) -> Iterator[Case]:
    """Draw calls of which one argument is bad, among those that work."""

    def works() -> Call:
        return net(any_placement(rng), chance(rng), **counts(rng))

    bad = [net(other_words("none", *PLACEMENTS)(rng, {}), chance(rng), **counts(rng))]
    bad += [net(placement, bad_p(rng), **counts(rng)) for placement in ("none", any_placement(rng))]
    bad += [replace(one := works(), kwargs={**one.kwargs, name: below(1)(rng, {})}) for name in NUMBERS]
    yield from mixed(rng, [Case(works(), a_net) for _ in range(2)], [Case(made, Refused()) for made in bad])


FACTORS = {
    "placement": ("none", *PLACEMENTS),
    "p": ("none", "low", "high"),
    "in_channels": ("one", "several"),
    "channels": ("one", "several"),
    "asked": ("dropout", "channels"),
}
FIRST_ROW: Row = {
    "placement": "before_classifier",
    "p": "low",
    "in_channels": "several",
    "channels": "several",
    "asked": "channels",
}
SECOND_ROW: Row = {**FIRST_ROW, "placement": "after_pool", "asked": "dropout"}


def any_net(rng: Generator, row: Row) -> Case:
    """Return a case of a row, which judges either where dropout is or the numbers of channels and classes."""
    p = {"none": 0.0, "low": chance(rng) / 2, "high": 1 - chance(rng) / 4}[row["p"]]
    numbers = counts(rng)
    numbers |= {name: 1 for name in ("in_channels", "channels") if row[name] == "one"}
    made = net(row["placement"], p, **numbers)
    if row["asked"] == "channels":
        return Case(made, sizes, frozenset({COUNTS}))
    where = {asked_for(row["placement"]), P} if row["placement"] != "none" else set()
    return Case(made, dropped_as_asked, frozenset(where))


SMALL_CNN = Question(
    "small_cnn",
    (
        criterion(
            "two convolutions, two pools, one classifier",
            1.5,
            [net("none")],
            draw_structures,
            judge=structure,
            hint="One flat torch.nn.Sequential: Conv2d, ReLU, MaxPool2d, twice; then the global average, Flatten, "
            "Linear.",
            tries="nets with dropout, which may stand anywhere, and of other channels and classes",
        ),
        criterion(
            COUNTS,
            1,
            [net("none"), net("none", in_channels=3, channels=5, classes=7)],
            draw_counts,
            judge=sizes,
            hint="The second convolution starts from what the first one gives.",
            tries="other numbers",
        ),
        dropout("before_pool", "Dropout between the rectifier and each max pooling: the pooling sees what is left."),
        dropout("after_pool", "Dropout directly behind each max pooling."),
        dropout("after_last_pool", "Dropout directly behind the second max pooling only."),
        dropout("channel_after_pool", "Whole channels, by Dropout2d, directly behind each max pooling."),
        dropout("before_classifier", "Dropout between Flatten and Linear."),
        criterion(
            P,
            0.5,
            everywhere(0.2, chances),
            draw_chances,
            hint="A layer that is made without p has PyTorch's own default.",
            tries="another p",
        ),
        criterion(
            "one logit for each class, whatever the size of the image",
            0.5,
            [net("none")],
            draw_logits,
            judge=one_logit_a_class,
            hint="The global average leaves one number for each channel, so the classifier fits every image.",
            tries="images of several channels, other numbers of classes",
        ),
        criterion(
            "random in training, fixed in evaluation",
            0.5,
            everywhere(0.5, random_in_training_only),
            draw_modes,
            hint="The layers of torch.nn know the mode of their network; a function of your own does not.",
            tries="another p, images of several channels",
        ),
        bad_arguments_are_refused(
            REFUSED,
            0.5,
            works=[net("none"), net("none", 0.0)],
            refused=[
                ("", net("everywhere")),
                *(("", net("none", p)) for p in (1.0, -0.1)),
                *(("", net("none", **{name: 0})) for name in NUMBERS),
            ],
            draw=draw_bad,
            hint="An unknown placement, a p outside [0, 1) or a number below 1 raises ValueError, for `none`, too.",
            judge=a_net,
        ),
        all_at_once(0.5, FACTORS, any_net, [FIRST_ROW, SECOND_ROW]),
    ),
    packages=("torch",),
)
