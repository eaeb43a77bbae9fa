"""Python in the page judges as Python here does: every function, right and wrong, in one visit."""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module

import pytest
from page_python import notebooks
from playwright.sync_api import Browser, Page

from autograder import assignments, in_page

FUNCTIONS = [
    (name, question.name) for name in assignments.names() for question in assignments.load(name).questions
    if not question.packages
]  # fmt: skip
# NumPy's default integer has 32 bits in a page: counts that are made with it must be judged as here.
COUNTED_WITH_NUMPY = {
    "conv2d_cost": """
def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    pair = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
    weights = np.prod(np.array([in_channels, out_channels, *pair]))
    return weights + (np.arange(out_channels + 1)[-1] if bias else 0), weights * np.prod(np.array(output_size))
""",
    "receptive_field": """
def receptive_field(layers):
    jumps = np.cumprod(np.array([1, *(stride for _, stride in layers)]))
    return 1 + sum((kernel - 1) * jump for (kernel, _), jump in zip(layers, jumps)), jumps[-1]
""",
    "output_size": """
def output_size(n, kernel_size, stride=1, padding=0, dilation=1, ceil_mode=False):
    return np.arange(n + 2 * padding - dilation * (kernel_size - 1))[::stride].size
""",
}


@pytest.fixture(scope="module")
def visit(browser: Browser, server: str):
    """Return a page whose Python runs; a script of another host would be refused and told."""
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{server}/pooling.html")
    page.evaluate("PageCells.start()")
    yield page
    page.close()


@pytest.fixture(autouse=True)
def main_stays(monkeypatch):
    """Cells run as `__main__` here as well; the tests' own comes back."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def there(page: Page, question: str, *parts):
    return page.evaluate("([question, ...parts]) => PageCells.ask(question, ...parts)", [question, *parts])


def here(source: str, name: str):
    with warnings.catch_warnings(action="ignore"):  # which are errors in these tests, and none in a notebook
        return json.loads(in_page.check(source, name))


def wrong(name: str, function: str) -> str:
    """Return the source of the first wrong variant that the worked examples find out."""
    variants = import_module(f"sample_class.variants.{name}").WRONG
    sources = (variant.source for variant in variants if variant.function == function)
    return next(source for source in sources if not here(source, function).get("holds", True))


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_a_function_is_judged_there_as_here(visit, name, function):
    (right,) = (code for _, code in notebooks.solutions(name, [function]))
    assert there(visit, "check", right, function)["holds"]
    source = wrong(name, function)
    answer, expected = there(visit, "check", source, function), here(source, function)
    assert answer["kept"] == expected["kept"]
    assert len(answer["kept"]) < answer["count"] == expected["count"]
    assert answer["html"].count("<figure") == expected["html"].count("<figure")


@pytest.mark.parametrize("function", COUNTED_WITH_NUMPY)
def test_integers_of_32_bits_change_no_verdict(visit, function):
    assert "int32" in there(visit, "run", "import numpy as np\nnp.arange(3).dtype")["value"]
    source = "import numpy as np\n" + COUNTED_WITH_NUMPY[function]
    kept = there(visit, "check", source, function)["kept"]
    assert kept == here(source, function)["kept"]
    assert kept


def test_what_was_left_out_of_numpy_is_missed_by_nobody(visit):
    code = "from numpy import *\nfrom numpy import ma, polynomial, rec, testing\nma.masked_less([1, 2], 2).sum()"
    answer = there(visit, "run", code)
    assert "error" not in answer
    assert "2" in answer["value"]


def test_nothing_of_the_page_or_of_the_network_is_in_reach(visit):
    for code in (
        "import js\njs.document",
        "import js\njs.fetch",
        "import js\njs.localStorage",
        "import js\njs.postMessage",
    ):
        assert there(visit, "run", code)["error"]["kind"] == "AttributeError"
    for code in (
        "from pyodide.code import run_js\nrun_js('1 + 1')",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')",
        "import subprocess\nsubprocess.run(['ls'])",
    ):
        assert "error" in there(visit, "run", code), code


def test_what_ends_python_is_told_and_the_next_question_starts_it_anew(visit):
    problem = visit.evaluate("""async () => {
      const asked = PageCells.ask("run", "while True: pass");
      setTimeout(PageCells.stop, 300);
      return asked.then(() => "answered", (problem) => problem.message);
    }""")
    assert problem == "stopped"
    assert "2" in there(visit, "run", "1 + 1")["value"]


def test_a_question_is_stopped_while_a_part_of_it_is_on_its_way(visit):
    problem = visit.evaluate("""() => {
      const asked = PageCells.ask("run", "1 + 1", new Promise(() => {}));
      PageCells.stop();
      return asked.then(() => "answered", (problem) => problem.message);
    }""")
    assert problem == "stopped"
