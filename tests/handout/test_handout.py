"""What students get: complete, small, without an answer, and at work in a fresh environment.

``make test-whole`` tries every Python of pyenv's, ``make test`` the course's own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode, reads

from autograder import assignments
from autograder.course import parsed
from autograder.gradebook.source import BEGIN, stub
from autograder.handout import archive
from autograder.handout.package import HandoutError
from tests.helpers import tiny_course
from tests.helpers.whole import WHOLE

ROOT = Path(__file__).resolve().parents[2]
MOST = 1_000_000
OTHERS = sorted((Path.home() / ".pyenv" / "versions").glob("3.1[2-9].*/bin/python"))
# To install takes half a minute for each.
PYTHONS = [Path(sys.base_prefix, "bin", "python3"), *(OTHERS if WHOLE else [])]


@pytest.fixture(scope="module")
def handout(tmp_path_factory) -> Path:
    """Return the archive, unpacked where nothing of the course is."""
    folder = tmp_path_factory.mktemp("handout")
    made = archive.write(ROOT, folder / "made")
    with zipfile.ZipFile(made) as opened:
        opened.extractall(folder / "got")
    return folder / "got" / made.stem


def everything(folder: Path) -> dict[str, str]:
    """Return all texts that a student has, also those within the wheel."""
    found = {}
    for path in folder.iterdir():
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                found |= {name: wheel.read(name).decode() for name in wheel.namelist()}
        else:
            found[path.name] = path.read_text("utf-8")
    return found


def answers() -> dict[str, set[str]]:
    """Return the lines of each function's reference that its released cell has not, long enough to tell."""
    found = {}
    for name in assignments.names():
        for cell in jupytext.read(ROOT / "solutions" / f"{name}.py").cells:
            if BEGIN in cell.source:
                lines = {*cell.source.splitlines()} - {*stub(cell.source).splitlines()}
                function = cell.metadata["nbgrader"]["grade_id"]
                found[function] = {line.strip() for line in lines if len(line.strip()) > 15 and "###" not in line}
    return found


def test_a_handout_has_the_notebooks_the_package_and_how_to_begin(handout):
    files = {path.name for path in handout.iterdir()}
    (wheel,) = (name for name in files if name.endswith(".whl"))
    notebooks = {f"{name}.ipynb" for name in (*assignments.names(), "training")}
    assert files == {"README.md", "requirements.txt", wheel, *notebooks}
    assert (handout / wheel).stat().st_size < MOST
    for name in assignments.names():
        assert (handout / f"{name}.ipynb").read_bytes() == (ROOT / "exercises" / name / f"{name}.ipynb").read_bytes()
    words = (handout / "README.md").read_text("utf-8")
    assert all(system in words for system in ("Windows", "macOS", "Linux", "Colab", "VS Code", "hub"))
    assert len(words.splitlines()) < 60


def test_nothing_in_a_handout_is_an_answer_a_variant_or_the_graders(handout):
    texts = everything(handout)
    there = {line.strip() for text in texts.values() for line in re.split(r'\n|\\n",?', text.replace('"', ""))}
    there |= {line.strip() for text in texts.values() for line in text.splitlines()}
    # A line by itself may be a formula of the text's, which the domains of cases need as well.
    told = {function: lines & there for function, lines in answers().items() if len(lines & there) > len(lines) / 4}
    assert not told
    # The functions, and a question in words for each notebook.
    assert len(answers()) == sum(len(assignments.load(name).questions) + 1 for name in assignments.names())
    graders = r"solution|variant|judging|gradebook|sample_class|tests|cli\.py|secret"
    assert not [name for name in texts if re.search(graders, name)]
    assert not [name for name, text in texts.items() if BEGIN in text]


def test_what_is_to_be_installed_has_ranges_and_no_exact_version(handout):
    lines = (handout / "requirements.txt").read_text("utf-8").splitlines()
    *packages, wheel = lines
    assert all(re.fullmatch(r"[\w-]+>=[\d.]+(,<[\d.]+)?", line) for line in packages), packages
    assert wheel.startswith("./")
    assert len(packages) < 8


def test_a_handout_is_the_same_each_time(handout, tmp_path):
    again = archive.write(ROOT, tmp_path / "again")
    with zipfile.ZipFile(again) as opened:
        for path in handout.iterdir():
            assert opened.read(f"{again.stem}/{path.name}") == path.read_bytes(), path.name


