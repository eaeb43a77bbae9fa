"""The two sets of digits are what they are said to be, and no block of a writer is on both sides of a split."""

import pytest
import torch
from experiments import sets
from experiments.data import digits
from sklearn.datasets import load_digits


def rows(part):
    return {bytes(image.numpy().tobytes()) for image in part}


def where(part):
    """Return the indices of a part's images among all digits."""
    index = {image.numpy().tobytes(): number for number, image in enumerate(digits()[0])}
    return [index[image.numpy().tobytes()] for image in part]


def test_blocks_begin_where_the_digits_start_over():
    target = load_digits().target.tolist()
    starts = [at for at in sets.BLOCKS[:-1] if target[at : at + 10] == list(range(10))]
    assert len(starts) == 13
    assert target[905:915] != list(range(10))  # one form begins otherwise, ten images before its second run
    assert target[915:925] == list(range(10))


@pytest.mark.parametrize("seed", range(5))
def test_no_block_is_in_two_parts(seed):
    cut = sets.split("digits", seed, 1100)
    owners = [
        {next(b for b in range(14) if at < sets.BLOCKS[b + 1]) for at in where(part)}
        for part in (cut.x, cut.x_val, cut.x_test)
    ]
    assert [len(part) for part in owners] == [9, 2, 3]
    assert len(set.union(*owners)) == 14


def test_mnist_has_500_of_each_class_and_no_image_twice():
    x, y = sets.mnist()
    assert torch.bincount(y).tolist() == [500] * 10
    assert len(rows(x)) == 5000
    assert (float(x.min()), float(x.max())) == (0, 1)


def test_parts_of_mnist_share_no_image_and_mix_the_classes():
    cut = sets.split("mnist", 1, 3500)
    parts = [rows(part) for part in (cut.x, cut.x_val, cut.x_test)]
    assert [len(part) for part in parts] == [3500, 500, 1000]
    assert len(set.union(*parts)) == 5000
    assert min(torch.bincount(cut.y_test).tolist()) > 60


def test_smaller_images_keep_their_ink():
    whole = sets.mnist()[0].mean((1, 2, 3))
    for side in (8, 14, 20):
        small = sets.mnist(side)[0]
        assert small.shape == (5000, 1, side, side)
        assert float((small.mean((1, 2, 3)) - whole).abs().max()) < 0.01


@pytest.mark.parametrize(
    ("name", "train", "match"), [("digits", 1300, "train"), ("mnist", 3501, "train"), ("x", 1, "name")]
)
def test_what_cannot_be_had_is_refused(name, train, match):
    with pytest.raises(ValueError, match=match):
        sets.split(name, 0, train)
