"""The gradebook after a grading run is one with which nbgrader, formgrader and the exporters carry on."""

import csv
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context

import nbformat
import pytest
from nbgrader import dbutil
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade

from autograder.gradebook.filling import CHUNK, read_released
from autograder.gradebook.graded_notebook import rebuild, score_of
from autograder.gradebook.nbgrader_course import GradebookError
from autograder.model import Result, Status
from tests.helpers.tiny_course import hand_in, make_course, nbgrader, record, release_tiny, url, verdict

ANSWER = "Yes, it is."


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path / "course")
    release_tiny(root)
    return root


def graded(course, student):
    notebook = json.loads((course / "autograded" / student / "tiny/tiny.ipynb").read_text())
    return {cell["id"]: cell for cell in notebook["cells"]}


def grade(course, student, cell):
    with Gradebook(url(course), "pooling-measured") as gradebook:
        found = gradebook.find_grade(cell, "tiny", "tiny", student)
        return found.auto_score, found.manual_score, found.needs_manual_grade


def comment(course, student, cell):
    with Gradebook(url(course), "pooling-measured") as gradebook:
        return gradebook.find_comment(cell, "tiny", "tiny", student).comment


def mark(course, student, score):
    with Gradebook(url(course), "pooling-measured") as gradebook:
        found = gradebook.find_grade("explain_tiny", "tiny", "tiny", student)
        found.manual_score, found.extra_credit, found.needs_manual_grade = score, 0.5, False
        gradebook.find_comment("explain_tiny", "tiny", "tiny", student).manual_comment = "well said"
        gradebook.db.commit()


def rows(course):
    """Return everything in the gradebook."""
    connection = sqlite3.connect(course / "gradebook.db")
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    finally:
        connection.close()


def test_scores_reach_their_cells_and_words_wait_for_a_person(course):
    hand_in(course, "ada", {"double": "def double(x): return x", "explain_tiny": ANSWER})
    assert record(course, verdict("ada", "double/integers", "largest/negative")) == []
    assert grade(course, "ada", "check_double") == (2, None, False)
    assert grade(course, "ada", "check_largest") == (1.5, None, False)
    assert grade(course, "ada", "explain_tiny") == (None, None, True)
    assert comment(course, "ada", "double") is None
    assert comment(course, "ada", "largest") == "No response."


def test_words_left_blank_need_nobody(course):
    hand_in(course, "bob")
    record(course, verdict("bob"))
    assert grade(course, "bob", "explain_tiny") == (0, None, False)
    assert comment(course, "bob", "explain_tiny") == "No response."


def test_recording_twice_changes_nothing(course):
    hand_in(course, "ada", {"explain_tiny": ANSWER}, timestamp="2026-01-05 10:00:00 UTC")
    record(course, verdict("ada", "double/plain"))
    mark(course, "ada", 2)
    before, path = rows(course), course / "autograded/ada/tiny/tiny.ipynb"
    age = path.stat().st_mtime_ns
    record(course, verdict("ada", "double/plain"))
    assert rows(course) == before
    assert path.stat().st_mtime_ns == age


def test_what_people_entered_survives_and_is_looked_at_again_when_the_answer_changes(course):
    hand_in(course, "ada", {"explain_tiny": ANSWER})
    record(course, verdict("ada"))
    mark(course, "ada", 2)
    hand_in(course, "ada", {"explain_tiny": ANSWER, "double": "def double(x): return 3 * x"})
    record(course, verdict("ada", "double/plain"))
    assert grade(course, "ada", "check_double") == (1, None, False)
    assert grade(course, "ada", "explain_tiny") == (None, 2, False)
    hand_in(course, "ada", {"explain_tiny": "On second thoughts: no."})
    record(course, verdict("ada"))
    assert grade(course, "ada", "explain_tiny") == (None, 2, True)
    assert comment(course, "ada", "explain_tiny") == "well said"
    with Gradebook(url(course), "pooling-measured") as gradebook:
        assert gradebook.find_submission("tiny", "ada").score == 5 + 2.5


