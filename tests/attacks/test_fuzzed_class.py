"""Whatever one hand-in brings, the command `grade` ends as it should and the neighbours keep what they have earned.

Each example lays out one hostile student beside two honest ones, in a course whose gradebook is new, and runs the
whole command as an ordinary user: 25 of them in ``make test-whole``, the first 6 in ``make test``, always the same.
``FUZZED_HAND_INS=500`` tries as many, other ones each time.
"""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.gradebook.nbgrader_course import course_config, open_gradebook
from tests.helpers import small_course
from tests.helpers.whole import WHOLE

EXAMPLES = int(os.environ.get("FUZZED_HAND_INS", "0"))
HONEST = {"ann": 3.0, "zoe": 3.0}
GRADE_MANY = Path(small_course.__file__).with_name("grade_many.py")
# What a run may write where it is told to, and what is as before in a new example.
WRITTEN = (b"gradebook.db", b"scores.csv", b"report-tiny.html", b"feedback", b"autograded")
KEPT = (b".autograder",)
NOBODY = 65534
NOTEBOOK = b"tiny/tiny.ipynb"
ODD_NAMES = (
    b"-rf", b"--help", b"a\nb", b"\x1b[31m\n", b"=cmd", b"a\xe2\x80\xaeb", b"\xff\xfe", b"x" * 255, b"\xff" * 255,
    b"%s{}$HOME", b"a\\..\\b", b" ", b"...", b"ANN", b"Ann", b"gradebook.db", b"feedback", b"[red]", b"a'b\"<c>",
    "é".encode() * 127, b"tiny", b"tiny.ipynb", b"+1", b"nul", b"\r", b"a\tb", b"'; DROP TABLE student; --",
)  # fmt: skip
PLACES = (
    NOTEBOOK, b"tiny/timestamp.txt", b"tiny/submission_secret.txt", b"timestamp.txt", b"tiny/tiny (1).ipynb",
    b"tiny/TINY.IPYNB", b"Tiny/tiny.ipynb", b"TINY", b"Tiny", b"tiny/tiny.zip", b"all.zip", b"tiny.ipynb", b"tiny",
    b"tiny/.writing-notes", b"tiny/.writing-0123456789abcdef", b".writing-x", b".writing-0123456789abcdef",
    b"tiny/feedback", b"tiny/gradebook.db", b"tiny/.ipynb_checkpoints", b"other/other.ipynb", b"tiny/tiny",
)  # fmt: skip
STAMPS = (
    "2026-03-02 11:00:00 UTC", "2026-03-02 11:00:00 " + "A" * 300, "2026-03-02 11:00 ../../etc/passwd", "0001-01-01",
    "9999-12-31 23:59:59 -12", "0001-01-01 00:00 +14", "\0", "", "x" * 5000, "2026-03-02T11:00:00.123456789 Asia/Tokyo",
    "1" * 4000, "2026-03-02 11:00:00 +99999999999", "2026-02-30", "\ufeff2026-03-02 11:00:00 UTC",
)  # fmt: skip
SOURCES = (
    "", "def double(x):\n    return x + x", "\ud800", "\0", "\\\\[" * 300, "\t\n" * 3000,
    "\\" * 30_000, "<script>alert(1)</script>", "$" * 3000, "`" * 3000, "*a_" * 3000, "![x](attachment:a)",
    "def double(x):\n    raise type('\\n' * 9999, (Exception,), {})('\\x1b[2J' + 'x' * 10 ** 6)",
    "import os\nos._exit(0)", "double = largest = lambda x: {'\\ud800' * 99: float('nan')}", "%%bash\nrm -rf ~",
)  # fmt: skip
TARGETS = (
    b"../../ann/tiny/tiny.ipynb", b"nowhere", b"/proc/self/environ", b"/proc/self/fd/0", b"/dev/zero", b"/dev/tty",
    b"/etc/passwd", b".", b"..", b"../..", b"/", b"../ann", b"ann",
)  # fmt: skip
TIMES = (None, None, 0, -(10**18), 4 * 10**18)


