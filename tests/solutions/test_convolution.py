"""The reference of the convolution assignment against PyTorch, and every refusal that it documents."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch.nn import functional

CASES = 2000


@pytest.fixture(scope="module")
def reference(solution):
    return solution("convolution")


def int_or_pair(rng, low, high):
    """Sometimes an int, sometimes a pair (height, width), low <= value < high."""
    pair = tuple(int(value) for value in rng.integers(low, high, 2))
    return pair if rng.random() < 0.6 else pair[0]


def frozen(array):
    array.setflags(write=False)
    return array


def draw(rng, shape, special):
    """Normal numbers, sometimes small integers (ties, signs), sometimes with one special value."""
    x = rng.normal(size=shape) if rng.random() < 0.6 else rng.integers(-3, 4, shape)
    if special and rng.random() < 0.3:
        x = x.astype(float)
        x.flat[rng.integers(x.size)] = rng.choice(special)
    return frozen(x)


def tensor(array, **kwargs):
    return torch.tensor(np.array(array, dtype=float), **kwargs)


def conv_case(rng, high_dilation):
    n, c, f = rng.integers(1, 4, 3)
    padding = int_or_pair(rng, 0, 3)
    # Infinity beside padding is left open: 0 * inf depends on how a library pads.
    special = [np.nan, np.inf, -np.inf] if padding == 0 else [np.nan]
    x = draw(rng, (n, c, *rng.integers(1, 9, 2)), special)
    weight = draw(rng, (f, c, *rng.integers(1, 5, 2)), special)
    settings = {"stride": int_or_pair(rng, 1, 4), "padding": padding}
    if high_dilation > 1:
        settings["dilation"] = int_or_pair(rng, 1, high_dilation + 1)
    return x, weight, settings


def fits(x, weight, settings):
    padded = np.array(x.shape[2:]) + 2 * np.array(settings["padding"])
    return (padded > np.array(settings.get("dilation", 1)) * (np.array(weight.shape[2:]) - 1)).all()


def length_by_pytorch(arguments):
    """PyTorch convolves with any padding, and pools with at most half a window."""
    n, kernel, stride, padding, dilation, ceil_mode = arguments
    x = torch.zeros(1, n, 1)
    if not ceil_mode:
        return functional.conv1d(x.mT, torch.zeros(1, 1, kernel), None, stride, padding, dilation).shape[2]
    settings = (kernel, 1), (stride, 1), (padding, 0), (dilation, 1)
    return functional.max_pool2d(x, *settings, ceil_mode=True).shape[1]


def length_by_counting(arguments):
    """Lay one window after the other, while the last one has not reached the end."""
    n, kernel, stride, padding, dilation, ceil_mode = arguments
    windows, end = 1, dilation * (kernel - 1) + 1
    while (end := end + stride) <= n + 2 * padding:
        windows += 1
    missed = end - stride < n + 2 * padding
    return windows + (ceil_mode and missed and windows * stride < n + padding)


def test_output_size_is_that_of_pytorch(reference):
    rng = np.random.default_rng(1)
    compared = 0
    while compared < CASES:
        n, kernel, stride, dilation = (int(v) for v in rng.integers(1, (30, 8, 9, 4)))
        ceil_mode = bool(rng.random() < 0.5)
        covered = dilation * (kernel - 1) + 1
        padding = int(rng.integers(0, covered // 2 + 1 if ceil_mode else 6))
        arguments = (n, kernel, stride, padding, dilation, ceil_mode)
        if covered > n + 2 * padding:
            with pytest.raises(ValueError, match="kernel_size"):
                reference.output_size(*arguments)
            continue
        got = reference.output_size(*arguments)
        assert (type(got), got) == (int, length_by_counting(arguments)), arguments
        if not ceil_mode or padding <= kernel // 2:
            assert got == length_by_pytorch(arguments), arguments
            compared += 1


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 1), "n"),
        ((5, 0), "kernel_size"),
        ((5, 2, 0), "stride"),
        ((5, 2, 1, -1), "padding"),
        ((5, 2, 1, 0, 0), "dilation"),
        ((5, 6), "kernel_size"),
        ((5, 6, 1, 0, 1, True), "kernel_size"),
        ((5, 3, 1, 0, 3), "kernel_size"),
    ],
)
def test_output_size_refuses_by_name(reference, arguments, name):
    with pytest.raises(ValueError, match=name):
        reference.output_size(*arguments)


def test_output_size_takes_no_stride_for_the_window(reference):
    assert reference.output_size(9, 3, None) == 3


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_conv2d_is_that_of_pytorch(reference):
    rng = np.random.default_rng(2)
    compared = 0
    while compared < CASES:
        x, weight, settings = conv_case(rng, high_dilation=3)
        bias = draw(rng, len(weight), []) if rng.random() < 0.5 else None
        if not fits(x, weight, settings):
            with pytest.raises(ValueError, match="weight"):
                reference.conv2d(x, weight, bias, **settings)
            continue
        offset = None if bias is None else tensor(bias)
        expected = functional.conv2d(tensor(x), tensor(weight), offset, **settings)
        got = reference.conv2d(x, weight, bias, **settings)
        assert got.dtype == np.float64
        assert_allclose(got, expected, rtol=1e-10, atol=1e-10, err_msg=repr(settings))
        compared += 1


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_conv2d_backward_is_that_of_autograd(reference):
    rng = np.random.default_rng(3)
    compared = 0
    while compared < CASES:
        x, weight, settings = conv_case(rng, high_dilation=1)
        if not fits(x, weight, settings):
            with pytest.raises(ValueError, match="weight"):
                reference.conv2d_backward(np.ones((1, 1, 1, 1)), x, weight, **settings)
            continue
        inputs = [tensor(array, requires_grad=True) for array in (x, weight, np.zeros(len(weight)))]
        out = functional.conv2d(*inputs, **settings)
        grad_output = draw(rng, tuple(out.shape), [np.nan])
        expected = torch.autograd.grad(out, inputs, tensor(grad_output))
        got = reference.conv2d_backward(grad_output, x, weight, **settings)
        for ours, theirs in zip(got, expected, strict=True):
            assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=repr(settings))
        compared += 1


X, WEIGHT, BIAS = np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2)), np.ones(1)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"x": X[0]}, "x"),
        ({"x": X[None]}, "x"),
        ({"weight": WEIGHT[0]}, "weight"),
        ({"bias": np.ones((1, 1))}, "bias"),
        ({"bias": np.float64(1)}, "bias"),
        ({"weight": np.ones((1, 1, 5, 1))}, "weight"),
        ({"weight": np.ones((1, 1, 1, 5))}, "weight"),
        ({"stride": 0}, "stride"),
        ({"stride": (1, 0)}, "stride"),
        ({"stride": (1, 1, 1)}, "stride"),
        ({"padding": -1}, "padding"),
        ({"padding": (-1, 0)}, "padding"),
        ({"dilation": 0}, "dilation"),
        ({"dilation": (1, 0)}, "dilation"),
        ({"dilation": 4}, "weight"),
    ],
)
def test_conv2d_refuses_by_name(reference, changes, name):
    with pytest.raises(ValueError, match=name):
        reference.conv2d(**{"x": X, "weight": WEIGHT, "bias": BIAS} | changes)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"grad_output": np.ones((3, 3))}, "grad_output"),
        ({"x": X[0]}, "x"),
        ({"weight": WEIGHT[0]}, "weight"),
        ({"weight": np.ones((1, 1, 5, 1))}, "weight"),
        ({"stride": 0}, "stride"),
        ({"stride": (0, 1)}, "stride"),
        ({"padding": -1}, "padding"),
        ({"padding": (0, -1)}, "padding"),
    ],
)
def test_conv2d_backward_refuses_by_name(reference, changes, name):
    with pytest.raises(ValueError, match=name):
        reference.conv2d_backward(
            **{"grad_output": np.ones((1, 1, 3, 3)), "x": X, "weight": WEIGHT} | changes
        )


def test_receptive_field_is_the_support_of_a_gradient(reference):
    rng = np.random.default_rng(4)
    for _ in range(CASES):
        layers = [tuple(int(v) for v in rng.integers(1, (5, 4))) for _ in range(rng.integers(0, 5))]
        x = torch.ones(1, 1, 300, dtype=torch.float64, requires_grad=True)
        out = x * 1
        for kernel, stride in layers:
            out = functional.conv1d(out, torch.ones(1, 1, kernel, dtype=torch.float64), stride=stride)
        seen = [
            torch.autograd.grad(out[0, 0, at], x, retain_graph=True)[0].flatten().nonzero().flatten()
            for at in (0, 1)
        ]
        size, jump = int(seen[0][-1] - seen[0][0]) + 1, int(seen[1][0] - seen[0][0])
        assert reference.receptive_field(layers) == (size, jump), layers


@pytest.mark.parametrize(
    ("layers", "name"), [([(0, 1)], "kernel_size"), ([(3, 1), (2, 0)], "stride"), ([(-1, 2)], "kernel_size")]
)
def test_receptive_field_refuses_by_name(reference, layers, name):
    with pytest.raises(ValueError, match=name):
        reference.receptive_field(layers)


def test_conv2d_cost_counts_what_pytorch_stores_and_multiplies(reference):
    rng = np.random.default_rng(5)
    for _ in range(CASES):
        c, f = (int(v) for v in rng.integers(1, 5, 2))
        kernel, size = int_or_pair(rng, 1, 5), int_or_pair(rng, 1, 6)
        bias = bool(rng.random() < 0.5)
        layer = torch.nn.Conv2d(c, f, kernel, bias=bias, dtype=torch.float64)
        parameters = sum(parameter.numel() for parameter in layer.parameters())
        # With ones everywhere each output counts the products that were added up for it.
        image = np.ones(2, dtype=int) * size + np.ones(2, dtype=int) * kernel - 1
        macs = functional.conv2d(torch.ones(1, c, *map(int, image)), torch.ones(layer.weight.shape)).sum()
        assert reference.conv2d_cost(c, f, kernel, size, bias) == (parameters, int(macs))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 1, 1, 1), "in_channels"),
        ((1, 0, 1, 1), "out_channels"),
        ((1, 1, 0, 1), "kernel_size"),
        ((1, 1, (1, 0), 1), "kernel_size"),
        ((1, 1, 1, 0), "output_size"),
        ((1, 1, 1, (0, 1)), "output_size"),
    ],
)
def test_conv2d_cost_refuses_by_name(reference, arguments, name):
    with pytest.raises(ValueError, match=name):
        reference.conv2d_cost(*arguments)
