"""What the training lab computes, against PyTorch: every layer forwards and backwards, and how networks learn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from demos.base import bundle
from demos.training_lab import TASKS, block, digits, network
from playwright.sync_api import Browser
from torch.nn import functional

from tests.browser.lab_in_pytorch import through

Call = Callable[..., Any]
EXPORTS = (
    "Network, TASKS, Trainer, addProduct, crossEntropy, generator, lookAt, parametersOf, plain, readDigits, regions,"
    "specProblem"
)
SETTINGS = {"task": "middle", "images": 100, "noise": 0.1, "seed": 3, "rate": 0.01, "batch": 8, "shifts": True}


@pytest.fixture(scope="module")
def call(browser: Browser) -> Iterator[Call]:
    """Return a function that maps the body of a function over cases `c` in the browser, the lab's modules in scope."""
    page = browser.new_page()
    source = f"{bundle('lab/looking')}\nexport {{ {EXPORTS} }};"

    def run(body: str, given: list[Any]) -> Any:
        script = f"""async ([source, cases]) => {{
          const lab = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
          return JSON.stringify(JSON.parse(cases).map((c) => {{ {body} }})); // text passes in a tenth of the time
        }}"""
        return json.loads(page.evaluate(script, [source, json.dumps(given)]))

    yield run
    page.close()


def drawn_block(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a block that may not fit."""
    pool = str(rng.choice(["none", "max", "average", "l2", "stride", "blur", "maxblur"]))
    return block(
        int(rng.integers(4, 8)), pool, kernel=int(rng.choice([3, 5])), window=int(rng.integers(1, 5)),
        stride=int(rng.integers(1, 4)), padding=str(rng.choice(["zero", "reflect", "wrap"])), p=0.3,
        dropout=str(rng.choice(["none", "element", "channel"])), place=str(rng.choice(["before", "after"])),
    )  # fmt: skip


def drawn_network(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a network that may be impossible."""
    blocks = [drawn_block(rng) for _ in range(rng.integers(1, 4))]
    return network(*blocks, head=str(rng.choice(["flatten", "average", "max"])))


BACKWARD = """
  if (lab.specProblem(c.spec)) return lab.specProblem(c.spec);
  const network = new lab.Network(c.spec, 3, lab.generator(c.seed), lab.generator(c.seed + 1));
  network.layers[0].sendsBack = true;
  const logits = [...network.forward(Float32Array.from(c.x), c.labels.length, true)];
  const masks = network.layers.filter((layer) => layer.mask).map((layer) => [...layer.mask]);
  const { loss, gradient } = lab.crossEntropy(Float32Array.from(logits), c.labels);
  network.backward(gradient, c.labels.length);
  return { logits, masks, loss, learnt: lab.parametersOf(c.spec, 3), image: [...network.layers[0].gradient],
    values: network.parameters.map((one) => [...one.values]),
    gradients: network.parameters.map((one) => [...one.gradient]) };
"""


def test_networks_of_all_kinds_of_layers_agree_with_pytorch_forwards_and_backwards(call):
    rng = np.random.default_rng(19)
    cases = [
        {"spec": drawn_network(rng), "seed": seed, "x": rng.normal(size=2 * 256).tolist(), "labels": [0, 2]}
        for seed in range(40)
    ]
    refused = 0
    for case, got in zip(cases, call(BACKWARD, cases), strict=True):
        if isinstance(got, str):
            refused += 1
            continue
        x = torch.tensor(case["x"], dtype=torch.float32).reshape(2, 1, 16, 16).requires_grad_()
        parameters = [torch.tensor(values, dtype=torch.float32, requires_grad=True) for values in got["values"]]
        assert got["learnt"] == sum(parameter.numel() for parameter in parameters)
        masks = iter([torch.tensor(mask, dtype=torch.float32) for mask in got["masks"]])
        logits = through(x, case["spec"], parameters, masks)
        loss = functional.cross_entropy(logits, torch.tensor(case["labels"]))
        loss.backward()
        for ours, theirs in [
            (got["logits"], logits.detach().flatten()), (got["loss"], loss.detach()), (got["image"], x.grad.flatten()),
            *zip(got["gradients"], [parameter.grad for parameter in parameters], strict=True),
        ]:  # fmt: skip
            np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5, err_msg=str(case["spec"]))
    assert 5 < refused < 30


def test_python_and_the_page_know_the_same_tasks(call):
    assert call("return Object.keys(lab.TASKS)", [None]) == [list(TASKS)]


def test_dropout_drops_cells_or_whole_channels_and_keeps_the_mean(call):
    spec = [network(block(16, "none", dropout=kind, p=0.3)) for kind in ("element", "channel")]
    masks = call("""
      const network = new lab.Network(c, 3, lab.generator(1), lab.generator(2));
      network.forward(new Float32Array(256 * 9), 9, true);
      return [...network.layers.find((layer) => layer.mask).mask];
    """, spec)  # fmt: skip
    for mask, whole in zip(np.array(masks, np.float32).reshape(2, 9 * 16, 256), (False, True), strict=True):
        assert set(mask.flat) == {0, np.float32(1 / 0.7)}
        assert mask.mean() == pytest.approx(1, abs=0.15)
        assert (mask == mask[:, :1]).all() == whole


