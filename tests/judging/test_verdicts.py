"""A verdict is kept under everything that it depends on."""

import fcntl
import inspect
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from autograder import files
from autograder.criteria import judges
from autograder.criteria.judges import Refused, same_value
from autograder.criteria.parts import UntouchedIf
from autograder.files import write_atomically
from autograder.judging import verdicts
from autograder.judging.verdicts import Store, fingerprint, key
from autograder.model import Call, Evidence, Limits, Reply, Result, Rng, Status, Verdict
from autograder.submission import Submission
from tests.helpers.tiny_exam import DOUBLE, LIMITS, RELEASE, cells, exam, notebook

GOT = Reply(Status.PASSED, (np.ones((2, 2)), {"a": [1, None]}), "said \u202e")
EVIDENCE = Evidence(Call("f", (np.arange(3), Rng(5), "x"), {"p": (1, 2)}), Reply(Status.ERROR, None, "no", True), GOT)
VERDICT = Verdict(
    "ann",
    "tiny",
    7,
    (Result("q", "c", 0.5, 1.0, Status.FAILED, "why", EVIDENCE), Result("q", "d", 1, 1, Status.PASSED)),
)


def with_item(change):
    """Return the exam with its first criterion changed."""
    base = exam()
    paper = base.papers[0]
    changed = replace(paper, criteria=(change(paper.criteria[0]), *paper.criteria[1:]))
    return replace(base, papers=(changed, *base.papers[1:]))


def change_case(item, **changes):
    return replace(item, cases=(replace(item.cases[0], **changes), *item.cases[1:]))


def test_a_verdict_comes_back_as_it_was(tmp_path):
    kept = Store(tmp_path)
    kept.put("abc", VERDICT)
    back = kept.get("abc", "bob")
    assert (back.student, back.assignment, back.seed, back.score) == ("bob", "tiny", 7, 1.5)
    first = back.results[0]
    assert (first.question, first.criterion, first.status, first.message) == ("q", "c", Status.FAILED, "why")
    np.testing.assert_array_equal(first.evidence.call.args[0], np.arange(3))
    assert first.evidence.call.args[1:] == (Rng(5), "x")
    assert first.evidence.call.kwargs == {"p": (1, 2)}
    assert first.evidence.expected.refused
    np.testing.assert_array_equal(first.evidence.got.value[0], np.ones((2, 2)))
    assert first.evidence.got.value[1] == {"a": [1, None]}


def test_what_a_sandbox_may_send_can_always_be_read_back(tmp_path):
    deep = value = []
    for _ in range(14):
        value.append([])
        value = value[0]
    many = [["x"] * 1000] * 200
    verdict = replace(
        VERDICT,
        results=tuple(
            replace(r, evidence=replace(EVIDENCE, got=Reply(Status.PASSED, v)))
            for r in VERDICT.results[:1]
            for v in (deep, many)
        ),
    )
    Store(tmp_path).put("abc", verdict)
    assert Store(tmp_path).get("abc", "ann").results[1].evidence.got.value == many


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b[:-1],
        lambda b: b"",
        lambda b: b[:10],
        lambda b: b.replace(b'"failed"', b'"fooled"'),
        lambda b: b + b"x" * 0 + b"",
    ],
)
def test_a_damaged_verdict_is_none(tmp_path, damage):
    kept = Store(tmp_path)
    kept.put("abc", VERDICT)
    path = tmp_path / "ab" / "abc"
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert ("abc" in kept) is (damage(whole) == whole)


def test_a_verdict_that_was_never_kept_is_none(tmp_path):
    assert "abc" not in Store(tmp_path)
    with pytest.raises(KeyError):
        Store(tmp_path).get("abc", "ann")


def test_a_write_that_fails_leaves_the_old_content(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_removed_and_what_is_being_written_is_not(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / f".writing-{'0123' * 4}").write_bytes(b"half")
    with files.atomically(tmp_path / "deep" / "file") as file:
        file.write(b"whole")
        files.clean(tmp_path, ["deep"])
        assert len(list(tmp_path.rglob(".writing-*"))) == 1
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"whole"]


def test_a_file_that_was_cleaned_away_before_it_was_locked_is_made_again(tmp_path, monkeypatch):
    lock, calls = fcntl.flock, []

    def late(descriptor, how):
        calls.append(descriptor)
        if len(calls) == 1:
            files.clean(tmp_path)
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    write_atomically(tmp_path / "file", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_equal_exams_have_equal_fingerprints():
    assert fingerprint(exam()) == fingerprint(exam())


@pytest.mark.parametrize(
    "changed",
    [
        exam(seed=2),
        exam(limits=replace(LIMITS, call_seconds=9)),
        exam(limits=Limits()),
        exam(confinement="unconfined"),
        with_item(lambda item: replace(item, points=9.0)),
        with_item(lambda item: replace(item, criterion="another")),
        with_item(lambda item: replace(item, cases=item.cases[:1], expected=item.expected[:1])),
        with_item(lambda item: replace(item, expected=(Reply(Status.PASSED, np.ones((1, 1))), *item.expected[1:]))),
        with_item(lambda item: change_case(item, judge=same_value)),
        with_item(lambda item: change_case(item, judge=Refused("x"))),
        with_item(lambda item: change_case(item, call=Call("double", (np.zeros((1, 1)),)))),
        with_item(lambda item: change_case(item, call=replace(item.cases[0].call, rounds=({}, {})))),
        replace(exam(), papers=tuple(replace(paper, packages=("torch",)) for paper in exam().papers)),
    ],
)
def test_whatever_a_verdict_depends_on_changes_the_fingerprint(changed):
    assert fingerprint(changed) != fingerprint(exam())


@pytest.mark.parametrize("module", ["judges", "comparison", "worker", "grading", "confinement", "notebook"])
def test_a_changed_grader_changes_the_fingerprint(monkeypatch, module):
    before = fingerprint(exam())
    source = inspect.getsource
    monkeypatch.setattr(verdicts.inspect, "getsource", lambda one: source(one) + "#" * one.__name__.endswith(module))
    assert fingerprint(exam()) != before


def test_the_modules_of_the_judges_within_a_judge_count():
    inner = import_module("autograder.assignments.dropout.chance").drops
    found = {module.__name__ for module in verdicts._modules(UntouchedIf(inner))}
    assert found == {"autograder.criteria.parts", "autograder.assignments.dropout.chance"}


def test_the_module_of_a_judge_counts():
    assert judges in verdicts._reachable([verdicts._module(Refused("x"))])
    assert verdicts._module(same_value) is judges


def test_only_what_runs_changes_the_key():
    base = key("x", Submission.of(notebook(), RELEASE))
    assert base == key("x", Submission.of({**notebook(), "metadata": {"a": 1}}, RELEASE))
    assert base != key("y", Submission.of(notebook(), RELEASE))
    assert base != key("x", Submission.of(notebook(cells(double=DOUBLE + " ")), RELEASE))
    assert base != key("x", Submission.of(notebook(cells()[::-1]), RELEASE))
    assert base != key("x", Submission.absent(RELEASE, "why"))
