"""One description for all small nets: blocks of convolution, rectifier and down-sampler, then a head."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

Module = TypeVar("Module", bound=nn.Module)


@dataclass(frozen=True)
class Net:
    """What distinguishes one net of the book from another; :func:`build` turns it into modules.

    ``down`` names the down-sampler that follows each block listed in ``pools`` (all blocks by default), with
    window ``window`` and stride ``step``. ``relu_first=False`` puts the rectifier after the down-sampler.
    ``dropout`` is a placement, see :func:`build`. ``norm`` puts batch normalisation after every convolution.
    """

    canvas: int = 16
    inputs: int = 1
    widths: tuple[int, ...] = (8, 16)
    down: str = "max"
    pools: tuple[int, ...] | None = None
    window: int = 2
    step: int = 2
    head: str = "flatten"
    hidden: tuple[int, ...] = ()
    outputs: int = 10
    padding: Literal["zeros", "circular", "reflect"] = "zeros"
    relu: bool = True
    relu_first: bool = True
    dropout: str = "none"
    p: float = 0.5
    groups_second: bool = False
    coordinates: bool = False
    exponent: float = 2.0
    norm: bool = False


class Slice(nn.Module):
    """Keeps every second row and column."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, ceil(H/2), ceil(W/2))."""
        return x[..., ::2, ::2]


class MaxBlur(nn.Module):
    """Dense 2 x 2 maximum, binomial 3 x 3 blur, every second cell (Zhang, 2019)."""

    kernel: Tensor

    def __init__(self, circular: bool) -> None:
        super().__init__()
        self.mode = "circular" if circular else "constant"
        row = torch.tensor([0.25, 0.5, 0.25])
        self.register_buffer("kernel", torch.outer(row, row)[None, None])

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2) for even H and W."""
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode=self.mode), 2, stride=1)
        x = F.pad(x, (1, 1, 1, 1), mode=self.mode)
        return F.conv2d(x, self.kernel.expand(x.shape[1], 1, 3, 3), stride=2, groups=x.shape[1])


class Rank(nn.Module):
    """The k-th largest of the four values of each 2 x 2 window; rank 4 is the minimum."""

    def __init__(self, rank: int) -> None:
        super().__init__()
        self.rank = rank

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        four = torch.stack([x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)])
        return four.sort(dim=0, descending=True).values[self.rank - 1]


class Power(nn.Module):
    """Power mean of each 2 x 2 window of non-negative values: 1 is the average, infinity the maximum."""

    def __init__(self, exponent: float) -> None:
        super().__init__()
        self.exponent = exponent

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        return F.avg_pool2d(x.clamp(min=1e-4) ** self.exponent, 2) ** (1 / self.exponent)


class GeneralisedMean(nn.Module):
    """Power mean of each 2 x 2 window whose exponent is learned, from 3 at first (Radenović et al., 2019)."""

    def __init__(self) -> None:
        super().__init__()
        self.exponent = nn.Parameter(torch.tensor(3.0))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        return F.avg_pool2d(x.clamp(min=1e-4) ** self.exponent, 2) ** (1 / self.exponent)


class Mixed(nn.Module):
    """Weighted sum of maximum and average of each 2 x 2 window; the weight is learned (Lee et al., 2016)."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(0.0))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        share = self.weight.sigmoid()
        return share * F.max_pool2d(x, 2) + (1 - share) * F.avg_pool2d(x, 2)


class Stochastic(nn.Module):
    """One cell of each 2 x 2 window, drawn in proportion to its value (Zeiler & Fergus, 2013).

    In evaluation the mean weighted by the same shares. The values must not be negative.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        four = torch.stack([x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)], -1)
        total = four.sum(-1, keepdim=True)
        share = torch.where(total > 0, four / total.clamp(min=1e-12), 0.25)
        if not self.training:
            return (share * four).sum(-1)
        drawn = (share.cumsum(-1) < torch.rand_like(total)).sum(-1, keepdim=True).clamp(max=3)
        return four.gather(-1, drawn)[..., 0]


class AdaptivePolyphase(nn.Module):
    """Dense 2 x 2 maximum, then that one of its four grids of every second cell which has the largest norm.

    The grid is chosen for each image, for all channels alike (Chaman & Dokmanić, 2021). With maps that wrap, a shift of
    the input therefore shifts the output, and a global summary of it does not change.
    """

    def __init__(self, circular: bool) -> None:
        super().__init__()
        self.mode = "circular" if circular else "constant"

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2)."""
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode=self.mode), 2, stride=1)
        grids = torch.stack([x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)], 1)
        chosen = grids.flatten(2).norm(dim=2).argmax(1)
        return grids[torch.arange(len(x)), chosen]


