"""What the demos' Python promises: bundles that hold together, traits, refusals, plain pictures."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import demos
import numpy as np
import pytest
from demos.training_lab import block, network
from traitlets import TraitError

BOOK = Path(__file__).parents[2] / "book"

DEFINED = re.compile(r"^(?:function|class|const|let) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("name", demos.__all__)
def test_bundled_modules_share_no_name_and_no_import(name):
    source = str(getattr(demos, name)()._esm)
    names = DEFINED.findall(source)
    assert len(names) == len(set(names))
    assert not re.search(r"^import ", source, re.MULTILINE)
    assert re.findall(r"^export .*", source, re.MULTILINE) == ["export default { render };"]


@pytest.mark.parametrize("name", demos.__all__)
def test_every_demo_has_a_picture_that_says_what_it_shows(name):
    data = getattr(demos, name)()._repr_mimebundle_()[0]
    svg = ElementTree.fromstring(data["text/html"]).find("{http://www.w3.org/2000/svg}svg")
    assert svg.get("role") == "img"
    assert len(svg.get("aria-label")) > 20
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize("name", ["PoolingExplorer", "BackwardStepper", "RoiPooling"])
def test_a_notebook_passes_its_own_array(name):
    demo = getattr(demos, name)(np.arange(48.0).reshape(6, 8))
    assert demo.preset == "yours"
    assert demo.image[5][7] == 47


@pytest.mark.parametrize("image", [np.zeros(3), np.zeros((2, 0)), np.array([[np.nan]]), np.zeros((1, 2, 3))])
def test_images_that_cannot_be_shown_are_refused(image):
    with pytest.raises(ValueError, match="image"):
        demos.PoolingExplorer(image)


def test_settings_are_ints_or_pairs():
    demo = demos.PoolingExplorer(kernel_size=(3, 2), padding=1)
    assert (demo.kernel_size, demo.stride, demo.padding) == ([3, 2], [3, 2], [1, 1])


def test_a_box_is_cut_to_a_small_map_and_refused_outside_it():
    assert demos.RoiPooling(np.ones((3, 4))).box == [1, 1, 3, 4]
    for wrong in ({"box": [3, 0, 6, 2]}, {"box": [2, 1, 2, 3]}, {"box": [-1, 0, 2, 2]}, {"shape": (2, 0)}):
        with pytest.raises(ValueError, match="box"):
            demos.RoiPooling(np.ones((3, 4)), **wrong)


def test_an_unknown_preset_is_refused():
    with pytest.raises(KeyError):
        demos.PoolingExplorer(preset="nothing")


def test_a_training_lab_takes_two_networks_of_one_to_three_blocks():
    one = network(block(4, "blur", window=3), head="max")
    lab = demos.TrainingLab(one, one, task="spots")
    assert (lab.networks, lab.task) == ([one, one], "spots")
    for wrong in (lambda: demos.TrainingLab(one), lambda: demos.TrainingLab(one, one, task="chess")):
        with pytest.raises(TraitError):
            wrong()
    with pytest.raises(ValueError, match="one to three blocks, got 4"):
        network(*[block()] * 4)
    with pytest.raises(TypeError, match="colour"):
        block(colour="red")
