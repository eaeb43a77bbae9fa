"""The second step of a hint leads to the one place in the smallest failing example that decides."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.model import Reply, Status
from autograder.pages.where_to_look import where_to_look
from tests.pages.test_check_table import pooled

RIGHT = np.array([[[[5.0, 2.0], [4.0, 6.0]]]])


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        (RIGHT, np.add(RIGHT, [[0, 1], [0, 1]]), "at [0, 0, 0, 1], the first of 2 that differ: expected 2, got 3"),
        (RIGHT, RIGHT * [[1, 1], [1, 0]], "the number at [0, 0, 1, 1], the only one that differs: expected 6, got 0"),
        (RIGHT, RIGHT[..., :1], "the shape before the numbers: expected (1, 1, 2, 2), got (1, 1, 2, 1)"),
        ((3, 4), (3, 5), "value 2: expected 4, got 5"),
        (7, 8, "what is returned: expected 7, got 8"),
        (RIGHT, None, "what is returned: expected float64 array of shape (1, 1, 2, 2), got None"),
        (RIGHT, RIGHT.copy(), "what else the call leaves behind"),
    ],
)
def test_the_deciding_place_is_named(expected, got, said):
    assert said in where_to_look(pooled(expected, got))


def test_an_exception_leads_to_its_line_and_a_missing_one_to_the_arguments():
    evidence = pooled(RIGHT, RIGHT)
    raised = replace(evidence, got=Reply(Status.ERROR, message="IndexError: too far"))
    assert "the line at which it stops" in where_to_look(raised)
    refused = replace(evidence, expected=Reply(Status.ERROR, message="ValueError: kernel_size", refused=True))
    assert "examines its arguments" in where_to_look(refused)
