"""The students' package: a wheel of the portable files, as ``pyproject.toml`` describes the whole."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import portable
from ..course import NAME as COURSE
from ..course import public

DOORS = ("in_page.py", "drawing.py")
# Of the extras of the whole, what working through the notebooks takes.
EXTRA = "notebooks"
TAKEN = ("name", "version", "description", "requires-python", "dependencies")
# The wheel depends on nothing but what is in it.
EPOCH = {"SOURCE_DATE_EPOCH": "946684800"}


class HandoutError(Exception):
    """A handout cannot be made; the message is one line."""


def requirements(root: Path) -> list[str]:
    """Return what has to be installed beside the wheel to work through the notebooks, with ranges."""
    project = _project(root)
    return [*project["dependencies"], *project["optional-dependencies"][EXTRA]]


def write_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of the course below ``root`` into a folder and return its path.

    Raises
    ------
    HandoutError
        If it cannot be built.
    """
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for file in portable.names(*DOORS):
            (work / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, work / file)
        (work / "autograder" / COURSE).write_text(public((root / COURSE).read_text("utf-8")), encoding="utf-8")
        (work / "pyproject.toml").write_text("\n".join(_described(_project(root))), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
        done = subprocess.run(  # noqa: S603 - our own argument vector
            [*command, "--wheel-dir", str(folder), str(work)],
            env=os.environ | EPOCH, capture_output=True, text=True, check=False,
        )  # fmt: skip
    wheels = list(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise HandoutError(f"the students' package cannot be built: {(done.stderr.split(chr(10)) or [''])[-1]}")
    return wheels[0]


def _project(root: Path) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _described(project: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the wheel's own ``pyproject.toml``; strings and lists of TOML look as in JSON."""
    yield from ("[build-system]", 'requires = ["setuptools"]', 'build-backend = "setuptools.build_meta"', "[project]")
    yield from (f"{key} = {json.dumps(project[key])}" for key in TAKEN)
    yield from ("[project.optional-dependencies]", f"{EXTRA} = {json.dumps(project['optional-dependencies'][EXTRA])}")
    yield from ("[tool.setuptools.packages.find]", 'include = ["autograder*"]')
    yield from ("[tool.setuptools.package-data]", '"*" = ["*.css", "*.html", "*.js", "*.json", "*.toml"]')
