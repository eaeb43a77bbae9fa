"""Reduced experiments, measured from scratch once a session."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from experiments import results
from experiments.ledger import Claim, Measured

EXACT = {(f"e{n:02d}", None) for n in (1, 2, 4)} | {("e03", part) for part in ("routing", "ties", "indices")}


@cache
def anew(name: str) -> results.Result:
    """Return the reduced arms of an experiment as a result, measured now."""
    module = results.module(name)
    arms = [{"arm": arm, "figures": results.rounded(module.run(dict(arm)))} for arm in module.reduced()]
    return results.Result({"experiment": name, "arms": arms})


class Now(Measured):
    """Results that are measured now instead of read."""

    def __init__(self) -> None:
        super().__init__(anew)


class Uses(Measured):
    """The committed results, noting which experiments (and parts of E03) were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[tuple[str, str | None]] = set()

    def arms(self, name: str, **wanted: Any) -> list[dict[str, Any]]:
        self.names.add((name, wanted.get("part") if name == "e03" else None))
        return super().arms(name, **wanted)


def is_exact(claim: Claim) -> bool:
    """Say whether a claim's verdict rests on exact experiments alone."""
    uses = Uses()
    claim.rule(uses)
    return bool(uses.names) and uses.names <= EXACT


def average(values: Sequence[float]) -> float:
    """Return the mean."""
    return sum(values) / len(values)
