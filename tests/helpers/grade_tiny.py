"""Grades the hand-ins below ``FOLDER/submitted`` by the tiny exam, as a program that can be killed.

Usage: python -m tests.helpers.grade_tiny FOLDER MEMORY [CONFINEMENT]; the memory limit tells its sandboxes from
others on the machine.
"""

import sys
from dataclasses import replace
from pathlib import Path

from autograder.judging.batch import Batch, processes
from autograder.judging.exams import OneExam
from autograder.judging.hand_ins import hand_ins
from autograder.judging.verdicts import Store
from tests.helpers.tiny_exam import LIMITS, exam, write_scores


def main(folder: Path, memory: int, confinement: str | None = None) -> None:
    """Print every student whose verdict is kept, then write ``scores.csv``."""
    limits = replace(LIMITS, memory=memory)
    asked = OneExam(exam(limits=limits, confinement=confinement))
    batch = Batch(asked, hand_ins(folder / "submitted", "tiny"), Store(folder / "store"))
    batch.run(lambda: processes(2), lambda student: print(student, flush=True))
    assert batch.failures == {}
    write_scores(batch, folder / "scores.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
