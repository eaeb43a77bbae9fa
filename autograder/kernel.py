"""What a notebook's own kernel knows of the notebook: what its cells held, defined and took, as far as they ran.

Outside IPython there is no notebook, and nothing to know.
"""

from __future__ import annotations

import ast
import dis
import json
import os
import re
import shlex
import sys
import time
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .model import Limits

# A cell that draws a picture: grading leaves it out, or does what it can of it.
PICTURE = re.compile(r"^@demo\b|\bautograder\.drawing\b", re.MULTILINE)
NO_ANSWER = "YOUR ANSWER HERE"  # where nbgrader has taken one out
# What takes its time here, but little while grading: another program's work, and what is repeated to be timed.
ELSEWHERE = re.compile(
    r"get_ipython\(\)\.(?:system|getoutput|run_\w+_magic\('(?:timeit|pip|conda|mamba|uv|bash|sh|script|sx|system)')"
)


def shell() -> Any:
    """Return IPython's shell, or ``None`` where no notebook runs."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get_ipython() if get_ipython else None


def place(problem: BaseException) -> str:
    """Say at which line of which cell an exception left the student's own code, or nothing outside a notebook.

    A cell's code comes from a file of a made-up name, of which IPython knows the cell's number.
    """
    numbers = getattr(getattr(shell(), "compile", None), "_filename_map", {})
    found, trace = "", problem.__traceback__
    while trace:
        if number := numbers.get(trace.tb_frame.f_code.co_filename):
            found = f" (line {trace.tb_lineno} of cell [{number}])"
        trace = trace.tb_next
    return found


def answered(assignment: str, scope: Mapping[str, Any]) -> bool | None:
    """Say whether the question in words has an answer in the notebook's file, or ``None`` where there is no such file.

    A kernel knows of code alone; Jupyter's server and VS Code tell it where the file is, elsewhere it is beside.
    """
    told = os.environ.get("JPY_SESSION_NAME"), scope.get("__vsc_ipynb_file__"), f"{assignment}.ipynb"
    for path in (Path(one) for one in told if isinstance(one, str) and one.endswith(".ipynb")):
        try:
            cells = json.loads(path.read_text("utf-8"))["cells"]
            texts = [_words(cell) for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
            (text,) = (text for kind, text in texts if kind == "markdown")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        return bool(text.strip()) and NO_ANSWER not in text
    return None


def _words(cell: Mapping[str, Any]) -> tuple[str, str]:
    return cell["cell_type"], "".join(cell["source"])


@dataclass(frozen=True)
class Notebook:
    """The sources of the cells that have run, by the number that Jupyter shows beside a cell."""

    sources: Sequence[str]

    @classmethod
    def here(cls) -> Notebook | None:
        """Return the notebook that this kernel runs, if it runs one."""
        running = shell()
        # What the notebook calls `In`, unless it has come to call something else so.
        return cls(tuple(running.history_manager.input_hist_parsed)) if running else None

    def written_files(self) -> frozenset[Path]:
        """Return the files that cells have written with ``%%writefile``, as they will while grading."""
        return frozenset(path for source in self.sources if (path := _written_file(source)))


@cache
def defined(source: str) -> frozenset[str]:
    """Return the names that a cell defines at its top level, none where it cannot be compiled.

    >>> sorted(defined("import numpy as np\\nfor n in 1, 2:\\n    def f(x): y = x"))
    ['f', 'n', 'np']
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            code = compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return frozenset()
    return frozenset(step.argval for step in dis.get_instructions(code) if step.opname == "STORE_NAME")


@cache
def _written_file(source: str) -> Path | None:
    """Return the file that a cell writes; IPython remembers ``%%writefile`` as a call of ``run_cell_magic``."""
    if not source.startswith("get_ipython().run_cell_magic("):
        return None
    try:
        match ast.parse(source).body:
            case [ast.Expr(ast.Call(args=[ast.Constant("writefile" | "file"), ast.Constant(str(line)), *_]))]:
                return Path(shlex.split(line)[-1]).resolve()
    except (SyntaxError, ValueError, IndexError):  # a cell that failed here, too
        pass
    return None


@dataclass
class CellClock:
    """How long each cell took when it last ran, without the time that ``check`` itself took."""

    took: dict[str, tuple[int, float]] = field(default_factory=dict)
    _started: float | None = None

    def watch(self) -> None:
        """Let the notebook's kernel, if there is one, tell of each cell's start and end."""
        running = shell()
        if running:
            running.events.register("pre_run_cell", self.before)
            running.events.register("post_run_cell", self.after)

    def before(self, _info: Any) -> None:
        """Note that a cell starts."""
        self._started = time.perf_counter()

    def after(self, result: Any) -> None:
        """Note that a cell has ended; the one that imported this had started unseen, and some have no number."""
        started, self._started = self._started, None
        if started is not None and result.execution_count:
            key = getattr(result.info, "cell_id", None) or result.info.raw_cell
            self.took[key] = result.execution_count, time.perf_counter() - started

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Leave out the time of what happens meanwhile."""
        start = time.perf_counter()
        try:
            yield
        finally:
            if self._started is not None:
                self._started += time.perf_counter() - start

    def slow(self, notebook: Notebook, graded: Collection[str], limits: Limits) -> Iterator[str]:
        """Say which cells took longer than grading gives them."""
        own = 0.0
        for number, seconds in self.took.values():
            source = notebook.sources[number] if number < len(notebook.sources) else ""
            if PICTURE.search(source) or ELSEWHERE.search(source):
                continue
            own += 0 if defined(source) & {*graded} else seconds
            if seconds > limits.cell_seconds:
                yield (
                    f"cell [{number}] took {seconds:.1f} seconds here; grading stops a cell after "
                    f"{limits.cell_seconds:g}"
                )
        if own > limits.own_seconds:
            yield (
                f"the cells that you have added took {own:.1f} seconds together; grading gives them "
                f"{limits.own_seconds:g}"
            )
