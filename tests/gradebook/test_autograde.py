"""`nbgrader autograde` judges through the confined grader and reaches the scores of the batch."""

import json
import shutil

import jupytext
import pytest
from nbgrader.api import Gradebook

from autograder.assignments import load
from autograder.judging.grading import grade, prepare
from autograder.judging.hand_ins import hand_ins
from autograder.notebook import grade_id, source_of
from tests.helpers.tiny_course import ROOT, make_course, nbgrader, record, release_notebook, url

NAME = "pooling"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a class that tries nbgrader's patience, graded by nbgrader's command."""
    root = make_course(tmp_path_factory.mktemp("autograde") / "course")
    shutil.copy(ROOT / "solutions" / f"{NAME}.py", root / "solutions")
    released = json.loads(release_notebook(NAME, root).read_text())
    answers = {grade_id(cell): cell.source for cell in jupytext.read(root / "solutions" / f"{NAME}.py").cells}
    broken = answers | {"max_pool2d": "def max_pool2d("}

    def submit(student, edits, extra=(), points=None):
        cells = [dict(cell) for cell in released["cells"]]
        for cell in cells:
            cell["source"] = edits.get(grade_id(cell), cell["source"])
        if points:
            cells[1]["metadata"] = {"nbgrader": {"points": points, "grade_id": "x y", "schema_version": 1}}
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps({**released, "cells": [*cells, *extra]}))

    claim = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "max_pool2d"}}, "source": ""}
    submit("right", answers)
    submit("untouched", {})
    submit("one broken cell", broken)
    submit("two claims", answers, extra=[claim])
    submit("odd metadata", answers, points=1e9)
    for student, content in (("no json", "{"), ("no notebook", "[]")):
        (root / "submitted" / student / NAME).mkdir(parents=True)
        (root / "submitted" / student / NAME / f"{NAME}.ipynb").write_text(content)
    beside = root / "submitted" / "right" / NAME
    (beside / "stolen.html").symlink_to(root / "nbgrader_config.py")
    (beside / "submission_secret.txt").symlink_to(root / "nbgrader_config.py")
    (beside / "timestamp.txt").write_text("2026-01-05 10:00:00 UTC")
    (beside / "more").mkdir()
    (beside / "more" / "helper.py").write_text("1 / 0")
    nbgrader(root, "autograde", NAME)
    return root


def scores(gradebook):
    """Return each graded cell's score and whether it waits for a person, by student."""
    with Gradebook(gradebook, "pooling-measured") as opened:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in opened.assignment_submissions(NAME)
        }


@pytest.fixture(scope="module")
def batch(course, tmp_path_factory):
    """The same class, judged as the batch does: the gradebook's address and the graded notebooks' folder."""
    folder = tmp_path_factory.mktemp("batch")
    exam = prepare(NAME, 1, root=course)
    handed_in = hand_ins(course / "submitted", NAME)
    opened = {one.student: one.open(exam.limits.notebook) for one in handed_in}
    verdicts = [grade(exam, student, one.submission(exam.release)) for student, one in opened.items()]
    gradebook = f"sqlite:///{folder / 'batch.db'}"
    (note,) = record(course, verdicts, gradebook, name=NAME, autograded=folder / "autograded")
    assert note.startswith("'right': submission_secret.txt is not used")
    return gradebook, folder / "autograded"


def test_the_command_reaches_the_scores_of_the_batch(course, batch):
    target, _ = batch
    by_command, by_batch = scores(url(course)), scores(target)
    assert by_command == by_batch
    full = sum(score for score, _ in by_command["right"].values() if score)
    assert full == sum(question.points for question in load(NAME).questions)
    assert by_command["odd metadata"] == by_command["right"]
    assert by_command["right"][f"explain_{NAME}"] == (None, True)
    lost = by_command["right"]["check_max_pool2d"][0]
    assert by_command["two claims"] == by_command["right"]
    assert sum(score for score, _ in by_command["one broken cell"].values() if score) == full - lost
    for student in ("untouched", "no json", "no notebook"):
        assert {score for score, _ in by_command[student].values()} == {0}


def test_both_ways_write_the_same_notebook(course, batch):
    for page in (course / "autograded").glob("*/*/*.ipynb"):
        other = batch[1] / page.relative_to(course / "autograded")
        by_command, by_batch = (json.loads(path.read_text())["cells"] for path in (page, other))
        assert [(cell["id"], source_of(cell)) for cell in by_command] == [
            (cell["id"], source_of(cell)) for cell in by_batch
        ]


def test_nothing_but_the_notebook_and_the_collectors_files_is_handed_on(course):
    kept = (course / "autograded/right" / NAME).rglob("*.*")
    assert sorted(path.name for path in kept) == [f"{NAME}.ipynb", "timestamp.txt"]


def test_marks_survive_another_autograde(course):
    with Gradebook(url(course), "pooling-measured") as gradebook:
        gradebook.find_grade(f"explain_{NAME}", NAME, NAME, "right").manual_score = 2.5
        gradebook.db.commit()
    nbgrader(course, "autograde", NAME, "--student", "right", "--force")
    with Gradebook(url(course), "pooling-measured") as gradebook:
        assert gradebook.find_grade(f"explain_{NAME}", NAME, NAME, "right").manual_score == 2.5


def test_the_command_confines_by_what_the_configuration_names_and_says_so(course, confinement):
    options = ("--student", "untouched", "--force", f"--ConfinedJudge.confinement={confinement}")
    assert f"Confined by: {confinement}" in nbgrader(course, "autograde", NAME, *options)
