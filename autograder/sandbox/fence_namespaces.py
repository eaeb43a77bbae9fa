"""The fence of namespaces from inside: each submission gets some of its own, in those that bubblewrap made for all.

Of its namespaces (user, process, mount, ipc) the first process only waits. The second gives up every capability, takes
the filter of system calls, and works; ``/tmp`` is empty and its own, ``/proc`` read-only and its own.
"""

from __future__ import annotations

import ctypes
import errno
import os
from itertools import count

if __package__:
    from . import kernel_calls
    from .fence import Ends, Fence, Request, die_first
    from .terms import FONTS
else:  # in the sandbox, where only a few modules are mounted
    import kernel_calls  # type: ignore[import-not-found, no-redef]
    from fence import Ends, Fence, Request, die_first  # type: ignore[import-not-found, no-redef]
    from terms import FONTS  # type: ignore[import-not-found, no-redef]

NEW_MOUNT, NEW_USER, NEW_PROCESS, NEW_IPC = 0x00020000, 0x10000000, 0x20000000, 0x08000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS, REMOUNT, BIND = 1, 2, 4, 8, 32, 4096


class Namespaces(Fence):
    """Forks a fork into namespaces."""

    def begin(self, request: Request, ends: Ends) -> None:
        """Become the second process of namespaces; what is left outside tells of the first."""
        _enter()
        first = os.fork()
        if first:
            ends.begun(first)
            os._exit(0)
        die_first()
        _mount(request.scratch)
        # The second process may not look into the first.
        kernel_calls.call("prctl", kernel_calls.SET_DUMPABLE, 0, 0, 0, 0)
        second = os.fork()
        if second:
            ends.wait(second)

    def shut(self, request: Request) -> None:
        """Give up every capability, for ever, and the system calls that the filter does not name."""
        zero = ctypes.c_ulong(0)
        for capability in count():
            if kernel_calls.LIBRARY.prctl(kernel_calls.DROP_BOUND, ctypes.c_ulong(capability), zero, zero, zero):
                break
        if ctypes.get_errno() != errno.EINVAL:  # else the kernel knows no more of them
            raise OSError(ctypes.get_errno(), "the capabilities could not be given up")
        kernel_calls.give_up_capabilities()
        kernel_calls.take_filter(request.filter)


def _enter() -> None:
    uid, gid = os.getuid(), os.getgid()
    kernel_calls.call("unshare", NEW_USER | NEW_MOUNT | NEW_PROCESS | NEW_IPC)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _mount(scratch: int) -> None:
    """Give the namespace a ``/tmp`` and a ``/proc`` of its own; what is there of the host's becomes read-only.

    As real root may write to it: to /proc, of which only the processes are there, and to times and modes of devices.
    """
    options = f"size={scratch},mode=0700,uid={os.getuid()},gid={os.getgid()}".encode()
    mount = kernel_calls.call
    mount("mount", b"tmpfs", b"/tmp", b"tmpfs", NO_SUID | NO_DEVICES, options)
    mount("mount", b"proc", b"/proc", b"proc", READ_ONLY | NO_SUID | NO_DEVICES | NO_PROGRAMS, b"subset=pid")
    for device in (b"/dev/null", b"/dev/urandom"):
        mount("mount", None, device, None, REMOUNT | BIND | READ_ONLY | NO_SUID | NO_PROGRAMS, None)
    os.chdir("/tmp")  # noqa: S108
    # matplotlib's list of fonts: without it the first plot of every student takes seconds.
    os.mkdir("/tmp/matplotlib")  # noqa: S108
    for name in os.listdir(FONTS) if os.path.isdir(FONTS) else ():
        os.symlink(f"{FONTS}/{name}", f"/tmp/matplotlib/{name}")  # noqa: S108
