"""What the instructors' page says about adding an assignment is true: its two files are all that it takes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```\{code-block\} python\n:caption: (\S+)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    for name in ("autograder", "solutions", "exercises"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    files = BLOCK.findall((ROOT / "book" / "instructors.md").read_text(encoding="utf-8"))
    assert [name for name, _ in files] == ["solutions/min_pooling.py", "autograder/assignments/min_pooling.py"]
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")
    done = autograder(folder, "release", "min_pooling")
    assert done.returncode == 0, done.stderr
    return folder


def autograder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Started in the folder, `-m` finds the copy there before the installed one.
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("notebook", "points"),
    [
        ("build/source/min_pooling/min_pooling.ipynb", "3 of 3 points"),
        ("exercises/min_pooling/min_pooling.ipynb", "0 of 3 points"),
    ],
)
def test_new_assignment_is_released_and_graded(course: Path, notebook: str, points: str) -> None:
    done = autograder(course, "check", "min_pooling", notebook)
    assert done.returncode == 0, done.stderr
    assert points in done.stdout


def test_new_assignment_fits_one_screen() -> None:
    text = "".join(text for _, text in BLOCK.findall((ROOT / "book" / "instructors.md").read_text(encoding="utf-8")))
    assert len(text.splitlines()) <= 60
