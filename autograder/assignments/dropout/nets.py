"""Judges of a network, of which only a description came out of the sandbox: its modules, settings and shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...criteria.judges import trouble
from ...model import Case, Reply
from .flow import RANDOM, Layer, NoFlowError, flow, padding_of, pair

Settings = Mapping[str, Any]

# The last two entries of these layers' summaries are numbers of channels.
SIZED = ("Conv2d", "Linear")
NO_NET = "expected a torch.nn.Sequential"
# What is asked where a call does not say.
P, IN_CHANNELS, CLASSES = 0.5, 1, 10
# Images of several sizes, large enough for convolutions that forget their padding.
SIDES = ((16, 16), (21, 17), (18, 30), (45, 19))


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


def answers(case: Case, layers: list[Layer], right: list[Layer]) -> bool:
    """Say whether anything about the net goes by what was asked: one number, or the dropout as a whole.

    A mistake in one of them costs its own criterion; one net for everything is no answer.
    """
    have, want = numbers(layers), numbers(right)
    pairs = [pair for one, other in zip(have, want, strict=False) for pair in zip(one[1:], other[1:], strict=True)]
    return any(one == other for one, other in pairs) or bool(drop_chances(right) and not misplaced(case, layers, right))


def structure(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the net is one flat sequence of the asked layers, whatever their numbers of channels and dropout."""
    wrong = trouble(got)
    if wrong:
        return wrong
    layers, right = layers_of(got.value), layers_of(expected.value) or []
    if layers is None:
        return NO_NET
    inner = any("." in module["path"] for module in modules_of(got.value) or ())
    if inner or not containers_are_plain(got.value):
        return "expected one flat torch.nn.Sequential, not modules within modules"
    layers, right = bare(layers), bare(right)
    if kinds(layers) != kinds(right):
        return f"expected the layers {', '.join(kinds(right))}; got {', '.join(kinds(layers)) or 'none'}"
    for have, want in zip(layers, right, strict=True):
        if unsized(have) != unsized(want):
            return f"a layer, {want['kind']}, has other settings than the task says"
    everything = (layers_of(got.value) or [], layers_of(expected.value) or [])
    return None if answers(case, *everything) else "the net has neither the numbers nor the dropout that were asked for"


def sizes(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when convolutions and classifier have the asked numbers of channels and classes."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    have, want = (numbers(layers_of(value) or []) for value in (got.value, expected.value))
    return None if have == want else f"expected {_sized(want)}; got {_sized(have) or 'none of these'}"


def _sized(found: list[list[Any]]) -> str:
    return ", ".join(f"{name} from {fan_in} to {fan_out}" for name, fan_in, fan_out in found)


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


def misplaced(case: Case, layers: list[Layer], right: list[Layer]) -> str | None:
    """Say that the dropout layers do not stand where they should, or have another p than asked."""
    side = "after" if "after" in case.call.args[0] else "before"
    want, have = (dropouts(net, after=side == "after") for net in (right, layers))
    if have != want:
        return f"expected {_places(want, side) or 'no dropout'}; got {_places(have, side) or 'no dropout'}"
    return _other_chance(case, drop_chances(layers))


def _other_chance(case: Case, found: list[Any]) -> str | None:
    p = case.call.args[1] if len(case.call.args) > 1 else P
    others = [chance for chance in found if chance != p]
    return f"asked for p = {p}, a layer has p = {others[0]}" if others else None


def _places(found: list[tuple[str, int, str]], side: str) -> str:
    return ", ".join(f"{kind} {side} {other} (pool layers so far: {pools})" for kind, pools, other in found)


def placed(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when dropout stands where it was asked for, and the net is otherwise the one without."""
    wrong = trouble(got)
    if wrong:
        return wrong
    net, without = map(layers_of, got.value)
    if net is None or without is None:
        return NO_NET
    after = "after" in case.call.args[0]
    want, have = (dropouts(layers, after=after) for layers in (layers_of(expected.value[0]) or [], net))
    if have != want:
        side = "after" if after else "before"
        return f"expected {_places(want, side)}; got {_places(have, side) or 'no dropout'}"
    if len(bare(without)) < len(without):
        return "without a placement there is dropout as well"
    same = [unsized(layer) for layer in bare(net)] == [unsized(layer) for layer in without]
    return None if same else "the placement changes more than the dropout layers"


def dropped_as_asked(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the dropout layers, and no other ones, stand where they should and have the asked p."""
    wrong = trouble(got)
    if wrong:
        return wrong
    layers, right = layers_of(got.value), layers_of(expected.value) or []
    if layers is None:
        return NO_NET
    wrong = misplaced(case, layers, right)
    return wrong or (None if answers(case, layers, right) else "the net has none of the numbers that were asked for")


def chances(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when every layer of dropout, and there is one, has the asked p."""
    del expected
    wrong = trouble(got)
    if wrong:
        return wrong
    found = drop_chances(layers_of(got.value) or [])
    return _other_chance(case, found) if found else "expected a net with dropout"


def one_logit_a_class(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when images of any size give one logit for each class, going by the shapes of the parameters."""
    del expected
    classes = case.call.kwargs.get("classes", CLASSES)
    for sides in SIDES:
        shape = comes_out(case, got, sides)
        if isinstance(shape, str):
            return shape
        if shape != (2, classes):
            return f"two images of {sides[0]}x{sides[1]} give {shape}; expected {(2, classes)}"
    return None


def random_in_training_only(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the net runs, and what is random in it are layers of torch.nn that know the mode of their network."""
    del expected
    shape = comes_out(case, got, SIDES[0])
    if isinstance(shape, str):
        return shape
    found = [layer for layer in layers_of(got.value) or [] if layer["kind"] in RANDOM]
    drops = any(0 < layer["settings"]["p"] <= 1 for layer in found)
    return None if drops else "in training mode nothing is dropped"


def comes_out(case: Case, got: Reply, sides: tuple[int, int]) -> tuple[int, ...] | str:
    """Return the shape of what two images of a size give, or say why nothing comes out."""
    wrong = trouble(got)
    if wrong:
        return wrong
    layers = layers_of(got.value)
    if layers is None:
        return NO_NET
    if not containers_are_plain(got.value):
        return "what a module of your own does with its layers cannot be said from outside: use torch.nn.Sequential"
    try:
        return flow(layers, (2, case.call.kwargs.get("in_channels", IN_CHANNELS), *sides))
    except NoFlowError as problem:
        return f"the network does not run: {problem}"


def a_net(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the call gives a net that convolves and classifies, with something of what was asked."""
    wrong = trouble(got)
    if wrong:
        return wrong
    layers, right = layers_of(got.value) or [], layers_of(expected.value) or []
    return None if set(SIZED) <= set(kinds(layers)) and answers(case, layers, right) else "expected a network"
