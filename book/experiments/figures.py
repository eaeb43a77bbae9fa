"""Pictures of the committed results for the chapters; each function returns a matplotlib figure.

Every picture shows means with 95% intervals over seeds. ``ALT`` holds the alternative text of each, by the name of its
function; ``alt(name)`` returns it. Lines differ by marker and dash as well as by colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.e05_shifts import SHIFTS
from experiments.e10_rotation import ANGLES
from experiments.ledger.model import Measured
from experiments.shares import share
from experiments.stats import Estimate, mean

COLOURS = ("#3a47ad", "#c2410c", "#0f766e", "#7c3aed", "#737373")
MARKERS = ("o", "s", "^", "D", "v")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)))
NAMES = {
    "none": "no pooling",
    "max": "max",
    "avg": "average",
    "stride": "stride",
    "blur": "max, blurred",
    "conv": "learned convolution",
    "flatten": "flatten",
    "gap": "global average",
    "gmp": "global maximum",
}

ALT = {
    "shift_curves": "Three panels, one a head: test accuracy against a diagonal shift of -8 to 8 pixels for five "
    "down-samplers, trained on centred digits. Under flatten all curves are high at 0 and near chance two pixels "
    "away. Under a global maximum the net without pooling stays high throughout, max pooling goes up and down with "
    "every pixel, and strides recover at multiples of four only.",
    "sawtooth": "Share of test digits whose prediction is that at the centre, against shifts of 0 to 8 pixels, for "
    "nets with 0 to 3 max pools and a global maximum. Without pools the share stays near 1 until the border. With "
    "one or two pools (the same net, as the global maximum absorbs the last one) it is 1 at even and below one "
    "half at odd shifts; with three pools it returns to 1 at multiples of four only.",
    "sample_size": "Two panels, centred and random positions: test accuracy against the number of training digits for "
    "no pooling, max, average and strided nets trained to the same loss. Centred, the curves lie close together; "
    "at random positions max and average lie well above strides and no pooling.",
    "parameter_count": "Gap between training and test accuracy against the number of parameters on a logarithmic axis, "
    "for max, stride and no pooling. Centred, all gaps are below a tenth. At random positions strides and no "
    "pooling stay above 0.7 at any size, max pooling lies between 0.4 and 0.6, and no gap grows with the "
    "parameters.",
    "dropout_placement": "Two panels, max and average pools: test accuracy for dropout at five places and for none, at "
    "p = 0.3 and 0.5, with intervals.",
    "rotation_curves": "Accuracy against the angle of rotation from 0 to 180 degrees for nets with and without "
    "pooling, with an orbit of filters, and trained on rotated digits. Upright nets fall alike with and without "
    "pooling and reach chance at 90 degrees; the orbit returns to its upright accuracy there; rotated training is "
    "flat.",
    "position_tasks": "Bars for three heads on four tasks. Which digit: the global maximum leads clearly. Which "
    "quadrant and which of two is left: flatten is near 1, both global heads at chance. How many: flatten leads, "
    "then the global average, and the global maximum is last.",
    "heads_by_canvas": "Test accuracy of flatten, global average and global maximum on canvases of 16, 24 and 32 "
    "pixels, after 10 epochs and trained to the same loss. The global maximum does not depend on the canvas, "
    "flatten falls.",
    "cost_ratios": "Horizontal bars: time of max pooling, average pooling, the maximum of four slices and a strided "
    "convolution, as a share of a 3 x 3 convolution of stride 1, in two memory layouts and three sizes.",
    "aliasing": "Amplitude left after halving a sinusoid against its frequency. Slicing keeps all of it, max pooling "
    "about half of the finest waves, averaging follows its theoretical cosine down to nearly nothing, blurred max "
    "pooling leaves least over most of the range that is too fine for the smaller map.",
    "spikes": "Area under the ROC curve against noise for windows of 4 x 4. Left, a single bright pixel: the maximum "
    "leads until the noise is large. Right, brightness spread over the window: the average leads everywhere.",
    "permutation": "Test accuracy at random positions of a convolutional and a dense net of equal size against the "
    "share of pixels permuted. The dense net stays near 0.38; the convolutional net falls from about 0.9 to the "
    "same level when half of the pixels are permuted, and stays there.",
}


def alt(name: str) -> str:
    """Return the alternative text of the picture made by the function ``name``."""
    return ALT[name]


def _axes(columns: int, height: float = 3.3, share: bool = True) -> tuple[Figure, Sequence[Axes]]:
    figure, axes = plt.subplots(
        1,
        columns,
        figsize=(5.8 if columns > 1 else 5, height),  # no wider, lest the words be too small on a phone
        dpi=120,
        sharey=share,
        squeeze=False,
        layout="constrained",
    )
    for ax in axes[0]:
        ax.grid(alpha=0.3)
        ax.spines[["top", "right"]].set_visible(False)
    return figure, axes[0]


def _line(
    ax: Axes,
    x: Sequence[float],
    rows: Sequence[Sequence[float]],
    label: str,
    style: int,
    *,
    estimate: Callable[[Sequence[float]], Estimate] = share,
) -> None:
    """Draw the mean over seeds of ``rows`` (one list a seed) against ``x``, with its interval."""
    each = [estimate(column) for column in zip(*rows, strict=True)]
    colour = COLOURS[style]
    ax.plot(x, [e.mean for e in each], color=colour, marker=MARKERS[style], ls=DASHES[style], ms=4, label=label)
    ax.fill_between(x, [e.low for e in each], [e.high for e in each], color=colour, alpha=0.15, lw=0)


def _bar(ax: Axes, x: float, values: Sequence[float], style: int, *, label: str, width: float = 0.25) -> None:
    e = share(values)
    ax.bar(
        x,
        e.mean,
        width * 0.9,
        color=COLOURS[style],
        label=label,
        yerr=[[e.mean - e.low], [e.high - e.mean]],
        error_kw={"capsize": 2, "ecolor": "#333"},
        hatch=("", "//", "..", "xx", "--")[style],
        edgecolor="white",
    )


def _legend(figure: Figure, ax: Axes) -> None:
    """Put the legend of ``ax`` below all panels, where it covers nothing."""
    handles, labels = ax.get_legend_handles_labels()
    ncols = 2 if len(figure.axes) == 1 else 3
    figure.legend(handles, labels, loc="outside lower center", ncols=ncols, fontsize=9, frameon=False)


def _column(arms: Sequence[dict[str, Any]], name: str) -> list[list[float]]:
    """Turn one list of seeds per arm into one list of arms per seed."""
    return [list(seed) for seed in zip(*(arm[name] for arm in arms), strict=True)]


def shift_curves(training: str = "centred", padding: str = "zeros") -> Figure:
    """Accuracy against the shift, a panel for each head (E05)."""
    r = Measured()
    figure, axes = _axes(3)
    for ax, head in zip(axes, ("flatten", "gap", "gmp"), strict=True):
        for style, down in enumerate(("none", "max", "avg", "stride", "blur")):
            arm = r("e05", kind="grid", down=down, head=head, training=training, padding=padding)
            _line(ax, list(SHIFTS), arm["by_shift"], NAMES[down], style)
        ax.set(title=NAMES[head], xlabel="pixels", ylim=(0, 1), xticks=(-8, -4, 0, 4, 8))
        ax.title.set_fontsize(10)
    axes[0].set_ylabel("test accuracy")
    _legend(figure, axes[2])
    return figure


def sawtooth() -> Figure:
    """Agreement with the prediction at the centre against the shift, by number of max pools (E05)."""
    r = Measured()
    figure, (ax,) = _axes(1)
    for style, pools in enumerate((0, 1, 2, 3)):
        arm = (
            r("e05", kind="grid", down="max", head="gmp", training="centred", padding="zeros")
            if pools == 2
            else r("e05", kind="depth", down="max", pools=pools)
        )
        _line(ax, range(9), arm["agree"], f"{pools} max pool{'' if pools == 1 else 's'}", style)
    ax.set(xlabel="shift (pixels, diagonal)", ylabel="same prediction as at the centre", ylim=(0, 1.02))
    _legend(figure, ax)
    return figure


def sample_size() -> Figure:
    """Accuracy against the number of training digits at equal training loss (E06)."""
    r = Measured()
    figure, axes = _axes(2)
    sizes = (50, 100, 300, 1100)
    for ax, position in zip(axes, ("centred", "random"), strict=True):
        for style, down in enumerate(("none", "max", "avg", "stride")):
            arms = [r("e06", group="grid", down=down, n=n, position=position) for n in sizes]
            _line(ax, sizes, _column([{"test": a["test"][:5]} for a in arms], "test"), NAMES[down], style)
        ax.set(
            title=f"{position} positions" if position == "random" else position, xlabel="training digits", xscale="log"
        )
        ax.set_xticks(sizes, [str(n) for n in sizes])
        ax.minorticks_off()
    axes[0].set_ylabel("test accuracy")
    _legend(figure, axes[0])
    return figure


def parameter_count() -> Figure:
    """Gap between training and test accuracy against the number of parameters (E06)."""
    r = Measured()
    figure, axes = _axes(2)
    for ax, position in zip(axes, ("centred", "random"), strict=True):
        for style, down in enumerate(("none", "max", "stride")):
            arms = sorted(
                [
                    *r.arms("e06", group="width", down=down, position=position),
                    r("e06", group="grid", down=down, n=300, position=position),
                ],
                key=lambda a: a["parameters"][0],
            )
            gaps = _column([{"gap": a["gap"][:5]} for a in arms], "gap")
            _line(ax, [a["parameters"][0] for a in arms], gaps, NAMES[down], style, estimate=mean)
        ax.set(title=f"{position}, 300 digits", xlabel="parameters", xscale="log")
    axes[0].set_ylabel("training minus test accuracy")
    _legend(figure, axes[1])
    return figure


def dropout_placement() -> Figure:
    """Accuracy by place of dropout, kind of pooling and p (E09)."""
    r = Measured()
    places = {
        "before": "before\npools",
        "after": "after\npools",
        "after_last": "after\nlast",
        "channel": "whole\nmaps",
        "classifier": "before\ndense",
    }
    figure, axes = _axes(2, height=3.5)
    for ax, down in zip(axes, ("max", "avg"), strict=True):
        none = share(r("e09", group="placement", down=down, dropout="none")["test"])
        ax.axhspan(none.low, none.high, color=COLOURS[4], alpha=0.2, label="no dropout")
        for x, place in enumerate(places):
            for style, p in enumerate((0.3, 0.5)):
                values = r("e09", group="placement", down=down, dropout=place, p=p)["test"]
                _bar(ax, x + 0.3 * style - 0.15, values, style, label=f"p = {p}" if x == 0 else "_", width=0.3)
        ax.set_xticks(range(len(places)), places.values(), fontsize=8)
        ax.set_title(f"{NAMES[down]} pools")
    axes[0].set_ylabel("test accuracy")
    _legend(figure, axes[0])
    return figure


def rotation_curves() -> Figure:
    """Accuracy against the angle (E10)."""
    r = Measured()
    figure, (ax,) = _axes(1)
    arms = {
        "no pooling, flatten": r("e10", group="grid", down="none", head="flatten"),
        "max pools, flatten": r("e10", group="grid", down="max", head="flatten"),
        "max pools, global maximum": r("e10", group="grid", down="max", head="gmp"),
        "orbit of filters": r("e10", group="turned", net="orbit", n=400),
        "trained on rotated digits": r("e10", group="turned", net="plain", training="rotated", n=400),
    }
    for style, (name, arm) in enumerate(arms.items()):
        _line(ax, range(len(ANGLES)), arm["by_angle"], name, style)
    ax.set_xticks(range(len(ANGLES)), [str(a) for a in ANGLES])
    ax.set(xlabel="rotation (degrees)", ylabel="test accuracy", ylim=(0, 1))
    _legend(figure, ax)
    return figure


def position_tasks() -> Figure:
    """Accuracy of three heads where position is irrelevant and where it is the answer (E11)."""
    r = Measured()
    tasks = {
        "class": ("which\ndigit", 0.1),
        "quadrant": ("which\nquadrant", 0.25),
        "order": ("which\nis left", 0.5),
        "count": ("how\nmany", 0.25),
    }
    figure, (ax,) = _axes(1)
    for x, (task, (_, chance)) in enumerate(tasks.items()):
        for style, head in enumerate(("flatten", "gap", "gmp")):
            values = r("e11", task=task, head=head)["test"]
            _bar(ax, x + 0.26 * (style - 1), values, style, label=NAMES[head] if x == 0 else "_")
        ax.hlines(chance, x - 0.4, x + 0.4, color="black", ls=":", label="chance" if x == 0 else "_")
    ax.set_xticks(range(len(tasks)), [name for name, _ in tasks.values()])
    ax.set(ylabel="test accuracy", ylim=(0, 1.05))
    _legend(figure, ax)
    return figure


def heads_by_canvas() -> Figure:
    """Accuracy of three heads against the canvas, early and at equal training loss (E08)."""
    r = Measured()
    figure, axes = _axes(2)
    sides = (16, 24, 32)
    for ax, (name, title) in zip(axes, (("early", "after 10 epochs"), ("test", "at equal training loss")), strict=True):
        for style, head in enumerate(("flatten", "gap", "gmp")):
            arms = [r("e08", group="canvas", canvas=c, noise=0, head=head) for c in sides]
            _line(ax, sides, _column(arms, name), NAMES[head], style)
        ax.set(title=title, xlabel="side of the canvas (pixels)", ylim=(0, 1))
        ax.set_xticks(sides)
    axes[0].set_ylabel("test accuracy")
    _legend(figure, axes[0])
    return figure


def cost_ratios() -> Figure:
    """Time of down-samplers as a share of a 3 x 3 convolution's (E07)."""
    r = Measured()
    operations = {
        "max_pool": "max pooling",
        "avg_pool": "average pooling",
        "four_slices": "maximum of\nfour slices",
        "conv_stride2": "convolution,\nstride 2",
    }
    layouts = {"nchw": "channels first", "channels_last": "channels last"}
    figure, axes = _axes(2)
    for ax, (layout, title) in zip(axes, layouts.items(), strict=True):
        for style, size in enumerate(("small", "medium", "large")):
            times = r("e07", part="operations", size=size, layout=layout)["forward"]
            for y, name in enumerate(operations):
                middle, low, high = times[name]
                ax.barh(
                    y + 0.26 * (style - 1),
                    middle,
                    0.24,
                    color=COLOURS[style],
                    label=size if y == 0 else "_",
                    xerr=[[max(middle - low, 0)], [max(high - middle, 0)]],
                    error_kw={"capsize": 2, "ecolor": "#333"},
                    hatch=("", "//", "..")[style],
                    edgecolor="white",
                )
        ax.axvline(1, color="black", ls=":")
        ax.set(title=title, xlabel="time, convolution = 1", xscale="log", xlim=(0.02, 4))
        ax.set_yticks(range(len(operations)), operations.values())
    _legend(figure, axes[0])
    return figure


