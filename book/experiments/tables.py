"""Measured tables for the chapters, as HTML with a caption: ``tables.table(caption, heads, rows)``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from IPython.display import HTML
from rendering import render

from experiments.ledger.model import Measured
from experiments.ledger.words import size
from experiments.shares import gap, hundredfold, percent


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> HTML:
    """Return a table whose first column heads its rows."""
    return HTML(render("table.html", caption=caption, heads=heads, rows=rows))


def options() -> HTML:
    """Compare five ways from maps to classes (E08)."""
    r = Measured()
    names = {
        "flatten": "flatten, dense",
        "avg2": "2 x 2 average, flatten, dense",
        "map_gap": "1 x 1 convolution, global average",
        "gap": "global average, dense",
        "gmp": "global maximum, dense",
    }
    rows = []
    for head, name in names.items():
        arms = {p: r("e08", group="options", head=head, position=p) for p in ("centred", "random")}
        rows.append([name, f"{arms['centred']['parameters'][0]:,}", *(percent(a["test"]) for a in arms.values())])
    return table(
        "Test accuracy with 95% interval after training on 600 digits.",
        ("head", "parameters", "centred", "random positions"),
        rows,
    )


def ablation() -> HTML:
    """Compare remedies against overfitting, one at a time and all together (E06)."""
    r = Measured()
    names = {
        "nothing": "none of them",
        "pooling": "max pooling",
        "shifts": "shifted copies",
        "dropout": "dropout before the dense layer",
        "decay": "weight decay",
        "all": "all together",
    }
    rows = []
    for remedy, name in names.items():
        arm = r("e06", group="ablation", remedy=remedy)
        rows.append([name, percent(arm["train"]), percent(arm["test"]), hundredfold(gap(arm["gap"]), "%")])
    return table(
        "300 digits at random positions, 60 epochs: accuracy with 95% interval.",
        ("remedy", "training", "test", "gap"),
        rows,
    )


def rivals() -> HTML:
    """Compare four methods on three sets of digits (E13)."""
    r = Measured()
    names = {
        "cnn": "convolutional net",
        "svm": "support vector machine",
        "knn": "nearest neighbours",
        "logistic": "logistic regression",
    }
    rows = [
        [name, *(percent(r("e13", part="rivals", data=d, model=m)["test"]) for d in ("8x8", "centred", "random"))]
        for m, name in names.items()
    ]
    return table(
        "Test accuracy with 95% interval, settings chosen on validation digits.",
        ("method", "8 x 8", "centred on 24 x 24", "anywhere on 24 x 24"),
        rows,
    )


def learned() -> HTML:
    """Compare learned filters with random ones and with none (E13)."""
    r = Measured()
    free, frozen = (r("e13", part="frozen", frozen=f) for f in (False, True))
    rows = [
        ["none: a dense layer on the pixels", percent(free["pixels"])],
        ["two layers of random filters, frozen", percent(frozen["test"])],
        ["the same layers, trained", percent(free["test"])],
    ]
    return table("400 digits in the middle, 30 epochs: test accuracy with 95% interval.", ("filters", "test"), rows)


def permuted() -> HTML:
    """Compare a convolutional and a dense net on images with permuted pixels (E13)."""
    r = Measured()
    cases = {
        "in the middle": ("centred", 0),
        "in the middle, all permuted": ("centred", 1),
        "anywhere": ("random", 0),
        "anywhere, half permuted": ("random", 0.5),
        "anywhere, all permuted": ("random", 1),
    }
    rows = []
    for name, (position, share) in cases.items():
        arms = [r("e13", part="permuted", position=position, share=share, model=m) for m in ("cnn", "mlp")]
        rows.append([name, *(percent(a["test"]) for a in arms)])
    return table(
        "1,100 digits, nets of equal size: test accuracy with 95% interval.",
        ("digits and pixels", "convolutional", "dense"),
        rows,
    )


def downsamplers() -> HTML:
    """Compare five ways to shrink a map, at equal training loss (E06)."""
    r = Measured()
    names = {
        "none": "nothing",
        "max": "2 x 2 max pooling",
        "avg": "2 x 2 average pooling",
        "stride": "stride 2 in the convolution",
        "conv": "a learned 2 x 2 convolution",
    }
    rows = []
    for down, name in names.items():
        arms = [r("e06", group="grid", down=down, n=300, position=p) for p in ("centred", "random")]
        rows.append([name, f"{arms[0]['parameters'][0]:,}", *(percent(a["test"]) for a in arms)])
    return table(
        "300 digits, flatten head, equal training loss: test accuracy with 95% interval.",
        ("after each convolution", "parameters", "in the middle", "anywhere"),
        rows,
    )


def windows() -> HTML:
    """Compare windows and strides of max pooling, at equal training loss (E06)."""
    rows = []
    for arm in Measured().arms("e06", group="window"):
        net = arm["arm"]["net"]
        k, s = net["window"], net["step"]
        rows.append([f"{k} x {k}, stride {s}", f"{arm['parameters'][0]:,}", percent(arm["test"])])
    return table(
        "Max pooling, 300 digits anywhere, equal training loss: test accuracy with 95% interval.",
        ("window", "parameters", "test"),
        rows,
    )


def remedies() -> HTML:
    """Show how often an answer survives small shifts, after two kinds of training (E05)."""
    r = Measured()
    nets = {
        "no pooling, global maximum": ("none", "gmp"),
        "max, global maximum": ("max", "gmp"),
        "max with blur, global maximum": ("blur", "gmp"),
        "average, global maximum": ("avg", "gmp"),
        "stride, global maximum": ("stride", "gmp"),
        "max, flatten": ("max", "flatten"),
        "max with blur, flatten": ("blur", "flatten"),
    }
    rows = []
    for name, (down, head) in nets.items():
        arms = [r("e05", kind="grid", down=down, head=head, training=t, padding="zeros") for t in ("centred", "random")]
        middle, anywhere = (percent(a["consistency"]) for a in arms)
        rows.append([name, middle, anywhere, percent(arms[1]["random"])])
    return table(
        "Same: share of test digits with one answer at all 16 shifts of 0 to 3 pixels, after training in the middle, "
        "and at new random positions in every epoch. Right: accuracy of the latter at random positions. With 95% "
        "intervals.",
        ("net", "same, trained in the middle", "same, trained anywhere", "right, trained anywhere"),
        rows,
    )


def borders() -> HTML:
    """Compare zero padding with wrapping around, in the corners of the canvas (E05)."""
    r = Measured()
    rows = []
    for head, name in {"gap": "global average", "gmp": "global maximum"}.items():
        for padding, kind in {"zeros": "zeros", "circular": "wrapped"}.items():
            arm = r("e05", kind="grid", down="none", head=head, training="centred", padding=padding)
            rows.append([f"{name}, {kind}", percent([row[8] for row in arm["by_shift"]]), percent(arm["corners"])])
    return table(
        "Nets that never halve, trained in the middle: test accuracy with 95% interval.",
        ("head, padding", "in the middle", "in the corners"),
        rows,
    )


def coordinates() -> HTML:
    """Show how well heads tell where a digit lies, and what restores the lost position (E11)."""
    r = Measured()
    nets: dict[str, dict[str, Any]] = {
        "flatten, wrapped": {"head": "flatten", "padding": "circular"},
        "global average, wrapped": {"head": "gap", "padding": "circular"},
        "global maximum, wrapped": {"head": "gmp", "padding": "circular", "coordinates": None},
        "global average, zeros": {"head": "gap", "padding": "zeros"},
        "global maximum, zeros": {"head": "gmp", "padding": "zeros"},
        "global maximum, wrapped, coordinates as input": {"head": "gmp", "padding": "circular", "coordinates": True},
        "soft arg max, zeros": {"head": "where", "padding": "zeros"},
    }
    arms = {name: r("e11", task="where", down="max", **wanted) for name, wanted in nets.items()}
    rows = [["always the mean position", size(arms["flatten, wrapped"]["guess"]), "0"]]
    rows += [[name, size(a["error"]), f"{a['parameters'][0]:,}"] for name, a in arms.items()]
    return table(
        "Two max pools, 300 digits anywhere on 24 x 24, 20 epochs: mean absolute error of row and column in pixels, "
        "with 95% interval.",
        ("head, padding", "error in pixels", "parameters"),
        rows,
    )


def turned() -> HTML:
    """Show what an orbit of filters and rotated training digits gain and what they cost (E10)."""
    r = Measured()
    nets = {
        "trained upright": {"net": "plain", "training": "upright"},
        "trained at random angles": {"net": "plain", "training": "rotated"},
        "orbit of filters, trained upright": {"net": "orbit"},
    }
    rows = []
    for name, wanted in nets.items():
        arm = r("e10", group="turned", n=1100, **wanted)
        upright = [row[0] for row in arm["by_angle"]]
        rows.append([name, *(percent(v) for v in (upright, arm["single"], arm["six_nine"]))])
    return table(
        "1,100 digits, 30 epochs, two max pools or orbit layers and a global maximum: test accuracy, and the share of "
        "upright sixes and nines taken for the other, with 95% intervals.",
        ("net", "upright", "any angle", "6 for 9"),
        rows,
    )


def amounts() -> HTML:
    """Compare amounts of dropout after the last pool, for two sample sizes (E09)."""
    r = Measured()
    rows = []
    for down, n in product(("max", "avg"), (100, 600)):
        arms = [r("e09", group="amount", down=down, n=n, p=p)["test"] for p in (0, 0.3, 0.5)]
        rows.append([f"{'max' if down == 'max' else 'average'} pools, {n} digits", *(percent(a) for a in arms)])
    return table(
        "Digits anywhere, dropout after the last pool, 30 epochs: test accuracy with 95% interval.",
        ("net, training digits", "no dropout", "p = 0.3", "p = 0.5"),
        rows,
    )


SHOWN = (
    options,
    ablation,
    rivals,
    learned,
    permuted,
    downsamplers,
    windows,
    remedies,
    borders,
    coordinates,
    turned,
    amounts,
)
