"""The reference of the invariance assignment against PyTorch and brute force, and every refusal."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

CASES = 2000


@pytest.fixture(scope="module")
def reference(solution):
    return solution("invariance")


def draw(rng, shape, special=(np.nan, np.inf, -np.inf)):
    x = rng.normal(size=shape) if rng.random() < 0.6 else rng.integers(-3, 4, shape)
    if special and rng.random() < 0.3:
        x = x.astype(float)
        x.flat[rng.integers(x.size)] = rng.choice(special)
    x.setflags(write=False)
    return x


def tensor(array):
    return torch.tensor(np.array(array, dtype=float))


def int_or_pair(rng, low, high):
    pair = tuple(int(value) for value in rng.integers(low, high, 2))
    return pair if rng.random() < 0.6 else pair[0]


def shifted(x, dy, dx):
    """Zero shift, cell by cell."""
    out = np.zeros(x.shape)
    height, width = x.shape[-2:]
    for i in range(height):
        for j in range(width):
            if 0 <= i - dy < height and 0 <= j - dx < width:
                out[..., i, j] = x[..., i - dy, j - dx]
    return out


def test_shift2d_moves_cell_by_cell_or_rolls_as_pytorch(reference):
    rng = np.random.default_rng(1)
    for _ in range(CASES):
        x = draw(rng, tuple(rng.integers(1, 6, rng.integers(2, 6))))
        dy, dx = (int(v) for v in rng.integers(-8, 9, 2))
        zero = reference.shift2d(x, dy, dx)
        assert zero.dtype == np.float64
        assert_array_equal(zero, shifted(x, dy, dx))
        wrapped = reference.shift2d(x, dy, dx, mode="wrap")
        assert_array_equal(wrapped, torch.roll(tensor(x), (dy, dx), (-2, -1)))


def test_shift2d_by_nothing_is_a_copy(reference):
    x = np.ones((2, 2))
    for mode in ("zero", "wrap"):
        reference.shift2d(x, 0, 0, mode)[0, 0] = 5
    assert x[0, 0] == 1


def test_shift2d_refuses(reference):
    with pytest.raises(ValueError, match="mode"):
        reference.shift2d(np.ones((2, 2)), 1, 1, mode="reflect")
    for mode in ("zero", "wrap"):
        for array in (np.ones(3), np.float64(1)):
            with pytest.raises(ValueError, match="x must"):
                reference.shift2d(array, 1, 1, mode)


def test_shift_consistency_counts_agreeing_rows(reference):
    rng = np.random.default_rng(2)
    for _ in range(CASES):
        shape = tuple(rng.integers(1, 6, 2))
        pair = [draw(rng, shape, (np.inf, -np.inf)) for _ in range(2)]
        votes = [[list(row).index(max(row)) for row in logits] for logits in pair]
        expected = sum(a == b for a, b in zip(*votes, strict=True)) / shape[0]
        got = reference.shift_consistency(*pair)
        assert isinstance(got, float)
        assert got == pytest.approx(expected)


def test_shift_consistency_takes_nan_for_the_maximum_as_pytorch(reference):
    logits = np.array([[1.0, np.nan, 3.0]])
    assert int(torch.argmax(tensor(logits), dim=1)) == 1
    assert reference.shift_consistency(logits, [[0, 1, 0]]) == 1


@pytest.mark.parametrize("bad", [np.ones(3), np.ones((1, 2, 3))])
def test_shift_consistency_refuses_by_name(reference, bad):
    good = np.ones((3, 3))
    with pytest.raises(ValueError, match=r"^logits"):
        reference.shift_consistency(bad, good)
    with pytest.raises(ValueError, match="shifted_logits"):
        reference.shift_consistency(good, bad)


def test_binomial_kernel_is_the_box_of_two_convolved_with_itself(reference):
    """One int is all there is to draw, so every size up to 200 stands in for random cases."""
    row = np.ones(1)
    for size in range(1, 201):
        kernel = reference.binomial_kernel(size)
        assert_allclose(kernel, np.outer(row, row), rtol=1e-11)
        assert kernel.sum() == pytest.approx(1, rel=1e-12)
        row = np.convolve(row, [0.5, 0.5])


@pytest.mark.parametrize("size", [0, -1])
def test_size_below_one_is_refused(reference, size):
    x = np.ones((1, 1, 6, 6))
    with pytest.raises(ValueError, match="size"):
        reference.binomial_kernel(size)
    with pytest.raises(ValueError, match="size"):
        reference.blur_pool2d(x, size)
    with pytest.raises(ValueError, match="size"):
        reference.max_blur_pool2d(x, 2, size)


def blurred(x, size, stride):
    """Depthwise convolution by PyTorch, or None where the reflection does not fit."""
    before = (size - 1) // 2
    after = size - 1 - before
    if after >= min(x.shape[2:]):
        return None
    row = torch.ones(1, dtype=torch.float64)
    for _ in range(size - 1):
        row = functional.conv1d(row[None, None], torch.full((1, 1, 2), 0.5, dtype=torch.float64), padding=1)[0, 0]
    weight = torch.outer(row, row).expand(x.shape[1], 1, size, size)
    padded = functional.pad(x, (before, after, before, after), mode="reflect")
    return functional.conv2d(padded, weight, stride=stride, groups=x.shape[1])


def test_blur_pool2d_is_a_depthwise_convolution(reference):
    rng = np.random.default_rng(3)
    compared = 0
    while compared < CASES:
        x = draw(rng, tuple(rng.integers(1, (3, 4, 9, 9))))
        size, stride = int(rng.integers(1, 6)), int_or_pair(rng, 1, 4)
        expected = blurred(tensor(x), size, stride)
        if expected is None:
            with pytest.raises(ValueError, match="size"):
                reference.blur_pool2d(x, size, stride)
            continue
        got = reference.blur_pool2d(x, size, stride)
        assert_allclose(got, expected, rtol=1e-11, atol=1e-11)
        compared += 1


def test_max_blur_pool2d_is_dense_max_pooling_then_blur(reference):
    rng = np.random.default_rng(4)
    compared = 0
    while compared < CASES:
        x = draw(rng, tuple(rng.integers(1, (3, 4, 9, 9))))
        size, stride = int(rng.integers(1, 5)), int_or_pair(rng, 1, 4)
        kernel = int_or_pair(rng, 1, 5)
        if (np.array(x.shape[2:]) < kernel).any():
            with pytest.raises(ValueError, match="kernel_size"):
                reference.max_blur_pool2d(x, kernel, size, stride)
            continue
        expected = blurred(functional.max_pool2d(tensor(x), kernel, stride=1), size, stride)
        if expected is None:
            with pytest.raises(ValueError, match="size"):
                reference.max_blur_pool2d(x, kernel, size, stride)
            continue
        got = reference.max_blur_pool2d(x, kernel, size, stride)
        assert_allclose(got, expected, rtol=1e-11, atol=1e-11)
        compared += 1


@pytest.mark.parametrize("stride", [0, -1, (1, 0), (0, 1)])
@pytest.mark.parametrize("name", ["blur_pool2d", "max_blur_pool2d"])
def test_blurs_refuse_a_bad_stride(reference, name, stride):
    with pytest.raises(ValueError, match="stride"):
        getattr(reference, name)(np.ones((1, 1, 6, 6)), stride=stride)


@pytest.mark.parametrize("name", ["blur_pool2d", "max_blur_pool2d"])
@pytest.mark.parametrize("shape", [(6, 6), (1, 6, 6), (1, 1, 1, 6, 6)])
def test_blurs_refuse_other_ranks(reference, name, shape):
    with pytest.raises(ValueError, match="x must"):
        getattr(reference, name)(np.ones(shape))


@pytest.mark.parametrize("kernel_size", [0, (2, 0), 7, (1, 7)])
def test_max_blur_pool2d_refuses_a_bad_window(reference, kernel_size):
    with pytest.raises(ValueError, match="kernel_size"):
        reference.max_blur_pool2d(np.ones((1, 1, 6, 6)), kernel_size)


def test_rotation_pool_is_the_best_of_four_convolutions(reference):
    rng = np.random.default_rng(5)
    for _ in range(CASES):
        n, c, f, side = (int(v) for v in rng.integers(1, (4, 4, 4, 8)))
        x = draw(rng, (n, c, side, side))
        weight = draw(rng, (f, c, *[int(rng.integers(1, side + 1))] * 2))
        with np.errstate(invalid="ignore"):
            got, turned = (reference.rotation_pool(a, weight) for a in (x, np.rot90(x, axes=(2, 3))))
        filters = [torch.rot90(tensor(weight), turns, (2, 3)) for turns in range(4)]
        expected = torch.stack([functional.conv2d(tensor(x), w).amax((2, 3)) for w in filters]).amax(0)
        assert_allclose(got, expected, rtol=1e-11, atol=1e-11)
        assert_allclose(turned, got, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    ("x_shape", "weight_shape", "name"),
    [
        ((1, 4, 4), (1, 1, 2, 2), "x must"),
        ((1, 1, 4, 4), (1, 2, 2), "weight"),
        ((1, 1, 4, 5), (1, 1, 2, 2), "x must"),
        ((1, 1, 4, 4), (1, 1, 2, 3), "weight"),
        ((1, 1, 2, 2), (1, 1, 3, 3), "weight"),
    ],
)
def test_rotation_pool_refuses_by_name(reference, x_shape, weight_shape, name):
    with pytest.raises(ValueError, match=name):
        reference.rotation_pool(np.ones(x_shape), np.ones(weight_shape))
