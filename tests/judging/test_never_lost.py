"""The command line killed, run again, run after a change: nothing is lost, nothing done twice."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.helpers import small_course
from tests.helpers.small_course import autograder, forking, hand_in, make

STUDENTS = ("ann", "bob", "cid")


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return make(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture
def course(released, tmp_path):
    root = shutil.copytree(released, tmp_path / "course")
    for number, student in enumerate(STUDENTS):
        hand_in(root, student, double=f"def double(x):\n    return {number} * x")
    with forking(root):
        yield root


def options(output, assignment="tiny"):
    return ["grade", assignment, "--submitted", "submitted", "--output", str(output), "--seed", "5"]


def grade(course, output, assignment="tiny"):
    done = autograder(course, *options(output, assignment))
    assert done.returncode == 0, done.stderr


def killed(course, output, place, count):
    done = small_course.killed(course, place, count, *options(output))
    assert done.returncode == -signal.SIGKILL, done.stderr


def verdicts(output: Path, assignment="tiny") -> dict[Path, int]:
    """Return when each verdict that is kept was written."""
    kept = (output / ".autograder" / assignment / "verdicts").rglob("*")
    return {path: path.stat().st_mtime_ns for path in kept if path.is_file() and not path.name.startswith(".")}


def results(output: Path) -> dict[str, bytes]:
    """Return all that a run has written for people and for nbgrader, the gradebook apart."""
    places = ["scores.csv", "report-tiny.html", *("feedback/**/*.html", "autograded/**/*.ipynb")]
    return {str(path.relative_to(output)): path.read_bytes() for place in places for path in output.glob(place)}


def points(output: Path) -> dict[str, dict[str, tuple]]:
    """Return what the gradebook says."""
    with Gradebook(f"sqlite:///{output / 'gradebook.db'}", "pooling-measured") as gradebook:
        return {
            submission.student.id: {
                one.name: (one.auto_score, one.manual_score, one.needs_manual_grade)
                for notebook in submission.notebooks
                for one in notebook.grades
            }
            for submission in gradebook.assignment_submissions("tiny")
        }


def test_a_grader_killed_at_every_step_ends_with_the_same_scores_and_repeats_nothing(course, tmp_path):
    output = tmp_path / "killed"
    kept = {}
    for place, count in (("verdicts", 2), ("index.json", 1), ("feedback", 2), ("autograded", 2), ("report", 1)):
        killed(course, output, place, count)
        now = verdicts(output)
        assert kept.items() <= now.items()
        kept = now
    assert len(kept) == len(STUDENTS)
    grade(course, output)
    assert verdicts(output) == kept
    grade(course, tmp_path / "whole")
    assert results(output) == results(tmp_path / "whole")
    assert points(output) == points(tmp_path / "whole")
    assert {student: scores["check_double"][0] for student, scores in points(output).items()} == {
        "ann": 0,
        "bob": 0,
        "cid": 2,
    }


def test_a_rerun_judges_what_has_changed_and_keeps_what_people_entered(course, tmp_path):
    hand_in(course, "ann", "other")
    for assignment in ("tiny", "other"):
        grade(course, tmp_path, assignment)
    before, others = verdicts(tmp_path), verdicts(tmp_path, "other")
    assert len(before) == len(STUDENTS)
    assert others
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", "pooling-measured") as gradebook:
        gradebook.find_grade("explain_tiny", "tiny", "tiny", "bob").manual_score = 2
        gradebook.find_comment("explain_tiny", "tiny", "tiny", "bob").manual_comment = "well said"
        gradebook.db.commit()

    hand_in(course, "bob", double="def double(x):\n    return x + x")
    grade(course, tmp_path)
    one_more = verdicts(tmp_path)
    assert before.items() <= one_more.items()
    assert len(one_more) == len(before) + 1
    assert points(tmp_path)["bob"]["check_double"][0] == 2

    # A check asks for something else: everybody's verdict on this assignment is another one, and no other's.
    check = course / "autograder" / "assignments" / "tiny.py"
    check.write_text(check.read_text().replace("np.arange(3.0)", "np.arange(4.0)"))
    for assignment in ("tiny", "other"):
        grade(course, tmp_path, assignment)
    assert len(verdicts(tmp_path)) == len(one_more) + len(STUDENTS)
    assert verdicts(tmp_path, "other") == others

    # The reference doubles otherwise: what was right is wrong.
    solution = course / "solutions" / "tiny.py"
    solution.write_text(solution.read_text().replace("return 2 * np.asarray(x)", "return 1 * np.asarray(x)"))
    grade(course, tmp_path)
    found = points(tmp_path)
    assert {student: found[student]["check_double"][0] for student in STUDENTS} == {"ann": 0, "bob": 0, "cid": 0}
    assert found["bob"]["explain_tiny"][1] == 2
    assert verdicts(tmp_path, "other") == others


def test_a_grader_that_dies_leaves_no_hostile_process(course, tmp_path, confinement):
    stubborn = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""
    hand_in(course, "eve", double=stubborn)
    command = [sys.executable, "-m", "autograder", *options(tmp_path / "out"), "--confinement", confinement]
    with subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as grader:
        assert eventually(lambda: busy_below(grader.pid))
        hostile = busy_below(grader.pid)
        grader.kill()
    assert eventually(lambda: not any(Path("/proc", str(process)).exists() for process in hostile))


def busy_below(grader: int) -> list[int]:
    """Return the confined processes that a grader has begun, and that have computed for half a second."""
    parents, busy = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(
                line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line
            )
            user_time = int((folder / "stat").read_text().rpartition(")")[2].split()[11])
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(folder.name)] = int(status["PPid"])
        # A hand-in's process has a filter.
        if status["Seccomp"].strip() == "2" and user_time > os.sysconf("SC_CLK_TCK") / 2:
            busy.append(int(folder.name))
    return [process for process in busy if grader in ancestors(process, parents)]


def ancestors(process: int, parents: dict[int, int]) -> set[int]:
    found: set[int] = set()
    while process in parents:
        process = parents[process]
        found.add(process)
    return found


def eventually(holds) -> bool:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()
