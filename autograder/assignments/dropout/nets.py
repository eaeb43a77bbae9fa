"""Judges of a network, of which only a description came out of the sandbox: its modules, settings and shapes."""

from __future__ import annotations

from typing import Any

from ...criteria.judges import trouble
from ...criteria.several import one_by_one
from ...model import Case, Reply
from .flow import RANDOM, Layer, NoFlowError, flow
from .layers_of_nets import (
    SIZED,
    bare,
    containers_are_plain,
    drop_chances,
    dropouts,
    kinds,
    layers_of,
    modules_of,
    numbers,
    unsized,
)

NO_NET = "expected a torch.nn.Sequential"
NO_ANSWER = "neither p nor any number of channels or classes is what was asked for"
# What is asked where a call does not say.
P, IN_CHANNELS, CHANNELS, CLASSES = 0.5, 1, 16, 10
# Images of several sizes, large enough for convolutions that forget their padding.
SIDES = ((16, 16), (21, 17), (18, 30), (45, 19))


def answers(case: Case, layers: list[Layer], right: list[Layer]) -> bool:
    """Say whether anything about the net goes by what was asked: one number, or the dropout as a whole.

    A mistake in one of them costs its own criterion; one net for everything is no answer. Numbers that are those of
    the notebook's own net tell nothing where there are others.
    """
    have, want = numbers(layers), numbers(right)
    pairs = [pair for one, other in zip(have, want, strict=False) for pair in zip(one[1:], other[1:], strict=True)]
    telling = [(one, other) for one, other in pairs if other not in (IN_CHANNELS, CHANNELS, CLASSES)] or pairs
    as_asked = any(one == other for one, other in telling)
    return as_asked or bool(drop_chances(right) and not misplaced(case, layers, right))


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
    return None if answers(case, *everything) else NO_ANSWER


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
    replies = one_by_one(case, got, expected)
    if isinstance(replies, str):
        return replies
    net, without = (layers_of(have.value) for _, have, _ in replies)
    right = layers_of(expected.value[0]) or []
    if net is None or without is None:
        return NO_NET
    after = "after" in case.call.args[0]
    want, have = (dropouts(layers, after=after) for layers in (right, net))
    if have != want:
        side = "after" if after else "before"
        return f"expected {_places(want, side)}; got {_places(have, side) or 'no dropout'}"
    if len(bare(without)) < len(without):
        return "without a placement there is dropout as well"
    same = [unsized(layer) for layer in bare(net)] == [unsized(layer) for layer in without]
    if not same:
        return "the placement changes more than the dropout layers"
    return None if answers(case, net, right) else NO_ANSWER


def dropped_as_asked(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the dropout layers, and no other ones, stand where they should and have the asked p."""
    wrong = trouble(got)
    if wrong:
        return wrong
    layers, right = layers_of(got.value), layers_of(expected.value) or []
    if layers is None:
        return NO_NET
    wrong = misplaced(case, layers, right)
    return wrong or (None if answers(case, layers, right) else NO_ANSWER)


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
