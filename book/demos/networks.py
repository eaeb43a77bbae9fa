"""The trained digit networks of the demos; ``train.py`` makes them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

CANVAS = 24


@cache
def trained() -> dict[str, Any]:
    """Return ``networks`` (accuracy and weights by pooling) and ``digits`` (one test digit of each class)."""
    return json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
