"""A class is judged side by side, resumed, and never loses anything."""

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.judging import batch as batches
from autograder.judging import grading
from autograder.judging import hand_ins as hand_in_reading
from autograder.judging.batch import Batch, processes
from autograder.judging.exams import OneExam
from autograder.judging.hand_ins import NothingToGradeError, hand_ins
from autograder.judging.scores import COLUMNS
from autograder.judging.verdicts import Store
from autograder.model import Status
from autograder.sandbox.session import ConfinementError, SandboxError
from tests.helpers.tiny_exam import DOUBLE, FULL, LIMITS, TOTAL, cell, cells, exam, hand_in, notebook, write_scores

ROOT = Path(__file__).resolve().parents[2]
HALF = notebook(cells(double=DOUBLE.replace("2 *", "3 *")))


class Here(Executor):
    """Judges in this process, and remembers whom; ``troubles`` are raised instead, one a call."""

    def __init__(self, troubles=()):
        self.judged, self.troubles = [], list(troubles)

    def submit(self, function, packed, student, submission, first):
        self.judged.append(student)
        future = Future()
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            future.set_exception(trouble)
        else:
            future.set_result(function(packed, student, submission, first))
        return future


def make(folder, *students, asked=None):
    for student in students:
        hand_in(folder / "submitted", student, notebook([cell(f"# {student}"), *cells()]))
    return Batch(OneExam(asked or exam()), hand_ins(folder / "submitted", "tiny"), Store(folder / "store"))


def run(batch, *troubles):
    """Judge here; return whom it took."""
    executor = Here(troubles)
    batch.run(lambda: executor, lambda _: None, in_flight=1)
    return executor.judged


def rows(folder):
    with open(folder / "scores.csv", newline="") as file:
        return list(csv.reader(file))


