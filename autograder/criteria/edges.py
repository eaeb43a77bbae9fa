"""Criteria on the edges of an image: padding, windows that stick out, and arguments that are refused.

Isolated as those of :mod:`autograder.criteria.windows`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..model import Call, Criterion
from .arrays import Generator
from .criterion import criterion
from .refusals import Mixed, Spoiler, bad_arguments_are_refused, below, other_axes, spoilt
from .windows import Calls, Pool, distinct, scattered, square, whole_windows_only, worked


def padded(pool: Pool) -> Calls:
    """Draw windows that reach into the padding on every side, and fit exactly."""

    def draw(rng: Generator) -> Iterator[Call]:
        yield pool.world(rng, square(4), 3, padding=1)
        x = scattered(rng, square(4))
        # A cell of zero is a cell.
        x.flat[rng.integers(x.size)] = 0.0
        yield pool.on(x, 4, rng, padding=[(2, 0), (0, 2)][rng.integers(2)])

    return draw


def pads(pool: Pool, name: str, points: float, hint: str) -> Criterion:
    """Windows reach into the padding."""
    return criterion(
        name,
        points,
        [pool.example(square(2), 2, padding=1), pool.example(square(2), 2, padding=(0, 1))],
        padded(pool),
        tries="other kernels and paddings, also pairs",
        hint=hint,
    )


def sticks_out(n: int, k: int, p: int) -> bool:
    """Say whether ``ceil_mode`` adds a window to ``n`` cells at ``stride=kernel_size``."""
    steps, rest = divmod(n + 2 * p - k, k)
    return rest > 0 and (steps + 1) * k < n + p


PADDED = [(n, k, p) for k in (2, 3, 4, 5) for p in range(1, k // 2 + 1) for n in range(2 * k, 12)]
# Cells, kernel and padding where a window sticks out, and where it would begin in the padding.
KEPT = [(n, k, p) for n, k, p in PADDED if sticks_out(n, k, p)]
DROPPED = [(n, k, p) for n, k, p in PADDED if (n + 2 * p) % k and not sticks_out(n, k, p)]


def keeps_the_last_window(pool: Pool, points: float) -> Criterion:
    """``ceil_mode`` without padding, and with padding where the last window begins in the input's last cell."""

    def draw(rng: Generator) -> Iterator[Call]:
        k = int(rng.integers(3, 6))
        yield pool.on(whole_windows_only(scattered(rng, square(k + 1)), k), k, ceil_mode=True)
        n, k, p = KEPT[rng.integers(len(KEPT))]
        yield pool.on(whole_windows_only(scattered(rng, square(n)), k, p), k, padding=p, ceil_mode=True)

    return criterion(
        "ceil_mode keeps the last window",
        points,
        [
            pool.on(whole_windows_only(distinct(worked(), square(3)), 2), 2, ceil_mode=True),
            pool.on(whole_windows_only(distinct(worked(), square(6)), 3, 1), 3, padding=1, ceil_mode=True),
        ],
        draw,
        tries="other remainders, also with padding",
        hint="With ceil_mode a last window that begins inside the input counts, even if part of it lies outside. The "
        "windows are counted from the padding in front: n + p, not n, is where the input ends.",
    )


def drops_windows_in_the_padding(pool: Pool, points: float) -> Criterion:
    """Rounding up would add a window that begins in the padding."""

    def draw(rng: Generator) -> Iterator[Call]:
        n, k, p = DROPPED[rng.integers(len(DROPPED))]
        yield pool.on(whole_windows_only(scattered(rng, square(n)), k, p), k, padding=p, ceil_mode=True)

    return criterion(
        "no window begins in the padding",
        points,
        [pool.on(whole_windows_only(distinct(worked(), square(5)), 2, 1), 2, padding=1, ceil_mode=True)],
        draw,
        tries="other kernels and paddings",
        hint="Rounding up is not the whole rule: where would the added window begin, in the input or in the padding?",
    )


def sane(pool: Pool) -> list[Call]:
    """Return calls that must be right before a refusal counts; in the first the window is as large as the input."""
    return [pool.example(square(2), 2), pool.example(square(4), 2)]


def legal(pool: Pool) -> Calls:
    """Draw square windows side by side."""

    def draw(rng: Generator) -> Iterator[Call]:
        k = int(rng.integers(2, 5))
        yield pool(rng, square(k * int(rng.integers(2, 4))), k, stride=k)

    return draw


