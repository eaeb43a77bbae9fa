"""Reduced experiments, measured from scratch once a session."""

from functools import cache

from experiments import results
from experiments.ledger import Measured


@cache
def anew(name):
    """Return the reduced arms of an experiment as a result, measured now."""
    module = results.module(name)
    arms = [{"arm": arm, "figures": results.rounded(module.run(dict(arm)))} for arm in module.reduced()]
    return results.Result({"experiment": name, "arms": arms})


def pick(name, **wanted):
    """Return the figures of one reduced arm."""
    return Measured(anew)(name, **wanted)


def average(values):
    """Return the mean."""
    return sum(values) / len(values)
