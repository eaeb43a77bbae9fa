"""The examples in docstrings of the book's Python give what they say."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
WITH_EXAMPLES = sorted(
    path.relative_to(BOOK).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for path in BOOK.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_an_example_gives_what_it_says(name: str) -> None:
    outcome = doctest.testmod(import_module(name))
    assert outcome.attempted
    assert not outcome.failed
