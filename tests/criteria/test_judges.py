"""Results are compared by shape, kind and value, whatever their form."""

import numpy as np
import pytest

from autograder.criteria.comparison import describe, difference, differing
from autograder.criteria.judges import Refused, accepted, close, same, same_value, untouched
from autograder.model import Call, Case, Reply, Status

X = np.array([[1.0, -2.0], [3.0, 4.0]])


def got(value, inputs=()):
    return Reply(Status.PASSED, value, inputs=inputs)


def judged(judge, value, expected, *args, inputs=()):
    return judge(Case(Call("f", args), judge), got(value, inputs), got(expected))


@pytest.mark.parametrize("value", [X, X.astype(np.longdouble), X * (1 + 1e-13), np.asfortranarray(X)])
def test_equal_values_hold(value):
    assert difference(value, X) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, np.int64(7)),
        (np.int32(7), 7),
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        (np.True_, True),
        ((1, X), [1, X]),
        ({"a": X}, {"a": X}),
    ],
)
def test_equal_values_of_kindred_types_hold(value, expected):
    assert difference(value, expected) is None


@pytest.mark.parametrize(
    ("value", "expected", "said"),
    [
        (X + 1e-7, X, "4 of 4 values differ; at (0, 0) expected 1, got 1.0000001"),
        (np.where(X == 3, 0, X), X, "1 of 4 value differs; at (1, 0) expected 3, got 0"),
        (X[0], X, "expected shape (2, 2), got (2,)"),
        (X > 0, X, "expected floating-point numbers, got booleans"),
        (X.astype(int), X, "expected floating-point numbers, got integers"),
        (X, X > 0, "expected booleans, got floating-point numbers"),
        (X + 0j, X, "got complex numbers"),
        (7.0, 7, "expected integers"),
        (True, 1, "expected integers, got booleans"),
        (7, 7.0, "expected floating-point numbers, got integers"),
        (10**400, 1, "something else"),
        (None, X, "got NoneType"),
        ("x" * 999, X, "got the text"),
        ([[1.0, -2.0], [3.0, 4.0]], X, "got 2 values"),
        (X, (X, X), "expected 2 values"),
        ((X, X + 1), (X, X), "value 2: "),
        ({"a": 1}, {"b": 1}, "expected the entries"),
        (X, 1.0, "expected the number 1"),
        (1.0, X, "got the number 1"),
        (float("nan"), 1.0, "got nan"),
    ],
)
def test_a_difference_is_said(value, expected, said):
    assert said in difference(value, expected)


def test_integers_may_stand_for_floats_where_nothing_is_divided():
    assert judged(same_value, X.astype(int), X) is None
    assert judged(same, X.astype(int), X)


def test_where_kinds_have_a_criterion_of_their_own_only_values_count():
    assert judged(close, X.astype(int), X) is None
    assert judged(close, X > 3, (X > 3) * 1.0) is None
    assert judged(close, X > 3, X)


def test_what_comes_in_single_precision_may_go_out_in_it():
    third = X / 3
    assert judged(close, third.astype(np.float32), third, X.astype(np.float32)) is None
    assert judged(close, third.astype(np.float32), third, X)
    assert judged(close, third + 1e-3, third, X.astype(np.float32))


def test_nan_and_infinity_are_values():
    special = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert difference(special.copy(), special) is None
    assert list(differing(np.array([0.0, -np.inf, np.nan, np.inf]), special)) == [True] * 4


def test_the_tolerance_goes_by_the_largest_expected_magnitude():
    expected = np.array([1e6, 0.0])
    assert difference(np.array([1e6, 1e-4]), expected) is None
    assert difference(np.array([1e6, 1e-2]), expected)


@pytest.mark.parametrize("factor", [1e-300, 1e-15, 1.0, 1e15, 1e280])
def test_a_factor_on_everything_changes_no_verdict(factor):
    x, right = factor * X, np.array([[1.0, -2.0], [0.0, 0.5]])
    for wrong, holds in (
        (right * (1 + 1e-10), True),
        (right * (1 + 1e-8), False),
        (right * 1e-15, False),
        (-right, False),
    ):
        assert (judged(same, factor * wrong, factor * right, x) is None) == holds


def test_what_cancels_is_judged_by_the_smallest_array_that_went_in():
    zero = np.zeros(2)
    assert judged(same, np.array([1e-17, 0.0]), zero, X) is None
    assert judged(same, np.array([1e-17, 0.0]), zero, X * 1e-9, X * 1e9)
    assert judged(same, np.array([1e-17, 0.0]), zero)


def test_numbers_beyond_a_float_are_no_warning():
    assert difference(np.array([np.longdouble("1e4000")]), np.array([1.0]))


def test_an_input_must_come_back_as_it_was():
    assert judged(untouched, X * 2, X * 2, X, inputs=(X.copy(),)) is None
    assert judged(untouched, X * 2, X * 2, X, inputs=(X + 1,)) == "the call modified its input"
    assert judged(untouched, X * 2, X * 2, X, inputs=()) == "the inputs did not come back"
    assert judged(untouched, X * 2, X * 2, X, inputs=(X + 1e-12,)) == "the call modified its input"
    assert judged(untouched, X * 2, X * 2, X, inputs=("x",)) == "the call modified its input"
    assert judged(untouched, None, X * 2, X, inputs=(X.copy(),))


def test_a_legal_call_needs_only_the_right_shape():
    assert judged(accepted, X + 9, X) is None
    assert judged(accepted, X[0], X)
    raised = Reply(Status.ERROR, message="ValueError: no", refused=True)
    assert "this call is legal" in accepted(Case(Call("f"), accepted), raised, got(X))


@pytest.mark.parametrize(
    ("message", "argument", "holds"),
    [
        ("ValueError: stride must be positive (line 3 of f)", "stride", True),
        ("ValueError: stride_h must be positive", "stride", True),
        ("ValueError: x has 2 axes", "x", True),
        ("ValueError: bad (line 3 of max_pool2d)", "x", False),
        ("ValueError: max is wrong", "x", False),
        ("ValueError: bad", "", True),
    ],
)
def test_a_refusal_names_its_argument(message, argument, holds):
    reply = Reply(Status.ERROR, message=message, refused=True)
    assert (Refused(argument)(None, reply, None) is None) is holds


def test_who_names_every_argument_names_none():
    judge = Refused("stride").among({"stride", "padding", "kernel_size"})
    every, two = (
        Reply(Status.ERROR, message=f"ValueError: {names} is bad", refused=True)
        for names in ("kernel_size, stride or padding", "stride, or else padding,")
    )
    assert "not every argument" in judge(None, every, None)
    assert judge(None, two, None) is None
    assert Refused("stride").among({"stride", "padding"})(None, two, None) is None


def test_a_refusal_is_a_value_error_and_nothing_else():
    assert "accepted" in Refused("x")(None, got(1), None)
    assert "expected a ValueError" in Refused("x")(None, Reply(Status.ERROR, message="TypeError: x"), None)
    assert Refused("x")(None, Reply(Status.TIMEOUT, message="no result after 3 s"), None) == "no result after 3 s"


def test_any_value_has_a_description():
    for value in (X, 1, 1.5, True, None, "x", [1], {"a": 1}, 10**4000, np.float64(1), np.bool_(True), 1j):
        assert 0 < len(describe(value)) < 200
