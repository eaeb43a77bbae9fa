"""Lets the pages import the book's own Python, and ties the execution cache to it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

EXECUTED = ("demos", "experiments")  # what pages import and read when they run
RENDERED = (*EXECUTED, "_ext")


def digest(root: Path, folders: tuple[str, ...]) -> str:
    """Return a hash of all files in some folders."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def prepare(app: Sphinx, config: Config) -> None:
    """Name the cache after the sources: a widget's JavaScript is frozen into the outputs kept there."""
    root = Path(app.srcdir)
    config.nb_execution_cache_path = str(Path(app.outdir).parent / ".jupyter_cache" / digest(root, EXECUTED))
    config.course_sources = digest(root, RENDERED)
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it although we do not load sphinx-comments
    app.add_config_value("course_sources", "", "env")  # a new value makes Sphinx read every page again
    app.connect("config-inited", prepare, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
