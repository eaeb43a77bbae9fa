"""A criterion's figures stand beside those of earlier years, and are those of the report."""

from autograder.model import Status
from autograder.pages import item_statistics, over_years
from tests.helpers.verdicts import MAX_POOL, POOLING, all_of, result, verdict

GOOD, SLIP, BAD = (
    verdict("ann"),
    verdict("bob", result(MAX_POOL, 0, Status.FAILED)),
    verdict("cid", *all_of(MAX_POOL, Status.FAILED)),
)
NAMES = ["2025", "2026"]


def both(first, second):
    return over_years.items([{"pooling": first}, {"pooling": second}])


def test_the_figures_are_those_of_the_report():
    found = over_years.items([{"pooling": [GOOD, SLIP, BAD]}])
    report = item_statistics.items([item_statistics.marks(one, POOLING) for one in (GOOD, SLIP, BAD)], POOLING)
    assert [(one.question, one.criterion) for one in found] == [(one.question, one.criterion) for one in report]
    assert [one.years[0].difficulty for one in found] == [one.difficulty for one in report]
    assert [one.years[0].discrimination for one in found] == [one.discrimination for one in report]


def test_a_change_is_that_of_the_last_year_against_the_one_before():
    first, *_ = both([GOOD, SLIP], [GOOD, GOOD, GOOD, SLIP])
    assert [one.difficulty for one in first.years] == [0.5, 0.75]
    assert first.change == 0.25


def test_what_was_asked_in_one_year_only_has_no_change_and_says_so():
    items = over_years.items([{"pooling": [GOOD]}, {}])
    assert {one.change for one in items} == {None}
    assert "not asked" in over_years.page(items, NAMES, "A course")
    head, row, *_ = over_years.table(items, NAMES)
    assert dict(zip(head, row, strict=True))["2026 difficulty"] == ""


def test_nobody_is_named():
    items = both([GOOD, SLIP, BAD], [GOOD])
    shown = over_years.page(items, NAMES, "A course") + str(list(over_years.table(items, NAMES)))
    assert not [name for name in ("ann", "bob", "cid") if name in shown.split()]
