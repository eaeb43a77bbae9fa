"""Seeds decide everything, the three sets of digits are disjoint, and budgets end where they say."""

import pytest
import torch
from experiments import data
from experiments.nets import Net, build, macs, parameters
from experiments.task import by_seed, classify
from experiments.train import Budget, fit, outputs

ARM = {
    "net": {"canvas": 12, "widths": [4], "down": "max"},
    "n": 60,
    "position": "random",
    "budget": {"epochs": 2},
    "seeds": 2,
}


def test_same_arm_gives_the_same_figures_twice():
    assert by_seed(ARM, classify) == by_seed(ARM, classify)


def test_another_seed_gives_another_split_and_another_start():
    one, two = data.split(0, 60), data.split(1, 60)
    assert not torch.equal(one.x_test, two.x_test)
    first = [build(Net(), seed).trunk.conv1.weight for seed in (0, 0, 1)]
    assert torch.equal(first[0], first[1])
    assert not torch.equal(first[0], first[2])


def test_training_validation_and_test_digits_are_disjoint():
    x, _ = data.digits()
    cut = data.split(3, 1197)
    together = torch.cat([cut.x, cut.x_val, cut.x_test])
    assert len(together) == len(x)
    assert sorted(together.sum((1, 2, 3)).tolist()) == sorted(x.sum((1, 2, 3)).tolist())


def test_more_training_digits_than_there_are_is_an_error():
    with pytest.raises(ValueError, match="train"):
        data.split(0, 1198)


def test_placing_keeps_every_pixel_at_its_offset():
    x = data.digits()[0][:5]
    canvases, offsets = data.scattered(x, 20, seed=4)
    for canvas, image, (row, col) in zip(canvases, x, offsets.tolist(), strict=True):
        assert torch.equal(canvas[:, row : row + 8, col : col + 8], image)
        assert canvas.sum() == pytest.approx(float(image.sum()))


def test_placing_outside_the_canvas_is_an_error():
    x = data.digits()[0][:1]
    with pytest.raises(ValueError, match="canvas"):
        data.shifted(x, 10, dy=2)


def test_training_stops_at_its_loss():
    cut = data.split(0, 60)
    net = build(Net(canvas=8, widths=(), hidden=(32,)), 0)
    ending = fit(net, cut.x, cut.y, Budget(200, loss=0.1), 0)
    assert ending.loss <= 0.1
    assert ending.epochs < 200


def test_evaluation_leaves_dropout_out():
    net = build(Net(dropout="classifier"), 0)
    x = torch.rand(4, 1, 16, 16)
    assert torch.equal(outputs(net, x), outputs(net, x))


@pytest.mark.parametrize("down", ["max", "avg", "stride", "slice", "blur", "conv", "min", "rank2", "power"])
@pytest.mark.parametrize("padding", ["zeros", "circular"])
def test_every_downsampler_halves_twice(down, padding):
    net = build(Net(down=down, padding=padding), 0)
    assert net.trunk(torch.rand(1, 1, 16, 16)).shape == (1, 24 - 8, 4, 4)


def test_parameters_and_work_of_the_books_net():
    net = build(Net(canvas=24, widths=(12, 24)), 0)
    assert parameters(net) == 11_386
    assert sum(macs(net, torch.zeros(1, 1, 24, 24)).values()) == 444_096
