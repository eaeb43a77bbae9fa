"""A plot becomes SVG in the page's own colours, with ids that are its own, and its numbers beside it."""

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from experiments.ledger.page import BOOK
from rendering.plots import SERIES, VARIABLES, Plot

BELOW = [(0.2, 0.1, 0.3), (0.5, 0.4, 0.6)]


def drawn(name="pair"):
    plot = Plot(name, "Two series that rise.", "share")
    for title in ("left", "right"):
        panel = plot.panel(title=title, xlabel="shift")
        panel.line([0, 1], BELOW, "max", 0)
        panel.dots([0, 1], [(0.9, 0.8, 1.0)] * 2, "average", 1, words=["a b", "c"])
    return plot


def test_colours_are_the_pages_own():
    html = drawn()._repr_html_()
    assert not any(colour in html for colour in VARIABLES)
    assert {"var(--plot-0)", "var(--plot-1)", "var(--plot-ink)", "var(--plot-faint)"} <= set(
        re.findall(r"var\([\w-]+\)", html)
    )
    assert "var(--plot-2)" not in html


def test_every_colour_is_defined_for_light_and_dark():
    css = (BOOK / "_static/course.css").read_text("utf-8")
    for variable in VARIABLES.values():
        assert len(re.findall(rf"{variable}: #\w{{6}};", css)) == 2


def test_no_id_occurs_twice_on_a_page_and_none_is_missing():
    html = drawn()._repr_html_() + drawn("other")._repr_html_()
    found = Counter(re.findall(r'\bid="([^"]+)"', html))
    used = set(re.findall(r'(?:href="|url\()#([\w-]+)', html))
    assert set(found.values()) == {1}
    assert used <= set(found)


def test_words_stay_words_and_take_the_pages_font():
    html = drawn()._repr_html_()
    svg = re.search(r"<svg.*?</svg>", html[html.index("plot-panels") :], re.S).group()
    texts = [
        "".join(node.itertext()).strip() for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")
    ]
    assert {"left", "shift"} <= set(texts)
    assert "DejaVu" not in html


def test_a_text_of_two_lines_is_refused():
    plot = Plot("broken", "")
    plot.panel(title="two\nlines")
    with pytest.raises(ValueError, match="one line"):
        plot._repr_html_()


def test_panels_of_a_shared_picture_have_one_scale():
    plot = Plot("pair", "", shared=True)
    for top in (1, 5):
        plot.panel().line([0, 1], [(0, 0, 0), (top, top, top)], "max", 0)
    plot._repr_html_()
    assert plot.panels[0].ax.get_ylim() == plot.panels[1].ax.get_ylim()
    assert plot.panels[0].ax.get_ylim()[1] >= 5


def test_a_series_is_marked_so_that_it_can_stand_alone():
    html = drawn()._repr_html_()
    panels = html[html.index('class="plot-panels') :]
    assert panels.count('class="series series-0"') >= 4  # line and band, twice
    assert panels.count('class="series series-1"') >= 4
    assert html.count("data-series=") == 2


def test_the_numbers_can_be_kept():
    assert drawn().csv().splitlines()[:4] == [
        "panel,series,shift,share,low,high",
        "left,max,0,0.2,0.1,0.3",
        "left,max,1,0.5,0.4,0.6",
        "left,average,a b,0.9,0.8,1",
    ]
    assert 'download="pair.csv"' in drawn()._repr_html_()


def test_there_are_as_many_colours_as_markers():
    assert len(SERIES) == len(set(SERIES)) == 5


def test_every_number_is_placed_where_it_is_drawn():
    plot = drawn()
    html = plot._repr_html_()
    panels = re.findall(r"<svg.*?</svg>", html[html.index('class="plot-panels') :], re.S)
    assert len(plot.places()) == len(plot.numbers()) == 8
    for panel, style, left, top in plot.places():
        svg = ElementTree.fromstring(panels[panel])
        width, height = (float(size) for size in svg.get("viewBox").split()[2:])
        marks = [
            (float(node.get("x")) / width, float(node.get("y")) / height)
            for series in svg.iter()
            if series.get("class") == f"series series-{style}"
            for node in series.iter("{http://www.w3.org/2000/svg}use")
        ]
        assert any(abs(x - float(left)) < 0.003 and abs(y - float(top)) < 0.003 for x, y in marks)
    assert html.count("data-at=") == 8