def test_the_assignment_is_registered_in_a_new_gradebook_as_nbgrader_would(course, tmp_path):
    hand_in(course, "ada")
    record(course, [verdict("ada")], f"sqlite:///{tmp_path / 'new.db'}")
    cells = []
    for path in (course / "gradebook.db", tmp_path / "new.db"):
        connection = sqlite3.connect(path)
        cells.append([
            sorted(connection.execute("SELECT name, cell_type, locked, source, checksum FROM source_cell")),
            sorted(connection.execute(
                "SELECT name, type, max_score, cell_type FROM base_cell LEFT JOIN grade_cells USING (id)")),
            sorted(connection.execute("SELECT name, kernelspec FROM notebook")),
        ])  # fmt: skip
        connection.close()
    assert cells[0] == cells[1]


def test_a_new_gradebook_has_the_version_that_nbgrader_would_ask_its_own_tool_for(course):
    with dbutil._temp_alembic_ini(url(course)) as settings:
        said = subprocess.check_output([sys.executable, "-m", "alembic.config", "-c", settings, "heads"], text=True)
    connection = sqlite3.connect(course / "gradebook.db")
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(said.split()[0],)]
    connection.close()


@pytest.mark.parametrize("student", ["Zoë Ångström", "李小龙", "O'Brien; DROP TABLE grade", "a" * 200, "[x]*?", "-rf"])
def test_a_student_may_have_any_name(course, student):
    hand_in(course, student)
    assert record(course, verdict(student, "double/plain")) == []
    assert grade(course, student, "check_double") == (1, None, False)
    assert "check_double" in graded(course, student)


def test_a_name_that_no_database_can_hold_is_named_and_spares_the_others(course):
    hand_in(course, "ada")
    odd = os.fsdecode(b"caf\xe9")
    hand_in(course, odd)
    (note,) = record(course, [verdict(odd), verdict("ada")])
    assert "not UTF-8" in note
    assert grade(course, "ada", "check_double") == (3, None, False)


def test_late_hand_ins_pay_what_nbgraders_plugin_says(course):
    with (course / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(url(course), "pooling-measured") as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-01-05 12:00:00 UTC")
    hand_in(course, "early", timestamp="2026-01-05 11:59:59 UTC")
    hand_in(course, "late", timestamp="2026-01-05 12:00:01 UTC")
    hand_in(course, "nonsense", timestamp="once upon a time")
    (note,) = record(course, [verdict("early"), verdict("late", "double/plain"), verdict("nonsense")])
    assert "'nonsense'" in note
    with Gradebook(url(course), "pooling-measured") as gradebook:
        late = gradebook.find_submission("tiny", "late")
        assert late.timestamp == datetime(2026, 1, 5, 12, 0, 1)
        assert (late.score, late.late_submission_penalty) == (3, 3)
        assert gradebook.find_submission("tiny", "early").late_submission_penalty == 0
        gradebook.grant_extension("tiny", "late", minutes=5)
    record(course, verdict("late", "double/plain"))
    with Gradebook(url(course), "pooling-measured") as gradebook:
        assert gradebook.find_submission("tiny", "late").late_submission_penalty == 0


def test_a_plugin_of_the_courses_own_says_what_lateness_costs(course, monkeypatch):
    (course / "by_the_hour.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\n\n"
        "class ByTheHour(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return None if student_id == 'excused' else 0.5 * total_seconds_late / 3600\n"
    )
    monkeypatch.syspath_prepend(course)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write('\nc.AssignLatePenalties.plugin_class = "by_the_hour.ByTheHour"\n')
    with Gradebook(url(course), "pooling-measured") as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-01-05 12:00:00 UTC")
    late = {"an hour": "2026-01-05 13:00:00 UTC", "excused": "2026-01-05 13:00:00 UTC",
            "a week": "2026-01-12 12:00:00 UTC", "elsewhere": "2026-01-05 07:00:00 America/New_York"}  # fmt: skip
    for student, stamp in late.items():
        hand_in(course, student, timestamp=stamp)
    assert record(course, [verdict(student) for student in late]) == []
    with Gradebook(url(course), "pooling-measured") as gradebook:
        costs = {student: gradebook.find_submission("tiny", student).late_submission_penalty for student in late}
    # No more than was earned can be lost.
    assert costs == {"an hour": 0.5, "excused": 0, "a week": 5, "elsewhere": 0}


def test_each_test_cell_has_one_output_that_nbgrader_takes_for_the_score(course):
    hand_in(course, "ada", {"explain_tiny": ANSWER})
    record(course, verdict("ada", "double/plain", "largest/plain", "largest/negative"))
    notebook = nbformat.read(course / "autograded/ada/tiny/tiny.ipynb", as_version=4)
    nbformat.validate(notebook)
    scores = {}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            scores[cell.id] = determine_grade(cell)
            assert cell.cell_type == "markdown" or len(cell.outputs) == 1
    assert scores == {"check_double": (1, 3), "check_largest": (0, 2), "explain_tiny": (None, 3)}
    shown = graded(course, "ada")["check_double"]["outputs"][0]["data"]["text/html"]
    assert "expected 4 &lt; 5, got &lt;b&gt;plain&lt;/b&gt;" in shown


def test_rounding_never_lifts_a_score_above_its_points():
    results = [Result("f", str(i), 0.1, 0.1, Status.PASSED) for i in range(3)]
    assert sum(result.score for result in results) > 0.3
    assert score_of(results, 0.3) == 0.3
    with pytest.raises(ValueError, match="nan"):
        score_of([Result("f", "c", float("nan"), 1, Status.PASSED)], 1)


def test_the_graded_notebook_is_the_released_one_whatever_the_hand_in_claims(course):
    released = read_released(course / "exercises/tiny/tiny.ipynb")
    path = hand_in(course, "eve", {"check_double": "check(lambda x: 1)", "released_start_1": "import os"})
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        flags.update(points=99, locked=False, grade=True, solution=True)
        cell["metadata"]["deletable"] = True
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 10**6}]
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "check_largest"][::-1]
    own = {"cell_type": "code", "metadata": {"nbgrader": 7}, "source": "1 / 0", "id": "check_double\n"}
    notebook["cells"] += [own, "rubbish", {}, {"cell_type": "raw", "source": "r"}]
    notebook["metadata"] = {"kernelspec": {"name": "evil"}}
    path.write_text(json.dumps(notebook))
    record(course, verdict("eve", "double/plain"))
    result = graded(course, "eve")
    for cell in released["cells"]:
        found = result[cell["id"]]
        found = {**found, "outputs": []} if "outputs" in found else found
        # The raw cell may be an answer in words.
        assert found == cell or cell["id"] == "explain_tiny"
    assert [cell["source"] for name, cell in result.items() if name.startswith("handed-in")] == ["1 / 0", "```\nr\n```"]
    names = list(result)
    assert names.index("check_largest") == names.index("largest") + 1
    nbformat.validate(nbformat.read(course / "autograded/eve/tiny/tiny.ipynb", as_version=4))


