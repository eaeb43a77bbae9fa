"""Pictures of the committed results for the chapters: each function returns a :class:`rendering.plots.Plot`.

Every picture shows means with 95% intervals over seeds. What it shows is said in words beside each function, for those
who cannot see it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes
from rendering.plots import FAINT, INK, Interval, Plot

from experiments.e05_shifts import SHIFTS
from experiments.e10_rotation import ANGLES
from experiments.ledger.model import Measured
from experiments.shares import gap, share
from experiments.stats import Estimate

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
DRAWN: list[Callable[[], Plot]] = []
WIDE = {"width": 4.4, "height": 3.0}  # a picture of one panel


def drawn(value: str, *alt: str, shared: bool = False) -> Callable[[Callable[[Plot], None]], Callable[[], Plot]]:
    """Turn a function that fills a picture into one that returns it; ``value`` is what it measures."""

    def decorate(fill: Callable[[Plot], None]) -> Callable[[], Plot]:
        def make() -> Plot:
            plot = Plot(fill.__name__, " ".join(alt), value, shared)
            fill(plot)
            return plot

        make.__name__, make.__doc__ = fill.__name__, fill.__doc__
        DRAWN.append(make)
        return make

    return decorate


def _intervals(
    rows: Sequence[Sequence[float]], estimate: Callable[[Sequence[float]], Estimate] = share
) -> list[Interval]:
    """Return mean and interval over seeds of each column of ``rows`` (one list a seed)."""
    return [(e.mean, e.low, e.high) for e in map(estimate, zip(*rows, strict=True))]


def _column(arms: Sequence[dict[str, Any]], name: str) -> list[list[float]]:
    """Turn one list of seeds per arm into one list of arms per seed."""
    return [list(seed) for seed in zip(*(arm[name] for arm in arms), strict=True)]


def _ticks(ax: Axes, places: Sequence[float], words: Sequence[str] | None = None) -> None:
    ax.set_xticks(places, words or [f"{place:g}" for place in places])
    ax.minorticks_off()


@drawn(
    "test accuracy",
    "Three panels, one a head: test accuracy against a diagonal shift of -8 to 8 pixels for five down-samplers,",
    "trained on centred digits. Under flatten all curves are high at 0 and near chance two pixels away. Under a",
    "global maximum the net without pooling stays high throughout, max pooling goes up and down with every pixel,",
    "and strides recover at multiples of four only.",
)
def shift_curves(plot: Plot) -> None:
    """Accuracy against the shift, a panel for each head (E05)."""
    r = Measured()
    for head in ("flatten", "gap", "gmp"):
        panel = plot.panel(2.6, 2.5, title=NAMES[head], xlabel="shift (pixels)", ylabel="test accuracy", ylim=(0, 1.02))
        for style, down in enumerate(("none", "max", "avg", "stride", "blur")):
            arm = r("e05", kind="grid", down=down, head=head, training="centred", padding="zeros")
            panel.line(list(SHIFTS), _intervals(arm["by_shift"]), NAMES[down], style)
        _ticks(panel.ax, (-8, -4, 0, 4, 8))


@drawn(
    "same prediction",
    "Share of test digits whose prediction is that at the centre, against shifts of 0 to 8 pixels, for nets with",
    "0 to 3 max pools and a global maximum. Without pools the share stays near 1 until the border. With one or",
    "two pools (the same net, as the global maximum absorbs the last one) it is 1 at even and below one half at",
    "odd shifts; with three pools it returns to 1 at multiples of four only.",
)
def sawtooth(plot: Plot) -> None:
    """Agreement with the prediction at the centre against the shift, by number of max pools (E05)."""
    r = Measured()
    panel = plot.panel(
        **WIDE, xlabel="shift (pixels, diagonal)", ylabel="same prediction as at the centre", ylim=(0, 1.02)
    )
    for style, pools in enumerate((0, 1, 2, 3)):
        arm = (
            r("e05", kind="grid", down="max", head="gmp", training="centred", padding="zeros")
            if pools == 2
            else r("e05", kind="depth", down="max", pools=pools)
        )
        panel.line(range(9), _intervals(arm["agree"]), f"{pools} max pool{'' if pools == 1 else 's'}", style)


@drawn(
    "test accuracy",
    "Two panels, centred and random positions: test accuracy against the number of training digits for no",
    "pooling, max, average and strided nets trained to the same loss. Centred, the curves lie close together; at",
    "random positions max and average lie well above strides and no pooling.",
    shared=True,
)
def sample_size(plot: Plot) -> None:
    """Accuracy against the number of training digits at equal training loss (E06)."""
    r = Measured()
    sizes = (50, 100, 300, 1100)
    for position, title in (("centred", "centred"), ("random", "random positions")):
        panel = plot.panel(title=title, xlabel="training digits", ylabel="test accuracy", xscale="log")
        for style, down in enumerate(("none", "max", "avg", "stride")):
            arms = [r("e06", group="grid", down=down, n=n, position=position) for n in sizes]
            panel.line(sizes, _intervals(_column([{"test": a["test"][:5]} for a in arms], "test")), NAMES[down], style)
        _ticks(panel.ax, sizes)


@drawn(
    "training minus test accuracy",
    "Gap between training and test accuracy against the number of parameters on a logarithmic axis, for max,",
    "stride and no pooling. Centred, all gaps are below a tenth. At random positions strides and no pooling stay",
    "above 0.7 at any size, max pooling lies between 0.4 and 0.6, and no gap grows with the parameters.",
    shared=True,
)
def parameter_count(plot: Plot) -> None:
    """Gap between training and test accuracy against the number of parameters (E06)."""
    r = Measured()
    for position in ("centred", "random"):
        panel = plot.panel(
            title=f"{position}, 300 digits", xlabel="parameters", ylabel="training minus test accuracy", xscale="log"
        )
        for style, down in enumerate(("none", "max", "stride")):
            arms = sorted(
                [
                    *r.arms("e06", group="width", down=down, position=position),
                    r("e06", group="grid", down=down, n=300, position=position),
                ],
                key=lambda a: a["parameters"][0],
            )
            gaps = _column([{"gap": a["gap"][:5]} for a in arms], "gap")
            panel.line([a["parameters"][0] for a in arms], _intervals(gaps, gap), NAMES[down], style)


@drawn(
    "test accuracy",
    "Two panels, max and average pools: test accuracy for dropout at five places and for none, at p = 0.3 and",
    "0.5, with intervals.",
    shared=True,
)
def dropout_placement(plot: Plot) -> None:
    """Accuracy by place of dropout, kind of pooling and p (E09)."""
    r = Measured()
    places = {
        "before": "before pools",
        "after": "after pools",
        "after_last": "after the last",
        "channel": "whole maps",
        "classifier": "before dense",
    }
    for down in ("max", "avg"):
        panel = plot.panel(title=f"{NAMES[down]} pools", ylabel="test accuracy")
        none = share(r("e09", group="placement", down=down, dropout="none")["test"])
        panel.ax.axhspan(none.low, none.high, color=FAINT, alpha=0.5)
        panel.dots([-1], [(none.mean, none.low, none.high)], "no dropout", 4, words=["none"])
        for style, p in enumerate((0.3, 0.5)):
            arms = [r("e09", group="placement", down=down, dropout=place, p=p) for place in places]
            at = [x + 0.24 * style - 0.12 for x in range(len(places))]
            panel.dots(at, _intervals(_column(arms, "test")), f"p = {p}", style, words=list(places.values()))
        slanted: dict[str, Any] = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}
        panel.ax.set_xticks(range(-1, len(places)), ["none", *places.values()], **slanted)


@drawn(
    "test accuracy",
    "Accuracy against the angle of rotation from 0 to 180 degrees for nets with and without pooling, with an",
    "orbit of filters, and trained on rotated digits. Upright nets fall alike with and without pooling and reach",
    "chance at 90 degrees; the orbit returns to its upright accuracy there; rotated training is flat.",
)
def rotation_curves(plot: Plot) -> None:
    """Accuracy against the angle (E10)."""
    r = Measured()
    panel = plot.panel(**WIDE, xlabel="rotation (degrees)", ylabel="test accuracy", ylim=(0, 1))
    arms = {
        "no pooling, flatten": r("e10", group="grid", down="none", head="flatten"),
        "max pools, flatten": r("e10", group="grid", down="max", head="flatten"),
        "max pools, global maximum": r("e10", group="grid", down="max", head="gmp"),
        "orbit of filters": r("e10", group="turned", net="orbit", n=400),
        "trained on rotated digits": r("e10", group="turned", net="plain", training="rotated", n=400),
    }
    for style, (name, arm) in enumerate(arms.items()):
        panel.line(ANGLES, _intervals(arm["by_angle"]), name, style)
    _ticks(panel.ax, (0, 15, 30, 45, 90, 180))


@drawn(
    "test accuracy",
    "Points for three heads on four tasks. Which digit: the global maximum leads clearly. Which quadrant and",
    "which of two is left: flatten is near 1, both global heads at chance. How many: flatten leads, then the",
    "global average, and the global maximum is last.",
)
def position_tasks(plot: Plot) -> None:
    """Accuracy of three heads where position is irrelevant and where it is the answer (E11)."""
    r = Measured()
    tasks = {
        "class": ("digit", 0.1),
        "quadrant": ("quadrant", 0.25),
        "order": ("which left", 0.5),
        "count": ("number", 0.25),
    }
    panel = plot.panel(**WIDE, ylabel="test accuracy", ylim=(0, 1.02))
    words = [name for name, _ in tasks.values()]
    for x, (_, chance) in enumerate(tasks.values()):
        panel.ax.hlines(chance, x - 0.4, x + 0.4, color=INK, ls=":")
    panel.ax.annotate("chance", (-0.4, 0.1), (0, 3), textcoords="offset points", fontsize=9, color=INK)
    for style, head in enumerate(("flatten", "gap", "gmp")):
        arms = [r("e11", task=task, head=head) for task in tasks]
        at = [x + 0.24 * (style - 1) for x in range(len(tasks))]
        panel.dots(at, _intervals(_column(arms, "test")), NAMES[head], style, words=words)
    _ticks(panel.ax, range(len(tasks)), words)


@drawn(
    "test accuracy",
    "Test accuracy of flatten, global average and global maximum on canvases of 16, 24 and 32 pixels, after 10",
    "epochs and trained to the same loss. The global maximum does not depend on the canvas, flatten falls.",
)
def heads_by_canvas(plot: Plot) -> None:
    """Accuracy of three heads against the canvas, early and at equal training loss (E08)."""
    r = Measured()
    sides = (16, 24, 32)
    for name, title in (("early", "after 10 epochs"), ("test", "at equal training loss")):
        panel = plot.panel(title=title, xlabel="side of the canvas (pixels)", ylabel="test accuracy", ylim=(0, 1))
        for style, head in enumerate(("flatten", "gap", "gmp")):
            arms = [r("e08", group="canvas", canvas=c, noise=0, head=head) for c in sides]
            panel.line(sides, _intervals(_column(arms, name)), NAMES[head], style)
        _ticks(panel.ax, sides)


@drawn(
    "time, convolution = 1",
    "Points with intervals on a logarithmic axis: time of max pooling, average pooling, the maximum of four",
    "slices and a strided convolution, as a share of a 3 x 3 convolution of stride 1, in two memory layouts and",
    "three sizes.",
)
def cost_ratios(plot: Plot) -> None:
    """Time of down-samplers as a share of a 3 x 3 convolution's (E07)."""
    r = Measured()
    operations = {
        "max_pool": "max pooling",
        "avg_pool": "average pooling",
        "four_slices": "four slices' max",
        "conv_stride2": "conv, stride 2",
    }
    words = list(operations.values())
    for layout, title in {"nchw": "channels first", "channels_last": "channels last"}.items():
        panel = plot.panel(title=title, xlabel="time, convolution = 1", xscale="log")
        panel.ax.axvline(1, color=INK, ls=":")
        for style, size in enumerate(("small", "medium", "large")):
            times = r("e07", part="operations", size=size, layout=layout)["forward"]
            at = [y + 0.24 * (style - 1) for y in range(len(operations))]
            panel.dots(at, [tuple(times[name]) for name in operations], size, style, words=words, upright=False)
        panel.ax.set_yticks(range(len(operations)), words)
        panel.ax.set_xticks((0.03, 0.1, 0.3, 1, 3), ("0.03", "0.1", "0.3", "1", "3"))
        panel.ax.minorticks_off()


