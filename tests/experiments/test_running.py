"""A run writes results, resumes where it stopped, and measures anew what has changed."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from experiments import e02_line, e05_shifts, results
from experiments.run import main, pending


@pytest.fixture
def folders(tmp_path):
    return ["--cache", str(tmp_path / "cache"), "--output", str(tmp_path / "results"), "--jobs", "1"]


@pytest.fixture
def interruptible():
    """Let children heed Ctrl-C: those of a shell's background job inherit that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run(*arguments):
    outcome = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert outcome.exit_code == 0
    return outcome.output


def test_an_interrupted_run_resumes(folders, tmp_path):
    assert f"{len(e02_line.arms())} arms measured" in run("e02", *folders)
    cached = sorted((tmp_path / "cache").iterdir())
    cached[0].unlink()
    assert "1 arms measured" in run("e02", *folders)
    assert "0 arms measured" in run("e02", *folders)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda s: s.name)
def test_a_run_that_was_killed_resumes_and_leaves_no_worker_behind(tmp_path, how, interruptible):
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "experiments.run", "e02", "e05", "--jobs", "2"]
    command += ["--cache", str(cache), "--output", str(tmp_path / "results")]
    environment = {**os.environ, "PYTHONPATH": str(results.HERE.parent)}
    started = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    finished = wait_for(lambda: cache.exists() and list(cache.glob("e02-*.json")))
    workers = wait_for(lambda: len(found := children(started.pid)) >= 2 and found)
    if how == signal.SIGINT:
        os.killpg(started.pid, how)  # what Ctrl-C does: parent and workers get it
        assert started.wait(60) == 130
        assert "the same command resumes" in started.stderr.read()
    else:
        started.kill()
        started.wait(60)
    started.stderr.close()
    wait_for(lambda: not any(alive(pid) for pid in workers))
    assert not (tmp_path / "results").exists(), "nothing is written before all is measured"
    left = [path for _, _, path in pending(("e02", "e05"), cache)]
    assert 0 < len(left) < len(e02_line.arms()) + len(e05_shifts.arms())
    assert not set(finished) & set(left)
    assert all(json.loads(path.read_text()) for path in cache.glob("*.json"))


def children(pid):
    """Return the workers of a process (not the helper that tracks resources)."""
    path = f"/proc/{pid}/task/{pid}/children"
    with open(path, encoding="utf-8") as file:
        pids = [int(word) for word in file.read().split()]
    return [child for child in pids if b"spawn_main" in command_line(child)]


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def alive(pid):
    """Say whether a process runs (a dead one that nobody waited for does not)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition):
    """Wait until ``condition`` is true and return what it gave; give up after some minutes."""
    for _ in range(2000):
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def test_a_wrong_name_is_refused_and_the_right_ones_named():
    outcome = CliRunner().invoke(main, ["e99"])
    assert outcome.exit_code == 2
    assert "e99" in outcome.output
    assert "e05_shifts" in outcome.output


def test_an_experiment_is_named_by_number_or_in_full(folders, tmp_path):
    run("e02_line", *folders)
    assert "0 arms measured" in run("e02", *folders)
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["e02.json"]


def test_help_says_what_is_kept_and_how_to_start_anew():
    output = CliRunner().invoke(main, ["--help"]).output
    assert "resumes" in output
    assert "--fresh" in output


def test_without_a_terminal_every_arm_is_a_line_of_progress(folders):
    assert f"{len(e02_line.arms())}/{len(e02_line.arms())} e02_line" in run("e02", *folders)


def test_a_result_holds_arms_figures_and_versions(folders, tmp_path):
    run("e02", *folders)
    content = json.loads((tmp_path / "results" / "e02.json").read_text())
    assert [entry["arm"] for entry in content["arms"]] == e02_line.arms()
    assert {"python", "numpy", "torch"} <= set(content["versions"])
    assert content == json.loads((results.RESULTS / "e02.json").read_text()) | {"versions": content["versions"]}


def test_another_arm_or_another_code_has_another_key(monkeypatch):
    one = results.key("e05", {"seeds": 5})
    assert one == results.key("e05", {"seeds": 5})
    assert one != results.key("e05", {"seeds": 6})
    assert one != results.key("e06", {"seeds": 5})
    monkeypatch.setattr(results, "code", lambda name: f"changed {name}")
    assert one != results.key("e05", {"seeds": 5})


def test_a_new_file_name_measures_nothing_anew(monkeypatch, tmp_path):
    before = results.key("e02", {"part": "vectors"})
    for path in results.HERE.glob("*.py"):
        (tmp_path / path.name.replace("e02_line", "e02_stroke")).write_text(path.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(results, "HERE", tmp_path)
    monkeypatch.setattr(results, "EXPERIMENTS", {"e02": "e02_stroke"})
    assert results.key("e02", {"part": "vectors"}) == before


def test_types_the_list_of_arms_and_comments_do_not_change_a_key():
    source = results.code("e05_shifts")
    assert "def arms" not in source
    assert "Train the arm with one seed" not in source
    assert "def one(arm, seed):" in source


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
