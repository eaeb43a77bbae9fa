"""What a function has seen, it cannot tell its author by way of feedback: little fits through a page, and how little.

A hostile function says a payload of random bits in every way that it has. Whatever differs between what people are
shown of two payloads is all that can have come through.
"""

import lzma
import random
import re

import numpy as np
import pytest

from autograder.judging.grading import grade
from autograder.judging.modest import modest
from autograder.model import Reply, Status
from autograder.pages import feedback, report
from autograder.submission import Submission
from tests.helpers.tiny_exam import PAGES, RELEASE, cell, cells, exam, notebook

# Through one criterion that is lost, by all that is shown of it: its message and its smallest failing case.
MOST_BITS = 1500
# Of a payload, in bits.
PAYLOAD = 32_768
TELL = """
import itertools
import numpy as np
BITS = {bits!r}
SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.,;:!?+-*/="
TEXT = "".join(SIGNS[int(BITS[i:i + 6], 2)] for i in range(0, len(BITS) - 6, 6))
COUNT = itertools.count()
DIGITS = str(int(BITS, 2) % 10 ** 4000)
FLOATS = np.frombuffer(int(BITS, 2).to_bytes(len(BITS) // 8, "big"), np.uint8) / 7.3 + 0.1

def double(x):
    {way}
"""
WAYS = {
    "what an exception says": "raise ValueError(TEXT)",
    "another exception each time": "raise ValueError(TEXT[200 * next(COUNT):])",
    "another result each time": "return np.resize(np.roll(FLOATS, next(COUNT) * 50), np.shape(x))",
    "digits that an exception says": "raise ValueError(DIGITS)",
    "what an exception is called": "raise type(TEXT, (Exception,), {})('')",
    "where an exception was raised": "exec(compile('1 / 0', f'<{TEXT}>', 'exec'))",
    "the line of an exception": r"exec(compile('\n' * int(BITS[:14], 2) + '1 / 0', '<double>', 'exec'))",
    "the numbers of a result": "return np.resize(FLOATS, np.shape(x))",
    "small numbers": "return np.resize(FLOATS * 1e-300, np.shape(x))",
    "the last bits of right numbers": "return 2 * x * (1 + 1e-13 * np.resize(FLOATS, np.shape(x)))",
    "which numbers are wrong": "return 2 * x + np.resize([int(b) for b in BITS], np.shape(x))",
    "a large result": "return np.resize(FLOATS, (30, 30))",
    "integers": "return np.resize([int(BITS[i:i + 60], 2) for i in range(0, 6000, 60)], np.shape(x))",
    "one integer": "return int(BITS[:2000], 2)",
    "one number": "return float(FLOATS[0]) * 10.0 ** int(BITS[:8], 2)",
    "a shape": "return np.zeros((0, *[int(BITS[i:i + 30], 2) for i in range(0, 300, 30)]))",
    "a text": "return TEXT",
    "texts": "return [TEXT[i:i + 20] for i in range(0, 8000, 20)]",
    "keys": "return {TEXT[i:i + 20]: 1 for i in range(0, 8000, 20)}",
    "a type": "return np.zeros(3, np.dtype([(TEXT[:2000], float)]))",
    "what became of the input": "x[...] = np.resize(FLOATS, np.shape(x)); return 2 * x",
    "complex numbers": "return np.resize(FLOATS, np.shape(x)) * 1j",
}
IMPORTS = """
names = globals().get("TEXT", "")
for start in range(0, len(names), 60):
    try:
        __import__(names[start:start + 60])
    except ImportError:
        raise
"""


def bits(seed):
    return format(random.Random(seed).getrandbits(PAYLOAD) | 1 << (PAYLOAD - 1), "b")


def shown(way, seed):
    """Return all that people are shown of a hand-in that tells a payload."""
    double = TELL.format(bits=bits(seed), way=WAYS[way])
    handed_in = notebook([*cells(double=double), cell(IMPORTS), cell("raise NameError(TEXT)")])
    verdict = grade(exam(), "mallory", Submission.of(handed_in, RELEASE))
    assert verdict.score < verdict.max_score
    table = [feedback.as_text(result) + result.message for result in verdict.results]
    page = re.sub(r"<[^>]*>", " ", feedback.render(verdict, PAGES))
    overview = re.sub(r"<[^>]*>", " ", report.render([verdict], PAGES))
    lost = sum(result.score < result.max_score for result in verdict.results)
    return [page, overview, *table], lost


def differing_bits(one, other):
    """Return about how many bits there are in one text that are not in the other: by how much it packs longer."""
    alone, both = (len(lzma.compress(text.encode())) for text in (other, other + one))
    return 8 * (both - alone)


@pytest.mark.parametrize("way", WAYS)
def test_little_of_what_a_function_tells_comes_through(way):
    (page, *others), lost = shown(way, 1)
    (other_page, *other_others), _ = shown(way, 2)
    assert differing_bits(page, other_page) <= MOST_BITS * lost
    # What stands in tables, comments and the report is on the page already.
    for one, other in zip(others, other_others, strict=True):
        assert differing_bits(one, other) <= MOST_BITS * lost


def test_two_payloads_are_told_apart_where_a_channel_is_open():
    one, other = bits(1), bits(2)
    assert differing_bits(one, other) > PAYLOAD * 0.9


def test_a_useful_message_is_left_as_it_is():
    said = "ValueError: operands could not be broadcast together with shapes (3,4) (2,) (line 5 of max_pool2d)"
    assert modest(Reply(Status.ERROR, message=said), Reply(Status.PASSED)).message == said


def test_of_a_wrong_result_only_what_is_wrong_is_told_and_that_to_four_digits():
    right = np.linspace(1, 2, 6).reshape(2, 3)
    got = right * (1 + 1e-13)
    got[1, 2] = 7.123456789
    told = modest(Reply(Status.PASSED, got), Reply(Status.PASSED, right)).value
    assert told[1, 2] == 7.123
    told[1, 2] = right[1, 2]
    assert told.tobytes() == right.tobytes()
