"""What makes the book run its pages again, and what does not."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import course_build  # noqa: E402


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a copy of the book's pages and code."""
    target = tmp_path / "book"
    for folder in ("demos", "experiments", "rendering"):
        shutil.copytree(BOOK / folder, target / folder)
    for page in BOOK.glob("*.md"):
        shutil.copy(page, target)
    return target


def key(book: Path) -> str:
    return course_build.digest(book, course_build.executed(book))


def changed(book: Path, name: str) -> bool:
    """Return whether a line more in a file makes the pages run again."""
    before = key(book)
    with (book / name).open("a") as file:
        file.write("\n")
    return key(book) != before


@pytest.mark.parametrize("name", [
    "demos/shift_lab.js", "demos/shared/demo.css", "demos/picture.py", "demos/weights/digits.json",
    "experiments/figures.py", "experiments/stats.py", "experiments/ledger/model.py", "experiments/results/e05.json",
    "rendering/__init__.py", "rendering/templates/ledger/claims.html", "rendering/templates/matrices.svg",
])  # fmt: skip
def test_what_a_page_shows_is_part_of_the_key(book, name):
    assert changed(book, name)


@pytest.mark.parametrize("name", [
    "experiments/run.py", "experiments/export.py", "experiments/e01_counts.py", "pooling.md",
])  # fmt: skip
def test_prose_and_experiments_that_no_page_imports_are_not(book, name):
    assert not changed(book, name)


def test_a_page_that_imports_more_depends_on_more(book):
    before = course_build.executed(book)
    with (book / "intro.md").open("a") as page:
        page.write("\n```{code-cell} ipython3\n:tags: [remove-input]\nfrom experiments import run\n```\n")
    assert course_build.executed(book) - before == {book / "experiments" / "run.py"}


def test_imports_are_followed_into_packages(tmp_path):
    (tmp_path / "shelf" / "row").mkdir(parents=True)
    sources = {"shelf/__init__.py": "", "shelf/row/__init__.py": "from shelf import spine\n", "shelf/spine.py": "",
               "shelf/row/book.py": "import shelf.lamp\n", "shelf/lamp.py": "", "shelf/dust.py": ""}  # fmt: skip
    for name, code in sources.items():
        (tmp_path / name).write_text(code)
    (tmp_path / "page.md").write_text(
        "---\nkernelspec:\n  name: python3\n---\n# Page\n\n"
        "```{code-cell} ipython3\n---\ntags: [remove-input]\n---\nfrom shelf.row.book import title\n```\n"
    )
    assert course_build.executed(tmp_path) == {tmp_path / name for name in sources if "dust" not in name}
