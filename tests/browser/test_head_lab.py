"""The head lab: PyTorch counts the parameters and computes the logits."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['sub path']}/global_pooling.html", "Head lab")


def counts(demo: Demo) -> list[int]:
    return [int(re.sub(r"\D", "", text)) for text in demo.root.locator(".lm-bar b").all_text_contents()]


@pytest.mark.parametrize(("channels", "size", "classes"), [(16, 6, 10), (5, 3, 4), (512, 7, 1000)])
def test_parameters_are_those_of_pytorch(demo, channels, size, classes):
    demo.set("channels", channels)
    demo.set("map size", size)
    demo.set("classes", classes)
    flat = nn.Linear(channels * size * size, classes, device="meta")
    pooled = nn.Linear(channels, classes, device="meta")
    expected = [sum(p.numel() for p in layer.parameters()) for layer in (flat, pooled, pooled)]
    assert counts(demo) == expected


def test_another_input_size_fits_a_global_head_only(demo):
    assert "Impossible: maps of 8 × 8 flatten to 1024 numbers, the classifier expects 576" in demo.fault()
    demo.pick("Head", "global average")
    assert "fit too" in demo.fault()
    demo.pick("Head", "flatten")
    demo.set("map size of another input", 6)
    assert "fit too" in demo.fault()


def test_the_class_activation_map_averages_to_the_logit_of_the_network(demo, trained):
    for digit, looked in [(3, 8), (0, 0), (7, 1)]:
        demo.pick("Digit shown", str(digit))
        demo.pick("Class looked for", str(looked))
        logit = trained.logits("head", digit, (0, 0))[looked]
        shown = re.search(r"logit (−?[\d.]+)", demo.text())[1]
        assert float(shown.replace("−", "-")) == pytest.approx(logit, abs=6e-4)
        bias = trained.bias("head")[looked]
        assert demo.numbers("Class activation map").mean() + bias == pytest.approx(logit, abs=0.15)


def test_choices_work_by_keyboard_and_are_announced(demo):
    demo.root.get_by_role("radio", name="flatten").focus()
    demo.page.keyboard.press("ArrowRight")
    assert demo.said().startswith("170 parameters after global average")
    demo.press("Reset")
    assert demo.root.get_by_role("radio", name="flatten").is_checked()
    assert torch.tensor(counts(demo)).tolist() == [5770, 170, 170]
