"""What the references answer to the worked examples, a JSON file for each assignment.

It is written at release, so that a student's machine needs neither the solutions nor a sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..files import write_atomically
from ..model import Reply, Status

FOLDER = Path(__file__).parent

Replies = Mapping[str, Mapping[str, Sequence[Reply]]]


def write(assignment: str, replies: Replies, folder: Path = FOLDER) -> Path:
    """Write the replies for each question and criterion of an assignment; return the file."""
    content = {
        question: {criterion: [_to_json(reply) for reply in some] for criterion, some in criteria.items()}
        for question, criteria in replies.items()
    }
    path = folder / f"{assignment}.json"
    write_atomically(path, (json.dumps(content, separators=(",", ":")) + "\n").encode())
    return path


@cache
def _content(assignment: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{assignment}.json").read_text(encoding="utf-8"))
    return content


def functions(assignment: str) -> tuple[str, ...]:
    """Return the functions that an assignment asks for, as it was released; to load it takes longer."""
    return tuple(_content(assignment)) if (FOLDER / f"{assignment}.json").is_file() else ()


@cache
def read(assignment: str) -> Replies:
    """Return the replies for each question and criterion of an assignment."""
    content = _content(assignment)
    return {
        question: {
            criterion: [
                Reply(Status(item["status"]), _value(item["value"]), item["message"], item["refused"]) for item in items
            ]
            for criterion, items in criteria.items()
        }
        for question, criteria in content.items()
    }


def _to_json(reply: Reply) -> dict[str, Any]:
    return {
        "status": str(reply.status),
        "value": _plain(reply.value),
        "message": reply.message,
        "refused": reply.refused,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        kind = "array" if isinstance(value, np.ndarray) else "scalar"
        return {kind: np.ravel(value).tolist(), "shape": list(value.shape), "dtype": str(value.dtype)}
    if isinstance(value, tuple):
        return {"tuple": [_plain(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": {key: _plain(item) for key, item in value.items()}}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _value(item: Any) -> Any:
    match item:
        case {"array": values, "shape": shape, "dtype": dtype}:
            return np.array(values, dtype).reshape(shape)
        case {"scalar": values, "dtype": dtype}:
            return np.array(values, dtype)[0]
        case {"tuple": values}:
            return tuple(_value(value) for value in values)
        case {"dict": values}:
            return {key: _value(value) for key, value in values.items()}
        case list():
            return [_value(value) for value in item]
    return item
