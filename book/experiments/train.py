"""One way to train: Adam on mini-batches, to a number of epochs or to a training loss.

Seeds run one after another, arms in parallel processes. All seeds at once (``torch.func.vmap`` over stacked weights)
was measured on one thread: per seed and step 1.8 ms against 1.3 ms for the net with two max pools, 3.4 against 2.3
without pools, 0.4 against 0.8 with strides. It is slower for nearly all of these nets, and cannot stop each seed at its
own loss.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.nets import laid_out

Loss = Callable[[Tensor, Tensor], Tensor]
RISE = 60  # steps over which the rate rises, lest the first large ones silence rectifiers for good


@dataclass(frozen=True)
class Budget:
    """When to stop: after ``epochs``, or as soon as the training loss is at most ``loss`` (if given)."""

    epochs: int
    loss: float | None = None
    rate: float = 1e-2
    batch: int = 30
    decay: float = 0.0


@dataclass(frozen=True)
class Fit:
    """How a training ended: epochs used, mean training loss and (for classes) training accuracy."""

    epochs: int
    loss: float
    accuracy: float


def outputs(net: nn.Module, x: Tensor, batch: int = 400) -> Tensor:
    """Return the net's outputs for all of ``x`` in evaluation mode, without gradients."""
    net.eval()
    x = x.contiguous(memory_format=torch.channels_last) if x.dim() == 4 else x
    with torch.no_grad():
        return torch.cat([net(part) for part in x.split(batch)])


def accuracy(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """Return the share of ``x`` whose largest output is at ``y``."""
    return float((outputs(net, x).argmax(1) == y).float().mean())


def fit(
    net: nn.Module,
    x: Tensor | Callable[[int], Tensor],
    y: Tensor,
    budget: Budget,
    seed: int,
    *,
    loss: Loss = F.cross_entropy,
    watch: Callable[[int], None] | None = None,
) -> Fit:
    """Train ``net`` in place on ``x``, or on ``x(epoch)`` if the images are drawn anew for every epoch.

    The rate rises over the first 60 steps. With a target loss it then stays constant and the loss is measured on the
    whole training set after each epoch; otherwise it falls to zero as a half cosine. ``watch`` is called after every
    epoch.
    """
    laid_out(net, torch.channels_last)
    trained = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, budget.rate, weight_decay=budget.decay, fused=True)
    steps = budget.epochs * -(-len(y) // budget.batch)

    def rate(step: int) -> float:
        rise = min(1.0, (step + 1) / RISE)
        return rise if budget.loss else rise * (1 + math.cos(math.pi * step / steps)) / 2

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    generator = torch.Generator().manual_seed(seed)
    images = x if isinstance(x, Tensor) else x(0)
    epoch = 0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # for dropout
        for epoch in range(1, budget.epochs + 1):
            images = images if isinstance(x, Tensor) or epoch == 1 else x(epoch - 1)
            net.train()
            for part in torch.randperm(len(y), generator=generator).split(budget.batch):
                optimiser.zero_grad()
                loss(net(channels_last(images[part])), y[part]).backward()
                optimiser.step()
                schedule.step()
            if watch:
                watch(epoch)
            if budget.loss and float(loss(outputs(net, images), y)) <= budget.loss:
                break
    final = outputs(net, images)
    hits = float((final.argmax(1) == y).float().mean()) if y.dtype == torch.long else float("nan")
    return Fit(epoch, float(loss(final, y)), hits)


def channels_last(x: Tensor) -> Tensor:
    """Return ``x`` with its channels innermost, which is faster for small convolutions on a CPU."""
    return x.contiguous(memory_format=torch.channels_last) if x.dim() == 4 else x
