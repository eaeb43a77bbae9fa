"""A network as it was described in the sandbox: its layers, and what the task says about each.

Nothing here believes that a description is well made: whoever stumbles over one has found that it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .flow import Layer, padding_of, pair

Settings = Mapping[str, Any]

# The last two entries of these layers' summaries are numbers of channels.
SIZED = ("Conv2d", "Linear")


def modules_of(value: Any) -> list[Layer] | None:
    """Return the modules of a described network, itself first, if the value is one."""
    return value.get("modules") if isinstance(value, dict) else None


def layers_of(value: Any) -> list[Layer] | None:
    """Return the modules that hold no others, in their order, if the value is a described network."""
    modules = modules_of(value)
    if modules is None:
        return None
    holders = {module["path"].rpartition(".")[0] for module in modules[1:]}
    return [module for module in modules if module["path"] not in holders]


def containers_are_plain(value: Any) -> bool:
    """Say whether all that a network holds is run one after another: only ``Sequential`` says so from outside."""
    modules = modules_of(value) or []
    holders = {module["path"].rpartition(".")[0] for module in modules[1:]}
    held = [module for module in modules if module["path"] in holders]
    return all(module["own"] and module["kind"] == "Sequential" for module in held)


def summary(layer: Layer) -> list[Any]:
    """Return the kind of a layer and what the task says about it; numbers of channels come last."""
    said = _SAID.get(layer["kind"]) if layer["own"] else None
    return [layer["kind"], *(said(layer, layer["settings"]) if said else ())]


def _convolution(layer: Layer, settings: Settings) -> list[Any]:
    shape = [pair(settings[name]) for name in ("kernel_size", "stride", "dilation")]
    biased = "bias" in layer["parameters"]
    return [shape, padding_of(layer), settings["groups"], biased, settings["in_channels"], settings["out_channels"]]


def _pooling(layer: Layer, settings: Settings) -> list[Any]:
    del layer
    shape = [pair(settings[name]) for name in ("kernel_size", "stride", "padding", "dilation")]
    return [shape, bool(settings["ceil_mode"])]


_SAID: Mapping[str, Callable[[Layer, Settings], list[Any]]] = {
    "Conv2d": _convolution,
    "MaxPool2d": _pooling,
    "AdaptiveAvgPool2d": lambda _, settings: [pair(settings["output_size"])],
    "Flatten": lambda _, settings: [settings["start_dim"], settings["end_dim"]],
    "Linear": lambda layer, settings: [
        "bias" in layer["parameters"],
        settings["in_features"],
        settings["out_features"],
    ],
}


def unsized(layer: Layer) -> list[Any]:
    """Return the summary of a layer without numbers of channels, which have a criterion of their own."""
    whole = summary(layer)
    return whole[:-2] if whole[0] in SIZED else whole


def numbers(layers: list[Layer]) -> list[list[Any]]:
    """Return of convolutions and classifiers their kinds and numbers of channels."""
    summaries = [summary(layer) for layer in layers]
    return [[whole[0], *whole[-2:]] for whole in summaries if whole[0] in SIZED and len(whole) > 1]


def is_dropout(layer: Layer) -> bool:
    """Say whether a layer is one of dropout, going by its name."""
    return bool(layer["kind"].startswith("Dropout"))


def kinds(layers: list[Layer]) -> list[str]:
    """Return the names of the layers."""
    return [layer["kind"] for layer in layers]


def bare(layers: list[Layer]) -> list[Layer]:
    """Return the layers without dropout."""
    return [layer for layer in layers if not is_dropout(layer)]


def dropouts(layers: list[Layer], *, after: bool) -> list[tuple[str, int, str]]:
    """Return of each dropout layer its kind, the number of pools before it, and the neighbour that matters."""
    names = ["input", *kinds(layers), "output"]
    return [
        (name, names[:i].count("MaxPool2d"), names[i - 1 if after else i + 1])
        for i, name in enumerate(names)
        if name.startswith("Dropout")
    ]


def drop_chances(layers: list[Layer]) -> list[Any]:
    """Return p of each dropout layer that has one."""
    return [layer["settings"]["p"] for layer in layers if is_dropout(layer) and "p" in layer["settings"]]
