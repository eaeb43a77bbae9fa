"""Generates a class for the benchmark: the same notebooks for every grader."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import jupytext

ROOT = Path(__file__).resolve().parents[1]
SOLVED = 0.8


def generate(assignment: str, count: int, submitted: Path) -> None:
    """Write ``count`` hand-ins: of each a random four fifths of the functions are solved, no two are equal."""
    released = json.loads((ROOT / "exercises" / assignment / f"{assignment}.ipynb").read_text())
    solution = {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in jupytext.read(ROOT / "solutions" / f"{assignment}.py").cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
    }
    rng = random.Random(20)
    for number in range(count):
        hand_in = copy.deepcopy(released)
        for cell in hand_in["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in solution and rng.random() < SOLVED:
                cell["source"] = f"{solution[name]}\n# student {number}"
        path = submitted / f"student{number:04}" / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(hand_in))
