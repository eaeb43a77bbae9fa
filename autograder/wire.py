"""Frames between the grader and the sandbox: a fixed header, JSON, raw arrays. Never pickle.

A frame is ``magic, nonce, length of the JSON, length of the array bytes``, then both. Whatever arrives from
the sandbox was written by somebody who may want to harm the reader, so every length, type and shape is
checked before anything is allocated, and a frame that is off in any way raises :class:`WireError`.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

HEADER = struct.Struct("!4s16sII")
MAGIC = b"PM01"
JSON_LIMIT = 1 << 20
MAX_DIMENSIONS = 32
# Booleans, integers, floats and complex numbers: nothing that can hold a Python object.
KINDS = "biufc"
MARKS = ("array", "tuple", "dict", "rng")


class WireError(Exception):
    """A frame that is not what the protocol says."""


class Seed:
    """What an ``rng`` mark decodes to where no generator is wanted."""

    def __init__(self, seed: int) -> None:
        self.seed = seed


def pack(message: Mapping[str, Any], nonce: bytes) -> bytes:
    """Return the frame for a message whose values are trees of plain values and arrays.

    Raises
    ------
    TypeError
        If the tree holds something that the wire does not carry, for instance an array of objects.
    """
    chunks: list[bytes] = []
    body = json.dumps({key: _pack(value, chunks) for key, value in message.items()}).encode()
    raw = b"".join(chunks)
    return HEADER.pack(MAGIC, nonce, len(body), len(raw)) + body + raw


def _pack(value: Any, chunks: list[bytes]) -> Any:
    if value is None or (isinstance(value, (bool, int, float, str)) and not isinstance(value, np.generic)):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.dtype.kind not in KINDS:
            raise TypeError(f"an array of dtype {array.dtype} does not travel")
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
        chunks.append(array.tobytes())
        return {"array": [array.dtype.str, list(array.shape), isinstance(value, np.generic)]}
    if isinstance(value, list):
        return [_pack(item, chunks) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [_pack(item, chunks) for item in value]}
    if isinstance(value, Mapping):
        return {"dict": [[_pack(key, chunks), _pack(item, chunks)] for key, item in value.items()]}
    if hasattr(value, "seed"):
        return {"rng": int(value.seed)}
    raise TypeError(f"a value of type {type(value).__name__} does not travel")


def read(
    receive: Callable[[int], bytes],
    nonce: bytes,
    limit: int,
    generator: Callable[[int], Any] = Seed,
) -> dict[str, Any]:
    """Read one frame through ``receive(count)``, which returns exactly ``count`` bytes.

    ``limit`` bounds the array bytes; ``generator`` makes what an ``rng`` mark stands for.

    Raises
    ------
    WireError
        If the frame is forged, too large or inconsistent.
    """
    magic, echoed, body_size, raw_size = HEADER.unpack(receive(HEADER.size))
    if magic != MAGIC or echoed != nonce:
        raise WireError("the reply is not one of the protocol's")
    if body_size > JSON_LIMIT or raw_size > limit:
        raise WireError(f"the result is larger than {limit >> 20} MiB")
    body = receive(body_size)
    raw = memoryview(receive(raw_size))
    try:
        message = json.loads(body)
        reader = _Reader(raw, generator)
        result = {key: reader.value(item) for key, item in message.items()}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
        raise WireError("the reply cannot be read") from problem
    if reader.offset != len(raw):
        raise WireError("the reply has surplus bytes")
    return result


class _Reader:
    """Turns the JSON tree back into values, taking arrays off the raw bytes in order."""

    def __init__(self, raw: memoryview, generator: Callable[[int], Any]) -> None:
        self.raw, self.offset, self.generator = raw, 0, generator

    def value(self, item: Any) -> Any:
        if isinstance(item, list):
            return [self.value(part) for part in item]
        if not isinstance(item, dict):
            return item
        ((mark, content),) = item.items()
        match mark:
            case "array":
                return self.array(*content)
            case "tuple":
                return tuple(self.value(part) for part in content)
            case "dict":
                return {self.value(key): self.value(part) for key, part in content}
            case "rng":
                return self.generator(content)
        raise ValueError(mark)

    def array(self, dtype_name: str, shape: list[int], scalar: bool) -> Any:
        dtype = np.dtype(dtype_name)
        if dtype.kind not in KINDS or len(shape) > MAX_DIMENSIONS:
            raise ValueError(dtype_name)
        if any(type(side) is not int or side < 0 for side in shape):
            raise ValueError(shape)
        end = self.offset + math.prod(shape) * dtype.itemsize
        if end > len(self.raw):
            raise ValueError(shape)
        array = np.frombuffer(self.raw[self.offset : end], dtype).reshape(shape).copy()
        self.offset = end
        return array[()] if scalar else array