def zipped(*names, content=b"{}", method=zipfile.ZIP_DEFLATED):
    """Return an archive with files of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


RIGHT = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "id": "double", "source": SOURCES[1]}]}).encode()
ARCHIVES = (
    zipped("tiny.ipynb", content=RIGHT), zipped("../../../tiny.ipynb", "/etc/cron.d/tiny.ipynb", content=RIGHT),
    zipped("tiny.ipynb", content=b" " * (150 << 20)), zipped("tiny.ipynb", content=RIGHT)[:-9],
    zipped("tiny.zip", content=zipped("tiny.ipynb")), zipped(*map(str, range(3000)), content=b""),
    zipped("tiny.ipynb", content=RIGHT, method=zipfile.ZIP_LZMA), zipped("tiny.ipynb").replace(b"tiny", b"t\xffn\0"),
    zipped("tiny.ipynb", content=RIGHT).replace(b"PK\x01\x02", b"PK\x01\x02" + b"\xff" * 40),
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
    st.sampled_from(ARCHIVES),
    st.binary(max_size=50),
    st.sampled_from([b"PK\x03\x04", b"[" * 9999, b"1" * 9999, b"\xff\xfe[\x00", b'{"cells": [' + b"{}," * 99_999]),
)
names = st.sampled_from(ODD_NAMES) | st.binary(min_size=1, max_size=255).map(
    lambda name: name.translate(None, b"/\0") or b"x"
)
places = st.sampled_from(PLACES) | st.sampled_from([NOTEBOOK]) | names | names.map(lambda name: b"tiny/" + name)
KINDS = ("file", "file", "file", "file", "file", "folder", "fifo", "socket", "link", "loop", "nest", "sparse")
things = st.tuples(
    places,
    st.sampled_from(KINDS),
    contents,
    st.sampled_from([None, None, None, 0o000, 0o200, 0o7777]),
    st.sampled_from(TIMES),
    st.sampled_from(TARGETS),
)
# A hidden folder is nobody's, and neither is what is no folder.
students = st.just(b"mallory") | names.filter(lambda name: not name.startswith(b".") and name not in (b"ann", b"zoe"))
homes = st.sampled_from(["folder"] * 9 + ["file", "fifo", "loop", "link", "closed", "tiny closed", "tiny link"])


def put(home, thing):
    """Write one thing below a student's folder, as far as what is there leaves room for it."""
    name, kind, content, mode, time, target = thing
    path = os.path.join(home, name)
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path) or not os.path.isdir(os.path.dirname(path)):
        return
    make(path, kind, content, target)
    if kind not in ("link", "loop"):
        if mode is not None:
            os.chmod(path, mode)
        if time is not None:
            os.utime(path, ns=(time, time))


def make(path, kind, content, target):
    if kind in ("file", "sparse"):
        with open(path, "wb") as file:
            file.write(content)
            if kind == "sparse":
                file.truncate(10 << 30)
    elif kind == "folder":
        os.mkdir(path)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        os.mknod(path, 0o140644)
    elif kind == "nest":
        nest(path)
    else:
        os.symlink(os.path.basename(path) if kind == "loop" else target, path)


