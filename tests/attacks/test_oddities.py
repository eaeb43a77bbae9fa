"""Honest oddities are not punished."""

from dataclasses import replace

import pytest

from autograder.judging.grading import grade
from autograder.submission import Submission
from tests.helpers.tiny_exam import DOUBLE, FULL, LIMITS, RELEASE, SETUP, TOTAL, cell, cells, exam, notebook


def body(lines: str) -> list[dict]:
    """Return a hand-in whose ``double`` ends with these lines, after the check of its argument."""
    head = "import numpy as np\n\ndef double(x):\n    if np.ndim(x) != 2: raise ValueError('x must have two axes')\n"
    return cells(double=head + "".join(f"    {line}\n" for line in lines.splitlines()))


MAGICS = """%matplotlib inline
%load_ext autoreload
%autoreload 2
!pip install numpy
files = !ls
%time started = 1
np.sum?
?np.max
if True:
    %timeit 1 + 1
"""
HONEST = {
    "warnings": body("import warnings\nwarnings.warn('careful')\nnp.log(np.zeros(1))\nreturn 2 * x"),
    "division_by_zero": body("np.ones(1) / np.zeros(1)\nreturn 2 * x"),
    "a_megabyte_of_prints": body("for _ in range(1000): print('x' * 1000)\nreturn 2 * x"),
    "prints_to_stderr": body("import sys\nsys.stderr.write('x' * 10**6)\nreturn 2 * x"),
    "magics": [cell(SETUP), cell(MAGICS), *cells()],
    "magics_in_the_solution": cells(double="%matplotlib inline\n" + DOUBLE),
    "timed_cell": cells(double="%%time\n" + DOUBLE),
    "captured_cell": cells(double="\n%%capture output --no-stderr\n" + DOUBLE),
    "bash_cell": [cell("%%bash\nls -l | wc"), *cells()],
    "top_level_await": cells(double="import asyncio\nawait asyncio.sleep(0)\n" + DOUBLE),
    "display": body("display(x)\nget_ipython().run_line_magic('matplotlib', 'inline')\nreturn 2 * x"),
    "ipython_imports": body(
        "from IPython.display import HTML, display\nimport IPython.display as d\nd.clear_output()\n"
        "import matplotlib.pyplot as plt\nplt.plot([1])\nreturn 2 * x"
    ),
    "helpers_in_their_own_cells": [cell("def two(): return 2"), *cells(double=DOUBLE.replace("2 *", "two() *"))],
    "helper_below": [*cells(double=DOUBLE.replace("2 *", "two() *")), cell("def two(): return 2")],
    "one_uses_the_other": cells(total="def total(x):\n    return float(double(np.atleast_2d(x)).sum() / 2)"),
    "state_between_calls": [cell("seen = []"), *body("seen.append(x)\nreturn 2 * seen[-1]")],
    "main_guard": [*cells(), cell("if __name__ == '__main__':\n    print(double(np.ones((1, 1))))")],
    "plots": body(
        "import matplotlib.pyplot as plt\nplt.imshow(x)\nplt.title('x')\n"
        "plt.savefig('x.png')\nplt.show()\nreturn 2 * x"
    ),
    "scratch_files": body("np.save('x.npy', x)\nnp.savetxt('x.txt', x)\nreturn 2 * np.load('x.npy')"),
    "temporary_files": body(
        "import tempfile\nwith tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:\n"
        "    np.save(f'{folder}/x', x)\n    np.save(file, x)\n    file.seek(0)\n"
        "    return np.load(f'{folder}/x.npy') + np.load(file)"
    ),
    "fortran_order": body("return np.asfortranarray(2 * x)"),
    "a_view": body("return (2 * np.repeat(x, 2, axis=1))[:, ::2]"),
    "reversed_strides": body("return (2 * x[::-1])[::-1]"),
    "read_only": body("y = 2 * x\ny.flags.writeable = False\nreturn y"),
    "big_endian": body("return (2 * x).astype((2 * x).dtype.newbyteorder('>'))"),
    "a_matrix": body("return np.asmatrix(2 * x)"),
    "masked": body("return np.ma.masked_invalid(2 * x)"),
    "numpy_scalar": cells(total="def total(x):\n    import numpy as np\n    return np.float64(np.sum(x))"),
    "array_without_axes": cells(total="def total(x):\n    import numpy as np\n    return np.array(np.sum(x))"),
    "a_lambda": cells(total="import numpy as np\ntotal = lambda x: float(np.sum(x))"),
    "a_callable_object": cells(total="class Total:\n    def __call__(self, x): return float(x.sum())\ntotal = Total()"),
    "exception_of_ones_own": cells(double="class Bad(ValueError): pass\n" + DOUBLE.replace("ValueError", "Bad", 1)),
    "broken_cells_elsewhere": [
        cell("1 / 0"), cell("def f(:"), cell("import nothing_like_this"),
        *cells(), cell("exit()")],
    "demo_that_would_fail": [*cells(), cell("import ipywidgets")],
    "markdown_between": [cell("# words", kind="markdown"), *cells(), cell("raw", kind="raw")],
    "no_setup_cell": cells()[1:],
    "tabs_and_carriage_returns": cells(double=DOUBLE.replace("\n", "\r\n")),
    "source_in_lines": [{**one, "source": one["source"].splitlines(keepends=True)} for one in cells()],
    "small_logging": body("import logging\nlogging.getLogger().warning('x')\nreturn 2 * x"),
    "random_state": body("np.random.seed(0)\nnp.random.rand(3)\nreturn 2 * x"),
    "standard_library": body("import dataclasses, itertools, functools, fractions, decimal, sqlite3\nreturn 2 * x"),
    "input_asked": [cell("name = input('who? ')"), *cells()],
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_honest_oddities_keep_full_marks(name):
    # Plots take seconds where other programs keep the machine busy.
    patient = exam(limits=replace(LIMITS, cell_seconds=20, call_seconds=20, function_seconds=60, submission_seconds=90))
    verdict = grade(patient, name, Submission.of(notebook(HONEST[name]), RELEASE))
    assert verdict.score == FULL, verdict.results


def test_in_namespaces_the_folder_for_temporary_files_may_be_named(confinement):
    if confinement != "namespaces":
        pytest.skip("Landlock has no /tmp of its own to give, see the README")
    source = DOUBLE.replace("return 2 *", "np.save('/tmp/x.npy', x)\n    return 2 * np.load('/tmp/x.npy') + 0 *")
    verdict = grade(exam(), "tmp", Submission.of(notebook(cells(double=source)), RELEASE))
    assert verdict.score == FULL, verdict.results


def test_a_mistake_in_one_function_costs_nothing_of_the_other():
    verdict = grade(exam(), "half", Submission.of(notebook(cells(total=TOTAL + "1 / 0")), RELEASE))
    assert verdict.score == FULL
    verdict = grade(exam(), "half", Submission.of(notebook(cells(total="1 / 0\n" + TOTAL)), RELEASE))
    assert [str(result.status) for result in verdict.results] == ["passed", "passed", "passed", "error"]
    assert "ZeroDivisionError: division by zero (line 1 of total)" in verdict.results[-1].message
