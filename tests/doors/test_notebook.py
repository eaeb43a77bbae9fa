"""Of a hand-in only the sources of its cells count; what a cell is, the release says."""

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import skimming
from autograder.notebook import NotebookError, parse
from autograder.submission import Cell, Release, Role, Submission, read
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


def names(some):
    return [each.name for each in submission(some).cells]


def test_solutions_run_as_handed_in_and_released_cells_as_released():
    assert submission([*cells(double="mine"), cell("more")]).cells == (
        Cell("setup", SETUP),
        Cell("double", "mine"),
        Cell("total", TOTAL),
        Cell("cell 6", "more", own=True),
    )
    assert submission(cells()).remarks == ()


def test_a_line_added_to_a_given_cell_runs_after_what_was_given():
    changed = cells()
    changed[0]["source"] = SETUP + "\nimport math"
    found = submission(changed)
    assert found.cells[:2] == (Cell("setup", SETUP), Cell("setup, as changed", SETUP + "\nimport math", own=True))
    assert found.remarks == ("the given cell setup was changed: your lines in it were run, after what was given",)


def test_blank_lines_and_spaces_at_ends_change_no_given_cell():
    changed = cells()
    changed[0]["source"] = "\n" + SETUP.replace("\n", "  \n\n")
    assert submission(changed) == submission(cells())


def test_test_cells_never_run_where_they_stand():
    changed = cells()
    changed[2]["source"] = "evil"
    changed[2]["metadata"]["nbgrader"].update(grade=False, solution=True)
    found = submission(changed)
    assert found.cells[-1] == Cell("check_double, as changed", "evil", own=True)
    assert found.checks == {"double": 2, "total": 3}
    assert "were run, last" in found.remarks[0]


def test_a_picture_is_spare_and_what_was_added_to_it_is_not():
    demo = cell("show()", "demo", locked=True)
    demo["metadata"]["tags"] = ["demo"]
    release = Release.of(notebook([*cells(), demo]))
    assert Submission.of(notebook([demo]), release).cells == (
        Cell("demo", "show()", own=True, lenient=True, spare=True),
    )
    added = {**demo, "source": "show()\nimport math"}
    assert Submission.of(notebook([added]), release).cells == (
        Cell("demo, as changed", "show()\nimport math", own=True, lenient=True),
    )
    assert release.names_of_pictures == {"show"}


@pytest.mark.parametrize(
    ("order", "checks"),
    [
        ([0, 1, 2, 3, 4], {"double": 2, "total": 3}),
        ([2, 4, 0, 1, 3], {"double": 0, "total": 0}),
        ([0, 1, 3, 2, 4], {"double": 3, "total": 3}),
        ([0, 1, 3], {"double": 2, "total": 3}),
        ([3, 0, 1], {"double": 3, "total": 1}),
        ([0, 1], {"double": 2, "total": 2}),
    ],
)
def test_a_function_is_judged_where_its_check_stands_or_else_behind_its_definition(order, checks):
    some = cells()
    assert submission([some[place] for place in order]).checks == checks


@pytest.mark.parametrize(
    "definition",
    ["def total(x): return x.sum()", "total = lambda x: x.sum()", "total: object = np.sum", "class total: pass",
     "if True:\n    def total(x): pass", "x = 1\nasync def total(x): pass"],
)  # fmt: skip
def test_a_definition_outside_its_own_cell_is_seen_and_named(definition):
    found = submission([*cells()[:3], cell(definition), cell("check(total)")])
    assert found.homes["total"] == ("cell 4",)
    assert found.checks["total"] == 3
    assert found.remarks == ("cell 4 defines total, which has a cell of its own: it was run where it stands",)


@pytest.mark.parametrize(
    "use", ["total(x)", "total == 3", "y = total", "# def total(x)", "subtotal = 3", "x.total = 3"]
)
def test_a_use_is_no_definition(use):
    assert submission([*cells(), cell(use)]).remarks == ()


def test_halves_of_a_split_cell_run_in_their_order():
    found = submission([cell("a = 1", "double"), cell("b = 2", "double"), *cells()[3:]])
    assert found.cells[:2] == (Cell("double", "a = 1"), Cell("double, part 2", "b = 2"))
    assert found.homes["double"] == ("double", "double, part 2")
    assert found.malformed == {}
    assert found.remarks == ("more than one cell carries the name double: they were run in their order",)


def test_a_solution_that_became_text_is_named():
    found = submission([cell(DOUBLE, "double", kind="markdown")])
    assert found.cells == ()
    assert found.remarks == ("cell 1 carries the name double but is not a code cell: nothing in it was run",)


def test_remarks_have_an_end():
    assert len(submission([cell("total = 1")] * 1000).remarks) == 31


def test_a_released_cell_without_label_or_id_is_known_by_its_text():
    bare = [{**one, "metadata": {}, "id": f"x{number}"} for number, one in enumerate(cells())]
    assert submission(bare).cells == (
        Cell("setup", SETUP),
        Cell("cell 2", DOUBLE, own=True),
        Cell("cell 4", TOTAL, own=True),
    )
    assert submission(bare).checks == {"double": 2, "total": 3}


def test_cells_run_in_the_order_of_the_hand_in():
    assert [each.name for each in submission(cells()[::-1]).cells] == ["total", "double", "setup"]


