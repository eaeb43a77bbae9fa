"""E13: what convolutions learn and what they assume: frozen filters, permuted pixels, other methods, probes.

Budget: equal epochs within a comparison; parameters are matched where the arms are to differ in kind only.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from torch import Tensor, nn

from experiments.data import Split, digits, scattered, shifted, split
from experiments.nets import Built, Net, build, initialise, layer, parameters, received
from experiments.task import EVALUATION, by_seed, classify
from experiments.train import Budget, accuracy, fit, outputs


def arms() -> list[dict[str, Any]]:
    """Return the comparisons."""
    learned = [{"part": "frozen", "frozen": f, "seeds": 5} for f in (False, True)]
    permuted = [
        {"part": "permuted", "share": share, "model": m, "position": position, "seeds": 5}
        for position, shares in (("centred", (0, 1)), ("random", (0, 0.5, 1)))
        for share in shares
        for m in ("cnn", "mlp")
    ]
    rivals = [
        {"part": "rivals", "data": d, "model": m, "seeds": 5}
        for d in ("8x8", "centred", "random")
        for m in ("svm", "logistic", "knn", "cnn")
    ]
    second = [
        {
            "part": "second",
            "kind": kind,
            "net": {"canvas": 16, "widths": [12, 24], **net},
            "position": "centred",
            "n": 400,
            "budget": {"epochs": 30},
            "seeds": 5,
        }
        for kind, net in (("full", {}), ("depthwise", {"groups_second": True}))
    ]
    raster = [{"part": "raster", "kind": k, "seeds": 5} for k in ("1d", "2d")]
    inputs = [{"part": "inputs", "scale": s, "seeds": 5} for s in (1, 16, 256)]
    single = [{"part": p, "seeds": 5} for p in ("ensemble", "probes", "field")]
    return learned + permuted + rivals + second + raster + inputs + single


def reduced() -> list[dict[str, Any]]:
    """Return the permutation at both ends, and the support vector machine against the net at random positions."""
    return [
        {"part": "permuted", "share": s, "model": m, "position": "random", "seeds": 1}
        for s in (0, 1)
        for m in ("cnn", "mlp")
    ] + [{"part": "rivals", "data": "random", "model": m, "seeds": 1} for m in ("svm", "cnn")]


def run(arm: dict[str, Any]) -> dict[str, Any]:
    """Measure one arm."""
    parts = {
        "frozen": frozen,
        "permuted": permuted,
        "rivals": rivals,
        "second": second,
        "raster": raster,
        "inputs": inputs,
        "ensemble": ensemble,
        "probes": probes,
        "field": effective,
    }
    return by_seed(arm, parts[arm["part"]])


def frozen(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train all layers, or only the head above random convolutions; train a net without convolutions too."""
    cut = split(seed, 400)
    net = build(Net(canvas=24, widths=(12, 24)), seed)
    first = layer(net, "trunk.conv1", nn.Conv2d)
    start = first.weight.detach().clone()
    if arm["frozen"]:
        for parameter in net.trunk.parameters():
            parameter.requires_grad_(False)
    fit(net, shifted(cut.x, 24), cut.y, Budget(30), seed)
    pixels = build(Net(canvas=24, widths=()), seed)
    fit(pixels, shifted(cut.x, 24), cut.y, Budget(30), seed)
    x = shifted(cut.x_test, 24)
    moved = first.weight.detach() - start
    return {
        "test": accuracy(net, x, cut.y_test),
        "pixels": accuracy(pixels, x, cut.y_test),
        "moved": float(moved.norm() / start.norm()),
    }


