"""What rests on arithmetic alone is computed anew, and every verdict must come out as committed."""

import pytest
from anew import Now, is_exact
from experiments.ledger import CLAIMS, Measured

EXACT_CLAIMS = [claim for claim in CLAIMS if is_exact(claim)]


def test_much_of_the_ledger_rests_on_arithmetic():
    assert len(EXACT_CLAIMS) >= 30


@pytest.mark.parametrize("claim", EXACT_CLAIMS, ids=lambda c: c.number)
def test_verdict_comes_out_as_committed(claim):
    now, committed = claim.rule(Now()), claim.rule(Measured())
    assert now.verdict == committed.verdict
    assert now.pattern == committed.pattern
    assert [aside.holds for aside in now.asides] == [aside.holds for aside in committed.asides]
