"""E11: where pooling hurts and what recovers it: coordinates, quadrants, order, counting, labels per pixel.

Budget: equal epochs for all arms of a task. Coordinates are in pixels; the constant guess is the reference.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from experiments.data import DIGIT, place, scattered, split
from experiments.nets import Net, build, initialise, parameters, trunk
from experiments.task import EVALUATION, by_seed
from experiments.train import Budget, accuracy, fit, outputs

CANVAS = 24
ROOM = CANVAS - DIGIT


def arms() -> list[dict[str, Any]]:
    """Return the tasks with their arms."""
    downs, heads, pads = ("none", "max", "stride"), ("flatten", "gap", "gmp"), ("zeros", "circular")
    where: list[dict[str, Any]] = [
        {"task": "where", "down": d, "head": h, "padding": p} for d, h, p in product(downs, heads, pads)
    ]
    where += [
        {"task": "where", "down": "max", "head": "gmp", "padding": "circular", "coordinates": True},
        {"task": "where", "down": "max", "head": "where", "padding": "zeros"},
    ]
    tasks: list[dict[str, Any]] = [
        {"task": t, "down": "max", "head": h, "padding": "circular"}
        for t, h in product(("class", "quadrant", "order", "count"), heads)
    ]
    dense: list[dict[str, Any]] = [{"task": "pixels", "pools": n} for n in range(3)]
    probes: list[dict[str, Any]] = [{"task": "probes", "head": h} for h in ("gap", "gmp")]
    common = {"n": 300, "epochs": 20, "seeds": 5}
    return [{**arm, **common} for arm in (*where, *tasks, *dense, *probes)] + [{"task": "corners"}]


def reduced() -> list[dict[str, Any]]:
    """Return coordinates with and without a global head under circular padding, and the four-image task."""
    return [
        {"task": "where", "down": "max", "head": h, "padding": "circular", "n": 300, "epochs": 20, "seeds": 1}
        for h in ("flatten", "gap", "gmp")
    ] + [{"task": "corners"}]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Measure one arm."""
    if arm["task"] == "corners":
        return corners()
    tasks = {"where": where, "pixels": pixels, "probes": probes, "count": counting, "order": order}
    return by_seed(arm, tasks.get(arm["task"], labels))


def described(arm: dict[str, Any], outputs: int) -> Net:
    """Return the description of an arm's net."""
    return Net(
        canvas=CANVAS,
        widths=(12, 24),
        down=arm["down"],
        head=arm["head"],
        padding=arm["padding"],
        coordinates=arm.get("coordinates", False),
        outputs=outputs,
    )


