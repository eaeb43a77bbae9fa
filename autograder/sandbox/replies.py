"""What a confined process answers, turned into the words of the grader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..model import Reply, Status

# What a worker may say of a call; how a process ended is for the grader to say.
SAYABLE = {Status.PASSED, Status.FAILED, Status.ERROR, Status.MEMORY, Status.MISSING}
TEXT_LIMIT = 2000


class SandboxEnd(Exception):
    """The confined process is over; ``status`` says how it ended."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(status, message)
        self.status, self.message = status, message


def as_reply(answer: Mapping[str, Any]) -> Reply:
    """Turn a worker's answer into a reply, believing nothing of its form; raises :class:`SandboxEnd`."""
    status, message, inputs = answer.get("status"), answer.get("message", ""), answer.get("inputs", ())
    well_formed = isinstance(status, str) and isinstance(message, str) and isinstance(inputs, tuple)
    if not well_formed or status not in SAYABLE:
        raise SandboxEnd(Status.CRASHED, "the reply is not one of the protocol's")
    refused = answer.get("refused") is True
    return Reply(Status(status), answer.get("value"), message[:TEXT_LIMIT], refused, inputs)
