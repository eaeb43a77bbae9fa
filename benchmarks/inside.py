"""Judges some submissions one at a time, and prints as JSON the seconds that the parts of it take on average.

Usage: python -m benchmarks.inside ASSIGNMENT SUBMITTED CONFINEMENT
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from autograder.judging import grading
from autograder.judging.hand_ins import hand_ins
from autograder.sandbox import session as sandbox

from .ours import Watch

LOOKED_INTO = 8
CELL = b'"cell":'


def main(assignment: str, submitted: Path, confinement: str) -> None:
    """Judge without other work on the machine's other cores; print the parts."""
    exam = grading.prepare(assignment, seed=1, confinement=confinement)
    looked_into = hand_ins(submitted, assignment)[:LOOKED_INTO]
    watch = Watch()
    watch.around(sandbox.Sandbox, "start", "start of the sandbox")
    watch.around(sandbox.Session, "request_all", lambda _, frame, *__: "cells" if CELL in frame[:60] else "calls")
    watch.around(sandbox.Session, "close", "end of the sandbox")
    started = time.perf_counter()
    for one in looked_into:
        grading.grade(exam, one.student, one.read(exam.limits, exam.release))
    total = time.perf_counter() - started
    parts = {name: seconds / len(looked_into) for name, seconds in watch.seconds.items()}
    print(json.dumps(parts | {"reading and comparing": total / len(looked_into) - sum(parts.values())}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