def test_all_that_claims_to_be_the_answer_is_shown_to_the_person_who_reads(course):
    path = hand_in(course, "eve", {"double": "first"})
    notebook = json.loads(path.read_text())
    named = {cell["id"]: cell for cell in notebook["cells"]}
    notebook["cells"].append({**named["double"], "source": "second"})
    notebook["cells"].append({**named["explain_tiny"], "source": ["my ", "answer"]})
    notebook["cells"].append({**named["explain_tiny"], "cell_type": "code", "source": "and more"})
    path.write_text(json.dumps(notebook))
    record(course, verdict("eve"))
    result = graded(course, "eve")
    assert result["explain_tiny"]["source"] == "my answer\n\n---\n\n```\nand more\n```"
    assert result["double"]["source"] == "first"
    assert "second" in [cell["source"] for cell in result.values()]
    assert grade(course, "eve", "explain_tiny") == (None, None, True)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b'{"cells": 3}', b'{"nbformat": 4, "cells": [3]}', None]
)
def test_a_hand_in_that_is_no_notebook_is_recorded_like_any_other(course, content):
    path = hand_in(course, "max")
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    lost = [f"{question}/{one}" for question, one in
            (("double", "plain"), ("double", "integers"), ("largest", "plain"), ("largest", "negative"))]  # fmt: skip
    record(course, verdict("max", *lost))
    assert grade(course, "max", "check_double") == (0, None, False)
    assert grade(course, "max", "explain_tiny") == (0, None, False)


def test_nothing_is_read_through_links(course):
    hand_in(course, "ada", {"double": "my own idea"}, timestamp="2026-01-05 10:00:00 UTC")
    submitted = course / "submitted"
    (submitted / "thief").symlink_to(submitted / "ada")
    (submitted / "other" / "tiny").mkdir(parents=True)
    (submitted / "other" / "tiny" / "tiny.ipynb").symlink_to(submitted / "ada/tiny/tiny.ipynb")
    (submitted / "other" / "tiny" / "timestamp.txt").symlink_to(course / "gradebook.db")
    record(course, [verdict("thief"), verdict("other")])
    for student in ("thief", "other"):
        assert "my own idea" not in json.dumps(graded(course, student))
        assert os.listdir(course / "autograded" / student / "tiny") == ["tiny.ipynb"]


