"""A reference that right ways to write a function contradict is not released; it is named in one line."""

import pytest

from tests.helpers.small_course import autograder, forking, make

WAYS = '''"""Ways to write the functions of tiny."""

from types import SimpleNamespace

RIGHT = [
    SimpleNamespace(function="double", name="adds", source="def double(x):\\n    return x + x"),
    SimpleNamespace(function="double", name="scales", source="def double(x):\\n    return 2.0 * x"),
    SimpleNamespace(function="largest", name="sorts", source="def largest(x):\\n    return sorted(x)[-1]"),
]
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make(tmp_path_factory.mktemp("opinions") / "course")
    (root / "sample_class" / "variants").mkdir(parents=True)
    (root / "sample_class" / "__init__.py").touch()
    (root / "sample_class" / "variants" / "tiny.py").write_text(WAYS)
    with forking(root):
        yield root


def released(course, old="", new=""):
    """Release with a change of the reference; return the exit code and what was said."""
    solution = course / "solutions" / "tiny.py"
    text = solution.read_text()
    assert old in text
    try:
        solution.write_text(text.replace(old, new))
        done = autograder(course, "release", "tiny")
    finally:
        solution.write_text(text)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_a_reference_with_which_others_agree_is_released(course):
    assert released(course) == (0, "tiny: exercises/tiny/tiny.ipynb")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "return 2 * np.asarray(x)",
            "return abs(2 * np.asarray(x))",
            "double, twice: the reference contradicts adds, scales,",
        ),
        ("return np.max(x)", "return np.max(x) - 1", "largest, plain: the reference contradicts sorts,"),
    ],
)
def test_a_wrong_reference_is_refused_in_a_line_and_its_answers_are_not_kept(course, old, new, said):
    examples = course / "autograder" / "examples" / "tiny.json"
    before = examples.read_bytes()
    code, text = released(course, old, new)
    assert code == 2
    assert f"solutions/tiny.py: {said} which sample_class/variants/tiny has for right" in text
    assert "expected" in text
    assert "Traceback" not in text
    assert examples.read_bytes() == before
