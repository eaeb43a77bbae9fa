"""Cells run in the sandbox as they would in Jupyter."""

import pytest

from autograder.sandbox.session import Sandbox
from tests.helpers.tiny_exam import LIMITS


def run(*sources, lenient=False):
    """Run cells in one sandbox; return the answers, and the value of ``x`` afterwards."""
    with Sandbox(LIMITS).start() as session:
        messages = [
            {"cell": source, "name": f"<cell {number}>", "lenient": lenient} for number, source in enumerate(sources, 1)
        ]
        answers = [session.request(message, 10.0) for message in messages]
        session.request({"cell": "def value(): return x", "name": "<value>", "lenient": False}, 10.0)
        value = session.request({"calls": [("value", (), {}, ())]}, 10.0)
        return answers, value.get("value")


def value(*sources):
    """Return what ``x`` is when cells have run, none of which fails."""
    answers, found = run(*sources)
    assert [answer["message"] for answer in answers] == [""] * len(sources)
    return found


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("%matplotlib inline\nx = 1", 1),
        ("!pip install \\\n  numpy\nx = 1", 1),
        ("%pip install numpy\nx = 1", 1),
        ("files = !ls -l\nx = len(files)", 0),
        ("here = %pwd\nx = here", "/tmp"),
        ("%time x = 3", 3),
        ("x = 0\n%timeit x", 0),
        ("%%time\nx = 1", 1),
        ("\n\n%%capture out\nx = 1", 1),
        ("x = 1\nx?\nstr.join??\n?x", 1),
        ("x = (7\n% 4)", 3),
        ("x = (3\n!= 4)", True),
        ("x = '''\n%time\n!ls\n'''", "\n%time\n!ls\n"),
        ("from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", 1),
        ("from IPython.display import HTML, display\ndisplay(HTML('<b>'))\nx = 1", 1),
        ("import asyncio\nasync def f():\n    return 3\nx = await f()", 3),
        ("%cd -q /\nx = 1\n%cd -q -", 1),
        ("%env COLOUR=red\nimport os\nx = os.environ['COLOUR']", "red"),
        ("%%bash\nexit 1", None),
        ("%%timeit\nx = 5", None),
        ("%load_ext autoreload\n%autoreload 2\nx = 1", 1),
        ("from autograder import check\nx = 1\ncheck(3).score", 1),
        ("from autograder.drawing import demo\nx = 1\n@demo(p=demo())\ndef f(): pass", 1),
        ("def f(a: Nowhere = 1): return a", None),
    ],
)  # fmt: skip
def test_a_cell_does_what_it_does_in_jupyter(source, x):
    answers, found = run(source)
    assert found == x
    assert [answer["message"] for answer in answers] == [
        "NameError: name 'Nowhere' is not defined (line 1 of cell 1)" if "Nowhere" in source else ""
    ]


def test_cells_share_their_names_their_files_and_what_the_last_line_gave():
    assert value("%%writefile helper.py\ny = 4", "import helper\nhelper.y + 1", "x = _ + 1") == 6
    assert value("%%writefile more.py\nx = 4", "%run more.py") == 4
    assert value("from __future__ import annotations", "def f(a: Nowhere): return 7", "x = f(0)") == 7


def test_an_error_names_the_line_of_the_cell():
    answers, _ = run("x = 1\n\nx / 0")
    assert answers[0]["status"] == "error"
    assert answers[0]["message"] == "ZeroDivisionError: division by zero (line 3 of cell 1)"


@pytest.mark.parametrize(
    "source",
    ["raise SystemExit", "raise KeyboardInterrupt", "def f(:", "x = '\0'", "%nothing_like_this", "(" * 5000],
)  # fmt: skip
def test_whatever_a_cell_raises_is_its_own(source):
    answers, found = run(source, "x = 1")
    assert answers[0]["status"] in ("error", "memory")
    assert answers[1]["status"] == "passed"
    assert found == 1


def test_the_end_of_a_session_is_none():
    assert value("exit()", "quit", "x = 1") == 1


def test_an_import_that_fails_is_told_and_leaves_the_rest_of_its_cell():
    answers, found = run("import nowhere, json as j\nfrom lost.found import a, b as c\nx = j.loads('3')")
    assert found == 3
    assert answers[0]["message"] == ""
    assert answers[0]["value"] == {"nowhere": ["nowhere"], "lost.found": ["a", "c"]}


def test_an_import_that_a_notebook_expects_to_fail_is_not_told():
    answers, found = run("try:\n    import nowhere\nexcept ImportError:\n    x = 2")
    assert found == 2
    assert "value" not in answers[0]


def test_a_lenient_cell_goes_on_after_any_statement():
    answers, found = run("1 / 0\n@nothing\ndef f(): pass\nx = 3", lenient=True)
    assert answers[0]["message"] == ""
    assert found == 3


def test_pictures_do_not_pile_up():
    assert value("import matplotlib.pyplot as plt\nplt.plot([1])", "x = len(plt.get_fignums())") == 0
