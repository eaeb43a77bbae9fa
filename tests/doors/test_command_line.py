"""Whatever an instructor can mend, the command line answers in words and with exit code 2."""

import csv
import json
import os
import shutil
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from tests.helpers.small_course import autograder, forking, hand_in, make

# An ordinary user, whom file modes stop, also where the tests run as root.
NOBODY = ("bwrap", "--dev-bind", "/", "/", "--unshare-user", "--uid", "1000", "--gid", "1000", "--")

# The kernel's own switch, thrown in a user namespace of the test's own.
SWITCH = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
NO_NAMESPACES = ("unshare", "-Ur", "sh", "-c", SWITCH, "sh")
NAMESPACES = ("--confinement", "namespaces")
# As a kernel without it answers.
NO_LANDLOCK = """
import errno, os, pyseccomp, sys
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "landlock_create_ruleset")
rules.load()
os.execvp(sys.argv[1], sys.argv[1:])
"""
# What Docker's default profile forbids an ordinary user.
PROFILE = """
import errno, os, pyseccomp, sys
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in ("unshare", "setns", "mount", "umount2", "pivot_root"):
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
new_user = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 0x10000000, 0x10000000)
rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", new_user)
rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
rules.load()
os.execvp(sys.argv[1], sys.argv[1:])
"""
LIKE_DOCKER = (*NOBODY, sys.executable, "-c", PROFILE)
# bubblewrap itself covers parts of a /proc that it mounts.
HIDDEN_PROC = ("bwrap", "--dev-bind", "/", "/", "--unshare-user", "--unshare-pid", "--proc", "/proc", "--")
EVE, SAID = "[bold]\x1b]0;owned\x07 eve", "[/red] \x1b]0;owned\x07 [bold]x"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make(tmp_path_factory.mktemp("small") / "course")
    hand_in(root, "ann")
    hand_in(root, EVE, double=f"def double(x):\n    raise ValueError({SAID!r})")
    with forking(root):
        yield root


def grade(course, output, *more, submitted="submitted", **options):
    return autograder(course, "grade", "tiny", "--submitted", submitted, "--output", output, *more, **options)


def refusal(done) -> str:
    """Return the one line that a command answers."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    head, _, said = done.stderr.partition("Error: ")
    assert head.startswith(("Usage: ", "\nUsage: ", "Student code"))
    assert said.count("\n") == 1
    return said


@pytest.fixture
def odd(tmp_path):
    """Folders that are no class."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "unreadable" / "ann").mkdir(parents=True)
    (tmp_path / "unreadable").chmod(0)
    (tmp_path / "misnamed" / "ann" / "other").mkdir(parents=True)
    (tmp_path / "misnamed" / "ann" / "other" / "other.ipynb").write_text("{}")
    for name in ("ann", "bob"):
        (tmp_path / "too deep" / "zip" / name / "tiny").mkdir(parents=True)
        (tmp_path / "too deep" / "zip" / name / "tiny.ipynb").write_text("{}")
    yield tmp_path
    (tmp_path / "unreadable").chmod(stat.S_IRWXU)


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("nowhere", "cannot be read: No such file"),
        ("empty", "holds no student's folder"),
        ("unreadable", "is not readable"),
        ("misnamed", "has a notebook <student>/tiny/tiny.ipynb; there is ann/other/other.ipynb"),
        ("too deep", "has a notebook <student>/tiny/tiny.ipynb; there is zip/ann/tiny.ipynb"),
    ],
)
def test_a_folder_that_is_no_class_is_named(course, odd, folder, said):
    text = refusal(grade(course, odd / "out", submitted=odd / folder, before=NOBODY))
    assert said in text
    assert str(odd / folder) in text


def test_a_file_for_a_folder_and_a_wrong_name_are_named(course, odd):
    assert "is a file" in refusal(grade(course, odd / "out", submitted=odd / "file"))
    assert "there are convolution, dropout" in refusal(
        autograder(course, "grade", "poling", "--submitted", "submitted", "--output", odd / "out")
    )


