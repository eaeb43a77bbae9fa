"""The door of a page: a cell that is written in the book is run and checked there, as in the notebook.

It is imported by the page's own Python, which asks with strings and is answered with JSON.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import sys
import traceback
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from . import assignments
from .checking import check as check_function
from .criteria.judges import Refused
from .model import Call, Status
from .pages.calls import code_text
from .pages.value_view import value_html

CELL, CALL = "<your cell>", "<your call>"
SHORT = 200  # characters of a call that is offered
CORNER = 3  # entries along each axis
PRINTED = 20_000  # characters; a loop that prints for ever must not fill the memory


class _Printed(io.StringIO):
    """Keeps the first of what is printed."""

    def write(self, text: str) -> int:
        room = PRINTED - self.tell()
        if room >= len(text):
            super().write(text)
        elif room > 0:
            super().write(f"{text[:room]}\n… and more")
        return len(text)


def run(cell: str, call: str = "", before: Sequence[str] = ()) -> str:
    """Run a cell, and then a call to try; return what they print, show and raise."""

    def work() -> dict[str, Any]:
        scope = _scope(before)
        shown = _execute(cell, CELL, scope)
        return {"value": (_execute(call, CALL, scope) if call.strip() else "") or shown}

    return _answer(work)


def check(cell: str, name: str, before: Sequence[str] = ()) -> str:
    """Run a cell and check its function; return the very table that ``check`` shows in a notebook."""

    def work() -> dict[str, Any]:
        scope = _scope(before)
        _execute(cell, CELL, scope)
        if name not in scope:
            raise NameError(f"the cell defines no {name}", name=name)
        # Asked from the cell's own names, as the notebook asks.
        table = eval("check(function)", {**scope, "check": check_function, "function": scope[name]})  # noqa: S307
        return {
            "html": table._repr_html_(),
            "summary": table.summary(),
            "holds": table.holds,
            "kept": [result.criterion for result in table.results if result.status is Status.PASSED],
            "count": len(table.results),
        }

    return _answer(work)


def calls(parameters: Mapping[str, Sequence[str]]) -> str:
    """Return, for each graded function, a call to try: a short worked example, of what it asks first if possible.

    ``parameters`` are the names of each function's arguments, as the notebook has them.
    """
    found = {}
    for question in (one for name in assignments.names() for one in assignments.load(name).questions):
        asked = [
            case.call.named(parameters.get(question.name, ()))
            for criterion in question.criteria
            for case in criterion.examples
            if not isinstance(case.judge, Refused)
        ]
        texts = [text for call in (*asked, *map(_cut, asked)) if (text := code_text(call))]
        shortest = min(texts, key=len, default="")
        found[question.name] = next((text for text in texts if len(text) <= SHORT), shortest)
    return json.dumps(found)


def _cut(call: Call) -> Call:
    """Return a call with a corner of its arrays, for a function all of whose examples are large."""

    def corner(value: Any) -> Any:
        cut = isinstance(value, np.ndarray)
        return np.ascontiguousarray(value[(slice(CORNER),) * value.ndim]) if cut else value

    kwargs = {name: corner(value) for name, value in call.kwargs.items()}
    return replace(call, args=tuple(map(corner, call.args)), kwargs=kwargs)


def _scope(before: Sequence[str]) -> dict[str, Any]:
    """Return the names of a new notebook in which the cells above have run; what they raise is their own matter."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    for number, source in enumerate(before, 1):
        with contextlib.suppress(Exception, SystemExit):
            exec(_compiled(source, f"<cell {number} above>", "exec"), main.__dict__)  # noqa: S102 - their own code
    sys.stdout.truncate(0)
    sys.stdout.seek(0)
    return main.__dict__


def _execute(source: str, name: str, scope: dict[str, Any]) -> str:
    """Run source as a notebook's cell; return its last expression's value as HTML."""
    # Tracebacks and `inspect` find the lines here.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    body = ast.parse(source, name).body
    last = body[-1] if body else None
    if isinstance(last, ast.Expr):
        body.pop()
    exec(_compiled(ast.Module(body, []), name, "exec"), scope)  # noqa: S102 - it is the student's own machine
    if not isinstance(last, ast.Expr):
        return ""
    value = eval(_compiled(ast.Expression(last.value), name, "eval"), scope)  # noqa: S307
    return "" if value is None else str(value_html(value))


def _compiled(source: Any, name: str, mode: str) -> types.CodeType:
    """Compile without this module's own ``from __future__``."""
    return compile(source, name, mode, dont_inherit=True)


def _answer(work: Callable[[], dict[str, Any]]) -> str:
    printed = _Printed()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            answer = work()
        except BaseException as problem:  # whatever it is, the page shows it
            answer = {"error": _error(problem)}
    return json.dumps({"printed": printed.getvalue(), **answer})


def _error(problem: BaseException) -> dict[str, Any]:
    """Return what went wrong, and where in the student's own lines."""
    told = traceback.TracebackException.from_exception(problem)
    own = [frame for frame in told.stack if frame.filename in (CELL, CALL)]
    told.stack = traceback.StackSummary.from_list(own)
    told.__context__ = told.__cause__ = None
    place, line = (own[-1].filename, own[-1].lineno) if own else ("", None)
    if isinstance(problem, SyntaxError):
        place, line = problem.filename or "", problem.lineno
    in_cell = [frame.lineno for frame in own if frame.filename == CELL]
    return {
        "kind": type(problem).__name__,
        "message": str(problem),
        "line": in_cell[-1] if in_cell else line if place == CELL else None,
        "text": "".join(told.format())[-PRINTED:],
    }
