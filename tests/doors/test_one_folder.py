"""A course's own folder holds its class: one gradebook, one table of all assignments, and git sees nothing of it."""

import csv
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from nbgrader.api import Gradebook

from tests.helpers.small_course import autograder, forking, hand_in, make, restored

ROOT = Path(__file__).resolve().parents[2]
LATE = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course with two hand-ins of one assignment and one of another, all graded where they lie."""
    root = make(tmp_path_factory.mktemp("one") / "course")
    for student, assignment in (("ann", "tiny"), ("bob", "tiny"), ("ann", "other")):
        hand_in(root, student, assignment)
    with forking(root):
        with book(root) as opened:
            opened.add_student("cid", first_name="Cid", last_name="Campeador")
        for assignment in ("tiny", "other"):
            graded(root, assignment)
        yield root


def book(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root / 'gradebook.db'}", "pooling-measured")


def graded(root: Path, assignment: str) -> str:
    done = autograder(root, "grade", assignment)
    assert done.returncode == 0, done.stderr
    return str(done.stdout + done.stderr)


def rows(root: Path) -> list[tuple[str, str]]:
    with (root / "scores.csv").open(newline="", encoding="utf-8") as file:
        return [(row["assignment"], row["student"]) for row in csv.DictReader(file)]


def test_the_table_keeps_the_rows_of_every_assignment_and_renews_its_own(course):
    of_tiny = [("tiny", student) for student in ("ann", "bob") for _ in range(2)]
    assert sorted(rows(course)) == sorted([*of_tiny, *[("other", "ann")] * 2])
    graded(course, "tiny")
    assert sorted(rows(course)) == sorted([*of_tiny, *[("other", "ann")] * 2])


def test_who_is_in_the_gradebook_and_handed_in_nothing_is_named_and_has_no_zero(course):
    said = graded(course, "other")
    assert "not handed in (2): bob, Cid Campeador (cid)" in " ".join(said.split())
    shown = autograder(course, "summary", "--spreadsheet", "points.csv").stdout
    assert shown.count("–") == 4
    assert "– not handed in" in shown
    with (course / "points.csv").open(newline="", encoding="utf-8-sig") as file:
        points = {row["student"]: (row["tiny"], row["other"]) for row in csv.DictReader(file)}
    assert points == {"ann": ("3", "3"), "bob": ("3", "not handed in"), "cid": ("not handed in", "not handed in")}


def test_points_leave_as_platforms_import_them_with_marks_and_without_zeros_for_who_is_absent(course):
    with book(course) as opened:
        grade = opened.find_grade("explain_tiny", "tiny", "tiny", "ann")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.5, False
        opened.db.commit()
    tables = {}
    for kind in ("csv", "moodle", "canvas"):
        done = autograder(course, "export", kind, f"{kind}.csv")
        assert done.returncode == 0, done.stderr
        assert "2 hand-ins have answers in words that nobody has marked yet" in " ".join(done.stderr.split())
        with (course / f"{kind}.csv").open(newline="", encoding="utf-8") as file:
            tables[kind] = list(csv.DictReader(file))
    points = {row["student"]: (row["tiny"], row["other"]) for row in tables["csv"]}
    assert points == {"ann": ("5", "3"), "bob": ("3", ""), "cid": ("", "")}
    assert {row["ID number"]: row["tiny"] for row in tables["moodle"]} == {"ann": "5", "bob": "3", "cid": ""}
    worth, *people = tables["canvas"]
    assert (worth["Student"].strip(), worth["tiny"]) == ("Points Possible", "6")
    assert {row["ID"]: (row["Student"], row["tiny"]) for row in people}["cid"] == ("Cid Campeador", "")


def test_how_points_were_lost_is_shown_as_code_that_repeats_it(course):
    hand_in(course, "dan", double="def double(x):\n    return x * x")
    graded(course, "tiny")
    done = autograder(course, "explain", "dan", "double")
    assert done.returncode == 0, done.stderr
    assert "twice: 0 of 2, failed" in done.stdout
    code = [line.strip() for line in done.stdout.splitlines() if line.strip().startswith(("x = ", "double("))]
    names = {"np": np, "double": lambda x: x * x}
    exec(code[0], names)
    assert not np.array_equal(eval(code[1], names), 2 * names["x"])
    assert re.search(r"check tiny NOTEBOOK --seed \d+` asks the same again", done.stdout)
    hand_in(course, "fix", double="def double(x):\n    return 2 * x")
    fix = course / "submitted" / "fix" / "tiny" / "tiny.ipynb"
    after = autograder(course, "explain", "dan", "double", "--after", fix)
    assert after.returncode == 0, after.stderr
    assert "-    return x * x\n+    return 2 * x\n" in after.stdout
    assert "twice: 0 of 2, failed; now 2, passed" in after.stdout
    assert "double: +2 points after the change, asked the same" in after.stdout
    worse = autograder(course, "explain", "ann", "double", "--after", course / "submitted/dan/tiny/tiny.ipynb")
    assert "twice: 2 of 2, passed; now 0, failed" in worse.stdout
    assert "double: -2 points" in worse.stdout
    assert "double(x)" in worse.stdout
    assert autograder(course, "explain", "ann", "double", "--after", "gone.ipynb").returncode == 2
    asked = course / "autograder" / "assignments" / "tiny.py"
    with restored(asked) as text:
        asked.write_text(text.replace('criterion("twice"', 'criterion("doubled"'))
        done = autograder(course, "explain", "dan", "double", "--after", fix)
    assert done.returncode == 2
    assert "double is asked otherwise than when dan was graded; run `grade tiny` first" in " ".join(done.stderr.split())
    shutil.rmtree(course / "submitted" / "fix")
    for words, said in ((("nobody", "double"), "no verdict"), (("dan", "triple"), "no assignment asks")):
        assert said in " ".join(autograder(course, "explain", *words).stderr.split())
    shutil.rmtree(course / "submitted" / "dan")


def test_a_due_date_that_is_set_in_the_courses_gradebook_counts(course):
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + LATE)
    (course / "submitted" / "bob" / "tiny" / "timestamp.txt").write_text("2026-03-02 11:00:00 UTC")
    with book(course) as opened:
        opened.find_assignment("tiny").duedate = datetime(2026, 3, 1)
        opened.db.commit()
    graded(course, "tiny")
    with book(course) as opened:
        late = opened.find_submission("tiny", "bob")
        assert late.late_submission_penalty == late.score > 0


def test_nothing_that_a_run_writes_into_the_course_would_be_published(course):
    graded(course, "tiny")
    given = {"autograder", "solutions", "exercises", "nbgrader_config.py", "build"}
    written = sorted(path.name + "/" * path.is_dir() for path in course.iterdir() if path.name not in given)
    assert {"gradebook.db", "scores.csv", "report-tiny.html", "feedback/", "autograded/", "submitted/"} <= {*written}
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", *written], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    # But for those whose names the instructor chose.
    assert all(name.endswith(".csv") for name in {*written} - {*ignored})
    assert "scores.csv" in ignored


def test_a_class_is_not_graded_by_other_points_than_were_released(course):
    asked = course / "autograder" / "assignments" / "tiny.py"
    with restored(asked) as text:
        asked.write_text(text.replace('criterion("twice", 2,', 'criterion("twice", 4,'))
        done = autograder(course, "grade", "tiny")
        assert done.returncode == 2
        assert "asks otherwise for double than the assignment does" in " ".join(done.stderr.split())
        assert "python -m autograder release tiny" in " ".join(done.stderr.split())
