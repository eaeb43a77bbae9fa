"""What is said of a network from its description is what PyTorch does with it."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from autograder.assignments.dropout.flow import NoFlowError, flow
from autograder.assignments.dropout.layers_of_nets import layers_of
from autograder.sandbox.described import network


def convolution(rng: np.random.Generator, channels: int) -> nn.Module:
    groups = channels if rng.integers(4) == 0 else 1
    kernel, dilation = (int(size) for size in rng.integers(1, 4, 2))
    padding: Any = rng.choice(["same", "valid"]) if rng.integers(2) else int(rng.integers(3))
    stride = 1 if padding == "same" else int(rng.integers(1, 3))
    sides = (kernel, int(rng.integers(1, 4)))
    padding = str(padding) if isinstance(padding, str) else padding
    return nn.Conv2d(channels, groups * 2, sides, stride, padding, dilation, groups, bias=bool(rng.integers(2)))


def any_layer(rng: np.random.Generator, channels: int) -> nn.Module:
    """Return a layer; now and then one that does not take so many channels."""
    channels += rng.integers(12) == 0
    kernel = int(rng.integers(1, 4))
    return rng.choice(  # type: ignore[no-any-return]
        [
            convolution(rng, int(channels)),
            nn.MaxPool2d(kernel, int(rng.integers(1, 4)), padding=kernel // 2, ceil_mode=bool(rng.integers(2))),
            nn.AvgPool2d((kernel, 2), ceil_mode=bool(rng.integers(2))),
            nn.AdaptiveAvgPool2d((1, 2)),
            nn.BatchNorm2d(int(channels)),
            nn.ReLU(),
            nn.Dropout2d(0.3),
            nn.Flatten(int(rng.integers(1, 3))),
            nn.Linear(int(rng.integers(1, 4)), 5),
        ]
    )


def run(net: nn.Module, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        with torch.no_grad():
            return tuple(net.eval()(torch.zeros(shape)).shape)
    except (RuntimeError, ValueError, IndexError):
        return None


@pytest.mark.filterwarnings("ignore:dropout2d", "ignore:Using padding='same'")
def test_shapes_are_those_of_torch() -> None:
    rng = np.random.default_rng(1)
    seen = {True: 0, False: 0}
    for _ in range(1500):
        shape: tuple[int, ...] = (2, *(int(side) for side in rng.integers(1, 9, 3)))
        layers: list[nn.Module] = []
        for _ in range(3):
            layers.append(any_layer(rng, (run(nn.Sequential(*layers), shape) or shape)[1]))
        net = nn.Sequential(*layers)
        try:
            said = flow(layers_of(network(net)) or [], shape)
        except NoFlowError:
            said = None
        given = run(net, shape)
        seen[given is None] += 1
        # What takes three axes is taken for a sample by PyTorch, and by nobody who builds the net of the notebook.
        axes = [len(run(nn.Sequential(*layers[:count]), shape) or shape) for count in range(len(layers))]
        assert said == given or (said is None and 3 in axes), (net, shape)
    assert min(seen.values()) > 200


def test_of_a_layer_of_ones_own_nothing_is_said() -> None:
    class Own(nn.ReLU):
        pass

    with pytest.raises(NoFlowError, match="cannot be said"):
        flow(layers_of(network(nn.Sequential(nn.ReLU(), Own()))) or [], (1, 1, 2, 2))
