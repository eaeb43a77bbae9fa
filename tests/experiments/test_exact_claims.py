"""What rests on arithmetic alone is computed anew, and every verdict must come out as committed."""

import pytest
from anew import anew
from experiments.ledger import CLAIMS, Measured

EXACT = {
    "C002",
    "C003",
    "C004",
    "C005",
    "C006",
    "C007",
    "C008",
    "C009",
    "C010",
    "C011",
    "C012",
    "C018",
    "C019",
    "C022",
    "C023",
    "C024",
    "C025",
    "C028",
    "C029",
    "C030",
    "C031",
    "C032",
    "C033",
    "C044",
    "C046",
    "C049",
    "C054",
    "C057",
    "C060",
    "C062",
    "C064",
    "C068",
    "C088",
    "C099",
    "C105",
}


@pytest.mark.parametrize("claim", [c for c in CLAIMS if c.number in EXACT], ids=lambda c: c.number)
def test_verdict_comes_out_as_committed(claim):
    now, committed = claim.rule(Measured(anew)), claim.rule(Measured())
    assert now.verdict == committed.verdict
    assert [part.holds for part in now.parts] == [part.holds for part in committed.parts]