def nest(path):
    os.mkdir(path)
    here = os.open(path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir(".writing-x", dir_fd=here)
        inner = os.open(".writing-x", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def hand_in(home, kind, brought):
    """Lay out a hostile student's folder."""
    if kind in ("file", "fifo", "loop", "link"):
        make(home, kind, b"", b"ann")
        return
    os.mkdir(home)
    if kind == "tiny link":
        os.symlink(b"../ann/tiny", os.path.join(home, b"tiny"))
    for thing in brought:
        put(home, thing)
    for name, path in (("closed", home), ("tiny closed", os.path.join(home, b"tiny"))):
        if kind == name and os.path.isdir(path):
            os.chmod(path, 0)


def seen(folder, depth=12):
    """Yield what can be seen of all that is below a folder, beside what a run writes there."""
    with suppress(OSError):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if depth == 12 and entry.name in WRITTEN + KEPT:
                continue
            found = entry.stat(follow_symlinks=False)
            link = os.readlink(entry.path) if entry.is_symlink() else b""
            yield entry.path, found.st_mode, found.st_uid, found.st_size, found.st_mtime_ns, link
            if depth and entry.is_dir(follow_symlinks=False):
                yield from seen(entry.path, depth - 1)


class Course:
    """A course with two honest hand-ins and a program that grades it, again and again."""

    def __init__(self, root):
        folder = self.folder = root / "course"
        folder.mkdir()
        small_course.make(folder)
        for student in HONEST:
            small_course.hand_in(folder, student)
        with open_gradebook(f"sqlite:///{folder}/empty.db", course_config(folder).CourseDirectory.course_id):
            pass
        self.said = (root / "said").open("w+b")
        # Modes mean nothing to root.
        ordinary = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        if ordinary:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(root)], check=True)
        self.grader = subprocess.Popen(
            [sys.executable, str(GRADE_MANY)], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.said, env=os.environ | {"PYTHONPATH": str(folder), "HOME": str(root / "home")}, text=True,
            **ordinary,
        )  # fmt: skip
        # Its modules are compiled, its fonts found.
        assert self.grade()[0] == 0

    def grade(self):
        """Return the exit code of the command, what it printed, and what its processes did beside."""
        arguments = ("grade", "tiny", "--submitted", "submitted", "--output", ".", "--seed", "1")
        self.grader.stdin.write(json.dumps(arguments) + "\n")
        self.grader.stdin.flush()
        code, said = json.loads(self.grader.stdout.readline())
        self.said.seek(0)
        return code, said, self.said.read().decode(errors="replace")

    def renew(self, home):
        """Forget the last example: what was handed in, and all that was written of it."""
        for name in (home, *(os.path.join(os.fsencode(self.folder), name) for name in WRITTEN)):
            # Deeper than what Python removes.
            subprocess.run([b"rm", b"-rf", b"--", name], check=True)
        shutil.copy(self.folder / "empty.db", self.folder / "gradebook.db")
        if os.getuid() == 0:
            os.chown(self.folder / "gradebook.db", NOBODY, NOBODY)
        self.said.truncate(0)

    def points(self):
        """Return everybody's points in the table of scores."""
        points: Counter[str] = Counter()
        with open(self.folder / "scores.csv", newline="", encoding="utf-8", errors="surrogateescape") as file:
            for row in csv.DictReader(file):
                points[row["student"]] += float(row["score"])
        return points

    def recorded(self):
        """Return everybody's points in the gradebook, with a row for who has none."""
        with closing(sqlite3.connect(self.folder / "gradebook.db")) as book:
            rows = book.execute(
                "SELECT handed_in.student_id, TOTAL(grade.auto_score) FROM submitted_assignment AS handed_in"
                " LEFT JOIN submitted_notebook AS notebook ON notebook.assignment_id = handed_in.id"
                " LEFT JOIN grade ON grade.notebook_id = notebook.id GROUP BY handed_in.student_id"
            )
            return dict(rows.fetchall())


@pytest.fixture(scope="module")
def course():
    folder = Path(tempfile.mkdtemp(prefix="fuzzed-"))
    folder.chmod(0o755)
    made = Course(folder)
    with made.grader:
        yield made
        made.grader.stdin.close()
    made.said.close()
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@settings(
    max_examples=EXAMPLES or (25 if WHOLE else 6),
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(students, homes, st.lists(things, max_size=6))
@example(b"mallory", "closed", [])
def test_a_fuzzed_hand_in_costs_itself_only(course, student, kind, brought):
    home = os.path.join(os.fsencode(course.folder), b"submitted", student)
    course.renew(home)
    try:
        hand_in(home, kind, brought)
        before = list(seen(os.fsencode(course.folder)))
        code, said, beside = course.grade()
        assert code in (0, 2), said
        assert "Traceback" not in said + beside, said + beside
        assert said.strip()
        assert list(seen(os.fsencode(course.folder))) == before
        points, recorded = course.points(), course.recorded()
        assert HONEST.items() <= points.items(), said
        assert HONEST.items() <= recorded.items(), said
        assert max(points.values()) <= 3
        others = recorded.keys() - HONEST.keys()
        assert len(others) <= 1
        # Who has no folder is nobody, and who is not in the gradebook is named.
        named = ("not in the gradebook", "not UTF-8", "not handed in (1)")
        assert others or kind in ("file", "fifo", "loop") or any(words in said for words in named), said
    finally:
        subprocess.run([b"rm", b"-rf", b"--", home], check=True)
