"""The bundled class is graded from the command line, and everybody gets what they deserve."""

import csv
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest

from autograder import assignments
from sample_class import hand_ins as sample
from sample_class.hand_ins import ROOT, hand_ins

LOST = {
    "all-right-with-loops": {},
    "all-right-with-stride-tricks": {},
    "one-common-mistake": {"failed": {("max_pool2d", "padding never wins")}},
    "one-subtle-mistake": {"failed": {("max_pool2d_backward", "ties go to the first maximum")}},
}


def autograder(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    for student, notebook in hand_ins("pooling").items():
        path = folder / "submitted" / student / "pooling" / "pooling.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    done = autograder("grade", "pooling", "--submitted", folder / "submitted", "--output", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def rows(graded: Path) -> dict[str, list[dict[str, str]]]:
    students = defaultdict(list)
    with (graded / "scores.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            students[row["student"]].append(row)
    return students


def lost(rows: list[dict[str, str]]) -> dict[str, set[tuple[str, str]]]:
    found = defaultdict(set)
    for row in rows:
        if float(row["score"]) < float(row["max_score"]):
            found[row["status"]].add((row["question"], row["criterion"]))
    return found


@pytest.mark.parametrize("student", LOST)
def test_student_loses_only_what_is_wrong(rows: dict[str, list[dict[str, str]]], student: str) -> None:
    assert lost(rows[student]) == LOST[student]


def test_every_student_has_the_same_rows_and_maxima(rows: dict[str, list[dict[str, str]]]) -> None:
    shapes = {
        tuple((row["question"], row["criterion"], row["max_score"]) for row in student) for student in rows.values()
    }
    assert len(rows) == 9
    assert len(shapes) == 1


@pytest.mark.parametrize(
    ("student", "status", "questions"),
    [
        ("endless-loop", "timeout", {"max_pool2d"}),
        ("syntax-error", "error", {"avg_pool2d"}),
        ("half-finished", "error", {"max_pool2d_backward", "avg_pool2d_backward", "avg_pool_weight"}),
    ],
)
def test_what_is_missing_costs_only_itself(
    rows: dict[str, list[dict[str, str]]], student: str, status: str, questions: set[str]
) -> None:
    found = lost(rows[student])
    assert set(found) == {status}
    assert {question for question, _ in found[status]} == questions


def test_cheating_earns_nothing(rows: dict[str, list[dict[str, str]]]) -> None:
    assert sum(float(row["score"]) for row in rows["tries-to-cheat"]) == 0


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("one-common-mistake", "padding never wins"),
        ("one-subtle-mistake", "ties go to the first maximum"),
        ("endless-loop", "time limit"),
        ("syntax-error", "SyntaxError"),
        ("half-finished", "NotImplementedError"),
        ("tries-to-cheat", "crashed"),
    ],
)
def test_feedback_page_says_why(graded: Path, student: str, said: str) -> None:
    assert said in (graded / "feedback" / student / "pooling" / "pooling.html").read_text(encoding="utf-8")


def test_report_names_those_who_share_a_wrong_result(graded: Path) -> None:
    page = (graded / "report-pooling.html").read_text(encoding="utf-8")
    shared = page[page.index('id="alike"') : page.index('id="stopped"')]
    assert "one-common-mistake" in shared
    assert "shares-the-mistake" in shared
    assert "one-subtle-mistake" not in shared


def test_second_run_judges_nobody_again(graded: Path) -> None:
    verdicts = {path: path.stat().st_mtime_ns for path in (graded / ".autograder").rglob("*") if path.is_file()}
    before = (graded / "scores.csv").read_bytes()
    done = autograder("grade", "pooling", "--submitted", graded.parent / "submitted", "--output", graded)
    assert done.returncode == 0, done.stderr
    assert (graded / "scores.csv").read_bytes() == before
    kept = {path: path.stat().st_mtime_ns for path in verdicts if path.parent.parent.name == "verdicts"}
    assert kept.items() <= verdicts.items()
    assert kept


def test_summary_lists_the_class(graded: Path) -> None:
    done = autograder("summary", "--output", graded)
    assert "one-common-mistake" in done.stdout
    assert f"of {sum(question.points for question in assignments.load('pooling').questions):g}" in done.stdout


@pytest.mark.parametrize("name", assignments.names())
def test_an_assignment_without_variants_has_a_class_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "find_spec", lambda _: None)
    monkeypatch.setattr(sample, "MISTAKES", {student: {} for student in sample.MISTAKES})
    class_ = {
        student: [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        for student, notebook in hand_ins(name).items()
    }
    assert len(class_) == 9
    right = class_["all-right-with-loops"]
    assert not [source for source in right if "### BEGIN" in source or "raise NotImplementedError()" in source]
    assert class_["one-common-mistake"] == class_["shares-the-mistake"]
    changed = {student for student, sources in class_.items() if sources != right}
    assert changed == class_.keys() - {"all-right-with-loops", "all-right-with-stride-tricks"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade", "poling", "--submitted", ".", "--output", "out"], "no assignment is called 'poling'"),
        (["grade", "pooling", "--submitted", "{empty}", "--output", "{empty}/out"], "holds no student's folder"),
        (["grade", "pooling", "--submitted", "{empty}/none", "--output", "{empty}/out"], "cannot be read"),
        (["report", "pooling", "--output", "{empty}"], "no finished run"),
        (["summary", "--output", "{empty}"], "nothing was graded"),
    ],
)
def test_bad_input_is_answered_in_words_and_exit_code_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = autograder(*(word.format(empty=tmp_path) for word in arguments))
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
