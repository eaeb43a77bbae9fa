"""The reference of the global pooling assignment against PyTorch and brute force, and every refusal."""

import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

CASES = 2500
SPECIAL = (np.nan, np.inf, -np.inf)


@pytest.fixture(scope="module")
def reference(solution):
    return solution("global_pooling")


def int_or_pair(rng, low, high):
    """Sometimes an int, sometimes a pair (height, width), low <= value < high."""
    pair = tuple(int(value) for value in rng.integers(low, high, 2))
    return pair if rng.random() < 0.6 else pair[0]


def draw(rng, shape):
    """Normal numbers, sometimes small integers, sometimes with special values, never writeable."""
    x = rng.normal(size=shape) if rng.random() < 0.6 else rng.integers(-3, 4, shape)
    if rng.random() < 0.4:
        x = x.astype(float)
        count = rng.integers(1, 4)
        x.flat[rng.integers(0, x.size, count)] = rng.choice(SPECIAL, count)
    x.setflags(write=False)
    return x


def draw_shape(rng):
    return tuple(int(n) for n in (*rng.integers(1, 4, 2), *rng.integers(1, 10, 2)))


def tensor(array, **kwargs):
    return torch.tensor(np.array(array, dtype=float), **kwargs)


def assert_same(got, expected):
    assert (got.dtype, got.shape) == (np.float64, tuple(expected.shape))
    assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "pool"),
    [("global_avg_pool2d", functional.adaptive_avg_pool2d), ("global_max_pool2d", functional.adaptive_max_pool2d)],
)
def test_global_pooling_is_pytorchs_adaptive_pooling_to_one_cell(reference, name, pool):
    rng = np.random.default_rng(1)
    for _ in range(CASES):
        x = draw(rng, draw_shape(rng))
        assert_same(getattr(reference, name)(x), pool(tensor(x), 1)[:, :, 0, 0])


def test_global_avg_pool2d_backward_is_the_gradient_of_pytorch(reference):
    rng = np.random.default_rng(2)
    for _ in range(CASES):
        shape = draw_shape(rng)
        grad_output = draw(rng, shape[:2])
        tracked = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
        tracked.mean((2, 3)).backward(tensor(grad_output))
        got = reference.global_avg_pool2d_backward(grad_output, shape)
        assert_same(got, tracked.grad)
        got += 1  # a result of its own, that a caller may go on with


def test_adaptive_avg_pool2d_is_that_of_pytorch(reference):
    rng = np.random.default_rng(3)
    for _ in range(CASES):
        x, output_size = draw(rng, draw_shape(rng)), int_or_pair(rng, 1, 12)
        assert_same(
            reference.adaptive_avg_pool2d(x, output_size), functional.adaptive_avg_pool2d(tensor(x), output_size)
        )


def draw_regions(rng, height, width):
    """Draw up to four regions inside an image."""
    count = int(rng.integers(0, 5))
    corners = [np.sort(rng.choice(side + 1, 2, replace=False)) for _ in range(count) for side in (height, width)]
    return np.array(corners, dtype=int).reshape(count, 2, 2).swapaxes(1, 2).reshape(count, 4)


def test_roi_max_pool_is_pytorchs_adaptive_pooling_of_each_region(reference):
    rng = np.random.default_rng(4)
    for _ in range(CASES):
        x, output_size = draw(rng, draw_shape(rng)[1:]), int_or_pair(rng, 1, 6)
        rois = draw_regions(rng, *x.shape[1:])
        got = reference.roi_max_pool(x, rois, output_size)
        assert got.shape == (len(rois), len(x), *np.broadcast_to(output_size, 2))
        for pooled, (y0, x0, y1, x1) in zip(got, rois, strict=True):
            assert_same(pooled, functional.adaptive_max_pool2d(tensor(x[:, y0:y1, x0:x1]), output_size))


