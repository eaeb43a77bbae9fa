"""The training lab: compose two small networks, train them in the page, and see what their pools do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from traitlets import Bool, Dict, Enum, Float, Int, List, Unicode

from demos.base import Demo, bundle
from demos.picture import Panel, matrices

TASKS = ("middle", "anywhere", "turned", "quadrant", "spots", "stripes")
SHIPPED = 1500  # digits, of which each seed keeps a fifth for the test
SIGNS = "0123456789abcdefg"
SIDE = 16


@cache
def digits() -> dict[str, str]:
    """Return handwritten digits in one sign a pixel, from 0 to g for 0 to 16 sixteenths, and their classes."""
    found = load_digits()
    pixels = found.images[:SHIPPED].astype(int).ravel()
    return {"pixels": "".join(SIGNS[value] for value in pixels), "labels": "".join(map(str, found.target[:SHIPPED]))}


def block(filters: int = 8, pool: str = "max", **settings: Any) -> dict[str, Any]:
    """Return one block of a network: a convolution, a rectifier, a pool.

    ``pool`` is ``"none"``, ``"max"``, ``"average"``, ``"l2"``, ``"stride"``, ``"blur"`` or ``"maxblur"``, with
    ``window`` and ``stride``; ``padding`` is ``"zero"``, ``"reflect"`` or ``"wrap"``; ``dropout`` is ``"none"``,
    ``"element"`` or ``"channel"``, ``place`` ``"before"`` or ``"after"`` the pool, with probability ``p``.

    >>> block(4, "blur", window=3)["window"]
    3

    Raises ``TypeError`` for a setting that a block does not have.
    """
    usual = {"filters": filters, "kernel": 3, "padding": "zero", "pool": pool, "window": 2, "stride": 2,
             "dropout": "none", "place": "after", "p": 0.5}  # fmt: skip
    if unknown := settings.keys() - usual.keys():
        raise TypeError(f"block: unknown settings {sorted(unknown)}")
    return {**usual, **settings}


def network(*blocks: dict[str, Any], head: str = "flatten") -> dict[str, Any]:
    """Return a network of one to three blocks and a head: ``"flatten"``, ``"average"`` or ``"max"``.

    Raises ``ValueError`` for any other number of blocks.
    """
    if not 1 <= len(blocks) <= 3:
        raise ValueError(f"network: one to three blocks, got {len(blocks)}")
    return {"blocks": list(blocks), "head": head}


def _usual() -> list[dict[str, Any]]:
    return [network(block(8, pool), block(16, pool)) for pool in ("max", "average")]


class TrainingLab(Demo, module="lab/lab", room=(4570, 2620)):
    """Two networks learn side by side from the same batches.

    ``networks`` holds two networks, made by :func:`network` and :func:`block`; ``task`` is one of ``TASKS``, of which
    ``images`` (50 to 1,000) are learnt, with ``noise``. ``rate``, ``batch``, ``shifts`` (by up to two pixels) and
    ``seed`` say how. ``network``, ``block`` and ``image`` are what is looked at. ``results`` holds the steps and, for
    each moment at which it was measured, loss, accuracy and consistency of both.
    """

    worker = Unicode(help="the source of the worker that trains").tag(sync=True)
    digits = Dict(help="the digits that images are made of").tag(sync=True)
    task = Enum(TASKS, "middle").tag(sync=True)
    images = Int(500, min=50, max=1000).tag(sync=True)
    noise = Float(0.0, min=0, max=1).tag(sync=True)
    shifts = Bool(False).tag(sync=True)
    rate = Enum([0.001, 0.003, 0.01, 0.03], 0.01).tag(sync=True)
    batch = Enum([8, 16, 32, 64], 32).tag(sync=True)
    seed = Int(1, min=1, max=999).tag(sync=True)
    networks: List[Any] = List(minlen=2, maxlen=2).tag(sync=True)
    network = Int(0, min=0, max=1).tag(sync=True)
    block = Int(0, min=0, max=2).tag(sync=True)
    image = Int(0, min=0, max=199).tag(sync=True)
    in_address = Bool(False, help="whether the page's address holds the settings").tag(sync=True)
    results = Dict(help="steps, and what was measured after which of them").tag(sync=True)

    def __init__(self, *networks: dict[str, Any], **traits: Any) -> None:
        given: Sequence[dict[str, Any]] = networks or _usual()
        super().__init__(worker=bundle("lab/worker"), digits=digits(), networks=list(given), **traits)

    def picture(self) -> str:
        """Return one of the images that the networks learn: a digit in the middle of its canvas."""
        canvas = np.zeros((SIDE, SIDE))
        canvas[4:12, 4:12] = load_digits().images[0]
        return matrices([Panel("A digit in the middle", canvas)], "An image to learn: a digit on 16 by 16 pixels")
