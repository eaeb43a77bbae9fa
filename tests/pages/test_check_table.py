"""What a student sees in the notebook: words, numbers and pictures that are right, bounded and harmless."""

import re
from typing import Any

import numpy as np
import pytest

from autograder import assignments, check
from autograder.criteria.arrays import LAYOUTS, laid_out
from autograder.model import Call, Evidence, Reply, Rng, Status
from autograder.pages.calls import call_text, code_text, settings_text
from autograder.pages.check_table import WIDE, CheckTable, CriteriaNotMetError, PartialCredit
from autograder.pages.failing_case import show
from autograder.pages.grid import SIDE
from autograder.pages.pictures import panels
from autograder.pages.words import clean, outcome_text, value_text
from tests.helpers.verdicts import (
    BACKWARD,
    HOSTILE,
    MAX_POOL,
    all_of,
    hostile,
    refuses_nothing,
    result,
    wrong,
    zero_padding,
)

INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def pooled(expected, got, call=None):
    return wrong(call or Call("max_pool2d", (np.ones((1, 1, 4, 4)),), {"kernel_size": 2}), expected, got)


def tables(evidence):
    return {panel.title: panel for panel in panels(evidence)}


def texts(panel):
    return [[text for text, _, _ in row] for row in panel.cells]


def marks(panel):
    return [[wrong for _, _, wrong in row] for row in panel.cells]


def half_right():
    return CheckTable(
        MAX_POOL,
        [result(MAX_POOL, 0), result(MAX_POOL, 1, Status.FAILED, evidence=zero_padding()), result(MAX_POOL, 2)],
    )


def test_report_names_what_holds_and_what_fails_with_points_and_what_grading_adds():
    text = repr(half_right())
    assert text.startswith("max_pool2d: 2 of 3 criteria hold on the worked examples\n")
    assert "holds  plain windows (2 points)" in text
    assert "FAILS  padding never wins (2 points)" in text
    assert "holds  bad padding is refused (1 point)" in text
    assert "grading will also try: all-negative inputs" in text
    assert "hint: What must a padded cell hold to lose every time?" in text
    assert "where to look: Look at the number at " in text


def test_report_shows_the_call_the_numbers_and_marks_those_that_differ():
    text = repr(half_right())
    assert "max_pool2d(x, kernel_size=2, padding=1)" in text
    assert "-0.45   0.28  -0.49  -0.15" in text  # expected
    assert "0*   0.28     0*     0*" in text  # got
    assert "0.45*      0  0.49*  0.15*" in text  # the difference


def test_report_in_a_notebook_says_the_same_without_colour():
    html = half_right()._repr_html_()
    assert html.count("✓ holds") == 2
    assert html.count("✗ fails") == 1
    assert "<th scope=col>3</th>" in html
    assert re.search(r'<td class="p\d w">0.45<i> differs</i></td>', html)
    assert "all-negative inputs" in html


def test_report_says_when_everything_holds():
    assert repr(CheckTable(MAX_POOL, all_of(MAX_POOL))).startswith("max_pool2d: all 3 criteria hold")


def test_report_says_first_where_grading_will_differ():
    warned = CheckTable(MAX_POOL, all_of(MAX_POOL), ("max_pool2d uses scipy,\nwhich grading lacks", "a cell was slow"))
    lines = repr(warned).splitlines()
    assert lines[0].startswith("max_pool2d: all 3 criteria hold")
    assert lines[1:3] == ["  BUT    max_pool2d uses scipy, which grading lacks", "  BUT    a cell was slow"]
    html = warned._repr_html_()
    assert html.index("Grading may say otherwise") < html.index("<li>a cell was slow</li>") < html.index("<table")
    assert "Grading may say otherwise" not in CheckTable(MAX_POOL, all_of(MAX_POOL))._repr_html_()


def test_summary_has_what_fails_and_what_differs_in_lines_that_nbgrader_does_not_cut():
    failing = result(
        MAX_POOL, 1, Status.FAILED, "expected shape (1, 1, 2, 2), got " + "a long story " * 9, zero_padding()
    )
    table = CheckTable(MAX_POOL, [result(MAX_POOL, 0), failing, result(MAX_POOL, 2)], ("a module is not there " * 6,))
    lines = table.summary().splitlines()
    assert lines[0] == "max_pool2d: 2 of 3 criteria hold on the worked examples"
    assert lines[1].startswith("FAILS  padding never wins (2 points): expected shape (1, 1, 2, 2), got a long")
    assert "plain windows" not in table.summary()
    assert any(line.startswith("BUT  a module is not there") for line in lines)
    assert max(map(len, lines)) <= WIDE
    assert not table.holds
    assert CriteriaNotMetError(table.summary())._render_traceback_() == lines