def test_a_question_with_markup_left_untouched_still_counts_as_blank(course):
    path = course / "exercises/tiny/tiny.ipynb"
    released = json.loads(path.read_text())
    for cell in released["cells"]:
        if cell["id"] == "explain_tiny":
            cell["source"] = "<b>Why?</b>"
    assert rebuild(released, released)["cells"] == released["cells"]


@pytest.mark.parametrize("harm", ["locked", "readonly", "damaged"])
def test_a_gradebook_that_cannot_be_written_is_one_line_with_the_cure(course, harm, monkeypatch):
    hand_in(course, "ada")
    path, target, holder = course / "gradebook.db", url(course) + "?timeout=0.1", None
    if harm == "locked":
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    elif harm == "readonly":
        # Opened for reading only: file modes do not stop an administrator.
        target = f"sqlite:///file:{path}?mode=ro&uri=true"
    else:
        path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    try:
        with pytest.raises(GradebookError) as problem:
            record(course, [verdict("ada")], target)
    finally:
        if holder:
            holder.close()
    cure = {"locked": "close the program", "readonly": "make the file and its folder writable", "damaged": "move"}
    assert cure[harm] in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_full_disk_is_one_line_with_the_cure_and_harms_nothing(course):
    for student in (students := [f"s{number:03}" for number in range(CHUNK)]):
        hand_in(course, student)
    before, size = rows(course), (course / "gradebook.db").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(GradebookError, match="free some disk space and run again"):
            record(course, map(verdict, students))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert rows(course) == before
    record(course, map(verdict, students))
    assert len(rows(course)["student"]) == CHUNK


def test_nbgrader_carries_on_with_feedback_and_export(course):
    links = "[a](javascript:alert(2)) [b] [a\\](javascript:alert(3)) !![c](https://elsewhere.example/spy.png)"
    weapon = f" <script>alert(1)</script> {links}\n\n[b]: jAvascript&#58;alert(4)\n\n<img src=x onerror=alert(5)>"
    hand_in(course, "ada", {"explain_tiny": ANSWER + weapon})
    hand_in(course, "bob", timestamp="2026-01-05 10:00:00 UTC")
    verdicts = verdict("ada", "double/plain"), verdict("bob", "largest/negative")
    record(course, verdicts)
    mark(course, "ada", 2)
    nbgrader(course, "generate_feedback", "tiny")
    page = (course / "feedback/ada/tiny/tiny.html").read_text()
    assert "expected 4 &lt; 5, got &lt;b&gt;plain&lt;/b&gt;" in page
    assert "well said" in page
    assert "<script>alert(1)" not in page
    assert "alert(4)" in page
    assert not re.search(r'href="javascript|<img', page, re.IGNORECASE)
    assert (course / "feedback/bob/tiny/timestamp.txt").exists()
    nbgrader(course, "export", "--to", "grades.csv")
    with (course / "grades.csv").open() as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"ada": verdicts[0].score + 2.5, "bob": verdicts[1].score}


def test_a_run_that_breaks_off_keeps_what_it_recorded_and_goes_on(course):
    students = [f"s{number:03}" for number in range(CHUNK + 1)]
    for student in students:
        hand_in(course, student)

    def broken():
        yield from map(verdict, students[:-1])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(course, broken())
    assert [student for student, *_ in rows(course)["student"]] == students[:-1]
    record(course, map(verdict, students))
    assert [student for student, *_ in rows(course)["student"]] == students
    assert len(rows(course)["grade"]) == 3 * len(students)


def test_two_graders_at_once_record_everybody_once(course, tmp_path):
    students = [f"s{number:03}" for number in range(30)]
    for student in students:
        hand_in(course, student)
    target = f"sqlite:///{tmp_path / 'new.db'}"
    verdicts = list(map(verdict, students))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        theirs = other.submit(record, course, verdicts, target)
        assert record(course, verdicts, target) == theirs.result() == []
    connection = sqlite3.connect(tmp_path / "new.db")
    counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
              for name in ("student", "submitted_notebook", "grade", "comment", "notebook")]  # fmt: skip
    connection.close()
    assert counts == [30, 30, 90, 90, 1]
