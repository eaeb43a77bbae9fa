"""Reduced experiments, measured from scratch once a session."""

from functools import cache

from experiments import results
from experiments.ledger import Measured

EXACT = {(f"e{n:02d}", None) for n in (1, 2, 4)} | {("e03", part) for part in ("routing", "ties", "indices")}


@cache
def anew(name):
    """Return the reduced arms of an experiment as a result, measured now."""
    module = results.module(name)
    arms = [{"arm": arm, "figures": results.rounded(module.run(dict(arm)))} for arm in module.reduced()]
    return results.Result({"experiment": name, "arms": arms})


class Now(Measured):
    """Results that are measured now instead of read."""

    def __init__(self):
        super().__init__(anew)


class Uses(Measured):
    """The committed results, noting which experiments (and parts of E03) were asked for."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def arms(self, name, **wanted):
        self.names.add((name, wanted.get("part") if name == "e03" else None))
        return super().arms(name, **wanted)


def is_exact(claim):
    """Say whether a claim's verdict rests on exact experiments alone."""
    uses = Uses()
    claim.rule(uses)
    return bool(uses.names) and uses.names <= EXACT


def average(values):
    """Return the mean."""
    return sum(values) / len(values)
