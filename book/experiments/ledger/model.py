"""What a claim of the ledger is, and how a verdict follows from measurements.

A claim is broken into parts. Each part is a sentence that the results answer by "yes", "no" or "undecided". All
comparisons that a claim's parts rest on are decided as one family. If all parts hold, the verdict is "true"; if none
holds, "false". If only some hold, it is "half-true" when the parts are what the claim asserts, and "depends" when they
are circumstances in which it was tried. Where parts are undecided, the verdict is the one that all ways in which they
could turn out lead to, else "undecided". Claims that no measurement can decide say so; a claim without parts is
"off-topic".

The reason beside a verdict is prose that was written for certain results. Each claim therefore records what each part
answered when its reason was written, and states as asides what else the reason relies on. If any of this has changed,
the reason is void and is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from experiments import results
from experiments.answers import Answer, Decision, answer
from experiments.families import Outcome, family, settled
from experiments.traced import Arm, traced

BEYOND = "not a matter of measurement"
VERDICTS = ("true", "half-true", "depends", "undecided", "false", BEYOND, "off-topic")
Load = Callable[[str], results.Result]


@dataclass(frozen=True)
class Part:
    """One sentence, and what the results say to it; ``source`` names what was read instead of measured."""

    says: str
    answer: Answer
    found: Decision
    outcomes: tuple[Outcome, ...] = ()
    source: str = ""

    @property
    def holds(self) -> bool:
        """Say whether the results bear the sentence out."""
        return self.found == "yes"


@dataclass(frozen=True)
class Finding:
    """What a rule found: the parts, what a mixture of them is called, the figure to quote, and asides.

    Asides do not affect the verdict; they are further facts that the reason mentions. ``beyond`` says why no
    measurement decides the claim, if so.
    """

    parts: tuple[Part, ...]
    mixed: str
    figure: str
    asides: tuple[Part, ...] = ()
    beyond: str = ""

    @property
    def verdict(self) -> str:
        """Return one of :data:`VERDICTS`."""
        if self.beyond:
            return BEYOND
        found = [part.found for part in self.parts]
        held, undecided = found.count("yes"), found.count("undecided")
        possible = {self._verdict(count) for count in range(held, held + undecided + 1)}
        return possible.pop() if len(possible) == 1 else "undecided"

    def _verdict(self, held: int) -> str:
        if not self.parts:
            return "off-topic"
        if held == len(self.parts):
            return "true"
        return self.mixed if held else "false"

    @property
    def pattern(self) -> str:
        """Return what the parts answer, such as ``ynu``."""
        return "".join(part.found[0] for part in self.parts)

    def aside(self, *asides: tuple[Any, ...]) -> Finding:
        """Return this finding with asides, whose comparisons are a family of their own."""
        return replace(self, asides=_parts(asides))


def _parts(parts: Iterable[tuple[Any, ...]]) -> tuple[Part, ...]:
    """Decide sentences with their answers (and sources) as one family."""
    said = [(says, answer(value), *source) for says, value, *source in parts]
    outcomes = family(value for _, value, *_ in said)
    return tuple(
        Part(
            says,
            value,
            settled(value, outcomes),
            tuple(outcomes[leaf] for leaf in dict.fromkeys(value.leaves())),
            *source,
        )
        for says, value, *source in said
    )


def statements(figure: str, *parts: tuple[Any, ...]) -> Finding:
    """Return a finding whose parts are what the claim asserts: a mixture is half-true."""
    return Finding(_parts(parts), "half-true", figure)


def conditions(figure: str, *parts: tuple[Any, ...]) -> Finding:
    """Return a finding whose parts are circumstances: a mixture is "depends"."""
    return Finding(_parts(parts), "depends", figure)


def unmeasurable(why: str, figure: str) -> Finding:
    """Return the finding on a claim that no measurement decides; asides may add what was looked up all the same."""
    return Finding((), "", figure, beyond=why)


class Measured:
    """The results as rules see them: ``r("e05", down="max", head="gmp")`` gives the figures of one arm."""

    def __init__(self, load: Load = results.load) -> None:
        self.load = load

    def arms(self, name: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return the figures of all arms with the wanted values; those of ``arm["net"]`` count too."""
        found = ((f, flat(f["arm"])) for f in self.load(name).arms())
        fitting = ((f, arm) for f, arm in found if all(arm.get(k) == v for k, v in wanted.items()))
        return [{**_traced(f, Arm(name, arm)), "arm": f["arm"]} for f, arm in fitting]

    def __call__(self, name: str, **wanted: Any) -> dict[str, Any]:
        """Return the figures of the one arm with the wanted values, else raise ``LookupError``."""
        found = self.arms(name, **wanted)
        if len(found) != 1:
            raise LookupError(f"{name}: {len(found)} arms with {wanted}")
        return found[0]


def _traced(figures: dict[str, Any], arm: Arm) -> dict[str, Any]:
    return {name: traced(value, arm, name) for name, value in figures.items() if name != "arm"}


def flat(arm: dict[str, Any]) -> dict[str, Any]:
    """Return an arm's settings with those of its net among them."""
    net = arm.get("net")
    return {**{k: v for k, v in arm.items() if k != "net"}, **net} if isinstance(net, dict) else arm


Rule = Callable[[Measured], Finding]


@dataclass(frozen=True)
class Claim:
    """A claim in the book's own words.

    ``proposed`` is the verdict that was expected. ``why`` is the reason, written for the pattern ``told`` of what the
    parts answer.
    ``chapter`` is the subject in the filter, ``place`` the page and label where the book shows it.
    """

    number: str
    chapter: str
    says: str
    why: str
    proposed: str
    place: str
    rule: Rule
    told: str

    def stands(self, finding: Finding) -> bool:
        """Say whether the reason fits what was found."""
        return finding.pattern == self.told and all(aside.holds for aside in finding.asides)

    @cached_property
    def page(self) -> str:
        """Return the chapter's file name without suffix."""
        return self.place.partition("#")[0]

    @cached_property
    def label(self) -> str:
        """Return the label of the place within the chapter."""
        return self.place.partition("#")[2]


class Chapter:
    """Collects the claims of one chapter as their rules are defined."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.claims: list[Claim] = []

    def claim(self, number: str, proposed: str, place: str, why: str, *, told: str = "") -> Callable[[Rule], Rule]:
        """Register the decorated rule as the rule of a claim; its docstring is the claim's sentence."""

        def register(rule: Rule) -> Rule:
            says = " ".join((rule.__doc__ or "").split())
            self.claims.append(Claim(number, self.name, says, why, proposed, place, rule, told))
            return rule

        return register
