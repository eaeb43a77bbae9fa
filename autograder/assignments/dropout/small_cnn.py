"""What is asked of ``small_cnn``."""

from __future__ import annotations

from ...criteria.all_at_once import all_at_once
from ...criteria.arrays import Generator, Row
from ...criteria.criterion import call, criterion
from ...criteria.judges import same_value
from ...criteria.refusals import bad_arguments_are_refused
from ...model import Call, Case, Criterion, Question
from . import probes
from .draws import REFUSED
from .nets import a_net, chances, dropped_as_asked, modes, placed, sizes, structure

COUNTS = "channels and classes as asked"
P = "p reaches the layers"
PLACEMENTS = ("before_pool", "after_pool", "after_last_pool", "channel_after_pool", "before_classifier")


def net(placement: str, *p: float, **counts: int) -> Call:
    """Return a call that describes the layers of a net."""
    return call("_probe_layers", placement, *p, **counts)


def dropout(where: str, hint: str) -> Criterion:
    """The dropout layers stand where one placement says."""
    return criterion(f"dropout {where}", 1, [call("_probe_placed", where.replace(" ", "_"))], judge=placed, hint=hint)


def with_dropout(p: float) -> Call:
    """Return a call that makes a net for every placement of dropout."""
    return call("_probe_each_placement", p, list(PLACEMENTS))


FACTORS = {
    "placement": ("none", *PLACEMENTS),
    "p": (0.0, 0.1, 0.9),
    "in_channels": (1, 3),
    "channels": (1, 8),
    "classes": (2, 10),
    "asked": ("dropout", "channels"),
}
FIRST_ROW: Row = {
    "placement": "before_classifier",
    "p": 0.1,
    "in_channels": 3,
    "channels": 8,
    "classes": 2,
    "asked": "channels",
}
SECOND_ROW: Row = {**FIRST_ROW, "placement": "after_pool", "asked": "dropout"}


def any_net(rng: Generator, row: Row) -> Case:
    """Return a case of a row, which judges either where dropout is or the numbers of channels and classes."""
    del rng
    placement, counts = row["placement"], {name: row[name] for name in ("in_channels", "channels", "classes")}
    made = net(placement, row["p"], **counts)
    if row["asked"] == "channels":
        return Case(made, sizes, frozenset({COUNTS}))
    where = {f"dropout {placement.replace('_', ' ')}", P} if placement != "none" else set()
    return Case(made, dropped_as_asked, frozenset(where))


SMALL_CNN = Question(
    "small_cnn",
    (
        criterion(
            "two convolutions, two pools, one classifier",
            1.5,
            [net("none")],
            judge=structure,
            hint="One flat torch.nn.Sequential: Conv2d, ReLU, MaxPool2d, twice; then the global average, Flatten, "
            "Linear.",
        ),
        criterion(
            COUNTS,
            1,
            [net("none"), net("none", in_channels=3, channels=5, classes=7)],
            judge=sizes,
            hint="The second convolution starts from what the first one gives.",
        ),
        dropout("before pool", "Dropout between the rectifier and each max pooling: the pooling sees what is left."),
        dropout("after pool", "Dropout directly behind each max pooling."),
        dropout("after last pool", "Dropout directly behind the second max pooling only."),
        dropout("channel after pool", "Whole channels, by Dropout2d, directly behind each max pooling."),
        dropout("before classifier", "Dropout between Flatten and Linear."),
        criterion(
            P,
            0.5,
            [with_dropout(0.5), with_dropout(0.2)],
            judge=chances,
            hint="A layer that is made without p has PyTorch's own default.",
        ),
        criterion(
            "one logit for each class, whatever the size of the image",
            0.5,
            [call("_probe_shapes", [(1, 1, 16, 16), (3, 1, 21, 17)])],
            judge=same_value,
            hint="The global average leaves one number for each channel, so the classifier fits every image.",
        ),
        criterion(
            "random in training, fixed in evaluation",
            0.5,
            [with_dropout(0.5)],
            judge=modes,
            hint="The layers of torch.nn know the mode of their network; a function of your own does not.",
        ),
        bad_arguments_are_refused(
            REFUSED,
            0.5,
            works=[net("none"), net("none", 0.0)],
            refused=[
                ("", net("everywhere")),
                *(("", net("none", p)) for p in (1.0, -0.1)),
                *(("", net("none", **{count: 0})) for count in ("in_channels", "channels", "classes")),
            ],
            hint="An unknown placement, a p outside [0, 1) or a number below 1 raises ValueError, for `none`, too.",
            judge=a_net,
        ),
        all_at_once(0.5, FACTORS, any_net, [FIRST_ROW, SECOND_ROW]),
    ),
    probe=probes.SMALL_CNN,
    packages=("torch",),
)
