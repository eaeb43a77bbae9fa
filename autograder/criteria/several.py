"""Cases that make several calls in a row: their replies, one by one.

>>> from autograder.model import Call, Case, Reply, Status
>>> case = Case(Call("conv2d_cost", (1, 2), {}, ({"bias": True}, {"bias": False})), lambda case, got, expected: None)
>>> got, expected = (Reply(Status.PASSED, value) for value in ([4, 3], [4, 2]))
>>> [(one.call.kwargs, have.value, want.value) for one, have, want in one_by_one(case, got, expected)]
[({'bias': True}, 4, 4), ({'bias': False}, 3, 2)]
"""

from __future__ import annotations

from dataclasses import replace

from ..model import Case, Reply
from .comparison import describe
from .judges import trouble


def one_by_one(case: Case, got: Reply, expected: Reply) -> list[tuple[Case, Reply, Reply]] | str:
    """Return the calls of a case that makes several, each with its own replies, or say what is wrong with them."""
    wrong = trouble(got)
    if wrong:
        return wrong
    calls = case.call.singly()
    if not isinstance(got.value, list) or len(got.value) != len(calls):
        return f"expected the results of {len(calls)} calls, got {describe(got.value)}"
    return [
        (replace(case, call=call), replace(got, value=have), replace(expected, value=want))
        for call, have, want in zip(calls, got.value, expected.value, strict=True)
    ]