@drawn(
    "amplitude left",
    "Amplitude left after halving a sinusoid against its frequency. Slicing keeps all of it, max pooling about",
    "half of the finest waves, averaging follows its theoretical cosine down to nearly nothing, blurred max",
    "pooling leaves least over most of the range that is too fine for the smaller map.",
)
def aliasing(plot: Plot) -> None:
    """Amplitude left after halving a sinusoid, against its frequency (E12)."""
    g = Measured()("e12", part="gratings")
    panel = plot.panel(**WIDE, xlabel="frequency (cycles per pixel)", ylabel="amplitude left", ylim=(0, 1.18))
    panel.ax.axvspan(0.25, 0.5, color=FAINT, alpha=0.4)
    panel.ax.text(0.375, 1.04, "too fine for it", ha="center", fontsize=9, color=INK)
    panel.ax.plot(g["frequency"], g["theory"], color=INK, lw=0.8)
    panel.ax.annotate("average, theory", (0.34, 0.5), (6, 4), textcoords="offset points", fontsize=9, color=INK)
    for style, (kind, name) in enumerate(
        (("slice", "slicing"), ("max", "max"), ("avg", "average"), ("blur", "max, blurred"))
    ):
        panel.line(g["frequency"], [(value, value, value) for value in g[kind]], name, style)


