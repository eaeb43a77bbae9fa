"""Carries out the recipes of CONTRIBUTING.md, in a copy of the whole repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "CONTRIBUTING.md"
INSTRUCTORS = ROOT / "book" / "instructors.md"
COPY = re.compile(r"^- `(tests/house/examples/[^`]+)` as `([^`]+)`$", re.M)
# A change below a line that names its file, in backticks and with a colon.
CHANGE = re.compile(r"^`([^`\n]+)`:\n```diff\n(.*?)^```$", re.M | re.S)
CAPTIONED = re.compile(r"^```\{code-block\} python\n:caption: (?P<name>\S+)\n(?P<text>.*?)^```$", re.M | re.S)


def section(title: str) -> str:
    """Return what a section of CONTRIBUTING.md says."""
    parts = re.split(r"^## (.*)\n", RECIPES.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title]


def assignment() -> dict[str, str]:
    """Return the files of the assignment that the page for instructors adds, by their names."""
    return dict(CAPTIONED.findall(INSTRUCTORS.read_text(encoding="utf-8")))


def copied(folder: Path) -> Path:
    """Return a copy of the repository as it lies here, without what git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def changed(text: str, change: str) -> str:
    """Return a text with the hunks of a change applied; a hunk's context says where, and must be there once.

    >>> changed("a\\nb\\nd\\n", " b\\n+c\\n d\\n")
    'a\\nb\\nc\\nd\\n'
    """
    for hunk in re.split(r"^@@.*\n", change, flags=re.M):
        lines = [line or " " for line in hunk.splitlines()]
        before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] in marks) for marks in (" -", " +"))
        if text.count(before) != 1:
            raise ValueError(f"this is in the file {text.count(before)} times:\n{before}")
        text = text.replace(before, after)
    return text


def carry_out(title: str, folder: Path) -> list[str]:
    """Do in a copy what a recipe says, and return the names of the files that it adds or changes."""
    copies, changes = COPY.findall(section(title)), CHANGE.findall(section(title))
    for example, name in copies:
        shutil.copy(folder / example, folder / name)
    for name, change in changes:
        path = folder / name
        path.write_text(changed(path.read_text("utf-8"), change), encoding="utf-8")
    return [name for _, name in copies] + [name for name, _ in changes]


def add_assignment(folder: Path) -> None:
    """Write the two files of the page for instructors."""
    for name, text in assignment().items():
        (folder / name).write_text(text, encoding="utf-8")


def run(folder: Path, *command: str) -> str:
    """Run a command in a copy and return what it printed; fail with all that it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def make(folder: Path, *targets: str) -> str:
    """Make targets in a copy, by the environment that these tests run in, which stays as it is."""
    return run(folder, "make", f"VENV={sys.prefix}", "-o", f"{sys.prefix}/.installed", *targets)


def pytests(folder: Path, *arguments: str) -> str:
    """Run tests of a copy."""
    return run(folder, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments)


def ruff(folder: Path, *names: str) -> None:
    """Check the style of files of a copy."""
    python = [name for name in names if name.endswith(".py")]
    run(folder, f"{sys.prefix}/bin/ruff", "check", "--no-cache", *python)
