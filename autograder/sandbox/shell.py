"""A notebook's shell inside the sandbox: IPython itself runs the cells, so that they mean what they mean in Jupyter.

Magics, shell escapes, questions, ``await``, ``%%writefile``, ``get_ipython`` are IPython's own. Changed is only what
has no place here: nothing is shown, no other program is started, and an import of what grading lacks does not
take the rest of its cell with it. The shell is made once, in the warm process, before any student code runs.
"""

from __future__ import annotations

import ast
import builtins
import sys
import types
from collections.abc import Iterator
from typing import Any, ClassVar

from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magics.execution import ExecutionMagics
from IPython.core.profiledir import ProfileDir
from IPython.utils.text import SList
from traitlets import Unicode
from traitlets.config import Config

if __package__:
    from . import worker
else:  # in the sandbox, where only this, terms, warm, wire and worker are mounted
    import worker  # type: ignore[import-not-found, no-redef]

Tree = dict[str, Any]

# Magics that start programs, look into documentation, or ask a screen.
IDLE = (
    *("bash", "perl", "pypy", "python", "python2", "python3", "ruby", "script", "sh"),
    *("pinfo", "pinfo2", "psearch", "debug", "edit"),
)
IMPORT_FAILED = "__import_failed__"


class _Hook(DisplayHook):
    """Remembers what a cell's last line gave, as ``_`` and ``Out``, and shows nothing."""

    def compute_format_data(self, result: object) -> tuple[Tree, Tree]:
        return {}, {}

    def write_output_prompt(self) -> None:
        pass

    def finish_displayhook(self) -> None:
        pass


class _Home(ProfileDir):
    """Where IPython would keep its files: a folder that is not made before something is kept."""

    location = Unicode("/tmp/ipython")  # noqa: S108 - the sandbox's own


class _Shell(InteractiveShell):
    """IPython without a home, a history file, a screen or other programs."""

    displayhook_class = _Hook

    def init_ipython_dir(self, ipython_dir: object) -> None:
        pass

    def init_profile_dir(self, profile_dir: object) -> None:
        self.profile_dir = _Home()

    def init_virtualenv(self) -> None:
        pass

    def showtraceback(self, *_: object, **__: object) -> None:
        pass

    showsyntaxerror = showtraceback

    def system(self, *_: object, **__: object) -> None:
        """Start nothing: what a program leaves behind cannot be had here."""

    system_piped = system_raw = system

    def getoutput(self, *_: object, **__: object) -> Any:
        return SList()

    def ask_exit(self) -> None:
        """Go on: a kernel, too, would be there for the next cell."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
        return gui or "inline", "agg"


class _Patient(ast.NodeTransformer):
    """Lets a cell go on after an import that failed, and, where it is lenient, after any statement that did."""

    def __init__(self) -> None:
        self.lenient = False

    def visit_Module(self, module: ast.Module) -> ast.Module:
        module.body = [patient for statement in module.body for patient in self._tried(statement)]
        return module

    def _tried(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        match statement:
            case ast.ImportFrom(module="__future__"):
                yield statement
            case ast.ImportFrom(module=module, level=level):
                yield _caught(statement, "ImportError", _told("." * level + (module or ""), statement.names))
            case ast.Import(names=names):
                for alias in names:
                    one = ast.copy_location(ast.Import([alias]), statement)
                    yield _caught(one, "ImportError", _told(alias.name, [alias]))
            case _:
                yield _caught(statement, "Exception", [ast.Pass()]) if self.lenient else statement


def _told(module: str, names: list[ast.alias]) -> list[ast.stmt]:
    """Return the statement that tells which module failed and which names are not bound therefore."""
    bound = [alias.asname or alias.name.partition(".")[0] for alias in names]
    return ast.parse(f"{IMPORT_FAILED}({module!r}, {bound!r})").body


def _caught(statement: ast.stmt, kind: str, handler: list[ast.stmt]) -> ast.stmt:
    caught = ast.ExceptHandler(type=ast.Name(kind, ast.Load()), name=None, body=handler)
    return ast.copy_location(ast.Try(body=[statement], handlers=[caught], orelse=[], finalbody=[]), statement)


class Shell:
    """Runs cells; ``namespace`` is the notebook's."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        self.patient = _Patient()
        self.lacking: dict[str, list[str]] = {}
        self.name = ""
        shell: Any = _Shell.instance(config=config)
        self.shell = shell
        self.shell.ast_transformers.append(self.patient)
        self.shell.compile.get_code_name = self._code_name
        self.shell.events.register("post_execute", _close_figures)
        self._quieten()
        # What IPython imports when it first runs a cell is imported once for all.
        self.shell.run_cell("import sys", store_history=False)
        del self.shell.user_ns["sys"]
        # As in a notebook, what lies beside it can be imported.
        sys.path.insert(0, "")
        self.namespace: Tree = self.shell.user_ns
        setattr(builtins, IMPORT_FAILED, self._import_failed)
        # The notebooks import `check` and pictures; while grading these have nothing to say.
        for name in ("autograder", "autograder.drawing"):
            sys.modules[name] = _Silent(name)

    def _code_name(self, *_: object) -> str:
        return self.name

    def _quieten(self) -> None:
        for name in IDLE:
            self.shell.register_magic_function(_idle, "line_cell", name)
        timing = ExecutionMagics(self.shell)

        def once(line: str, cell: str | None = None) -> Any:
            # A timing repeats for seconds what need run only once.
            return timing.timeit(f"-n1 -r1 {line}", cell)

        self.shell.register_magic_function(once, "line_cell", "timeit")

    def _import_failed(self, module: str, names: list[str]) -> None:
        self.lacking[module] = names

    def run_cell(self, source: str, name: str, *, lenient: bool = False) -> Tree:
        """Run one code cell; return its status, what it said when it raised, and the imports that failed."""
        self.name, self.lacking, self.patient.lenient = name, {}, lenient
        try:
            result = self.shell.run_cell(source, store_history=True)
            problem = result.error_before_exec or result.error_in_exec
        except BaseException as raised:  # also SystemExit and KeyboardInterrupt are only this cell's
            problem = raised
        answer: Tree = {"status": "passed", "message": ""}
        if self.lacking:
            answer["value"] = self.lacking
        if problem is not None:
            memory = isinstance(problem, MemoryError)
            answer.update(status="memory" if memory else "error", message=worker.text_of(problem))
        return answer


def _idle(line: str, cell: str = "") -> None:
    """Stand for a magic that does nothing here."""


def _close_figures() -> None:
    """Close what a cell has drawn, as a notebook does when it has shown it."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


class _Silent(types.ModuleType):
    """Stands for a module that shows things."""

    __path__: ClassVar[list[str]] = []  # type: ignore[misc]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class _Nothing:
    """Stands for whatever such a module gives: can be called, asked and used as a decorator."""

    def __call__(self, *_: object, **__: object) -> _Nothing:
        return self

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self
