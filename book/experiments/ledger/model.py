"""What a claim of the ledger is, and how a verdict follows from measurements.

A claim is broken into parts. Each part is a sentence that the results confirm or not. If all parts hold, the verdict
is "true"; if none holds, "false". If only some hold, it is "half-true" when the parts are what the claim asserts, and
"depends" when they are circumstances in which it was tried. A claim without parts is "off-topic": there is nothing to
measure.

The reason beside a verdict is prose that was written for certain results. Each claim therefore records which parts
held when its reason was written, and states as asides what else the reason relies on. If any of this has changed, the
reason is void and is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from experiments import results

VERDICTS = ("true", "half-true", "depends", "false", "off-topic")
Load = Callable[[str], results.Result]


@dataclass(frozen=True)
class Part:
    """One sentence, and whether the results bear it out; ``source`` names what was read instead of measured."""

    says: str
    holds: bool
    source: str = ""


@dataclass(frozen=True)
class Finding:
    """What a rule found: the parts, what a mixture of them is called, the figure to quote, and asides.

    Asides do not affect the verdict; they are further facts that the reason mentions.
    """

    parts: tuple[Part, ...]
    mixed: str
    figure: str
    asides: tuple[Part, ...] = ()

    @property
    def verdict(self) -> str:
        """Return one of :data:`VERDICTS`."""
        held = sum(part.holds for part in self.parts)
        if not self.parts:
            return "off-topic"
        if held == len(self.parts):
            return "true"
        return self.mixed if held else "false"

    @property
    def pattern(self) -> str:
        """Return which parts hold, such as ``yny``."""
        return "".join("y" if part.holds else "n" for part in self.parts)

    def aside(self, *asides: tuple[Any, ...]) -> Finding:
        """Return this finding with asides."""
        return replace(self, asides=_parts(asides))


def _parts(parts: Iterable[tuple[Any, ...]]) -> tuple[Part, ...]:
    return tuple(Part(says, bool(holds), *source) for says, holds, *source in parts)


def statements(figure: str, *parts: tuple[Any, ...]) -> Finding:
    """Return a finding whose parts are what the claim asserts: a mixture is half-true."""
    return Finding(_parts(parts), "half-true", figure)


def conditions(figure: str, *parts: tuple[Any, ...]) -> Finding:
    """Return a finding whose parts are circumstances: a mixture is "depends"."""
    return Finding(_parts(parts), "depends", figure)


class Measured:
    """The results as rules see them: ``r("e05", down="max", head="gmp")`` gives the figures of one arm."""

    def __init__(self, load: Load = results.load) -> None:
        self.load = load

    def arms(self, name: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return the figures of all arms with the wanted values; those of ``arm["net"]`` count too."""
        found = self.load(name).arms()
        return [f for f in found if all({**f["arm"], **_net(f["arm"])}.get(k) == v for k, v in wanted.items())]

    def __call__(self, name: str, **wanted: Any) -> dict[str, Any]:
        """Return the figures of the one arm with the wanted values, else raise ``LookupError``."""
        found = self.arms(name, **wanted)
        if len(found) != 1:
            raise LookupError(f"{name}: {len(found)} arms with {wanted}")
        return found[0]


def _net(arm: dict[str, Any]) -> dict[str, Any]:
    return arm["net"] if isinstance(arm.get("net"), dict) else {}


Rule = Callable[[Measured], Finding]


@dataclass(frozen=True)
class Claim:
    """A claim in the book's own words.

    ``proposed`` is the verdict expected before measuring; where the measurement says otherwise, ``surprise`` is
    the sentence that says so. ``why`` is the reason, written for the pattern ``told`` of parts that hold.
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
    surprise: str = ""

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

    def claim(
        self, number: str, proposed: str, place: str, why: str, *, told: str = "", surprise: str = ""
    ) -> Callable[[Rule], Rule]:
        """Register the decorated rule as the rule of a claim; its docstring is the claim's sentence."""

        def register(rule: Rule) -> Rule:
            says = " ".join((rule.__doc__ or "").split())
            self.claims.append(Claim(number, self.name, says, why, proposed, place, rule, told, surprise))
            return rule

        return register
