"""Answers that may be undecided, and how they combine: Kleene's three-valued logic.

A comparison of measurements answers "yes", "no" or "undecided", and want of data is never a "no". Such answers combine
by ``&``, ``|``, ``~``, :func:`every`, :func:`some` and :func:`at_least`, and exact facts (plain truth values) mix in.
What asks for a truth value (``and``, ``or``, ``not``, ``any``, ``all``, ``if``) is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Decision: TypeAlias = Literal["yes", "no", "undecided"]
OPPOSITE: dict[Decision, Decision] = {"yes": "no", "no": "yes", "undecided": "undecided"}


class Answer:
    """What a rule asks of the results; it rests on leaves, which are decided together."""

    def decided(self, leaves: Mapping[Answer, Decision]) -> Decision:
        """Return the decision, given that of each leaf."""
        return leaves[self]

    def leaves(self) -> Iterator[Answer]:
        """Yield what has to be decided first."""
        yield self

    def __and__(self, other: Answer | bool) -> Answer:
        """Return the answer to whether both hold."""
        return every(self, other)

    def __or__(self, other: Answer | bool) -> Answer:
        """Return the answer to whether at least one holds."""
        return some(self, other)

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> Answer:
        """Return the answer to whether the opposite holds: undecided where this one is."""
        return Opposite(self)

    def __bool__(self) -> bool:
        """Refuse: an answer that is undecided is neither true nor false."""
        raise TypeError("an answer may be undecided: combine answers by &, |, ~, every, some and at_least")


@dataclass(frozen=True)
class Fact(Answer):
    """Something exact, which is never undecided."""

    holds: bool

    def decided(self, leaves: Mapping[Answer, Decision]) -> Decision:
        """Return what is so."""
        return "yes" if self.holds else "no"

    def leaves(self) -> Iterator[Answer]:
        """Yield nothing: a fact is decided."""
        yield from ()


@dataclass(frozen=True)
class Opposite(Answer):
    """The opposite of an answer."""

    of: Answer

    def decided(self, leaves: Mapping[Answer, Decision]) -> Decision:
        """Return the opposite decision."""
        return OPPOSITE[self.of.decided(leaves)]

    def leaves(self) -> Iterator[Answer]:
        """Yield the leaves of what is turned round."""
        yield from self.of.leaves()


@dataclass(frozen=True)
class AtLeast(Answer):
    """Whether at least so many of several answers are "yes"."""

    least: int
    of: tuple[Answer, ...]

    def decided(self, leaves: Mapping[Answer, Decision]) -> Decision:
        """Return "yes" or "no" only if no way in which the undecided ones could turn out would change it."""
        found = [answer.decided(leaves) for answer in self.of]
        if found.count("yes") >= self.least:
            return "yes"
        return "no" if len(found) - found.count("no") < self.least else "undecided"

    def leaves(self) -> Iterator[Answer]:
        """Yield the leaves of all answers."""
        for answer in self.of:
            yield from answer.leaves()


def answer(value: Answer | bool) -> Answer:
    """Return an answer as it is, and a truth value as a fact."""
    return value if isinstance(value, Answer) else Fact(bool(value))


def at_least(least: int, *of: Answer | bool) -> Answer:
    """Ask whether at least so many hold."""
    return AtLeast(least, tuple(answer(value) for value in of))


def every(*of: Answer | bool) -> Answer:
    """Ask whether all hold."""
    return at_least(len(of), *of)


def some(*of: Answer | bool) -> Answer:
    """Ask whether at least one holds."""
    return at_least(1, *of)
