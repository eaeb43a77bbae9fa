"""Frames carry values exactly, and refuse whatever is not one of them."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from autograder.model import Rng
from autograder.sandbox import wire

NONCE = bytes(range(16))
ARRAYS = st_numpy.arrays(
    st.sampled_from(["?", "i1", "u2", "i8", "f2", "f4", "f8", ">f8", "c16", "g"]),
    st_numpy.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
TREES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner), max_leaves=9
)


def travel(value, *, laid_out=False, **options):
    frame = wire.pack({"value": value}, NONCE, laid_out=laid_out)
    return wire.read(io.BytesIO(frame).read, NONCE, 1 << 20, **options)["value"]


def forge(content: object, raw: bytes = b"", changes=()) -> dict:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    header = {"magic": wire.MAGIC, "nonce": NONCE, "body": len(text), "raw": len(raw)} | dict(changes)
    frame = wire.HEADER.pack(*header.values()) + text + raw
    return wire.read(io.BytesIO(frame).read, NONCE, 1 << 20)


@given(ARRAYS)
def test_arrays_arrive_as_they_were(array):
    arrived = travel(array)
    assert arrived.dtype == array.dtype.newbyteorder("=")
    assert arrived.shape == array.shape
    np.testing.assert_array_equal(arrived, array)
    assert arrived.flags.writeable
    assert arrived.flags.owndata


@given(TREES)
def test_plain_values_arrive_as_they_were(tree):
    assert travel(tree) == tree


def test_scalars_keep_their_type():
    for value in (np.float32(0.1), np.int64(7), np.bool_(True), np.complex128(1j)):
        arrived = travel(value)
        assert type(arrived) is type(value)
        assert arrived == value


ARRAY = np.arange(24.0).reshape(4, 6)
VIEWS = [np.asfortranarray(ARRAY), ARRAY[::-1, ::2], ARRAY.T, np.broadcast_to(ARRAY[0], (3, 6))]


@pytest.mark.parametrize("view", VIEWS)
def test_memory_layout_does_not_matter(view):
    np.testing.assert_array_equal(travel(view), view)


@pytest.mark.parametrize("view", VIEWS)
def test_memory_layout_arrives_where_it_is_asked_for_towards_the_sandbox_only(view):
    arrived = travel(view, laid_out=True, generator=Rng)
    np.testing.assert_array_equal(arrived, view)
    assert arrived.strides == view.strides
    assert arrived.flags.writeable == view.flags.writeable
    with pytest.raises(wire.WireError):
        travel(view, laid_out=True)


def test_an_array_without_numbers_arrives_laid_out():
    assert travel(np.zeros((0, 3)).T, laid_out=True, generator=Rng).shape == (3, 0)


def test_a_generator_travels_as_its_seed_towards_the_sandbox_only():
    assert travel(Rng(5), generator=np.random.default_rng).random() == np.random.default_rng(5).random()
    with pytest.raises(wire.WireError):
        travel(Rng(5))


@pytest.mark.parametrize(
    "value", [np.array([None]), np.array(["x"]), np.array([b"x"]), np.zeros(1, "M8[s]"), {1}, b"x", object()]
)
def test_what_is_no_number_does_not_travel(value):
    with pytest.raises(TypeError, match="does not travel"):
        wire.pack({"value": value}, NONCE)


@pytest.mark.parametrize(
    "content",
    [
        ["O", [1], False], ["V8", [1], False], ["M8[s]", [1], False],
        ["<f8,<f8", [1], False], ["(9,9)<f8", [1], False],
        ["S8", [1], False], ["<U2", [1], False], ["<f3", [1], False], [None, [1], False], [{"names": ["a"]},
        [1], False],
        ["<f8", [2], False], ["<f8", [-1], False], ["<f8", [True], False], ["<f8", [1.0], False], ["<f8", ["1"], False],
        ["<f8", [1 << 62, 1 << 62], False], ["<f8", [1] * 33, False], ["<f8", [0, 1 << 70], False], ["<f8", 1, False],
        ["<f8"], "<f8", {}, None, ["<f8", [1], False, 1], ["<f8", {"a": 1}, False],
    ],
)  # fmt: skip
def test_a_forged_array_is_refused(content):
    with pytest.raises(wire.WireError):
        forge({"value": {"array": content}}, bytes(8))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff", b"[]", b"1", b'"x"', b"null", b"[" * 100_000, b'{"a": ' * 50_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        {"value": {}}, {"value": {"array": 1, "tuple": 2}}, {"value": {"pickle": "x"}}, {"value": {"tuple": 1}},
        {"value": {"dict": [[[1], 2]]}}, {"value": {"dict": [[1]]}}, {"value": {"rng": 5}}, {"value": {"rng": [1]}},
        json.loads('{"value": ' + "[" * 20 + "]" * 20 + "}"),
    ],
)  # fmt: skip
def test_a_forged_body_is_refused(body):
    with pytest.raises(wire.WireError):
        forge(body)


@pytest.mark.parametrize(
    "changes", [{"magic": b"PM00"}, {"nonce": bytes(16)}, {"raw": (1 << 20) + 1}, {"body": (1 << 20) + 1}, {}]
)
def test_a_forged_header_is_refused(changes):
    with pytest.raises(wire.WireError):
        forge({"value": 1}, b"surplus ", changes)


def test_sizes_are_checked_before_anything_is_read():
    asked = []

    def receive(count):
        asked.append(count)
        return wire.HEADER.pack(wire.MAGIC, NONCE, 2**32 - 1, 2**32 - 1)

    with pytest.raises(wire.WireError, match="more than 1 MiB"):
        wire.read(receive, NONCE, 1 << 20)
    assert asked == [wire.HEADER.size]


def test_a_frame_that_is_cut_off_is_refused():
    frame = wire.pack({"value": np.ones(3)}, NONCE)
    for length in range(len(frame)):
        with pytest.raises(wire.WireError):
            wire.read(io.BytesIO(frame[:length]).read, NONCE, 1 << 20)


def test_a_request_is_answered_under_its_own_nonce():
    frame = wire.stamped(wire.pack({"value": np.ones(2)}, NONCE), b"x" * 16)
    assert wire.read(io.BytesIO(frame).read, None, 99)["echo"] == b"x" * 16
    with pytest.raises(wire.WireError):
        wire.read(io.BytesIO(frame).read, NONCE, 99)


def test_half_a_surrogate_becomes_text_that_a_file_takes():
    travel("\ud800").encode()
