"""Judges right ways to write functions in this very process, whose BLAS was told for which processor to compute.

``OPENBLAS_CORETYPE=Nehalem python -m tests.helpers.processor EXAMS`` reads pickled exams and prints, as JSON, for which
processor OpenBLAS computes, how many functions were tried, and what was lost.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info

from autograder.judging.exam import Exam, Paper
from autograder.judging.grading import ROOT, reference
from autograder.model import Criterion, Question
from autograder.trying import Trial


def functions(exam: Exam, name: str) -> Iterator[Callable[..., Any]]:
    """Yield the reference and the right variants of a function, each beside the references of the others."""
    cells = [
        cell for cell in reference(exam.assignment, ROOT, exam.release).cells if cell.name in exam.release.solutions
    ]
    right = import_module(f"sample_class.variants.{exam.assignment}").RIGHT
    for source in ("", *(variant.source for variant in right if variant.function == name)):
        namespace: dict[str, Any] = {}
        for text in (*(cell.source for cell in cells if "torch" not in cell.source), source):
            exec(text, namespace)
        yield namespace[name]


def lost(paper: Paper, function: Callable[..., Any]) -> list[str]:
    """Return what a function loses of all that a paper asks, drawn cases included."""
    asked = tuple(
        Criterion(drawn.criterion, drawn.points, drawn.cases, lambda rng: (), "", "") for drawn in paper.criteria
    )
    trial = Trial(function, Question(paper.question, asked))
    results = trial.results({drawn.criterion: drawn.expected for drawn in paper.criteria})
    return [f"{one.question}, {one.criterion}: {one.message}" for one in results if not one.score]


def main() -> None:
    exams: list[Exam] = pickle.loads(Path(sys.argv[1]).read_bytes())
    # Packages other than NumPy are for grading alone, and slow to import.
    papers = [(exam, paper) for exam in exams for paper in exam.papers if not paper.packages]
    tried = [(paper, function) for exam, paper in papers for function in functions(exam, paper.question)]
    found = [text for paper, function in tried for text in lost(paper, function)]
    kernels = [library["architecture"] for library in threadpool_info() if library["internal_api"] == "openblas"]
    json.dump({"kernels": kernels, "tried": len(tried), "lost": found}, sys.stdout)


if __name__ == "__main__":
    main()
