"""The whole network: PyTorch counts shapes, parameters and multiply-accumulates, and computes the logits."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn

from benchmarks.page_driver import Demo
from tests.browser.networks import rebuilt, stored

FILES = {
    ("max", "flatten"): "shift_max_flatten",
    ("average", "global maximum"): "shift_avg_gmp",
    ("stride", "flatten"): "shift_stride_flatten",
    ("none", "global maximum"): "shift_none_gmp",
}


@pytest.fixture
def demo(open_demo, addresses) -> Demo:
    return open_demo(f"{addresses['disk']}/convolution.html", "The whole network")


def rows(demo: Demo) -> list[list[str]]:
    """Return shape, parameters and MACs of each layer that has weights, in their order."""
    script = "body => [...body.children].map(row => [...row.children].slice(0, 4).map(cell => cell.textContent))"
    found = demo.root.locator("tbody").evaluate(script)
    return [[re.sub(r"\s", "", text) for text in row[1:]] for row in found if row[0].startswith(("conv", "dense"))]


def logits(demo: Demo) -> list[float]:
    row = demo.root.locator("tr", has=demo.page.get_by_role("rowheader", name="dense"))
    return [float(text.replace("−", "-")) for text in row.locator("b + span").all_inner_texts()]


def image(digit: int, side: int = 24) -> torch.Tensor:
    digits, corner = stored("digits"), (side - 8) // 2
    x = torch.zeros(1, 1, side, side, dtype=torch.float64)
    x[0, 0, corner : corner + 8, corner : corner + 8] = torch.tensor(digits["images"][digits["labels"].index(digit)])
    return x / digits["scale"]


def counted(net: nn.Module, x: torch.Tensor) -> tuple[list[list[str]], list[float]]:
    """Return what the table has to say of each layer with weights, and the logits."""
    found = []

    def look(layer: nn.Module, _: object, out: torch.Tensor) -> None:
        weights = sum(parameter.numel() for parameter in layer.parameters())
        cells = out[0, 0].numel() if out.dim() == 4 else 1
        shape = "×".join(str(n) for n in out.shape[1:])
        found.append([shape, str(weights), str(layer.get_parameter("weight").numel() * cells)])

    hooks = [layer.register_forward_hook(look) for layer in net.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    with torch.no_grad():
        out = net(x)[0].tolist()
    for hook in hooks:
        hook.remove()
    return found, out


@pytest.mark.parametrize(("pool", "head"), FILES)
def test_counts_and_logits_are_those_of_pytorch(demo, pool, head):
    demo.pick("Pool", pool)
    demo.pick("Head", head)
    demo.pick("Digit", "5")
    found, expected = counted(rebuilt(FILES[pool, head]), image(5))
    assert rows(demo) == found
    assert logits(demo) == pytest.approx(expected, abs=0.051)
    shares = torch.tensor(expected).softmax(0)
    assert f"says {shares.argmax()}, with a share of {100 * shares.max():.0f} %" in demo.said()


def test_filters_that_are_cut_away_leave_the_answer_of_the_rest(demo):
    demo.pick("Filters", "3, then 6")
    net = rebuilt("shift_max_flatten")
    first, second = [layer for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    with torch.no_grad():
        for layer, kept in ((first, 3), (second, 6)):
            layer.get_parameter("weight")[kept:] = 0
            layer.get_parameter("bias")[kept:] = 0
    assert logits(demo) == pytest.approx(counted(net, image(3))[1], abs=0.051)
    assert [row[1] for row in rows(demo)] == ["30", "168", "2170"]
    assert "cut away" in demo.said()


def test_another_image_fits_a_global_maximum_only(demo):
    demo.pick("Image", "32 × 32")
    assert "trained on 432 numbers, and an image of 32 × 32 gives it 768" in demo.fault()
    assert [row[0] for row in rows(demo)] == ["6×32×32", "12×16×16", "10"]
    demo.pick("Head", "global maximum")
    assert demo.fault() == ""
    assert logits(demo) == pytest.approx(counted(rebuilt("shift_max_gmp"), image(3, 32))[1], abs=0.051)


def test_without_pools_flatten_has_counts_and_no_network(demo):
    demo.pick("Pool", "none")
    assert "No network" in demo.fault()
    assert rows(demo)[-1] == ["10", "69130", "69120"]
