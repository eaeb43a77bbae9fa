"""Where memory ends, a hand-in's process ends, and nobody else: tried for real in a small memory cgroup."""

import csv
import os
import subprocess
import sys
from pathlib import Path

from autograder.sandbox import backends
from autograder.sandbox.session import Sandbox, Warm
from tests.helpers.memory_cgroup import memory_cgroup
from tests.helpers.tiny_exam import FULL, LIMITS, cells, hand_in, notebook

ROOT = Path(__file__).resolve().parents[2]
HOG = """
import numpy as np

def double(x):
    held = []
    while True:
        held.append(np.empty(1 << 24))
        held[-1][::512] = 1  # one byte of each page is enough
"""


def test_the_kernel_ends_a_hand_in_and_not_its_grader(confinement):
    with Sandbox(LIMITS, confinement=confinement).start() as session:
        assert session.watch.status.with_name("oom_score_adj").read_text() == "1000\n"
        for other in (os.getpid(), Warm.of(backends.named(confinement), ()).process.pid):
            assert int(Path(f"/proc/{other}/oom_score_adj").read_text()) < 1000


def test_a_hand_in_that_takes_all_memory_costs_itself_only(tmp_path, confinement):
    hand_in(tmp_path / "submitted", "hog", notebook(cells(double=HOG)))
    for number in range(4):
        source = f"# {number}\n{cells()[1]['source']}"
        hand_in(tmp_path / "submitted", f"neighbour-{number}", notebook(cells(double=source)))
    with memory_cgroup("hungry_hand_in", 512 << 20) as group:
        # Its own limit lets a hand-in have more than there is.
        grader = [sys.executable, "-m", "tests.helpers.grade_tiny", str(tmp_path), str(1 << 40), confinement]
        done = subprocess.run(
            ["/bin/sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh", *grader],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (tmp_path / "scores.csv").open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    scores = {row["student"]: 0.0 for row in rows}
    for row in rows:
        scores[row["student"]] += float(row["score"])
    assert scores == {"hog": 2.0} | {f"neighbour-{number}": FULL for number in range(4)}
    assert {row["message"] for row in rows if row["status"] == "crashed"} == {"the process was ended by SIGKILL"}
