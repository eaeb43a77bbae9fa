"""An exam of two small functions, built by hand: what the grader does is then seen in a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from autograder.criteria.judges import Refused, same, untouched
from autograder.judging.batch import Batch
from autograder.judging.exam import DrawnCriterion, Exam, Paper
from autograder.judging.scores import scores
from autograder.model import Assignment, Call, Case, Criterion, Limits, Question, Reply, Status
from autograder.sandbox.session import chosen
from autograder.submission import Release

Json: TypeAlias = dict[str, Any]
LIMITS = Limits(
    cell_seconds=3.0,
    call_seconds=2.0,
    function_seconds=4.0,
    submission_seconds=20.0,
    memory=256 << 20,
    result=4 << 20,
    scratch=8 << 20,
    notebook=1 << 20,
)
SETUP = "import numpy as np\nfrom autograder import check"
DOUBLE = '''def double(x):
    """Return twice `x`, which has two axes."""
    import numpy as np
    if np.ndim(x) != 2:
        raise ValueError("x must have two axes")
    return 2 * np.asarray(x)
'''
TOTAL = '''def total(x):
    """Return the sum of `x`, a number."""
    import numpy as np
    return float(np.sum(x))
'''
FULL = 6.0


def cell(source: str, name: str | None = None, kind: str = "code", **flags: object) -> Json:
    """Return a notebook's cell; ``name`` is its ``grade_id``."""
    metadata = {"nbgrader": {"grade_id": name, **flags}} if name else {}
    outputs: Json = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": (name or "free").replace("_", "-"),
        "metadata": metadata,
        "source": source,
        **outputs,
    }


def cells(double: str = DOUBLE, total: str = TOTAL) -> list[Json]:
    """Return the cells of a hand-in."""
    return [
        cell(SETUP, "setup", locked=True),
        cell(double, "double", solution=True),
        cell("check(double)", "check_double", grade=True, locked=True, points=4),
        cell(total, "total", solution=True),
        cell("check(total)", "check_total", grade=True, locked=True, points=2),
    ]


def notebook(some: list[Json] | None = None) -> Json:
    """Return a notebook of format 4.5."""
    return {"cells": cells() if some is None else some, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def hand_in(folder: Path, student: str, content: Json | str | bytes | None = None) -> Path:
    """Hand a notebook in below ``folder``, or whatever else ``content`` is."""
    path = folder / student / "tiny" / "tiny.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(content, (str, bytes)):
        content = json.dumps(notebook() if content is None else content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


RELEASE = Release.of(
    notebook(cells("def double(x):\n    raise NotImplementedError", "def total(x):\n    raise NotImplementedError"))
)


def reply(value: object) -> Reply:
    """Return what a right call gives."""
    return Reply(Status.PASSED, value)


def exam(seed: int = 1, **settings: Any) -> Exam:
    """Return the exam: four points for ``double``, two for ``total``."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in ((1, 1), (2, 3), (4, 5))]
    whole = np.arange(6).reshape(2, 3)
    refused = Reply(Status.ERROR, message="ValueError: x must have two axes", refused=True)
    double = (
        _item("values", 2.0, [(Case(Call("double", (x,)), same), reply(2 * x)) for x in (*arrays, whole)]),
        _item("the input stays", 1.0, [(Case(Call("double", (x,)), untouched), reply(2 * x)) for x in arrays[1:]]),
        _item("refuses", 1.0, [_sane(arrays[0]), (Case(Call("double", (np.ones(3),)), Refused("x")), refused)]),
    )
    total = (_item("sum", 2.0, [(Case(Call("total", (x,)), same), reply(float(x.sum()))) for x in arrays]),)
    papers = (Paper("double", (), double), Paper("total", (), total))
    confinement = settings.pop("confinement", None) or chosen()
    return Exam("tiny", seed, RELEASE, papers, settings.pop("limits", LIMITS), confinement)


def _sane(x: np.ndarray) -> tuple[Case, Reply]:
    return Case(Call("double", (x,)), same), reply(2 * x)


def _item(name: str, points: float, pairs: list[tuple[Case, Reply]]) -> DrawnCriterion:
    asked, expected = zip(*pairs, strict=True)
    return DrawnCriterion(name, points, asked, expected)


def write_scores(batch: Batch, path: Path) -> None:
    """Write the scores of a class that was judged."""
    with scores(path, "tiny") as add:
        for verdict in batch.verdicts():
            add(verdict)


# The assignment as pages of feedback read it.
PAGES = Assignment(
    "tiny",
    tuple(
        Question(
            paper.question,
            tuple(Criterion(item.criterion, item.points, (), lambda _: (), "", "") for item in paper.criteria),
        )
        for paper in exam().papers
    ),
)
