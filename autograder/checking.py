"""``check`` and ``check_all`` for students: worked examples, run in the notebook's own kernel.

It needs the standard library, NumPy and Jinja2, on any platform; what the reference answers is in
:mod:`autograder.examples`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import assignments, examples
from .course import course
from .kernel import CellClock, Notebook, answered
from .model import Limits
from .naming import graded_name
from .pages.check_table import CheckTable, CriteriaNotMetError, PartialCredit
from .pages.standing import Standing
from .reaching import differences
from .trying import Trial

# What nbgrader says of itself where it runs a notebook.
NBGRADER = "NBGRADER_EXECUTION"

_clock = CellClock()
_clock.watch()


def check(function: Callable[..., Any], name: str | None = None) -> CheckTable:
    """Run the worked examples of a graded function; the result shows itself in the notebook.

    It also says where grading will differ from what it finds here. ``function`` may be anything that can be called;
    ``name`` says which graded function it is where neither the notebook nor the function itself does.

    Raises
    ------
    TypeError
        If ``function`` cannot be called.
    ValueError
        If no assignment asks for a function of this name.
    CriteriaNotMetError
        Where nbgrader validates the notebook, if grading would take points away.
    """
    caller = sys._getframe(1)
    with _clock.stopped():
        asked = _asked()
        graded = graded_name(function, name, asked, caller)
        assignment = assignments.load(asked[graded])
        question = next(one for one in assignment.questions if one.name == graded)
        trial = Trial(function, question)
        results = trial.results(examples.read(assignment.name)[graded])
    notebook, limits = Notebook.here(), Limits()
    lacking = [*_misnamed(function, graded, caller.f_globals, notebook)]
    lacking += differences(function, graded, question.packages, notebook)
    slow = [*trial.slow(limits), *(_clock.slow(notebook, asked, limits) if notebook else ())]
    execution = os.environ.get(NBGRADER)
    kind = PartialCredit if execution == "autograde" else CheckTable
    table = kind(question, results, (*lacking, *slow))
    # Not for what is slow: another machine may be faster.
    if execution == "validate" and (lacking or not table.holds):
        raise CriteriaNotMetError(table.summary())
    return table


def check_all(name: str) -> Standing:
    """Check all functions of an assignment's notebook; the result shows itself: what holds, and what is left to do.

    Raises
    ------
    ValueError
        If there is no assignment of this name.
    """
    if name not in assignments.names():
        raise ValueError(f"there is no assignment {name!r}; there are {', '.join(assignments.names())}")
    scope = sys._getframe(1).f_globals
    assignment, expected = assignments.load(name), examples.read(name)
    tables = {}
    with _clock.stopped():
        for question in assignment.questions:
            if callable(function := scope.get(question.name)):
                tables[question.name] = CheckTable(question, Trial(function, question).results(expected[question.name]))
    told = course()
    due = [f"Due: {told.until[name]}"] if name in told.until else []
    asked = [f"Questions: {told.contact}"] if told.contact else []
    place = [f"Hand in {name}.ipynb, all cells run and the file saved. {told.hand_in}".strip()]
    return Standing(assignment, tables, answered(name, scope), (*place, *due, *asked))


def _asked() -> dict[str, str]:
    """Return the functions of all assignments, with the names of these; nothing is loaded for it."""
    return {function: name for name in assignments.names() for function in examples.functions(name)}


def _misnamed(
    function: Callable[..., Any], name: str, scope: Mapping[str, Any], notebook: Notebook | None
) -> Iterator[str]:
    """Say so where the notebook itself does not have the function under the name that grading looks for."""
    if notebook and scope.get(name) is not function:
        other = f"calls something else {name}" if name in scope else f"has nothing called {name}"
        yield f"the notebook {other}, the name that grading looks for: give it to this function"
