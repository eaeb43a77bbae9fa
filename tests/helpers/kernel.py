"""A real ipykernel that runs many notebooks: imported once, and forked for each.

``python -m tests.helpers.kernel`` reads from standard input a JSON list of notebooks, each a list of the sources
of its code cells, and the names of the graded functions; it prints, for each notebook, the criteria of each function
that held: when the notebook itself called ``check``, or when it is called once more behind the last cell.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from autograder import assignments
from autograder.model import Result, Status
from autograder.trying import Trial

ROOT = Path(__file__).resolve().parents[2]
Held = dict[str, list[str]]


def held(notebooks: list[list[str]], functions: list[str]) -> list[Held]:
    """Run notebooks, each in a kernel of its own; return what held of each function."""
    # Off screen, and as in the sandbox without threads.
    environment = {**os.environ, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.helpers.kernel"],
        input=json.dumps({"notebooks": notebooks, "functions": functions}),
        capture_output=True, text=True, cwd=ROOT, env=environment, check=True,
    )  # fmt: skip
    found: list[Held] = json.loads(done.stdout)
    return found


def _run(sources: list[str], functions: list[str]) -> Held:
    """Run one notebook here, in a kernel of this process."""
    from ipykernel.inprocess.manager import InProcessKernelManager  # noqa: PLC0415 - the fork's own

    found: dict[str, set[str]] = {name: set() for name in functions}
    results = Trial.results

    def noted(trial: Trial, *asked: Any) -> list[Result]:
        got = list(results(trial, *asked))
        for result in got:
            found[result.question] |= {result.criterion} if result.status is Status.PASSED else set()
        return got

    Trial.results = noted  # type: ignore[method-assign, assignment]
    manager = InProcessKernelManager()
    manager.start_kernel()  # type: ignore[no-untyped-call]
    kernel: Any = manager.kernel
    for source in (*sources, *(f"import autograder\nautograder.check({name})" for name in functions)):
        kernel.shell.run_cell(source, store_history=True)
    return {name: sorted(criteria) for name, criteria in found.items()}


def _forked(sources: list[str], functions: list[str]) -> Held:
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        os.chdir(os.environ["TMPDIR"])
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answer = _run(sources, functions)
        with os.fdopen(send, "w") as file:
            json.dump(answer, file)
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as file:
        text = file.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {}


def main() -> None:
    """Answer standard input."""
    # What a fork would have to import again.
    for name in ("ipykernel.inprocess.ipkernel", "ipykernel.debugger", "matplotlib.pyplot", "stack_data"):
        import_module(name)
    for name in assignments.names():
        assignments.load(name)
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        print(json.dumps([_forked(sources, asked["functions"]) for sources in asked["notebooks"]]))


if __name__ == "__main__":
    main()
