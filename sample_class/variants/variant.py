"""A way to write a graded function, and what it should cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """The source of one solution cell; ``loses`` are the criteria of its function that it must lose, and no other.

    A ``typical`` mistake is one that the notebook warns of: the worked examples alone must show it.
    """

    function: str
    name: str
    source: str
    loses: frozenset[str] | set[str] = frozenset()
    typical: bool = False


def broken(base: Variant, name: str, *changes: tuple[str, str], loses: set[str], typical: bool = False) -> Variant:
    """Break a variant by replacing texts that are there."""
    source = base.source
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return Variant(base.function, name, source, loses, typical)