def test_without_bubblewrap_nothing_is_judged_in_namespaces(course, tmp_path):
    (tmp_path / "bin").mkdir()
    said = refusal(grade(course, tmp_path / "out", *NAMESPACES, PATH=str(tmp_path / "bin")))
    assert "sudo apt-get install bubblewrap" in said
    assert not (tmp_path / "out" / "scores.csv").exists()


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (NO_NAMESPACES, "kernel.unprivileged_userns_clone user.max_user_namespaces"),
        (LIKE_DOCKER, "in a container, its seccomp and AppArmor profiles must allow them"),
        (HIDDEN_PROC, "--security-opt systempaths=unconfined"),
    ],
)
def test_where_the_kernel_refuses_namespaces_landlock_confines_and_it_says_why(course, tmp_path, before, said):
    assert said in refusal(grade(course, tmp_path / "none", *NAMESPACES, before=before))
    assert not (tmp_path / "none" / "scores.csv").exists()
    done = grade(course, tmp_path / "out", before=before)
    assert done.returncode == 0, done.stderr
    assert "confined by: landlock" in done.stderr
    assert said in " ".join(done.stderr.split())
    assert "Confined by: landlock." in (tmp_path / "out" / "report-tiny.html").read_text()


def test_where_nothing_confines_nothing_is_judged_but_code_that_is_trusted(course, tmp_path):
    before = (*NO_NAMESPACES, sys.executable, "-c", NO_LANDLOCK)
    said = refusal(grade(course, tmp_path / "none", before=before))
    assert "Linux 5.13" in said
    assert "kernel.unprivileged_userns_clone" in said
    assert not (tmp_path / "none" / "scores.csv").exists()
    trusting = grade(course, tmp_path / "out", "--unconfined", before=before)
    assert trusting.returncode == 0, trusting.stderr
    assert "confined by: unconfined" in trusting.stderr
    assert "Confined by: unconfined." in (tmp_path / "out" / "report-tiny.html").read_text()


def test_whoever_asks_for_no_confinement_names_none(course, tmp_path):
    said = refusal(grade(course, tmp_path / "out", "--unconfined", "--confinement", "landlock"))
    assert "opposite" in said


def test_a_verdict_is_that_of_what_confined_and_is_not_taken_for_anothers(course, tmp_path, confinement):
    out = tmp_path / "out"
    for name in (confinement, "landlock"):
        done = grade(course, out, "--confinement", name, "--seed", "3")
        assert done.returncode == 0, done.stderr
        assert f"confined by: {name}" in done.stderr
        assert f"Confined by: {name}." in (out / "report-tiny.html").read_text()
    kept = [path.name.rpartition("-")[2] for path in (out / ".autograder" / "tiny" / "verdicts").glob("*/*")]
    assert {*kept} == {confinement, "landlock"}


def test_the_doctor_tells_what_confines_here(course, confinement):
    told = autograder(course, "doctor")
    assert told.returncode == 0, told.stderr
    assert f"{confinement}: works" in told.stdout
    assert "grading confines by: " in told.stdout


@pytest.mark.parametrize("place", ["out/.autograder/tiny/verdicts", "out/feedback"])
def test_a_full_disk_names_the_cure_and_loses_nothing(course, tmp_path, place):
    (tmp_path / place).mkdir(parents=True)
    full = ("bwrap", "--dev-bind", "/", "/", "--size", "4096", "--tmpfs", str(tmp_path / place), "--")
    said = refusal(grade(course, tmp_path / "out", before=full))
    assert "No space left on device" in said
    assert "free some disk space and run again" in said
    assert grade(course, tmp_path / "out").returncode == 0
    assert "ann,tiny,double,twice,2,2,passed," in (tmp_path / "out" / "scores.csv").read_text()


def test_an_output_folder_that_cannot_be_written_is_named(course, tmp_path):
    (tmp_path / "out").mkdir()
    locked = ("bwrap", "--dev-bind", "/", "/", "--ro-bind", str(tmp_path / "out"), str(tmp_path / "out"), "--")
    assert "Read-only file system" in refusal(grade(course, tmp_path / "out", before=locked))


