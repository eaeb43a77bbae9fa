"""For all tests: the longest files come first, each process keeps to one core, a run builds the book once."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import backends
from autograder.sandbox.session import tried

# Two test processes whose libraries take both cores each wait for one another most of the time.
os.environ["OMP_NUM_THREADS"] = "1"

ROOT = Path(__file__).resolve().parents[1]
# Files that take longest, in the order in which processes are given them. Where two are given out at first, one only
# may need the book: the other would wait until it is built.
LONG = (
    "browser/test_every_page.py",
    "house/test_recipes.py",
    "attacks/test_attacks.py",
    "criteria/test_cheats.py",
    "judging/test_as_in_the_kernel.py",
    "gradebook/test_gradebook.py",
    "browser/test_pages.py",
    "browser/test_controls.py",
    "judging/test_never_lost.py",
    "doors/test_command_line.py",
    "browser/test_ledger_page.py",
    "experiments/test_reduced_experiments.py",
    "criteria/test_variants.py",
    "browser/test_result_pages.py",
    "attacks/test_fuzzed_class.py",
    "judging/test_alike_everywhere.py",
    "judging/test_cluster.py",
    "doors/test_sample_class.py",
    "experiments/test_running.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first: begun last, one of them would keep a single process busy when all else is done."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONG)}
    if missing := [str(path) for path in places if not path.is_file()]:
        raise pytest.UsageError(f"LONG names files that are not there: {missing}")
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


@pytest.fixture(scope="session")
def book(testrun_uid: str) -> Path:
    """Return the folder of the book's pages, built by the first process of this run that asks for it."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "book.lock").open("a+", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if lock.read() != testrun_uid:
            command = ["make", "-f", "book/book.mk", "book", f"PY={sys.executable}"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            lock.truncate(0)
            lock.write(testrun_uid)
    return ROOT / "build" / "book" / "_build" / "html"


@pytest.fixture(scope="session", params=backends.CONFINING)
def confinement(request: pytest.FixtureRequest) -> str:
    """Name one after the other what can confine; what this machine lacks is left out, and says why."""
    if why := tried(request.param):
        pytest.skip(why)
    return str(request.param)
