"""The trained digit networks of the demos; ``python -m experiments.export`` makes them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

CANVAS = 24
POOLS = {"max": "max", "average": "avg", "stride": "stride", "blur": "blur"}
WEIGHTS = Path(__file__).with_name("weights")


@cache
def stored(name: str) -> dict[str, Any]:
    """Return the content of one file of weights."""
    content: dict[str, Any] = json.loads((WEIGHTS / f"{name}.json").read_text("utf-8"))
    return content


def kept(name: str) -> dict[str, Any]:
    """Return what the page needs of a network: its shape and its weights."""
    return {key: stored(name)[key] for key in ("down", "pools", "head", "layers")}


def shift_networks() -> dict[str, dict[str, Any]]:
    """Return the networks with a global maximum, trained on digits in the middle, by pooling."""
    nets = {label: f"shift_{down}_gmp" for label, down in POOLS.items()}
    return {label: {**kept(name), "accuracy": stored(name)["test_centred"]} for label, name in nets.items()}


def head_network() -> dict[str, Any]:
    """Return the network with a global average, trained on digits anywhere."""
    return kept("head_gap")


def sample_digits() -> list[list[list[int]]]:
    """Return one 8x8 test digit of each class, in sixteenths."""
    digits = stored("digits")
    return [digits["images"][digits["labels"].index(label)] for label in range(10)]
