"""A function is judged where its check stands, again behind the last cell, and the better counts."""

import sys
from dataclasses import replace

import pytest

from autograder.judging.examiner import Examiner
from autograder.judging.grading import grade
from autograder.model import Call, Status
from autograder.submission import Release, Submission
from tests.helpers.tiny_exam import DOUBLE, FULL, LIMITS, RELEASE, TOTAL, cell, cells, exam, notebook

HELPED = DOUBLE.replace("2 *", "two() *")
TWO = "def two(): return 2"


def judged(some, asked=None, release=RELEASE, **around):
    return grade(asked or exam(), "ann", Submission.of({**notebook(some), **around}, release))


def points(some, asked=None):
    verdict = judged(some, asked)
    return [sum(r.score for r in verdict.results if r.question == name) for name in ("double", "total")]


def inserted(place, *sources, **changed):
    some = cells(**changed)
    some[place:place] = [cell(source) for source in sources]
    return some


@pytest.mark.parametrize(
    "spoiling",
    [
        "def two(): return 3",
        "del two",
        "two = None",
        "def double(x): return x",
        "del double",
        "import numpy as np\nnp.asarray = np.ndim = None",
        "import builtins\nbuiltins.ValueError = builtins.float = None",
        "import os\nos._exit(1)",
        "while True: pass",
        "%reset -f",
        "raise SystemExit",
        "x = []\nwhile True: x.append(bytes(1 << 20))",
    ],
)
def test_what_comes_behind_a_check_takes_nothing_from_it(spoiling):
    limits = replace(LIMITS, cell_seconds=1.0)
    some = [cell(TWO), *cells(double=HELPED), cell(spoiling)]
    assert points(some, exam(limits=limits)) == [4.0, 2.0]


def test_what_a_function_lacks_at_its_check_may_come_later():
    assert points([*cells(double=HELPED), cell(TWO)]) == [4.0, 2.0]
    assert points([*cells(double="double = None"), cell(DOUBLE)]) == [4.0, 2.0]
    assert points(cells()[::-1]) == [4.0, 2.0]


def test_the_better_of_both_states_counts_for_each_criterion():
    forgetful = DOUBLE.replace("if np.ndim(x) != 2", "if False")
    refuses = "def double(x):\n    raise ValueError('x')"
    # At its check it gives values and refuses nothing; at the end it refuses everything.
    verdict = judged([*cells(double=forgetful), cell(refuses)])
    assert [str(result.status) for result in verdict.results] == ["passed", "passed", "failed", "passed"]
    assert "was accepted" in verdict.results[2].message


def test_a_state_is_that_behind_the_same_cells_after_a_crash():
    fragile = "import os\ndef double(x):\n    if len(x) > 2 and two() == 2: os._exit(1)\n    return two() * x"
    paper = exam().papers[0]
    submission = Submission.of(notebook([cell(TWO), *cells(double=fragile), cell("def two(): return 3")]), RELEASE)
    with Examiner(exam(), submission) as asked:
        asked.go_to(3)
        replies = asked.replies(paper, [Call("double", ([[1.0]] * 3,))])
        assert [reply.status for reply in replies] == [Status.CRASHED]
        assert asked.replies(paper, [Call("two", ())])[0].value == 2
        asked.go_to(len(submission.cells))
        assert asked.replies(paper, [Call("two", ())])[0].value == 3


def test_added_cells_have_a_budget_of_their_own():
    slow = "import time\nfor _ in range(100): time.sleep(0.01)"
    limits = replace(LIMITS, own_seconds=1.5, submission_seconds=2.0)
    verdict = judged(inserted(1, slow, slow, slow, slow), exam(limits=limits))
    assert verdict.score == FULL
    assert "cell 5 was not run: added cells had used up their 1.5 s" in verdict.remarks


def test_cells_that_end_the_process_cost_only_added_time():
    limits = replace(LIMITS, own_seconds=3.0, submission_seconds=4.0)
    verdict = judged(inserted(1, *["import os\nos._exit(3)"] * 20), exam(limits=limits))
    assert verdict.score == FULL
    assert any("ended itself with code 3" in one for one in verdict.remarks)


def with_picture(some):
    """Return a hand-in and a release whose second cell draws and binds names on the way."""
    drawn = cell(
        "import nothing_like_widgets\nimport numpy as np\n@nothing()\ndef f(): pass\ntwo = lambda: 2",
        "picture",
        locked=True,
    )
    drawn["metadata"]["tags"] = ["demo"]
    return [some[0], drawn, *some[1:]], Release.of(notebook([cells()[0], drawn, *cells()[1:]]))


def test_a_cell_with_a_picture_is_run_for_a_name_that_it_binds():
    some, release = with_picture(cells(double=HELPED))
    assert judged(some, release=release, asked=replace(exam(), release=release)).score == FULL
    some, release = with_picture(cells(total="half = two() / 4\n" + TOTAL.replace("float(", "2 * half * float(")))
    assert judged(some, release=release, asked=replace(exam(), release=release)).score == FULL


def test_a_failed_import_is_named_as_the_cause():
    verdict = judged(inserted(1, "import nothing_like_torch as nt, math", double=DOUBLE.replace("2 *", "nt.two *")))
    assert "(importing nothing_like_torch failed: grading has no such module)" in verdict.results[0].message
    assert verdict.remarks == (
        "grading has no module nothing_like_torch, which cell 2 imports; the rest of the cell was run",
    )
    inside = judged(cells(double=DOUBLE.replace("import numpy", "import nothing_like_torch, numpy")))
    assert "grading has the standard library, NumPy and matplotlib" in inside.results[0].message


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("99.1.0", "the notebook was written with Python 99.1; grading has "),
        ("3.0", None),
        (None, None),
        ([], None),
        ("3." + "9" * 99, "Python 3.999"),
    ],
)
def test_a_syntax_of_a_newer_python_is_named_as_that(version, said):
    verdict = judged(
        cells(double="def double[T](x: T) -> T: return 2 * x\nclass = 1"),
        metadata={"language_info": {"version": version}},
    )
    message = verdict.results[0].message
    assert message.startswith("SyntaxError")
    assert ("Python" in message) == bool(said)
    assert (said or "") in message
    assert not said or f"{sys.version_info[0]}.{sys.version_info[1]}" in message


def test_a_function_that_nobody_defines_is_missing():
    verdict = judged(cells()[:1])
    assert verdict.results[0].message == "no cell of the notebook defines `double`"
    assert {result.status for result in verdict.results} == {Status.MISSING}


def test_remarks_of_the_run_come_behind_those_of_the_reading():
    verdict = judged([cell("import nowhere"), *cells(), cell("total = total")])
    assert [one.partition(" ")[0] for one in verdict.remarks] == ["cell", "grading"]