class Global(nn.Module):
    """Summary of each whole map: average ("gap"), maximum ("gmp"), or the smooth "lse" between them."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C)."""
        flat = x.flatten(2)
        if self.kind == "gap":
            return flat.mean(2)
        if self.kind == "gmp":
            return flat.amax(2)
        sharpness = 4.0
        return (torch.logsumexp(sharpness * flat, 2) - torch.log(torch.tensor(flat.shape[2]))) / sharpness


class Attention(nn.Module):
    """Weighted average over positions; the weights are a softmax of one learned linear score per cell."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.score = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C)."""
        weights: Tensor = self.score(x).flatten(2).softmax(2)
        return (x.flatten(2) * weights).sum(2)


class Where(nn.Module):
    """Expected row and column of each map under a softmax over its cells ("soft arg max")."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, 2C), coordinates in -1..1."""
        weights = x.flatten(2).softmax(2).view_as(x)
        rows = torch.linspace(-1, 1, x.shape[2])
        cols = torch.linspace(-1, 1, x.shape[3])
        return torch.cat([(weights.sum(3) * rows).sum(2), (weights.sum(2) * cols).sum(2)], 1)


class Coordinates(nn.Module):
    """Appends two channels that hold each cell's row and column in -1..1."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C + 2, H, W)."""
        rows = torch.linspace(-1, 1, x.shape[2])[:, None].expand(x.shape[2:])
        cols = torch.linspace(-1, 1, x.shape[3]).expand(x.shape[2:])
        extra = torch.stack([rows, cols]).expand(len(x), 2, *x.shape[2:])
        return torch.cat([x, extra], 1)


