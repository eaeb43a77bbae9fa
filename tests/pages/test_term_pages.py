"""A term's pages: each student's is where the class page links to, whatever the student's id."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from autograder.pages.term import Rules, class_page, student_page, term

IDS = (
    "ann",
    "ann@x.org",
    "ann b",
    "50%",
    "a/b",
    "a#b?c=d",
    "a&amp;b",
    "index",
    "Index",
    "äöü" * 40,
    "x" * 255,
    "\udcff",
)


@pytest.fixture(scope="module")
def class_():
    return [term(one, one, {}, {"tiny": 6}, Rules()) for one in IDS]


def test_every_link_of_the_class_page_leads_to_the_students_file(class_, tmp_path):
    for one in class_:
        (tmp_path / one.page).write_bytes(student_page(one, "Course", "").encode())
    hrefs = re.findall(r'<a href="([^"]*)"', class_page(class_, "Course", ""))
    assert [unquote(unescape(href)) for href in hrefs] == [one.page for one in class_]
    assert len({page.name.casefold() for page in tmp_path.iterdir()} - {"index.html"}) == len(IDS)


def test_the_best_of_ones_shares_is_never_dropped():
    worth = {"tiny": 4.0, "other": 4.0}
    dropped = [
        [each.dropped for each in term("ann", "Ann", {}, worth, Rules(drop_lowest=drop)).entries] for drop in (1, 2, 9)
    ]
    assert dropped == [[True, False]] * 3
