"""The JavaScript that the demos share for convolution, stacks, regions and dropout; PyTorch is the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser
from torch import nn
from torch.nn import functional

SHARED = Path(__file__).parents[2] / "book" / "demos" / "shared"
COUNT = 200

Call = Callable[[str, str, list[Any]], list[Any]]


@pytest.fixture(scope="module")
def call(browser: Browser) -> Iterator[Call]:
    """Return a function that maps an expression over cases `c`, with a shared module in scope as `ops`."""
    page = browser.new_page()

    def run(module: str, expression: str, given: list[Any]) -> list[Any]:
        script = f"""async ([source, cases]) => {{
          const ops = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
          return cases.map((c) => {expression});
        }}"""
        return page.evaluate(script, [(SHARED / f"{module}.js").read_text("utf-8"), given])

    yield run
    page.close()


def drawn_convolution(rng: np.random.Generator) -> dict[str, Any]:
    """Draw an image, a filter and settings, some of them impossible."""
    channels = int(rng.integers(1, 4))
    shape, kernel = rng.integers(1, 9, 2), rng.integers(1, 5, 2)
    return {
        "image": rng.integers(-3, 4, (channels, *shape)).tolist(),
        "weight": rng.integers(-3, 4, (channels, *kernel)).tolist(),
        "stride": rng.integers(1, 4, 2).tolist(),
        "padding": rng.integers(0, 3, 2).tolist(),
        "dilation": rng.integers(1, 4, 2).tolist(),
    }


def convolved(case: dict[str, Any]) -> torch.Tensor:
    """Return what PyTorch gives; raises ``RuntimeError`` for what it refuses."""
    image, weight = (torch.tensor(case[name], dtype=torch.float64)[None] for name in ("image", "weight"))
    settings = {name: case[name] for name in ("stride", "padding", "dilation")}
    return functional.conv2d(image, weight, **settings)[0, 0]


def test_convolutions_agree_with_pytorch_and_what_it_refuses_is_called_impossible(call):
    rng = np.random.default_rng(30)
    cases = [drawn_convolution(rng) for _ in range(COUNT)]
    expression = "ops.convProblem(c.image, c.weight, c) ?? ops.correlate(c.image, c.weight, c)"
    refused = 0
    for case, got in zip(cases, call("conv", expression, cases), strict=True):
        try:
            expected = convolved(case)
        except RuntimeError:
            assert isinstance(got, str), case
            refused += 1
        else:
            np.testing.assert_array_equal(got, expected, err_msg=str(case))
    assert 10 < refused < COUNT / 2


def test_quarter_turns_are_those_of_numpy(call):
    image = np.arange(6).reshape(2, 3)
    turns = [-5, -1, 0, 1, 2, 3, 6]
    got = call("conv", "ops.rot90(c[0], c[1])", [[image.tolist(), turn] for turn in turns])
    for turn, turned in zip(turns, got, strict=True):
        np.testing.assert_array_equal(turned, np.rot90(image, turn))


def drawn_stack(rng: np.random.Generator) -> dict[str, Any]:
    """Draw square layers over a square input, all of them possible."""
    size = int(rng.integers(10, 25))
    case: dict[str, Any] = {"input": {"size": size, "channels": int(rng.integers(1, 4))}, "layers": []}
    for _ in range(int(rng.integers(1, 5))):
        kernel = int(rng.integers(1, min(5, size) + 1))
        padding, stride = int(rng.integers(0, kernel // 2 + 1)), int(rng.integers(1, 4))
        kind = str(rng.choice(["conv", "pool"]))
        layer = {"kind": kind, "kernel": kernel, "stride": stride, "padding": padding}
        case["layers"].append(layer | {"channels": int(rng.integers(1, 5))})
        size = (size + 2 * padding - kernel) // stride + 1
    return case


def network(case: dict[str, Any], *, positive: bool) -> list[nn.Module]:
    """Return the stack in PyTorch; `positive` makes every cell that is seen count."""
    channels, layers = case["input"]["channels"], []
    for layer in case["layers"]:
        sizes = layer["kernel"], layer["stride"], layer["padding"]
        if layer["kind"] == "conv":
            conv = nn.Conv2d(channels, layer["channels"], *sizes, dtype=torch.float64)
            channels = layer["channels"]
            layers.append(conv)
            if positive:
                nn.init.ones_(conv.weight)
        else:
            layers.append(nn.AvgPool2d(*sizes))
    return layers


def test_sizes_parameters_and_multiplications_of_a_stack_are_those_of_pytorch(call):
    rng = np.random.default_rng(31)
    cases = [drawn_stack(rng) for _ in range(60)]
    for case, states in zip(cases, call("receptive", "ops.measure(c.input, c.layers)", cases), strict=True):
        x = torch.zeros(1, case["input"]["channels"], *[case["input"]["size"]] * 2, dtype=torch.float64)
        for layer, state in zip(network(case, positive=False), states[1:], strict=True):
            x = layer(x)
            parameters = sum(one.numel() for one in layer.parameters())
            weights = layer.weight.numel() if isinstance(layer, nn.Conv2d) else 0
            assert [1, state["channels"], state["size"], state["size"]] == list(x.shape)
            assert state["parameters"] == parameters
            assert state["macs"] == weights * state["size"] ** 2


def seen_rows(case: dict[str, Any], x: torch.Tensor, position: int) -> list[int]:
    """Return the first and last row with a gradient from one output; empty if its windows are all padding."""
    x.requires_grad_().grad = None
    nn.Sequential(*network(case, positive=True))(x)[0, :, position, position].sum().backward()
    return x.grad[0].abs().sum((0, 2)).nonzero().flatten()[[0, -1]].tolist() if x.grad.any() else []


def test_the_cells_that_an_output_sees_are_those_with_a_gradient(call):
    rng = np.random.default_rng(32)
    cases = [drawn_stack(rng) for _ in range(60)]
    sizes = [states[-1]["size"] for states in call("receptive", "ops.measure(c.input, c.layers)", cases)]
    cases = [case | {"at": int(rng.integers(size))} for case, size in zip(cases, sizes, strict=True)]
    spans = call("receptive", "ops.trace(c.input, c.layers, c.at)[0]", cases)
    for case, span in zip(cases, spans, strict=True):
        shape = case["input"]["channels"], *[case["input"]["size"]] * 2
        x = torch.ones(1, *shape, dtype=torch.float64)
        assert seen_rows(case, x, case["at"]) in (span, []), case


def test_field_and_jump_are_how_wide_one_output_sees_and_how_far_the_next_sees_on(call):
    rng = np.random.default_rng(36)
    cases = [drawn_stack(rng) for _ in range(20)]
    for case in cases:
        for layer in case["layers"]:
            layer["padding"] = 0
    for case, states in zip(cases, call("receptive", "ops.measure(c.input, c.layers)", cases), strict=True):
        x = torch.ones(1, case["input"]["channels"], 243, 243, dtype=torch.float64)  # four layers see 161, jump by 81
        spans = [seen_rows(case, x, position) for position in (0, 1)]
        assert spans[0] == [0, states[-1]["field"] - 1], case
        assert spans[1][0] == states[-1]["jump"], case


def test_a_stack_that_pytorch_refuses_is_called_impossible(call):
    cases = [
        {"input": {"size": size, "channels": 1},
         "layers": [{"kind": kind, "kernel": kernel, "stride": 2, "padding": padding, "channels": 1}]}
        for size, kind, kernel, padding in product((1, 2, 4), ("conv", "pool"), (1, 2, 3, 5), (0, 1, 2))
    ]  # fmt: skip
    for case, reason in zip(cases, call("receptive", "ops.stackProblem(c.input, c.layers)", cases), strict=True):
        try:
            network(case, positive=False)[0](torch.zeros(1, 1, *[case["input"]["size"]] * 2, dtype=torch.float64))
        except RuntimeError:
            assert reason, case
        else:
            assert reason is None, case


@pytest.mark.parametrize("operation", ["max", "average"])
def test_regions_are_pooled_as_adaptive_pooling_does(call, operation):
    judge = functional.adaptive_max_pool2d if operation == "max" else functional.adaptive_avg_pool2d
    rng, cases = np.random.default_rng(33), []
    for _ in range(COUNT):
        rows, columns = rng.integers(1, 10, 2)
        top, left = int(rng.integers(rows)), int(rng.integers(columns))
        bottom, right = int(rng.integers(top, rows)) + 1, int(rng.integers(left, columns)) + 1
        cases.append({
            "map": rng.integers(-9, 10, (rows, columns)).tolist(), "box": [top, left, bottom, right],
            "shape": rng.integers(1, 6, 2).tolist(), "operation": operation,
        })  # fmt: skip
    for case, got in zip(cases, call("regions", "ops.roiPool(c.map, c.box, c.shape, c.operation)", cases), strict=True):
        top, left, bottom, right = case["box"]
        crop = torch.tensor(case["map"], dtype=torch.float64)[None, None, top:bottom, left:right]
        np.testing.assert_allclose(got, judge(crop, case["shape"])[0, 0], rtol=1e-12, atol=1e-12, err_msg=str(case))


def test_the_expected_maximum_is_that_over_all_masks(call):
    rng = np.random.default_rng(34)
    cases = [{"values": rng.integers(0, 5, rng.integers(1, 7)).tolist(), "p": p} for p in (0, 0.1, 0.5, 0.9) * 10]
    for case, got in zip(cases, call("chance", "ops.expectedMax(c.values, c.p)", cases), strict=True):
        values, p = np.array(case["values"]), case["p"]
        total = sum(
            (1 - p) ** sum(mask) * p ** (len(mask) - sum(mask)) * (values * mask).max() / (1 - p)
            for mask in product((0, 1), repeat=len(values))
        )
        assert got == pytest.approx(total, rel=1e-12)


def test_masks_keep_their_share_and_channels_whole(call):
    cases = [{"p": p, "whole": whole} for p, whole in product((0, 0.2, 0.5, 0.9), (False, True))]
    masks = call("chance", "ops.drawMask([2000, 2, 2], c.p, c.whole, ops.generator(7))", cases)
    for case, mask in zip(cases, np.array(masks).reshape(len(cases), 2000, 4), strict=True):
        spread = 6 * np.sqrt(case["p"] * (1 - case["p"]) / (2000 if case["whole"] else 8000))
        assert mask.mean() == pytest.approx(1 - case["p"], abs=spread)
        alone = (mask == mask[:, :1]).all(axis=1)
        assert alone.all() == (case["whole"] or case["p"] == 0)
        if not case["whole"]:  # cells next to each other are drawn independently
            both = (mask[:, 0] & mask[:, 1]).mean()
            assert both == pytest.approx((1 - case["p"]) ** 2, abs=6 / (2 * np.sqrt(2000)))


def test_a_seed_repeats_its_draws_and_another_does_not(call):
    first, again, other = call("chance", "Array.from({ length: 50 }, ops.generator(c))", [3, 3, 4])
    assert first == again != other
    assert all(0 <= value < 1 for value in first + other)


def test_what_is_dropped_is_zero_and_the_rest_is_scaled_up(call):
    got = call("chance", "ops.drop(c, [[true, false], [false, true]], 0.75)", [[[1, 2], [3, 4]]])[0]
    assert got == [[4, 0], [0, 16]]


def test_a_histogram_counts_every_value_once_and_its_top_in_the_last_bin(call):
    values = np.random.default_rng(35).integers(0, 17, 500) / 2
    got = call("chance", "ops.histogram(c, 8, 5)", [values.tolist()])[0]
    assert got == np.histogram(values, bins=5, range=(0, 8))[0].tolist()
