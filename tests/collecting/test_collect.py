"""What platforms let an instructor download becomes hand-ins, by the command line; nothing is lost or misplaced."""

import io
import json
import stat
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.helpers.small_course import autograder, forking, hand_in, killed, make

PEOPLE = {
    "ada": ("Ada", "Beispiel", "ada@example.org", "4711"),
    "bob": ("Bob", "O'Neil-Ünal", "bob@example.org", "4712"),
    "cleo": ("Cleo", "van der 4", "Cleo@Example.org", "4713"),
    "dan": ("Dan", "Doe", "dan@example.org", "4714"),
}
MOODLE = {
    "ada": "Ada Beispiel_4711_assignsubmission_file_/tiny.ipynb",
    "bob": "Bob O'Neil-Ünal_4712_assignsubmission_file/tiny.ipynb",
    "cleo": "Cleo van der 4_4713_assignsubmission_file_tiny.ipynb",
    "dan": "Dan Doe_4714_assignsubmission_file_/work/tiny (1).ipynb",
}
CANVAS = {
    "ada": "beispielada_4711_99001_tiny.ipynb",
    "bob": "oneilünalbob_LATE_4712_99002_tiny-1.ipynb",
    "cleo": "vander4cleo_4713_99003_tiny-12.ipynb",
    "dan": "doedan_late_4714_99004_hw_2026_11_tiny.ipynb",
}
BLACKBOARD = {
    name: f"Week 3_Tiny_things_{name.upper()}_attempt_2026-03-0{day}-17-59-30_tiny.ipynb"
    for day, name in enumerate(PEOPLE, 1)
}
GRADESCOPE = {name: f"assignment_5_export/submission_{day}/tiny.ipynb" for day, name in enumerate(PEOPLE, 1)}
METADATA = "---\n" + "".join(
    f"submission_{day}:\n  :submitters:\n  - :name: {first} {last}\n    :sid: '{number}'\n    :email: {email}\n"
    f"  :created_at: 2026-03-0{day} 17:59:30.123456789 Z\n  :score: \n"
    for day, (first, last, email, number) in enumerate(PEOPLE.values(), 1)
)
FOLDERS = {"ada": "class/ada/tiny/tiny.ipynb", "bob": "class/bob/tiny.ipynb", "cleo": "class/cleo/a/b/tiny.ipynb"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course with a roster."""
    root = make(tmp_path_factory.mktemp("collecting") / "course")
    (root / "course.toml").write_text('timezone = "Europe/Berlin"\n')
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "pooling-measured") as book:
        for name, (first, last, email, number) in PEOPLE.items():
            book.add_student(name, first_name=first, last_name=last, email=email, lms_user_id=number)
    with forking(root):
        yield root


@pytest.fixture
def submitted(tmp_path) -> Path:
    return tmp_path / "submitted"


def packed(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def said(course: Path, submitted: Path, platform: str, download: Path, *options: str, code: int = 0) -> str:
    done = autograder(course, "collect", platform, download, "--submitted", submitted, *options)
    assert done.returncode == code, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).replace("│", " ").split())


def there(submitted: Path) -> dict[str, str]:
    """Return all files that people see below a folder, with their contents."""
    files = (path for path in submitted.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(submitted)): path.read_bytes().decode(errors="replace") for path in files}


@pytest.mark.parametrize(
    ("platform", "files", "column"),
    [
        ("moodle", MOODLE, "name"),
        ("moodle", MOODLE, "lms_user_id"),
        ("canvas", CANVAS, "lms_user_id"),
        ("canvas", CANVAS, "name"),
        ("blackboard", BLACKBOARD, "id"),
        ("gradescope", GRADESCOPE, "email"),
        ("gradescope", GRADESCOPE, "lms_user_id"),
        ("folders", FOLDERS, "id"),
    ],
)
def test_each_platforms_files_reach_the_students_of_the_roster(  # noqa: PLR0917
    course, submitted, tmp_path, platform, files, column
):
    contents = {name: f"of {student}" for student, name in files.items()}
    if platform == "gradescope":
        contents["assignment_5_export/submission_metadata.yml"] = METADATA
    text = said(course, submitted, platform, packed(tmp_path / "d.zip", contents), "--column", column)
    found = there(submitted)
    assert {name: found[f"{name}/tiny/tiny.ipynb"] for name in files} == {name: f"of {name}" for name in files}
    assert f"tiny: {len(files)} students' hand-ins" in text
    assert "not collected" not in text
    if platform == "folders":
        assert "nothing in this download from (1): Dan Doe (dan)" in text
    if platform == "canvas":
        assert text.count("late, by the platform's own mark, which tells no time") == 2
    if platform in ("blackboard", "gradescope"):
        hour = "16:59:30" if platform == "blackboard" else "17:59:30"
        assert found["bob/tiny/timestamp.txt"] == f"2026-03-02 {hour} UTC\n"
    else:
        assert "no times: this download does not tell when anybody handed in" in text


def test_a_folder_serves_as_well_as_an_archive_and_links_in_it_are_not_followed(course, submitted, tmp_path):
    for name in ("ada", "bob"):
        (tmp_path / "d" / name).mkdir(parents=True)
        (tmp_path / "d" / name / "tiny.ipynb").write_text(name)
    (tmp_path / "d" / "bob" / "timestamp.txt").write_text("2026-03-02 18:00:00 +01")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "d" / "ada" / "more.txt").symlink_to(tmp_path / "secret")
    text = said(course, submitted, "folders", tmp_path / "d")
    assert there(submitted) == {
        "ada/tiny/tiny.ipynb": "ada",
        "bob/tiny/tiny.ipynb": "bob",
        "bob/tiny/timestamp.txt": "2026-03-02 17:00:00 UTC\n",
    }
    assert "not collected: 'ada/more.txt': a link or a device" in text


def test_of_several_files_one_is_taken_by_the_rule_and_all_are_named(course, submitted, tmp_path):
    files = {
        "x_1_7_tiny.ipynb": "first", "x_1_7_tiny-1.ipynb": "second", "x_1_7_tiny-2.ipynb": "third",
        "y_2_8_tiny.ipynb.txt": "disguised", "y_2_8_notes.md": "words",
        "z_3_9_tiny.ipynb": "mine", "z_3_9_tiny (2).ipynb": "copy",
        "v_4_9_my tiny.ipynb": "one", "v_4_9_your tiny.ipynb": "another",
        "u_5_9_my tiny.ipynb": "alike", "u_5_9_your tiny.ipynb": "alike",
        "t_6_9_hand_in.zip": "a student's archive",
        "s_7_9_dropout.ipynb": "of another assignment",
    }  # fmt: skip
    text = said(course, submitted, "canvas", packed(tmp_path / "d.zip", files))
    found = there(submitted)
    assert found["1/tiny/tiny.ipynb"] == "third"
    assert "1: 'tiny-2.ipynb' is taken for tiny.ipynb, and not 'tiny.ipynb', 'tiny-1.ipynb'" in text
    assert {found[name] for name in found if name.startswith("1/")} == {"first", "second", "third"}
    assert found["2/tiny/tiny.ipynb"] == "disguised"
    assert found["2/tiny/notes.md"] == "words"
    assert found["3/tiny/tiny.ipynb"] == "mine"
    assert "4/tiny/tiny.ipynb" not in found
    assert "4: any of these may be tiny.ipynb, so none is taken: 'my tiny.ipynb', 'your tiny.ipynb'" in text
    assert {found["4/tiny/my tiny.ipynb"], found["4/tiny/your tiny.ipynb"]} == {"one", "another"}
    assert found["5/tiny/tiny.ipynb"] == "alike"
    assert found["6/tiny/hand_in.zip"] == "a student's archive"
    assert "7/tiny/tiny.ipynb" not in found
    assert len(found) == len(files)


def test_the_latest_attempt_counts_and_earlier_ones_are_named(course, submitted, tmp_path):
    name = "T_ada_attempt_2026-03-0{}-10-00-00{}"
    files = {
        name.format(3, "_tiny.ipynb"): "new",
        name.format(1, "_tiny.ipynb"): "old",
        name.format(3, ".txt"): "Name: Ada",
    }
    text = said(course, submitted, "blackboard", packed(tmp_path / "d.zip", files))
    assert there(submitted) == {"ada/tiny/tiny.ipynb": "new", "ada/tiny/timestamp.txt": "2026-03-03 09:00:00 UTC\n"}
    assert "2 attempts, the latest is taken; left in the download: 'tiny.ipynb'" in text


def test_who_cannot_be_found_in_the_roster_is_named_with_the_files(course, submitted, tmp_path):
    files = {"Eve Elsewhere_1_assignsubmission_file_/tiny.ipynb": "eve", MOODLE["ada"]: "ada", "readme.txt": "hello"}
    download = packed(tmp_path / "d.zip", files)
    text = said(course, submitted, "moodle", download, "--column", "name")
    assert there(submitted) == {"ada/tiny/tiny.ipynb": "ada"}
    assert (
        "'Eve Elsewhere_1_assignsubmission_file_/tiny.ipynb': nobody in the roster has 'Eve Elsewhere' as name" in text
    )
    assert "not collected: 'readme.txt': not named as moodle names" in text
    text = said(course, submitted, "moodle", download)
    assert "1: is not in the roster" in text
    assert "the platform tells no email of 'Ada Beispiel'" in said(
        course, submitted, "moodle", download, "--column", "email"
    )


def test_a_students_names_for_files_reach_nobody_elses_folder_and_no_time_stamp(course, submitted, tmp_path):
    mine = "Eve_9_assignsubmission_file_"
    files = {
        f"{mine}/tiny.ipynb": "eve",
        f"{mine}/Ada Beispiel_4711_assignsubmission_file_/tiny.ipynb": "forged",
        f"{mine}/timestamp.txt": "2020-01-01 00:00:00 UTC",
        f"{mine}/../../ada/tiny/tiny.ipynb": "climbs",
        "/etc/Eve_9_assignsubmission_file_/tiny.ipynb": "absolute",
        "C:\\Eve_9_assignsubmission_file_\\tiny.ipynb": "drive",
        f"{mine}\\folder\\of windows.txt": "leans",
        f"{mine}/TINY.ipynb": "in capitals",
        f"{mine}/e\u0301.txt": "two signs",
        f"{mine}/\u00e9.txt": "one sign",
        f"{mine}/a\nb\x1b[31m.txt": "controls",
        f"{mine}/{'n' * 300}.txt": "long",
        "__MACOSX/x": "",
    }
    text = said(course, submitted, "moodle", packed(tmp_path / "d.zip", files))
    found = there(submitted)
    assert {name.split("/")[0] for name in found} == {"9"}
    assert not [name for name in found if name.endswith("timestamp.txt")]
    assert "only a collector writes such a file" in text
    assert text.count("its name leads out of the download") == 3
    assert found["9/tiny/folder/of windows.txt"] == "leans"
    assert {"in capitals", "two signs", "one sign", "controls", "long", "forged"} <= {*found.values()}
    assert len({name.casefold() for name in found}) == len(found)
    assert all(name.isprintable() for name in found)


def linked(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_one_bad_file_of_an_archive_costs_only_itself(course, submitted, tmp_path):
    download = tmp_path / "d.zip"
    with zipfile.ZipFile(download, "w") as archive:
        archive.writestr("a_1_1_tiny.ipynb", "fine")
        archive.writestr(linked("b_2_1_tiny.ipynb"), "/etc/passwd")
        archive.writestr("c_3_1_tiny.ipynb", "to be damaged")
        archive.writestr("d_4_1_tiny.ipynb", bytes(101 << 20), zipfile.ZIP_DEFLATED)
    download.write_bytes(download.read_bytes().replace(b"to be damaged", b"to be_damaged"))
    text = said(course, submitted, "canvas", download)
    assert there(submitted) == {"1/tiny/tiny.ipynb": "fine"}
    assert "'b_2_1_tiny.ipynb': a link, which nobody follows" in text
    assert "3: not collected: 'c_3_1_tiny.ipynb' is damaged" in text
    assert "'d_4_1_tiny.ipynb': larger than 100 MiB" in text


def nested() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(MOODLE["ada"], "ada")
    return inner.getvalue()


@pytest.mark.parametrize(
    ("content", "platform", "why"),
    [
        (b"no archive at all", "moodle", "is no ZIP archive"),
        (b"PK\x03\x04 and no more", "moodle", "is damaged"),
        ({}, "moodle", "the download holds no files"),
        ({"moodle.zip": nested(), "tiny.md": ""}, "moodle", "there is 'moodle.zip', an archive: give that one"),
        ({CANVAS["ada"]: "x"}, "moodle", "no file is named as moodle names what students hand in"),
        ({GRADESCOPE["ada"]: "x"}, "gradescope", "has no submission_metadata.yml"),
        ({"ada/work.ipynb": "x"}, "folders", "name no assignment: say with --assignment"),
    ],
)
def test_a_download_of_which_nothing_can_be_made_is_one_line_and_nothing_is_written(  # noqa: PLR0917
    course, submitted, tmp_path, content, platform, why
):
    download = tmp_path / "d.zip"
    if isinstance(content, dict):
        packed(download, content)
    else:
        download.write_bytes(content)
    text = said(course, submitted, platform, download, code=2)
    assert why in text
    assert "Traceback" not in text
    assert there(submitted) == {}


def test_an_archive_whose_files_overlap_is_refused(course, submitted, tmp_path):
    download = packed(tmp_path / "d.zip", {"a_1_1_tiny.ipynb": bytes(1 << 20)})
    content = download.read_bytes()
    place = content.index(b"PK\x01\x02")
    entry, end = content[place : content.index(b"PK\x05\x06")], content[content.index(b"PK\x05\x06") :]
    many = bytearray(end)
    many[8:12] = (200).to_bytes(2, "little") * 2
    many[12:16] = (len(entry) * 200).to_bytes(4, "little")
    download.write_bytes(content[:place] + entry * 200 + bytes(many))
    assert "its files overlap" in said(course, submitted, "canvas", download, code=2)


def test_a_second_run_changes_what_is_new_and_keeps_what_a_person_changed(course, submitted, tmp_path):
    names = {student: f"{student}/tiny.ipynb" for student in PEOPLE}
    first = packed(tmp_path / "1.zip", dict.fromkeys(names.values(), "first") | {"ada/old.txt": "old"})
    assert "(4 new)" in said(course, submitted, "folders", first)
    ages = {path: path.stat().st_mtime_ns for path in submitted.rglob("*") if path.is_file()}
    assert "(4 as before)" in said(course, submitted, "folders", first)
    assert {path: path.stat().st_mtime_ns for path in ages} == ages
    (submitted / "bob/tiny/tiny.ipynb").write_text("mended by hand")
    second = packed(tmp_path / "2.zip", {names["ada"]: "second", names["bob"]: "second", names["dan"]: "first"})
    text = said(course, submitted, "folders", second)
    assert "(1 changed, 1 as before, 1 left alone)" in text
    assert "was changed by hand and stays as it is" in text
    assert there(submitted) == {
        "ada/tiny/tiny.ipynb": "second",
        "bob/tiny/tiny.ipynb": "mended by hand",
        "cleo/tiny/tiny.ipynb": "first",
        "dan/tiny/tiny.ipynb": "first",
    }


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_goes_on(course, submitted, tmp_path):
    names = {student: f"{student}/tiny.ipynb" for student in PEOPLE}
    for word in ("first", "second"):
        download = packed(tmp_path / f"{word}.zip", dict.fromkeys(names.values(), word * 1000))
        for count in (1, 3):
            done = killed(course, "tiny.ipynb", count, "collect", "folders", download, "--submitted", submitted)
            assert done.returncode == -9
            assert {*there(submitted).values()} <= {"first" * 1000, "second" * 1000}
        said(course, submitted, "folders", download)
        assert there(submitted) == {f"{name}/tiny/tiny.ipynb": word * 1000 for name in names}
        assert not list(submitted.rglob(".writing-*"))


def test_the_archives_own_times_count_where_the_instructor_says_so(course, submitted, tmp_path):
    info = zipfile.ZipInfo(MOODLE["ada"], datetime(2026, 7, 1, 18, 0, 0).timetuple()[:6])
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr(info, "ada")
    said(course, submitted, "moodle", tmp_path / "d.zip", "--column", "name", "--entry-times")
    assert there(submitted)["ada/tiny/timestamp.txt"] == "2026-07-01 16:00:00 UTC\n"


def test_the_courses_own_expression_for_names_serves_for_other_platforms(course, submitted, tmp_path):
    config = course / "nbgrader_config.py"
    before = config.read_text()
    expression = r".*/(?P<student_id>\w+)--(?P<timestamp>[\d-]+)--(?P<file_id>.+)"
    try:
        config.write_text(f"{before}\nc.FileNameCollectorPlugin.named_regexp = {expression!r}\n")
        said(course, submitted, "named", packed(tmp_path / "d.zip", {"ada--2026-03-01-10-00-00--tiny.ipynb": "ada"}))
    finally:
        config.write_text(before)
    assert there(submitted) == {"ada/tiny/tiny.ipynb": "ada", "ada/tiny/timestamp.txt": "2026-03-01 09:00:00 UTC\n"}


def test_what_was_collected_is_graded(course, tmp_path):
    hand_in(course, "made")
    notebook = (course / "submitted/made/tiny/tiny.ipynb").read_text()
    json.loads(notebook)
    collected = tmp_path / "class"
    said(course, collected, "canvas", packed(tmp_path / "d.zip", {CANVAS["bob"]: notebook}), "--column", "lms_user_id")
    done = autograder(course, "grade", "tiny", "--submitted", collected, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "bob" in done.stdout
    assert "3 / 3" in done.stdout