def permuted(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Permute a share of the pixels, in the same way for all images; train a net or a dense net of about its size."""
    cut = split(seed, 1100)
    rng = np.random.default_rng(seed)
    order = np.arange(256)
    chosen = rng.permutation(256)[: round(arm["share"] * 256)]
    order[chosen] = rng.permutation(chosen)

    def images(x: Tensor, key: int) -> Tensor:
        placed = shifted(x, 16) if arm["position"] == "centred" else scattered(x, 16, key)[0]
        return placed.flatten(2)[..., order].view_as(placed)

    net = Net(widths=(12, 24)) if arm["model"] == "cnn" else Net(widths=(), hidden=(24,))
    made = build(net, seed)
    fit(made, images(cut.x, seed), cut.y, Budget(15), seed)
    return {"test": accuracy(made, images(cut.x_test, EVALUATION + seed), cut.y_test), "parameters": parameters(made)}


def rivals(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Compare methods on 8 x 8 digits, centred and at random positions on 24 pixels; tuned on validation."""
    cut = split(seed, 1100)

    def images(x: Tensor, key: int) -> Tensor:
        if arm["data"] == "8x8":
            return x
        return shifted(x, 24) if arm["data"] == "centred" else scattered(x, 24, key)[0]

    sets = [images(x, key) for x, key in ((cut.x, seed), (cut.x_val, 50_000 + seed), (cut.x_test, EVALUATION + seed))]
    if arm["model"] == "cnn":
        return {"test": convolutional(cut, sets, seed)}
    flat = [x.flatten(1).numpy() for x in sets]
    best = max(candidates(arm["model"]), key=lambda m: fitted(m, flat[0], cut.y).score(flat[1], cut.y_val))
    return {"test": float(best.score(flat[2], cut.y_test))}


def convolutional(cut: Split, sets: list[Tensor], seed: int) -> float:
    """Train a net with either head; return the test accuracy of the one better on validation."""
    scores = []
    for head in ("flatten", "gmp"):
        net = build(Net(canvas=sets[0].shape[2], widths=(12, 24), head=head), seed)
        fit(net, sets[0], cut.y, Budget(12), seed)
        scores.append((accuracy(net, sets[1], cut.y_val), accuracy(net, sets[2], cut.y_test)))
    return max(scores)[1]


def candidates(model: str) -> list[Any]:
    """Return untrained models over a small grid of settings."""
    if model == "svm":
        return [SVC(C=10, gamma=g) for g in (0.01, 0.05, "scale")]
    if model == "knn":
        return [KNeighborsClassifier(k) for k in (1, 3, 5)]
    return [LogisticRegression(C=c, max_iter=200) for c in (0.1, 1.0)]


def fitted(model: Any, x: Any, y: Tensor) -> Any:
    """Fit a scikit-learn model; a logistic regression may stop at its iteration limit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(x, y.numpy())


def second(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Let the second convolution sum over channels or see one channel each; measure how channels correlate."""
    spec = Net(**{**arm["net"], "widths": tuple(arm["net"]["widths"])})
    net = build(spec, seed)
    found = classify(arm, seed, lambda: net)
    x = shifted(split(seed, arm["n"]).x_test, 16)
    pooled = outputs(net.trunk, x).mean((2, 3))
    active = pooled[:, pooled.std(0) > 1e-6]
    table = torch.corrcoef(active.T).abs()
    size = len(table)
    return {
        "test": found["test"],
        "parameters": found["parameters"],
        "correlation": float((table.sum() - size) / (size * (size - 1))),
    }


def raster(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Convolve the raster-scanned column in one dimension, or the grid in two, at equal parameters."""
    cut = split(seed, 400)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if arm["kind"] == "2d":
            net = nn.Sequential(
                nn.Conv2d(1, 12, 3, padding=1),
                nn.ReLU(),
                nn.MaxPool2d(2),
                nn.Conv2d(12, 24, 3, padding=1),
                nn.ReLU(),
                nn.MaxPool2d(2),
                nn.Flatten(),
                nn.Linear(24 * 16, 10),
            )
        else:
            net = nn.Sequential(
                nn.Flatten(2),
                nn.Conv1d(1, 12, 9, padding=4),
                nn.ReLU(),
                nn.MaxPool1d(4),
                nn.Conv1d(12, 24, 9, padding=4),
                nn.ReLU(),
                nn.MaxPool1d(4),
                nn.Flatten(),
                nn.Linear(24 * 16, 10),
            )
        initialise(net)
    fit(net, scattered(cut.x, 16, seed)[0], cut.y, Budget(30), seed)
    x = scattered(cut.x_test, 16, EVALUATION + seed)[0]
    return {"test": accuracy(net, x, cut.y_test), "parameters": parameters(net)}


def inputs(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Scale the pixels to 0..1, 0..16 or 0..256: epochs to a training accuracy of 95% (41: never in 40)."""
    cut = split(seed, 400)
    net = build(Net(canvas=16, widths=(12, 24)), seed)
    x = arm["scale"] * shifted(cut.x, 16)
    reached: list[int] = []

    def watch(epoch: int) -> None:
        if not reached and accuracy(net, x, cut.y) >= 0.95:
            reached.append(epoch)

    fit(net, x, cut.y, Budget(30), seed, watch=watch)
    return {
        "epochs": reached[0] if reached else 41,
        "test": accuracy(net, arm["scale"] * shifted(cut.x_test, 16), cut.y_test),
    }


def ensemble(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Average the logits of two small nets; join their features under a new head; train one net of their joint size."""
    cut = split(seed, 400)
    x, x_test = shifted(cut.x, 16), shifted(cut.x_test, 16)
    nets = [build(Net(widths=(6, 12)), seed + 100 * k) for k in (1, 2)]
    for k, net in enumerate(nets):
        fit(net, x, cut.y, Budget(30), seed + k)
    logits = [outputs(net, x_test) for net in nets]
    features = [torch.cat([outputs(net.trunk, z).flatten(1) for net in nets], 1) for z in (x, x_test)]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head = nn.Linear(features[0].shape[1], 10)
    fit(head, features[0], cut.y, Budget(20), seed)
    large = build(Net(widths=(9, 18)), seed)
    fit(large, x, cut.y, Budget(30), seed)

    def right(z: Tensor) -> float:
        return float((z.argmax(1) == cut.y_test).float().mean())

    return {
        "single": right(logits[0]),
        "averaged": right(logits[0] + logits[1]),
        "joined": right(outputs(head, features[1])),
        "large": accuracy(large, x_test, cut.y_test),
        "small_parameters": parameters(nets[0]),
        "large_parameters": parameters(large),
    }


def probes(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Read the class linearly from each layer; find the best single unit for a class and the best random mix."""
    cut = split(seed, 600)
    net = build(Net(canvas=16, widths=(12, 24), head="gmp"), seed)
    fit(net, shifted(cut.x, 16), cut.y, Budget(30), seed)
    x, x_test = shifted(cut.x, 16), shifted(cut.x_test, 16)
    layers = {"layer1": net.trunk[:3], "layer2": net.trunk}
    found: dict[str, Any] = {}
    rng = np.random.default_rng(seed)
    for name, body in layers.items():
        a, b = (outputs(body, z).amax((2, 3)).numpy() for z in (x, x_test))
        found[name] = float(fitted(LogisticRegression(max_iter=300), a, cut.y).score(b, cut.y_test))
        mixes = b @ rng.standard_normal((b.shape[1], b.shape[1])).astype(b.dtype)
        found[f"{name}_unit"], found[f"{name}_mix"] = selectivity(b, cut.y_test), selectivity(mixes, cut.y_test)
    return found


def selectivity(features: Any, y: Tensor) -> float:
    """Return the mean over classes of the best area under the ROC curve of a single column, either sign."""
    best = []
    for c in range(10):
        areas = [roc_auc_score(y.numpy() == c, column) for column in features.T]
        best.append(max(max(a, 1 - a) for a in areas))
    return float(np.mean(best))


def effective(arm: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return the share of the theoretical receptive field that holds 90% of the gradient, random and trained."""
    cut = split(seed, 400)
    spec = Net(canvas=24, widths=(12, 24, 24), down="max", head="gmp", pools=(0, 1))
    net = build(spec, seed)
    x = shifted(digits()[0][cut_indices(seed)], 24)
    before = share(net, x)
    fit(net, shifted(cut.x, 24), cut.y, Budget(25), seed)
    return {"random": before, "trained": share(net, x)}


def cut_indices(seed: int) -> Tensor:
    """Return 100 digits to probe with."""
    return torch.tensor(np.random.default_rng(seed).permutation(1797)[:100])


def share(net: Built, x: Tensor) -> float:
    """Return how many of the 18 x 18 cells seen by one unit, strongest first, hold 90% of mean |d unit / d input|."""
    net.eval()
    leaf = x.clone().requires_grad_()
    maps = net.trunk(leaf)
    (maps[:, :, 3, 3].sum()).backward()
    mass = received(leaf).abs().mean((0, 1)).ravel().sort(descending=True).values
    if float(mass.sum()) == 0:
        return 0.0
    cells = int((mass.cumsum(0) < 0.9 * mass.sum()).sum()) + 1
    return cells / 18**2
