"""Whatever one hand-in brings, the command `grade` ends as it should and the neighbours keep what they have earned."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import small_course

HONEST = {"ann": 3.0, "zoe": 3.0}
GRADE_MANY = Path(small_course.__file__).with_name("grade_many.py")
NAMES = (
    "tiny/tiny.ipynb", "tiny/timestamp.txt", "tiny/submission_secret.txt", "timestamp.txt", "tiny/tiny (1).ipynb",
    "tiny/tiny.zip", "tiny.ipynb", "tiny", "tiny/.writing-notes", "tiny/.writing-0123456789abcdef", ".writing-x",
    "tiny/feedback", "tiny/gradebook.db", "tiny/\x1b[31m\n", "tiny/=cmd", "tiny/a\u202eb",
)  # fmt: skip
STAMPS = (
    "2026-03-02 11:00:00 UTC", "2026-03-02 11:00:00 " + "A" * 300, "2026-03-02 11:00 ../../etc/passwd", "0001-01-01",
    "9999-12-31 23:59:59 -12", "0001-01-01 00:00 +14", "\0", "", "x" * 5000, "2026-03-02T11:00:00.123456789 Asia/Tokyo",
)  # fmt: skip
SOURCES = (
    "", "def double(x):\n    return x + x", "\ud800", "\0", "\\\\[" * 300, "\t\n" * 3000,
    "\\" * 30_000, "<script>alert(1)</script>", "$" * 3000, "`" * 3000, "*a_" * 3000, "![x](attachment:a)",
)  # fmt: skip

cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "heading", None]), "source": st.sampled_from(SOURCES)},
    optional={
        "id": st.sampled_from(["double", "explain_tiny", "check_double", "x"]) | st.integers(),
        "metadata": st.sampled_from(["double", "explain_tiny", "check_largest", [], 7]).map(
            lambda name: {"nbgrader": {"grade_id": name, "points": 99}}
        ),
        "attachments": st.just({"a": {"image/png": "AAAA"}}) | st.integers() | st.lists(st.none(), max_size=2),
        "outputs": st.just([[[[]]]]) | st.none(),
    },
)
notebooks = st.builds(
    lambda some, times, version: json.dumps({"cells": some * times, "nbformat": version}).encode(),
    st.lists(cells | st.none(), max_size=5), st.sampled_from([1, 1, 1, 1000]), st.sampled_from([4, 4, 3, 99, None, []]),
)  # fmt: skip
contents = st.one_of(
    notebooks,
    st.sampled_from(STAMPS).map(str.encode),
    st.binary(max_size=50),
    st.just(b"PK\x03\x04"),
    st.just(b"[" * 9999),
)
KINDS = ("file", "file", "file", "file", "folder", "fifo", "link", "loop", "nest")
things = st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS), contents, st.sampled_from([0o644, 0o000, 0o7777]))


def put(home, thing):
    """Write one thing below a student's folder, as far as what is there leaves room for it."""
    name, kind, content, mode = thing
    path = home / name
    if os.path.lexists(path) or not path.parent.is_dir():
        return
    if kind == "file":
        path.write_bytes(content)
    elif kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "nest":
        path.mkdir()
        here = os.open(path, os.O_RDONLY)
        for _ in range(1500):
            os.mkdir(".writing-x", dir_fd=here)
            inner = os.open(".writing-x", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        os.close(here)
    else:
        path.symlink_to(path.name if kind == "loop" else "../../ann/tiny/tiny.ipynb")
    if kind in ("file", "folder"):
        path.chmod(mode)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Lay out a course with two honest hand-ins, and start the program that grades; yield the folder and a command."""
    folder = small_course.make(tmp_path_factory.mktemp("course"))
    for student in HONEST:
        small_course.hand_in(folder, student)
    environment = os.environ | {"PYTHONPATH": str(folder)}
    with subprocess.Popen(
        [sys.executable, str(GRADE_MANY)], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as grader:  # fmt: skip

        def run(*arguments):
            grader.stdin.write(json.dumps(arguments) + "\n")
            grader.stdin.flush()
            return json.loads(grader.stdout.readline())

        yield folder, run
        grader.stdin.close()
    # Deeper than what pytest removes.
    subprocess.run(["rm", "-rf", str(folder / "submitted")], check=True)


def grade_with(course, things):
    """Grade the class with a third hand-in, beside the output; return the points and who is in the gradebook."""
    folder, run = course
    home = folder / "submitted" / "mallory"
    subprocess.run(["rm", "-rf", str(home)], check=True)
    (home / "tiny").mkdir(parents=True)
    for thing in things:
        put(home, thing)
    kept = sorted(os.listdir(home)), sorted(os.listdir(home / "tiny"))
    code, said = run("grade", "tiny", "--submitted", "submitted", "--output", ".", "--seed", "1")
    assert code == 0, said
    assert kept == (sorted(os.listdir(home)), sorted(os.listdir(home / "tiny")))
    points: Counter[str] = Counter()
    with open(folder / "scores.csv", newline="") as file:
        for row in csv.DictReader(file):
            points[row["student"]] += float(row["score"])
    with closing(sqlite3.connect(folder / "gradebook.db")) as book:
        rows = {row[0] for row in book.execute("SELECT student_id FROM submitted_assignment")}
    return points, rows


@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(things, max_size=5))
def test_a_fuzzed_hand_in_costs_itself_only(course, brought):
    points, rows = grade_with(course, brought)
    assert rows == {*HONEST, "mallory"}
    assert HONEST.items() <= points.items()
