"""Frames between the grader and the sandbox: a fixed header, JSON, raw arrays. Never pickle.

A frame is ``magic, nonce, length of the JSON, length of the array bytes``, then both. Whatever arrives from
the sandbox was written by somebody who may want to harm the reader, so every length, type and shape is
checked before anything is allocated, and a frame that is off in any way raises :class:`WireError`.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

HEADER = struct.Struct("!4s16sII")
MAGIC = b"PM01"
JSON_LIMIT = 1 << 20
MAX_DIMENSIONS = 32
# Deeper trees than any function is asked for would break whatever walks them later: pickle, JSON, a page.
MAX_DEPTH, OWN_DEPTH = 16, 100
# Booleans, integers, floats and complex numbers: nothing that can hold a Python object.
KINDS = "biufc"
DTYPE = re.compile(rf"[<>|=][{KINDS}]\d{{1,2}}")


class WireError(Exception):
    """A frame that is not what the protocol says."""


def pack(message: Mapping[str, Any], nonce: bytes, *, laid_out: bool = False) -> bytes:
    """Return the frame for a message whose values are trees of plain values and arrays.

    With ``laid_out`` arrays arrive in memory as they are here: in Fortran order, backwards, read-only ...; only the
    grader's own frames ask for it.

    Raises
    ------
    TypeError
        If the tree holds something that the wire does not carry, for instance an array of objects.
    """
    chunks: list[bytes] = []
    body = json.dumps({key: _pack(value, chunks, laid_out) for key, value in message.items()}).encode()
    raw = b"".join(chunks)
    return HEADER.pack(MAGIC, nonce, len(body), len(raw)) + body + raw


def _pack(value: Any, chunks: list[bytes], laid_out: bool) -> Any:
    if value is None or (isinstance(value, (bool, int, float, str)) and not isinstance(value, np.generic)):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return _pack_array(value, chunks, laid_out)
    if isinstance(value, list):
        return [_pack(item, chunks, laid_out) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [_pack(item, chunks, laid_out) for item in value]}
    if isinstance(value, Mapping):
        pairs = (part for item in value.items() for part in item)
        packed = [_pack(part, chunks, laid_out) for part in pairs]
        return {"dict": list(zip(packed[::2], packed[1::2], strict=True))}
    if hasattr(value, "seed"):
        return {"rng": int(value.seed)}
    raise TypeError(f"a value of type {type(value).__name__} does not travel")


def _pack_array(value: Any, chunks: list[bytes], laid_out: bool) -> Any:
    array = np.asarray(value)
    if array.dtype.kind not in KINDS:
        raise TypeError(f"an array of dtype {array.dtype} does not travel")
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    chunks.append(array.tobytes())
    content = [array.dtype.str, list(array.shape), isinstance(value, np.generic)]
    if laid_out and not (array.flags.c_contiguous and array.flags.writeable):
        return {"laid": [content, [stride // array.itemsize for stride in array.strides], array.flags.writeable]}
    return {"array": content}


def read(
    receive: Callable[[int], bytes],
    nonce: bytes | None,
    limit: int,
    generator: Callable[[int], Any] | None = None,
) -> dict[str, Any]:
    """Read one frame through ``receive(count)``, which returns exactly ``count`` bytes.

    Without a ``nonce`` any will do, and is found in the message as ``echo``. ``limit`` bounds the array bytes.
    A ``generator`` makes what an ``rng`` mark stands for; only the grader's own frames hold one, or an array that
    is laid out, and of these the JSON too may grow to ``limit`` and nest deeply.

    Raises
    ------
    WireError
        If the frame is forged, too large or inconsistent.
    """
    try:
        magic, echoed, body_size, raw_size = HEADER.unpack(receive(HEADER.size))
    except struct.error as problem:
        raise WireError("the reply is cut off") from problem
    if magic != MAGIC or nonce not in (None, echoed):
        raise WireError("the reply is not one of the protocol's")
    if raw_size > limit:
        raise WireError(f"the result has more than {limit >> 20} MiB")
    if body_size > (limit if generator else JSON_LIMIT):
        raise WireError("the result has too many parts")
    body = receive(body_size)
    raw = memoryview(receive(raw_size))
    try:
        message = json.loads(body)
        reader = _Reader(raw, generator)
        result = {key: reader.value(item) for key, item in message.items()}
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
        raise WireError("the reply cannot be read") from problem
    if reader.offset != len(raw):
        raise WireError("the reply has surplus bytes")
    return result if nonce else {**result, "echo": echoed}


def stamped(frame: bytes, nonce: bytes) -> bytes:
    """Return a frame with another nonce."""
    return frame[: len(MAGIC)] + nonce + frame[len(MAGIC) + len(nonce) :]


class _Reader:
    """Turns the JSON tree back into values, taking arrays off the raw bytes in order."""

    def __init__(self, raw: memoryview, generator: Callable[[int], Any] | None) -> None:
        self.raw, self.offset, self.generator = raw, 0, generator
        self.depth = OWN_DEPTH if generator else MAX_DEPTH

    def value(self, item: Any, depth: int = 0) -> Any:
        if isinstance(item, str):
            # Half of a surrogate pair is JSON, but no file takes it.
            return item.encode(errors="backslashreplace").decode()
        if not isinstance(item, (list, dict)):
            return item
        if depth > self.depth:
            raise ValueError("too deep")
        if isinstance(item, list):
            return [self.value(part, depth + 1) for part in item]
        ((mark, content),) = item.items()
        return self.marked(mark, content, depth + 1)

    def marked(self, mark: str, content: Any, below: int) -> Any:
        match mark:
            case "array":
                return self.array(*content)
            case "tuple":
                return tuple(self.value(part, below) for part in content)
            case "dict":
                return {self.value(key, below): self.value(part, below) for key, part in content}
            case "laid" if self.generator:
                return laid(self.array(*content[0]), *content[1:])
            case "rng" if self.generator:
                return self.generator(content)
        raise ValueError(mark)

    def array(self, dtype_name: str, shape: list[int], scalar: bool) -> Any:
        if not DTYPE.fullmatch(dtype_name) or len(shape) > MAX_DIMENSIONS:
            raise ValueError(dtype_name)
        if any(type(side) is not int or side < 0 for side in shape):
            raise ValueError(shape)
        dtype = np.dtype(dtype_name)
        end = self.offset + math.prod(shape) * dtype.itemsize
        if end > len(self.raw):
            raise ValueError(shape)
        array = np.frombuffer(self.raw[self.offset : end], dtype).reshape(shape).copy()
        self.offset = end
        return array[()] if scalar else array


def laid(values: np.ndarray[Any, Any], steps: list[int], writeable: bool) -> np.ndarray[Any, Any]:
    """Return an array whose neighbours along each axis lie ``steps`` items apart in memory.

    >>> laid(np.array([[1, 2], [3, 4]]), [1, -2], True).strides
    (8, -16)
    """
    spans = [step * max(side - 1, 0) for step, side in zip(steps, values.shape, strict=True)]
    first = -sum(min(span, 0) for span in spans)
    memory = np.zeros(1 + sum(map(abs, spans)), values.dtype)
    strides = [step * values.itemsize for step in steps]
    array = np.lib.stride_tricks.as_strided(memory[first:], values.shape, strides)
    array[...] = values
    if not writeable:
        array.flags.writeable = False
    return array
