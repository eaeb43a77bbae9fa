"""What a student imports needs the standard library, NumPy and Jinja2 alone, on any platform."""

import subprocess
import sys

import pytest

from autograder import assignments

# Modules that Windows or a browser lacks, and everything that only grading and the book need.
ABSENT = [
    "fcntl", "resource", "pwd", "grp", "termios", "pty", "seccomp", "pyseccomp", "sqlalchemy", "nbgrader",
    "nbformat", "nbconvert", "jupytext", "IPython", "ipywidgets", "matplotlib", "torch", "sklearn", "scipy",
    "click", "rich", "distributed", "packaging", "traitlets", "filelock", "_posixsubprocess",
]
WITHOUT = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {ABSENT!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

for name in list(sys.modules):
    if name.partition(".")[0] in {ABSENT!r}:
        del sys.modules[name]
sys.meta_path.insert(0, Absent())
"""


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_check_works_where_only_numpy_and_jinja2_are_installed() -> None:
    done = python(
        """
from autograder import check
def global_avg_pool2d(x):
    return x.mean(axis=(2, 3)) if x.ndim == 4 else x
table = check(global_avg_pool2d)
sys.stdout.reconfigure(encoding="utf-8")
print(table)
assert "✗" in table._repr_html_()
"""
    )
    assert done.returncode == 0, done.stderr
    (question,) = (one for one in assignments.load("global_pooling").questions if one.name == "global_avg_pool2d")
    count = len(question.criteria)
    assert f"{count - 1} of {count} criteria hold on the worked examples" in done.stdout
    assert "bad arguments are refused" in done.stdout


@pytest.mark.parametrize("name", assignments.names())
def test_every_assignment_can_be_asked_there(name: str) -> None:
    done = python(
        f"""
from autograder import assignments, check
for question in assignments.load({name!r}).questions:
    def unwritten(*args, **kwargs):
        raise NotImplementedError
    unwritten.__name__ = question.name
    assert not any(result.score for result in check(unwritten).results)
"""
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("check", "pooling", "some.ipynb")])
def test_the_command_says_in_one_line_what_is_missing(arguments: tuple[str, ...]) -> None:
    run = "import runpy; sys.argv[0] = 'autograder'; runpy.run_module('autograder', run_name='__main__')"
    done = python(run, *arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "click" in line
    assert "pooling-measured[grader]" in line


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_a_platform_that_cannot_grade_is_named(platform: str) -> None:
    code = f"""
import fcntl, resource
from autograder.__main__ import main
sys.platform = {platform!r}
main(sys.argv[1:], prog_name="autograder")
"""
    command = [sys.executable, "-c", "import sys" + code]
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "Grading needs Linux" in told.stdout
    exercise = "exercises/pooling/pooling.ipynb"
    for more in ((), ("--unconfined",)):
        done = subprocess.run(
            [*command, "check", "pooling", exercise, *more], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "Grading needs Linux" in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr
