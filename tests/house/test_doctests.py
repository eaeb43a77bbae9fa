"""What the autograder's docstrings show is what it does."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import autograder


def _broken(name: str) -> None:
    raise ImportError(f"{name} cannot be imported")


# `__main__` runs the command line when it is imported.
MODULES = [
    module.name
    for module in pkgutil.walk_packages(autograder.__path__, "autograder.", onerror=_broken)
    if not module.name.endswith("__main__")
]


def shown(name: str) -> list[doctest.DocTest]:
    """Return the docstrings of a module that show examples."""
    return [test for test in doctest.DocTestFinder().find(importlib.import_module(name)) if test.examples]


TESTS = [pytest.param(test, id=test.name) for name in MODULES for test in shown(name)]


def test_docstrings_show_examples() -> None:
    assert TESTS


@pytest.mark.parametrize("test", TESTS)
def test_what_a_docstring_shows_is_so(test: doctest.DocTest) -> None:
    said: list[str] = []
    failed, _ = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert not failed, "".join(said)
