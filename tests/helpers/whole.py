"""How much of what is alike is tried: a sample, the same in each run, or with ``WHOLE=1`` all of it."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
WHOLE = os.environ.get("WHOLE") == "1"


def sample(items: Sequence[Item], share: int) -> list[Item]:
    """Return one of so many items, drawn by a fixed seed and in their order, or all of them."""
    if WHOLE:
        return list(items)
    places = random.Random(share).sample(range(len(items)), -(-len(items) // share))
    return [items[place] for place in sorted(places)]