def test_what_a_course_says_of_itself_is_in_its_handout(tmp_path, monkeypatch):
    root = tiny_course.make_course(tmp_path / "course")
    told = 'contact = "ann@example.org 🙂 \\u007f"\n[due]\npooling = "Friday, 18:00"\ndropout = 2026-12-04 18:00:00\n'
    (root / "course.toml").write_text(told + "[extensions.dropout]\nzoe = 2026-12-11 18:00:00\n")
    for name in ("pyproject.toml", "autograder", "exercises"):
        if not (root / name).exists():
            (root / name).symlink_to(ROOT / name)
    made = archive.write(root, tmp_path / "made")
    words = (made.parent / "README.md").read_text("utf-8")
    assert "ann@example.org 🙂" in words
    assert "- pooling: Friday, 18:00" in words
    assert "- dropout: Friday 4 December 2026, 18:00 (UTC)" in words
    (wheel,) = made.parent.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        students = opened.read("autograder/course.toml").decode()
    assert parsed(students).until["dropout"] in words
    # Whom an extension was given is nobody else's business.
    assert "zoe" not in students + words
    for wrong, said in (('contakt = "ann@example.org"', "contakt"), ("= 1", "no TOML"), ("due.x = 18:00:00", "due.x")):
        (root / "course.toml").write_text(wrong)
        with pytest.raises(HandoutError, match=said):
            archive.write(root, tmp_path / "made")


@pytest.fixture(params=PYTHONS, ids=lambda path: path.resolve().name + " of " + path.parts[-3])
def installed(request, tmp_path, handout) -> Path:
    """Return the Python of a fresh environment that has the students' package and a kernel."""
    (wheel,) = handout.glob("*.whl")
    outside = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    python = tmp_path / "venv" / "bin" / "python"
    for command in (
        [str(request.param), "-m", "venv", str(tmp_path / "venv")],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel), "ipykernel"],
    ):
        done = subprocess.run(command, cwd=tmp_path, env=outside, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return python


def run(notebook: NotebookNode, python: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a notebook in a kernel of another Python."""
    spec = folder / "kernels" / "students" / "kernel.json"
    spec.parent.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": command, "display_name": "students", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    place = {"metadata": {"path": folder}}
    NotebookClient(notebook, kernel_name="students", allow_errors=True, timeout=120, resources=place).execute()


def shown(notebook: NotebookNode, name: str) -> str:
    """Return what a cell shows as text."""
    (cell,) = (cell for cell in notebook.cells if cell.id == name)
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return "\n".join([*texts, *(output.evalue for output in cell.outputs if output.output_type == "error")])


def test_a_released_notebook_checks_itself_in_a_fresh_environment(installed, handout, tmp_path, monkeypatch):
    notebook = reads((handout / "pooling.ipynb").read_text("utf-8"), as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == "max_pool2d")
    cell.source = cell.source.partition("    # YOUR CODE HERE")[0] + "    return x"
    notebook.cells = [one for one in notebook.cells if "demo" not in one.metadata.get("tags", [])]
    shutil.copy(handout / "pooling.ipynb", tmp_path)
    run(notebook, installed, tmp_path, monkeypatch)
    asked = {question.name: question for question in assignments.load("pooling").questions}
    count = len(asked["max_pool2d"].criteria)
    assert re.search(rf"max_pool2d: \d+ of {count} criteria hold", shown(notebook, "check_max_pool2d"))
    assert shown(notebook, "check_avg_pool2d").startswith("avg_pool2d: not written yet")
    (last,) = (cell.id for cell in notebook.cells if cell.source.startswith("check_all("))
    said = shown(notebook, last)
    assert f"of {sum(question.points for question in asked.values()):g} points on the worked examples" in said
    assert re.search(r"in words +unanswered", said)


def test_the_first_cell_says_in_one_sentence_what_to_install():
    for name in assignments.names():
        notebook = reads((ROOT / "exercises" / name / f"{name}.ipynb").read_text("utf-8"), as_version=4)
        first = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
        done = subprocess.run([sys.executable, "-I", "-S", "-c", first], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.count("Error") == 1
        assert "ModuleNotFoundError: What this notebook needs is not installed here: run `%pip install" in done.stderr