def test_a_cell_without_metadata_is_known_by_its_id():
    bare = [{**one, "metadata": {}} for one in cells()]
    assert submission(bare) == submission(cells())


def test_a_file_that_is_not_there_is_missing_not_malformed(tmp_path):
    found = read(tmp_path / "tiny.ipynb", RELEASE, 1000)
    assert found.missing == dict.fromkeys(("double", "total"), "no tiny.ipynb was handed in")
    assert found.malformed == {}
    (tmp_path / "Tiny (1).ipynb").write_text("{}")
    assert read(tmp_path / "tiny.ipynb", RELEASE, 1000).missing["double"].endswith("in, but 'Tiny (1).ipynb'")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"\xff": 1}', "not UTF-8"),
        (b"{", "not a Jupyter notebook"),
        (b"[]", "has no cells"),
        (b'{"nbformat": 4}', "has no cells"),
        (b'{"nbformat": 4, "cells": {}}', "has no cells"),
        (b'{"nbformat": 3, "worksheets": 1}', "not a Jupyter notebook"),
        (b'{"nbformat": [], "cells": []}', "not a Jupyter notebook"),
        (b"[" * 5000, "nested too deeply"),
        (b" " * (10 << 16) + b" ", "larger than"),
        (b'{"cells": [{"source": "' + b"x" * (1 << 16) + b'y"}]}', "larger than 0.062 MiB without"),
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
        parse(path, 1 << 16)


def test_numbers_without_end_are_too_many_parts(tmp_path):
    path = tmp_path / "tiny.ipynb"
    path.write_bytes(b'{"cells": [], "metadata": [' + b"1," * (1 << 20) + b"0]}")
    with pytest.raises(NotebookError, match="too many parts"):
        parse(path, 1 << 22)


def test_outputs_do_not_count(tmp_path):
    path = tmp_path / "tiny.ipynb"
    code = {**cell("x = 1"), "outputs": [{"text": '[{"' * 50_000, "data": {"image/png": "A" * 100_000}}]}
    path.write_text(json.dumps(notebook([code])))
    (found,) = parse(path, 1 << 16)["cells"]
    assert found["source"] == "x = 1"
    assert "outputs" not in found


def test_one_letter_that_makes_all_others_wide_is_counted_with_them():
    for letter in ("😀", r"\ud83d\ude00", "œ"):
        text = f'{{"cells": ["{"x" * 1000}{letter}"]}}'
        with pytest.raises(skimming.TooLargeError):
            skimming.skim(io.BytesIO(text.encode()), set(), 3900, 9999)
        skimming.skim(io.BytesIO(text.replace(letter, "é").encode()), set(), 3900, 9999)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_notebook_may_be_in_any_unicode(tmp_path, encoding):
    path = tmp_path / "tiny.ipynb"
    path.write_bytes(json.dumps(notebook([cell("x = 'é'")]), ensure_ascii=False).encode(encoding))
    assert parse(path, 1 << 16)["cells"][0]["source"] == "x = 'é'"


texts = st.text(st.sampled_from('a"\\[]{},:u\néœ😀') | st.characters(), max_size=12)
keys = texts | st.sampled_from(["outputs", "outputs", "out\\puts"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(keys, inner), max_size=4).map(tuple),
    max_leaves=25,
)


def written(value, dump):
    """Return JSON in which a tuple of pairs is an object, which may have a key twice."""
    if isinstance(value, tuple):
        return "{" + ", ".join(f"{dump(key)} : {written(inner, dump)}" for key, inner in value) + "}"
    return f"[{','.join(written(inner, dump) for inner in value)}]" if isinstance(value, list) else dump(value)


def without_outputs(pairs):
    return {key: None if key == "outputs" and isinstance(value, (list, dict)) else value for key, value in pairs}


@settings(
    max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values, st.booleans(), st.integers(4, 9), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_a_file_is_read_as_json_reads_it_wherever_it_is_cut(monkeypatch, value, ascii_only, piece, encoding):
    monkeypatch.setattr(skimming, "PIECE", piece)
    text = written(value, lambda one: json.dumps(one, ensure_ascii=ascii_only))
    content = text.encode(encoding, "replace")
    skimmed = skimming.skim(io.BytesIO(content), {"outputs"}, 1 << 20, 1 << 20)
    expected = json.loads(content.decode(encoding), object_pairs_hook=without_outputs)
    assert json.dumps(json.loads(skimmed)) == json.dumps(expected)
    assert skimmed.isascii() or skimmed.encode("latin-1")


def test_a_key_that_is_written_with_escapes_is_that_key():
    content = rb'{"out\u0070uts": [1, "]"], "outputs" : {}, "outputs": 3}'
    skimmed = skimming.skim(io.BytesIO(content), {"outputs"}, 100, 100)
    assert skimmed == r'{"out\u0070uts": null, "outputs" : null, "outputs": 3}'


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
    assert found.cells == (Cell("cell 1", "x = 1", own=True), Cell("double", "def double(x):\n    pass"))
    assert [cell["cell_type"] for cell in parse(path, 1000)["cells"]] == ["code", "markdown", "code"]


def test_a_fault_of_the_machine_is_no_fault_of_the_hand_in(tmp_path, monkeypatch):
    path = tmp_path / "tiny.ipynb"
    path.write_text("{}")

    def fail(*_, **__):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("autograder.notebook.os.open", fail)
    with pytest.raises(OSError, match="Too many"):
        read(path, RELEASE, 1000)
