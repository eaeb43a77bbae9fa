"""``check_all`` says where a student stands, at the end of the notebook."""

import json
from pathlib import Path
from typing import Any

import pytest

from autograder import assignments, check, check_all, checking
from autograder.course import Course
from autograder.pages.standing import Standing

ROOT = Path(__file__).resolve().parents[2]
NAME = "pooling"
RIGHT = """
import numpy as np
def avg_pool_weight(channels, kernel_size):
    high, wide = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
    if min(channels, high, wide) < 1:
        raise ValueError("channels and kernel_size must be at least 1")
    return np.eye(channels)[..., None, None] * np.full((high, wide), 1 / (high * wide))
def max_pool2d(*args, **kwargs):
    raise NotImplementedError
def avg_pool2d(x, *args, **kwargs):
    return x
"""


def standing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None = None, **told: Any) -> Standing:
    """Ask at the end of a notebook, whose file lies beside it if the question in words has an ``answer``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(checking, "course", lambda: Course(**told))
    if answer is not None:
        notebook = json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text("utf-8"))
        (cell,) = (cell for cell in notebook["cells"] if cell["id"] == f"explain_{NAME}")
        cell["source"] = answer or cell["source"]
        (tmp_path / f"{NAME}.ipynb").write_text(json.dumps(notebook), "utf-8")
    scope: dict[str, Any] = {"check_all": check_all, "check": check}
    exec(f"{RIGHT}\nfound = check_all({NAME!r})\nalone = check(avg_pool_weight)", scope)
    found = scope["found"]
    assert isinstance(found, Standing)
    assert found.tables["avg_pool_weight"].summary() == scope["alone"].summary()
    return found


def test_every_function_has_its_points_and_what_is_not_written_or_missing_says_so(tmp_path, monkeypatch) -> None:
    found = standing(tmp_path, monkeypatch)
    asked = {question.name: question for question in assignments.load(NAME).questions}
    rows = {row.name: row for row in found.rows}
    assert rows.keys() == asked.keys()
    assert (rows["max_pool2d"].said, rows["max_pool2d"].earned) == ("not written yet", 0)
    assert "no such function" in rows["lp_pool2d"].said
    right = rows["avg_pool_weight"]
    assert (right.held, right.earned) == (len(asked["avg_pool_weight"].criteria), asked["avg_pool_weight"].points)
    assert rows["avg_pool2d"].said == ""
    total = sum(question.points for question in asked.values())
    for text in (repr(found), found._repr_html_()):
        assert f"pooling: {sum(row.earned for row in rows.values()):g} of {total:g} points" in text


@pytest.mark.parametrize(
    ("answer", "said"),
    [(None, "cannot be seen"), ("", "unanswered"), ("  \n", "unanswered"), ("Both.", "answered, as")],
)
def test_the_question_in_words_is_looked_for_in_the_saved_file(tmp_path, monkeypatch, answer, said) -> None:
    assert standing(tmp_path, monkeypatch, answer).words.startswith(said) or answer is None
    assert said in repr(standing(tmp_path, monkeypatch, answer))


def test_it_says_where_and_until_when_to_hand_in(tmp_path, monkeypatch) -> None:
    text = repr(standing(tmp_path, monkeypatch, hand_in="In Moodle.", due={NAME: "Friday, 18:00"}, contact="ann@b.org"))
    assert "Hand in pooling.ipynb, all cells run and the file saved. In Moodle." in text
    assert "Due: Friday, 18:00" in text
    assert "Questions: ann@b.org" in text


def test_a_name_of_no_assignment_is_named() -> None:
    with pytest.raises(ValueError, match="there is no assignment 'poling'; there are convolution"):
        check_all("poling")
