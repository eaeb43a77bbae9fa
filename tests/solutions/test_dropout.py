"""The reference of the dropout assignment: exact properties, enumeration and PyTorch."""

from itertools import product

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

CASES = 2000
PLACEMENTS = (
    "none", "before_pool", "after_pool", "after_last_pool", "channel_after_pool", "before_classifier"
)  # fmt: skip


@pytest.fixture(scope="module")
def reference(solution):
    return solution("dropout")


def draw(rng, shape):
    x = rng.normal(size=shape) if rng.random() < 0.7 else rng.integers(-3, 4, shape)
    x.setflags(write=False)
    return x


def draw_p(rng):
    return float(rng.choice([0.0, 0.1, 0.5, 0.9, rng.random()]))


@pytest.mark.parametrize("name", ["dropout", "dropout2d"])
def test_output_and_mask_agree(reference, name):
    rng, function = np.random.default_rng(1), getattr(reference, name)
    for case in range(CASES):
        axes = 4 if name == "dropout2d" else rng.integers(1, 6)
        x, p = draw(rng, tuple(rng.integers(1, 5, axes))), draw_p(rng)
        out, mask = function(x, p, np.random.default_rng(case))
        assert mask.dtype == bool
        assert mask.shape == (x.shape if name == "dropout" else (*x.shape[:2], 1, 1))
        assert (out.dtype, out.shape) == (np.float64, x.shape)
        assert_allclose(out, x * mask / (1 - p), rtol=1e-12)
        again = function(x, p, np.random.default_rng(case))
        assert_array_equal(again[1], mask)


@pytest.mark.parametrize("name", ["dropout", "dropout2d"])
def test_every_mask_cell_is_kept_at_the_same_rate_and_on_its_own(reference, name):
    function, rng = getattr(reference, name), np.random.default_rng(2)
    rounds = 4000
    for p in (0.0, 0.2, 0.5, 0.9):
        masks = np.array([function(np.ones((2, 3, 2, 2)), p, rng)[1].ravel() for _ in range(rounds)])
        noise = 6 * np.sqrt(p * (1 - p) / rounds)
        assert abs(masks.mean(axis=0) - (1 - p)).max() <= noise
        together = masks.T.astype(float) @ masks / rounds - (1 - p) ** 2
        np.fill_diagonal(together, 0)
        assert abs(together).max() <= 6 * np.sqrt(((1 - p) ** 2) * (1 - (1 - p) ** 2) / rounds)


@pytest.mark.parametrize("name", ["dropout", "dropout2d"])
def test_only_the_given_generator_is_drawn_from(reference, name):
    function, x = getattr(reference, name), np.ones((2, 3, 4, 4))
    # The global generator must neither matter nor move.
    np.random.seed(0)
    first = function(x, 0.5, np.random.default_rng(7))[1]
    state = np.random.get_state()[1].copy()
    np.random.seed(1)
    assert_array_equal(function(x, 0.5, np.random.default_rng(7))[1], first)
    np.random.seed(0)
    assert_array_equal(np.random.get_state()[1], state)
    rng = np.random.default_rng(7)
    assert any((function(x, 0.5, rng)[1] != first).any() for _ in range(20))


@pytest.mark.parametrize("name", ["dropout", "dropout2d"])
def test_evaluation_returns_the_input(reference, name):
    x = np.arange(16).reshape(1, 2, 2, 4)
    out, mask = getattr(reference, name)(x, 0.7, np.random.default_rng(0), training=False)
    assert_array_equal(out, x)
    assert mask.dtype == bool
    assert mask.all()
    assert mask.shape == (x.shape if name == "dropout" else (1, 2, 1, 1))


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, np.nan])
@pytest.mark.parametrize("training", [True, False])
def test_bad_p_is_refused(reference, p, training):
    x, rng = np.ones((1, 1, 2, 2)), np.random.default_rng(0)
    for function in (reference.dropout, reference.dropout2d):
        with pytest.raises(ValueError, match="p must"):
            function(x, p, rng, training=training)
    with pytest.raises(ValueError, match="p must"):
        reference.dropout_backward(x, x > 0, p)
    with pytest.raises(ValueError, match="p must"):
        reference.expected_max_after_dropout(x, p)
    with pytest.raises(ValueError, match="p must"):
        reference.small_cnn("none", p)


@pytest.mark.parametrize("shape", [(4,), (2, 2, 2), (1, 1, 1, 1, 1)])
def test_dropout2d_refuses_other_ranks(reference, shape):
    with pytest.raises(ValueError, match="x must"):
        reference.dropout2d(np.ones(shape), 0.5, np.random.default_rng(0))


