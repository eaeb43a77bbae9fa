"""Releasing: no answer leaks, the same solution gives the same bytes, a gradebook is never harmed."""

import json
import re
import shutil
import sqlite3

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import assignments
from autograder.gradebook.nbgrader_course import GradebookError
from autograder.gradebook.release import release_notebook
from autograder.gradebook.source import ReleaseError
from tests.helpers.tiny_course import ROOT, SOLUTION, make_course, nbgrader, release_tiny

# nbgrader's own add_submission makes SQLAlchemy warn.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


def edited(course, old, new):
    assert old in SOLUTION
    return make_course(course, SOLUTION.replace(old, new, 1))


def cells(path):
    return json.loads(path.read_bytes())["cells"]


def test_released_notebook_is_valid_and_has_no_answer(course):
    path = release_tiny(course)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert path == (course / "exercises/tiny/tiny.ipynb").resolve()
    text = path.read_text()
    assert "np.asarray(x)" not in text
    assert "np.max" not in text
    assert "keeps the order" not in text
    assert "SOLUTION" not in text
    assert text.count("raise NotImplementedError()") == 2
    assert all(not cell.get("outputs") for cell in notebook.cells)


def test_points_and_flags_come_from_the_assignment(course):
    grader = {cell["id"]: cell["metadata"].get("nbgrader") for cell in cells(release_tiny(course))}
    assert grader["check_double"]["points"] == 3
    assert grader["check_largest"]["points"] == 2
    assert grader["explain_tiny"]["points"] == 3
    assert grader["released_start_1"]["locked"]
    assert not grader["double"]["locked"]


def test_a_heading_has_the_points_of_its_section(course):
    edited(course, "## Doubling", "## Doubling, and the largest ({points}, 5 minutes)")
    headings = [cell["source"][0] for cell in cells(release_tiny(course)) if cell["cell_type"] == "markdown"]
    assert "## Doubling, and the largest (5 points, 5 minutes)" in headings
    edited(course, "## In words", "## In words ({points})")
    headings = [cell["source"][0] for cell in cells(release_tiny(course)) if cell["cell_type"] == "markdown"]
    assert "## In words (3 points)" in headings


def test_a_heading_may_stand_below_other_text_of_its_cell(course):
    edited(course, "## Doubling", "So much for that.\n#\n# ## Doubling ({points})")
    text = "".join("".join(cell["source"]) for cell in cells(release_tiny(course)))
    assert "\n## Doubling (5 points)" in text


@pytest.mark.parametrize("name", assignments.names())
def test_no_notebook_shows_a_place_for_points(name):
    assert "{points}" not in (ROOT / "exercises" / name / f"{name}.ipynb").read_text("utf-8")


def test_released_code_is_locked_and_keeps_its_tags(course):
    demo = {cell["id"]: cell for cell in cells(release_tiny(course))}["released_check_double_1"]
    assert demo["metadata"]["tags"] == ["demo"]
    assert demo["metadata"]["editable"] is False
    assert demo["source"][0] == "%matplotlib inline\n"


def test_releasing_again_gives_the_same_bytes(course, tmp_path):
    first = release_tiny(course).read_bytes()
    assert release_tiny(course).read_bytes() == first
    assert release_tiny(course, gradebook=f"sqlite:///{tmp_path / 'fresh.db'}").read_bytes() == first
    assert release_tiny(make_course(tmp_path / "another place")).read_bytes() == first


def test_an_edit_moves_no_other_cells_name(course):
    before = [cell["id"] for cell in cells(release_tiny(course))]
    edited(course, "# ## Doubling\n", "# ## Doubling\n# Now with more words.\n")
    after = [cell["id"] for cell in cells(release_tiny(course))]
    assert len(set(after)) == len(after)
    assert [old == new for old, new in zip(before, after, strict=True)].count(False) == 1


