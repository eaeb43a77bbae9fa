"""Compares grading a class with other ways: ``make bench``, or ``python -m benchmarks.grading --help``.

What each side does. Ours, ``python -m autograder grade``, by each way to confine that this machine has: the reference
answers the cases of the run, every hand-in is judged in a sandbox of its own on all cores, scores.csv, a feedback
page for each student, the report and nbgrader's gradebook are written. nbgrader: ``autograde`` and
``generate_feedback`` with their default settings, which run each notebook in a kernel, one after the other, test
cells and demonstrations included; the test cells make a tenth of our calls or fewer, and nothing is confined. Otter:
see ``benchmarks/otter_way.py``; it writes no feedback. The floor: the same cells and calls as ours in one bare
process, see ``benchmarks/floor.py``.

All start from the same files, in processes of their own, whose whole life is timed by the clock, imports included: a
busy machine makes all slower, and ours more, which wants all cores. What a side does once, whatever the class, is
shared by more students on ours. So a second ratio leaves out the seconds in which nbgrader's two commands start; ours
keeps its own, and the growth with the class shows them. Ours and the floor are compared by processor time, where a
cgroup can be made.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from autograder import assignments
from autograder.gradebook.release import release_notebook
from autograder.sandbox.backends import CONFINING
from autograder.sandbox.session import tried

from . import processor
from .generated_class import ROOT, generate

Measured: TypeAlias = dict[str, Any]
# Otter's own limit on the time of a notebook is longer.
PATIENCE = 120

STOCK = """c = get_config()
c.CourseDirectory.course_id = "bench"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "exercises"
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignment", default="pooling")
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--sample", type=int, default=20, help="how many of them nbgrader's own way grades")
    parser.add_argument("--otter", type=Path, help="the Python of an environment that has Otter 7")
    parser.add_argument("--few", type=int, default=5, help="how many of them Otter grades")
    parser.add_argument("--growth", type=int, nargs="*", default=[10, 100, 1000], help="other sizes of class for ours")
    asked = parser.parse_args()
    print(f"{asked.assignment}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder:
        stock = _stock(asked.assignment, asked.sample, Path(folder, "stock"))
        working = [name for name in CONFINING if not tried(name)]
        ours = {name: _ours(asked.assignment, asked.students, Path(folder, name), name) for name in working}
        others = _others(stock, asked.sample)
        for name, found in ours.items():
            _where(found, asked.assignment, name)
        _above_the_floor(ours, asked.assignment, asked.students)
        otter = _otter(asked.otter, asked.assignment, asked.few, Path(folder, "otter")) if asked.otter else None
        if otter:
            others["otter, without feedback"] = otter
        _compare(ours, asked.students, others)
        if asked.growth:
            print("\nhow it grows\n  students  seconds  ms each  peak memory of the process that coordinates")
        for count in asked.growth:
            _grown(count, _ours(asked.assignment, count, Path(folder, str(count)), working[0]))


def _stock(assignment: str, count: int, root: Path) -> dict[str, float]:
    """Return the seconds of nbgrader's two commands on ``count`` students, and those of starting them."""
    (root / "solutions").mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / f"{assignment}.py", root / "solutions")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    release_notebook(assignment, root)
    (root / "nbgrader_config.py").write_text(STOCK)
    generate(assignment, count, root / "submitted")
    started = time.perf_counter()
    _python(root, "-m", "nbgrader", "--version")
    seconds = {"starts": 2 * (time.perf_counter() - started)}
    for command in ("autograde", "generate_feedback"):
        started = time.perf_counter()
        _python(root, "-m", "nbgrader", command, assignment)
        seconds[command] = time.perf_counter() - started
    return seconds


