"""System calls that Python has no names for, made through the C library; and the filter of those that follow.

This module is mounted in the sandbox; it imports nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import struct

if __package__:
    from .terms import ITSELF
else:  # in the sandbox
    from terms import ITSELF  # type: ignore[import-not-found, no-redef]

PARENT_DEATH, SET_DUMPABLE, SET_SECCOMP, DROP_BOUND, SET_NO_NEW_PRIVILEGES, SET_NO_HUGE_PAGES = 1, 4, 22, 24, 38, 41
FILTER_MODE = 2
CAPABILITIES_VERSION = 0x20080522
INSTRUCTION = struct.Struct("=HBBI")
LIBRARY = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def call(name: str, *arguments: object) -> None:
    """Make a system call of the C library; raise :class:`OSError` if it fails."""
    # Numbers are 64 bits wide where the kernel looks at all of them.
    wide = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    if getattr(LIBRARY, name)(*wide):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def give_up_capabilities() -> None:
    """Give up every capability that this process has, and every right that a program could gain."""
    call("capset", struct.pack("=Ii", CAPABILITIES_VERSION, 0), bytes(24))
    call("prctl", SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def take_filter(instructions: bytes) -> None:
    """Give up, for ever, the system calls that the filter does not name."""
    own = of_process(instructions, os.getpid())
    program = _Program(len(own) // INSTRUCTION.size, own)
    call("prctl", SET_SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0)


def of_process(instructions: bytes, process: int) -> bytes:
    """Return a filter in which a process has its number where the filter says :data:`terms.ITSELF`.

    >>> of_process(INSTRUCTION.pack(21, 0, 1, ITSELF), 7) == INSTRUCTION.pack(21, 0, 1, 7)
    True
    """
    return b"".join(
        INSTRUCTION.pack(*rest, process if operand == ITSELF else operand)
        for *rest, operand in INSTRUCTION.iter_unpack(instructions)
    )
