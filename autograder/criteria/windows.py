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
from .criterion import call, criterion, input_stays_untouched
from .judges import same

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator
Shape = tuple[int, ...]
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


def numbers(rng: Generator, *shape: int) -> Array:
    """Draw numbers with one decimal, which are easy to read in feedback."""
    return np.round(rng.normal(scale=2, size=shape), 1)


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
        """Make a call on distinct positive numbers."""
        return self.on(distinct(rng, shape), kernel_size, rng, **settings)

    def on(self, x: Array, kernel_size: Any, rng: Generator | None = None, **settings: Any) -> Call:
        """Make a call on the input ``x``; a gradient that comes in is drawn, too."""
        arrays: tuple[Any, ...] = (x,)
        if self.backward:
            grad_output = distinct(rng or worked(), pooled_shape(x.shape, kernel_size, **settings))
            arrays = (grad_output, x if self.backward == "x" else x.shape)
        return call(self.name, *arrays, kernel_size=kernel_size, **{**dict(self.settings), **settings})

    def shaped(self, x: Shape = (1, 1, 4, 4), grad_output: Shape = (1, 1, 2, 2), **settings: Any) -> Call:
        """Make a call on ones of any shapes, whether they fit or not."""
        settings = {"kernel_size": 2, **dict(self.settings), **settings}
        if not self.backward:
            return call(self.name, np.ones(x), **settings)
        return call(self.name, np.ones(grad_output), np.ones(x) if self.backward == "x" else x, **settings)


def plain(pool: Pool) -> Calls:
    """Draw square windows side by side, on numbers that are not whole."""

    def draw(rng: Generator) -> Iterator[Call]:
        for kernel_size in (2, 3, 1, 4):
            x = distinct(rng, square(kernel_size * int(rng.integers(1, 4)))) * 0.7
            yield pool.on(x, kernel_size, rng)

    return draw


def inside(n: int, k: int, s: int, p: int) -> list[bool]:
    """For each window that begins in the input or in the padding before it: whether it reaches over no edge."""
    return [0 <= start <= n - k for start in range(-p, n, s)]


def whole_windows_only(x: Array, k: int, p: int = 0, s: int | None = None) -> Array:
    """Return ``x`` with zeros in all windows that reach over an edge: no divisor matters there."""
    step = s or k
    for axis in (2, 3):
        keep = np.ones(x.shape[axis], dtype=bool)
        for i, whole in enumerate(inside(len(keep), k, step, p)):
            keep[max(i * step - p, 0) : i * step - p + k] &= whole
        x = x * (keep[:, None] if axis == 2 else keep)
    return x


def padded_step(pool: Pool, rng: Generator, side: int, k: int, s: int) -> Call:
    """Return a call with stride and padding, where nothing comes from or goes to windows that reach over an edge."""
    x = distinct(rng, square(side))
    if not pool.backward:
        return pool.on(whole_windows_only(x, k, 1, s), k, stride=s, padding=1)
    made = pool.on(x, k, rng, stride=s, padding=1)
    grad_output = made.args[0]
    whole = np.array(inside(side, k, s, 1)[: len(grad_output[0, 0])])
    return replace(made, args=(grad_output * (whole[:, None] & whole), *made.args[1:]))


def moves_by_the_stride(pool: Pool, points: float, *, overlap: bool = True, padding: bool = True) -> Criterion:
    """Windows overlap or leave gaps, also where there is padding; with ``ceil_mode`` none is added if they fit."""
    steps: list[tuple[int, Any]] = [(1, 2), (2, 3), (2, (2, 4)), (2, (4, 2))]
    if overlap:
        steps = [(2, 1), (3, 2), (3, (1, 2)), *steps]
    first = pool(worked(), square(3), 2, stride=1)

    def draw(rng: Generator) -> Iterator[Call]:
        for kernel_size, stride in steps:
            side = kernel_size + max(pair(stride)) * int(rng.integers(1, 4))
            yield pool(rng, square(side), kernel_size, stride=stride)
        if padding and not pool.backward:
            yield pool(rng, square(5), 3, stride=1, ceil_mode=True)
            yield padded_step(pool, rng, 7, 3, 2)
            yield padded_step(pool, rng, 5, 3, 1)

    return criterion(
        "windows move by the stride",
        points,
        [*([first] if overlap else []), pool(worked(), square(3), 1, stride=2)],
        draw,
        tries="other strides, as an int and as a pair",
        hint="The kernel says how large a window is, the stride where the next one begins.",
    )


