"""One archive for students: notebooks as released, the package, what to install, and a page that says how."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from ..assignments import names
from ..course import NAME as COURSE
from ..course import Course, parsed
from .package import HandoutError, requirements, write_wheel

README = Path(__file__).with_name("README.md")


def write(root: Path, folder: Path) -> Path:
    """Write the archive of the course below ``root`` into a folder, beside what it consists of; return its path.

    Raises
    ------
    HandoutError
        If a notebook has not been released, ``course.toml`` says what nobody reads, or no package can be built.
    """
    with tempfile.TemporaryDirectory() as name:
        files = dict(_files(root, Path(name)))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["name"]
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return _zipped(folder / f"{project}.zip", project, files.items())


def _files(root: Path, work: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of what students get."""
    released = {path.stem: path for path in (root / "exercises").glob("*/*.ipynb") if path.parent.name == path.stem}
    for name in names():
        if name not in released:
            raise HandoutError(f"{name} has not been released: run `python -m autograder release {name}`")
    for _, path in sorted(released.items()):
        yield path.name, path.read_bytes()
    course = _course(root)
    wheel = write_wheel(root, work)
    yield wheel.name, wheel.read_bytes()
    yield "requirements.txt", "\n".join([*sorted(requirements(root)), f"./{wheel.name}", ""]).encode()
    yield README.name, _readme(root, course, sorted(released), wheel.name).encode()


def _course(root: Path) -> Course:
    """Return what the course says of itself, before anything is made of it."""
    try:
        return parsed((root / COURSE).read_text("utf-8"))
    except ValueError as problem:
        raise HandoutError(str(problem)) from None


def _readme(root: Path, course: Course, notebooks: list[str], wheel: str) -> str:
    python = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - text
    template = environment.from_string(README.read_text("utf-8"))
    unscored = [name for name in notebooks if name not in names()]
    words = {"course": course, "notebooks": notebooks, "unscored": unscored, "wheel": wheel,
             "python": python.removeprefix(">=") + " or newer"}  # fmt: skip
    return template.render(words).rstrip() + "\n"


def _zipped(path: Path, top: str, files: Iterable[tuple[str, bytes]]) -> Path:
    """Write an archive that depends on nothing but what is in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(f"{top}/{name}"), content, zipfile.ZIP_DEFLATED)
    return path
