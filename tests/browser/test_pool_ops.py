"""The JavaScript of the pooling demos against PyTorch, on shared random cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser
from torch.nn import functional

MODULE = Path(__file__).parents[2] / "book" / "demos" / "shared" / "pool.js"
COUNT = 600


def draw(rng: np.random.Generator) -> dict[str, Any]:
    """Draw settings that PyTorch accepts, and an image with ties."""
    operation = str(rng.choice(["max", "average", "lp"]))
    shape, kernel = rng.integers(1, 10, 2), rng.integers(1, 6, 2)
    padding = [0, 0] if operation == "lp" else [int(rng.integers(0, k // 2 + 1)) for k in kernel]
    kernel = [int(min(k, n + 2 * p)) for k, n, p in zip(kernel, shape, padding, strict=True)]
    padding = [min(p, k // 2) for p, k in zip(padding, kernel, strict=True)]
    kernel = [int(min(k, n + 2 * p)) for k, n, p in zip(kernel, shape, padding, strict=True)]
    return {
        "image": rng.integers(-3, 4, shape).astype(float).tolist(),
        "operation": operation, "kernel": kernel, "padding": padding,
        "stride": rng.integers(1, 5, 2).tolist(), "ceilMode": bool(rng.integers(2)),
        "countIncludePad": bool(rng.integers(2)), "normType": float(rng.choice([1, 2, 3, 5.5])),
    }  # fmt: skip


def judge(case: dict[str, Any], x: torch.Tensor) -> torch.Tensor:
    """Return what PyTorch gives."""
    common = {"kernel_size": case["kernel"], "stride": case["stride"], "ceil_mode": case["ceilMode"]}
    if case["operation"] == "max":
        return functional.max_pool2d(x, padding=case["padding"], **common)
    if case["operation"] == "lp":
        return functional.lp_pool2d(x.abs(), case["normType"], **common)
    return functional.avg_pool2d(x, padding=case["padding"], count_include_pad=case["countIncludePad"], **common)


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(20)
    return [draw(rng) for _ in range(COUNT)]


@pytest.fixture(scope="module")
def call(browser: Browser):
    """Return a function that maps an expression over cases in the browser, with the module in scope as `ops`."""
    page = browser.new_page()

    def run(expression: str, given: list[Any]) -> list[Any]:
        script = f"""async ([source, cases]) => {{
          const ops = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
          return cases.map((c) => {expression});
        }}"""
        return page.evaluate(script, [MODULE.read_text("utf-8"), given])

    yield run
    page.close()


def test_outputs_agree_with_pytorch(call, cases):
    for case, got in zip(cases, call("ops.pool(c.image, c)", cases), strict=True):
        expected = judge(case, torch.tensor(case["image"], dtype=torch.float64)[None, None])[0, 0]
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12, err_msg=str(case))


def test_gradients_agree_with_pytorch_when_the_first_maximum_takes_all(call, cases):
    cases = [case for case in cases if case["operation"] != "lp"]
    rng, given, expected = np.random.default_rng(21), [], []
    for case in cases:
        x = torch.tensor(case["image"], dtype=torch.float64)[None, None].requires_grad_()
        out = judge(case, x)
        upstream = torch.tensor(rng.integers(-3, 4, out.shape), dtype=torch.float64)
        out.backward(upstream)
        given.append({**case, "upstream": upstream[0, 0].tolist()})
        expected.append(x.grad[0, 0])
    got = call("ops.poolBackward(c.image, c.upstream, c, 'first')", given)
    for case, ours, theirs in zip(given, got, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12, err_msg=str(case))


def test_split_ties_conserve_the_gradient_and_all_does_not(call):
    case = {"image": [[2, 2], [2, 0]], "operation": "max", "kernel": [2, 2], "stride": [2, 2],
            "padding": [0, 0], "ceilMode": False}  # fmt: skip
    split, everyone = (call(f"ops.poolBackward(c.image, [[3]], c, '{rule}')", [case])[0] for rule in ("split", "all"))
    assert split == [[1, 1], [1, 0]]
    assert everyone == [[3, 3], [3, 0]]


def test_finite_differences_agree_with_the_gradient_where_there_is_one(call):
    case = {"image": [[1, 5, 2], [0, 3, 4]], "operation": "max", "kernel": [2, 2], "stride": [1, 1],
            "padding": [0, 0], "ceilMode": False}  # fmt: skip
    slope = call("ops.finiteDifference(c.image, [[1, 2]], c, 0, 1)", [case])[0]
    assert slope == pytest.approx({"up": 3, "down": 3, "central": 3})


def test_a_tie_has_two_slopes(call):
    case = {"image": [[1, 1]], "operation": "max", "kernel": [1, 2], "stride": [1, 1], "padding": [0, 0],
            "ceilMode": False}  # fmt: skip
    slope = call("ops.finiteDifference(c.image, [[1]], c, 0, 0)", [case])[0]
    assert slope == pytest.approx({"up": 1, "down": 0, "central": 0.5})


@pytest.mark.parametrize("operation", ["max", "average"])
def test_what_pytorch_refuses_is_called_impossible(call, operation):
    settings = [
        {"image": np.zeros((h, w)).tolist(), "operation": operation, "kernel": [k, 2], "stride": [1, 1],
         "padding": [p, 0], "ceilMode": False}
        for h in (1, 2, 4) for w in (1, 3) for k in (1, 2, 3, 5) for p in (0, 1, 2)
    ]  # fmt: skip
    for case, reason in zip(settings, call("ops.problem(c.image, c)", settings), strict=True):
        try:
            judge({**case, "countIncludePad": True}, torch.tensor(case["image"])[None, None])
        except RuntimeError:
            assert reason, case
        else:
            assert reason is None, case
