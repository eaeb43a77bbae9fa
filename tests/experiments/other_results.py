"""The committed results, altered in many ways: what rules are tried on to see that they can come out otherwise."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

from experiments import results
from experiments.ledger import Measured

Figure: TypeAlias = bool | int | float
Change: TypeAlias = Callable[[Figure], Figure]
Arms: TypeAlias = Sequence[dict[str, Any]]
Alteration: TypeAlias = Callable[[Arms], Arms]


def walked(value: Any, change: Change) -> Any:
    """Return nested figures with every number and truth value passed through ``change``."""
    if isinstance(value, dict):
        return {k: walked(v, change) for k, v in value.items()}
    return [walked(v, change) for v in value] if isinstance(value, list) else change(value)


def each(change: Change) -> Alteration:
    """Alter every figure of every arm, not knowing of the others."""
    return lambda arms: [{**arm, "figures": walked(arm["figures"], change)} for arm in arms]


def words(description: object) -> list[str]:
    """Return everything that is said in an arm's description, as text."""
    if isinstance(description, dict):
        return [word for value in description.values() for word in words(value)]
    return [str(description)]


def moved(seed: int) -> Alteration:
    """Move all fractions with the same words in their arm's description, or the same name, by the same step.

    So arms differ as clearly as if "max" pooling, or "random" positions, had done well or badly throughout.
    """

    def step(word: str) -> float:
        return random.Random(f"{seed} {word}").choice([-0.6, -0.05, 0, 0.05, 0.6])

    def figures(value: Any, by: float) -> Any:
        if isinstance(value, dict):
            return {k: figures(v, by + step(k)) for k, v in value.items()}
        if isinstance(value, list):
            return [figures(v, by) for v in value]
        return value + by if isinstance(value, float) else value

    return lambda arms: [{**arm, "figures": figures(arm["figures"], sum(map(step, words(arm["arm"]))))} for arm in arms]


def swapped(seed: int) -> Alteration:
    """Hand the figures of arms to other arms that were measured alike."""

    def alter(arms: Arms) -> Arms:
        rng = random.Random(seed)
        kinds: dict[tuple[str, ...], list[Any]] = {}
        for arm in arms:
            kinds.setdefault(tuple(sorted(arm["figures"])), []).append(arm["figures"])
        for figures in kinds.values():
            rng.shuffle(figures)
        return [{**arm, "figures": kinds[tuple(sorted(arm["figures"]))].pop()} for arm in arms]

    return alter


def noise(seed: int) -> Alteration:
    """Draw every figure anew."""
    rng = random.Random(seed)
    return each(lambda v: rng.random() < 0.5 if isinstance(v, bool) else rng.choice([0, 1, 3]) + rng.random() / 100)


def counted(seed: int) -> Alteration:
    """Draw every whole number anew from a few small ones, so that equalities come about too."""
    rng = random.Random(seed)
    return each(lambda v: rng.randint(0, 3) if isinstance(v, int) and not isinstance(v, bool) else v)


def crisp(seed: int) -> Alteration:
    """Make every fraction 0 or 1."""
    rng = random.Random(seed)
    return each(lambda v: float(rng.randint(0, 1)) if isinstance(v, float) else v)


def scattered(seed: int) -> Alteration:
    """Let every run miss its figure by so much that nothing can be told from a few of them."""
    rng = random.Random(seed)
    return each(lambda v: v + rng.gauss(0, 1000) if isinstance(v, float) else v)


def negated(value: Figure) -> Figure:
    """Return the other truth value."""
    return not value if isinstance(value, bool) else value


ALTERATIONS: tuple[Alteration, ...] = (
    each(negated),
    each(lambda v: negated(v) if isinstance(v, bool) else -v),
    each(lambda v: v if isinstance(v, bool) else v + 1),
    each(lambda v: v if isinstance(v, bool) else 0.5),
    each(lambda v: v if isinstance(v, bool) else 0),
    each(lambda v: v if isinstance(v, bool) else 10 * v),
    *(kind(seed) for seed in range(40) for kind in (moved, swapped, noise, counted, crisp)),
    scattered(0),
)


@cache
def altered(index: int) -> Measured:
    """Return the results after the alteration with this index."""

    @cache
    def load(name: str) -> results.Result:
        content = results.load(name).content
        return results.Result({**content, "arms": ALTERATIONS[index](content["arms"])})

    return Measured(load)
