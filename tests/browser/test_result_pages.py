"""What check, feedback and report show, in a real browser: accessible, at home on a phone, silent on the network."""

import re
from datetime import timedelta

import pytest

from autograder.pages import alike, feedback, report, term
from autograder.pages.check_table import CheckTable
from autograder.pages.marked import Mark, Marked
from tests.browser.axe import faults
from tests.helpers.verdicts import MAX_POOL, POOLING, endless, hostile, malformed, refuses_nothing, verdict, zero_padder

CLASS = [
    zero_padder("Ada"),
    zero_padder("Zoë #1"),
    endless("Bo"),
    malformed("Cy"),
    refuses_nothing("Di"),
    verdict("Ed"),
]
# The colours are JupyterLab's.
NOTEBOOK = """<!doctype html><html lang="en"><meta charset="utf-8"><title>notebook</title>
<meta name="viewport" content="width=device-width"><style>:root {{ background: #fff; color: rgb(0 0 0 / 0.87) }}
@media (prefers-color-scheme: dark) {{ :root {{ background: #111; color: #fff }} }}</style>
<main><h1>notebook</h1>{}</main>"""
MARKED = Marked(
    (Mark("check_max_pool2d", 5, 3, 4, 0.5, "well <b>said</b>"), Mark("explain_pooling", 3, waits=True)),
    1.5,
    timedelta(days=2),
)
CODE = "def f(x):\n    return [" + "x, " * 60 + "]\n"


def marked_report():
    overview = report.Overview(POOLING, CLASS)
    overview.names, overview.marked, overview.absent = {"Ada": "Ada Lee (Ada)"}, {"Ada": MARKED}, ["Eve Lee (eve)"]
    return overview.render(CLASS, {"Ada"})


def one_term():
    return term.term(
        "ada", "Ada Lee (ada)", {"pooling": MARKED}, {"pooling": 8, "dropout": 5}, term.Rules(drop_lowest=1)
    )


PAGES = {
    "marked": lambda: feedback.render(
        zero_padder("Ada"), POOLING, MARKED, "Ada Lee", {"max_pool2d": CODE, "explain_pooling": CODE}
    ),
    "marked report": marked_report,
    "term": lambda: term.class_page([one_term()], "Pooling", "The total is a mean."),
    "a student's term": lambda: term.student_page(one_term(), "Pooling", "The total is a mean."),
    "alike": lambda: alike.page(
        "pooling", [alike.Alike(("Ada", "Bo"), 0.9, (alike.beside("f", 0.9, (CODE, CODE + CODE), str),))], 2, 9, 0.8
    ),
    "lost": lambda: feedback.render(zero_padder("Ada"), POOLING),
    "stopped": lambda: feedback.render(endless("Bo"), POOLING),
    "hostile": lambda: feedback.render(hostile(), POOLING),
    "report": lambda: report.render([*CLASS, hostile()], POOLING),
    "check": lambda: NOTEBOOK.format(CheckTable(MAX_POOL, zero_padder("Ada").results[:3])._repr_html_()),
}


@pytest.fixture
def show(browser, tmp_path):
    """Open a page from disk; a request, a console message or an error fails the test."""
    contexts, said = [], []

    def open_one(html, **options):
        (tmp_path / "page.html").write_text(html)
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: request.url == page_url or said.append(request.url))
        page.goto(page_url)
        return page

    page_url = (tmp_path / "page.html").as_uri()
    yield open_one
    for context in contexts:
        context.close()
    assert not said


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_fits_and_asks_for_nothing(show, name):
    page = show(PAGES[name]())
    looks = [(375, "light"), (1440, "dark")]
    for width, _ in looks:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == "", scheme


def column(page, number):
    return page.locator(f"#students tbody tr > :nth-child({number})").all_inner_texts()


def test_table_of_students_sorts_by_any_column_and_back(show):
    page = show(report.render(CLASS, POOLING))
    assert column(page, 1) == ["Ada", "Bo", "Cy", "Di", "Ed", "Zoë #1"]
    page.get_by_role("button", name="points", exact=True).click()
    assert [float(text) for text in column(page, 2)] == [0, 5, 7, 7, 8, 9]
    head = page.locator("#students").get_by_role("columnheader", name="points", exact=True)
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert [float(text) for text in column(page, 2)] == [9, 8, 7, 7, 5, 0]
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="student", exact=True).click()
    assert column(page, 1) == ["Ada", "Bo", "Cy", "Di", "Ed", "Zoë #1"]


def test_report_can_be_read_without_script(show):
    page = show(report.render(CLASS, POOLING), java_script_enabled=False)
    assert column(page, 1) == ["Ada", "Bo", "Cy", "Di", "Ed", "Zoë #1"]
    assert page.get_by_role("button").count() == 0


def test_links_of_the_report_open_feedback_pages(browser, tmp_path):
    feedback.write(CLASS, POOLING, tmp_path)
    report.write(CLASS, POOLING, tmp_path / "report.html")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((tmp_path / "report.html").as_uri())
        page.locator("#students").get_by_role("link", name="Zoë #1").click()
        assert page.get_by_role("heading", level=1).inner_text() == "pooling: feedback for Zoë #1"


def test_a_cell_that_differs_is_framed_and_says_so_on_screen_and_on_paper(show):
    page = show(PAGES["lost"]())
    cell = page.get_by_role("table", name="got", exact=True).get_by_role("cell", name=re.compile("differs")).first
    assert cell.inner_text().startswith("0")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert "2.5px inset" in cell.evaluate("element => getComputedStyle(element).boxShadow")


def test_paper_shows_what_is_folded_on_screen(show):
    page = show(PAGES["lost"]())
    folded = page.get_by_role("cell", name="3 of 3")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
