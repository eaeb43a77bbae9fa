"""One class with marks, an override, extra credit, an extension and lateness: every table and page has equal totals."""

import csv
import json
import re
import shutil
from datetime import datetime
from html import unescape

import pytest
from nbgrader.api import Gradebook

from tests.helpers.small_course import autograder, forking, hand_in, make, restored

TOLD = """
timezone = "Europe/Berlin"
drop_lowest = 1
due.tiny = 2026-03-01 18:00:00
due.other = 2026-03-08 18:00:00
extensions.tiny.cid = 2026-03-03 18:00:00
weights = { tiny = 2, other = 1 }
[late]
policy = "percent"
percent = 10
most = 30
"""
# Each wrote one function of two right, or both, and an answer in words, worth 3 points.
WRONG = {"largest": "def largest(x):\n    return 0"}
STAMPS = {
    "ann": "2026-03-01 16:59:59 UTC",  # a second before 18:00 in Berlin
    "bob": "2026-03-02 20:00:00 UTC",  # a day and some hours late: two days begun
    "cid": "2026-03-02 20:00:00 UTC",
    "dan": "2026-04-01 12:00:00 UTC",
}
EXPECTED = {"ann": 6.0, "bob": 4.8, "cid": 6.0, "dan": 3.5}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course whose class is graded and marked."""
    root = make(tmp_path_factory.mktemp("totals") / "course")
    (root / "course.toml").write_text(TOLD)
    for student, stamp in STAMPS.items():
        hand_in(root, student, **(WRONG if student in ("ann", "dan") else {}))
        (root / "submitted" / student / "tiny" / "timestamp.txt").write_text(stamp)
    hand_in(root, "ann", "other")
    with forking(root):
        with book(root) as opened:
            for student in (*STAMPS, "eve"):
                opened.add_student(student, first_name=student.title(), last_name="Lee")
        for name in ("tiny", "other"):
            assert run(root, "grade", name)
        with book(root) as opened:
            for student in STAMPS:
                mark(opened, student, "explain_tiny", 3)
            mark(opened, "ann", "explain_tiny", 2.5, extra=1.5, comment="well <b>said</b>")
            mark(opened, "dan", "check_double", 2)
            mark(opened, "dan", "check_largest", 0.0)
            mark(opened, "cid", "check_largest", 1, comment="as the machine has it")
            mark(opened, "ann", "check_double", 1, extra=1)
        yield root


def book(root):
    return Gradebook(f"sqlite:///{root / 'gradebook.db'}", "pooling-measured")


def mark(opened, student, cell, points, *, extra=0.0, comment=""):
    grade = opened.find_grade(cell, "tiny", "tiny", student)
    grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
    if comment:
        name = "explain_tiny" if cell == "explain_tiny" else cell.removeprefix("check_")
        opened.find_comment(name, "tiny", "tiny", student).manual_comment = comment
    opened.db.commit()


def run(root, *words):
    done = autograder(root, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def table(path, encoding="utf-8-sig"):
    with path.open(newline="", encoding=encoding) as file:
        return list(csv.DictReader(file))


def words(path):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", path.read_text())).split())


def test_a_hand_in_pays_for_the_days_begun_unless_it_has_an_extension_and_never_more_than_is_said(course):
    run(course, "export", "csv", "points.csv")
    with book(course) as opened:
        found = {student: opened.find_submission("tiny", student) for student in STAMPS}
        penalties = {student: one.late_submission_penalty for student, one in found.items()}
        assert {student: one.score for student, one in found.items()} == {"ann": 6, "bob": 6, "cid": 6, "dan": 5}
    assert penalties == pytest.approx({"ann": 0, "bob": 1.2, "cid": 0, "dan": 1.5})


def test_all_totals_agree(course):
    seen = {}
    for kind, key in (("csv", "student"), ("moodle", "ID number"), ("canvas", "ID")):
        run(course, "export", kind, f"{kind}.csv")
        seen[kind] = {row[key]: row["tiny"] for row in table(course / f"{kind}.csv") if row[key]}
        assert seen[kind].pop("eve") == ""
    shown = run(course, "summary", "--spreadsheet", "points.csv", "--term", "term")
    seen["spreadsheet"] = {row["student"]: row["tiny"] for row in table(course / "points.csv")}
    seen["term.csv"] = {row["student"]: row["tiny"] for row in table(course / "term" / "term.csv")}
    assert seen["spreadsheet"].pop("eve") == seen["term.csv"].pop("eve") == "not handed in"
    seen["summary"] = dict(re.findall(r"\((\w+)\) +\S+ +([\d.]+|–) ", shown))
    assert seen["summary"].pop("eve") == "–"
    run(course, "report", "tiny")
    report = words(course / "report-tiny.html")
    seen["report"] = dict(
        re.findall(r"\((\w+)\) ([\d.]+) (?:\d+ days? and \d+ hours? late: −[\d.]+ |(?=[\d.]+ ))", report)
    )
    run(course, "feedback", "tiny")
    pages = {student: words(course / "feedback" / student / "tiny" / "tiny.html") for student in STAMPS}
    seen["feedback"] = {student: re.search(r"([\d.]+) of 6 points", page)[1] for student, page in pages.items()}
    term = {student: words(course / "term" / f"{student}.html") for student in STAMPS}
    seen["term"] = {student: re.search(r"tiny ([\d.]+) of 6 ", page)[1] for student, page in term.items()}
    with book(course) as opened:
        found = {student: opened.find_submission("tiny", student) for student in STAMPS}
        seen["nbgrader"] = {student: one.score - one.late_submission_penalty for student, one in found.items()}
    assert {name: {student: float(points) for student, points in one.items()} for name, one in seen.items()} == {
        name: pytest.approx(EXPECTED) for name in seen
    }


def test_each_criterion_has_a_column_where_that_is_asked_for(course):
    run(course, "export", "canvas", "criteria.csv", "--criteria")
    worth, *people = table(course / "criteria.csv")
    assert worth["tiny: double, twice"] == "2"
    assert worth["tiny"] == "6"
    found = {row["ID"]: (row["tiny: largest, plain"], row["other: largest, plain"]) for row in people}
    assert found == {"ann": ("0", "1"), "bob": ("1", ""), "cid": ("1", ""), "dan": ("0", ""), "eve": ("", "")}


def test_the_criteria_of_years_stand_side_by_side_and_name_nobody(course, tmp_path):
    earlier = tmp_path / "2025"
    shutil.copytree(course / ".autograder", earlier / ".autograder")
    run(course, "summary", "--items", "items", "--earlier", str(earlier))
    rows = {(row["assignment"], row["criterion"]): row for row in table(course / "items" / "items.csv")}
    row = rows["tiny", "plain"]
    assert (row["2025 hand-ins"], row["2025 difficulty"], row["change of difficulty"]) == ("4", "0.500", "0.000")
    assert "2025" in words(course / "items" / "items.html")
    refused = autograder(course, "summary", "--earlier", str(earlier))
    assert refused.returncode == 2
    assert "--earlier needs --items" in refused.stderr


def test_a_page_says_how_its_total_comes_about(course):
    run(course, "feedback", "tiny")
    ann = (course / "feedback" / "ann" / "tiny" / "tiny.html").read_text()
    assert "feedback for <bdi>Ann Lee (ann)</bdi>" in ann
    assert "1 instead of 2, given by a person; 1 extra" in ann
    assert "well &lt;b&gt;said&lt;/b&gt;" in ann
    bob = words(course / "feedback" / "bob" / "tiny" / "tiny.html")
    assert "handed in late −1.2 1 day and 3 hours late" in bob
    assert "checks, as below 3 of 3" in bob
    assert re.search(r"<summary>What you wrote</summary>\s*<pre>def double\(x\):\n    return x \+ x</pre>", ann)
    assert "<pre>ann says yes.</pre>" in ann
    assert "as the machine has it" in words(course / "feedback" / "cid" / "tiny" / "tiny.html")
    assert "handed in late" not in words(course / "feedback" / "cid" / "tiny" / "tiny.html")


def test_what_a_person_gave_instead_is_listed_and_grading_again_keeps_it_on_the_page(course):
    assert run(course, "grade", "tiny")
    report = words(course / "report-tiny.html")
    assert "Ann Lee (ann) check_double 1 instead of 2, given by a person; 1 extra" in report
    assert "Cid Lee (cid) check_largest" not in report
    assert "Not handed in (1): Eve Lee (eve)" in report
    assert "well <b>said</b>" in words(course / "feedback" / "ann" / "tiny" / "tiny.html")
    assert "5 points" not in words(course / "feedback" / "ann" / "tiny" / "tiny.html")


def test_grading_without_the_gradebook_leaves_it_alone_and_its_marks_on_the_pages(course):
    before = (course / "gradebook.db").read_bytes()
    run(course, "grade", "tiny", "--no-gradebook")
    assert (course / "gradebook.db").read_bytes() == before
    assert "Ann Lee (ann) check_double 1 instead of 2" in words(course / "report-tiny.html")
    assert "well <b>said</b>" in words(course / "feedback" / "ann" / "tiny" / "tiny.html")


def test_a_gradebook_elsewhere_counts_like_one_in_the_folder(course):
    config = course / "nbgrader_config.py"
    before = config.read_text()
    place = course / "elsewhere.db"
    try:
        shutil.move(course / "gradebook.db", place)
        config.write_text(f"{before}\nc.CourseDirectory.db_url = {f'sqlite:///{place}'!r}\n")
        assert "Bob Lee (bob)" in run(course, "summary")
        run(course, "export", "csv", "elsewhere.csv")
        assert [float(row["tiny"]) for row in table(course / "elsewhere.csv") if row["student"] == "bob"] == [4.8]
        assert not (course / "gradebook.db").exists()
    finally:
        shutil.move(place, course / "gradebook.db")
        config.write_text(before)


@pytest.mark.parametrize("told", [None, TOLD.replace("percent = 10", "percent = 5")])
def test_another_years_gradebook_counts_by_its_own_file_and_not_by_this_copys(course, tmp_path, told):
    """Without one there, it is read and not written."""
    earlier = tmp_path / "2025"
    shutil.copytree(course / ".autograder", earlier / ".autograder")
    for name in ("gradebook.db", "nbgrader_config.py"):
        shutil.copy(course / name, earlier)
    if told:
        (earlier / "course.toml").write_text(told)
    with restored(course / "course.toml"):
        (course / "course.toml").write_text("due.tiny = 2026-06-01")
        shown = run(course, "summary", "--output", str(earlier))
    assert re.search(rf"Bob Lee \(bob\) +– +{'5.4' if told else '4.8'} ", shown), shown
    with book(earlier) as opened:
        assert opened.find_assignment("tiny").duedate == datetime(2026, 3, 1, 17)


def test_what_costs_a_class_most_stands_first_on_the_report_with_the_reason(course):
    run(course, "report", "tiny")
    report = words(course / "report-tiny.html")
    assert re.search(r"The hardest , and why .* largest: plain 2 of 4 expected .+? 2 Look at these by hand", report), (
        report[:600]
    )


def test_who_is_in_no_gradebook_changes_nobody_elses_share(course):
    """The gradebook left one out: for that one there is the machine's word, beside everybody's marks."""
    index = course / ".autograder" / "tiny" / "index.json"
    with restored(index) as before:
        told = json.loads(before)
        told["students"]["fay"] = told["students"]["bob"]
        index.write_text(json.dumps(told))
        shown = run(course, "summary")
    assert "of 6" in shown
    assert re.search(r"Bob Lee \(bob\) +– +4.8 +80.0 %", shown), shown


def test_a_term_has_weights_drops_the_lowest_and_has_no_zero_for_who_was_absent(course):
    shown = run(course, "summary", "--term", "term")
    rows = {row["student"]: row for row in table(course / "term" / "term.csv")}
    # Of two shares the lower is dropped: the other is the whole.
    assert {student: float(row["total %"]) for student, row in rows.items()} == pytest.approx(
        {"ann": 100, "bob": 80, "cid": 100, "dan": 58.33, "eve": 0}
    )
    assert rows["eve"]["other"] == rows["bob"]["other"] == "not handed in"
    assert rows["bob"]["tiny late"] == "1 day and 3 hours late"
    assert "dropped, the lowest" in rows["bob"]["other remarks"]
    assert re.search(r"Bob Lee \(bob\) +– +4.8 +80.0 %", shown)
    index = (course / "term" / "index.html").read_text()
    assert 'href="bob.html"' in index
    assert "tiny 2, other 1" in index
    assert "lowest 1 dropped" in words(course / "term" / "bob.html")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("due.tiny = 7", "due.tiny = 7 is no time such as"),
        ('timezone = "Mars"\ndue.tiny = 2026-03-01', "'Mars' is no place of the time zone database"),
        ('timezone = "America/New_York"\ndue.tiny = 9999-12-31', "9999-12-31 23:59:59.999999 is too far away"),
        ('late.policy = "never"', "[late] needs a policy, one of none, percent, zero"),
        ('late = { policy = "percent", percent = 120 }', "percent = 120 is no number from 0 to 100"),
        ('late = { policy = "zero", percent = 5 }', "the policy 'zero' has no percent"),
        ("weights.poling = 1\nweights.tiny = 1\nweights.other = 1", "[weights] names poling, which is no assignment"),
        ("weights.tiny = 1", "[weights] says nothing of other"),
        ("extensions.tiny = 2026-03-01", "[extensions.tiny] has lines such as"),
        ("deadline = 1", "course.toml says deadline; there are"),
        ("= 1", "course.toml is no TOML"),
        ("drop_lowest = true", "drop_lowest = True is of the wrong kind"),
    ],
)
def test_what_nobody_can_read_in_the_courses_file_is_one_line(course, text, said):
    path = course / "course.toml"
    with restored(path):
        path.write_text(text)
        done = autograder(course, "summary")
        assert done.returncode == 2, done.stdout
        assert said in " ".join(done.stderr.replace("│", " ").split())
        assert "Traceback" not in done.stderr


def test_a_question_that_was_dropped_is_refused_before_anybody_is_graded(course):
    asked = course / "autograder" / "assignments" / "tiny.py"
    with restored(asked) as text:
        asked.write_text(text.replace("(DOUBLE, LARGEST)", "(DOUBLE,)"))
        done = autograder(course, "grade", "tiny")
        assert done.returncode == 2
        assert "asks otherwise for largest than the assignment does" in " ".join(done.stderr.split())


def test_a_release_sets_the_due_date_and_words_for_one_count_for_nothing(course):
    path = course / "course.toml"
    with restored(path):
        path.write_text("due.tiny = 2026-05-01 12:00:00+02:00")
        run(course, "release", "tiny")
        with book(course) as opened:
            assert opened.find_assignment("tiny").duedate == datetime(2026, 5, 1, 10)
        path.write_text('due.tiny = "Friday"\nextensions.tiny.ann = 2026-05-01')
        said = " ".join(run(course, "grade", "tiny").split())
        assert "course.toml says when tiny is due in words only: they count for nothing" in said
        assert "course.toml has extensions for tiny, and no time when it is due: they count for nothing" in said
        path.write_text("due.tiny = 2026-05-01\nextensions.tiny.zoe = 2026-05-02")
        assert "an extension of tiny for 'zoe', who is not in the gradebook" in " ".join(
            run(course, "grade", "tiny").split()
        )
        with book(course) as opened:
            assert opened.find_assignment("tiny").duedate == datetime(2026, 5, 1, 23, 59, 59, 999999)
