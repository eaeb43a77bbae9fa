"""Criteria on how windows lie, the same for every function that slides them.

Each is isolated by its inputs. Where signs are not the point numbers are positive, so that zero padding does
not show; where ties are not, they are distinct; where rectangles are not, everything is square; where samples and
channels are not, there is one of each; and windows fit exactly and lie side by side unless this is the point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..model import Call, Criterion, Judge
from .arrays import Array, Generator, Shape, any_values, worldly
from .criterion import Draw, call, criterion, input_stays_untouched
from .judges import same

Calls = Callable[[Generator], Iterator[Call]]


def worked() -> Generator:
    """Return the generator of worked examples, which never change."""
    return np.random.default_rng(5)


def square(side: int) -> Shape:
    """Return the shape of one square image."""
    return (1, 1, side, side)


def image(*rows: list[float]) -> Array:
    """Return one image, of one channel, with these rows."""
    return np.array([[rows]], dtype=float)


def distinct(rng: Generator, shape: Shape) -> Array:
    """Draw 1, 2, 3 ... in random order."""
    return np.asarray(rng.permutation(math.prod(shape)) + 1.0).reshape(shape)


def scattered(rng: Generator, shape: Shape) -> Array:
    """Draw distinct whole numbers up to 999: too many to know results by heart, while sums of squares are exact."""
    return rng.choice(999, shape, replace=False) + 1.0


def numbers(rng: Generator, *shape: int) -> Array:
    """Draw numbers with one decimal, which are easy to read in feedback; none is zero, behind which mistakes hide."""
    drawn = np.round(rng.normal(scale=2, size=shape), 1)
    return np.where(drawn == 0, 0.1, drawn)


def pair(value: Any) -> tuple[int, int]:
    """Return an int or a pair as a pair."""
    return (value, value) if isinstance(value, int) else tuple(value)


def pooled_shape(shape: Shape, kernel_size: Any, stride: Any = None, padding: Any = 0, **_: Any) -> Shape:
    """Return the shape of the output without ``ceil_mode``."""
    axes = zip(shape[2:], pair(kernel_size), pair(stride or kernel_size), pair(padding), strict=True)
    return (*shape[:2], *((n + 2 * p - k) // s + 1 for n, k, s, p in axes))


@dataclass(frozen=True)
class Pool:
    """Makes calls of one pooling function: first the arrays, then settings by name.

    ``backward`` says what a gradient function takes beside ``grad_output``: ``x`` itself or ``x_shape``.
    """

    name: str
    backward: str = ""
    settings: tuple[tuple[str, Any], ...] = ()

    def __call__(self, rng: Generator, shape: Shape, kernel_size: Any, **settings: Any) -> Call:
        """Draw a call on distinct positive numbers."""
        return self.on(scattered(rng, shape), kernel_size, rng, **settings)

    def example(self, shape: Shape, kernel_size: Any, **settings: Any) -> Call:
        """Make a worked example, on the numbers 1, 2, 3 ... in some order."""
        return self.on(distinct(worked(), shape), kernel_size, **settings)

    def world(self, rng: Generator, shape: Shape, kernel_size: Any, **settings: Any) -> Call:
        """Make a call on numbers like the world's: zeros, repeated, constant, large beside small.

        None is negative, single precision holds them, and where a gradient looks for maxima they stay distinct: these
        mistakes have criteria of their own.
        """
        x = np.abs(worldly(rng, shape, any_values(rng)))
        if self.backward == "x":
            x = distinct(rng, shape) - 1
            x.flat[x.argmax()] *= 2.0**30
        return self.on(x, kernel_size, rng, **settings)

    def on(self, x: Array, kernel_size: Any, rng: Generator | None = None, **settings: Any) -> Call:
        """Make a call on the input ``x``; a gradient that comes in is drawn, too, unless this is a worked example."""
        arrays: tuple[Any, ...] = (x,)
        if self.backward:
            shape = pooled_shape(x.shape, kernel_size, **settings)
            grad_output = scattered(rng, shape) if rng else distinct(worked(), shape)
            arrays = (grad_output, x if self.backward == "x" else x.shape)
        return call(self.name, *arrays, kernel_size=kernel_size, **{**dict(self.settings), **settings})

    def shaped(self, x: Shape = (1, 1, 4, 4), grad_output: Shape = (1, 1, 2, 2), **settings: Any) -> Call:
        """Make a call on ones of any shapes, whether they fit or not."""
        settings = {"kernel_size": 2, **dict(self.settings), **settings}
        if not self.backward:
            return call(self.name, np.ones(x), **settings)
        return call(self.name, np.ones(grad_output), np.ones(x) if self.backward == "x" else x, **settings)


def plain(pool: Pool) -> Calls:
    """Draw square windows side by side, on numbers that are not whole and such as the world has."""

    def draw(rng: Generator) -> Iterator[Call]:
        yield pool.on(scattered(rng, square(int(rng.integers(2, 5)))) * 0.7, 1, rng)
        yield pool.world(rng, square(6), 3)

    return draw


def whole_windows_only(x: Array, k: int, p: int = 0) -> Array:
    """Return ``x`` with zeros in all windows that reach over an edge: no divisor matters there."""
    for axis in (2, 3):
        n = x.shape[axis]
        keep = np.ones(n, dtype=bool)
        for start in range(-p, n, k):
            keep[max(start, 0) : start + k] = 0 <= start <= n - k
        x = x * (keep[:, None] if axis == 2 else keep)
    return x


def moves_by_the_stride(pool: Pool, points: float, *, overlap: bool = True) -> Criterion:
    """Windows overlap or leave gaps."""
    first = pool.example(square(3), 2, stride=1)

    def draw(rng: Generator) -> Iterator[Call]:
        kernel_size, least = (3, 1) if overlap else (2, 2)
        stride = tuple(int(s) for s in rng.permutation([least, least + 1]))
        yield pool(rng, square(kernel_size + 6), kernel_size, stride=stride)

    return criterion(
        "windows move by the stride",
        points,
        [*([first] if overlap else []), pool.example(square(3), 1, stride=2)],
        draw,
        tries="other strides, as an int and as a pair",
        hint="The kernel says how large a window is, the stride where the next one begins.",
    )


def leaves_out_incomplete_windows(pool: Pool, points: float) -> Criterion:
    """The last rows and columns do not fill a window."""

    def draw(rng: Generator) -> Iterator[Call]:
        kernel_size = int(rng.integers(2, 5))
        yield pool(rng, square(kernel_size + int(rng.integers(1, kernel_size))), kernel_size)

    return criterion(
        "an incomplete window is left out",
        points,
        [pool.example(square(3), 2)],
        draw,
        tries="other remainders",
        hint="How many whole windows fit? The rows and columns that are left over influence nothing.",
    )


def height_comes_first(pool: Pool, points: float) -> Criterion:
    """Images and windows are rectangles."""

    def draw(rng: Generator) -> Iterator[Call]:
        kernel_size = [(1, 3), (4, 1), (3, 2)][rng.integers(3)]
        counts = rng.permutation(3)[:2] + 1
        yield pool(rng, (1, 1, *(int(n) for n in counts * kernel_size)), kernel_size)

    return criterion(
        "height comes before width",
        points,
        [pool.example((1, 1, 2, 4), 2), pool.example((1, 1, 4, 3), (2, 3))],
        draw,
        tries="other rectangles",
        hint="Neither images nor windows need be square: a pair is (height, width), and x.shape[2] is the height.",
    )


def takes_samples_and_channels(pool: Pool, points: float) -> Criterion:
    """More than one sample and channel, in different numbers."""

    def draw(rng: Generator) -> Iterator[Call]:
        yield pool(rng, (3, 2, 2, 2), 2)

    return criterion(
        "every sample and channel by itself",
        points,
        [pool.example((2, 3, 2, 2), 2)],
        draw,
        tries="other numbers of samples and channels",
        hint="Pooling never looks across samples or channels: the output has as many of both as the input.",
    )


def special_values(points: float, examples: Iterable[Call], draw: Draw, hint: str) -> Criterion:
    """NaN and infinity, one at a time."""
    return criterion("NaN and infinity pass through", points, examples, draw, tries="other places", hint=hint)


def takes_integers(pool: Pool, points: float, judge: Judge = same) -> Criterion:
    """The input holds integers, also such as a byte can just hold; a gradient on the way to it need not."""

    def whole(made: Call, dtype: str = "int64") -> Call:
        first, *rest = made.args
        if pool.backward == "x":
            return replace(made, args=(first * 0.3, rest[0].astype(dtype)))
        return replace(made, args=((first % 256).astype(dtype), *rest))

    def draw(rng: Generator) -> Iterator[Call]:
        yield whole(pool.on(255 - distinct(rng, square(4)), 2, rng), "uint8")

    return criterion(
        "integers are taken as numbers",
        points,
        [whole(pool.example(square(2), 2))],
        draw,
        tries="bytes, of which 255 is the largest",
        hint="An array made like an array of integers (zeros_like, empty_like) cuts off every fraction; and bytes "
        "run over: 200 + 100 is 44 among them.",
        judge=judge,
    )


def stays_untouched(pool: Pool, points: float = 0.5, sign: int = 1) -> Criterion:
    """Plain windows, looking at the arguments afterwards."""

    def draw(rng: Generator) -> Iterator[Call]:
        yield pool.on(sign * scattered(rng, square(6)), 3, rng)

    return input_stays_untouched(points, [pool.on(sign * distinct(worked(), square(4)), 2)], draw)
