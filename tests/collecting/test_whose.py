"""Nobody's hand-in becomes another's, whatever people call themselves, their folders and their files."""

from __future__ import annotations

import pytest
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets.config import Config

from autograder.collecting import collect as collecting
from autograder.collecting.download import DownloadError
from autograder.collecting.platforms import pieces
from autograder.collecting.roster import Roster
from autograder.gradebook.nbgrader_course import course_config
from autograder.gradebook.people import Person
from autograder.judging.grading import ROOT
from tests.helpers.downloads import ASSIGNMENTS, collected, download

PEOPLE = {
    name: Person(name, first, last, f"{name}@example.org", number)
    for name, first, last, number in (("ada", "Ada", "Beispiel", "4711"), ("ann", "Ann", "Doe", "4712"))
}


@pytest.mark.parametrize(
    ("platform", "files", "roster"),
    [
        (
            "moodle",
            {
                "Ada Beispiel_1_assignsubmission_file_/pooling (1).ipynb": "hers",
                "Ada-Beispiel_2_assignsubmission_file_/pooling.ipynb": "another's",
            },
            Roster(PEOPLE, "name"),
        ),
        (
            "canvas",
            {"beispielada_1_7_pooling.ipynb": "hers", "adabeispiel_2_8_pooling.ipynb": "no"},
            Roster(PEOPLE, "name"),
        ),
        (
            "blackboard",
            {
                "T_ada_attempt_2026-03-01-10-00-00_pooling.ipynb": "hers",
                "T_x_ada_attempt_2026-03-02-10-00-00_pooling.ipynb": "later",
            },
            Roster({}),
        ),
        ("folders", {"ada/pooling/pooling.ipynb": "hers", "ADA/pooling.ipynb": "another's"}, Roster(PEOPLE)),
    ],
)
def test_of_two_people_who_would_be_one_student_neither_is_collected(tmp_path, platform, files, roster):
    found, said = collected(tmp_path / "submitted", platform, download(files | {"nobody.txt": ""}), roster)
    assert found == {}
    assert "ada: not collected: 2 people of the platform would be this student" in said
    assert all(repr(name) in said for name in files)


def test_two_submissions_of_one_person_are_that_students(tmp_path):
    name = "Ada Beispiel_1_assignsubmission_{}_/{}"
    files = {name.format("file", "pooling.ipynb"): "hers", name.format("onlinetext", "onlinetext.html"): "words"}
    found, _ = collected(tmp_path / "submitted", "moodle", download(files), Roster(PEOPLE, "name"))
    assert found == {"ada/pooling/pooling.ipynb": "hers", "ada/pooling/onlinetext.html": "words"}


def test_names_that_differ_in_their_vowels_only_are_different(tmp_path):
    people = {name: Person(name, first, "देवी", "", "") for name, first in (("kali", "काली"), ("kala", "काला"))}
    files = {
        "काली देवी_1_assignsubmission_file_/pooling.ipynb": "kali's",
        "काला देवी_2_assignsubmission_file_/pooling.ipynb": "kala's",
    }
    found, _ = collected(tmp_path / "submitted", "moodle", download(files), Roster(people, "name"))
    assert found == {"kali/pooling/pooling.ipynb": "kali's", "kala/pooling/pooling.ipynb": "kala's"}


def assignment(platform: str, files: list[str]) -> str:
    handed = pieces(download(dict.fromkeys(files, "")), platform, Config(), Roster({}), ASSIGNMENTS)
    return collecting.assignment_of(handed, ASSIGNMENTS)


def test_one_persons_many_files_do_not_decide_what_assignment_a_class_handed_in():
    class_ = [f"s_{number}_7_pooling.ipynb" for number in range(5)]
    for others in (["dropout"], ["dropout", "tiny"]):
        files = [f"eve_9_7_{name}{number}.txt" for name in others for number in range(40)]
        assert assignment("canvas", class_ + files) == "pooling"
    folders = [f"{number}/pooling.ipynb" for number in range(5)] + [f"eve/{number}/dropout.txt" for number in range(40)]
    assert assignment("folders", folders) == "pooling"


@pytest.mark.parametrize(
    "files",
    [
        ["a_1_7_pooling.ipynb", "b_2_7_dropout.ipynb"],
        ["a_1_7_pooling.ipynb", "a_1_7_dropout.ipynb", "b_2_7_pooling.ipynb", "b_2_7_dropout.ipynb"],
        ["a_1_7_work.ipynb"],
    ],
)
def test_where_people_name_several_assignments_or_none_the_instructor_is_asked(files):
    with pytest.raises(DownloadError, match="say with --assignment which it is"):
        assignment("canvas", files)