def where(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Regress row and column of the digit: mean absolute error in pixels, R^2 on training and test images."""
    cut, net = split(seed, arm["n"]), build(described(arm, 2), seed)
    x, at = scattered(cut.x, CANVAS, seed)
    x_test, at_test = scattered(cut.x_test, CANVAS, EVALUATION + seed)
    target, truth = at.float() / ROOM * 2 - 1, at_test.float() / ROOM * 2 - 1
    fit(net, x, target, Budget(arm["epochs"], rate=3e-3), seed, loss=F.mse_loss)
    train, test = outputs(net, x), outputs(net, x_test)
    pixels = ROOM / 2
    return {
        "error": float((test - truth).abs().mean()) * pixels,
        "guess": float((target.mean(0) - truth).abs().mean()) * pixels,
        "train_r2": explained(train, target),
        "test_r2": explained(test, truth),
        "parameters": parameters(net),
    }


def explained(guess: Tensor, truth: Tensor) -> float:
    """Return R^2, the share of the variance of ``truth`` that ``guess`` explains."""
    return float(1 - ((guess - truth) ** 2).sum() / ((truth - truth.mean(0)) ** 2).sum())


def labels(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Name the digit's class or the quadrant it lies in, from the same kind of images."""
    cut = split(seed, arm["n"])
    quadrant = arm["task"] == "quadrant"
    x, at = scattered(cut.x, CANVAS, seed)
    x_test, at_test = scattered(cut.x_test, CANVAS, EVALUATION + seed)

    def answer(offsets: Tensor, y: Tensor) -> Tensor:
        low = (offsets >= ROOM // 2).long()
        return 2 * low[:, 0] + low[:, 1] if quadrant else y

    train, test = (x, answer(at, cut.y)), (x_test, answer(at_test, cut.y_test))
    return classified(arm, seed, 4 if quadrant else 10, train, test)


def classified(
    arm: dict[str, Any], seed: int, classes: int, train: tuple[Tensor, Tensor], test: tuple[Tensor, Tensor]
) -> dict[str, Any]:
    """Train and measure a classifier on given images and answers."""
    net = build(described(arm, classes), seed)
    ending = fit(net, *train, Budget(arm["epochs"]), seed)
    return {"train": ending.accuracy, "test": accuracy(net, *test)}


def order(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Say whether the 1 lies to the left of the 0: two digits, same vertical range, random positions."""
    cut = split(seed, 1100)
    images = pairs(cut.x, cut.y, arm["n"], seed)
    tests = pairs(cut.x_test, cut.y_test, 400, EVALUATION + seed)
    return classified(arm, seed, 2, images, tests)


def pairs(x: Tensor, y: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return canvases with a 0 and a 1, one in each half, and whether the 1 lies left."""
    generator = torch.Generator().manual_seed(seed)
    zeros, ones = x[y == 0], x[y == 1]
    left = torch.randint(0, 2, (count,), generator=generator)
    rows = torch.randint(0, ROOM + 1, (2, count), generator=generator)
    cols = torch.randint(0, 5, (2, count), generator=generator)
    pick = [torch.randint(0, len(part), (count,), generator=generator) for part in (zeros, ones)]
    one = place(ones[pick[1]], CANVAS, rows[0], cols[0] + 12 * (1 - left))
    zero = place(zeros[pick[0]], CANVAS, rows[1], cols[1] + 12 * left)
    return one + zero, left


def counting(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Count the digits on the canvas, one to four, each in its own quadrant at a random place."""
    cut = split(seed, 1100)
    return classified(arm, seed, 4, groups(cut.x, arm["n"], seed), groups(cut.x_test, 400, EVALUATION + seed))


def groups(x: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return canvases with one to four digits and the number of digits less one."""
    generator = torch.Generator().manual_seed(seed)
    number = torch.randint(1, 5, (count,), generator=generator)
    ranks = torch.rand(count, 4, generator=generator).argsort(1).argsort(1)
    canvas = torch.zeros(count, 1, CANVAS, CANVAS)
    for quadrant in range(4):
        rows = torch.randint(0, 5, (count,), generator=generator) + 12 * (quadrant // 2)
        cols = torch.randint(0, 5, (count,), generator=generator) + 12 * (quadrant % 2)
        digits = x[torch.randint(0, len(x), (count,), generator=generator)]
        present = (ranks[:, quadrant] < number).float()[:, None, None, None]
        canvas = canvas + present * place(digits, CANVAS, rows, cols)
    return canvas, number - 1


def pixels(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Mark the pixels of the digit under noise: intersection over union after 0 to 2 pools, no skip connection."""
    cut = split(seed, arm["n"])

    def data(x: Tensor, key: int) -> tuple[Tensor, Tensor]:
        canvas, _ = scattered(x, CANVAS, key)
        generator = torch.Generator().manual_seed(key)
        return canvas + 0.3 * torch.randn(canvas.shape, generator=generator), (canvas > 0.3).float()

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        body = trunk(Net(canvas=CANVAS, widths=(12, 24, 24), pools=tuple(range(arm["pools"]))))
        net = nn.Sequential(
            initialise(body), nn.Conv2d(24, 1, 1), nn.Upsample(scale_factor=2 ** arm["pools"], mode="nearest")
        )
    x, mask = data(cut.x, seed)
    x_test, truth = data(cut.x_test[:200], EVALUATION + seed)
    fit(net, x, mask, Budget(15), seed, loss=F.binary_cross_entropy_with_logits)
    guess = outputs(net, x_test, 50) > 0
    truth = truth.bool()
    return {"iou": float((guess & truth).sum() / (guess | truth).sum())}


def probes(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Read presence, number and position linearly from a global summary of a frozen trunk (trained on classes)."""
    cut = split(seed, 1100)
    net = build(Net(canvas=CANVAS, widths=(12, 24), head=arm["head"], padding="circular"), seed)
    fit(net, scattered(cut.x, CANVAS, seed)[0], cut.y, Budget(10), seed)

    def features(x: Tensor) -> Tensor:
        found: Tensor = net.head.get_submodule("summary")(outputs(net.trunk, x))
        return torch.cat([found, torch.ones(len(found), 1)], 1)

    def probe(x: Tensor, y: Tensor, x_test: Tensor, y_test: Tensor) -> float:
        # Units that never fire leave the rank open: the smallest solution is the same on every machine.
        weight = torch.linalg.lstsq(features(x).double(), y.double(), rcond=1e-8, driver="gelsd").solution.float()
        return explained(features(x_test) @ weight, y_test)

    found = {}
    for name, make in (("number", groups), ("presence", absent)):
        x, y = make(cut.x, 1000, seed)
        x_test, truth = make(cut.x_test, 400, EVALUATION + seed)
        found[name] = probe(x, y[:, None].float(), x_test, truth[:, None].float())
    x, at = scattered(cut.x, CANVAS, seed)
    x_test, at_test = scattered(cut.x_test, CANVAS, EVALUATION + seed)
    found["position"] = probe(x, at.float(), x_test, at_test.float())
    return found


def absent(x: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return canvases that hold one digit, or a few specks of equal brightness, and which it is."""
    generator = torch.Generator().manual_seed(seed)
    present = torch.randint(0, 2, (count,), generator=generator)
    digits = x[torch.randint(0, len(x), (count,), generator=generator)]
    scramble = torch.rand(count, 1, 64, generator=generator).argsort(2)
    scrambled = digits.flatten(2).gather(2, scramble).view_as(digits)
    chosen = torch.where(present[:, None, None, None] == 1, digits, scrambled)
    return scattered(chosen, CANVAS, seed)[0], present


def corners() -> dict[str, Any]:
    """Fit four one-hot 2 x 2 images behind a 2 x 2 pool, and without it: training accuracy of a dense net."""
    x, y = torch.eye(4).view(4, 1, 2, 2), torch.arange(4)
    found = {}
    for name, pool in (("max", nn.MaxPool2d(2)), ("avg", nn.AvgPool2d(2)), ("none", nn.Identity())):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            net = nn.Sequential(
                pool, nn.Flatten(), nn.Linear(4 if name == "none" else 1, 16), nn.ReLU(), nn.Linear(16, 4)
            )
        found[name] = fit(net, x, y, Budget(200, batch=4), 0).accuracy
    return found
