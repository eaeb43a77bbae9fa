"""A student's page: says why and what to do, alone, harmless, and in nbgrader's place."""

import os
import re
from dataclasses import replace

import pytest

from autograder.model import Status
from autograder.pages import feedback
from autograder.pages.words import EXPLANATIONS
from tests.helpers.verdicts import (
    BACKWARD,
    HOSTILE,
    MAX_POOL,
    POOLING,
    all_of,
    endless,
    hostile,
    malformed,
    refuses_nothing,
    result,
    verdict,
    zero_padder,
    zero_padding,
)


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_page_has_total_points_of_each_function_and_each_criterion():
    text = plain(feedback.render(zero_padder("Ada"), POOLING))
    assert "feedback for Ada" in text
    assert "7 of 9 points" in text
    assert "max_pool2d 3 of 5 2 of 3" in text
    assert "✗ failed padding never wins 0 of 2" in text
    assert "✓ passed plain windows 2 of 2" in text


def test_page_shows_the_smallest_failing_case_and_a_hint_for_lost_criteria_only():
    text = plain(feedback.render(zero_padder("Ada"), POOLING))
    assert "max_pool2d(x, kernel_size=2, padding=1)" in text
    assert text.count("The smallest case that failed") == 1
    assert "0.45 differs" in text
    assert "What must a padded cell hold to lose every time?" in text
    assert "A cell may win in two windows." not in text


def test_page_holds_neither_seed_nor_script_nor_address():
    for one in (zero_padder("a"), endless("b"), hostile(), malformed("c"), refuses_nothing("d")):
        page = feedback.render(one, POOLING)
        assert str(one.seed) not in page
        assert "<script" not in page.lower()
        assert not re.search(r"(?:https?:)?//|\burl\(|@import|<link|<img", page)


def test_page_forbids_whatever_an_escape_might_miss():
    assert "default-src 'none'; style-src 'unsafe-inline';" in feedback.render(zero_padder("Ada"), POOLING)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PASSED, Status.FAILED}))
def test_page_explains_what_happened_and_what_to_do(status):
    explanation = EXPLANATIONS[status]
    page = feedback.render(verdict("Ada", result(MAX_POOL, 0, status, "no result after 3 s")), POOLING)
    assert explanation.meaning
    assert explanation.advice
    for words in ("no result after 3 s", explanation.label, explanation.meaning, explanation.advice):
        assert words in page.replace("&#39;", "'")


def test_one_reason_for_many_criteria_is_told_once():
    page = feedback.render(endless("Bo"), POOLING)
    assert page.count(EXPLANATIONS[Status.TIMEOUT].meaning) == 1
    assert page.count("The smallest case that failed") == 1
    assert "overlapping windows add up; ties go to the first maximum" in page


def test_hostile_text_is_shown_as_text_and_bounded():
    page = feedback.render(hostile(), POOLING)
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page)
    assert len(page) < 20_000


def test_pages_stand_where_nbgrader_looks_for_them(tmp_path):
    assert feedback.write([zero_padder("ada"), endless("bo")], POOLING, tmp_path) == 2
    pages = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert pages == ["feedback/ada/pooling/pooling.html", "feedback/bo/pooling/pooling.html"]


def test_odd_names_get_their_page(tmp_path):
    names = ["Zoë Müller #1%2F", "a" * 255, "-rf", "x.html", os.fsdecode(b"\xff\xfe")]
    feedback.write((zero_padder(name) for name in names), POOLING, tmp_path)
    assert set(os.listdir(tmp_path / "feedback")) == set(names)


@pytest.mark.parametrize("name", ["", ".", "..", "../ada", "/etc/ada", "ada\0"])
def test_names_that_are_no_folder_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match="name of a student's folder"):
        feedback.write([zero_padder(name)], POOLING, tmp_path)
    assert not list(tmp_path.rglob("*.html"))


def test_writing_again_replaces_the_page(tmp_path):
    feedback.write([zero_padder("ada")], POOLING, tmp_path)
    feedback.write([verdict("ada")], POOLING, tmp_path)
    assert "9 of 9 points" in feedback.path(tmp_path, "ada", "pooling").read_text()


def test_a_line_names_function_criterion_trouble_and_settings():
    failed = result(MAX_POOL, 1, Status.FAILED, evidence=zero_padding())
    assert feedback.as_text(failed) == (
        "max_pool2d, padding never wins: 10 of 16 values differ; "
        "at (0, 0, 0, 0) expected -0.45, got 0; kernel_size 2, padding 1"
    )
    assert feedback.as_text(result(BACKWARD, 0)) == "max_pool2d_backward, overlapping windows add up: passed"


def test_a_line_is_one_short_line_whatever_was_said():
    for one in all_of(MAX_POOL, Status.ERROR, f"a\nb\r\n\u2028{HOSTILE}" * 100_000):
        line = feedback.as_text(one)
        assert len(line) < 400
        assert line.isprintable()


def test_the_page_says_what_was_noticed_of_the_hand_in_and_is_silent_otherwise():
    noticed = replace(zero_padder("Ada"), remarks=("cell 7 was not run", HOSTILE * 100))
    page = feedback.render(noticed, POOLING)
    assert plain(page).index("What we noticed") < plain(page).index("cell 7 was not run")
    assert "<script>" not in page
    assert "\x1b" not in page
    assert len(page) < len(feedback.render(zero_padder("Ada"), POOLING)) + 2000
    assert "noticed" not in feedback.render(zero_padder("Ada"), POOLING)
