"""The worker runs cells and calls as a notebook would, and answers only with values."""

import io
import sys

import numpy as np
import pytest

from autograder.sandbox import wire, worker

NONCE = bytes(16)


def run(*sources):
    namespace = {"__name__": "__main__"}
    return namespace, [worker.run_cell(source, f"<cell {n}>", namespace) for n, source in enumerate(sources, 1)]


def call(source, *args, function="f", **kwargs):
    namespace, _ = run(source)
    answer = worker.invoke(namespace, "f", function, args, kwargs)
    frame = worker.framed(answer, NONCE, 1 << 20)
    return wire.read(io.BytesIO(frame).read, NONCE, 1 << 20)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("  %timeit f(1)", "  pass"),
        ("files = !ls -l", "files = None"),
        ("a, b.c = %sql select", "a, b.c = None"),
        ("%time y = f(3)", "y = f(3)"),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("\n%%capture out\nx = 1", "pass\nx = 1"),
        ("%%bash\nrm -rf x", "pass"),
        ("np.max?", "pass"),
        ("np.max??", "pass"),
        ("?np.max", "pass"),
        ("x = 7 % 3\ny = x != 2", "x = 7 % 3\ny = x != 2"),
    ],
)
def test_what_only_ipython_understands_is_left_out(source, plain):
    assert worker.python_only(source) == plain


def test_python_that_looks_like_magic_is_python():
    namespace, replies = run("x = (7\n% 4)\ntext = '''\n%time\n!ls\n'''")
    assert replies[0]["status"] == "passed"
    assert namespace["x"] == 3
    assert namespace["text"] == "\n%time\n!ls\n"


def test_a_cell_may_await():
    namespace, replies = run("import asyncio\nasync def f():\n    return 3\nx = await f()")
    assert replies[0]["status"] == "passed"
    assert namespace["x"] == 3


def test_an_error_names_the_line_of_the_cell():
    _, replies = run("x = 1\n\nx / 0")
    assert replies[0] == {"status": "error", "message": "ZeroDivisionError: division by zero (line 3 of cell 1)"}


@pytest.mark.parametrize(
    "source", ["raise SystemExit", "raise KeyboardInterrupt", "exit()", "def f(:", "x = '\0'", "x = '\ud800'"]
)
def test_whatever_a_cell_raises_is_its_own(source):
    _, replies = run(source, "x = 1")
    assert [reply["status"] for reply in replies] == ["error", "passed"]


def test_a_missing_function_is_missing():
    assert call("g = 1", 1)["status"] == "missing"
    assert call("f = 1", 1)["status"] == "missing"
    assert call("def probe(): return 1", function="probe")["status"] == "missing"


def test_a_call_tells_whether_a_value_error_was_raised():
    assert call("def f(x): raise ValueError('bad x')", 1)["refused"] is True
    assert call("def f(x): raise TypeError('bad x')", 1)["refused"] is False


def test_a_call_tells_how_it_left_its_arguments():
    answer = call("def f(x, y):\n    x += 1", np.zeros(2), 3)
    np.testing.assert_array_equal(answer["inputs"][0], [1, 1])
    assert len(answer["inputs"]) == 1


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(): return object()", "type object does not travel"),
        ("import numpy as np\ndef f(): return np.array([None])", "dtype object"),
        ("def f(): return [0] * 10**6", "too many parts"),
        ("import numpy as np\ndef f(): return np.zeros(2**20)", "more than 1 MiB"),
        ("def f(): return 10**5000", "digits"),
    ],
)
def test_a_value_that_does_not_travel_is_a_wrong_one(source, message):
    answer = call(source)
    assert answer["status"] == "failed"
    assert message in answer["message"]


def test_subclasses_of_arrays_and_named_tuples_travel_as_what_they_hold():
    pair = "import collections, numpy as np\nclass S(np.ndarray): pass\nP = collections.namedtuple('P', 'a b')\n"
    answer = call(pair + "def f(): return P(np.ones((1, 1)).view(S), [2])")
    assert type(answer["value"]) is tuple
    assert type(answer["value"][0]) is np.ndarray
    assert answer["value"][0].shape == (1, 1)


def test_messages_are_bounded():
    assert len(call("def f(): raise ValueError('x' * 10**6)")["message"]) <= worker.TEXT_LIMIT


def test_it_needs_nothing_of_the_project_but_the_frames():
    assert {name for name in vars(worker) if getattr(vars(worker)[name], "__name__", "").startswith("autograder")} == {
        "wire"
    }
    assert worker.wire is sys.modules["autograder.sandbox.wire"]
