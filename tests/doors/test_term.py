"""The page "A term" can be followed: each of its commands runs, in its order, in a course of two functions."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.helpers.small_course import autograder, forking, hand_in, make

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "term.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.M | re.S)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
# The small course's names for the page's.
NAMES = {"pooling": "tiny", "max_pool2d": "double"}


def run(course: Path, line: str) -> str:
    """Run a line of the page, by the programs of the course's environment."""
    words = [NAMES.get(word, word) for word in shlex.split(line)]
    if words[:3] == ["python", "-m", "autograder"]:
        one = autograder(course, *words[3:])
        assert one.returncode == 0, f"{line}\n{one.stdout}\n{one.stderr}"
        return one.stdout + one.stderr
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        words, cwd=course, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, str]:
    """Return what each command said, in a course in which a student hands in through Moodle."""
    course = make(tmp_path_factory.mktemp("term") / "course")
    for name in ("course.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, course)
    for name in ("convolution", "dropout", "global_pooling", "invariance", "pooling"):
        shutil.copytree(ROOT / "exercises" / name, course / "exercises" / name)
    hand_in(course, "ann", double="def double(x):\n    return x * x")
    with zipfile.ZipFile(course / "download.zip", "w") as archive:
        place = course / "submitted" / "ann" / "tiny" / "tiny.ipynb"
        archive.write(place, "Ann Arbor_4711_assignsubmission_file_/tiny.ipynb")
    shutil.rmtree(course / "submitted")
    found = {}
    with forking(course):
        for line in COMMANDS:
            found[line] = run(course, line)
    found["points"] = (course / "points.csv").read_text()
    return found


def test_the_page_has_a_command_for_every_step():
    verbs = {" ".join(shlex.split(line)[:4]).replace("python -m ", "") for line in COMMANDS}
    steps = ("release", "handout", "collect", "grade", "feedback", "report", "summary", "export", "explain")
    for verb in (*(f"autograder {step}" for step in steps if step != "handout"), "autograder.handout"):
        assert any(verb in one for one in verbs), verb


def test_every_command_of_a_term_does_what_the_page_says(said):
    by = {line.split("autograder ")[-1].split()[0]: text for line, text in said.items() if "autograder " in line}
    assert "1 students' hand-ins" in by["collect"]
    assert "ann" in by["grade"]
    assert "ann" in by["summary"]
    assert "twice: 0 of 2" in by["explain"]
    assert re.search(r"^ann,ann@example.org,,1$", said["points"], re.M)
