"""Makes a class's calls in one bare process, and prints as JSON the processor seconds that its parts took.

This is the floor that no grader can be under: the same cells and the same calls with the same arguments, nothing
confined, nothing sent, nothing compared, nothing written.

Usage: python -m benchmarks.floor ASSIGNMENT SUBMITTED
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging import grading
from autograder.judging.exam import Exam, Paper
from autograder.judging.hand_ins import hand_ins
from autograder.model import Rng
from autograder.sandbox.shell import Shell
from autograder.submission import Submission


def main(assignment: str, submitted: Path) -> None:
    """Read, run cells and make calls, one hand-in after the other."""
    exam = grading.prepare(assignment, seed=1)
    shell = Shell()
    seconds: defaultdict[str, float] = defaultdict(float)
    for one in hand_ins(submitted, assignment):
        started = time.process_time()
        submission = one.read(exam.limits, exam.release)
        read = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in submission.cells:
                if not cell.spare:
                    shell.run_cell(cell.source, cell.name, lenient=cell.lenient)
            ran = time.process_time()
            _call(exam, submission, shell.namespace)
        seconds["reading"] += read - started
        seconds["cells"] += ran - read
        seconds["calls"] += time.process_time() - ran
    print(json.dumps(seconds))


def _call(exam: Exam, submission: Submission, namespace: dict[str, Any]) -> None:
    for paper in exam.papers:
        if paper.question not in {**submission.malformed, **submission.missing} and not paper.packages:
            _ask(paper, namespace)


def _ask(paper: Paper, namespace: dict[str, Any]) -> None:
    for drawn in paper.criteria:
        for case in drawn.cases:
            call = case.call
            for changes in call.rounds or ({},):
                arguments = [_made(changes.get(place, value)) for place, value in enumerate(call.args)]
                named = {**call.kwargs} | {name: value for name, value in changes.items() if isinstance(name, str)}
                try:
                    namespace[call.function](*arguments, **named)
                except Exception:  # a refusal, or a function that is not solved
                    continue


def _made(value: Any) -> Any:
    return np.random.default_rng(value.seed) if isinstance(value, Rng) else value


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
