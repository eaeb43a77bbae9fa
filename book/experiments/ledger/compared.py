"""Comparisons in words: which arms of which experiment were compared, by which rule, and what was found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from experiments import results
from experiments.answers import Answer, AtLeast, Opposite
from experiments.families import Outcome
from experiments.ledger.model import flat
from experiments.shares import within
from experiments.stats import Comparison, Estimate
from experiments.traced import Origin, origins

COUNTED = {"seeds", "budget", "repetitions"}  # settings that are the same for all arms, or shown otherwise


class Row(NamedTuple):
    """One comparison as it stands in the table of its claim."""

    experiment: str
    compared: str
    rule: str
    found: str
    answer: str


def row(outcome: Outcome) -> Row:
    """Return what a comparison compared, by which rule, and what it came to."""
    one = outcome.comparison
    known = [origin.arm.experiment for origin in origins([value for side in one.estimate.of for value in side])]
    return Row(known[0] if known else "", sides(one.estimate), rule(one), found(outcome), outcome.found)


def rule(one: Comparison) -> str:
    """Return the rule of a comparison.

    >>> from experiments.stats import better
    >>> rule(better([0.9, 0.8], [0.7, 0.7]))
    'better by 0.02'
    """
    words = {
        "above": "above",
        "below": "below",
        "better": "better by",
        "no worse": "loses less than",
        "alike": "within",
    }
    return f"{words[one.kind]} {one.margin:.4g}"


def found(outcome: Outcome) -> str:
    """Return the estimate with its interval, the number of runs and the adjusted p value."""
    e = outcome.comparison.estimate
    shares = len(e.of) == 2 and all(0 <= value <= 1 for side in e.of for value in side)
    e = within(e, -1, 1) if shares else e
    digits = 3 if max(abs(e.low), abs(e.high)) < 9.995 else 1
    p = f"p = {outcome.p:.3f}" if outcome.p >= 0.0005 else "p < 0.001"
    return f"{e:.{digits}f}, {'' if e.n == math.inf else f'n = {e.n}, '}{p}"


def sides(estimate: Estimate) -> str:
    """Return what was compared with what: the settings in which both differ, and then those that they share."""
    traces = [origins(values) for values in estimate.of]
    common = shared(origin for trace in traces for origin in trace)
    words = [side(values, trace, common) for values, trace in zip(estimate.of, traces, strict=True)]
    return "; ".join(filter(None, (" against ".join(filter(None, words)), settings(common))))


def side(values: Sequence[float], trace: Sequence[Origin], common: Mapping[str, Any]) -> str:
    """Return one side without what it shares with the other."""
    if not trace:
        return f"{values[0]:g}" if len(set(values)) == 1 else "given numbers"
    own = {key: value for key, value in shared(trace).items() if key not in common}
    rest = [{k: v for k, v in told(origin).items() if k not in common and k not in own} for origin in trace]
    return ": ".join(filter(None, (settings(own), " with ".join(dict.fromkeys(filter(None, map(settings, rest)))))))


def shared(trace: Iterable[Origin]) -> dict[str, Any]:
    """Return the settings that all origins have in common."""
    every = [told(origin) for origin in trace]
    return {k: v for k, v in every[0].items() if all(k in other and other[k] == v for other in every)} if every else {}


def told(origin: Origin) -> dict[str, Any]:
    """Return the figure's name, the kind of its arm, and the settings that tell it from other arms of that kind."""
    kind, *_ = origin.arm.settings.items()
    varied = varying(origin.arm.experiment, *kind)
    return {"": origin.name, **{k: v for k, v in origin.arm.settings.items() if k == kind[0] or k in varied}}


@cache
def varying(experiment: str, key: str, kind: Any) -> frozenset[str]:
    """Return the settings that are not the same in all arms of one kind, which is the first setting of an arm."""
    arms = [
        arm for arm in map(flat, (found["arm"] for found in results.load(experiment).arms())) if arm.get(key) == kind
    ]
    keys = {key for arm in arms for key in arm if key not in COUNTED}
    return frozenset(key for key in keys if len({str(arm.get(key, "")) for arm in arms}) > 1)


def settings(chosen: Mapping[str, Any]) -> str:
    """Return settings in few words.

    >>> settings({"": "test", "group": "grid", "n": 300, "relu": False, "widths": [12, 24]})
    'test, grid, n 300, no relu, widths 12 24'
    """
    return ", ".join(word(key.replace("_", " "), value) for key, value in chosen.items())


def word(key: str, value: Any) -> str:
    """Return one setting: words speak for themselves, numbers are named."""
    if isinstance(value, bool) or value is None:
        return key if value else f"no {key}"
    if isinstance(value, list):
        return f"{key} {' '.join(map(str, value)) or 'none'}"
    return value if isinstance(value, str) else f"{key} {value:g}"


def how(answer: Answer) -> str:
    """Return how an answer follows from its comparisons, in words, if there is something to say.

    >>> from experiments.answers import Fact, every, some
    >>> how(every(Fact(True), Fact(False))), how(~some(Fact(True), Fact(False))), how(Fact(True))
    ('all must hold', 'not: one must hold', '')
    """
    if isinstance(answer, Opposite):
        return ": ".join(filter(None, ("not", how(answer.of))))
    if isinstance(answer, AtLeast):
        number = {len(answer.of): "all", 1: "one"}.get(answer.least, str(answer.least))
        inner = dict.fromkeys(filter(None, map(how, answer.of)))
        return ", of each ".join((f"{number} must hold", *inner))
    return ""