def test_backward_is_that_of_autograd(reference):
    rng = np.random.default_rng(3)
    for _ in range(CASES):
        shape = tuple(rng.integers(1, 5, rng.integers(1, 5)))
        grad_output, p = draw(rng, shape), draw_p(rng)
        mask = rng.random([n if rng.random() < 0.7 else 1 for n in shape]) >= p
        if rng.random() < 0.2:
            mask = mask.reshape(mask.shape[1:]) if mask.shape[0] == 1 else mask
        x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
        out = x * torch.tensor(mask) / (1 - p)
        (expected,) = torch.autograd.grad(out, x, torch.tensor(grad_output, dtype=torch.float64))
        got = reference.dropout_backward(grad_output, mask, p)
        assert_allclose(got, expected, rtol=1e-12)


def enumerated(window, p):
    """The expectation as a sum over all masks."""
    cells = np.ravel(window).astype(float)
    masks = np.array(list(product([0, 1], repeat=cells.size)))
    chance = np.prod(np.where(masks, 1 - p, p), axis=1)
    return chance @ (masks * cells / (1 - p)).max(axis=1)


def test_expected_max_is_the_sum_over_all_masks(reference):
    rng = np.random.default_rng(4)
    for _ in range(CASES):
        shape = ((1,), (5,), (2, 2), (1, 2, 3), (2, 4), (1, 1))[rng.integers(6)]
        window = np.abs(rng.normal(size=shape)) if rng.random() < 0.5 else rng.integers(0, 3, shape)
        window.setflags(write=False)
        p = draw_p(rng)
        got = reference.expected_max_after_dropout(window, p)
        assert isinstance(got, float)
        assert got == pytest.approx(enumerated(window, p), rel=1e-12, abs=1e-300)


def test_expected_max_at_its_limits(reference):
    assert reference.expected_max_after_dropout(np.full((2, 2), 1.0), 0.5) == 1.875
    assert reference.expected_max_after_dropout(np.zeros((3, 1)), 0.3) == 0
    assert reference.expected_max_after_dropout([2, 1], 0) == 2
    assert reference.expected_max_after_dropout(np.full(5000, 3.0), 0.5) == pytest.approx(6)


def test_expected_max_refuses_negative_activations(reference):
    with pytest.raises(ValueError, match="negative"):
        reference.expected_max_after_dropout([1, -1e-9, 2], 0.5)


def structure(placement, p, in_channels, channels, classes):
    """The layers as the assignment spells them, one placement a line."""
    drop, drop2d = ("Dropout", p), ("Dropout2d", p)
    around = {
        "none": ([], [], [], []),
        "before_pool": ([drop], [], [], []),
        "after_pool": ([], [drop], [drop], []),
        "after_last_pool": ([], [], [drop], []),
        "channel_after_pool": ([], [drop2d], [drop2d], []),
        "before_classifier": ([], [], [], [drop]),
    }
    before, after_first, after_last, at_end = around[placement]
    return [
        ("Conv2d", in_channels, channels), ("ReLU",), *before, ("MaxPool2d", 2), *after_first,
        ("Conv2d", channels, channels), ("ReLU",), *before, ("MaxPool2d", 2), *after_last,
        ("AdaptiveAvgPool2d", 1), ("Flatten",), *at_end, ("Linear", channels, classes),
    ]  # fmt: skip


def described(layer):
    name = type(layer).__name__
    if name == "Conv2d":
        assert (layer.kernel_size, layer.padding, layer.stride) == ((3, 3), (1, 1), (1, 1))
        assert layer.bias is not None
    attributes = {
        "Conv2d": ("in_channels", "out_channels"),
        "Linear": ("in_features", "out_features"),
        "MaxPool2d": ("kernel_size",),
        "AdaptiveAvgPool2d": ("output_size",),
        "Dropout": ("p",),
        "Dropout2d": ("p",),
    }
    return (name, *(getattr(layer, attribute) for attribute in attributes.get(name, ())))


def test_small_cnn_has_the_asked_layers_in_order(reference):
    rng = np.random.default_rng(5)
    for _ in range(CASES):
        placement, p = PLACEMENTS[rng.integers(6)], draw_p(rng)
        sizes = [int(v) for v in rng.integers(1, 6, 3)]
        net = reference.small_cnn(placement, p, *sizes)
        assert type(net) is torch.nn.Sequential
        assert [described(layer) for layer in net] == structure(placement, p, *sizes)


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_small_cnn_is_random_in_training_only(reference, placement):
    torch.manual_seed(0)
    net, x = reference.small_cnn(placement, in_channels=3, classes=7), torch.rand(8, 3, 12, 12)
    differs = not torch.equal(net(x), net(x))
    assert net(x).shape == (8, 7)
    assert differs == (placement != "none")
    net.eval()
    assert torch.equal(net(x), net(x))


@pytest.mark.parametrize(
    "changes", [{"placement": "everywhere"}, {"in_channels": 0}, {"channels": 0}, {"classes": 0}]
)
def test_small_cnn_refuses(reference, changes):
    with pytest.raises(ValueError, match=r"placement|at least 1"):
        reference.small_cnn(**{"placement": "none"} | changes)
