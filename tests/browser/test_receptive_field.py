"""The receptive-field and cost calculator against PyTorch: shapes, parameters, and what a gradient reaches."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn

from benchmarks.page_driver import Demo


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['disk']}/convolution.html", "Receptive field and cost")


def rows(demo: Demo) -> list[list[str]]:
    """Return size, field, jump, parameters, MACs of each layer, the input first."""
    script = "body => [...body.children].map(row => [...row.children].slice(-5).map(cell => cell.textContent))"
    return [[re.sub(r"\s", "", text) for text in row] for row in demo.root.locator("tbody").evaluate(script)]


def test_sizes_parameters_and_reach_agree_with_pytorch(demo):
    demo.set("input size", 21)
    demo.set("input channels", 2)
    demo.set("kernel of layer 1", 5)
    demo.set("padding of layer 1", 2)
    demo.set("stride of layer 2", 2)
    demo.press("Add a convolution")
    demo.set("channels of layer 5", 7)
    stack = [nn.Conv2d(2, 16, 5, 1, 2), nn.Conv2d(16, 16, 3, 2, 1), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, 1, 1),
             nn.Conv2d(32, 7, 3, 1, 1)]  # fmt: skip
    x = torch.zeros(1, 2, 21, 21)
    for layer, row in zip(stack, rows(demo)[1:], strict=True):
        x = layer(x)
        assert row[0] == f"{x.shape[2]}×{x.shape[3]}"
        weights = sum(parameter.numel() for parameter in layer.parameters())
        assert row[3] == str(weights)
        macs = layer.weight.numel() * x.shape[2] * x.shape[3] if weights else 0
        assert row[4] == str(macs)
    probe = torch.rand(1, 1, 21, 21).requires_grad_()
    y = probe
    for layer in stack:  # averages, so that no path is cut off
        y = nn.functional.avg_pool2d(y, layer.kernel_size, layer.stride, layer.padding)
    position = y.shape[2] // 2
    demo.root.get_by_role("slider", name="output position").fill(str(position))
    y[0, 0, position, position].backward()
    reached = probe.grad[0, 0].abs().sum(dim=1).nonzero().flatten()
    assert f"sees input cells {reached.min()} to {reached.max()}:" in demo.text()


def test_jump_is_the_product_of_the_strides(demo):
    for _ in range(2):
        demo.press("Add a pooling")
    assert [row[2] for row in rows(demo)] == ["1", "1", "1", "2", "2", "4", "8"]
    demo.press("Remove the last")
    assert len(rows(demo)) == 6


def test_the_slider_works_by_keyboard_and_is_announced(demo):
    slider = demo.root.get_by_role("slider", name="output position")
    slider.focus()
    before = demo.said()
    slider.press("ArrowLeft")
    assert demo.said() != before
    assert demo.said().startswith("Output cell 7 sees input cells")


def test_impossible_stacks_say_why(demo):
    demo.set("input size", 4)
    demo.set("kernel of layer 4", 9)
    assert "Layer 4 has a kernel of 9" in demo.fault()
    demo.press("Reset")
    assert demo.fault() == ""
