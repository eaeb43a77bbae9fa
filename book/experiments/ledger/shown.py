"""Tables below the ledger: measurements that several claims rest on and that no chapter shows."""

from __future__ import annotations

from typing import Any

from IPython.display import HTML

from experiments.ledger.literature import POOLS, TIMELINE
from experiments.ledger.model import Measured
from experiments.shares import percent
from experiments.tables import table


def layers() -> HTML:
    """Compare nets that lack a kind of layer, pool more or less often, or join their blocks differently (E06)."""
    r = Measured()
    nets: dict[str, dict[str, Any]] = {
        "two convolutions, rectifiers, max pools, dense layer": {"group": "lacking", "lacks": "nothing"},
        "without pools": {"group": "lacking", "lacks": "pooling"},
        "without a dense layer (a map per class, global maximum)": {"group": "lacking", "lacks": "dense"},
        "without rectifiers": {"group": "linear", "down": "max", "relu": False, "position": "random"},
        "without rectifiers, average pools: one matrix": {
            "group": "linear",
            "down": "avg",
            "relu": False,
            "position": "random",
        },
        "without convolutions": {"group": "lacking", "lacks": "convolution"},
        "pooling first, then convolutions": {"group": "lacking", "lacks": "pool_first"},
        "logistic regression on the pixels": {"group": "linear", "widths": [], "position": "random"},
    }
    arms = {name: r("e06", **wanted) for name, wanted in nets.items()}
    for arm in r.arms("e06", group="placement"):
        pools = len(arm["arm"]["net"]["pools"])
        arms[f"four convolutions, {pools} max pool{'' if pools == 1 else 's'}"] = arm
    for kind, name in {"avg": "average pools", "max": "max pools", "stride": "strides"}.items():
        arms[f"small DenseNet, {name} between its blocks"] = r("e06", group="densenet", transition=kind)
    rows = [[name, f"{arm['parameters'][0]:,}", percent(arm["test"])] for name, arm in arms.items()]
    return table(
        "300 digits at random positions, equal training loss (logistic regression does not reach it): test accuracy "
        "with 95% interval.",
        ("net", "parameters", "test"),
        rows,
    )


def together() -> HTML:
    """Compare nets that were joined, channels kept apart, and a picture read as one column (E13)."""
    r = Measured()
    both = r("e13", part="ensemble")
    second = {kind: r("e13", part="second", kind=kind) for kind in ("full", "depthwise")}
    raster = {kind: r("e13", part="raster", kind=kind) for kind in ("2d", "1d")}
    small, large = (f"{both[size][0]:,}" for size in ("small_parameters", "large_parameters"))
    two = f"2 x {small}"
    rows = [
        ["one small net", "centred", small, percent(both["single"])],
        ["two of them, logits averaged", "centred", two, percent(both["averaged"])],
        ["two of them, features joined", "centred", two, percent(both["joined"])],
        ["one larger net", "centred", large, percent(both["large"])],
        *(
            [name, "centred", f"{second[kind]['parameters'][0]:,}", percent(second[kind]["test"])]
            for kind, name in (
                ("full", "second layer sums over channels"),
                ("depthwise", "second layer keeps them apart"),
            )
        ),
        *(
            [name, "random positions", f"{raster[kind]['parameters'][0]:,}", percent(raster[kind]["test"])]
            for kind, name in (("2d", "picture as a grid"), ("1d", "picture as one column"))
        ),
    ]
    return table(
        "400 digits, 30 epochs: test accuracy with 95% interval.", ("net", "digits", "parameters", "test"), rows
    )


def summaries() -> HTML:
    """Compare nets by which of the four values of a window they keep (E12)."""
    r = Measured()
    names = {
        "max": "the largest",
        "rank2": "the second largest",
        "rank3": "the third largest",
        "rank4": "the smallest",
        "avg": "the average",
    }
    rows = [[name, percent(r("e12", part="rank", down=down)["test"])] for down, name in names.items()]
    return table(
        "400 centred digits, 30 epochs, 2 x 2 windows: test accuracy with 95% interval.",
        ("what is kept of four values", "test"),
        rows,
    )


def pools_read() -> HTML:
    """Return the pooling layers of well-known nets, as read in their papers."""
    rows = []
    for pool in POOLS:
        window = {0: "the whole map", None: "not stated"}.get(pool.window, f"{pool.window} x {pool.window}")
        rows.append([pool.net, pool.kind, window, str(pool.stride or "-")])
    return table("Kinds of pooling layer in six well-known nets.", ("net", "pooling", "window", "stride"), rows)


def years_read() -> HTML:
    """Return four dates in the history of convolutional nets, as read in their papers."""
    return table("Four dates.", ("year", "what"), [[str(year), what] for year, what, _ in TIMELINE])


SHOWN = (layers, together, summaries, pools_read, years_read)
