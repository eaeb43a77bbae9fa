"""What a described network computes, by the shapes of its layers alone: nothing is run.

>>> layers = [
...     {"kind": "Flatten", "own": True, "settings": {"start_dim": 1, "end_dim": -1}, "parameters": {}},
...     {"kind": "Linear", "own": True, "settings": {}, "parameters": {"weight": (10, 48), "bias": (10,)}},
... ]
>>> flow(layers, (5, 3, 4, 4))
(5, 10)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...criteria.arrays import Shape

Layer = Mapping[str, Any]

# What has an output of its input's shape, and draws nothing at random.
FIXED = (
    "ReLU", "ReLU6", "LeakyReLU", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Softplus", "Sigmoid", "Tanh",
    "Hardtanh", "Hardswish", "Identity", "Softmax", "LogSoftmax",
)  # fmt: skip
# The layers that drop nothing in evaluation and something in training.
RANDOM = ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")


class NoFlowError(ValueError):
    """A layer that does not take what comes, or of which nobody knows what it gives."""


def flow(layers: Sequence[Layer], shape: Shape) -> Shape:
    """Return the shape that comes out of layers, one after another, when ``shape`` goes in.

    Raises
    ------
    NoFlowError
        If a layer does not take what comes, or is none of the usual ones of ``torch.nn``.
    """
    for number, layer in enumerate(layers):
        gives = _GIVES.get(layer["kind"]) if layer["own"] else None
        if gives is None:
            raise NoFlowError(f"what layer {number}, {layer['kind']}, gives cannot be said from outside")
        try:
            shape = gives(layer, shape)
        except NoFlowError as problem:
            raise NoFlowError(f"layer {number}, {layer['kind']}, does not take {shape}: {problem}") from None
    return shape


def pair(value: Any) -> tuple[int, int]:
    """Return an int or a pair as a pair."""
    return (value, value) if isinstance(value, int) else tuple(value)


def padding_of(layer: Layer) -> tuple[int, int]:
    """Return a convolution's padding: ``same`` stands for half of an odd window, as far as it is dilated."""
    settings = layer["settings"]
    if settings["padding"] == "same":
        windows = zip(pair(settings["kernel_size"]), pair(settings["dilation"]), strict=True)
        height, width = (dilation * (size - 1) // 2 for size, dilation in windows)
        return height, width
    return (0, 0) if settings["padding"] == "valid" else pair(settings["padding"])


def _same(layer: Layer, shape: Shape) -> Shape:
    del layer
    return shape


def _normalised(layer: Layer, shape: Shape) -> Shape:
    channels = layer["settings"]["num_features"]
    if _image(shape)[1] != channels:
        raise NoFlowError(f"it has {channels} channels")
    return shape


def _image(shape: Shape) -> Shape:
    if len(shape) != 4:
        raise NoFlowError("an image has four axes here")
    return shape


def _convolved(layer: Layer, shape: Shape) -> Shape:
    n, channels, *sides = _image(shape)
    settings, (filters, depth, *windows) = layer["settings"], layer["parameters"]["weight"]
    if channels != depth * settings["groups"]:
        raise NoFlowError(f"its filters have {depth} channels")
    if settings["padding"] == "same":
        return (n, filters, *sides)
    return (n, filters, *_slid(sides, windows, settings, padding_of(layer)))


def _pooled(layer: Layer, shape: Shape) -> Shape:
    settings = layer["settings"]
    sides = _slid(_image(shape)[2:], pair(settings["kernel_size"]), settings, pair(settings["padding"]))
    return (*shape[:2], *sides)


def _slid(sides: Sequence[int], windows: Sequence[int], settings: Mapping[str, Any], padding: Shape) -> list[int]:
    up, found = settings.get("ceil_mode", False), []
    steps = (pair(settings["stride"]), padding, pair(settings.get("dilation", 1)))
    for side, window, stride, pad, dilation in zip(sides, windows, *steps, strict=True):
        room = side + 2 * pad - dilation * (window - 1) - 1
        whole = room // stride + 1
        # A window that would start in the right padding is dropped.
        found.append(whole + (up and room % stride > 0 and whole * stride < side + pad))
    if min(found) < 1:
        raise NoFlowError("the window is larger than what comes")
    return found


def _adapted(layer: Layer, shape: Shape) -> Shape:
    return (*_image(shape)[:2], *pair(layer["settings"]["output_size"]))


def _flat(layer: Layer, shape: Shape) -> Shape:
    axes = range(-len(shape), len(shape))
    first, last = (layer["settings"][name] for name in ("start_dim", "end_dim"))
    if first not in axes or last not in axes or first % len(shape) > last % len(shape):
        raise NoFlowError("it has other axes")
    first, last = first % len(shape), last % len(shape)
    return (*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :])


def _linear(layer: Layer, shape: Shape) -> Shape:
    given, taken = layer["parameters"]["weight"]
    if shape[-1] != taken:
        raise NoFlowError(f"it takes {taken} numbers")
    return (*shape[:-1], given)


_GIVES: Mapping[str, Callable[[Layer, Shape], Shape]] = {
    **dict.fromkeys((*FIXED, *RANDOM), _same),
    **dict.fromkeys(("MaxPool2d", "AvgPool2d"), _pooled),
    **dict.fromkeys(("AdaptiveAvgPool2d", "AdaptiveMaxPool2d"), _adapted),
    "BatchNorm2d": _normalised,
    "Conv2d": _convolved,
    "Flatten": _flat,
    "Linear": _linear,
}
