"""Judges of a network, which the probes describe layer by layer."""

from __future__ import annotations

from typing import Any

from ...criteria.judges import trouble
from ...model import Case, Reply

# The last two entries of these layers' descriptions are numbers of channels.
SIZED = ("Conv2d", "Linear")
Layers = list[list[Any]]


def layers_of(value: Any) -> Layers | None:
    """Return a list of layers if it is one, each with its kind first."""
    well = isinstance(value, list) and all(
        isinstance(layer, list) and layer and isinstance(layer[0], str) for layer in value
    )
    return value if well else None


def described(got: Reply) -> Layers | None:
    """Return the layers that a net was described by."""
    return layers_of(got.value.get("layers")) if isinstance(got.value, dict) else None


def kinds(layers: Layers) -> list[str]:
    """Return the names of the layers."""
    return [layer[0] for layer in layers]


def bare(layers: Layers) -> Layers:
    """Return the layers without dropout."""
    return [layer for layer in layers if not layer[0].startswith("Dropout")]


def structure(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the net is one flat sequence of the asked layers, whatever their numbers of channels."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    layers, right = described(got), expected.value["layers"]
    if layers is None:
        return "expected a torch.nn.Sequential"
    if not got.value.get("flat"):
        return "expected one flat torch.nn.Sequential, not modules within modules"
    if kinds(layers) != kinds(right):
        return f"expected the layers {', '.join(kinds(right))}; got {', '.join(kinds(layers)) or 'none'}"
    for number, (have, want) in enumerate(zip(layers, right, strict=True)):
        if have[: len(want) - 2 * (want[0] in SIZED)] != want[: len(want) - 2 * (want[0] in SIZED)]:
            return f"layer {number}, {want[0]}, has other settings than the task says"
    return None


def sizes(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when convolutions and classifier have the asked numbers of channels and classes."""
    del case
    wrong = trouble(got)
    if wrong:
        return wrong
    have, want = (
        [[layer[0], *layer[-2:]] for layer in layers or [] if layer[0] in SIZED]
        for layers in (described(got), expected.value["layers"])
    )
    return None if have == want else f"expected {_sized(want)}; got {_sized(have) or 'none of these'}"


def _sized(layers: Layers) -> str:
    return ", ".join(f"{name} from {fan_in} to {fan_out}" for name, fan_in, fan_out in layers)


def dropouts(layers: Layers, *, after: bool) -> list[tuple[str, int, str]]:
    """Return of each dropout layer its kind, the number of pools before it, and the neighbour that matters."""
    names = ["input", *kinds(layers), "output"]
    return [
        (name, names[:i].count("MaxPool2d"), names[i - 1 if after else i + 1])
        for i, name in enumerate(names)
        if name.startswith("Dropout")
    ]


def placed(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when dropout stands where it was asked for, and the net is otherwise the one without."""
    wrong = trouble(got)
    if wrong:
        return wrong
    nets = got.value if isinstance(got.value, (tuple, list)) and len(got.value) == 2 else (None, None)
    net, without = map(layers_of, nets)
    if net is None or without is None:
        return "expected a torch.nn.Sequential"
    after = "after" in case.call.args[0]
    want, have = (dropouts(layers, after=after) for layers in (expected.value[0], net))
    if have != want:
        side = "after" if after else "before"
        return f"expected {_places(want, side)}; got {_places(have, side) or 'no dropout'}"
    return None if bare(net) == bare(without) else "the placement changes more than the dropout layers"


def dropped_as_asked(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the dropout layers, and no other ones, stand where they should and have the asked p."""
    wrong = trouble(got)
    if wrong:
        return wrong
    layers, right = described(got), expected.value["layers"]
    if layers is None:
        return "expected a torch.nn.Sequential"
    side = "after" if "after" in case.call.args[0] else "before"
    want, have = (dropouts(net, after=side == "after") for net in (right, layers))
    if have != want:
        return f"expected {_places(want, side) or 'no dropout'}; got {_places(have, side) or 'no dropout'}"
    # A layer of the student's own is described by its name alone.
    chances = {layer[1] for layer in layers if layer[0].startswith("Dropout") and len(layer) > 1}
    p = case.call.args[1]
    return f"asked for p = {p}, the layers have {sorted(chances)}" if chances - {p} else None


def _places(found: list[tuple[str, int, str]], side: str) -> str:
    return ", ".join(f"{kind} {side} {other} (pool layers so far: {pools})" for kind, pools, other in found)


def chances(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when every dropout layer of every placement that works has the asked p."""
    del expected
    rows = tried(got)
    if isinstance(rows, str):
        return rows
    p = case.call.args[0]
    wrong = [chance for row in rows for chance in row[0] if chance != p]
    return f"asked for p = {p}, a layer has p = {wrong[0]}" if wrong else None


def modes(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when two passes differ in training and agree in evaluation, in every placement that works."""
    del case, expected
    rows = tried(got)
    if isinstance(rows, str):
        return rows
    if any(None in row for row in rows):
        return "the network does not run"
    if any(row[1] for row in rows):
        return "in training mode two passes gave the same logits: nothing was dropped"
    return None if all(row[2] for row in rows) else "in evaluation mode two passes gave different logits"


def tried(got: Reply) -> Layers | str:
    """Return the rows of the probe of all placements, or say what is wrong."""
    wrong = trouble(got)
    if wrong:
        return wrong
    rows = got.value
    well = isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == 3 and isinstance(row[0], list) for row in rows
    )
    return rows if well and rows else "no placement gives a net with dropout"


def a_net(case: Case, got: Reply, expected: Reply) -> str | None:
    """Hold when the call gives a net that convolves and classifies."""
    del case, expected
    layers = described(got)
    return trouble(got) or (None if layers and set(SIZED) <= set(kinds(layers)) else "expected a network")
