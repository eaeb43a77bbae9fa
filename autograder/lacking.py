"""What grading lacks of what a notebook's kernel has: modules, files, processes, a network.

Grading has the notebook, the standard library, NumPy, matplotlib, IPython, what these need, and a question's own
packages.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path

from .kernel import Notebook

# What can be imported while grading: NumPy, matplotlib, IPython and what they need; and what is there in name only.
GIVEN = frozenset((
    "numpy", "matplotlib", "mpl_toolkits", "pylab", "contourpy", "cycler", "dateutil", "fontTools", "kiwisolver",
    "packaging", "PIL", "pyparsing", "tzdata", "IPython", "asttokens", "executing", "ipython_pygments_lexers", "jedi",
    "matplotlib_inline", "parso", "pexpect", "prompt_toolkit", "psutil", "ptyprocess", "pure_eval", "pygments",
    "stack_data", "traitlets", "typing_extensions", "wcwidth",
))  # fmt: skip
SILENT = frozenset(("autograder", "ipykernel"))
PACKAGES = {
    "torch": frozenset((
        "torch", "torchgen", "functorch", "filelock", "fsspec", "isympy", "jinja2", "markupsafe", "mpmath",
        "networkx", "setuptools", "_distutils_hack", "sympy",
    ))
}  # fmt: skip
PROCESSES = frozenset(("concurrent", "multiprocessing", "subprocess", "threading"))
NETWORK = frozenset(("ftplib", "http", "smtplib", "socket", "ssl", "urllib"))


class Lacking:
    """Collects, in sentences, what is used and grading lacks; ``said`` holds one for each thing."""

    def __init__(self, packages: Iterable[str], notebook: Notebook | None) -> None:
        self.said: dict[str, str] = {}
        self._packages = sorted(packages)
        self._given = GIVEN.union(SILENT, *(PACKAGES[package] for package in self._packages))
        self._in_notebook = notebook is not None
        self._written = notebook.written_files() if notebook else frozenset()

    def note_module(self, module: str, user: str) -> bool:
        """Note a module unless grading has it too; say whether its code is the student's, to be looked into."""
        root = module.partition(".")[0]
        if root in PROCESSES:
            self._say(root, f"{user} uses {root}, but no process or thread can be started while grading")
        elif root in NETWORK:
            self._say(root, f"{user} uses {root}, but there is no network while grading")
        if root == "__main__":
            return True
        if root in sys.stdlib_module_names or root in self._given:
            return False
        path = _path(root)
        if path is None:
            return root in sys.modules  # made by hand; and what is not here either makes no difference
        if {"site-packages", "dist-packages"} & {*path.parts}:
            more = f", for this question also {', '.join(self._packages)}" if self._packages else ""
            has = f"it has the standard library, NumPy and matplotlib{more}"
            self._say(root, f"{user} uses {root}, which grading lacks: {has}")
            return False
        self.note_file(path, user)
        return True

    def note_file(self, path: Path, user: str) -> None:
        """Note a file of the student's beside the notebook, unless one of its cells has written it."""
        path = path.resolve()
        if self._in_notebook and path not in self._written:
            advice = "move the code into a cell, or let a cell write the file with %%writefile"
            self._say(str(path), f"{user} uses {path.name}, but grading sees the notebook alone: {advice}")

    def note_script(self, name: str, user: str) -> None:
        """Note code that comes from a file, as ``%run`` leaves it; a debugger keeps cells in files, too."""
        if name.endswith(".py") and "ipykernel_" not in name and Path(name).is_file():
            self.note_file(Path(name), user)

    def _say(self, subject: str, sentence: str) -> None:
        self.said.setdefault(subject, sentence)


def _path(root: str) -> Path | None:
    """Return where a top-level module lies, imported or not; ``None`` for one that is nowhere in a file."""
    module = sys.modules.get(root)
    try:
        spec = module.__spec__ if module else importlib.util.find_spec(root)
    except (ImportError, ValueError, AttributeError):
        spec = None
    places = [getattr(module, "__file__", None), *([spec.origin] if spec else [])]
    places += [*spec.submodule_search_locations] if spec and spec.submodule_search_locations else []
    return next((Path(place) for place in places if place and place not in ("built-in", "frozen")), None)
