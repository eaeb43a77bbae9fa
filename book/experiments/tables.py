"""Measured tables for the chapters, as HTML with a caption: ``tables.table(caption, heads, rows)``."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from IPython.display import HTML

from experiments.ledger.model import Measured
from experiments.ledger.words import percent


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> HTML:
    """Return a table whose first column heads its rows."""
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    head = f"<caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
    return HTML(f'<table class="table">{head}<tbody>{body}</tbody></table>')


def options() -> HTML:
    """Return the five ways from maps to classes, measured (E08)."""
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
    """Return the remedies against overfitting one at a time (E06)."""
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
        rows.append([name, *(percent(arm[k]) for k in ("train", "test", "gap"))])
    return table(
        "300 digits at random positions, 60 epochs: accuracy with 95% interval.",
        ("remedy", "training", "test", "gap"),
        rows,
    )


def rivals() -> HTML:
    """Return four methods on three sets of digits (E13)."""
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
