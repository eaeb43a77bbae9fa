"""What docstrings show is what the code does, in the autograder, in the book's Python and in helpers of tests."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Modules of the book are named as they are while it is built.
FOLDERS = {"autograder": ROOT, "book": ROOT / "book", "tests/house": ROOT / "tests" / "house"}
SHOWN = re.compile(r"^ *>>> ", re.MULTILINE)


def examples(folder: str, top: Path) -> list[str]:
    """Return the names of the modules below a folder that show examples."""
    return sorted(
        path.relative_to(top).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for path in (ROOT / folder).rglob("*.py")
        if SHOWN.search(path.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_there_are_examples(folder: str) -> None:
    assert examples(folder, FOLDERS[folder])


@pytest.mark.parametrize("name", [name for folder, top in FOLDERS.items() for name in examples(folder, top)])
def test_an_example_gives_what_it_says(name: str) -> None:
    outcome = doctest.testmod(import_module(name))
    assert outcome.attempted
    assert not outcome.failed
