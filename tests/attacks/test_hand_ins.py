"""The notebook as the weapon: whatever a file holds or is, it costs only its own author."""

import csv
import json
import os
import shutil

import nbformat
import pytest

from autograder.gradebook.graded_notebook import rebuild
from autograder.judging.batch import Batch, processes
from autograder.judging.exams import OneExam
from autograder.judging.hand_ins import hand_ins
from autograder.judging.verdicts import Store
from autograder.pages import feedback
from tests.helpers.tiny_exam import (
    DOUBLE,
    FULL,
    PAGES,
    SETUP,
    TOTAL,
    cell,
    cells,
    exam,
    hand_in,
    notebook,
    write_scores,
)

CHEAT = "def double(x):\n    return None"


def _raised_points() -> dict:
    changed = notebook(cells(double=CHEAT))
    for one in changed["cells"]:
        one["metadata"].setdefault("nbgrader", {}).update(points=1000, grade=True, solution=True, locked=False)
    return changed


def _edited_tests() -> dict:
    changed = notebook(cells(double=CHEAT))
    changed["cells"][2]["source"] = "globals()['double'] = lambda x: 2 * x"
    changed["cells"][0]["source"] = "import os\nos._exit(0)"
    return changed


def _old_format(version: int) -> str:
    # What nbformat calls a downgrade is how such files look; the flags survive it.
    return nbformat.writes(nbformat.from_dict(notebook()), version=version)


