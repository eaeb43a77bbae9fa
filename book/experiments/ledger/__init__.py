"""The ledger: every claim in the book's own words, with a rule that computes its verdict from the results.

To change a rule when its results are known is a revision: ``make revisions`` writes it down for the page.
"""

from __future__ import annotations

from experiments.ledger import (
    architecture,
    convolution,
    dropout,
    global_pooling,
    invariance,
    pooling_basics,
    pooling_inside,
)
from experiments.ledger.model import VERDICTS, Claim, Finding, Measured

CHAPTERS = (
    convolution.chapter,
    pooling_basics.chapter,
    pooling_inside.chapter,
    global_pooling.chapter,
    dropout.chapter,
    invariance.chapter,
    architecture.chapter,
    architecture.strays,
)
CLAIMS: tuple[Claim, ...] = tuple(claim for chapter in CHAPTERS for claim in chapter.claims)

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Finding", "Measured", "decide"]


def decide(measured: Measured | None = None) -> list[tuple[Claim, Finding]]:
    """Return every claim with what its rule finds in the results (the committed ones by default)."""
    measured = measured or Measured()
    return [(claim, claim.rule(measured)) for claim in CLAIMS]
