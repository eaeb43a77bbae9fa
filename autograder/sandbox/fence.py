"""What stands between a submission's process and the machine, from inside; this one is no fence at all.

The warm process forks for each request. A fence says how many processes that takes, what each of them gives up, and who
waits for the last, which runs the submission.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

if __package__:
    from .terms import BEGUN, ENDED, REQUEST, STATUS
else:  # in the sandbox, where only a few modules are mounted
    from terms import BEGUN, ENDED, REQUEST, STATUS  # type: ignore[import-not-found, no-redef]


class Request(NamedTuple):
    """A submission's process as the grader asks for it."""

    nonce: bytes
    memory: int
    scratch: int
    result: int
    filter: bytes

    @classmethod
    def of(cls, message: bytes) -> Request:
        """Read a request."""
        nonce, memory, scratch, result = REQUEST.unpack_from(message)
        return cls(nonce, memory, scratch, result, message[REQUEST.size :])


class Ends(NamedTuple):
    """What a request brought: the pipes on which a submission answers, and the socket that tells of its process."""

    control: socket.socket
    pipes: list[int]

    def begun(self, process: int) -> None:
        """Hand the grader the process whose end ends all."""
        socket.send_fds(self.control, [BEGUN], [os.pidfd_open(process)])

    def wait(self, process: int, finish: Callable[[], None] = lambda: None) -> None:
        """Wait for the end of a process, tell it, tidy up and end; without a grader it ends at once."""
        for pipe in self.pipes:
            os.close(pipe)
        held = os.pidfd_open(process)
        poll = select.poll()
        poll.register(held, select.POLLIN)
        poll.register(self.control, 0)
        while held not in (ready := dict(poll.poll())):
            if ready:  # the grader is gone, or wants no more of it
                signal.pidfd_send_signal(held, signal.SIGKILL)
                poll.unregister(self.control)
        status = os.waitpid(process, 0)[1]
        with suppress(OSError):
            self.control.send(ENDED + STATUS.pack(status))
        finish()
        os._exit(0)


class Fence:
    """No fence: only for code that is trusted."""

    # What must stay open until it is closed.
    held: frozenset[int] = frozenset()

    def __init__(self, settings: dict[str, Any]) -> None:
        """Make ready what all submissions share; ``settings`` are those that the grader's side has written."""

    def begin(self, request: Request, ends: Ends) -> None:
        """Fork; return in the submission's process only."""
        del request
        first = os.fork()
        if first:
            ends.begun(first)
            ends.wait(first)
        die_first()

    def shut(self, request: Request) -> None:
        """Give up the rest, as the last thing before the submission runs."""

    def end(self) -> None:
        """Tidy up when the grader wants no more submissions."""


def die_first() -> None:
    """Be what the kernel ends when memory does, and not the grader."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")
