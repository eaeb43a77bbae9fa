"""A run writes results, resumes where it stopped, and measures anew what has changed."""

import json

import pytest
from click.testing import CliRunner
from experiments import e02, results
from experiments.run import main


@pytest.fixture
def folders(tmp_path):
    return ["--cache", str(tmp_path / "cache"), "--output", str(tmp_path / "results"), "--jobs", "1"]


def run(*arguments):
    outcome = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert outcome.exit_code == 0
    return outcome.output


def test_an_interrupted_run_resumes(folders, tmp_path):
    assert f"{len(e02.arms())} arms measured" in run("e02", *folders)
    cached = sorted((tmp_path / "cache").iterdir())
    cached[0].unlink()
    assert "1 arms measured" in run("e02", *folders)
    assert "0 arms measured" in run("e02", *folders)


def test_a_result_holds_arms_figures_and_versions(folders, tmp_path):
    run("e02", *folders)
    content = json.loads((tmp_path / "results" / "e02.json").read_text())
    assert [entry["arm"] for entry in content["arms"]] == e02.arms()
    assert {"python", "numpy", "torch"} <= set(content["versions"])
    assert content == json.loads((results.RESULTS / "e02.json").read_text()) | {"versions": content["versions"]}


def test_another_arm_or_another_code_has_another_key(monkeypatch):
    one = results.key("e05", {"seeds": 5})
    assert one == results.key("e05", {"seeds": 5})
    assert one != results.key("e05", {"seeds": 6})
    assert one != results.key("e06", {"seeds": 5})
    monkeypatch.setattr(results, "code", lambda name: f"changed {name}")
    assert one != results.key("e05", {"seeds": 5})


def test_the_list_of_arms_and_comments_do_not_change_a_key():
    source = results.code("e05")
    assert "def arms" not in source
    assert "Train the arm with one seed" not in source
    assert "def one" in source


def test_picking_no_arm_or_several_is_an_error():
    found = results.load("e02")
    assert found.pick(part="vectors")["of"] == 64
    with pytest.raises(LookupError, match="0 arms"):
        found.pick(part="nothing")
    with pytest.raises(LookupError, match="4 arms"):
        found.pick()


def test_a_broken_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    results.write(path, {"a": 1})
    with pytest.raises(TypeError):
        results.write(path, {"a": object()})
    assert json.loads(path.read_text()) == {"a": 1}
