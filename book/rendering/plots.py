"""Pictures of measurements as SVG in the page: its fonts, its colours, light or dark, and the numbers behind them.

Matplotlib draws each panel as a picture of its own, so that panels stand side by side where there is room and below
each other where there is not. Colours are placeholders until the SVG is written; then they become variables of the
page's style sheet. Series differ by marker and dash as well as by colour.

>>> plot = Plot("demo", "Two points, the second higher than the first.", "share")
>>> plot.panel(xlabel="shift").line([0, 1], [(0.2, 0.1, 0.3), (0.5, 0.4, 0.6)], "max", 0)
>>> print(plot.csv())
panel,series,shift,share,low,high
,max,0,0.2,0.1,0.3
,max,1,0.5,0.4,0.6
<BLANKLINE>
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from rendering import render

INK, FAINT = "#010101", "#020202"
SERIES = ("#0a0101", "#0a0202", "#0a0303", "#0a0404", "#0a0505")
VARIABLES = {
    INK: "--plot-ink",
    FAINT: "--plot-faint",
    **{colour: f"--plot-{number}" for number, colour in enumerate(SERIES)},
}
MARKERS = ("o", "s", "^", "D", "v")
DASHES = ("-", (0, (6, 2)), (0, (6, 2, 1, 2)), (0, (1, 1.5)), (0, (3, 1)))
STYLE: Any = {
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "figure.constrained_layout.h_pad": 0.07,  # fonts of the page may reach lower than those it was laid out with
    "font.size": 10,
    "grid.color": FAINT,
    "svg.fonttype": "none",
    "svg.hashsalt": "the same each time",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
SVG = "{http://www.w3.org/2000/svg}"
Interval = tuple[float, float, float]  # mean, lower and upper end
Position = float | str


@dataclass(frozen=True)
class Points:
    """What was drawn of one series in one panel."""

    name: str
    style: int
    x: Sequence[Position]
    y: Sequence[Interval]
    at: Sequence[tuple[float, float]]  # where the means are, in the data's coordinates


@dataclass
class Panel:
    """One panel: the axes to draw on, and what was drawn of measurements."""

    ax: Axes
    points: list[Points] = field(default_factory=list)

    def line(self, x: Sequence[float], y: Sequence[Interval], name: str, style: int) -> None:
        """Draw a series as a line through means, with its intervals as a band."""
        means, lows, highs = zip(*y, strict=True)
        look: dict[str, Any] = {"color": SERIES[style], "gid": f"series-{style}"}
        self.ax.plot(x, means, marker=MARKERS[style], ls=DASHES[style], ms=4.5, lw=1.6, **look)
        self.ax.fill_between(x, lows, highs, alpha=0.16, lw=0, **look)
        self.points.append(Points(name, style, list(x), list(y), list(zip(x, means, strict=True))))

    def image(self, values: Any, **look: Any) -> None:
        """Show a map of numbers, a cell each."""
        self.ax.grid(visible=False)
        self.ax.imshow(values, interpolation="none", **look)

    def dots(
        self,
        places: Sequence[float],
        y: Sequence[Interval],
        name: str,
        style: int,
        *,
        words: Sequence[str] | None = None,
        upright: bool = True,
    ) -> None:
        """Draw a series as points with their intervals; ``words`` name the places, which lie along x if ``upright``."""
        means, lows, highs = zip(*y, strict=True)
        ends = [[m - e for m, e in zip(means, lows, strict=True)], [e - m for m, e in zip(means, highs, strict=True)]]
        look: dict[str, Any] = {"fmt": MARKERS[style], "color": SERIES[style], "ms": 5.5, "capsize": 2.5}
        if upright:
            drawn = self.ax.errorbar(places, means, yerr=ends, **look)
        else:
            drawn = self.ax.errorbar(means, places, xerr=ends, **look)
        for artist in (drawn.lines[0], *drawn.lines[1], *drawn.lines[2]):
            artist.set_gid(f"series-{style}")
        at = zip(*((places, means) if upright else (means, places)), strict=True)
        self.points.append(Points(name, style, list(words or places), list(y), list(at)))


@dataclass
class Plot:
    """One picture of one or several panels, with words for those who cannot see it.

    ``value`` names what was measured, in the table of numbers. Panels that are ``shared`` have one vertical scale.
    """

    name: str
    alt: str
    value: str = "value"
    shared: bool = False
    panels: list[Panel] = field(default_factory=list)

    def panel(self, width: float = 3.4, height: float = 2.9, **texts: Any) -> Panel:
        """Add a panel; ``texts`` are set on its axes: title, labels, limits, ticks."""
        with mpl.rc_context(STYLE):
            ax = Figure(figsize=(width, height), layout="constrained").add_subplot()
        ax.set_axisbelow(True)
        ax.set(**texts)
        self.panels.append(Panel(ax))
        return self.panels[-1]

    def numbers(self) -> list[list[str]]:
        """Return every number of the picture: panel, series, place, mean, lower and upper end of the interval."""
        return [
            [panel.ax.get_title(), points.name, x if isinstance(x, str) else f"{x:g}", *(f"{end:.4g}" for end in y)]
            for panel in self.panels
            for points in panel.points
            for x, y in zip(points.x, points.y, strict=True)
        ]

    def places(self) -> list[tuple[int, int, str, str]]:
        """Return where each number is drawn: panel, series, and its distance from the left and from the top.

        Distances are shares of the panel's width and height. To be asked when the panels have been laid out.
        """
        found = []
        for number, panel in enumerate(self.panels):
            figure = panel.ax.figure
            to_share = panel.ax.transData + figure.transFigure.inverted()
            for points in panel.points:
                for x, y in points.at:
                    left, bottom = to_share.transform((x, y))
                    found.append((number, points.style, f"{left:.3f}", f"{1 - bottom:.3f}"))
        return found

    def csv(self) -> str:
        """Return every number of the picture, one line each, below a line of names."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([self.heads(), *self.numbers()])
        return out.getvalue()

    def heads(self) -> list[str]:
        """Return the names of the columns of numbers."""
        return ["panel", "series", self.panels[0].ax.get_xlabel() or "place", self.value, "low", "high"]

    def _repr_html_(self) -> str:
        """Return the picture as HTML."""
        if self.shared:
            limits = [panel.ax.get_ylim() for panel in self.panels]
            for panel in self.panels:
                panel.ax.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
        legend = {points.name: points.style for panel in self.panels for points in panel.points}
        panels = [svg(panel.ax, f"{self.name}-{number}") for number, panel in enumerate(self.panels)]
        return render(
            "plot.html",
            name=self.name,
            alt=self.alt,
            panels=panels,
            series=[(style, name, swatch(style, self.name)) for name, style in legend.items()],
            heads=self.heads(),
            rows=list(zip(self.numbers(), self.places(), strict=True)),
            download=f"data:text/csv;charset=utf-8,{quote(self.csv())}",
        )


