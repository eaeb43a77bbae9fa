"""In a notebook, ``check`` knows what the kernel knows: names, files, and how long the cells took."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import kernel
from autograder.kernel import CellClock, Notebook
from autograder.model import Limits

ADVICE = "move the code into a cell, or let a cell write the file with %%writefile"
HELPERS = "import numpy as np\n\ndef avg_pool_weight(channels, kernel_size):\n    return np.ones(1)\n"
CELLS = {
    "import": "import time\nimport numpy as np\nfrom autograder import check",
    "from a file": "from helpers import avg_pool_weight\ncheck(avg_pool_weight)",
    "by way of a file": "import helpers\ndef avg_pool_weight(*sizes): return helpers.avg_pool_weight(*sizes)\n"
    "check(avg_pool_weight)",
    "by %run": "%run script.py\ncheck(avg_pool_weight)",
    "write": f"%%writefile written.py\n{HELPERS}import scipy\n\ndef other(): return scipy",
    "from a written file": "from written import avg_pool_weight\ncheck(avg_pool_weight)",
    "another's name": "check(lambda *sizes: 1, name='avg_pool_weight')",
    "no name": "del avg_pool_weight\ncheck(lambda *sizes: 1, name='avg_pool_weight')",
    "in the notebook": "def avg_pool_weight(*sizes): return display(get_ipython())\ncheck(avg_pool_weight)",
    "a clock to set": "import types, autograder.kernel\nnow = [time.perf_counter()]\n"
    "autograder.kernel.time = types.SimpleNamespace(perf_counter=lambda: now[0])",
    "slow": "now[0] += 12",
    "a picture": "demo = lambda f: f()\n@demo\ndef picture(): now[0] += 100",
    "another program": "!exit\nnow[0] += 100",
    "a check": "def avg_pool_weight(*sizes): now[0] += 100\ncheck(avg_pool_weight)",
    "slow again": "%time now[0] += 9.5",
    "and again": "now[0] += 9.5\n'more' if now else None",
    "at last": "check(avg_pool_weight)",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What ``check`` has to say against each of the cells, which have run in one kernel beside two files."""
    folder = tmp_path_factory.mktemp("notebook")
    for name in ("helpers.py", "script.py"):
        (folder / name).write_text(HELPERS)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()])
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, kernel_name="python3").execute()
    texts = (
        "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs) for cell in notebook.cells
    )
    warned = ([line.strip() for line in text.splitlines() if line.startswith("  BUT ")] for text in texts)
    return {
        name: [line.removeprefix("BUT").strip() for line in lines] for name, lines in zip(CELLS, warned, strict=True)
    }


@pytest.mark.parametrize(
    ("cell", "file"), [("from a file", "helpers.py"), ("by way of a file", "helpers.py"), ("by %run", "script.py")]
)
def test_a_file_beside_the_notebook_is_not_there_while_grading(
    shown: dict[str, list[str]], cell: str, file: str
) -> None:
    assert shown[cell] == [f"avg_pool_weight uses {file}, but grading sees the notebook alone: {ADVICE}"]


def test_a_file_that_a_cell_writes_is(shown: dict[str, list[str]]) -> None:
    assert shown["from a written file"] == []


def test_grading_looks_for_the_name_in_the_notebook(shown: dict[str, list[str]]) -> None:
    end = "the name that grading looks for: give it to this function"
    assert shown["another's name"] == [f"the notebook calls something else avg_pool_weight, {end}"]
    assert shown["no name"] == [f"the notebook has nothing called avg_pool_weight, {end}"]


def test_the_shell_and_what_it_shows_are_there(shown: dict[str, list[str]]) -> None:
    assert shown["in the notebook"] == []


def test_cells_that_take_longer_than_grading_gives_them_are_named(shown: dict[str, list[str]]) -> None:
    cell = f"cell [{1 + list(CELLS).index('slow')}] took 12.0 seconds here; grading stops a cell after 10"
    assert shown["a check"] == [cell]
    first, together = shown["at last"]
    assert first == cell
    assert re.fullmatch(r"the cells that you have added took 3\d\.\d seconds together; grading gives them 30", together)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock to set."""
    clock = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(kernel, "time", SimpleNamespace(perf_counter=lambda: clock.seconds))
    return clock


def ran(number: int, key: str | None = None, source: str = "") -> SimpleNamespace:
    """Return what IPython says when a cell has ended."""
    return SimpleNamespace(execution_count=number, info=SimpleNamespace(cell_id=key, raw_cell=source))


def test_of_a_cell_that_ran_twice_the_last_time_counts(now: SimpleNamespace) -> None:
    clock, notebook = CellClock(), Notebook(("", "slow()", "quick()", "slow()"))
    for number, key, seconds in ((1, "a", 60), (2, "a", 1), (3, "b", 12)):
        clock.before(None)
        now.seconds += seconds
        clock.after(ran(number, key))
    assert list(clock.slow(notebook, (), Limits())) == [
        "cell [3] took 12.0 seconds here; grading stops a cell after 10"
    ]


def test_what_is_graded_and_what_check_takes_is_not_the_students_own_time(now: SimpleNamespace) -> None:
    clock, notebook = CellClock(), Notebook(("", "def graded(): pass", "check(graded)", "a = 1"))
    for number in (1, 2, 3):
        clock.before(None)
        now.seconds += 9
        with clock.stopped():
            now.seconds += 100
        now.seconds += 0.5
        clock.after(ran(number, source=f"cell {number}"))
    limits = Limits(own_seconds=20)
    assert list(clock.slow(notebook, {"graded"}, limits)) == []
    assert list(clock.slow(notebook, (), limits)) == [
        "the cells that you have added took 28.5 seconds together; grading gives them 20"
    ]


def test_the_cell_that_imports_check_has_no_beginning(now: SimpleNamespace) -> None:
    clock = CellClock()
    now.seconds = 100
    clock.after(ran(1, source="from autograder import check"))
    assert clock.took == {}


@pytest.mark.parametrize(
    "source",
    [
        "get_ipython().run_cell_magic('writefile', '-a \"my file.py\"', 'x')",
        "get_ipython().run_cell_magic('file', 'my\\\\ file.py', '')",
    ],
)
def test_a_file_is_known_by_its_path(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Notebook((source,)).written_files() == {tmp_path / "my file.py"}


@pytest.mark.parametrize(
    "source", ["def f(", "get_ipython().run_cell_magic('writefile', '', '')", "get_ipython().run_cell_magic(", "\0"]
)
def test_a_cell_that_cannot_be_read_defines_and_writes_nothing(source: str) -> None:
    notebook = Notebook((source,))
    assert notebook.written_files() == frozenset()
    assert kernel.defined(source) == frozenset()
