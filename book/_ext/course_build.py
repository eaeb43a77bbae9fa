"""Lets the pages import the book's own Python, and ties the execution cache to what they import."""

from __future__ import annotations

import ast
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.config import Config

DATA = (".js", ".css", ".json", ".html", ".svg")  # what the book's Python reads beside itself
QUIET = 'c.IPKernelApp.log_level = "ERROR"\n'  # else every kernel warns that its messages are not encrypted


def imported(code: str) -> Iterator[str]:
    """Yield the dotted name of everything that some code imports.

    >>> list(imported("import numpy as np\\nfrom experiments import run, stats"))
    ['numpy', 'experiments.run', 'experiments.stats']
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules(root: Path, name: str) -> Iterator[Path]:
    """Yield the files below ``root`` that importing a dotted name runs: its packages and its module."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        place = root.joinpath(*parts[:length])
        yield from (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file())


def executed(root: Path) -> set[Path]:
    """Return the files that the pages below ``root`` depend on when they run.

    These are the modules that their cells import, directly or indirectly, and all data files in the packages of those
    modules. Imports by a computed name are not found.
    """
    notebooks = (read_myst_markdown_notebook(page.read_text("utf-8")) for page in root.glob("*.md"))
    cells = [cell.source for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    found: set[Path] = set()
    waiting = {name for code in cells for name in imported(code)}
    while waiting:
        new = set(modules(root, waiting.pop())) - found
        found |= new
        waiting |= {name for path in new for name in imported(path.read_text("utf-8"))}
    packages = {root / path.relative_to(root).parts[0] for path in found}
    return found | {path for package in packages for path in package.rglob("*") if path.suffix in DATA}


def digest(root: Path, files: Iterable[Path]) -> str:
    """Return a hash of the names and contents of some files below ``root``."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def prepare(app: Sphinx, config: Config) -> None:
    """Name the execution cache after a hash of the sources.

    Cached outputs contain the JavaScript of the widgets, so a change of it has to start a new cache.
    """
    root, build = Path(app.srcdir), Path(app.outdir).parent
    files = executed(root)
    config.nb_execution_cache_path = str(build / ".jupyter_cache" / digest(root, files))
    config.course_sources = digest(root, [*files, *(root / "_ext").glob("*.py")])
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    settle_kernels(build / "ipython")


def settle_kernels(folder: Path) -> None:
    """Start kernels with the book's settings, not with the personal settings of whoever builds it."""
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(QUIET, "utf-8")
    os.environ["IPYTHONDIR"] = str(folder)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx; extensions that are loaded after this one can import the book's Python, too."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it although we do not load sphinx-comments
    app.add_config_value("course_sources", "", "env")  # a new value makes Sphinx read every page again
    app.connect("config-inited", prepare, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
