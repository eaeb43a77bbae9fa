"""Compares grading a class with nbgrader's own way: ``make bench``, or ``python -m benchmarks.grading --help``.

What each side does. Ours, ``python -m autograder grade``: the reference answers the cases of the run, every
hand-in is judged in a sandbox of its own on all cores, scores.csv, a feedback page for each student, the report
and nbgrader's gradebook are written. Stock: ``nbgrader autograde`` and ``nbgrader generate_feedback`` with their
default settings, which run each notebook in a kernel, one after the other, test cells and demonstrations
included; the test cells make a tenth of our calls or fewer, and nothing is confined. Both start from the same
files with an empty gradebook, in processes of their own, whose whole life is timed by the clock, imports included:
a busy machine makes both slower, and ours more, which wants all cores. What either side does once, whatever the
class, is shared by more students on ours. So a second ratio leaves out the seconds in which nbgrader's two commands
start; ours keeps its own, and the growth with the class shows them.
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
from pathlib import Path
from typing import Any, TypeAlias

from autograder.gradebook.release import release_notebook

from .generated_class import ROOT, generate

Measured: TypeAlias = dict[str, Any]

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
    parser.add_argument("--growth", type=int, nargs="*", default=[10, 100, 1000], help="other sizes of class for ours")
    asked = parser.parse_args()
    print(f"{asked.assignment}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder:
        stock = _stock(asked.assignment, asked.sample, Path(folder, "stock"))
        ours = _ours(asked.assignment, asked.students, Path(folder, "ours"))
        _compare(stock, asked.sample, ours, asked.students)
        _where(ours, asked.assignment)
        if asked.growth:
            print("\nhow it grows\n  students  seconds  ms each  peak memory of the process that coordinates")
        for count in asked.growth:
            _grown(count, _ours(asked.assignment, count, Path(folder, str(count))))


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


def _ours(assignment: str, count: int, folder: Path) -> Measured:
    """Return what ``bench_ours`` measured on ``count`` students, and the seconds of the whole process."""
    submitted = folder / "submitted"
    generate(assignment, count, submitted)
    started = time.perf_counter()
    said = _python(ROOT, "-m", "benchmarks.ours", assignment, str(submitted), str(folder / "output"))
    measured: Measured = json.loads(said.splitlines()[-1])
    return measured | {"seconds": time.perf_counter() - started, "submitted": submitted}


def _python(folder: Path, *words: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"}
    environment["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), environment["PATH"]))
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _compare(stock: dict[str, float], sample: int, ours: Measured, students: int) -> None:
    print("\nms per submission")
    starts = stock.pop("starts")
    for command, seconds in stock.items():
        print(f"  nbgrader {command:20} {1000 * seconds / sample:8.0f}   ({sample} students)")
    each = ours["seconds"] / students
    print(f"  ours, everything included     {1000 * each:8.1f}   ({students} students)")
    for label, left_out in (("ratio", 0), ("without nbgrader's starts", starts)):
        print(f"  {label:30}{(sum(stock.values()) - left_out) / sample / each:8.1f}")


def _where(ours: Measured, assignment: str) -> None:
    print("\nwhere our time goes, in seconds of the whole run")
    phases = ours["phases"]
    for name, seconds in [*phases.items(), ("the rest", ours["seconds"] - sum(phases.values()))]:
        print(f"  {name:30} {seconds:8.2f}")
    print("inside one submission, one at a time, in ms")
    said = _python(ROOT, "-m", "benchmarks.inside", assignment, str(ours["submitted"]))
    for name, seconds in json.loads(said.splitlines()[-1]).items():
        print(f"  {name:30} {1000 * seconds:8.1f}")


def _grown(count: int, found: Measured) -> None:
    print(f"  {count:8}  {found['seconds']:7.1f}  {1000 * found['seconds'] / count:7.1f}  {found['peak'] >> 20:7} MiB")


if __name__ == "__main__":
    main()