@drawn(
    "area under the ROC curve",
    "Area under the ROC curve against noise for windows of 4 x 4. Left, a single bright pixel: the maximum leads",
    "until the noise is large. Right, brightness spread over the window: the average leads everywhere.",
    shared=True,
)
def spikes(plot: Plot) -> None:
    """Detection of a bright pixel and of spread brightness against noise (E12)."""
    s = Measured()("e12", part="spikes")
    sigmas = (0.1, 0.2, 0.3, 0.5, 1.0)
    for task, title in (("spike", "one bright pixel"), ("many", "the same, spread over all")):
        panel = plot.panel(
            title=title,
            xlabel="standard deviation of the noise",
            ylabel="area under the ROC curve",
            ylim=(0.45, 1.02),
        )
        for style, kind in enumerate(("max", "avg")):
            rows = [[found[f"k4_s{sigma}"][kind] for sigma in sigmas] for found in s[task]]
            panel.line(sigmas, _intervals(rows), NAMES[kind], style)


@drawn(
    "test accuracy",
    "Test accuracy at random positions of a convolutional and a dense net of equal size against the share of",
    "pixels permuted. The dense net stays near 0.38; the convolutional net falls from about 0.9 to the same level",
    "when half of the pixels are permuted, and stays there.",
)
def permutation(plot: Plot) -> None:
    """Accuracy of a convolutional and a dense net against the share of permuted pixels (E13)."""
    r = Measured()
    panel = plot.panel(**WIDE, xlabel="share of pixels permuted", ylabel="test accuracy, random positions", ylim=(0, 1))
    shares = (0, 0.5, 1)
    for style, (model, name) in enumerate((("cnn", "convolutional net"), ("mlp", "dense net of equal size"))):
        arms = [r("e13", part="permuted", share=s, model=model, position="random") for s in shares]
        panel.line(shares, _intervals(_column(arms, "test")), name, style)
    _ticks(panel.ax, shares)
