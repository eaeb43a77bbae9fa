"""What is asked of ``small_cnn``."""

from __future__ import annotations

from ...criteria.criterion import bad_arguments_are_refused, call, criterion
from ...criteria.judges import same_value
from ...model import Call, Criterion, Question
from . import probes
from .draws import REFUSED
from .nets import a_net, chances, modes, placed, sizes, structure


def net(placement: str, *p: float, **counts: int) -> Call:
    """Return a call that describes the layers of a net."""
    return call("_probe_layers", placement, *p, **counts)


def dropout(where: str, hint: str) -> Criterion:
    """The dropout layers stand where one placement says."""
    return criterion(f"dropout {where}", 1, [call("_probe_placed", where.replace(" ", "_"))], judge=placed, hint=hint)


def with_dropout(p: float) -> Call:
    """Return a call that makes a net for every placement of dropout."""
    placements = ["before_pool", "after_pool", "after_last_pool", "channel_after_pool", "before_classifier"]
    return call("_probe_each_placement", p, placements)


SMALL_CNN = Question(
    "small_cnn",
    (
        criterion(
            "two convolutions, two pools, one classifier",
            2,
            [net("none")],
            judge=structure,
            hint="One flat torch.nn.Sequential: Conv2d, ReLU, MaxPool2d, twice; then the global average, Flatten, "
            "Linear.",
        ),
        criterion(
            "channels and classes as asked",
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
            "p reaches the layers",
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
    ),
    probe=probes.SMALL_CNN,
    packages=("torch",),
)