@pytest.mark.parametrize("top", ["", "assignment_5_export/"])
def test_only_the_exports_own_file_says_whose_a_gradescope_submission_is(tmp_path, top):
    told = "submission_{}:\n  :submitters:\n  - :sid: '{}'\n"
    files = {
        f"{top}submission_1/submission_metadata.yml": told.format(2, "eve"),
        f"{top}submission_1/pooling.ipynb": "eve's",
        f"{top}submission_2/pooling.ipynb": "ada's",
        f"{top}submission_metadata.yml": told.format(1, "eve") + told.format(2, "ada"),
    }
    found, _ = collected(tmp_path / "submitted", "gradescope", download(files), Roster({}))
    assert found["ada/pooling/pooling.ipynb"] == "ada's"
    assert found["eve/pooling/pooling.ipynb"] == "eve's"
    assert found["eve/pooling/submission_metadata.yml"] == told.format(2, "eve")


def test_a_students_own_file_does_not_stand_for_the_exports(tmp_path):
    files = {"submission_1/submission_metadata.yml": "submission_1:\n  :submitters:\n  - :sid: ada\n"}
    with pytest.raises(DownloadError, match="which says whose a submission is"):
        collected(tmp_path / "submitted", "gradescope", download(files), Roster({}))


@pytest.mark.parametrize(
    ("path", "student", "file"),
    [
        ("/Eve_9_assignsubmission_file_/pooling.ipynb", "9", "pooling.ipynb"),
        ("/a_1/Eve_9_assignsubmission_file_/work/pooling.ipynb", "9", "work/pooling.ipynb"),
        ("/Eve_9_assignsubmission_file_pooling.ipynb", "9", "pooling.ipynb"),
        ("/Eve_9_assignsubmission_file_/Ada Beispiel_4711_assignsubmission_file_/pooling.ipynb", "9", None),
        ("/Eve_9_assignsubmission_file_/4711_assignsubmission_file_pooling.ipynb", "9", None),
        ("/Eve_9_assignsubmission_file_/ada_4711_99_pooling.ipynb", "9", None),
        ("/eve_9_99_pooling-2.ipynb", "9", "pooling"),
        ("/course_2026_11_x/eve_LATE_9_99_hw_4711_98_pooling.ipynb", "9", "hw_4711_98_pooling"),
        ("/eve_9_99_ada_4711_assignsubmission_file_pooling.ipynb", None, None),
        ("/Eve_1_2_x_9_assignsubmission_file_/Ada_4711_assignsubmission_file_/pooling.ipynb", None, None),
    ],
)
def test_the_courses_own_expression_reads_a_student_from_what_the_platform_wrote(path, student, file):
    said = FileNameCollectorPlugin(config=course_config(ROOT)).collect(path) or {}
    assert said.get("student_id") == student
    assert file is None or said["file_id"] == file


def test_a_folder_of_a_students_names_nobody_else(tmp_path):
    files = {
        "Eve_9_assignsubmission_file_/Ada Beispiel_4711_assignsubmission_file_/pooling.ipynb": "forged",
        "Ada Beispiel_4711_assignsubmission_file_/pooling.ipynb": "hers",
    }
    found, _ = collected(tmp_path / "submitted", "named", download(files), Roster({}), course_config(ROOT))
    assert found == {"4711/pooling/pooling.ipynb": "hers", "9/pooling/pooling.ipynb": "forged"}


@pytest.mark.parametrize(
    ("top", "inner", "roster", "students"),
    [
        ("ann", ("pooling", "dropout"), Roster({}), {"ann"}),
        ("ann", ("pooling", "notes"), Roster({}), {"ann"}),
        ("ann", ("a", "b"), Roster(PEOPLE), {"ann"}),
        ("Ann Doe", ("a", "b"), Roster(PEOPLE, "name"), {"ann"}),
        ("class", ("ada", "ann"), Roster(PEOPLE), {"ada", "ann"}),
        ("class", ("ada", "ann"), Roster({}), {"ada", "ann"}),
        ("class", ("Ada Beispiel", "Ann Doe"), Roster(PEOPLE, "name"), {"ada", "ann"}),
    ],
)
def test_one_students_folders_are_not_taken_for_students(tmp_path, top, inner, roster, students):
    files = {f"{top}/{name}/pooling.ipynb": name for name in inner}
    found, _ = collected(tmp_path / "submitted", "folders", download(files), roster)
    assert {name.split("/")[0] for name in found} == students
