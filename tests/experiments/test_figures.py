"""Every picture draws from the committed results alone and comes with words for those who cannot see it."""

import pytest
from experiments import figures, tables
from experiments.ledger import shown
from experiments.ledger.page import BOOK

each = pytest.mark.parametrize("draw", figures.DRAWN, ids=lambda draw: draw.__name__)


@each
def test_picture_has_labelled_axes_and_alternative_text(draw):
    plot = draw()
    for panel in plot.panels:
        assert panel.points
        assert panel.ax.get_ylabel() or panel.ax.get_yticklabels()
        assert panel.ax.get_xlabel() or panel.ax.get_xticklabels()
    assert len(plot.alt) > 80


@each
def test_nothing_measured_lies_outside_its_axes(draw):
    for panel in draw().panels:
        (left, right), (low, high) = panel.ax.get_xlim(), panel.ax.get_ylim()
        for line in panel.ax.lines:
            x, y = line.get_data()
            assert all(left <= place <= right for place in x if len(x) > 2), draw.__name__
            assert all(low <= value <= high for value in y if len(x) > 2), draw.__name__
        for points in panel.points:
            ends = [end for interval in points.y for end in interval]
            along_y = low <= min(ends) <= max(ends) <= high
            assert along_y or left <= min(ends) <= max(ends) <= right, (draw.__name__, points.name)


@each
def test_picture_is_shown_on_one_page(draw):
    pages = [path.read_text("utf-8") for path in BOOK.glob("*.md")]
    assert sum(f"figures.{draw.__name__}()" in page for page in pages) == 1


@pytest.mark.parametrize("make", tables.SHOWN, ids=lambda make: make.__name__)
def test_tables_quote_intervals(make):
    html = make().data
    assert html.count("<tr>") > 3
    rows = html.split("<tr>")[2:]
    assert sum("[" in row for row in rows) >= len(rows) - 1  # all but perhaps a row that says what guessing gives


@pytest.mark.parametrize("make", shown.SHOWN, ids=lambda make: make.__name__)
def test_tables_below_the_ledger_quote_intervals_of_what_was_measured(make):
    html = make().data
    rows = html.count("<tr>") - 1
    assert rows > 3
    assert html.count("[") == (0 if make.__name__.endswith("_read") else rows)