PRODUCTS = """
  const [rows, columns, depth] = c.shape;
  const [a, b, sums] = lab.regions(c.a.length, c.b.length, rows * columns);
  [a, b, sums].forEach(({ values }, i) => values.set([c.a, c.b, c.c][i]));
  const other = lab.plain();
  other.memory.set(c.a, a.at);
  other.memory.set(c.b, b.at);
  other.memory.set(c.c, sums.at);
  lab.addProduct(c.shape, [a, depth, 1], [b, columns], [sums, columns]);
  other.add(c.shape, [a.at, depth, 1], [b.at, columns], [sums.at, columns]);
  return [[...sums.values], [...other.memory.subarray(sums.at, sums.at + rows * columns)]];
"""


def test_products_are_those_of_numpy_with_vector_instructions_and_without(call):
    rng = np.random.default_rng(8)
    shapes = [(4 * i, 8 * j, k) for i in (1, 3) for j in (1, 4) for k in (1, 2, 9)]
    drawn = [[rng.normal(size=size) for size in ((m, k), (k, n), (m, n))] for m, n, k in shapes]
    cases = [
        {"shape": shape, **{name: one.flatten().tolist() for name, one in zip("abc", matrices, strict=True)}}
        for shape, matrices in zip(shapes, drawn, strict=True)
    ]
    for (a, b, c), found in zip(drawn, call(PRODUCTS, cases), strict=True):
        for one in found:
            np.testing.assert_allclose(np.reshape(one, c.shape), c + a @ b, rtol=1e-4, atol=1e-5)


FOLLOW = """
  const trainer = new lab.Trainer(c.settings, lab.readDigits(c.digits));
  const first = trainer.networks.map((one) => one.parameters.map(({ values }) => [...values]));
  const batches = [];
  const next = trainer.batch.bind(trainer);
  trainer.batch = () => {
    const { x, labels } = next();
    batches.push({ x: [...x], labels });
    return { x, labels };
  };
  const losses = Array.from({ length: c.steps }, () => trainer.step());
  return { first, batches, losses };
"""


def test_fifty_steps_from_the_same_weights_and_batches_follow_pytorch(call):
    networks = [
        network(block(8, "max"), block(16, "max")),
        network(block(4, "maxblur", padding="wrap"), block(6, "l2"), head="average"),
    ]
    case = {"settings": SETTINGS | {"networks": networks}, "digits": digits(), "steps": 50}
    got = call(FOLLOW, [case])[0]
    for index, spec in enumerate(networks):
        parameters = [torch.tensor(values, dtype=torch.float32, requires_grad=True) for values in got["first"][index]]
        adam = torch.optim.Adam(parameters, lr=SETTINGS["rate"])
        losses = []
        for batch in got["batches"]:
            x = torch.tensor(batch["x"]).reshape(-1, 1, 16, 16)
            loss = functional.cross_entropy(through(x, spec, parameters, iter(())), torch.tensor(batch["labels"]))
            adam.zero_grad()
            loss.backward()
            adam.step()
            losses.append(loss.item())
        ours = [both[index] for both in got["losses"]]
        assert min(ours) < 0.8 * ours[0]
        np.testing.assert_allclose(ours, losses, atol=1e-3)


LOOK = """
  const trainer = new lab.Trainer(c.settings, lab.readDigits(c.digits));
  const values = trainer.networks[0].parameters.map((one) => [...one.values]);
  const found = lab.lookAt(trainer, { network: 0, block: 0, image: 7, shifts: true });
  const [before, after, gradient] = ["before", "after", "gradient"].map((name) => [...found[name].values]);
  return { values, before, after, gradient, x: [...found.x], label: found.label, shifted: found.shifted[0],
    ties: found.ties, left: trainer.networks[0].parameters.map((one) => Math.max(...one.gradient)) };
"""


def test_maps_gradients_ties_and_answers_at_all_shifts_are_those_of_pytorch(call):
    spec = network(block(4, "max", padding="reflect"), head="average")
    settings = SETTINGS | {"networks": [spec, spec], "noise": 0}
    got = call(LOOK, [{"settings": settings, "digits": digits()}])[0]
    parameters = [torch.tensor(values, dtype=torch.float32) for values in got["values"]]
    x = torch.tensor(got["x"]).reshape(1, 1, 16, 16)
    weight = parameters[0].reshape(4, 1, 3, 3)
    before = functional.conv2d(functional.pad(x, (1, 1, 1, 1), mode="reflect"), weight).relu().requires_grad_()
    after = functional.max_pool2d(before, 2)
    logits = functional.linear(after.mean((2, 3)), parameters[2].reshape(10, 4), parameters[3])
    functional.cross_entropy(logits, torch.tensor([got["label"]])).backward()
    for name, theirs in (("before", before.detach()), ("after", after.detach()), ("gradient", before.grad)):
        np.testing.assert_allclose(got[name], theirs.flatten(), rtol=1e-4, atol=1e-6, err_msg=name)
    windows = before.detach().unfold(2, 2, 2).unfold(3, 2, 2).reshape(-1, 4)
    equal = (windows == windows.max(1, keepdim=True).values).sum(1) > 1
    zero = windows.max(1).values == 0
    assert got["ties"] == {"windows": 256, "ties": int(equal.sum()), "zeros": int((equal & zero).sum())}
    wide = functional.pad(x, (8, 8, 8, 8))
    moved = torch.cat([wide[..., 8 - dy : 24 - dy, 8 - dx : 24 - dx] for dy in range(-8, 9) for dx in range(-8, 9)])
    assert got["shifted"] == through(moved, spec, parameters, iter(())).argmax(1).tolist()
    assert got["left"] == [0, 0, 0, 0]