def svg(ax: Axes, name: str) -> str:
    """Return a panel as SVG whose ids begin with ``name``, in the page's fonts and colours.

    Raises ``ValueError`` for a text of several lines: matplotlib misplaces all but the last where fonts are the page's.
    """
    if broken := [text.get_text() for text in ax.findobj(Text) if "\n" in text.get_text()]:
        raise ValueError(f"texts must be of one line, got {broken}")
    out = io.StringIO()
    with mpl.rc_context(STYLE):
        ax.figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})  # type: ignore[union-attr]
    text = out.getvalue()
    for colour, variable in VARIABLES.items():
        text = text.replace(colour, f"var({variable})")
    text = re.sub(r"font: (\d[\d.]*)px [^;\"]*", r"font-size: \1px", text)
    text = re.sub(r" *font-family: [^;\"]*;?", "", text)
    ElementTree.register_namespace("", SVG[1:-1])
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(text[text.index("<svg") :])  # noqa: S314 - matplotlib wrote it
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{SVG}metadata", f"{SVG}title"):
                parent.remove(child)
    used = set(re.findall(r"(?:href=\"|url\()#([\w-]+)", text))
    for node in root.iter():
        mark = node.attrib.pop("id", "")
        if mark.startswith("series-"):
            node.set("class", f"series {mark}")
        elif mark in used:
            node.set("id", f"{name}-{mark}")
        for key, value in node.attrib.items():
            if key.endswith("href") or "url(#" in value:
                node.set(key, re.sub(r"(^|url\()#(?=\w)", rf"\1#{name}-", value))
    root.attrib.update({"aria-hidden": "true", "focusable": "false"})
    return ElementTree.tostring(root, encoding="unicode")


def swatch(style: int, name: str) -> str:
    """Return a short line with a series' marker, as SVG."""
    plot = Plot("swatch", "")
    ax = plot.panel(0.5, 0.2).ax
    ax.axis("off")
    ax.plot([0, 1, 2], [0, 0, 0], marker=MARKERS[style], markevery=[1], ls=DASHES[style], color=SERIES[style], ms=5)
    return svg(ax, f"{name}-swatch-{style}")
