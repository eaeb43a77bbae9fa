"""What the notebooks draw with: one sentence where there is nothing to draw, numbers in small images."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

import ipywidgets
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from autograder import drawing
from autograder.drawing import demo, grids, panels


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Show nothing, which Agg cannot, and leave no figure to the next test."""
    monkeypatch.setattr(plt, "show", lambda: None)
    yield
    plt.close("all")


def written(axis: Axes) -> list[str]:
    return [text.get_text() for text in axis.texts]


def test_a_function_that_is_not_written_yet_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    @demo()
    def picture() -> None:
        panels(2)
        raise NotImplementedError

    said = capsys.readouterr().out
    assert said == "A function that this picture shows is not written yet: write it, then run this cell again.\n"
    assert plt.get_fignums() == []


def test_a_function_that_fails_is_named_with_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    @demo()
    def picture() -> None:
        panels(1)
        raise ValueError("stride must be at least 1")

    assert capsys.readouterr().out == "The function above stopped here with ValueError: stride must be at least 1\n"
    assert plt.get_fignums() == []


def test_sliders_set_the_parameters_of_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, started = [], []
    monkeypatch.setattr(drawing, "interact", lambda picture, **sliders: started.append((picture, sliders)))
    slider = ipywidgets.IntSlider(2, 0, 4)

    @demo(position=slider)
    def picture(position: int) -> None:
        seen.append(position)

    ((redraw, sliders),) = started
    assert sliders == {"position": slider}
    redraw(position=3)
    assert seen == [3]


def test_the_function_can_be_called_again_with_other_values() -> None:
    drawn = []

    @demo()
    def picture(layers: int = 15) -> None:
        drawn.append(layers)

    picture(layers=3)
    assert drawn == [15, 3]


def test_images_stand_side_by_side_under_their_names_with_their_numbers() -> None:
    grids(x=np.arange(6.0).reshape(1, 1, 2, 3), max_pooled=[[5.25]])
    first, second = plt.gcf().axes
    assert (first.get_title(), second.get_title()) == ("x", "max pooled")
    assert written(first) == ["0", "1", "2", "3", "4", "5"]
    assert written(second) == ["5.25"]
    assert first.images[0].get_array().shape == (2, 3)


@pytest.mark.parametrize(("image", "numbers"), [(np.ones((11, 10)), True), (np.ones((2, 2)), False)])
def test_large_images_have_no_numbers_and_small_ones_can_do_without(image: np.ndarray, numbers: bool) -> None:
    grids(numbers=numbers, image=image)
    assert written(plt.gca()) == []


@pytest.mark.parametrize(
    ("settings", "limits"),
    [
        ({"top": 12}, (0, 12)),
        ({"numbers": False}, (-1, 3)),
        ({"numbers": False, "signed": True}, (-3, 3)),
        ({"numbers": False, "signed": True, "top": 5}, (-5, 5)),
    ],
)
def test_the_darkest_colour_stands_for_the_largest_value_or_the_top(
    settings: dict[str, object], limits: tuple[float, float]
) -> None:
    grids(**settings, image=[[-1, 3]])
    assert plt.gca().images[0].get_clim() == pytest.approx(limits)


def test_numbers_stand_on_light_colours() -> None:
    grids(image=[[0, 1]])
    assert plt.gca().images[0].get_clim() == pytest.approx((0, 1.6))


def test_what_is_not_finite_is_written_but_has_no_colour() -> None:
    grids(image=[[-np.inf, 0.0], [np.nan, 1.0]], nothing=[[np.nan]])
    plt.gcf().canvas.draw()
    first, second = plt.gcf().axes
    assert written(first) == ["-inf", "0", "nan", "1"]
    assert written(second) == ["nan"]
    assert first.images[0].get_array().mask.tolist() == [[True, False], [True, False]]


def test_check_and_grading_do_without_the_libraries_that_draw() -> None:
    program = (
        "import sys, autograder, autograder.cli, autograder.judging.grading\n"
        "print(*{'autograder.drawing', 'ipywidgets', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
