"""The notebook that nobody scores: it runs from beginning to end on the references, and catches what is wrong."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import jupytext
import matplotlib as mpl
import numpy as np
import pytest

from autograder import assignments
from autograder.gradebook.unscored import release_unscored

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "unscored" / "training.py"
RELEASED = ROOT / "exercises" / "training" / "training.ipynb"


@pytest.fixture
def beside(tmp_path, monkeypatch) -> Path:
    """Go to a folder with the other notebooks as somebody handed them in who can do all."""
    for name in assignments.names():
        cells = jupytext.read(ROOT / "solutions" / f"{name}.py").cells
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": cells}))
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    return tmp_path


def run(cells: list[Any], *changes: tuple[str, str]) -> dict[str, Any]:
    """Run the code of some cells, changed by words that stand in it once, and return what is defined then."""
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    for before, after in changes:
        assert code.count(before) == 1, before
        code = code.replace(before, after)
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    return namespace


def solved(until: str = "") -> list[Any]:
    cells = jupytext.read(SOLUTION).cells
    ends = [place for place, cell in enumerate(cells) if until and cell.source.startswith(until)]
    return cells[: ends[0]] if ends else cells


def test_it_learns_and_the_answers_move_in_a_saw_tooth(beside, capsys):
    few = ("train, test = order[:1397], order[1397:]", "train, test = order[:320], order[1700:]")
    known = run(solved(), few, ("EPOCHS, BATCH, RATE, DROP = 12", "EPOCHS, BATCH, RATE, DROP = 1"))
    assert "all gradients agree" in capsys.readouterr().out
    assert len(known["shares"]) == 9
    logits = [known["forward"](known["parameters"], known["on_canvas"](known["digits"].images[:50], right))[0]
              for right in range(3)]  # fmt: skip
    by_one, by_two = (np.abs(moved - logits[0]).max() for moved in logits[1:])
    assert by_two < by_one / 5


def test_functions_that_are_not_written_are_named(beside):
    for path in (ROOT / "exercises" / "pooling", ROOT / "exercises" / "dropout"):
        (beside / f"{path.name}.ipynb").write_bytes((path / f"{path.name}.ipynb").read_bytes())
    with pytest.raises(NameError, match=r"max_pool2d \(in pooling.ipynb\), max_pool2d_backward .*, dropout \(in dro"):
        run(solved("The digits"))


def test_a_function_that_was_mended_in_its_notebook_takes_the_place_of_the_old(beside):
    cells = jupytext.read(ROOT / "solutions" / "dropout.py").cells
    (cell,) = (one for one in cells if one.metadata.get("nbgrader", {}).get("grade_id") == "dropout")
    code = "\n".join(one.source for one in solved("The digits") if one.cell_type == "code")
    known: dict[str, Any] = {}
    for source, said in (("def dropout(): return 1", None), ("def dropout(): return 2", None),
                         ("%time 1", "dropout.ipynb, the cell of dropout: invalid syntax.*; no % or !"),
                         ("other = 1", None)):  # fmt: skip
        cell.source = source
        (beside / "dropout.ipynb").write_text(json.dumps({"cells": cells}))
        with pytest.raises(SyntaxError, match=said) if said else nullcontext():
            exec(code, known)
        if not said and "return" in source:
            assert known["dropout"]() == int(source[-1])
    del known["dropout"]
    with pytest.raises(NameError, match=r"not found: dropout \(in dropout.ipynb\)$"):
        exec(code, known)


@pytest.mark.parametrize("change", [
    ("* (sums2 > 0)", ""),
    ("max_pool2d_backward(gradient, maps1, 2)", "max_pool2d_backward(gradient, sums1, 2).round(3)"),
    ("gradient = dropout_backward(gradient @ parameters", "gradient = (lambda g, *_: g)(gradient @ parameters"),
])  # fmt: skip
def test_a_wrong_backward_pass_is_caught_before_training(beside, change):
    with pytest.raises(AssertionError):
        run(solved("## 5"), change)


def test_the_committed_notebook_is_todays_without_its_answers(tmp_path):
    folder = tmp_path / "solutions" / "unscored"
    folder.mkdir(parents=True)
    (folder / SOLUTION.name).write_bytes(SOLUTION.read_bytes())
    assert release_unscored("training", tmp_path).read_bytes() == RELEASED.read_bytes()
    text = RELEASED.read_text("utf-8")
    assert text.count("raise NotImplementedError()") == 3
    assert "SOLUTION" not in text
    assert "powers" not in text
