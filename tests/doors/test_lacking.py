"""``check`` says what grading lacks of what a function needs, and runs nothing to find that out."""

import importlib.machinery
from typing import Any

import pytest

from autograder.assignments import load, names
from autograder.lacking import GIVEN, PACKAGES
from autograder.reaching import differences
from autograder.sandbox.distributions import importable

START = """
import contextlib
import functools
import math
import subprocess
import urllib.request

import matplotlib.pyplot as plt
import numpy as np
import scipy.ndimage
import scipy.ndimage as nd
from scipy.ndimage import uniform_filter
from scipy.special import erf
from sklearn.utils import Bunch

def wrapped(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args)
    return inner
"""


def said(cell: str, *, packages: tuple[str, ...] = ()) -> list[str]:
    """Return what is said of the function ``f`` that a cell defines."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(START, namespace)
    exec(cell, namespace)
    return differences(namespace["f"], "f", packages, None)


@pytest.mark.parametrize(
    ("cell", "user"),
    [
        ("def f(x):\n    import scipy.linalg", "f"),
        ("def f(x):\n    from scipy import linalg", "f"),
        ("def f(x):\n    def inner():\n        return [__import__ for _ in x if nd.shift(x, 1)]", "f"),
        ("f = lambda x: nd.shift(x, 1)", "f"),
        ("def f(x): return uniform_filter(x)", "f"),
        ("def f(x): return erf(x)", "f"),
        ("f = erf", "f"),
        ("f = functools.partial(nd.shift, shift=1)", "f"),
        ("f = np.vectorize(lambda x: nd.shift(x, 1))", "f"),
        ("f = functools.lru_cache(lambda x: nd.shift(x, 1))", "f"),
        ("@wrapped\ndef f(x): return nd.shift(x, 1)", "f"),
        ("def f(x, filter=uniform_filter): return x", "f"),
        ("def f(x, *, filter=uniform_filter): return x", "f"),
        ("KINDS = {'mean': [uniform_filter]}\ndef f(x): return KINDS", "f"),
        ("def helper(x): return nd.shift(x, 1)\ndef f(x): return helper(x)", "helper"),
        ("class Filter:\n    def __call__(self, x): return nd.shift(x, 1)\nf = Filter()", "Filter.__call__"),
        ("class Filter:\n    def run(self, x): return nd.shift(x, 1)\ndef f(x): return Filter().run(x)", "Filter.run"),
        ("class Filter:\n    @staticmethod\n    def run(x): return nd\ndef f(x): return Filter.run(x)", "Filter.run"),
        ("class Base:\n    def run(self): return nd\nclass Kind(Base): pass\ndef f(x): return Kind()", "Base.run"),
        ("class Filter:\n    def run(self, x): return nd\nf = Filter().run", "Filter.run"),
        ("def f(x):\n    try:\n        import scipy\n    except ImportError:\n        return x", "f"),
        ("async def f(x): return nd", "f"),
        ("def f(x):\n    yield nd", "f"),
    ],
)
def test_a_module_that_grading_lacks_is_found_wherever_it_is_used(cell: str, user: str) -> None:
    has = "it has the standard library, NumPy and matplotlib"
    assert said(cell) == [f"{user} uses scipy, which grading lacks: {has}"]


@pytest.mark.parametrize(
    ("cell", "module"),
    [
        ("import torch\ndef f(x): return torch.nn.functional.max_pool2d(x, 2)", "torch"),
        ("from torch import nn\ndef f(x: nn.Module): return x", "torch"),
        ("from torch import nn\ndef f(x: nn.Module | None) -> list[int]: return x", "torch"),
        ("settings = Bunch(a=1)\ndef f(x): return settings", "sklearn"),
        ("def f(x):\n    import sklearn.utils", "sklearn"),
    ],
)
def test_objects_and_types_of_such_a_module_count_too(cell: str, module: str) -> None:
    (sentence,) = said(cell)
    assert sentence.startswith(f"f uses {module}, which grading lacks")


@pytest.mark.parametrize(
    "cell",
    [
        "def f(x): return np.maximum(np.exp(x), math.pi) @ np.linalg.inv(x)",
        "def f(x):\n    from numpy.lib.stride_tricks import sliding_window_view\n    plt.plot(x); return len(x)",
        "def f(x):\n    try:\n        import numba_that_is_not_here\n    except ImportError:\n        return x",
        "def f(x): return undefined",
        "def f(x): return f(x - 1)",
        "f = np.frompyfunc(lambda x: x, 1, 1)",
        "f = len",
        "import autograder\ndef f(x): autograder.check; return x",
        "def f(x):\n    with contextlib.suppress(ValueError):\n        return np.random.default_rng(0)",
    ],
)
def test_what_grading_has_is_not_mentioned(cell: str) -> None:
    assert said(cell) == []


def test_a_questions_own_package_is_there_for_it() -> None:
    (question,) = (question for question in load("dropout").questions if question.packages)
    cell = "import torch\ndef f(x): return torch.ones(2), {}"
    assert said(cell.format("x"), packages=question.packages) == []
    (sentence,) = said(cell.format("nd"), packages=question.packages)
    assert sentence.endswith("NumPy and matplotlib, for this question also torch")


def test_processes_and_the_network_are_said_to_be_missing() -> None:
    assert said("def f(x): return subprocess.run(x)") == [
        "f uses subprocess, but no process or thread can be started while grading"
    ]
    assert said("def f(x): return urllib.request.urlopen(x)") == [
        "f uses urllib, but there is no network while grading"
    ]


def test_nothing_is_run_to_find_out() -> None:
    cell = """
class Trap(type):
    def __getattribute__(cls, name): ran.append(name); return type.__getattribute__(cls, name)

class Box(metaclass=Trap):
    def __getattribute__(self, name): ran.append(name); return object.__getattribute__(self, name)
    def __eq__(self, other): ran.append("=="); return True
    __hash__ = None

ran = []
box = Box()
def f(x, other=box):
    ran.append("called")
    return box
ran.clear()
"""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(cell, namespace)
    assert differences(namespace["f"], "f", (), None) == []
    assert namespace["ran"] == []


def test_a_walk_without_an_end_ends() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = [endless, *({} for _ in range(100_000))]
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    assert said("def f(x): return endless, deep") == []
    assert differences(lambda x, a=endless, b=deep: x, "f", (), None) == []


@pytest.mark.parametrize("packages", [(), ("torch",)])
def test_what_grading_is_said_to_have_is_what_is_mounted_there(packages: tuple[str, ...]) -> None:
    places = importable(packages)
    endings = tuple(importlib.machinery.all_suffixes())
    mounted = {
        place.name.partition(".")[0] for place in places if "." not in place.name or place.name.endswith(endings)
    }
    assert mounted == GIVEN.union(*(PACKAGES[package] for package in packages))


def test_every_package_of_a_question_is_known() -> None:
    questions = [question for name in names() for question in load(name).questions]
    assert {package for question in questions for package in question.packages} <= PACKAGES.keys()
