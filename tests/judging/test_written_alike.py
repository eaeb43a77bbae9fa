"""Near-copies are found among right answers, whatever was renamed; strangers who solve the same task are not."""

import json
import re
from html import unescape

import pytest

from autograder.judging import alike, grading
from autograder.judging.fingerprints import LONGEST, fingerprints, tokens
from autograder.pages.alike import beside
from autograder.submission import Submission
from sample_class.hand_ins import hand_ins
from tests.helpers.small_course import autograder, forking, make

ONE = '''
def max_pool2d(x, kernel_size, stride=None):
    """Return the maxima."""
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    n, c, h, w = x.shape
    out = np.empty((n, c, h // kh, w // kw))
    for i in range(h // kh):  # rows
        for j in range(w // kw):
            window = x[:, :, i * kh : (i + 1) * kh, j * kw : (j + 1) * kw]
            out[:, :, i, j] = window.max(axis=(2, 3))
    total = 0
    total += out.sum()
    if not np.isfinite(total):
        raise ValueError("stride must be positive")
    return out
'''
RENAMED = re.sub(r"\bwindow\b", "patch", re.sub(r"\bout\b", "result", re.sub(r"\btotal\b", "acc", ONE)))
DISGUISED = (
    RENAMED.replace('"""Return the maxima."""', '"""My own\n    long story."""\n\n    # as in the lecture')
    .replace("acc += result.sum()", "acc = acc + result.sum()")
    .replace('"stride must be positive"', "f'no {acc}'")
    .replace("    n, c, h, w = x.shape\n", "    n, c, h, w = (\n        x.shape\n    )\n    print(n)\n")
    .replace("for i in", "for  row_number in")
    .replace("i * kh : (i + 1)", "row_number * kh : (row_number + 1)")
    .replace(":, i, j", ":, row_number, j")
)
OTHER = """
def max_pool2d(x, kernel_size, stride=None):
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    step = stride or kernel_size
    picked = windows[:, :, ::step, ::step]
    flat = picked.reshape(*picked.shape[:4], -1)
    order = np.argsort(flat, axis=-1)
    best = np.take_along_axis(flat, order[..., -1:], axis=-1)
    assert best.ndim == 5, "so it is"
    return np.squeeze(best, axis=-1).astype(x.dtype, copy=True)
"""


def found(class_, least=0.8, given=()):
    return [(pair.one, pair.other) for pair in alike.find({s: {"f": code} for s, code in class_.items()}, given, least)]


@pytest.mark.parametrize("copy", [ONE, RENAMED, DISGUISED, "import math\n%timeit 1\n" + DISGUISED])
def test_names_layout_comments_and_texts_hide_no_copy(copy):
    assert found({"ann": ONE, "bob": copy, "cid": OTHER}) == [("ann", "bob")]


def test_only_lines_that_import_or_check_are_idle_and_no_names_that_begin_so():
    idle = "import math\nfrom math import pi\n%timeit 1\n!ls\ncheck(f)"
    assert not [*tokens(idle)]
    for line in ("from_out = x", "imported = x", "important(x)", "check = x", "checked(x)", "fromage = x"):
        assert [*tokens(f"{idle}\n{line}\n{idle}")] == [*tokens(line)] != []


def test_a_syntax_error_hides_no_copy():
    assert found({"ann": ONE, "bob": RENAMED + "\n    return (", "cid": OTHER}) == [("ann", "bob")]


def test_what_everybody_was_given_or_writes_alike_does_not_count():
    assert found({"ann": ONE, "bob": RENAMED}, given=[ONE]) == []
    many = {f"s{number:02}": ONE for number in range(12)} | {f"t{number:02}": OTHER for number in range(3)}
    assert {student[0] for pair in found(many) for student in pair} == {"t"}


def test_code_made_to_keep_the_grader_busy_takes_no_longer_than_other_code():
    for hostile in ("'" * LONGEST, "'\\" * LONGEST, '"""\\' * LONGEST, "(" * LONGEST, "x" * LONGEST, "''''" * LONGEST):
        assert len(fingerprints(hostile)) < LONGEST
    assert sum(1 for _ in tokens('"\\' * LONGEST)) <= 1


def test_right_answers_of_the_sample_class_meet_those_that_were_made_of_them():
    release = grading.released("pooling")
    class_ = {
        student: alike.code_of(Submission.of(one, release), release) for student, one in hand_ins("pooling").items()
    }
    pairs = {(pair.one, pair.other): pair for pair in alike.find(class_, release.sources.values(), 0.8)}
    assert pairs["all-right-with-loops", "one-subtle-mistake"].share > 0.95
    assert ("all-right-with-loops", "all-right-with-stride-tricks") not in pairs
    assert not [pair for pair in pairs if "tries-to-cheat" in pair]


def test_lines_stand_beside_their_like():
    lines = beside("f", 1.0, (ONE, DISGUISED), lambda line: " ".join(tokens(line))).lines
    same = [(line.left.strip(), line.right.strip()) for line in lines if line.same]
    assert ("out[:, :, i, j] = window.max(axis=(2, 3))", "result[:, :, row_number, j] = patch.max(axis=(2, 3))") in same
    assert ("", "print(n)") in [(line.left, line.right.strip()) for line in lines if not line.same]


def test_the_command_writes_a_page_that_warns_and_shows_both(tmp_path):
    course = make(tmp_path / "course")
    released = json.loads((course / "exercises" / "tiny" / "tiny.ipynb").read_text())
    for student, code in {"ann": ONE, "bob": DISGUISED, "c<i>d": OTHER, "dan": ""}.items():
        notebook = json.loads(json.dumps(released))
        for cell in notebook["cells"]:
            if cell["id"] == "double" and code:
                cell["source"] = code.replace("max_pool2d", "double") + "# <script>alert(1)</script>"
        place = course / "submitted" / student / "tiny" / "tiny.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(notebook))
    with forking(course):
        done = autograder(course, "alike", "tiny")
        assert done.returncode == 0, done.stderr
        assert re.search(r"ann and bob: (9\d|100)% \(double (9\d|100)%\)", done.stdout)
        assert "3 hand-ins compared; no proof of copying" in " ".join(done.stdout.split())
        page = (course / "alike-tiny.html").read_text()
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
        assert "What this cannot mean. It is no proof of copying" in text
        assert "1 pair among 3 hand-ins" in text
        assert "result = np.empty((n, c, h // kh, w // kw))" in text
        assert "<script" not in page
        assert "no two share as much" in autograder(course, "alike", "tiny", "--least", "100").stdout