def program(folder, memory=LIMITS.memory, *before):
    command = [*before, sys.executable, "-m", "tests.helpers.grade_tiny", str(folder), str(memory)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_every_student_has_the_same_rows(tmp_path):
    hand_in(tmp_path / "submitted", "half", HALF)
    (tmp_path / "submitted" / "absent").mkdir()
    batch = make(tmp_path, "full")
    run(batch)
    write_scores(batch, tmp_path / "scores.csv")
    head, *body = rows(tmp_path)
    assert tuple(head) == COLUMNS
    asked = [
        ["double", "values", "2"],
        ["double", "the input stays", "1"],
        ["double", "refuses", "1"],
        ["total", "sum", "2"],
    ]
    for student in ("absent", "full", "half"):
        assert [[*row[2:4], row[5]] for row in body if row[0] == student] == asked
    scores = {
        student: sum(float(row[4]) for row in body if row[0] == student) for student in ("absent", "full", "half")
    }
    assert scores == {"absent": 0, "full": FULL, "half": 2}
    assert {row[6] for row in body if row[0] == "absent"} == {"missing"}


def test_a_second_run_judges_only_the_changed_hand_in(tmp_path):
    assert run(make(tmp_path, "ann", "bob")) == ["ann", "bob"]
    assert run(make(tmp_path)) == []
    hand_in(tmp_path / "submitted", "bob", HALF)
    batch = make(tmp_path)
    assert run(batch) == ["bob"]
    assert [verdict.score for verdict in batch.verdicts()] == [FULL, 2]


def test_outputs_flags_and_words_are_no_change(tmp_path):
    run(make(tmp_path, "ann"))
    changed = notebook([cell("# ann"), cell("words", kind="markdown"), *cells()])
    changed["cells"][3]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hello"}]
    changed["cells"][3]["metadata"]["nbgrader"]["points"] = 7
    hand_in(tmp_path / "submitted", "ann", changed)
    assert run(make(tmp_path)) == []


def test_another_seed_judges_everybody_again(tmp_path):
    run(make(tmp_path, "ann", "bob"))
    assert run(make(tmp_path, asked=exam(seed=2))) == ["ann", "bob"]


def test_equal_hand_ins_are_judged_once(tmp_path):
    for student in ("ann", "copy"):
        hand_in(tmp_path / "submitted", student)
    assert run(make(tmp_path)) == ["ann"]


def test_a_failure_of_the_machine_is_tried_again(tmp_path):
    batch = make(tmp_path, "ann")
    assert run(batch, SandboxError("no memory"), OSError("no memory")) == ["ann"] * 3
    assert batch.failures == {}
    assert batch.verdicts()[0].score == FULL


def test_a_failure_of_the_machine_is_no_score(tmp_path):
    hand_in(tmp_path / "submitted", "zoe", HALF)
    batch = make(tmp_path, "ann")
    run(batch, *[SandboxError("no memory"), None] + [SandboxError("no memory")] * 2)
    assert batch.failures == {"ann": "SandboxError: no memory"}
    write_scores(batch, tmp_path / "scores.csv")
    assert {row[0] for row in rows(tmp_path)[1:]} == {"zoe"}


def test_a_hand_in_that_cannot_be_read_is_no_score(tmp_path, monkeypatch):
    batch = make(tmp_path, "ann")
    error = OSError(5, "Input/output error")
    monkeypatch.setattr(hand_in_reading, "open_regular", lambda *_: (_ for _ in ()).throw(error))
    run(batch)
    assert batch.failures == {"ann": "OSError: [Errno 5] Input/output error"}


def test_where_code_cannot_be_confined_nobody_is_judged(tmp_path):
    with pytest.raises(ConfinementError, match="no namespaces"):
        run(make(tmp_path, "ann", "bob"), ConfinementError("no namespaces"))


def test_a_damaged_verdict_is_judged_again(tmp_path):
    run(make(tmp_path, "ann"))
    (kept,) = (path for path in (tmp_path / "store").rglob("*") if path.is_file())
    kept.write_bytes(kept.read_bytes()[:-9])
    batch = make(tmp_path)
    assert run(batch) == ["ann"]
    assert batch.verdicts()[0].score == FULL


def test_a_killed_judge_takes_nobody_with_it(tmp_path):
    for number in range(8):
        hand_in(tmp_path / "submitted", f"s{number}", notebook([cell(f"# {number}"), *cells()]))
    pools = []

    def workers():
        pools.append(processes(2))
        return pools[-1]

    def kill_once(_):
        if len(pools) == 1:
            for process in list(pools[0]._processes.values()):
                os.kill(process.pid, signal.SIGKILL)

    batch = make(tmp_path)
    batch.run(workers, kill_once)
    assert len(pools) > 1
    assert batch.failures == {}
    assert [verdict.score for verdict in batch.verdicts()] == [FULL] * 8


def test_judges_that_cannot_start_are_an_error(tmp_path):
    batch = make(tmp_path, "ann")
    broken = processes(1)
    broken.submit(os._exit, 1).exception()
    with pytest.raises(SandboxError, match="cannot be started"):
        batch.run(lambda: broken, lambda _: None)


def _class_of(folder, count):
    for number in range(count):
        wrong = notebook(cells(double=DOUBLE.replace("2 *", f"{number % 3 + 1} *"), total=TOTAL + f"# {number}"))
        hand_in(folder / "submitted", f"s{number:02}", wrong)


def _alive(memory):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(memory).encode() in path.read_bytes().split(b"\0"):
                found.append(path)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_a_grader_killed_at_any_moment_resumes_and_repeats_nothing(tmp_path):
    _class_of(tmp_path, 10)
    memory = LIMITS.memory + 4096 * 17
    rng = random.Random(3)
    for _ in range(2):
        grader = program(tmp_path, memory)
        # After some verdicts, while others are on their way.
        for _ in range(rng.randint(1, 4)):
            grader.stdout.readline()
        time.sleep(rng.random() / 10)
        grader.kill()
        grader.communicate()
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*") if path.is_file()}
        deadline = time.monotonic() + 20
        while _alive(memory) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _alive(memory) == []
    grader = program(tmp_path, memory)
    assert grader.communicate()[1] == ""
    assert grader.returncode == 0
    whole = {path: stamp for path, stamp in before.items() if not path.name.startswith(".")}
    assert whole
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in whole.items())
    resumed = (tmp_path / "scores.csv").read_bytes()
    shutil.rmtree(tmp_path / "store")
    grader = program(tmp_path, memory)
    grader.communicate()
    assert (tmp_path / "scores.csv").read_bytes() == resumed


