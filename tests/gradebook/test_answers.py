"""An answer in words reaches a person wherever it stands, with its formulas, code and pictures."""

import base64
import json
import re

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.attachments import with_pictures
from autograder.gradebook.filling import read_released
from autograder.gradebook.graded_notebook import rebuild
from autograder.judging.answers import remarks
from autograder.submission import Release
from tests.helpers.tiny_course import hand_in, make_course, nbgrader, record, release_tiny, url, verdict

PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"drawn by hand" * 9).decode()
WORDS = "Yes: doubling keeps the order."


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make_course(tmp_path_factory.mktemp("answers") / "course")
    release_tiny(root)
    return root


def text(source, kind="markdown", **more):
    return {"cell_type": kind, "id": "mine", "metadata": {}, "source": source, **more}


def find(notebook, name):
    return next(number for number, cell in enumerate(notebook["cells"]) if cell["id"] == name)


def added(step, *cells):
    """Return a change that puts cells before (0) or behind (1) the question in words."""

    def change(notebook):
        at = find(notebook, "explain_tiny") + step
        notebook["cells"][at:at] = cells

    return change


def _at_the_top(notebook):
    notebook["cells"].insert(0, text(WORDS))


def _deleted_and_rewritten(notebook):
    notebook["cells"][find(notebook, "explain_tiny")] = text(WORDS)


def _without_label_and_id(notebook):
    cell = notebook["cells"][find(notebook, "explain_tiny")]
    cell.update(metadata={}, id="new", source=f"{cell['source']}\n\n{WORDS}")


def _into_the_heading(notebook):
    notebook["cells"][find(notebook, "explain_tiny") - 1]["source"] = f"## In words\n\n{WORDS}"


def _prompt_deleted(notebook):
    notebook["cells"][find(notebook, "explain_tiny")]["source"] = " \n"
    added(1, text(WORDS))(notebook)


def _split(notebook):
    at = find(notebook, "explain_tiny")
    notebook["cells"].insert(at + 1, {**notebook["cells"][at], "id": "other half", "source": WORDS})


def _as(kind):
    def change(notebook):
        notebook["cells"][find(notebook, "explain_tiny")].update(cell_type=kind, source=WORDS)

    return change


def _moved_up(notebook):
    cell = notebook["cells"].pop(find(notebook, "explain_tiny"))
    notebook["cells"].insert(2, {**cell, "source": WORDS})


ELSEWHERE = {
    "below": added(1, text(WORDS)),
    "above": added(0, text(WORDS)),
    "two below": added(1, text("  "), text(WORDS)),
    "in a raw cell": added(1, text(WORDS, "raw")),
    "in a code cell": added(1, text(f"# {WORDS}", "code", outputs=[], execution_count=None)),
    "in a cell of no kind": added(1, text(WORDS, "heading")),
    "as a picture": added(1, text("", attachments={"image.png": {"image/png": PICTURE}})),
    "at the top": _at_the_top,
    "in a new cell instead": _deleted_and_rewritten,
    "without label and id": _without_label_and_id,
    "in the heading": _into_the_heading,
    "below a question deleted": _prompt_deleted,
}
IN_PLACE = {"split": _split, "code": _as("code"), "raw": _as("raw"), "moved": _moved_up}
NOWHERE = {
    "untouched": lambda notebook: None,
    "an empty cell": added(1, text(" \n")),
    "a copy of the question": lambda notebook: notebook["cells"].append(
        {**notebook["cells"][find(notebook, "explain_tiny")], "metadata": {}, "id": "copy"}
    ),
    "all labels and ids lost": lambda notebook: [
        cell.update(metadata={}, id=f"new-{number}") for number, cell in enumerate(notebook["cells"])
    ],
    "the question deleted": lambda notebook: notebook["cells"].pop(find(notebook, "explain_tiny")),
    "code far away": lambda notebook: notebook["cells"].insert(0, text("x = 1", "code", outputs=[])),
}


def handed_in(course, student, change):
    path = hand_in(course, student)
    notebook = json.loads(path.read_text())
    change(notebook)
    path.write_text(json.dumps(notebook))
    return notebook


def said(course, notebook):
    return list(remarks(notebook, Release.of(read_released(course / "exercises/tiny/tiny.ipynb"))))


def waits(course, student):
    with Gradebook(url(course), "pooling-measured") as gradebook:
        found = gradebook.find_grade("explain_tiny", "tiny", "tiny", student)
        comment = gradebook.find_comment("explain_tiny", "tiny", "tiny", student).comment
        return found.auto_score, found.needs_manual_grade, comment


def answer(course, student):
    notebook = json.loads((course / "autograded" / student / "tiny/tiny.ipynb").read_text())
    return notebook["cells"][find(notebook, "explain_tiny")]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_an_answer_beside_its_place_waits_for_a_person_and_is_named(course, where):
    notebook = handed_in(course, where, ELSEWHERE[where])
    record(course, verdict(where))
    assert waits(course, where) == (None, True, None)
    shown = answer(course, where)
    assert WORDS in shown["source"] or PICTURE in json.dumps(shown["attachments"])
    (remark,) = said(course, notebook)
    assert remark.startswith("explain_tiny was left as it was given, but there are words in cell ")
    before = rebuild(read_released(course / "exercises/tiny/tiny.ipynb"), notebook)
    assert before == rebuild(read_released(course / "exercises/tiny/tiny.ipynb"), notebook)


