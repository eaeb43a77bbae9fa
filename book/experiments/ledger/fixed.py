"""The questions that were fixed beforehand as tables: what was asked, what was found, what that answers."""

from __future__ import annotations

from collections import Counter

from IPython.display import HTML

from experiments import results
from experiments.asked import Answered, answered
from experiments.questions import Question, questions
from experiments.shares import hundredfold, within
from experiments.tables import table

RULES = {"better": "at least {margin} more", "alike": "less than {margin} apart"}


def asked_of(experiment: str) -> HTML:
    """Return the questions to an experiment with their answers, or as they wait for its results."""
    own = [question for question in questions() if question.experiment == experiment]
    if experiment not in results.measured():
        return table(
            f"{len(own)} questions; {experiment.upper()} has not been measured yet.",
            ("question", "yes means"),
            [[question.asks, rule(question)] for question in own],
        )
    found = answered(experiment, results.load(experiment))
    count = Counter(one.decision for one in found)
    return table(
        f"{experiment.upper()}: {count['yes']} yes, {count['no']} no, {count['undecided']} undecided. The difference "
        "is that of the two figures, seed by seed, with its 95% interval; shares in points.",
        ("question", "yes means", "difference", "answer"),
        [[one.asked.question.asks, rule(one.asked.question), difference(one), verdict(one)] for one in found],
    )


def rule(question: Question) -> str:
    """Return what the difference must be for a yes."""
    return RULES[question.rule].format(margin=amount(question))


def amount(question: Question) -> str:
    """Return the margin with its unit.

    >>> amount(questions()[0])
    '2 points'
    """
    if question.unit == "points":
        return f"{100 * question.margin:g} point{'' if question.margin == 0.01 else 's'}"
    return f"{question.margin:g}" + (" pixels" if question.unit == "pixels" else "")


def difference(one: Answered) -> str:
    """Return the paired difference in the question's unit."""
    if one.estimate is None:
        return "too few runs learned anything"
    if one.asked.question.unit == "points":
        return hundredfold(within(one.estimate, -1.0, 1.0), "", "+")
    return f"{one.estimate:+.2f}"


def verdict(one: Answered) -> str:
    """Return the answer, and how many runs died or met the ceiling of steps."""
    notes = [
        f"{sum(counts)} {words}"
        for counts, words in ((one.asked.dead, "dead"), (one.asked.unfinished, "not finished"))
        if sum(counts)
    ]
    return f"{one.decision} ({', '.join(notes)})" if notes else one.decision