def test_partial_credit_is_a_number_in_plain_text_and_the_table_in_html():
    table = PartialCredit(MAX_POOL, half_right().results)
    bundle = table._repr_mimebundle_()
    assert bundle == {"text/plain": "3", "text/html": half_right()._repr_html_()}


def test_report_refuses_results_that_are_not_one_for_each_criterion():
    with pytest.raises(ValueError, match="zip"):
        repr(CheckTable(MAX_POOL, all_of(BACKWARD)[:1]))


def test_report_explains_an_expected_refusal_in_words():
    text = show(refuses_nothing("x").results[2].evidence).text
    assert "expected: an exception, such as ValueError: padding must be at most half" in text


def test_hostile_text_is_neither_markup_nor_an_escape_sequence():
    report = CheckTable(MAX_POOL, hostile().results[:3], (HOSTILE,))
    assert "<script" not in report._repr_html_().lower()
    assert "&lt;script&gt;" in report._repr_html_()
    for shown in (report._repr_html_(), repr(report)):
        assert not INVISIBLE.search(shown)
        assert len(shown) < 30_000


def test_code_repeats_the_call_to_the_last_bit():
    x = np.array([[0.1, np.nan], [-np.inf, 1 / 3]])
    call = Call("lp_pool2d", (x, np.zeros((0, 4), int)), {"norm_type": np.inf, "mask": np.array([True])})
    seen = {}
    names = {"np": np, "inf": np.inf, "lp_pool2d": lambda *args, **kwargs: seen.update(args=args, kwargs=kwargs)}
    exec(code_text(call), names)
    np.testing.assert_array_equal(seen["args"][0], x)
    assert seen["args"][1].shape == (0, 4)
    assert seen["kwargs"]["norm_type"] == np.inf
    assert seen["kwargs"]["mask"].dtype == bool


@pytest.mark.parametrize("layout", LAYOUTS)
def test_code_makes_an_array_as_it_lies_in_memory(layout):
    x = laid_out(np.arange(24.0).reshape(1, 2, 3, 4), layout)
    names = {"np": np, "f": lambda x: x}
    exec(code_text(Call("f", (x,))), names)
    assert np.array_equal(names["x"], x)
    assert [np.sign(step) for step in names["x"].strides] == [np.sign(step) for step in x.strides]
    for flag in ("c_contiguous", "f_contiguous", "writeable"):
        assert getattr(names["x"].flags, flag) == getattr(x.flags, flag)


def test_code_is_left_out_where_nobody_would_read_it():
    assert code_text(Call("f", (np.zeros(1000),))) == ""


def test_settings_are_named_and_nameless_ones_come_with_their_call():
    assert settings_text(Call("f", (np.ones(2),), {"stride": 2, "w": np.ones(2)})) == "stride 2"
    assert settings_text(Call("output_size", (8, 3))) == "output_size(8, 3)"
    assert settings_text(Call("output_size", (8, 3)).named(("n", "kernel_size"))) == "n 8, kernel_size 3"


