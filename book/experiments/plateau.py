"""Training to a plateau: a run is finished when validation has stopped to improve, and says so if it has not.

Every run has mini-batches of 32 and, after 60 steps of rise, a constant rate. Every 25 steps the net is tried on the
validation images. Its score is the share of errors for classes, else the loss. A run ends when for 800 steps neither
the score has fallen (by half a point, or 1% of a loss) nor the loss (by 1%): the plateau. At the ceiling of 8,000 steps
it ends, too, but is not finished, and is reported as that. Steps are counted, not epochs, so that arms with few images
are trained as long as arms with many. What is measured is the net at its lowest score.

The rate is chosen for each arm: its first two seeds train with each of :data:`RATES`, and the rate with the lower score
is kept. The test images play no part in it.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.nets import laid_out
from experiments.train import RISE, Loss, channels_last, outputs

RATES = (3e-3, 1e-2)
TUNED = 2  # seeds with which a rate is chosen
WINDOW, CHECK, CEILING, BATCH = 800, 25, 8000, 32
POINT, FALL = 0.005, 0.01
ALIVE = 0.95  # a net that has learned anything makes less than this share of the errors of the best constant answer
SHORT = {"rate": 1e-2, "ceiling": 200, "seeds": 1}  # for reduced arms, in tests
Draw = Callable[[int], Tensor]
Fit = Callable[..., "Ending"]  # :func:`train` with its rate, seed and ceiling given


@dataclass(frozen=True)
class Task:
    """What a net is trained on: images (or what draws them anew for an epoch), answers, and those to validate on.

    ``constant`` is the best output that does not look at the image, (1, ...): a run that does hardly better is dead.
    """

    x: Tensor | Draw
    y: Tensor
    x_val: Tensor
    y_val: Tensor
    constant: Tensor
    loss: Loss = F.cross_entropy

    def images(self, epoch: int) -> Tensor:
        """Return the training images of an epoch."""
        return self.x if isinstance(self.x, Tensor) else self.x(epoch)

    def judge(self, out: Tensor) -> tuple[float, float]:
        """Return the score and the loss of outputs for the validation images."""
        loss = float(self.loss(out, self.y_val))
        classes = self.loss is F.cross_entropy
        return (float((out.argmax(1) != self.y_val).float().mean()) if classes else loss), loss


@dataclass(frozen=True)
class Ending:
    """How a run ended: steps made, whether the plateau was reached, whether it learned anything, lowest score."""

    steps: int
    finished: bool
    alive: bool
    score: float

    def figures(self) -> dict[str, Any]:
        """Return what an arm's figures say of its training."""
        return {"steps": self.steps, "finished": self.finished, "alive": self.alive, "score": self.score}


class Progress:
    """The lowest score and loss so far, how long ago they fell, and the weights at the lowest score."""

    def __init__(self) -> None:
        self.score = self.loss = self.flat_score = self.flat_loss = math.inf
        self.since = 0
        self.kept: dict[str, Tensor] = {}

    def note(self, score: float, loss: float, net: nn.Module) -> None:
        """Take in what a net scored :data:`CHECK` steps after the last time."""
        self.since += CHECK
        if (score, loss) < (self.score, self.loss):
            self.score, self.loss, self.kept = score, loss, copy.deepcopy(net.state_dict())
        if score < self.flat_score - min(POINT, FALL * self.flat_score) or loss < (1 - FALL) * self.flat_loss:
            self.since = 0
            self.flat_score, self.flat_loss = min(score, self.flat_score), min(loss, self.flat_loss)


def class_shares(y: Tensor, classes: int) -> Tensor:
    """Return the logits, (1, classes), of an answer that knows only how frequent each class is.

    >>> class_shares(torch.tensor([0, 1, 1]), 2).argmax().item()
    1
    """
    return ((torch.bincount(y, minlength=classes) + 1) / (len(y) + classes)).log()[None]


def train(
    net: nn.Module,
    task: Task,
    *,
    rate: float,
    seed: int,
    ceiling: int,
    watch: Mapping[int, Callable[[], None]] | None = None,
) -> Ending:
    """Train ``net`` in place until validation is flat, and leave it as it was at its lowest score.

    ``watch`` holds what to do after certain numbers of steps; a run that ends earlier does it at its end.
    """
    laid_out(net, torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=0.0, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / RISE))
    generator = torch.Generator().manual_seed(seed)
    due, progress, steps, epoch = dict(watch or {}), Progress(), 0, 0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # for dropout
        while progress.since < WINDOW and steps < ceiling:
            images, order = task.images(epoch), torch.randperm(len(task.y), generator=generator)
            epoch += 1
            for part in order[: len(order) - (len(order) % BATCH == 1)].split(BATCH):  # one image alone has no variance
                net.train()
                optimiser.zero_grad()
                task.loss(net(channels_last(images[part])), task.y[part]).backward()
                optimiser.step()
                schedule.step()
                steps += 1
                if steps in due:
                    due.pop(steps)()
                if steps % CHECK == 0:
                    progress.note(*task.judge(outputs(net, task.x_val)), net)
                    if progress.since >= WINDOW or steps >= ceiling:
                        break
    for late in due.values():
        late()
    net.load_state_dict(progress.kept)
    blind, _ = task.judge(task.constant.expand(len(task.y_val), *task.constant.shape[1:]))
    return Ending(steps, progress.since >= WINDOW, progress.score < ALIVE * blind, progress.score)


def by_seed(arm: dict[str, Any], one: Callable[[dict[str, Any], int, Fit], dict[str, Any]]) -> dict[str, Any]:
    """Choose the arm's rate, run ``one`` with it for every seed, and return lists of its figures, one value a seed.

    ``one`` is given the arm, a seed, and :func:`train` for that seed. An arm may name its ``rate`` and its ``ceiling``.
    """
    tuned, rates = range(min(TUNED, arm["seeds"])), (arm["rate"],) if "rate" in arm else RATES

    def once(seed: int, rate: float) -> dict[str, Any]:
        return one(arm, seed, partial(train, rate=rate, seed=seed, ceiling=arm.get("ceiling", CEILING)))

    trials = {rate: [once(seed, rate) for seed in tuned] for rate in rates}
    rate = min(rates, key=lambda r: sum(row["score"] for row in trials[r]))
    rows = trials[rate] + [once(seed, rate) for seed in range(len(tuned), arm["seeds"])]
    return {"rate": [rate] * len(rows), **{name: [row[name] for row in rows] for name in rows[0]}}
