"""A run writes what it found a verdict at a time, however large the class is."""

from collections.abc import Sequence
from dataclasses import fields
from types import SimpleNamespace
from weakref import WeakSet

import pytest
from click.testing import CliRunner

from autograder import cli, term
from autograder.gradebook.filling import CHUNK
from autograder.gradebook.nbgrader_course import GradebookError
from autograder.judging import grading
from autograder.model import Limits
from autograder.pages.report import Overview
from autograder.run import Run, RunError, filling
from tests.helpers.verdicts import POOLING, zero_padder


class Counted(Sequence):
    """Verdicts that are made when they are looked at; ``most`` is how many were alive at once."""

    def __init__(self, count):
        self.count, self.alive, self.most = count, WeakSet(), 0

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index >= self.count:
            raise IndexError
        verdict = zero_padder(f"s{index:03}")
        self.alive.add(verdict)
        self.most = max(self.most, len(self.alive))
        return verdict


@pytest.fixture
def judged(tmp_path):
    """Return a maker of runs in which everybody is judged."""

    def make(verdicts):
        notebook = tmp_path / "submitted" / "s000" / "pooling" / "pooling.ipynb"
        notebook.parent.mkdir(parents=True)
        notebook.write_text("{}")
        run = Run("pooling", tmp_path / "submitted", tmp_path / "output")
        run.overview = Overview(POOLING)
        names = [f"s{index:03}" for index in range(verdicts.count)]
        exams = SimpleNamespace(limits=Limits(), close=lambda: None)
        run.batch = SimpleNamespace(verdicts=lambda: verdicts, judged=lambda: names, exams=exams)
        return run

    return make


@pytest.mark.parametrize(("fill_gradebook", "most"), [(False, 2), (True, CHUNK + 2)])
def test_no_more_verdicts_are_held_than_the_gradebook_takes_at_once(judged, fill_gradebook, most):
    verdicts = Counted(3 * CHUNK)
    run = judged(verdicts)
    run.write(fill_gradebook=fill_gradebook)
    assert verdicts.most <= most
    assert len((run.output / "scores.csv").read_text().splitlines()) == 1 + 5 * len(verdicts)
    assert len(list((run.output / "feedback").rglob("*.html"))) == len(verdicts)


def test_a_gradebook_that_fails_costs_nobody_the_scores_or_the_page(judged, monkeypatch):
    def fail(url, assignment, verdicts, **_):
        next(verdicts)
        raise GradebookError("locked")

    monkeypatch.setattr(filling, "fill", fail)
    run = judged(Counted(5))
    with pytest.raises(GradebookError, match="locked"):
        run.write(fill_gradebook=True)
    assert len((run.output / "scores.csv").read_text().splitlines()) == 1 + 5 * 5
    assert len(list((run.output / "feedback").rglob("*.html"))) == 5


def test_a_run_in_which_nobody_got_a_verdict_has_no_term(tmp_path):
    index = tmp_path / ".autograder" / "pooling" / "index.json"
    index.parent.mkdir(parents=True)
    index.write_text('{"students": {}}')
    with pytest.raises(RunError, match="nobody has a verdict"):
        term.terms(tmp_path)


def test_the_command_line_sets_limits(tmp_path, monkeypatch):
    def stop(*_, limits, **__):
        raise RunError(f"{limits.call_seconds} {limits.memory} {limits.notebook}")

    (tmp_path / "ann" / "pooling").mkdir(parents=True)
    (tmp_path / "ann" / "pooling" / "pooling.ipynb").write_text("{}")
    monkeypatch.setattr(grading, "prepare", stop)
    command = ["grade", "pooling", "--submitted", str(tmp_path), "--output", str(tmp_path / "output")]
    limits = ("call_seconds=7.5", "memory=3", "notebook=40")
    done = CliRunner().invoke(cli.main, [*command, *(word for limit in limits for word in ("--limit", limit))])
    assert done.exit_code == 2
    assert f"Error: 7.5 {3 << 20} {40 << 20}" in done.output
    done = CliRunner().invoke(cli.main, [*command, "--limit", "memory=lots"])
    assert done.exit_code == 2
    assert "'memory=lots'" in done.output


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_every_limit_can_be_set_and_is_named_with_its_default(name):
    changed = Limits().changed({name: 2})
    assert getattr(changed, name) == (2 if name.endswith("_seconds") else 2 << 20)
    assert [one.name for one in fields(Limits) if getattr(changed, one.name) != getattr(Limits(), one.name)] == [name]
    assert f"{name}=" in CliRunner().invoke(cli.main, ["grade", "--help"]).output.replace("\n", " ")
    for odd in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=name):
            Limits().changed({name: odd})
