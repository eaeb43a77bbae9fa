"""The system calls that a hand-in may make: everything else is refused, whatever it would do.

The list names what NumPy, matplotlib, IPython and PyTorch were seen to need while all references, variants and
oddities were graded (``python -m benchmarks.system_calls`` tells what is seen, and what is refused), and what the same
C functions call on another architecture. Calls that reach further than this process are allowed with harmless
arguments only.

A call below :data:`FIRST_NEW` answers that it is not permitted; any other, among them whatever a kernel will bring,
that there is no such call, as an older kernel would: the C library then falls back on an older one. A call that is not
of this machine's own kind (32-bit programs on x86-64) ends the process.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import socket
import struct
import tempfile
import termios
from collections.abc import Iterator
from typing import Any, NamedTuple

from .terms import ITSELF

ALLOWED = (
    # Files: what is writable is the sandbox's own /tmp. No links, no modes, no times, no attributes, no locks.
    "open openat close read pread64 readv preadv write pwrite64 writev pwritev lseek truncate ftruncate "
    "stat lstat fstat newfstatat statx access faccessat readlink readlinkat getdents getdents64 getcwd chdir fchdir "
    "rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir umask dup dup2 dup3 "
    # Memory, as far as the address space goes.
    "brk munmap mprotect msync "
    # The clock, and waiting: asyncio waits with poll, see :mod:`warm`.
    "clock_gettime clock_getres gettimeofday time times getrusage clock_nanosleep nanosleep "
    "alarm getitimer setitimer poll ppoll select pselect6 sched_yield "
    # Itself: its signals, its end, its numbers.
    "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall exit exit_group "
    "getpid getppid gettid getpgrp getpgid getuid geteuid getgid getegid uname sched_getaffinity getcpu getrandom "
    # asyncio's pair of sockets.
    "getsockname"
)
# Where files are counted from outside, on a disk of the host's, none may vanish from sight: to remove one seems to
# work; to rename one, or to shorten it by its name, which old versions of Landlock do not know, is refused.
SEEMS_TO_WORK = "unlink unlinkat rmdir"
UNCOUNTABLE = "rename renameat renameat2 truncate open openat"
# From here on (Linux 5.1) every architecture counts alike. Among these are clone3, io_uring, the new mounts,
# process_madvise, memfd_secret, fchmodat2. None of them is needed, and each has an elder that the C library knows.
FIRST_NEW = 424
# Linux's own numbers, where Python has no name for them. These are the same on x86-64 and on arm64.
MAP_LOCKED, MAP_HUGETLB = 0x2000, 0x40000
NAMELESS_FILE = 0o20000000
WAIT, WAKE, WAIT_BITSET, WAKE_BITSET, PRIVATE, REALTIME = 0, 1, 9, 10, 128, 256
INT = 0xFFFFFFFF
LONG = 0xFFFFFFFFFFFFFFFF

LOAD_NUMBER, JUMP_IF_BELOW, RETURN = 0x20, 0x35, 0x06
RETURN_ERRNO = 0x00050000


class Allowed(NamedTuple):
    """A call that is allowed where the bits ``mask`` of the argument at ``place`` are ``value``."""

    name: str
    place: int
    value: int
    mask: int = INT  # of an int the kernel, too, looks at these bits only


def restricted() -> Iterator[Allowed]:
    """Yield the calls that are allowed with some arguments only."""
    # No locks, leases, owners of signals, sizes of pipes: the kernel's memory, or other processes.
    for command in (fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL):
        yield Allowed("fcntl", 1, command)
    for command in (termios.TCGETS, termios.TIOCGWINSZ, termios.FIOCLEX, termios.FIONCLEX, termios.FIONBIO):
        yield Allowed("ioctl", 1, command)
    # What gives memory back. Huge pages are refused: the kernel keeps them whole where a part is left.
    for advice in (mmap.MADV_DONTNEED, mmap.MADV_FREE):
        yield Allowed("madvise", 2, advice)
    # Memory of its own, or a file's. Of shared memory without a file all stays while a page of it is mapped.
    for without in (mmap.MAP_SHARED, mmap.MAP_ANONYMOUS):
        yield Allowed("mmap", 3, 0, without | MAP_LOCKED | MAP_HUGETLB)
    yield Allowed("mremap", 3, 0, LONG ^ 1)  # may move, to where the kernel likes
    for operation in (WAIT, WAKE, WAIT_BITSET, WAKE_BITSET):
        yield Allowed("futex", 1, operation, INT ^ PRIVATE ^ REALTIME)
    # Itself, and no other process.
    yield Allowed("prlimit64", 0, 0)
    yield Allowed("kill", 0, ITSELF)
    yield Allowed("tgkill", 0, ITSELF)
    yield Allowed("socketpair", 0, socket.AF_UNIX)


def countable_files() -> Iterator[Allowed]:
    """Yield how files may be opened where all that is written must stay in sight.

    They have names; and what is only read is not emptied, which old versions of Landlock do not ask about.
    """
    for name, place in (("open", 1), ("openat", 2)):
        yield Allowed(name, place, 0, NAMELESS_FILE | os.O_TRUNC)
        for how in (os.O_WRONLY, os.O_RDWR):
            yield Allowed(name, place, how, NAMELESS_FILE | os.O_ACCMODE)


def program(seccomp: Any, architecture: Any = None, *, countable: bool = False) -> bytes:
    """Return the filter as the kernel reads it, made by the module ``seccomp``, for this machine or for another.

    Calls that the architecture does not have are left out. With ``countable`` no file can be hidden that was written.
    A filter holds for whichever process :func:`kernel_calls.of_process` makes it for.
    """
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    if architecture is not None:
        rules.remove_arch(seccomp.system_arch())
        rules.add_arch(architecture)
    # A tree instead of a chain: every start of a process tries all numbers.
    rules.set_attr(seccomp.Attr.CTL_OPTIMIZE, 2)
    silent, without = (SEEMS_TO_WORK.split(), UNCOUNTABLE.split()) if countable else ([], [])
    for name in ALLOWED.split():
        if name not in (*silent, *without):
            _rule(seccomp.ALLOW, rules, name)
    for name in silent:
        _rule(seccomp.ERRNO(0), rules, name)
    for rule in (*restricted(), *(countable_files() if countable else ())):
        where = seccomp.Arg(rule.place, seccomp.MASKED_EQ, rule.mask, rule.value)
        _rule(seccomp.ALLOW, rules, rule.name, where)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return _no_new_calls() + file.read()


def _rule(action: Any, rules: Any, name: str, *arguments: Any) -> None:
    try:
        rules.add_rule(action, name, *arguments)
    except (ValueError, OSError):  # an architecture without this call
        return


def _no_new_calls() -> bytes:
    """Return the instructions that answer every new system call as an older kernel would."""
    instructions = (
        (LOAD_NUMBER, 0, 0, 0),
        (JUMP_IF_BELOW, 0, 1, FIRST_NEW),
        (RETURN, 0, 0, RETURN_ERRNO | errno.ENOSYS),
    )
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
