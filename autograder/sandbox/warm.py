"""The warm process: has imported what takes long, and forks a confined process for each submission.

It holds nothing of any submission, and no student code ever runs in it: each submission gets a fork of it behind a
:mod:`fence`.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import selectors
import signal
import socket
import sys
from contextlib import suppress

if __package__:
    from . import kernel_calls, worker
    from .fence import Ends, Fence, Request
    from .fence_landlock import Landlock
    from .fence_namespaces import Namespaces
    from .shell import Shell
    from .terms import REFUSED, REQUEST_BYTES
else:  # where only a few modules are mounted
    import kernel_calls  # type: ignore[import-not-found, no-redef]
    import worker  # type: ignore[import-not-found, no-redef]
    from fence import Ends, Fence, Request  # type: ignore[import-not-found, no-redef]
    from fence_landlock import Landlock  # type: ignore[import-not-found, no-redef]
    from fence_namespaces import Namespaces  # type: ignore[import-not-found, no-redef]
    from shell import Shell  # type: ignore[import-not-found, no-redef]
    from terms import REFUSED, REQUEST_BYTES  # type: ignore[import-not-found, no-redef]

FENCES: dict[str, type[Fence]] = {"namespaces": Namespaces, "landlock": Landlock, "unconfined": Fence}


def main() -> None:
    """Import the packages that the settings on the command line name, and fork for each request on standard input."""
    settings = json.loads(sys.argv[1])
    # The kernel keeps a huge page whole where a hand-in has given back all of it but a byte, and counts the byte.
    kernel_calls.call("prctl", kernel_calls.SET_NO_HUGE_PAGES, 1, 0, 0, 0)
    # asyncio waits with whatever this is; a hand-in may not call epoll, which holds memory that no limit counts.
    selectors.DefaultSelector = selectors.PollSelector  # type: ignore[misc, assignment]
    worker.import_packages(settings["packages"])
    shell = Shell()
    # What is imported stays: looking for garbage in it, now or later, is in vain.
    gc.freeze()
    gc.enable()
    fence = FENCES[settings["confinement"]](settings)
    requests = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, (*descriptors,), *_ = socket.recv_fds(requests, REQUEST_BYTES, 3)
        if not message:
            fence.end()
            os._exit(0)
        if os.fork() == 0:
            requests.close()
            control = socket.socket(fileno=descriptors.pop())
            _begin(Request.of(message), Ends(control, descriptors), fence, shell)
        for descriptor in descriptors:
            os.close(descriptor)


def _begin(request: Request, ends: Ends, fence: Fence, shell: Shell) -> None:
    """Become the processes of a submission; never return."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        fence.begin(request, ends)
        os.setsid()
        _close_all_but({0, ends.control.fileno(), *ends.pipes, *fence.held})
        pipes = [_lowered(pipe) for pipe in ends.pipes]
        _limit(request.memory, request.scratch)
        fence.shut(request)
        ends.control.close()
        source, sink = (os.fdopen(pipe, mode) for pipe, mode in zip(pipes, ("rb", "wb"), strict=True))
        worker.work(source, sink, request.nonce, request.result, shell)
    except BaseException as problem:
        ends.control.send(REFUSED + f"{type(problem).__name__}: {problem}".encode())
    finally:
        os._exit(1)


def _close_all_but(kept: set[int]) -> None:
    """Close what was open before; what a student prints goes nowhere."""
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor in (1, 2):
            os.dup2(0, descriptor)
        elif descriptor not in kept:
            with suppress(OSError):
                os.close(descriptor)


def _lowered(descriptor: int) -> int:
    """Return a descriptor for the same with the lowest number that is free, below the limit that comes."""
    low = os.dup(descriptor)
    os.close(descriptor)
    return low


def _limit(memory: int, scratch: int) -> None:
    """Lower this process's own limits, hard: the address space to what it has now plus the budget."""
    with open("/proc/self/statm") as statm:
        pages = int(statm.read().split()[0])
    space = pages * resource.getpagesize() + memory
    for kind, value in (
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_FSIZE, scratch),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
        # What else the kernel keeps for a process: signals that wait, memory that stays, messages.
        (resource.RLIMIT_SIGPENDING, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(kind, (value, value))
