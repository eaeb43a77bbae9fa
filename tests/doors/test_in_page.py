"""The page's door answers as a notebook does: prints, values, exceptions with their lines, the table of ``check``."""

from __future__ import annotations

import json
import sys

import pytest

from autograder import assignments, check, in_page

WRONG = "import numpy as np\n\ndef max_pool2d(x, kernel_size):\n    return x\n"


@pytest.fixture(autouse=True)
def main_stays(monkeypatch):
    """Cells run as `__main__`; the tests' own comes back."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def asked(question, *arguments):
    return json.loads(question(*arguments))


def test_the_last_expression_is_shown_and_prints_come_with_it():
    answer = asked(in_page.run, "print('hello')\n'<b>'")
    assert answer["printed"] == "hello\n"
    assert answer["value"] == "<div class=pm><pre>&#39;&lt;b&gt;&#39;</pre></div>"


def test_an_array_is_shown_as_a_picture_and_so_are_several():
    one = asked(in_page.run, "import numpy as np", "np.eye(2)")["value"]
    assert one.count("<figure") == 1
    assert "float64, shape (2, 2)" in one
    assert asked(in_page.run, "import numpy as np\nnp.eye(2), np.ones(3)")["value"].count("<figure") == 2


def test_a_call_that_shows_nothing_leaves_the_value_of_the_cell():
    assert "3" in asked(in_page.run, "1 + 2", "x = 1")["value"]


@pytest.mark.parametrize(
    ("cell", "call", "line", "kind"),
    [
        ("x = 1\nx / 0", "", 2, "ZeroDivisionError"),
        ("def f(x):\n    return 1 / x", "f(0)", 2, "ZeroDivisionError"),
        ("x = 1\ny = (", "", 2, "SyntaxError"),
        ("x = 1", "1 / 0", None, "ZeroDivisionError"),
        ("import sys\nsys.exit(3)", "", 2, "SystemExit"),
        ("import json\n\njson.loads('{')", "", 3, "JSONDecodeError"),
    ],
)
def test_an_exception_names_the_last_line_of_the_cell_that_led_to_it(cell, call, line, kind):
    error = asked(in_page.run, cell, call)["error"]
    assert (error["kind"], error["line"]) == (kind, line)
    assert "autograder" not in error["text"]


def test_what_is_printed_is_bounded():
    printed = asked(in_page.run, "for _ in range(10**5): print('x' * 100)")["printed"]
    assert len(printed) < in_page.PRINTED + 20
    assert printed.endswith("… and more")


def test_cells_above_run_first_and_what_they_raise_and_print_is_not_shown():
    above = ["k = 3\nprint('noise')", "1 / 0", "import sys; sys.exit()"]
    answer = asked(in_page.run, "k + 1", "", above)
    assert answer == {"printed": "", "value": "<div class=pm><pre>4</pre></div>"}


def test_check_shows_the_notebooks_own_table():
    space: dict[str, object] = {}
    exec(WRONG, space)
    answer = asked(in_page.check, WRONG, "max_pool2d")
    assert answer["html"] == check(space["max_pool2d"])._repr_html_()
    assert answer["count"] == 16
    assert not answer["holds"]


def test_a_cell_without_the_function_is_told():
    error = asked(in_page.check, "x = 1", "max_pool2d")["error"]
    assert error["message"] == "the cell defines no max_pool2d"


def test_every_function_of_numpy_has_a_call_to_try_that_runs():
    calls = json.loads(in_page.calls({"conv2d": ["x", "weight"]}))
    assert calls["conv2d"].endswith("conv2d(x, weight)")
    assert max(map(len, calls.values())) <= in_page.SHORT
    for name in assignments.names():
        for question in assignments.load(name).questions:
            if question.packages:
                continue
            stub = f"import numpy as np\ndef {question.name}(*args, **kwargs): return 'called'"
            assert "called" in asked(in_page.run, stub, calls[question.name])["value"], question.name
