"""What the notebooks draw with: a picture that moves with its sliders, and small arrays side by side.

Only demo cells import this module: it needs ipywidgets and matplotlib, which neither ``check`` nor grading does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

__all__ = ["demo", "grid", "grids", "panels"]
MOST_NUMBERS = 100  # more cells than these are too small for a number in each

Picture: TypeAlias = Callable[..., object]


def demo(**sliders: Any) -> Callable[[Picture], Picture]:
    """Draw the decorated function's picture, again whenever one of the ``sliders`` moves.

    A slider is a widget, or whatever ``ipywidgets.interact`` makes one of; its name is the parameter that it sets.
    Without sliders the picture is drawn once. Where a graded function is not written yet, or fails, one sentence
    says so in the picture's place. The decorated function itself is returned as it is, to be called with other
    values.
    """

    def start(draw: Picture) -> Picture:
        def picture(**values: Any) -> None:
            _draw_or_say_why_not(draw, values)

        if sliders:
            interact(picture, **sliders)
        else:
            picture()
        return draw

    return start


def _draw_or_say_why_not(draw: Picture, values: dict[str, Any]) -> None:
    try:
        draw(**values)
    except NotImplementedError:
        plt.close("all")  # or the half of a picture would be shown
        print("A function that this picture shows is not written yet: write it, then run this cell again.")
    except Exception as problem:
        plt.close("all")
        print(f"The function above stopped here with {type(problem).__name__}: {problem}")


def grids(
    size: float = 2.6, *, signed: bool = False, numbers: bool = True, top: float | None = None, **images: ArrayLike
) -> None:
    """Draw ``images`` side by side, each under its name, in panels of ``size`` inches.

    An image is an array whose last two axes are ``(H, W)``, all others being 1. :func:`grid` says what the other
    arguments do. With ``top`` all images are drawn on one scale; without it, each has its own.
    """
    for axis, (name, image) in zip(panels(len(images), size), images.items(), strict=True):
        grid(axis, image, signed=signed, numbers=numbers, top=top)
        axis.set_title(name.replace("_", " "))
    plt.show()


def panels(count: int, size: float = 2.6) -> list[Axes]:
    """Return ``count`` axes side by side, without ticks, each ``size`` inches wide."""
    _, axes = plt.subplots(1, count, figsize=(size * count, size + 0.2), squeeze=False, layout="constrained")
    for axis in axes[0]:
        axis.set(xticks=[], yticks=[])
    return list(axes[0])


def grid(axis: Axes, image: ArrayLike, *, signed: bool = False, numbers: bool = True, top: float | None = None) -> None:
    """Draw one image, whose last two axes are ``(H, W)``, all others being 1, on ``axis``.

    The larger a value, the darker its blue; if ``signed``, what is above zero is purple, what is below orange. The
    darkest colour stands for ``top``, or for what the image itself holds. Up to 100 cells show their ``numbers``.
    """
    values = np.asarray(image, dtype=float).reshape(np.shape(image)[-2:])
    numbers = numbers and values.size <= MOST_NUMBERS
    low, high = _scale(values, signed, numbers, top)
    shown = np.ma.masked_invalid(values)  # what is not finite stays white
    axis.imshow(shown, cmap="PuOr" if signed else "Blues", vmin=low, vmax=high)
    if numbers:
        for (row, column), value in np.ndenumerate(values):
            axis.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8)


def _scale(values: NDArray[np.float64], signed: bool, numbers: bool, top: float | None) -> tuple[float, float]:
    """Return the values of the lightest (or most orange) and the darkest colour; numbers want light ones."""
    values = values[np.isfinite(values)] if np.isfinite(values).any() else np.zeros(1)
    room = (2.0 if signed else 1.6) if numbers and top is None else 1.0
    if signed:
        far = room * float(abs(values).max() or 1.0 if top is None else top)
        return -far, far
    if top is not None:
        return 0.0, top
    low, high = float(values.min()), float(values.max())
    return low, low + room * (high - low) + 1e-9
