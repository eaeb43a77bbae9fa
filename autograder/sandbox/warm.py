"""The warm process in the sandbox: has imported what takes long, and becomes a confined process per submission.

It holds nothing of any submission, and no student code ever runs in it: each submission gets a fork of a fork in
namespaces of its own (user, process, mount, ipc), with an empty ``/tmp`` and a read-only ``/proc`` of its own. Its
first process there only waits. The second gives up every capability, takes the filter of system calls, and works.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import os
import resource
import selectors
import signal
import socket
import struct
import sys
from contextlib import suppress
from itertools import count

if __package__:
    from . import worker
    from .shell import Shell
    from .terms import BEGUN, ENDED, FONTS, REFUSED, REQUEST, REQUEST_BYTES, STATUS
else:  # in the sandbox, where only these modules are mounted
    import worker  # type: ignore[import-not-found, no-redef]
    from shell import Shell  # type: ignore[import-not-found, no-redef]
    from terms import (  # type: ignore[import-not-found, no-redef]
        BEGUN,
        ENDED,
        FONTS,
        REFUSED,
        REQUEST,
        REQUEST_BYTES,
        STATUS,
    )

NEW_MOUNT, NEW_USER, NEW_PROCESS, NEW_IPC = 0x00020000, 0x10000000, 0x20000000, 0x08000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS, REMOUNT, BIND = 1, 2, 4, 8, 32, 4096
SET_DUMPABLE, SET_SECCOMP, DROP_BOUND, SET_NO_NEW_PRIVILEGES, SET_NO_HUGE_PAGES = 4, 22, 24, 38, 41
FILTER_MODE = 2
CAPABILITIES_VERSION = 0x20080522


class _Program(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def main() -> None:
    """Import the packages named on the command line and fork for each request on standard input."""
    confined = sys.argv[1] == "confined"
    # The kernel keeps a huge page whole where a hand-in has given back all of it but a byte, and counts the byte.
    _call("prctl", SET_NO_HUGE_PAGES, 1, 0, 0, 0)
    # asyncio waits with whatever this is; a hand-in may not call epoll, which holds memory that no limit counts.
    selectors.DefaultSelector = selectors.PollSelector  # type: ignore[misc, assignment]
    worker.import_packages(sys.argv[2].split(","))
    shell = Shell()
    # What is imported stays: looking for garbage in it, now or later, is in vain.
    gc.freeze()
    gc.enable()
    requests = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, (*descriptors,), *_ = socket.recv_fds(requests, REQUEST_BYTES, 3)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            requests.close()
            _begin(message, descriptors, confined, shell)
        for descriptor in descriptors:
            os.close(descriptor)


def _begin(message: bytes, descriptors: list[int], confined: bool, shell: Shell) -> None:
    """Become the processes of a submission; never return."""
    control = socket.socket(fileno=descriptors.pop())
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if confined:
            _enter_namespaces()
        first = os.fork()
        if first:
            socket.send_fds(control, [BEGUN], [os.pidfd_open(first)])
            if confined:
                os._exit(0)  # the namespace's first process waits for the second
            _wait(first, descriptors, control)
        _die_first()
        if confined:
            _mount(int(REQUEST.unpack_from(message)[2]))
            _call("prctl", SET_DUMPABLE, 0, 0, 0, 0)  # the second process may not look into the first
            second = os.fork()
            if second:
                _wait(second, descriptors, control)
        os.setsid()
        if confined:
            _give_up(message[REQUEST.size :])
        control.close()
        _work(message, descriptors, shell)
    except BaseException as problem:
        control.send(REFUSED + f"{type(problem).__name__}: {problem}".encode())
    finally:
        os._exit(1)


def _enter_namespaces() -> None:
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", NEW_USER | NEW_MOUNT | NEW_PROCESS | NEW_IPC)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _die_first() -> None:
    """Be what the kernel ends when memory does, and not the grader."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _mount(scratch: int) -> None:
    """Give the namespace a ``/tmp`` and a ``/proc`` of its own; what is there of the host's becomes read-only.

    As real root may write to it: to /proc, of which only the processes are there, and to times and modes of devices.
    """
    options = f"size={scratch},mode=0700,uid={os.getuid()},gid={os.getgid()}".encode()
    _call("mount", b"tmpfs", b"/tmp", b"tmpfs", NO_SUID | NO_DEVICES, options)
    _call("mount", b"proc", b"/proc", b"proc", READ_ONLY | NO_SUID | NO_DEVICES | NO_PROGRAMS, b"subset=pid")
    for device in (b"/dev/null", b"/dev/urandom"):
        _call("mount", None, device, None, REMOUNT | BIND | READ_ONLY | NO_SUID | NO_PROGRAMS, None)
    os.chdir("/tmp")  # noqa: S108
    # matplotlib's list of fonts: without it the first plot of every student takes seconds.
    os.mkdir("/tmp/matplotlib")  # noqa: S108
    for name in os.listdir(FONTS) if os.path.isdir(FONTS) else ():
        os.symlink(f"{FONTS}/{name}", f"/tmp/matplotlib/{name}")  # noqa: S108


def _wait(process: int, descriptors: list[int], control: socket.socket) -> None:
    """Wait for the end of a process, tell it, and end."""
    for descriptor in descriptors:
        os.close(descriptor)
    while True:
        ended, status = os.wait()
        if ended == process:
            control.send(ENDED + STATUS.pack(status))
            os._exit(0)


def _give_up(instructions: bytes) -> None:
    """Give up every capability, for ever, and the system calls that the filter does not name."""
    zero = ctypes.c_ulong(0)
    for capability in count():
        if LIBRARY.prctl(DROP_BOUND, ctypes.c_ulong(capability), zero, zero, zero):
            break
    if ctypes.get_errno() != errno.EINVAL:  # else the kernel knows no more of them
        raise OSError(ctypes.get_errno(), "the capabilities could not be given up")
    _call("capset", struct.pack("=Ii", CAPABILITIES_VERSION, 0), bytes(24))
    _call("prctl", SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    program = _Program(len(instructions) // 8, instructions)
    _call("prctl", SET_SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0)


def _call(name: str, *arguments: object) -> None:
    """Make a system call of the C library; raise :class:`OSError` if it fails."""
    # Numbers are 64 bits wide where the kernel looks at all of them.
    wide = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    if getattr(LIBRARY, name)(*wide):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


LIBRARY = ctypes.CDLL(None, use_errno=True)


def _work(message: bytes, descriptors: list[int], shell: Shell) -> None:
    nonce, memory, scratch, result = REQUEST.unpack_from(message)
    source, sink = (os.fdopen(descriptor, mode) for descriptor, mode in zip(descriptors, ("rb", "wb"), strict=True))
    # What a student prints goes nowhere; of what was open before, nothing stays but the two pipes.
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor in (1, 2):
            os.dup2(0, descriptor)
        elif descriptor not in (0, *descriptors):
            with suppress(OSError):
                os.close(descriptor)
    _limit(memory, scratch)
    worker.work(source, sink, nonce, result, shell)


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