def _otter(python: Path, assignment: str, count: int, folder: Path) -> float | None:
    """Return Otter's seconds for each of ``count`` students, but for those whose kernel it waits for in vain."""
    generate(assignment, count, folder / "submitted")
    functions = ",".join(q.name for q in assignments.load(assignment).questions if not q.packages)
    taken = []
    for number, notebook in enumerate(sorted((folder / "submitted").rglob("*.ipynb"))):
        words = (str(ROOT / "benchmarks" / "otter_way.py"), assignment, functions, str(folder / f"made-{number}"))
        with suppress(subprocess.TimeoutExpired):
            found = json.loads(_python(folder, *words, str(notebook), python=python).splitlines()[-1])
            taken.append(found["seconds"])
            if not any(found["scores"]):
                sys.exit("Otter gave nobody a point: its tests do not fit")
    print(f"\notter finished {len(taken)} of {count} hand-ins, the others not within {PATIENCE} s")
    return sum(taken) / len(taken) if taken else None


def _ours(assignment: str, count: int, folder: Path, confinement: str) -> Measured:
    """Return what ``benchmarks.ours`` measured on ``count`` students, and the seconds of the whole process."""
    submitted = folder / "submitted"
    generate(assignment, count, submitted)
    with processor.counter() as counter:
        started = time.perf_counter()
        words = ("-m", "benchmarks.ours", assignment, str(submitted), str(folder / "output"), confinement)
        said = _python(ROOT, *words, before=counter.joining if counter else ())
        seconds = time.perf_counter() - started
        took = counter.seconds if counter else None
    measured: Measured = json.loads(said.splitlines()[-1])
    return measured | {"seconds": seconds, "processor": took, "submitted": submitted}


def _python(folder: Path, *words: str, python: Path | None = None, before: Sequence[str] = ()) -> str:
    python = python or Path(sys.executable)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"}
    environment["PATH"] = os.pathsep.join((str(python.parent), environment["PATH"]))
    done = subprocess.run(
        [*before, str(python), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False,
        timeout=PATIENCE if python != Path(sys.executable) else None,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _others(stock: dict[str, float], sample: int) -> dict[str, float]:
    """Return nbgrader's seconds for each submission, with and without those in which its commands start."""
    whole = stock["autograde"] + stock["generate_feedback"]
    return {
        "nbgrader": whole / sample,
        "nbgrader without its starts": (whole - stock["starts"]) / sample,
    }


def _compare(ours: dict[str, Measured], students: int, others: dict[str, float]) -> None:
    each = {f"ours by {name}": found["seconds"] / students for name, found in ours.items()}
    print(f"\n{'ms per submission':32}{'':8}" + "".join(f"{'times ' + name:>26}" for name in each))
    for label, seconds in (each | others).items():
        ratios = "".join(f"{seconds / mine:26.1f}" for mine in each.values())
        print(f"  {label:30}{1000 * seconds:8.0f}{ratios}")


def _where(ours: Measured, assignment: str, confinement: str) -> None:
    print(f"\nwhere our time goes by {confinement}, in seconds of the whole run")
    phases = ours["phases"]
    for name, seconds in [*phases.items(), ("the rest", ours["seconds"] - sum(phases.values()))]:
        print(f"  {name:30} {seconds:8.2f}")
    print("inside one submission, one at a time, in ms")
    said = _python(ROOT, "-m", "benchmarks.inside", assignment, str(ours["submitted"]), confinement)
    for name, seconds in json.loads(said.splitlines()[-1]).items():
        print(f"  {name:30} {1000 * seconds:8.1f}")


def _above_the_floor(ours: dict[str, Measured], assignment: str, students: int) -> None:
    """Print the processor time of the bare calls, and how many times as much grading takes."""
    one = next(iter(ours.values()))
    said = _python(ROOT, "-m", "benchmarks.floor", assignment, str(one["submitted"]))
    parts = json.loads(said.splitlines()[-1])
    print("\nthe floor, in ms of processor time per submission")
    for name, seconds in parts.items():
        print(f"  {name:30} {1000 * seconds / students:8.1f}")
    for name, found in ours.items():
        if found["processor"] is None:
            print("  processor time of ours: no cgroup can be made here")
        else:
            each = 1000 * found["processor"] / students
            print(f"  ours by {name:22} {each:8.1f}   times the floor: {found['processor'] / sum(parts.values()):.2f}")


def _grown(count: int, found: Measured) -> None:
    print(f"  {count:8}  {found['seconds']:7.1f}  {1000 * found['seconds'] / count:7.1f}  {found['peak'] >> 20:7} MiB")


if __name__ == "__main__":
    main()