def test_a_locked_gradebook_names_the_cure_and_loses_no_verdict(course, tmp_path):
    assert grade(course, tmp_path / "out").returncode == 0
    holder = sqlite3.connect(tmp_path / "out" / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    said = refusal(grade(course, tmp_path / "out"))
    holder.close()
    assert "close the program that is writing to it" in said
    assert sorted(os.listdir(tmp_path / "out" / "feedback")) == [EVE, "ann"]


def test_a_damaged_secret_is_named(course, tmp_path):
    path = tmp_path / "out" / ".autograder" / "tiny" / "exams" / "secret"
    path.parent.mkdir(parents=True)
    path.write_text("once upon a time")
    assert "run with --fresh" in refusal(grade(course, tmp_path / "out"))


def test_what_a_student_wrote_is_no_command_to_the_terminal(course, tmp_path):
    done = [
        autograder(course, "check", "tiny", Path("submitted", EVE, "tiny", "tiny.ipynb")),
        grade(course, tmp_path / "out"),
        autograder(course, "summary", "--output", tmp_path / "out"),
    ]
    for command, shown in zip(done, ("[/red]", "[bold]", "[bold]"), strict=True):
        assert command.returncode == 0, command.stderr
        assert shown in command.stdout
        assert "\x1b" not in command.stdout


def right(course, student, place):
    """Hand in right answers, at another place than the one that is asked for."""
    hand_in(course, student)
    folder = course / "submitted" / student
    notebook = (folder / "tiny" / "tiny.ipynb").read_bytes()
    shutil.rmtree(folder / "tiny")
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_bytes(notebook)


@pytest.fixture(scope="module")
def odd_class(tmp_path_factory):
    """A class in which nearly everything is somewhere else, graded on a terminal that is not UTF-8."""
    course = make(tmp_path_factory.mktemp("odd") / "course")
    hand_in(course, "\u0141ukasz")
    right(course, "+4917", "Tiny/tiny (1).ipynb")
    right(course, "=x", "tiny.ipynb")
    right(course, "@x;=1", "tiny/tiny.ipynb.json")
    for name in ("tiny-Copy1.ipynb", "tiny-Copy2.ipynb", "a\x1b[31m.ipynb"):
        right(course, "-3", f"tiny/{name}")
        shutil.copytree(course / "submitted" / "-3" / "tiny", course / "kept", dirs_exist_ok=True)
    shutil.copytree(course / "kept", course / "submitted" / "-3" / "tiny", dirs_exist_ok=True)
    with forking(course):
        yield course, grade(course, "graded", PYTHONIOENCODING="latin-1")


def test_what_was_not_where_it_should_be_is_one_list_for_the_instructor(odd_class):
    course, done = odd_class
    assert done.returncode == 0, done.stderr
    _, _, listed = done.stdout.partition("Look at these by hand\n")
    assert [line.partition(": ")[0] for line in listed.splitlines()] == ["+4917", "-3", "-3", "=x", "@x;=1"]
    assert "+4917: tiny.ipynb is not in its place; 'Tiny/tiny (1).ipynb' was read" in listed
    assert "'tiny/tiny-Copy1.ipynb', 'tiny/tiny-Copy2.ipynb'; none was read" in listed
    assert listed.isascii()
    assert "\x1b" not in listed
    report = (course / "graded" / "report-tiny.html").read_text()
    assert report.index("Look at these by hand</h2>") < report.index("Scores</h2>")
    page = (course / "graded" / "feedback" / "+4917" / "tiny" / "tiny.html").read_text()
    assert "What we noticed" in page
    assert "Tiny/tiny (1).ipynb" in page


def test_names_are_data_in_the_scores_and_text_in_a_spreadsheet(odd_class):
    course, _ = odd_class
    with (course / "graded" / "scores.csv").open(newline="", encoding="utf-8") as file:
        scores = {row["student"]: row["status"] for row in csv.DictReader(file)}
    right_ones = dict.fromkeys(["\u0141ukasz", "+4917", "=x", "@x;=1"], "passed")
    assert scores == {**right_ones, "-3": "missing"}
    table = course / "points.csv"
    done = autograder(course, "summary", "--output", "graded", "--spreadsheet", table, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "?ukasz" in done.stdout
    with table.open(newline="", encoding="utf-8-sig") as file:
        rows = dict(csv.reader(file))
    assert rows == {"student": "tiny", "'+4917": "3", "'-3": "0", "'=x": "3", "'@x;'=1": "3", "\u0141ukasz": "3"}


def test_a_single_notebook_may_have_any_name_and_a_limit_of_its_own(odd_class):
    course, _ = odd_class
    path = course / "submitted" / "@x;=1" / "tiny" / "tiny.ipynb.json"
    done = autograder(course, "check", "tiny", path, PYTHONIOENCODING="cp1252")
    assert done.returncode == 0, done.stderr
    assert "3 of 3 points" in done.stdout
    notebook = json.loads(path.read_text())
    notebook["cells"].append({"cell_type": "markdown", "id": "long", "metadata": {}, "source": "x" * (2 << 20)})
    (course / "long.ipynb").write_text(json.dumps(notebook))
    assert "0 of 3" in autograder(course, "check", "tiny", "long.ipynb", "--limit", "notebook=1").stdout
    assert "3 of 3" in autograder(course, "check", "tiny", "long.ipynb", "--limit", "notebook=3").stdout