def leaves_out_incomplete_windows(pool: Pool, points: float) -> Criterion:
    """The last rows and columns do not fill a window."""

    def draw(rng: Generator) -> Iterator[Call]:
        for kernel_size in (2, 3, 4):
            side = kernel_size * int(rng.integers(1, 3)) + int(rng.integers(1, kernel_size))
            yield pool(rng, square(side), kernel_size)

    return criterion(
        "an incomplete window is left out",
        points,
        [pool(worked(), square(3), 2)],
        draw,
        tries="other remainders",
        hint="How many whole windows fit? The rows and columns that are left over influence nothing.",
    )


def height_comes_first(pool: Pool, points: float) -> Criterion:
    """Images and windows are rectangles."""

    def draw(rng: Generator) -> Iterator[Call]:
        for kernel_size in (2, (1, 3), (4, 1), (2, 3)):
            counts = rng.permutation(3)[:2] + 1
            yield pool(rng, (1, 1, *(int(n) for n in counts * pair(kernel_size))), kernel_size)

    return criterion(
        "height comes before width",
        points,
        [pool(worked(), (1, 1, 2, 4), 2), pool(worked(), (1, 1, 2, 3), (1, 3)), pool(worked(), (1, 1, 4, 3), (2, 3))],
        draw,
        tries="other rectangles",
        hint="Neither images nor windows need be square: a pair is (height, width), and x.shape[2] is the height.",
    )


def takes_samples_and_channels(pool: Pool, points: float) -> Criterion:
    """More than one sample and channel, in different numbers."""

    def draw(rng: Generator) -> Iterator[Call]:
        for counts in ((1, 3), (3, 1), (3, 2)):
            yield pool(rng, (*counts, 4, 4), 2)

    return criterion(
        "every sample and channel by itself",
        points,
        [pool(worked(), (1, 2, 2, 2), 2), pool(worked(), (2, 1, 2, 2), 2)],
        draw,
        tries="other numbers of samples and channels",
        hint="Pooling never looks across samples or channels: the output has as many of both as the input.",
    )


def special_values(points: float, examples: Iterable[Call], draw: Calls, hint: str) -> Criterion:
    """NaN and infinity, one at a time."""
    return criterion("NaN and infinity pass through", points, examples, draw, tries="other places", hint=hint)


def takes_integers(pool: Pool, points: float, judge: Judge = same) -> Criterion:
    """The input holds integers; a gradient on the way to such an input need not."""

    def whole(made: Call) -> Call:
        first, *rest = made.args
        if pool.backward == "x":
            return replace(made, args=(first * 0.3, rest[0].astype(int)))
        return replace(made, args=(first.astype(int), *rest))

    def draw(rng: Generator) -> Iterator[Call]:
        for kernel_size in (2, 3):
            yield whole(pool(rng, square(2 * kernel_size), kernel_size))

    return criterion(
        "integers are taken as numbers",
        points,
        [whole(pool(worked(), square(2), 2)), whole(pool(worked(), square(4), 2))],
        draw,
        tries="other sizes",
        hint="An array made like an array of integers (zeros_like, empty_like) cuts off every fraction.",
        judge=judge,
    )


def stays_untouched(pool: Pool, points: float = 0.5, sign: int = 1) -> Criterion:
    """Plain windows, looking at the arguments afterwards."""

    def draw(rng: Generator) -> Iterator[Call]:
        yield pool.on(sign * distinct(rng, square(4)), 2, rng)
        yield pool.on(sign * distinct(rng, (1, 1, 3, 3)), 3, rng)

    return input_stays_untouched(points, [pool.on(sign * distinct(worked(), square(2)), 2)], draw)
