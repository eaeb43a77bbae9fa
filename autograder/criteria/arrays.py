"""Arrays like those of the world: half zeros behind a rectifier, repeated, flat, large beside small; of any type and
memory layout.

Sums of a "rectified", "repeated", "flat" or "wide" array are exact in any order, also in single precision unless it
is wide: what the order of additions is free to change, nobody is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator
Shape = tuple[int, ...]
Row = Mapping[str, Any]


def _numbers(rng: Generator, shape: Shape) -> Array:
    """Draw distinct numbers of both signs that single precision does not hold."""
    size = int(np.prod(shape))
    return np.round((rng.permutation(size).reshape(shape) - size // 2) * 0.7 + 0.2, 1)


def _quarters(rng: Generator, low: int, high: int, shape: Shape | None = None) -> Any:
    """Draw multiples of a quarter: too many to know results by heart, few enough for exact sums of products."""
    return rng.integers(4 * low, 4 * high + 1, shape) / 4


def _rectified(rng: Generator, shape: Shape) -> Array:
    return np.asarray(np.maximum(_quarters(rng, -32, 32, shape), 0.0))


def _repeated(rng: Generator, shape: Shape) -> Array:
    return np.asarray(rng.choice([_quarters(rng, -32, -1), 0.0, _quarters(rng, 1, 32)], shape))


def _flat(rng: Generator, shape: Shape) -> Array:
    """Draw a constant, half of the time with one cell that stands out."""
    flat = np.full(shape, _quarters(rng, -32, 32))
    flat.flat[rng.integers(flat.size)] += rng.choice([0.0, _quarters(rng, 1, 32)])
    return flat


def _wide(rng: Generator, shape: Shape) -> Array:
    """Draw numbers of one sign: a large one that cancels leaves what the order of additions and divisions decides."""
    scale = rng.choice([-1.0, 1.0]) * 2.0 ** rng.integers(-20, 1)
    return np.asarray(scale * rng.choice([2.0**-10, 1.0, 2.0**30], shape))


_DRAWN: Mapping[str, Callable[[Generator, Shape], Array]] = {
    "numbers": _numbers,
    "rectified": _rectified,
    "repeated": _repeated,
    "flat": _flat,
    "wide": _wide,
}
VALUES = tuple(_DRAWN)
DTYPES = ("float64", "bool", "uint8", "int64", "float32")
# All but the first two are views; the last two can not be written to.
LAYOUTS = ("C", "Fortran", "strided", "backwards", "broadcast")
# What an array may be like, as factors of "all at once": as few values as show everything, since their number decides
# how many cases there are.
ARRAYS: Mapping[str, tuple[str, ...]] = {
    "values": ("numbers", "rectified", "flat", "wide"),
    "dtype": DTYPES,
    "layout": ("C", "Fortran", "backwards", "broadcast"),
}


def worldly(rng: Generator, shape: Shape, values: str, dtype: str = "float64") -> Array:
    """Draw an array of one of ``VALUES``, brought into the range of ``dtype``: up to 255 in bytes.

    >>> worldly(np.random.default_rng(1), (2, 4), "rectified").tolist()
    [[0.0, 0.75, 16.5, 29.0], [0.0, 0.0, 20.75, 28.75]]
    """
    drawn = _DRAWN[values](rng, shape)
    match np.dtype(dtype).kind:
        case "b":
            return drawn > 0
        case "u":
            drawn = np.minimum(np.abs(drawn) * 8, 255)
        case "i":
            drawn = drawn * 10
    return drawn.astype(dtype)


def laid_out(array: Array, layout: str) -> Array:
    """Return an array of the same values in another memory layout; a broadcast one repeats its first row.

    >>> laid_out(np.arange(6).reshape(2, 3), "backwards").strides
    (-48, -16)
    """
    match layout:
        case "Fortran":
            return np.asfortranarray(array)
        case "strided":
            return _every_second(array)
        case "backwards":
            array = np.flip(_every_second(np.flip(array)))
            array.flags.writeable = False
        case "broadcast":
            row = array[..., :1, :] if array.ndim > 1 else array[:1]
            return np.broadcast_to(row, array.shape)
    return array


def _every_second(array: Array) -> Array:
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def drawn(rng: Generator, shape: Shape, row: Row) -> Array:
    """Draw the array that a row of "all at once" says, by the factors ``ARRAYS``."""
    return laid_out(worldly(rng, shape, row["values"], row["dtype"]), row["layout"])


def any_values(rng: Generator) -> str:
    """Draw one of ``VALUES`` that single precision holds: all but "numbers"."""
    return VALUES[rng.integers(1, len(VALUES))]


def array_needs(row: Row, base: str) -> frozenset[str]:
    """Return the criteria that a row needs for its arrays; ``base`` is the one that asks for numbers like 0.7."""
    needs = {
        base: row["values"] == "numbers",
        "integers are taken as numbers": np.dtype(row["dtype"]).kind in "bui",
        "the input stays untouched": row["layout"] in ("backwards", "broadcast"),
    }
    return frozenset(name for name, needed in needs.items() if needed)