def refusals(pool: Pool, **bad: Spoiler) -> Mixed:
    """Draw legal calls, and such with one argument bad."""
    arrays = ("grad_output", pool.backward) if pool.backward else ("x",)
    return spoilt(legal(pool), arrays, bad, unnamed=("x_shape", "norm_type"))


def other_length(rng: Generator, given: Mapping[str, Any]) -> tuple[int, ...]:
    """Make a shape with an entry less or more."""
    shape = given["x_shape"]
    return shape[1:] if rng.integers(2) else (1, *shape)


def too_much_padding(rng: Generator, given: Mapping[str, Any]) -> Any:
    """Make a padding below 0, or above half of the window."""
    half = given["kernel_size"] // 2
    bad = int(rng.choice([rng.integers(-99, 0), rng.integers(half + 1, half + 99)]))
    return [bad, (bad, 0), (0, bad)][rng.integers(3)]


def larger_than_the_input(rng: Generator, given: Mapping[str, Any]) -> Any:
    """Make a window that is too high, too wide, or both."""
    side = given["x_shape"][2] if "x_shape" in given else given["x"].shape[2]
    large = int(rng.integers(side + 1, side + 99))
    return [large, (large, 1), (1, large)][rng.integers(3)]


def axes_of(pool: Pool) -> dict[str, Spoiler]:
    """Return what makes a function's arrays have another number of axes than four."""
    arrays: dict[str, Spoiler] = {"grad_output": other_axes("grad_output", 4)} if pool.backward else {}
    arrays[pool.backward or "x"] = other_length if pool.backward == "x_shape" else other_axes("x", 4)
    return arrays


def refuses_bad_sizes(pool: Pool, points: float = 0.5) -> Criterion:
    """Kernels and strides below 1, arrays without four axes."""
    # x_shape is no array: that it has too few entries may be said in any words.
    arrays = {"grad_output": "grad_output"} if pool.backward else {}
    arrays["x"] = "" if pool.backward == "x_shape" else "x"
    too_small: tuple[tuple[str, Any], ...] = (
        ("kernel_size", 0),
        ("kernel_size", (2, -1)),
        ("stride", 0),
        ("stride", (0, 2)),
    )
    return bad_arguments_are_refused(
        "bad arguments are refused",
        points,
        works=sane(pool)[1:],
        refused=[
            *((name, pool.shaped(**{name: bad})) for name, bad in too_small),
            *((name, pool.shaped(**{array: axes})) for array, name in arrays.items() for axes in ((1, 4, 4), (1,) * 5)),
        ],
        draw=refusals(pool, kernel_size=below(1, pairs=True), stride=below(1, pairs=True), **axes_of(pool)),
        hint="Say no early: a ValueError that names the argument (kernel_size, stride, x ...) saves a long search.",
    )


def refuses_bad_padding(pool: Pool, points: float = 0.5) -> Criterion:
    """Padding below 0 or above half the window."""
    bad: list[tuple[Any, Any]] = [(2, -1), (2, (0, -1)), (3, 2), ((2, 4), (2, 2)), ((4, 2), (2, 2))]
    return bad_arguments_are_refused(
        "bad padding is refused",
        points,
        works=sane(pool)[1:],
        refused=[("padding", pool.example(square(6), k, padding=p)) for k, p in bad],
        draw=refusals(pool, padding=too_much_padding),
        hint="No window may lie in the padding alone: padding is at most half of kernel_size, and not below 0.",
    )


def refuses_large_windows(
    pool: Pool, points: float = 0.5, *, padding: bool = True, ceil_mode: bool = False
) -> Criterion:
    """Windows larger than the padded input."""
    bad: list[dict[str, Any]] = [{"kernel_size": (5, 1)}, {"kernel_size": (1, 5)}]
    bad += [{"kernel_size": (7, 4), "padding": (1, 0)}] * padding
    bad += [{"kernel_size": 5, "ceil_mode": True}] * ceil_mode
    return bad_arguments_are_refused(
        "a window larger than the input is refused",
        points,
        works=sane(pool)[1:],
        refused=[("kernel_size", pool.shaped(grad_output=square(1), **settings)) for settings in bad],
        draw=refusals(pool, kernel_size=larger_than_the_input),
        hint="If not even one window fits into the padded input there is nothing to return, with ceil_mode neither.",
    )