def test_named_arrays_keep_the_order_of_the_signature():
    x, weight = np.zeros((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    call = Call("conv2d", (x,), {"padding": 1, "weight": weight})
    call = call.named(("x", "weight", "bias", "stride", "padding"))
    assert call_text(call) == "conv2d(x, weight, padding=1)"
    assert "weight = np.array([[[[1.0, 1.0], [1.0, 1.0]]]])" in code_text(call)


def test_seeds_are_not_shown():
    call = Call("dropout", (np.ones((2, 2)), 0.5, Rng(987654321)))
    assert "987654321" not in show(wrong(call, None, np.ones((2, 2)))).text
    assert "default_rng(...)" in call_text(call)


@pytest.mark.parametrize(
    "value",
    ["x" * 10_000_000, [["deep"] * 1000] * 1000, 10**10_000, {HOSTILE: HOSTILE}, np.zeros((9, 9)), 1e300, None],
    ids=["text", "nested", "integer", "dict", "array", "float", "none"],
)
def test_any_value_is_named_in_one_short_harmless_line(value):
    text = value_text(value)
    assert 0 < len(text) < 300
    assert not INVISIBLE.search(text)
    assert "\n" not in text


def test_cleaning_keeps_names_of_every_script():
    for name in ("Zoë Müller", "نرگس\u200cزاده", "田中　花子".replace("　", " "), "Łukasz", "דנה"):
        assert clean(name) == name


def test_how_a_call_ended_is_said_in_words():
    assert outcome_text(Reply(Status.TIMEOUT, message="no result after 3 s")) == "time limit: no result after 3 s"
    assert outcome_text(Reply(Status.CRASHED)) == "crashed"


def test_cells_that_differ_are_framed_and_rounding_is_not_a_difference():
    expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = np.array([[1.0, 2.0 + 1e-13], [3.5, 4.0]])
    found = tables(pooled(expected, got))
    assert marks(found["got"]) == [[False, False], [True, False]]
    assert texts(found["difference: got minus expected"]) == [["0", "0"], ["0.5", "0"]]


def test_numbers_that_differ_look_different():
    found = tables(pooled(np.array([1.0, 2.0]), np.array([1.0000001, 2.0])))
    assert texts(found["expected"])[0][0] != texts(found["got"])[0][0]


def test_nan_and_infinities_are_shown_and_hatched():
    expected = np.array([[np.nan, 1.0, -np.inf], [0.0, np.inf, 2.0]])
    got = np.array([[np.nan, np.nan, -np.inf], [0.0, -np.inf, 2.0]])
    found = tables(pooled(expected, got))
    assert texts(found["got"]) == [["nan", "nan", "-inf"], ["0", "-inf", "2"]]
    assert marks(found["got"]) == [[False, True, False], [False, True, False]]
    assert found["got"].html.count('<td class="n') + found["got"].html.count("<td class=n>") == 4


def test_of_a_large_array_the_part_with_the_largest_difference_is_shown_and_named():
    expected = np.zeros((2, 3, 40, 50))
    got = expected.copy()
    got[0, 1, 2, 3], got[1, 2, 30, 45] = 0.5, -7.0
    x = np.arange(2 * 3 * 80 * 100.0).reshape(2, 3, 80, 100)
    found = tables(pooled(expected, got, Call("max_pool2d", (x,), {"kernel_size": 2})))
    panel = found["got"]
    assert "-7" in {text for row in texts(panel) for text in row}
    assert panel.note == (
        "float64, shape (2, 3, 40, 50); slice [1, 2], rows 26 to 33, columns 41 to 48, where the difference is largest"
    )
    assert (len(panel.cells), len(panel.cells[0])) == (SIDE, SIDE)
    assert 61 in found["x"].window.rows
    assert 91 in found["x"].window.columns


def test_a_nan_counts_as_the_largest_difference():
    got = np.zeros((3, 2, 2))
    got[0, 0, 0], got[2, 1, 1] = 1e9, np.nan
    assert tables(pooled(np.zeros((3, 2, 2)), got))["got"].window.index == (2,)


def test_arrays_of_unlike_shape_stand_side_by_side_without_a_difference():
    found = tables(pooled(np.ones((1, 1, 2, 2)), np.ones((1, 1, 3, 3))))
    assert list(found) == ["x", "expected", "got"]
    assert found["got"].note == "float64, shape (1, 1, 3, 3)"


def test_of_several_results_the_one_that_differs_is_pictured():
    kept, wanted, had = np.ones((2, 2)), np.array([True, False]), np.array([True, True])
    found = tables(pooled((kept, wanted), (kept, had)))
    assert texts(found["got, value 2"]) == [["True", "True"]]
    assert marks(found["got, value 2"]) == [[False, True]]


def test_an_input_that_was_modified_is_pictured_when_the_result_is_right():
    x, after = np.zeros((2, 2)), np.array([[0.0, 5.0], [0.0, 0.0]])
    evidence = wrong(Call("shift2d", (x,), {"dy": 1}), np.ones((2, 2)), np.ones((2, 2)), (after,))
    found = tables(evidence)
    assert list(found) == ["x", "expected", "got", "x after the call", "difference: x after the call minus before"]
    assert marks(found["x after the call"]) == [[False, True], [False, False]]


@pytest.mark.parametrize(
    "got",
    [
        np.zeros((0, 3)),
        np.array(1 + 2j),
        np.array([1j]),
        np.array(np.longdouble("1e4000")).reshape(1),
        np.full((1,) * 30, 2.0),
        np.array([2**63 - 1]),
        "text",
        {"a": np.ones(2)},
        None,
        [],
    ],
    ids=["empty", "complex", "complex array", "beyond double", "30 axes", "integer", "text", "dict", "none", "nothing"],
)
@pytest.mark.parametrize("expected", [np.zeros(1), 3.0, (1, np.ones(2)), {"a": np.zeros(2)}], ids=str)
def test_results_of_any_kind_are_shown(expected, got):
    failed = result(MAX_POOL, 0, Status.FAILED, "wrong", pooled(expected, got))
    report = CheckTable(MAX_POOL, [failed, *all_of(MAX_POOL)[1:]])
    assert "FAILS" in repr(report)
    assert "got" in report._repr_html_()


def test_a_case_without_an_answer_shows_what_was_expected():
    evidence = Evidence(Call("f"), Reply(Status.PASSED, np.eye(2)), Reply(Status.CRASHED, message="signal 11"))
    assert "got: crashed: signal 11" in show(evidence).text
    assert "expected" in tables(evidence)


def test_calls_in_a_row_are_shown_with_what_they_share() -> None:
    twice = Call("receptive_field", ([(3, 1)],), rounds=({}, {})).named(("layers",))
    assert code_text(twice) == "layers = [(3, 1)]\n[receptive_field(layers=layers) for _ in range(2)]"
    seeded = Call("dropout", (np.ones(2), 0.5, Rng(1)), rounds=({}, {2: Rng(1)}, {})).named(("x", "p", "rng"))
    first, rng, calls = code_text(seeded).splitlines()
    assert (first, rng) == ("x = np.array([1.0, 1.0])", "rng = np.random.default_rng(0)")
    one, anew = "dropout(x, p=0.5, rng=rng)", "dropout(x, p=0.5, rng=np.random.default_rng(0))"
    assert calls == f"[{one}, {anew}, {one}]"
    placed = Call("small_cnn", ("after_pool",), rounds=({}, {0: "none"})).named(("placement",))
    assert call_text(placed) == "[small_cnn(placement='after_pool'), small_cnn(placement='none')]"


def test_a_network_is_shown_by_its_layers() -> None:
    modules = [{"kind": kind, "path": "", "settings": {}} for kind in ("Sequential", "Conv2d", "ReLU")]
    assert value_text([{"modules": modules}]) == "[Sequential(Conv2d, ReLU)]"
    assert value_text({"modules": ["no", {"kind": 10**10_000}]}) == "no network"


@pytest.mark.parametrize("name", assignments.names())
def test_a_case_as_code_runs_as_it_stands_with_the_arrays_of_the_case(name: str) -> None:
    tried = 0
    for question in assignments.load(name).questions:
        for case in (case for criterion in question.criteria for case in criterion.examples):
            called: list[list[Any]] = []

            def noted(*args: Any, seen: list[list[Any]] = called, **kwargs: Any) -> None:
                seen.append([*args, *kwargs.values()])

            exec(code_text(case.call), {"np": np, question.name: noted})
            for one, got in zip(case.call.singly(), called, strict=bool(called)):
                tried += 1
                arrays = [value for value in (*one.args, *one.kwargs.values()) if isinstance(value, np.ndarray)]
                for want, have in zip(arrays, [value for value in got if isinstance(value, np.ndarray)], strict=True):
                    np.testing.assert_array_equal(have, want)
                    assert (have.dtype, have.flags.c_contiguous) == (want.dtype, want.flags.c_contiguous)
    assert tried > 50


def test_one_cause_is_shown_once_with_all_that_it_costs_and_the_first_above_the_table() -> None:
    def avg_pool2d(x, kernel_size, **others):
        return x.no_such_method()

    table = check(avg_pool2d)
    html = table._repr_html_()
    assert html.count("no_such_method") < 6
    assert html.index("no_such_method") < html.index("<table")
    assert html.index("The same costs") < html.index('class="pm-list"')
    assert repr(table).count("for the same cause as above") > 5
    assert table.summary().count("AttributeError") == 1


def test_what_is_not_written_yet_is_one_line() -> None:
    def avg_pool2d(*args, **kwargs):
        raise NotImplementedError

    table = check(avg_pool2d)
    assert repr(table) == table.summary()
    assert re.fullmatch(r"avg_pool2d: not written yet \(\d+ criteria, 10 points\)", repr(table))
    assert "<table" not in table._repr_html_()


def test_a_value_error_with_the_wrong_words_is_called_that_and_no_line_of_the_references_is_shown() -> None:
    def avg_pool_weight(channels, kernel_size):
        high, wide = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
        if min(channels, high, wide) < 1:
            raise ValueError("no")
        return np.eye(channels)[..., None, None] * np.full((high, wide), 1 / (high * wide))

    table = check(avg_pool_weight)
    (lost,) = (one for one in table.results if one.status is not Status.PASSED)
    assert lost.status is Status.FAILED
    assert "the message of the ValueError should name `" in lost.message
    assert "Your code raised an exception where a result was expected" not in repr(table)
    (expected,) = (line for line in repr(table).splitlines() if "expected: an exception" in line)
    assert "(line " not in expected
