"""Functions that run in the student's namespace, beside the student's own, which are only declared here.

Only the sources of the ``_probe`` functions go there: they import what they need, and their types are in quotes.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...criteria.criterion import probe_source

if TYPE_CHECKING:

    def students(*arguments: Any, **settings: Any) -> Any:
        """Stand for a function of the student's."""

    dropout = dropout2d = small_cnn = students


# ---- dropout and dropout2d


def _probe_counts(layer: "Callable[..., Any]", x: "Any", p: "float", seed: "int", rounds: "int") -> "list[int]":
    # How many cells each of several calls keeps.
    import numpy

    rng = numpy.random.default_rng(seed)
    return [int(numpy.count_nonzero(layer(x, p, rng)[0])) for _ in range(rounds)]


def _probe_generators(layer: "Callable[..., Any]", x: "Any", p: "float", seed: "int") -> "list[Any]":
    # The outputs of two generators with one seed, and of the first one's second call.
    import numpy

    first, second = numpy.random.default_rng(seed), numpy.random.default_rng(seed)
    return [numpy.array(layer(x, p, rng)[0]) for rng in (first, second, first)]


def _probe_dropout_counts(x: "Any", p: "float", seed: "int", rounds: "int") -> "list[int]":
    return _probe_counts(dropout, x, p, seed, rounds)


def _probe_dropout_generators(x: "Any", p: "float", seed: "int") -> "list[Any]":
    return _probe_generators(dropout, x, p, seed)


def _probe_dropout2d_counts(x: "Any", p: "float", seed: "int", rounds: "int") -> "list[int]":
    return _probe_counts(dropout2d, x, p, seed, rounds)


def _probe_dropout2d_generators(x: "Any", p: "float", seed: "int") -> "list[Any]":
    return _probe_generators(dropout2d, x, p, seed)


DROPOUT = probe_source(_probe_counts, _probe_generators, _probe_dropout_counts, _probe_dropout_generators)
DROPOUT2D = probe_source(_probe_counts, _probe_generators, _probe_dropout2d_counts, _probe_dropout2d_generators)


# ---- small_cnn


def _probe_pair(value: "Any") -> "list[int]":
    return [int(value)] * 2 if isinstance(value, int) else [int(item) for item in value]


def _probe_convolution(layer: "Any") -> "list[Any]":
    same, pair = layer.padding == "same", _probe_pair
    padding = [size // 2 for size in layer.kernel_size] if same else pair(layer.padding)
    shape = [pair(layer.kernel_size), padding, pair(layer.stride), pair(layer.dilation), layer.groups]
    return [shape, layer.bias is not None, layer.in_channels, layer.out_channels]


def _probe_pooling(layer: "Any") -> "list[Any]":
    shape = [_probe_pair(size) for size in (layer.kernel_size, layer.stride, layer.padding, layer.dilation)]
    return [shape, bool(layer.ceil_mode)]


def _probe_described(layer: "Any") -> "list[Any]":
    # The kind of a layer and what the task says about it; numbers of channels come last.
    from torch import nn

    settings: dict[type, Callable[[Any], list[Any]]] = {
        nn.Conv2d: _probe_convolution,
        nn.MaxPool2d: _probe_pooling,
        nn.AdaptiveAvgPool2d: lambda layer: [_probe_pair(layer.output_size)],
        nn.Flatten: lambda layer: [layer.start_dim, layer.end_dim],
        nn.Linear: lambda layer: [layer.bias is not None, layer.in_features, layer.out_features],
        nn.Dropout: lambda layer: [float(layer.p)],
        nn.Dropout2d: lambda layer: [float(layer.p)],
    }
    asked = settings.get(type(layer))
    return [type(layer).__name__, *(asked(layer) if asked else [])]


def _probe_layers(*arguments: "Any", **settings: "Any") -> "dict[str, Any]":
    # The net as a list of described layers, and whether it is one flat sequence.
    from torch import nn

    net = small_cnn(*arguments, **settings)
    leaves = [module for module in net.modules() if not list(module.children())]
    flat = type(net) is nn.Sequential and len(leaves) == len(net)
    return {"flat": flat, "layers": [_probe_described(layer) for layer in leaves]}


def _probe_placed(placement: "str") -> "tuple[Any, Any]":
    # The net with dropout beside the one without.
    return _probe_layers(placement)["layers"], _probe_layers("none")["layers"]


def _probe_shapes(sizes: "list[tuple[int, ...]]") -> "list[list[int]]":
    # The shapes of the logits for images of several sizes.
    import torch

    net = small_cnn("none").eval()
    with torch.no_grad():
        return [list(net(torch.zeros(size)).shape) for size in sizes]


def _probe_each_placement(p: "float", placements: "list[str]") -> "list[list[Any]]":
    # Of each placement that works and has dropout: its p, and whether two passes agree in each mode.
    found = []
    for placement in placements:
        try:
            net = small_cnn(placement, p)
        except Exception:  # noqa: S112 - a placement that fails has a criterion of its own
            continue
        chances = [float(layer.p) for layer in net.modules() if hasattr(layer, "p")]
        if chances:
            found.append([chances, *_probe_passes_agree(net)])
    return found


def _probe_passes_agree(net: "Any") -> "list[bool | None]":
    # Whether two passes give the same in training, and in evaluation; None where the net does not run.
    import torch

    torch.manual_seed(0)
    x = torch.rand(16, 1, 12, 12)
    agree: list[bool | None] = []
    for mode in (True, False):
        net.train(mode)
        try:
            with torch.no_grad():
                agree.append(bool(torch.equal(net(x), net(x))))
        except Exception:
            agree.append(None)
    return agree


SMALL_CNN = probe_source(
    _probe_pair,
    _probe_convolution,
    _probe_pooling,
    _probe_described,
    _probe_layers,
    _probe_placed,
    _probe_shapes,
    _probe_passes_agree,
    _probe_each_placement,
)
