"""Every picture draws from the committed results alone and comes with words for those who cannot see it."""

import matplotlib
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from experiments import figures, tables
from experiments.ledger import shown
from experiments.ledger.page import BOOK


@pytest.mark.parametrize("draw", figures.DRAWN, ids=lambda draw: draw.__name__)
def test_picture_has_labelled_axes_and_alternative_text(draw):
    figure = draw()
    for ax in figure.axes:
        assert ax.lines or ax.patches
        assert ax.get_xlabel() or ax.get_xticklabels()
    assert figure.axes[0].get_ylabel() or figure.axes[0].get_yticklabels()
    assert len(figures.alt(draw.__name__)) > 80
    plt.close(figure)


def test_nothing_drawn_lacks_an_alternative_text():
    assert {draw.__name__ for draw in figures.DRAWN} == set(figures.ALT)


@pytest.mark.parametrize("draw", figures.DRAWN, ids=lambda draw: draw.__name__)
def test_picture_is_shown_on_a_page_with_its_own_words(draw):
    pages = [path.read_text("utf-8") for path in BOOK.glob("*.md")]
    shown = [page for page in pages if f"figures.{draw.__name__}(" in page]
    assert shown
    assert all(f'alt: "{figures.alt(draw.__name__)}"' in page for page in shown)


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
