"""Each attack runs for real; nothing gets out, and everybody gets the score that is deserved."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.sandbox.session import Sandbox
from tests.attacks.attack import Attack
from tests.attacks.attacked_class import ATTACKS, ROOT, SCRATCH, SECRET, snapshot
from tests.helpers.tiny_exam import FULL, LIMITS, write_scores

# Whatever started the tests, in this namespace it is an ordinary user without any capability.
ORDINARY = (
    "bwrap",
    "--dev-bind",
    "/",
    "/",
    "--unshare-user",
    "--uid",
    "1000",
    "--gid",
    "1000",
    "--cap-drop",
    "ALL",
    "--",
)
JUDGE = """
import re, sys
from tests.attacks.attacked_class import ATTACKS
from tests.helpers.tiny_exam import RELEASE, cells, exam, notebook, write_scores
from autograder.judging.grading import grade
from autograder.submission import Submission
for attack in ATTACKS:
    if attack.name in sys.argv:
        asked = exam(confinement=sys.argv[1])
        verdict = grade(asked, "eve", Submission.of(notebook(cells(double=attack.source)), RELEASE))
        first = verdict.results[0]
        held = verdict.score == attack.total and re.fullmatch(attack.status, first.status)
        print(attack.name, "holds" if held and re.search(attack.message, first.message) else first)
"""
each = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


@each
def test_an_attack_earns_nothing_for_the_function_that_it_attacks_with(judged, attack: Attack):
    verdict = judged.verdicts[attack.name]
    for result in verdict.results:
        if result.question == "double":
            assert result.score == 0, result
    first = verdict.results[0]
    assert re.fullmatch(attack.status, first.status), first
    assert re.search(attack.message, first.message), first


@each
def test_the_honest_part_of_an_attacker_keeps_its_points(judged, attack: Attack):
    assert judged.verdicts[attack.name].score == attack.total


@each
def test_the_neighbour_of_an_attacker_keeps_full_marks(judged, attack: Attack):
    assert judged.verdicts[f"{attack.name}-neighbour"].score == FULL


def test_nothing_outside_the_sandbox_was_changed(judged):
    assert snapshot(judged.folder) == judged.before


def test_nothing_secret_is_in_what_came_back(judged):
    kept = [path.read_bytes() for path in (judged.folder / "store").rglob("*") if path.is_file()]
    assert kept
    assert not any(SECRET.encode() in content for content in kept)


def test_nobody_connected_to_anything(judged):
    for listener in judged.listeners.values():
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_no_process_is_left_behind(judged):
    assert judged.verdicts
    assert list(with_limit(SCRATCH)) == []


def with_limit(size: int) -> Iterator[Path]:
    """Yield the processes whose files may have so many bytes."""
    for path in Path("/proc").glob("[0-9]*/limits"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if re.search(rf"Max file size +{size} ", path.read_text()):
                yield path.parent


def test_a_process_of_the_class_would_be_seen(confinement):
    limits = replace(LIMITS, scratch=SCRATCH + 1)
    with Sandbox(limits, confinement=confinement).start():
        assert len(list(with_limit(SCRATCH + 1))) == 1


def test_no_file_is_left_behind(judged):
    assert list(judged.temporary.rglob("*")) == []


def test_every_verdict_names_what_confined_it(judged):
    assert {verdict.confinement for verdict in judged.verdicts.values()} == {judged.confinement}


def test_the_table_holds_messages_as_data_without_control_characters(judged, tmp_path):
    write_scores(judged.batch, tmp_path / "scores.csv")
    text = (tmp_path / "scores.csv").read_text()
    assert "'=HYPERLINK" not in text
    assert "=HYPERLINK" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text.replace("\r\n", "\n"))


def test_every_line_of_the_threat_model_names_what_tries_it():
    table = (ROOT / "README.md").read_text().partition("| attack |")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    assert len(lines) > 10
    there = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    for line in lines:
        *_, tried, _ = line.split("|")
        assert set(re.findall(r"`(\w+)`", tried)) <= there, line
        assert "`" in tried, line


def test_an_ordinary_user_is_protected_as_well(confinement):
    names = ["fork", "disk", "other_processes", "descriptors", "namespaces", "kernel_doors", "kills_everybody"]
    names += ["pinned_memory", "shared_memory_left_in_part", "huge_pages_left_in_part", "locks_and_signals"]
    names += ["memory_in_pieces", "buffers_of_sockets", "tables_of_the_kernel", "becomes_another_program"]
    folders = (ROOT, ROOT / "tests", ROOT / "tests" / "attacks")
    done = subprocess.run(
        [*ORDINARY, sys.executable, "-c", JUDGE, confinement, *names],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.splitlines()) == sorted(f"{name} holds" for name in names)