def aliasing() -> Figure:
    """Amplitude left after halving a sinusoid, against its frequency (E12)."""
    g = Measured()("e12", part="gratings")
    figure, (ax,) = _axes(1)
    for style, (kind, name) in enumerate(
        (("slice", "slicing"), ("max", "max"), ("avg", "average"), ("blur", "max, blurred"))
    ):
        ax.plot(
            g["frequency"], g[kind], color=COLOURS[style], marker=MARKERS[style], ls=DASHES[style], ms=4, label=name
        )
    ax.plot(g["frequency"], g["theory"], color="black", lw=0.8, label="average, theory")
    ax.axvspan(0.25, 0.5, color="grey", alpha=0.12)
    ax.text(0.375, 1.03, "too fine for the\nsmaller map", ha="center", fontsize=8)
    ax.set(xlabel="frequency (cycles per pixel)", ylabel="amplitude left", ylim=(0, 1.18))
    _legend(figure, ax)
    return figure


def spikes() -> Figure:
    """Detection of a bright pixel and of spread brightness against noise (E12)."""
    s = Measured()("e12", part="spikes")
    figure, axes = _axes(2)
    sigmas = (0.1, 0.2, 0.3, 0.5, 1.0)
    for ax, (task, title) in zip(
        axes, (("spike", "one bright pixel"), ("many", "the same, spread over all")), strict=True
    ):
        for style, kind in enumerate(("max", "avg")):
            rows = [[found[f"k4_s{sigma}"][kind] for sigma in sigmas] for found in s[task]]
            _line(ax, sigmas, rows, NAMES[kind], style)
        ax.set(title=title, xlabel="standard deviation of the noise", ylim=(0.45, 1.02))
    axes[0].set_ylabel("area under the ROC curve")
    _legend(figure, axes[0])
    return figure


def permutation() -> Figure:
    """Accuracy of a convolutional and a dense net against the share of permuted pixels (E13)."""
    r = Measured()
    figure, (ax,) = _axes(1)
    shares = (0, 0.5, 1)
    for style, (model, name) in enumerate((("cnn", "convolutional net"), ("mlp", "dense net of equal size"))):
        arms = [r("e13", part="permuted", share=s, model=model, position="random") for s in shares]
        _line(ax, shares, _column(arms, "test"), name, style)
    ax.set(xlabel="share of pixels permuted", ylabel="test accuracy, random positions", ylim=(0, 1))
    ax.set_xticks(np.array(shares))
    _legend(figure, ax)
    return figure


DRAWN = (
    shift_curves,
    sawtooth,
    sample_size,
    parameter_count,
    dropout_placement,
    rotation_curves,
    position_tasks,
    heads_by_canvas,
    cost_ratios,
    aliasing,
    spikes,
    permutation,
)
