"""``python -m experiments.export``: train the small nets that the page's demos run, and write their weights as JSON.

Every file holds the net's description, its layers (nested lists, four significant digits), the test accuracy and this
command. Nets take an 8 x 8 digit in 0..1 on a canvas of zeros, (1, 1, canvas, canvas).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import torch
from torch import Tensor, nn

from experiments.data import scattered, shifted, split
from experiments.nets import Net, build
from experiments.train import Budget, accuracy, fit

OUTPUT = Path(__file__).parents[1] / "demos" / "weights"
COMMAND = "PYTHONPATH=book python -m experiments.export"
CANVAS = 24
SEED = 0


def short(values: Tensor) -> Any:
    """Return nested lists with four significant digits."""

    def cut(value: Any) -> Any:
        return [cut(v) for v in value] if isinstance(value, list) else float(f"{value:.4g}")

    return cut(values.tolist())


def layers(net: nn.Module) -> dict[str, Any]:
    """Return the weights and biases of every layer that has some, in order."""
    return {
        name.split(".")[-1]: {
            "weight": short(layer.weight.detach()),
            "bias": short(layer.get_parameter("bias").detach()),
        }
        for name, layer in net.named_modules()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    }


def describe(spec: Net, net: nn.Module, **more: Any) -> dict[str, Any]:
    """Return the content of a file."""
    kept = {name: getattr(spec, name) for name in ("canvas", "widths", "down", "head", "padding")}
    return {
        **kept,
        "pools": list(spec.pools or range(len(spec.widths))),
        "layers": layers(net),
        **more,
        "command": COMMAND,
    }


def shift_net(down: str, head: str) -> dict[str, Any]:
    """Train a net of the shift lab on centred digits."""
    cut, spec = split(SEED, 1100), Net(canvas=CANVAS, widths=(6, 12), down=down, head=head)
    net = build(spec, SEED)
    fit(net, shifted(cut.x, CANVAS), cut.y, Budget(30), SEED)
    centred = accuracy(net, shifted(cut.x_test, CANVAS), cut.y_test)
    anywhere = accuracy(net, scattered(cut.x_test, CANVAS, SEED)[0], cut.y_test)
    return describe(spec, net, trained="centred", test_centred=round(centred, 4), test_anywhere=round(anywhere, 4))


def head_net() -> dict[str, Any]:
    """Train the net of the head lab (global average, 12 x 12 maps) on digits anywhere on the canvas."""
    cut, spec = split(SEED, 1100), Net(canvas=CANVAS, widths=(8, 16), pools=(0,), head="gap")
    net = build(spec, SEED)

    def images(epoch: int) -> Tensor:
        return scattered(cut.x, CANVAS, epoch)[0]

    fit(net, images, cut.y, Budget(60), SEED)
    anywhere = accuracy(net, scattered(cut.x_test, CANVAS, 90_000)[0], cut.y_test)
    return describe(spec, net, trained="anywhere", test_anywhere=round(anywhere, 4))


def samples() -> dict[str, Any]:
    """Return three test digits of each class, in sixteenths, as (30, 8, 8)."""
    cut = split(SEED, 1100)
    chosen = [int(i) for label in range(10) for i in torch.nonzero(cut.y_test == label)[:3, 0]]
    return {
        "scale": 16,
        "images": (16 * cut.x_test[chosen, 0]).round().int().tolist(),
        "labels": cut.y_test[chosen].tolist(),
        "command": COMMAND,
    }


@click.command()
@click.option("--output", default=OUTPUT, type=click.Path(path_type=Path), help="Folder of the files.")
def main(output: Path) -> None:
    """Train and write the nets and digits of the demos."""
    torch.set_num_threads(1)
    output.mkdir(parents=True, exist_ok=True)
    files: dict[str, Callable[[], dict[str, Any]]] = {"digits": samples, "head_gap": head_net}
    for head in ("flatten", "gmp"):
        for down in ("none", "max", "avg", "stride", "blur"):
            if (down, head) != ("none", "flatten"):  # 70,000 weights: too large for a page
                files[f"shift_{down}_{head}"] = partial(shift_net, down, head)
    for name, make in files.items():
        path = output / f"{name}.json"
        path.write_text(json.dumps(make(), separators=(",", ":")) + "\n", encoding="utf-8")
        click.echo(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
