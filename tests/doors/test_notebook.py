"""Of a hand-in only the sources of its cells count; what a cell is, the release says."""

import json

import pytest

from autograder.notebook import Cell, NotebookError, Release, Role, Submission, parse, read
from tests.helpers.tiny_exam import DOUBLE, RELEASE, SETUP, TOTAL, cell, cells, notebook


def submission(some):
    return Submission.of(notebook(some), RELEASE)


def test_the_release_says_what_a_cell_is():
    assert RELEASE.roles == {
        "setup": Role.RELEASED,
        "double": Role.SOLUTION,
        "check_double": Role.TEST,
        "total": Role.SOLUTION,
        "check_total": Role.TEST,
    }
    demo = cell("show()", "demo", locked=True)
    demo["metadata"]["tags"] = ["demo"]
    assert Release.of(notebook([demo])).roles == {"demo": Role.DEMO}


def test_solutions_run_as_handed_in_and_released_cells_as_released():
    changed = cells(double="mine")
    changed[0]["source"] = "evil"
    assert submission([*changed, cell("more")]).cells == (
        Cell("setup", SETUP),
        Cell("double", "mine"),
        Cell("total", TOTAL),
        Cell("cell 6", "more"),
    )


def test_test_cells_never_run_whatever_they_hold():
    changed = cells()
    changed[2]["source"] = "evil"
    changed[2]["metadata"]["nbgrader"].update(grade=False, solution=True)
    assert "evil" not in [each.source for each in submission(changed).cells]


def test_cells_run_in_the_order_of_the_hand_in():
    assert [each.name for each in submission(cells()[::-1]).cells] == ["total", "double", "setup"]


def test_a_cell_without_metadata_is_known_by_its_id():
    bare = [{**one, "metadata": {}} for one in cells()]
    assert submission(bare) == submission(cells())


def test_two_cells_of_one_name_void_that_question_only():
    found = submission([*cells(), cell(DOUBLE, "double", kind="markdown")])
    assert list(found.malformed) == ["double"]
    assert "2 cells" in found.malformed["double"]


def test_a_missing_cell_is_missing():
    assert list(submission(cells()[2:]).missing) == ["double"]


def test_a_file_that_is_not_there_is_missing_not_malformed(tmp_path):
    found = read(tmp_path / "tiny.ipynb", RELEASE, 1000)
    assert found.missing == dict.fromkeys(("double", "total"), "no tiny.ipynb was handed in")
    assert found.malformed == {}
    (tmp_path / "Tiny (1).ipynb").write_text("{}")
    assert read(tmp_path / "tiny.ipynb", RELEASE, 1000).missing["double"].endswith("in, but 'Tiny (1).ipynb'")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "not a Jupyter notebook"),
        (b"[]", "has no cells"),
        (b'{"nbformat": 4}', "has no cells"),
        (b'{"nbformat": 4, "cells": {}}', "has no cells"),
        (b'{"nbformat": 3, "worksheets": 1}', "not a Jupyter notebook"),
        (b'{"nbformat": [], "cells": []}', "not a Jupyter notebook"),
        (b"[" * 5000, "nested too deeply"),
        (b" " * (1 << 22) + b" ", "larger than"),
        (b'{"cells": [], "metadata": [' + b"[]," * (1 << 20) + b"0]}", "too many parts"),
        (b'{"cells": [' + b"1," * 10_000 + b"1]}", "more than 10000 cells"),
        (b'{"nbformat": 3, "worksheets": [{"cells": [' + b"1," * 10_000 + b"1]}]}", "more than 10000 cells"),
        (b'{"nbformat": 1, "cells": []}', "format 2, 3 or 4"),
        (b'{"nbformat": 5, "cells": []}', "format 2, 3 or 4"),
        (b'{"nbformat": 4, "worksheets": []}', "has no cells"),
    ],
)
def test_what_is_no_notebook_says_why(tmp_path, content, why):
    path = tmp_path / "tiny.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotebookError, match=why):
        parse(path, 1 << 22)


@pytest.mark.parametrize("version", [2, 3])
def test_an_old_notebook_is_brought_up_to_date(tmp_path, version):
    named = {"nbgrader": {"grade_id": "double", "solution": True}}
    old = {"nbformat": version, "nbformat_minor": 0, "metadata": {}, "worksheets": [
        {"cells": [
            {"cell_type": "code", "input": "x = 1", "language": "python", "metadata": {}, "outputs": []},
            {"cell_type": "heading", "source": "Doubling", "level": 2},
        ]},
        {"cells": [{"cell_type": "code", "input": ["def double(x):\n", "    pass"], "metadata": named}]},
        {}, 7, {"cells": 7},
    ]}  # fmt: skip
    path = tmp_path / "tiny.ipynb"
    path.write_text(json.dumps(old))
    found = read(path, RELEASE, 1000)
    assert found.cells == (Cell("cell 1", "x = 1"), Cell("double", "def double(x):\n    pass"))
    assert list(found.missing) == ["total"]
    assert [cell["cell_type"] for cell in parse(path, 1000)["cells"]] == ["code", "markdown", "code"]


def test_a_fault_of_the_machine_is_no_fault_of_the_hand_in(tmp_path, monkeypatch):
    path = tmp_path / "tiny.ipynb"
    path.write_text("{}")

    def fail(*_, **__):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("autograder.notebook.os.open", fail)
    with pytest.raises(OSError, match="Too many"):
        read(path, RELEASE, 1000)
