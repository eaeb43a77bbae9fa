"""Cases belong to a student and an attempt; what feedback has shown is asked no more."""

import base64
import pickle
import stat

import pytest

from autograder.assignments import names
from autograder.judging import grading
from autograder.judging.exams import SIZE, OneExam, Pool, Register, RegisterError
from autograder.judging.grading import grade
from autograder.submission import Cell, Submission
from tests.helpers.tiny_exam import LIMITS, RELEASE, exam


def seeds(register, students=40, content="x"):
    return [register.seed(f"student {number}", content) for number in range(students)]


def test_a_run_draws_a_few_exams_and_hands_them_out_by_student_and_content(tmp_path):
    register = Register(tmp_path)
    assert 3 < len(set(seeds(register, 400))) <= SIZE
    assert seeds(register) == seeds(register)
    assert seeds(register) != seeds(register, content="y")
    assert min(seeds(register)) >= 0


def test_an_interrupted_run_goes_on_with_its_exams(tmp_path):
    assert set(seeds(Register(tmp_path), 400)) == set(seeds(Register(tmp_path), 400, "y"))


def test_what_was_shown_is_asked_no_more(tmp_path):
    shown = set()
    for attempt in range(5):
        register = Register(tmp_path)
        asked = set(seeds(register, 400, f"attempt {attempt}"))
        assert not asked & shown
        register.close()
        shown |= asked
    assert len(shown) > 3 * SIZE


def test_the_same_hand_in_meets_its_exam_again(tmp_path):
    register = Register(tmp_path)
    before = seeds(register)
    register.close()
    assert seeds(Register(tmp_path)) == before
    assert seeds(Register(tmp_path, fresh=True)) != before


def test_two_runs_that_begin_at_once_agree(tmp_path):
    assert seeds(Register(tmp_path)) == seeds(Register(tmp_path))


def test_another_run_has_another_secret_which_is_the_graders_own(tmp_path):
    assert not set(seeds(Register(tmp_path / "a"), 400)) & set(seeds(Register(tmp_path / "b"), 400))
    assert stat.S_IMODE((tmp_path / "a" / "secret").stat().st_mode) == 0o600


def test_a_line_that_was_not_written_whole_is_passed_over(tmp_path):
    register = Register(tmp_path)
    before = seeds(register)
    with (tmp_path / "sat").open("a") as file:
        file.write("abc 1")
    assert seeds(Register(tmp_path)) == before


@pytest.mark.parametrize(
    ("name", "content"), [("secret", "xyz"), ("secret", ""), ("closed", "one"), ("sat", "a b c .\n")]
)
def test_a_damaged_register_is_named(tmp_path, name, content):
    Register(tmp_path).close()
    (tmp_path / name).write_text(content)
    with pytest.raises(RegisterError, match="is damaged; remove it, or run with --fresh"):
        Register(tmp_path)
    assert Register(tmp_path, fresh=True).round == 1


def test_a_pool_draws_an_exam_when_somebody_sits_it(tmp_path):
    drawn = []

    def draw(seed):
        drawn.append(seed)
        return exam(seed=seed)

    pool = Pool(draw, Register(tmp_path), LIMITS, RELEASE)
    submission = Submission((Cell("double", "x"),))
    first = pool.sitting("ann", submission)
    assert pool.sitting("ann", submission) is first
    assert drawn == [first.exam.seed]
    others = [pool.sitting(f"student {number}", submission) for number in range(40)]
    assert len({one.fingerprint for one in (first, *others)}) == len(drawn)
    assert OneExam(first.exam).sitting("bob", submission).exam is first.exam


ORACLE = """
import base64, pickle
import numpy as np

def key(args, kwargs):
    return repr([args, kwargs])

def plain(value):
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, (tuple, list)):
        return type(value).__name__, [plain(item) for item in value]
    if isinstance(value, dict):
        return sorted((name, plain(item)) for name, item in value.items())
    return value if isinstance(value, (int, float, str, bool, type(None))) else type(value).__name__

table_{name} = pickle.loads(base64.b64decode("{table}"))

def {name}(*args, **kwargs):
    value, refused = table_{name}[key(plain(args), plain(kwargs))]
    if refused:
        raise ValueError(refused)
    return value
"""


@pytest.mark.parametrize("assignment", names())
def test_who_has_learned_a_whole_exam_from_feedback_earns_next_to_nothing_with_it(assignment, tmp_path):
    register = Register(tmp_path)
    leaked = grading.prepare(assignment, register.seed("eve", "a first attempt"))
    cells = tuple(Cell(paper.question, oracle(paper)) for paper in leaked.papers)
    thief = Submission(cells)
    if assignment != "dropout":  # what two calls draw is in no table
        assert grade(leaked, "eve", thief).score > 0.7 * grade(leaked, "eve", thief).max_score
    register.close()
    for student in ("eve", "a classmate"):
        again = grading.prepare(assignment, Register(tmp_path).seed(student, "the table"))
        verdict = grade(again, student, thief)
        assert verdict.score <= 0.15 * verdict.max_score, [r for r in verdict.results if r.score]


def oracle(paper):
    """Return a function that knows the answers to a paper's calls by heart."""
    scope = {}
    exec(ORACLE.partition("table_")[0], scope)
    table = {}
    for drawn in paper.criteria:
        for case, reply in zip(drawn.cases, drawn.expected, strict=True):
            asked = scope["key"](scope["plain"](tuple(case.call.args)), scope["plain"](dict(case.call.kwargs)))
            table[asked] = reply.value, reply.message if reply.refused else ""
    packed = base64.b64encode(pickle.dumps(table)).decode()
    return ORACLE.replace("{table}", packed).replace("{name}", paper.question)