def test_roi_max_pool_takes_the_maximum_of_each_bin_cell_by_cell(reference):
    rng = np.random.default_rng(5)
    for _ in range(200):
        x, (oh, ow) = rng.normal(size=draw_shape(rng)[1:]), rng.integers(1, 6, 2)
        rois = draw_regions(rng, *x.shape[1:])
        expected = np.full((len(rois), len(x), oh, ow), -np.inf)
        for r, c, i, j in np.ndindex(expected.shape):
            y0, x0, y1, x1 = rois[r]
            for y in range(y0 + i * (y1 - y0) // oh, y0 + math.ceil((i + 1) * (y1 - y0) / oh)):
                for z in range(x0 + j * (x1 - x0) // ow, x0 + math.ceil((j + 1) * (x1 - x0) / ow)):
                    expected[r, c, i, j] = max(expected[r, c, i, j], x[c, y, z])
        assert_array_equal(reference.roi_max_pool(x, rois, (oh, ow)), expected)


def test_no_regions_give_no_maxima(reference):
    for none in (np.empty((0, 4)), np.empty((0, 4), dtype=int)):
        assert reference.roi_max_pool(np.zeros((2, 3, 3)), none, 2).shape == (0, 2, 2, 2)


def test_class_activation_map_sums_the_weighted_maps(reference):
    rng = np.random.default_rng(6)
    for _ in range(CASES):
        features, classes = draw(rng, draw_shape(rng)[1:]), int(rng.integers(1, 5))
        weight = draw(rng, (classes, len(features)))
        k = int(rng.integers(classes))
        got = reference.class_activation_map(features, weight, k)
        with np.errstate(invalid="ignore"):
            expected = sum(w * plane for w, plane in zip(weight[k], features.astype(float), strict=True))
        assert_same(got, expected)


def test_mean_of_the_class_activation_map_is_the_logit_of_a_network(reference):
    rng = np.random.default_rng(7)
    for _ in range(200):
        features = rng.normal(size=draw_shape(rng)[1:])
        weight = rng.normal(size=(4, len(features)))
        logits = functional.linear(functional.adaptive_avg_pool2d(tensor(features), 1).flatten(), tensor(weight))
        maps = [reference.class_activation_map(features, weight, k) for k in range(4)]
        assert_allclose([m.mean() for m in maps], logits, rtol=1e-9, atol=1e-12)


def test_head_parameters_are_those_of_the_layer_in_pytorch(reference):
    rng = np.random.default_rng(8)
    for _ in range(2000):
        channels, height, width, classes = (int(n) for n in rng.integers(1, 6, 4))
        features = torch.zeros(1, channels, height, width)
        for head, inputs in (("flatten", features.flatten(1)), ("global", features.mean((2, 3)))):
            layer = torch.nn.Linear(inputs.shape[1], classes)
            count = reference.head_parameters(channels, height, width, classes, head)
            assert type(count) is int
            assert count == sum(p.numel() for p in layer.parameters())


X = np.zeros((1, 2, 4, 5))
LEGAL = {
    "global_avg_pool2d": {"x": X},
    "global_max_pool2d": {"x": X},
    "global_avg_pool2d_backward": {"grad_output": np.zeros((1, 2)), "x_shape": X.shape},
    "adaptive_avg_pool2d": {"x": X, "output_size": 2},
    "roi_max_pool": {"x": X[0], "rois": np.array([[0, 0, 4, 5]]), "output_size": 2},
    "class_activation_map": {"features": X[0], "weight": np.zeros((3, 2)), "class_index": 2},
    "head_parameters": {"channels": 2, "height": 3, "width": 4, "classes": 5, "head": "flatten"},
}
REGIONS = [
    *[[[0, 0, 5, 5]], [[0, 0, 4, 6]], [[-1, 0, 4, 5]], [[0, -1, 4, 5]]],  # outside
    *[[[2, 0, 2, 5]], [[0, 3, 4, 3]], [[3, 0, 2, 5]], [[0, 0, 4, 5], [0, 4, 4, 2]]],  # empty
    *[[0, 0, 4, 5], [[0, 0, 4]], [[[0, 0, 4, 5]]]],  # not of shape (R, 4)
]
REFUSED = [
    *[
        (name, "x", {"x": np.zeros(shape)})
        for name in ("global_avg_pool2d", "global_max_pool2d", "adaptive_avg_pool2d")
        for shape in ((), (4, 5), (2, 4, 5), (1, 1, 2, 4, 5))
    ],
    *[("global_avg_pool2d_backward", "grad_output", {"grad_output": np.zeros(s)}) for s in ((2,), (1, 2, 1, 1))],
    *[("global_avg_pool2d_backward", "x_shape", {"x_shape": bad}) for bad in ((4, 5), (1, 2, 0, 5), (2, 4, 5), 4)],
    *[
        (name, "output_size", {"output_size": bad})
        for name in ("adaptive_avg_pool2d", "roi_max_pool")
        for bad in (0, -1, (2, 0), (0, 2))
    ],
    *[("roi_max_pool", "x", {"x": np.zeros(shape)}) for shape in ((4, 5), (1, 2, 4, 5))],
    *[("roi_max_pool", "rois", {"rois": np.array(bad)}) for bad in REGIONS],
    *[("class_activation_map", "features", {"features": np.zeros(s)}) for s in ((4, 5), (1, 2, 4, 5))],
    *[("class_activation_map", "weight", {"weight": np.zeros(s)}) for s in ((2,), (3, 2, 1))],
    *[("class_activation_map", "class_index", {"class_index": bad}) for bad in (3, -1, 1.0, "1", [1])],
    *[
        ("head_parameters", count, {count: bad})
        for count in ("channels", "height", "width", "classes")
        for bad in (0, -1, 2.0)
    ],
    *[("head_parameters", "head", {"head": bad}) for bad in ("Flatten", "", "average", None)],
]


@pytest.mark.parametrize(("name", "argument", "bad"), REFUSED)
def test_bad_arguments_are_refused_by_name(reference, name, argument, bad):
    with pytest.raises(ValueError, match=argument):
        getattr(reference, name)(**(LEGAL[name] | bad))


@pytest.mark.parametrize("name", LEGAL)
def test_what_the_refusals_are_built_on_is_legal(reference, name):
    assert np.isfinite(getattr(reference, name)(**LEGAL[name])).all()
