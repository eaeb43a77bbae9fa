"""What CONTRIBUTING.md tells to do works: each recipe is followed in a copy of the whole repository."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from recipes import ROOT, add_assignment, assignment, carry_out, changed, copied, make, pytests, ruff, run, section

TITLES = ("A criterion", "An assignment", "A demo", "An experiment", "A chapter")
EARNS = "tests/criteria/test_every_criterion_earns_its_place.py"
VARIANTS = "tests/criteria/test_variants.py"
DOORS = ("tests/doors/test_checking.py", "tests/doors/test_sample_class.py", "tests/gradebook/test_release.py")


@pytest.mark.parametrize("title", TITLES)
def test_a_recipe_names_paths_that_are_there_when_it_is_done(title: str, tmp_path: Path) -> None:
    copy = copied(tmp_path)
    add_assignment(copy)
    assert carry_out(title, copy)
    named = set(re.findall(r"`((?:autograder|book|sample_class|tests|exercises)/[\w/.]*)`", section(title)))
    assert named
    generated = {"book/experiments/results/e20.json"}
    assert [name for name in sorted(named - generated) if not (copy / name).exists()] == []


def test_all_that_the_recipes_add_passes_the_linters(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    add_assignment(copy)
    names = [*assignment(), *(name for title in TITLES for name in carry_out(title, copy))]
    ruff(copy, *names)
    if (checked := ROOT / ".mypy_cache").is_dir():  # what `make lint` has read need not be read again
        shutil.copytree(checked, copy / checked.name)
    # The whole takes twice as long, and what no recipe touches is checked by `make lint`.
    typed = [name for name in names if re.fullmatch(r"(autograder|book|tests/experiments)/.*\.py", name)]
    assert len(typed) > 4
    run(copy, sys.executable, "-m", "mypy", *typed)


def test_a_change_whose_place_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="0 times"):
        changed("a\nb\n", " c\n+d\n")


def test_a_criterion(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    carry_out("A criterion", copy)
    make(copy, "release", "ASSIGNMENTS=pooling")
    pytests(copy, EARNS, *DOORS, "-k", "[pooling]")
    # One wrong way is new; the right ones must keep the criterion.
    right = "loops or stride_tricks or offsets or rows_then_columns"
    pytests(copy, VARIANTS, "-k", f"pooling-max_pool2d- and (wants_a_sample or {right})")


def test_an_assignment(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    add_assignment(copy)
    # Two files are enough for `make course`; the third is for the tests.
    table = make(copy, "release", "sample", "ASSIGNMENTS=min_pooling")
    assert re.search(r"all-right-with-loops +3 *\n", table)
    assert re.search(r"one-common-mistake +0 *\n", table)
    carry_out("An assignment", copy)
    pytests(copy, EARNS, VARIANTS, *DOORS, "-k", "min_pool")


def test_a_demo(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    carry_out("A demo", copy)
    # The other tests of that folder are not about demos.
    pytests(copy, "tests/demos/test_demos.py")


def test_an_experiment(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    carry_out("An experiment", copy)
    make(copy, "experiments", "EXPERIMENT_OPTIONS=e20")
    found = json.loads((copy / "book" / "experiments" / "results" / "e20.json").read_text("utf-8"))
    assert [arm["figures"]["min"] < arm["figures"]["max"] for arm in found["arms"]] == [True, True]
    names = ("budgets", "reduced_experiments", "running")
    tests = [f"tests/experiments/test_{name}.py" for name in names]
    pytests(copy, *tests, "-k", "budgets or e20 or is_rerun or clearly or name")


def test_a_chapter(tmp_path: Path, book: Path) -> None:
    copy = copied(tmp_path)
    executed = book.parent / ".jupyter_cache" / sources(copy)
    add_assignment(copy)
    carry_out("A demo", copy)
    carry_out("A chapter", copy)
    make(copy, "release", "ASSIGNMENTS=min_pooling")
    # The copy has the outputs of the pages that ran here: what a recipe adds, none of them imports.
    shutil.copytree(executed, copy / "build" / "book" / "_build" / ".jupyter_cache" / sources(copy))
    # Nor is the exercises' Python a chapter's: this book is built without it.
    make(copy, "book", "PYODIDE_DIST=nowhere")
    built = copy / "build" / "book" / "_build" / "html"
    page = (built / "min_pooling.html").read_text("utf-8")
    assert "vnd.jupyter.widget-view+json" in page
    assert "the mean of which is three" in page
    assert "exercises/min_pooling.html" in page
    assert "min_pool2d" in (built / "exercises" / "min_pooling.html").read_text("utf-8")


def sources(course: Path) -> str:
    """Return the name of the execution cache for what the pages of a book import."""
    code = "import course_build as c, pathlib; b = pathlib.Path('..'); print(c.digest(b, c.executed(b)))"
    return run(course / "book" / "_ext", sys.executable, "-c", code).strip()


def test_an_assignment_fits_one_screen() -> None:
    assert sum(len(text.splitlines()) for text in assignment().values()) <= 60