def downsampler(net: Net, channels: int) -> nn.Module:
    """Return the module that shrinks a map (or leaves its size, for "none", "stride" and window stride 1)."""
    kind = net.down
    if kind.startswith("rank"):
        return Rank(int(kind[4:]))
    made: dict[str, nn.Module] = {
        "none": nn.Identity(),
        "stride": nn.Identity(),
        "max": nn.MaxPool2d(net.window, net.step, padding=(net.window - 1) // 2),
        "avg": nn.AvgPool2d(net.window, net.step, padding=(net.window - 1) // 2),
        "min": Rank(4),
        "slice": Slice(),
        "blur": MaxBlur(net.padding == "circular"),
        "power": Power(net.exponent),
        "gem": GeneralisedMean(),
        "mixed": Mixed(),
        "stochastic": Stochastic(),
        "aps": AdaptivePolyphase(net.padding == "circular"),
    }
    if kind == "conv":
        return nn.Sequential(nn.Conv2d(channels, channels, 2, stride=2), nn.ReLU())
    return made[kind]


def block(net: Net, index: int, before: int, width: int) -> list[tuple[str, nn.Module]]:
    """Return the named modules of one block."""
    pools = range(len(net.widths)) if net.pools is None else net.pools
    pooled, n = index in pools, index + 1
    stride = net.step if net.down == "stride" and pooled else 1
    groups = before if net.groups_second and index == 1 else 1
    conv = nn.Conv2d(before, width, 3, stride, 1, padding_mode=net.padding, groups=groups)
    relu = (f"relu{n}", nn.ReLU()) if net.relu else (f"linear{n}", nn.Identity())
    parts: list[tuple[str, nn.Module]] = [(f"conv{n}", conv)]
    if net.norm:
        parts.append((f"norm{n}", nn.BatchNorm2d(width)))
    if net.relu_first or not pooled:
        parts.append(relu)
    if pooled and net.dropout == "before":
        parts.append((f"drop{n}", nn.Dropout(net.p)))
    if pooled:
        parts.append((f"down{n}", downsampler(net, width)))
    if pooled and not net.relu_first:
        parts.append(relu)
    last = pooled and index == max(pools)
    if (pooled and net.dropout == "after") or (last and net.dropout == "after_last"):
        parts.append((f"drop{n}", nn.Dropout(net.p)))
    if pooled and net.dropout == "channel":
        parts.append((f"drop{n}", nn.Dropout2d(net.p)))
    return parts


def trunk(net: Net) -> nn.Sequential:
    """Return the blocks of the net, (N, inputs, canvas, canvas) -> (N, C, H, W)."""
    parts: list[tuple[str, nn.Module]] = []
    before = net.inputs
    if net.coordinates:
        parts.append(("coordinates", Coordinates()))
        before += 2
    for index, width in enumerate(net.widths):
        parts += block(net, index, before, width)
        before = width
    return nn.Sequential(OrderedDict(parts))


def summary(net: Net, channels: int) -> list[tuple[str, nn.Module]]:
    """Return the modules between the trunk and the dense layers."""
    flat = ("flat", nn.Flatten())
    if net.head in ("gap", "gmp", "lse"):
        return [("summary", Global(net.head))]
    if net.head in ("map_gap", "map_gmp"):
        return [("maps", nn.Conv2d(channels, net.outputs, 1)), ("summary", Global(net.head[4:]))]
    made: dict[str, list[tuple[str, nn.Module]]] = {
        "flatten": [flat],
        "avg2": [("summary", nn.AvgPool2d(2)), flat],
        "adaptive3": [("summary", nn.AdaptiveMaxPool2d(3)), flat],
        "attention": [("summary", Attention(channels))],
        "where": [("summary", Where())],
    }
    return made[net.head]


class Built(nn.Sequential):
    """A net in two parts: the trunk makes maps of the image, the head makes outputs of the maps."""

    trunk: nn.Sequential
    head: nn.Sequential


def build(net: Net, seed: int) -> Built:
    """Return the net, initialised by ``seed``.

    >>> net = build(Net(canvas=24, widths=(12, 24)), seed=0)
    >>> net(torch.zeros(5, 1, 24, 24)).shape, parameters(net)
    (torch.Size([5, 10]), 11386)

    Dropout placements: "none"; "before" or "after" every down-sampler; "after_last"; "channel" (whole maps,
    after every down-sampler); "classifier" (before the last dense layer).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        body = trunk(net)
        with torch.no_grad():
            maps = body(torch.zeros(1, net.inputs, net.canvas, net.canvas))
        parts = summary(net, maps.shape[1])
        with torch.no_grad():
            size = nn.Sequential(OrderedDict(parts))(maps).shape[1]
        for n, width in enumerate(net.hidden, 1):
            parts += [(f"dense{n}", nn.Linear(size, width)), (f"dense_relu{n}", nn.ReLU())]
            size = width
        if net.dropout == "classifier":
            parts.append(("drop", nn.Dropout(net.p)))
        if not net.head.startswith("map_"):
            parts.append(("logits", nn.Linear(size, net.outputs)))
        return initialise(Built(OrderedDict(trunk=body, head=nn.Sequential(OrderedDict(parts)))))


def initialise(net: Module) -> Module:
    """Draw the weights of all convolutions as He et al. propose for rectifiers, set their biases to 0; return ``net``.

    With PyTorch's smaller default weights several of these nets never started to learn at this rate.
    """
    for layer in net.modules():
        if isinstance(layer, nn.Conv1d | nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.get_parameter("bias"))
    return net


def layer(net: nn.Module, name: str, kind: type[Module]) -> Module:
    """Return the layer with a dotted name, such as ``trunk.conv1``; raises ``TypeError`` if it is of another kind."""
    found = net.get_submodule(name)
    if not isinstance(found, kind):
        raise TypeError(f"{name}: expected {kind.__name__}, got {found}")
    return found


def laid_out(net: Module, layout: torch.memory_format) -> Module:
    """Put the weights of ``net`` into a memory layout; return ``net``."""
    net.to(memory_format=layout)  # type: ignore[call-overload]  # PyTorch's annotations lack this argument
    return net


def received(leaf: Tensor) -> Tensor:
    """Return the gradient that has reached a leaf; raises ``ValueError`` if none has."""
    if leaf.grad is None:
        raise ValueError(f"no gradient has reached a tensor of shape {tuple(leaf.shape)}")
    return leaf.grad


def parameters(module: nn.Module) -> int:
    """Return the number of trainable values."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def macs(module: nn.Module, x: Tensor) -> dict[str, int]:
    """Return the multiply-accumulates of every convolution and dense layer for one input ``x``.

    >>> macs(build(Net(canvas=24), seed=0), torch.zeros(1, 1, 24, 24))
    {'trunk.conv1': 41472, 'trunk.conv2': 165888, 'head.logits': 5760}
    """
    found: dict[str, int] = {}

    def count(name: str, per_output: int) -> Callable[[nn.Module, tuple[Any, ...], Tensor], None]:
        def hook(_: nn.Module, __: tuple[Any, ...], out: Tensor) -> None:
            found[name] = found.get(name, 0) + per_output * out[0].numel()

        return hook

    hooks = [
        layer.register_forward_hook(count(name, layer.weight[0].numel()))
        for name, layer in module.named_modules()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]
    with torch.no_grad():
        module(x)
    for hook in hooks:
        hook.remove()
    return found
