"""Grades a class as ``python -m autograder grade`` does, and prints as JSON where time and memory went.

Usage: python -m tests.bench_ours ASSIGNMENT SUBMITTED OUTPUT
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder import batch, feedback, gradebook, grading, notebook, report, sandbox
from autograder.run import Run

LOOKED_INTO = 8


class Watch:
    """Adds up the seconds spent in functions."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def around(self, owner: Any, name: str, label: str | Callable[..., str]) -> None:
        """Count the time of ``owner.name`` under a label, or under one made of its arguments."""
        function = getattr(owner, name)

        def timed(*arguments: Any, **more: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **more)
            finally:
                key = label if isinstance(label, str) else label(*arguments)
                self.seconds[key] += time.perf_counter() - started

        setattr(owner, name, timed)


def main(assignment: str, submitted: Path, output: Path) -> None:
    """Grade; print phases in seconds, seconds inside a submission, and peak memory in bytes."""
    watch = Watch()
    run = Run(assignment, submitted, output)
    watch.around(run, "prepare", "reference")
    watch.around(run, "judge", "judging")
    watch.around(feedback, "write", "feedback")
    watch.around(report, "write", "report")
    watch.around(gradebook, "fill", "gradebook")
    watch.around(batch.Batch, "write_scores", "scores.csv")
    run.prepare(seed=None, fresh=True)
    run.judge(lambda: batch.processes(os.cpu_count() or 1), lambda _: None)
    run.write(fill_gradebook=True)
    assert not run.failures
    peak = {
        "coordinator": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10,
        "largest child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10,
    }
    print(json.dumps({"phases": watch.seconds, "inside": _inside(run), "peak": peak}))


def _inside(run: Run) -> dict[str, float]:
    """Return the seconds that the parts of judging one submission take, on average, one at a time."""
    watch = Watch()
    watch.around(sandbox.Sandbox, "start", "start of the sandbox")
    watch.around(sandbox.Session, "request_all", lambda _, frame, *__: "cells" if b'"cell":' in frame[:60] else "calls")
    watch.around(sandbox.Session, "close", "end of the sandbox")
    exam = run.batch.exam
    hand_ins = run.hand_ins[:LOOKED_INTO]
    started = time.perf_counter()
    for one in hand_ins:
        grading.grade(exam, one.student, notebook.read(one.path, exam.release, exam.limits.notebook))
    total = time.perf_counter() - started
    parts = {name: seconds / len(hand_ins) for name, seconds in watch.seconds.items()}
    return parts | {"reading and comparing": total / len(hand_ins) - sum(parts.values())}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