def test_a_second_release_keeps_what_people_entered(course):
    path = release_tiny(course)
    before = path.read_bytes()
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("tiny", "ada")
        gradebook.find_grade("explain_tiny", "tiny", "tiny", "ada").manual_score = 2.5
        gradebook.find_comment("explain_tiny", "tiny", "tiny", "ada").manual_comment = "well said"
        gradebook.db.commit()
    assert release_tiny(course).read_bytes() == before
    edited(course, "print(double(np.arange(3)))", "print(double(np.arange(5)))")
    assert release_tiny(course).read_bytes() != before
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade("explain_tiny", "tiny", "tiny", "ada").manual_score == 2.5
        assert gradebook.find_comment("explain_tiny", "tiny", "tiny", "ada").manual_comment == "well said"


def test_cells_that_submissions_refer_to_are_not_taken_away(course):
    path = release_tiny(course)
    before = path.read_bytes()
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("tiny", "ada")
    edited(course, "# %% [markdown]\n# ## In words", "# %%\n1 + 1\n\n# %% [markdown]\n# ## In words")
    with pytest.raises(GradebookError, match=r"new: released_check_largest_1.*start a new gradebook"):
        release_tiny(course)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"grade_id": "largest"', '"grade_id": "double"', "the grade_id 'double' is taken 2 times"),
        ("return np.max(x)", "return np.max(x", "cell 'largest', line 6: .*never closed"),
        ("    ### BEGIN SOLUTION\n    return np.max(x)\n    ### END SOLUTION", "    return np.max(x)", "no ### BEGIN"),
        ("    ### END SOLUTION", "", "followed by its ### END"),
        ('nbgrader={"grade_id": "largest", "solution": true}', "", "no solution cell: its answer would be released"),
        ("check(largest)", "check(largest)\nassert True", "must be exactly check"),
        ('"check_largest"', '"check_smallest"', "no solution cell 'smallest' before it"),
        ('# %% nbgrader={"grade_id": "check_largest", "grade": true, "locked": true}', "# %%", "no cell 'check_la"),
        ("def largest(x):", "def greatest(x):", "must define largest"),
        ('"explain_tiny"', '"explain"', "no question in words, explain_tiny"),
        (', "points": 3', "", "needs points"),
        ('"grade_id": "check_double"', '"grade_id": "check double"', "letters, digits"),
        ("# ## Doubling", "# ## Doubling ### BEGIN HIDDEN TESTS", "no use for"),
    ],
)
def test_mistakes_of_the_author_are_named_in_one_line(course, old, new, words):
    edited(course, old, new)
    with pytest.raises(ReleaseError, match=words) as problem:
        release_tiny(course)
    assert str(problem.value).startswith("solutions/tiny.py: ")
    assert "\n" not in str(problem.value)
    assert not (course / "exercises").exists()


def test_a_function_that_nobody_asks_for_is_named(course):
    extra = re.sub("largest", "smallest", SOLUTION[SOLUTION.index('# %% nbgrader={"grade_id": "largest"') :])
    make_course(course, SOLUTION + extra[: extra.index("# %% [markdown]")])
    with pytest.raises(ReleaseError, match="asks for no function 'smallest'"):
        release_tiny(course)


def test_an_unknown_assignment_is_answered_by_those_that_there_are(course):
    with pytest.raises(ReleaseError, match=r"no such solution: solutions/poling\.py \(there are: tiny\)"):
        release_notebook("poling", course)


def test_a_locked_gradebook_is_named_with_its_cure(course):
    path = release_tiny(course)
    before = path.read_bytes()
    url = f"sqlite:///{course / 'gradebook.db'}?timeout=0.1"
    holder = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(GradebookError, match="database is locked; close the program"):
            release_tiny(course, gradebook=url)
    finally:
        holder.close()
    assert path.read_bytes() == before


def test_nbgraders_own_command_releases_the_same_bytes(course):
    path = release_tiny(course)
    before = path.read_bytes()
    nbgrader(course, "generate_assignment", "tiny", "--force")
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", assignments.names())
def test_the_exercises_are_released_from_todays_solutions(name, tmp_path):
    course = make_course(tmp_path / "course")
    shutil.copy(ROOT / "solutions" / f"{name}.py", course / "solutions")
    fresh = release_notebook(name, course).read_bytes()
    committed = ROOT / "exercises" / name / f"{name}.ipynb"
    assert committed.read_bytes() == fresh, f"run: python -m autograder release {name}"