@pytest.mark.parametrize("how", IN_PLACE)
def test_an_answer_in_its_cell_waits_whatever_became_of_the_cell(course, how):
    notebook = handed_in(course, how, IN_PLACE[how])
    record(course, verdict(how))
    assert waits(course, how) == (None, True, None)
    assert WORDS in answer(course, how)["source"]
    assert said(course, notebook) == []


@pytest.mark.parametrize("how", NOWHERE)
def test_without_any_words_nobody_has_to_look(course, how):
    notebook = handed_in(course, how, NOWHERE[how])
    record(course, verdict(how))
    assert waits(course, how) == (0, False, "No response.")
    assert said(course, notebook) == []


def test_what_was_marked_is_looked_at_again_when_words_elsewhere_change(course):
    handed_in(course, "again", added(1, text(WORDS)))
    record(course, verdict("again"))
    with Gradebook(url(course), "pooling-measured") as gradebook:
        found = gradebook.find_grade("explain_tiny", "tiny", "tiny", "again")
        found.manual_score, found.needs_manual_grade = 2, False
        gradebook.db.commit()
    record(course, verdict("again"))
    assert not waits(course, "again")[1]
    handed_in(course, "again", added(1, text("On second thoughts: no.")))
    record(course, verdict("again"))
    assert waits(course, "again")[1]


ATTACHED = {"image.png": {"image/png": PICTURE}}
SVG = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").decode()
PICTURES = {
    "pasted": ("See ![image.png](attachment:image.png).", ATTACHED, 1),
    "made smaller": ('See <img src="attachment:image.png" width="300"/>.', ATTACHED, 1),
    "with a title": ('![mine](attachment:image.png "a title")', ATTACHED, 1),
    "with a space": ("![mine](attachment:my%20picture.png)", {"my picture.png": {"image/jpeg": PICTURE}}, 1),
    "not referred to": ("See the picture.", ATTACHED, 1),
    "many times": ("![](attachment:image.png)" * 50, ATTACHED, 1),
    "a drawing that may act": ("![](attachment:a.svg)", {"a.svg": {"image/svg+xml": SVG}}, 0),
    "no picture": ("![](attachment:a.html)", {"a.html": {"text/html": SVG}}, 0),
    "not base64": ("![](attachment:a.png)", {"a.png": {"image/png": "<script>alert(1)</script>"}}, 0),
    "not attached": ("![](attachment:other.png)", {}, 0),
    "nonsense": ("", {"a": 7, "b": {"image/png": 7}, "c": {"image/png": [PICTURE]}}, 1),
    "nothing of the kind": ("![](attachment:x)", ["x"], 0),
    "in code": ("`![](attachment:image.png)`", ATTACHED, 1),
    "a hostile name": ("![](attachment:<script>)", {"<script>alert(1)</script>": {"image/png": PICTURE}}, 1),
}
FORMULAS = (
    "Since $i<n$ and `a<b`, `f[i](x)`, <i>x</i>:\n\n$$a<b \\\\ c&d$$\n\n```python\nif i<n: out[i] = f[i](x)\n```\n"
)


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_handed_on_once_and_only_if_it_is_one(kind):
    source, attachments, count = PICTURES[kind]
    shown, handed_on = with_pictures(source, {"attachments": attachments})
    assert len(handed_on) == count
    assert [bundle for bundle in handed_on.values() if list(bundle.values()) != [PICTURE]] == []
    referred = [name for name in handed_on if shown.count(f"](attachment:{name})") == 1]
    assert len(referred) == count
    assert shown.count("](attachment:") == max(count, source.count("`!"))


def test_nbgraders_feedback_shows_pictures_formulas_and_code_and_nothing_acts(tmp_path):
    course = make_course(tmp_path / "course")
    release_tiny(course)
    pictures = [text(source, attachments=attached) for source, attached, _ in PICTURES.values()]
    handed_in(course, "pictures", lambda notebook: notebook["cells"].extend(pictures))
    handed_in(course, "formulas", lambda notebook: notebook["cells"][-1].update(source=FORMULAS))
    handed_in(course, "elsewhere", added(1, text(PICTURES["pasted"][0], attachments=ATTACHED), text(FORMULAS)))
    students = ["pictures", "formulas", "elsewhere"]
    record(course, [verdict(student, remarks=("<i>noticed</i> `here`",)) for student in students])
    nbgrader(course, "generate_feedback", "tiny")
    pages = {student: (course / "feedback" / student / "tiny/tiny.html").read_text() for student in students}
    # Each stands in its own cell, and below the question that was left as it was.
    assert pages["pictures"].count(f"base64,{PICTURE}") == 2 * sum(
        count for kind, (_, _, count) in PICTURES.items() if kind != "in code"
    )
    assert pages["elsewhere"].count(f"base64,{PICTURE}") == 2
    for student in ("formulas", "elsewhere"):
        for shown in ("$i&lt;n$", "<code>a&lt;b</code>", "<code>f[i](x)</code>", "$$a&lt;b \\\\ c&amp;d$$"):
            assert shown in pages[student]
        plain = re.sub(r"<[^>]+>", "", pages[student])
        assert "if i&lt;n: out[i] = f[i](x)" in plain
        assert "&lt;i&gt;x&lt;/i&gt;" in plain
    for page in pages.values():
        assert "What we noticed" in page
        assert "&lt;i&gt;noticed&lt;/i&gt; <code>here</code>" in page
        assert not re.search(r"<script>alert|<svg[^>]*onload|svg\+xml;base64|<i>", page)