def test_two_graders_at_once_agree(tmp_path):
    _class_of(tmp_path, 6)
    graders = [program(tmp_path), program(tmp_path)]
    for grader in graders:
        assert grader.communicate()[1] == ""
        assert grader.returncode == 0
    assert len(rows(tmp_path)) == 1 + 6 * 4


def test_a_full_disk_is_an_error_that_names_itself(tmp_path):
    _class_of(tmp_path, 6)
    (tmp_path / "store").mkdir()
    # 12 KiB are three pages: a folder and a file each take one.
    small = ("bwrap", "--dev-bind", "/", "/", "--size", str(12 << 10), "--tmpfs", str(tmp_path / "store"), "--")
    grader = program(tmp_path, LIMITS.memory, *small)
    said = grader.communicate()[1]
    assert grader.returncode == 1
    assert "OSError: [Errno 28] No space left on device" in said.splitlines()[-1]


@pytest.mark.parametrize("name", ["nowhere", "file", "empty"])
def test_a_folder_with_nobody_in_it_is_one_clear_error(tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "empty" / ".hidden").mkdir(parents=True)
    with pytest.raises(NothingToGradeError, match=name):
        hand_ins(tmp_path / name, "tiny")


def test_names_that_look_alike_stay_apart(tmp_path):
    os.mkdir(os.fsencode(tmp_path) + b"/\xff")
    (tmp_path / "\\xff").mkdir()
    assert len({one.student for one in hand_ins(tmp_path, "tiny")}) == 2


def timed_out(verdict, question):
    """Return a verdict as a machine that is too busy would have made it."""
    slow = {"score": 0.0, "status": Status.TIMEOUT, "message": "no result after 2 s"}
    results = [replace(one, **slow) if one.question == question else one for one in verdict.results]
    return replace(verdict, results=tuple(results))


def test_what_was_too_slow_beside_others_is_judged_once_more_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "grade", lambda *asked: timed_out(grading.grade(*asked), "double"))
    batch = make(tmp_path, "ann", "bob")
    assert run(batch) == ["ann", "bob", "ann", "bob"]
    for verdict in batch.verdicts():
        assert verdict.score == FULL
        assert verdict.remarks[0] == "double, values: timeout at first, passed when judged once more, alone"
        assert len(verdict.remarks) == 3
    assert run(make(tmp_path)) == []


def test_what_is_too_slow_alone_as_well_stays_lost(tmp_path):
    endless = notebook(cells(double="def double(x):\n    while True: pass"))
    hand_in(tmp_path / "submitted", "ann", endless)
    limits = replace(LIMITS, call_seconds=0.3, function_seconds=0.5)
    batch = make(tmp_path, asked=exam(limits=limits))
    assert run(batch) == ["ann", "ann"]
    (verdict,) = batch.verdicts()
    assert [str(result.status) for result in verdict.results] == ["timeout"] * 3 + ["passed"]
    assert verdict.remarks == ()


def test_a_run_that_is_stopped_before_the_second_look_keeps_nothing_of_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "grade", lambda *asked: timed_out(grading.grade(*asked), "double"))
    monkeypatch.setattr(batches, "look_again", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(make(tmp_path, "ann"))
    monkeypatch.undo()
    assert run(make(tmp_path)) == ["ann"]


def interrupted(*_):
    raise KeyboardInterrupt
