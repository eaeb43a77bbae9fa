"""What the ledger takes from papers instead of measurements; sources are named by their keys in the bibliography."""

from __future__ import annotations

from typing import NamedTuple


class Pool(NamedTuple):
    """One kind of pooling layer of a published net: window (0: the whole map; None: not stated) and stride."""

    net: str
    kind: str
    window: int | None
    stride: int
    source: str


POOLS = (
    Pool("LeNet-5", "average", 2, 2, "lecun1998gradient"),
    Pool("AlexNet", "max", 3, 2, "krizhevsky2012imagenet"),
    Pool("Network in Network", "max", None, 2, "lin2014network"),
    Pool("Network in Network", "average", 0, 0, "lin2014network"),
    Pool("VGG-16", "max", 2, 2, "simonyan2015very"),
    Pool("ResNet-50", "max", 3, 2, "he2016deep"),
    Pool("ResNet-50", "average", 0, 0, "he2016deep"),
    Pool("DenseNet-121", "max", 3, 2, "huang2017densely"),
    Pool("DenseNet-121", "average", 2, 2, "huang2017densely"),
    Pool("DenseNet-121", "average", 0, 0, "huang2017densely"),
)

TIMELINE = (
    (
        1980,
        "the neocognitron: layers of shared detectors and of cells that tolerate shifts",
        "fukushima1980neocognitron",
    ),
    (1989, "a convolutional net trained by backpropagation reads postcodes", "lecun1989backpropagation"),
    (1998, "LeNet-5, in use for reading bank cheques", "lecun1998gradient"),
    (2012, "AlexNet, trained on two graphics processors", "krizhevsky2012imagenet"),
)

OTHER_DATA = (("sentences, with a maximum over time", 2014, "kim2014convolutional"),)


def share_of_two_by_two() -> float:
    """Return the share of window 2 and stride 2 among the kinds of pooling layer whose window is stated."""
    stated = [pool for pool in POOLS if pool.window is not None]
    return sum(pool.window == pool.stride == 2 for pool in stated) / len(stated)


def nets() -> list[str]:
    """Return the listed nets, each once, oldest first."""
    return list(dict.fromkeys(pool.net for pool in POOLS))


def sources() -> str:
    """Return the keys of what was read about pooling layers."""
    return ", ".join(dict.fromkeys(pool.source for pool in POOLS))


def sources_of(kind: str) -> str:
    """Return the keys of what was read about nets that end in a global summary of this kind."""
    return ", ".join(pool.source for pool in POOLS if pool.kind == kind and pool.window == 0)


def nets_with(kind: str, whole_map: bool | None = None) -> set[str]:
    """Return the listed nets that pool in this way, anywhere or only over whole maps (or only locally)."""
    return {p.net for p in POOLS if p.kind == kind and (whole_map is None or (p.window == 0) == whole_map)}
