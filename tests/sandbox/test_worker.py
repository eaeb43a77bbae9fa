"""The worker makes calls, and answers only with values."""

import io
import sys

import numpy as np
import pytest

from autograder.sandbox import wire, worker

NONCE = bytes(16)


def call(source, *args, rounds=(), **kwargs):
    namespace = {"__name__": "__main__"}
    exec(source, namespace)
    answer = worker.invoke(namespace, "f", args, kwargs, rounds)
    frame = worker.framed(answer, NONCE, 1 << 20)
    return wire.read(io.BytesIO(frame).read, NONCE, 1 << 20)


def test_a_missing_function_is_missing():
    assert call("g = 1", 1)["status"] == "missing"
    assert call("f = 1", 1)["status"] == "missing"


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


def test_rounds_share_all_arguments_that_they_do_not_change():
    moves_on = "def f(rng, n=1): return [rng.random() for _ in range(n)]"
    rounds = ({}, {0: np.random.default_rng(1)}, {}, {"n": 2})
    first, again, later, two = call(moves_on, np.random.default_rng(1), rounds=rounds)["value"]
    assert first == again
    assert first != later
    assert len(two) == 2


def test_what_a_round_returned_stays_as_it_was():
    reused = "import numpy as np\nkept = np.zeros(1)\ndef f():\n    kept[0] += 1\n    return (kept, [kept])"
    first, second = call(reused, rounds=({}, {}))["value"]
    assert (first[0], first[1][0], second[0]) == (1, 1, 2)


def test_messages_are_bounded():
    assert len(call("def f(): raise ValueError('x' * 10**6)")["message"]) <= worker.TEXT_LIMIT


def test_it_needs_nothing_of_the_project_but_the_frames():
    named = {name: getattr(value, "__name__", "") for name, value in vars(worker).items()}
    assert {name for name, full in named.items() if full.startswith("autograder")} == {"described", "wire"}
    assert worker.wire is sys.modules["autograder.sandbox.wire"]
