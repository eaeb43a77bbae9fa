"""The reference of the pooling assignment against PyTorch, and every refusal that it documents."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

CASES = 2500
SPECIAL = (np.nan, np.inf, -np.inf)


@pytest.fixture(scope="module")
def reference(solution):
    return solution("pooling")


def int_or_pair(rng, low, high):
    """Sometimes an int, sometimes a pair (height, width), low <= value < high."""
    pair = tuple(int(value) for value in rng.integers(low, high, 2))
    return pair if rng.random() < 0.6 else pair[0]


def frozen(array):
    array.setflags(write=False)
    return array


def draw(rng, shape, specials=3):
    """Normal numbers, sometimes small integers (ties, signs), sometimes with special values, never writeable."""
    x = rng.normal(size=shape) if rng.random() < 0.6 else rng.integers(-3, 4, shape)
    if specials and rng.random() < 0.4:
        x = x.astype(float)
        count = rng.integers(1, specials + 1)
        x.flat[rng.integers(0, x.size, count)] = rng.choice(SPECIAL, count)
    return frozen(x)


def tensor(array, **kwargs):
    return torch.tensor(np.array(array, dtype=float), **kwargs)


def pooling_case(rng):
    """Draw an input shape and settings that every pooling accepts."""
    kernel = int_or_pair(rng, 1, 5)
    padding = tuple(int(rng.integers(k // 2 + 1)) for k in np.broadcast_to(kernel, 2))
    if rng.random() < 0.3:
        padding = min(padding)
    smallest = np.maximum(np.broadcast_to(kernel, 2) - 2 * np.broadcast_to(padding, 2), 1)
    shape = (*rng.integers(1, 4, 2), *(smallest + rng.integers(0, 7, 2)))
    stride = None if rng.random() < 0.3 else int_or_pair(rng, 1, 6)
    return tuple(int(n) for n in shape), {"kernel_size": kernel, "stride": stride, "padding": padding}


def flag(rng):
    return bool(rng.integers(2))


def assert_same(got, expected):
    assert (got.dtype, got.shape) == (np.float64, tuple(expected.shape))
    assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_max_pool2d_is_that_of_pytorch(reference):
    rng = np.random.default_rng(1)
    for _ in range(CASES):
        shape, settings = pooling_case(rng)
        x, ceil_mode = draw(rng, shape), flag(rng)
        expected = functional.max_pool2d(tensor(x), **settings, ceil_mode=ceil_mode)
        assert_same(reference.max_pool2d(x, **settings, ceil_mode=ceil_mode), expected)


def test_avg_pool2d_is_that_of_pytorch(reference):
    rng = np.random.default_rng(2)
    for _ in range(CASES):
        shape, settings = pooling_case(rng)
        settings |= {"ceil_mode": flag(rng), "count_include_pad": flag(rng)}
        x = draw(rng, shape)
        assert_same(reference.avg_pool2d(x, **settings), functional.avg_pool2d(tensor(x), **settings))


def test_lp_pool2d_is_that_of_pytorch_on_magnitudes(reference):
    rng = np.random.default_rng(3)
    for _ in range(CASES):
        shape, settings = pooling_case(rng)
        settings = {"kernel_size": settings["kernel_size"], "stride": settings["stride"]}
        sides = np.maximum(shape[2:], settings["kernel_size"])
        norm_type = float(rng.choice([0.5, 1, 2, 3, rng.uniform(0.3, 8), np.inf]))
        x = draw(rng, (*shape[:2], *sides))
        assert_same(
            reference.lp_pool2d(x, norm_type=norm_type, **settings),
            functional.lp_pool2d(tensor(x).abs(), norm_type, **settings),
        )


def draw_gradient(rng, shape):
    return draw(rng, shape, specials=2)


def test_max_pool2d_backward_is_the_gradient_of_pytorch(reference):
    rng = np.random.default_rng(4)
    for _ in range(CASES):
        shape, settings = pooling_case(rng)
        # Two NaN in one window are left open; minus infinity ties with the padding and may come in numbers.
        x = draw(rng, shape, specials=1)
        if rng.random() < 0.3:
            x = frozen(np.where(rng.random(shape) < 0.6, -np.inf, x))
        tracked = tensor(x, requires_grad=True)
        out = functional.max_pool2d(tracked, **settings)
        grad_output = draw_gradient(rng, tuple(out.shape))
        out.backward(tensor(grad_output))
        assert_same(reference.max_pool2d_backward(grad_output, x, **settings), tracked.grad)


def test_avg_pool2d_backward_is_the_gradient_of_pytorch(reference):
    rng = np.random.default_rng(5)
    for _ in range(CASES):
        shape, settings = pooling_case(rng)
        settings |= {"count_include_pad": flag(rng)}
        tracked = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
        out = functional.avg_pool2d(tracked, **settings)
        grad_output = draw_gradient(rng, tuple(out.shape))
        out.backward(tensor(grad_output))
        assert_same(reference.avg_pool2d_backward(grad_output, shape, **settings), tracked.grad)


def test_avg_pool_weight_makes_a_convolution_average(reference):
    rng = np.random.default_rng(6)
    for _ in range(2000):
        kernel, channels = int_or_pair(rng, 1, 5), int(rng.integers(1, 5))
        sides = np.broadcast_to(kernel, 2) + rng.integers(0, 6, 2)
        x = tensor(rng.normal(size=(2, channels, *sides)))
        weight = reference.avg_pool_weight(channels, kernel)
        assert weight.dtype == np.float64
        expected = functional.avg_pool2d(x, kernel)
        assert_allclose(functional.conv2d(x, tensor(weight), stride=kernel), expected, rtol=1e-9, atol=1e-12)


def test_integers_are_averaged_as_numbers(reference):
    assert_array_equal(reference.avg_pool2d(np.arange(4).reshape(1, 1, 2, 2), 2), [[[[1.5]]]])
    assert_array_equal(reference.lp_pool2d(np.array([[[[-3, 4]]]], dtype=np.int8), (1, 2)), [[[[5.0]]]])


def test_numpy_integers_serve_as_integers(reference):
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    for pool in (reference.max_pool2d, reference.avg_pool2d):
        assert_array_equal(pool(x, np.int64(2), np.array([1, 2]), [np.int32(1), 0]), pool(x, 2, (1, 2), (1, 0)))


X = np.zeros((1, 1, 4, 5))
POOLS = {
    "max_pool2d": lambda f, **kw: f(**({"x": X, "kernel_size": 2} | kw)),
    "avg_pool2d": lambda f, **kw: f(**({"x": X, "kernel_size": 2} | kw)),
    "lp_pool2d": lambda f, **kw: f(**({"x": X, "kernel_size": 2} | kw)),
    "max_pool2d_backward": lambda f, **kw: f(
        **({"grad_output": np.zeros((1, 1, 2, 2)), "x": X, "kernel_size": 2} | kw)
    ),
    "avg_pool2d_backward": lambda f, **kw: f(
        **({"grad_output": np.zeros((1, 1, 2, 2)), "x_shape": X.shape, "kernel_size": 2} | kw)
    ),
    "avg_pool_weight": lambda f, **kw: f(**({"channels": 2, "kernel_size": 2} | kw)),
}
PADDED = ("max_pool2d", "avg_pool2d", "max_pool2d_backward", "avg_pool2d_backward")
SLIDING = (*PADDED, "lp_pool2d")
BAD_PAIR = (0, -1, (2, 0), (0, 2), (1, 2, 3), 1.5, (2, 1.0), "2", np.nan)
REFUSED = [
    *[(name, "kernel_size", {"kernel_size": bad}) for name in POOLS for bad in BAD_PAIR],
    *[(name, "stride", {"stride": bad}) for name in SLIDING for bad in BAD_PAIR],
    *[(name, "padding", {"padding": bad}) for name in PADDED for bad in (-1, (0, -1), (1, 1, 1), 0.5, 2, (0, 2))],
    *[(name, "padding", {"kernel_size": (3, 4), "padding": (2, 1)}) for name in PADDED],
    *[(name, "kernel_size", {"kernel_size": bad}) for name in SLIDING for bad in (6, (5, 1), (1, 6))],
    *[(name, "kernel_size", {"kernel_size": (7, 2), "padding": (1, 0)}) for name in PADDED],
    *[(name, "kernel_size", {"kernel_size": bad, "ceil_mode": True}) for name in PADDED[:2] for bad in (5, (1, 6))],
    *[(name, "x", {"x": bad}) for name in (*PADDED[:3], "lp_pool2d") for bad in (X[0], X[None], X[0, 0], 1.0)],
    *[(name, "grad_output", {"grad_output": np.zeros(s)}) for name in PADDED[2:] for s in ((1, 2, 2), (2, 2), ())],
    *[("avg_pool2d_backward", "x_shape", {"x_shape": bad}) for bad in ((4, 5), (1, 4, 5), (1, 1, 0, 5), 4)],
    *[("lp_pool2d", "norm_type", {"norm_type": bad}) for bad in (0, -1.0, -np.inf, np.nan)],
    *[("avg_pool_weight", "channels", {"channels": bad}) for bad in (0, -1, 1.5)],
]


@pytest.mark.parametrize(("name", "argument", "bad"), REFUSED)
def test_bad_arguments_are_refused_by_name(reference, name, argument, bad):
    with pytest.raises(ValueError, match=argument):
        POOLS[name](getattr(reference, name), **bad)


@pytest.mark.parametrize("name", POOLS)
def test_what_the_refusals_are_built_on_is_legal(reference, name):
    assert np.isfinite(POOLS[name](getattr(reference, name))).all()