def _giant_outputs() -> dict:
    changed = notebook()
    changed["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 900_000}]
    return changed


def _without_ids() -> dict:
    changed = notebook()
    for one in changed["cells"]:
        one["metadata"], one["id"] = {}, "gone"
    return changed


def _only_ids() -> dict:
    changed = notebook()
    for one in changed["cells"]:
        one["metadata"] = {}
    return changed


def _odd_ids() -> dict:
    odd = json.loads("[" * 900 + "]" * 900)
    more = [{**cell("x = 1"), "id": odd}, {**cell("y = 1"), "metadata": odd}, {**cell("z = 1"), "source": odd}]
    more += [cell("w = 1", name="a" * 10_000), {**cell("v = 1"), "metadata": {"nbgrader": {"grade_id": ["double"]}}}]
    return notebook([*cells(), *more])


# What is handed in, the points that it earns, and the status of the two functions.
WEAPONS = {
    "duplicate": (notebook([*cells(), cell(DOUBLE, "double", solution=True)]), FULL, "passed passed"),
    "duplicate_in_words": (notebook([*cells(), cell("double", "double", kind="markdown")]), FULL, "passed passed"),
    "deleted_cell": (notebook([one for one in cells() if one["id"] != "double"]), 2.0, "missing passed"),
    "no_metadata": (_only_ids(), FULL, "passed passed"),
    "no_ids": (_without_ids(), FULL, "passed passed"),
    "odd_ids": (_odd_ids(), FULL, "passed passed"),
    "raised_points": (_raised_points(), 2.0, "failed passed"),
    "edited_tests": (_edited_tests(), 5.0, "passed passed"),
    "deleted_tests": (notebook([one for one in cells() if "check" not in one["id"]]), FULL, "passed passed"),
    "no_cells": (notebook([]), 0.0, "missing missing"),
    "redefined_later": (notebook([*cells(), cell("double = total = lambda x: 0")]), FULL, "passed passed"),
    "deleted_later": (notebook([*cells(), cell("del double")]), FULL, "passed passed"),
    "syntax_error": (notebook(cells(double="def double(x:")), 2.0, "error passed"),
    "nul_byte": (notebook(cells(double=DOUBLE + "\0")), 2.0, "error passed"),
    "surrogate": (notebook(cells(double=DOUBLE + "# \ud800")), FULL, "passed passed"),
    "deep_expression": (notebook(cells(double="x = " + "-" * 100_000 + "1")), 2.0, "error|crashed|memory passed"),
    "many_cells": (notebook([*cells(), *[cell("1 / 0")] * 500]), FULL, "passed passed"),
    "many_deaths": (notebook([*[cell("import os\nos._exit(0)")] * 60, *cells()]), FULL, "passed passed"),
    "giant_outputs": (_giant_outputs(), FULL, "passed passed"),
    "too_large": (notebook(cells(double="#" * (1 << 20))), 0.0, "malformed malformed"),
    "format_3": (_old_format(3), FULL, "passed passed"),
    "format_99": ({**notebook(), "nbformat": 99}, 0.0, "malformed malformed"),
    "format_none": ({"cells": cells()}, FULL, "passed passed"),
    "byte_order_mark": (b"\xef\xbb\xbf" + json.dumps(notebook()).encode(), FULL, "passed passed"),
    "latin_1": (json.dumps(notebook([cell("é")]), ensure_ascii=False).encode("latin-1"), 0.0, "malformed malformed"),
    "broken_json": (json.dumps(notebook())[:-5], 0.0, "malformed malformed"),
    "empty_file": (b"", 0.0, "malformed malformed"),
    "a_list": ("[]", 0.0, "malformed malformed"),
    "a_number": ("1e999", 0.0, "malformed malformed"),
    "cells_of_nothing": ({"cells": [None, 1, "x"], "nbformat": 4}, 0.0, "malformed malformed"),
    "deep_nesting": ("[" * 100_000, 0.0, "malformed malformed"),
    "python_instead": (SETUP + DOUBLE + TOTAL, 0.0, "malformed malformed"),
}
ODD_NAMES = (
    "ünï code",
    "quote'\"<b>",
    "comma,semi;colon",
    "=formula",
    "-rf",
    "a" * 200,
    "new\nline",
    "%s{}$HOME",
    "\u202egnp.exe",
    "[red]\x1b[31m",
    "a\\..\\b",
    "\u00e9" * 127,
)


def _odd_files(submitted):
    """Hand in what is no regular file of one's own; return the statuses that are due."""
    target = hand_in(submitted, "victim")
    for name in ("fifo", "link", "folder", "socket", "device_link"):
        hand_in(submitted, name).unlink()
    place = {
        name: submitted / name / "tiny" / "tiny.ipynb" for name in ("fifo", "link", "folder", "socket", "device_link")
    }
    os.mkfifo(place["fifo"])
    place["link"].symlink_to(target)
    place["folder"].mkdir()
    os.mknod(place["socket"], 0o140600)
    place["device_link"].symlink_to("/dev/zero")
    # Another name of a file is a copy of it.
    (submitted / "copy" / "tiny").mkdir(parents=True)
    os.link(target, submitted / "copy" / "tiny" / "tiny.ipynb")
    (submitted / "linked_folder").symlink_to(submitted / "victim")
    (submitted / "linked_assignment").mkdir()
    (submitted / "linked_assignment" / "tiny").symlink_to(submitted / "victim" / "tiny")
    (submitted / "file_for_folder").mkdir()
    (submitted / "file_for_folder" / "tiny").write_text("not a folder")
    (submitted / "nothing").mkdir()
    (submitted / "loop").symlink_to("loop")
    (submitted / ".hidden").mkdir()
    (submitted / "plain_file").write_text("")
    os.mkdir(os.fsencode(submitted) + b"/not-utf-8-\xff")
    os.mkdir(os.fsencode(submitted) + b"/" + b"\xff" * 255)
    malformed = [*place, "linked_folder", "linked_assignment", "file_for_folder"]
    return dict.fromkeys(malformed, "malformed") | {"nothing": "missing", "not-utf-8-\\xff": "missing"}


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """Judge all these hand-ins in one class; return their verdicts and what the odd files are due."""
    folder = tmp_path_factory.mktemp("odd")
    for name, (content, _, _) in WEAPONS.items():
        hand_in(folder / "submitted", name, content)
        hand_in(folder / "submitted", f"{name} neighbour", notebook([cell(f"# beside {name}"), *cells()]))
    for name in ODD_NAMES:
        hand_in(folder / "submitted", name)
    due = _odd_files(folder / "submitted")
    batch = Batch(OneExam(exam()), hand_ins(folder / "submitted", "tiny"), Store(folder / "store"))
    batch.run(lambda: processes(2), lambda _: None)
    write_scores(batch, folder / "scores.csv")
    assert batch.failures == {}
    with open(folder / "scores.csv", newline="") as file:
        assert set(ODD_NAMES) <= {row[0] for row in csv.reader(file)}
    assert feedback.write(batch.verdicts(), PAGES, folder) == len(batch.judged())
    return {verdict.student: verdict for verdict in batch.verdicts()}, due


@pytest.mark.parametrize("name", WEAPONS)
def test_a_hostile_notebook_costs_only_what_it_concerns(class_, name):
    verdicts, _ = class_
    _, points, statuses = WEAPONS[name]
    verdict = verdicts[name]
    assert verdict.score == points
    assert verdict.max_score == FULL
    first = {result.question: str(result.status) for result in reversed(verdict.results)}
    for question, expected in zip(("double", "total"), statuses.split(), strict=True):
        assert first[question] in expected.split("|"), verdict.results
    assert verdicts[f"{name} neighbour"].score == FULL


def test_what_is_no_regular_file_is_named_and_not_followed(class_):
    verdicts, due = class_
    assert {name: str(verdicts[name].results[0].status) for name in due} == due
    assert all(verdicts[name].score == 0 for name in due)
    assert verdicts["victim"].score == verdicts["copy"].score == FULL


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_odd_name_is_a_name(class_, name):
    assert class_[0][name].score == FULL


def test_hidden_folders_plain_files_and_endless_links_are_passed_over(class_):
    assert {".hidden", "plain_file", "loop"}.isdisjoint(class_[0])


def test_hand_ins_that_change_while_the_class_is_graded_cost_only_themselves(tmp_path):
    submitted = tmp_path / "submitted"
    for name in ("changes", "dies", "fills", "grows", "neighbour", "swaps", "vanishes"):
        hand_in(submitted, name, notebook([cell(f"# {name}"), *cells()]))
    batch = Batch(OneExam(exam()), hand_ins(submitted, "tiny"), Store(tmp_path / "store"))
    # The class has been listed; nothing is read yet.
    (submitted / "dies" / "tiny" / "tiny.ipynb").unlink()
    shutil.rmtree(submitted / "vanishes")
    hand_in(submitted, "grows", b" " * (1 << 21))
    os.remove(submitted / "fills" / "tiny" / "tiny.ipynb")
    os.mkfifo(submitted / "fills" / "tiny" / "tiny.ipynb")
    shutil.rmtree(submitted / "swaps")
    (submitted / "swaps").symlink_to(submitted / "neighbour")

    def change(_):
        hand_in(submitted, "changes", notebook([cell(f"# {os.urandom(4).hex()}"), *cells(double=CHEAT)]))

    change(None)
    batch.run(lambda: processes(1), change, in_flight=1)
    assert batch.failures == {}
    scores = {verdict.student: (verdict.score, str(verdict.results[0].status)) for verdict in batch.verdicts()}
    assert scores == {
        "changes": (2.0, "failed"),
        "dies": (0.0, "missing"),
        "fills": (0.0, "malformed"),
        "grows": (0.0, "malformed"),
        "neighbour": (FULL, "passed"),
        "swaps": (0.0, "malformed"),
        "vanishes": (0.0, "missing"),
    }


@pytest.mark.parametrize("text", ["\t\n" * 500, "*a_" * 700, "x" * 2000, "\\" * 2000])
@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_pages_show_a_bounded_part_of_a_whole_notebook(text, kind):
    released = {"cells": [cell("Why?", "why", kind="markdown", grade=True, solution=True)]}
    added = [{**cell(text, kind=kind), "id": f"x{number}"} for number in range(9900)]
    shown = rebuild(released, {"cells": [*released["cells"], *added]})["cells"]
    assert sum(len(one["source"]) for one in shown) < 400_000
    assert len(shown) < 600
    assert any("in the hand-in and not shown" in one["source"] for one in shown)
    assert not any("\n" * 30 in one["source"] for one in shown)
    if kind == "code":
        assert all(len(line) < 1100 for one in shown[1:] for line in one["source"].split("\n"))
