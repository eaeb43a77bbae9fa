"""The fence of Landlock from inside: for machines that let nobody make namespaces.

A submission's process reads the interpreter and its packages, writes into a folder of its own, and names no other file
by opening it. Landlock can be told of more with each version of its interface (ABI): what it cannot be told of yet the
filter of system calls refuses as well. Where the grader is root the process becomes nobody. Beside it waits the process
that forked it, which ends it when the grader is gone and removes its folder.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import signal
import stat
import struct
import sys
import tempfile
from contextlib import suppress
from functools import partial
from typing import Any

if __package__:
    from . import kernel_calls
    from .fence import Ends, Fence, Request, die_first
    from .terms import SCRATCH
else:  # where only a few modules are mounted
    import kernel_calls  # type: ignore[import-not-found, no-redef]
    from fence import Ends, Fence, Request, die_first  # type: ignore[import-not-found, no-redef]
    from terms import SCRATCH  # type: ignore[import-not-found, no-redef]

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION, BENEATH = 1, 1
WRITE_FILE, READ_FILE, READ_DIR, MAKE_DIR, MAKE_REGULAR, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 7, 1 << 8, 1 << 14
# The rights on files that each ABI knows, from the first that does: here all are refused but those that a rule gives.
RIGHTS = {1: (1 << 13) - 1, 2: 1 << 13, 3: TRUNCATE, 5: 1 << 15}
# TCP, and abstract sockets and signals.
NETWORK_SINCE, SCOPES_SINCE = 4, 6
READ = READ_FILE | READ_DIR
WRITE_DEVICE = READ_FILE | WRITE_FILE
# Nothing that was written can be removed, so that all of it can be counted.
OWN = READ | WRITE_FILE | MAKE_DIR | MAKE_REGULAR | TRUNCATE
OF_A_FILE = WRITE_FILE | READ_FILE | TRUNCATE
NOBODY = 65534


def abi() -> int:
    """Return the version of Landlock that this kernel has; raise :class:`OSError` where it has none or refuses."""
    return _landlock(CREATE_RULESET, None, 0, VERSION)


def _landlock(number: int, *arguments: Any) -> int:
    wide = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    result: int = kernel_calls.LIBRARY.syscall(ctypes.c_long(number), *wide)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
    return result


def rights_of(version: int) -> int:
    """Return all rights on files that an ABI knows."""
    return sum(rights for since, rights in RIGHTS.items() if since <= version)


class Landlock(Fence):
    """Forks once; rules that all submissions share are opened beforehand."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """Open what may be read, and look whether nobody may."""
        self.version: int = settings["abi"]
        self.home: str = settings["home"]
        self.fonts: list[str] = settings["fonts"]
        self.as_nobody: bool = settings["as_nobody"]
        if self.as_nobody:
            _nobody_reads(settings["readable"])
        self.rules = [(_open(path), READ) for path in settings["readable"]]
        # Modules are found in a list of files, also where not all of these may be read.
        self.rules += [(_open(path), READ_DIR) for path in settings["listed"]]
        self.rules += [(_open("/dev/null"), WRITE_DEVICE), (_open("/dev/urandom"), READ_FILE)]
        # Only this process imports the worker.
        sys.path.remove(os.path.dirname(os.path.abspath(__file__)))

    def begin(self, request: Request, ends: Ends) -> None:
        """Fork into a folder of its own, as nobody where that can be had."""
        folder = f"{self.home}/{SCRATCH}/{request.nonce.hex()}"
        self._make(folder)
        parent = os.getpid()
        process = os.fork()
        if process:
            ends.begun(process)
            ends.wait(process, partial(remove, folder))
        die_first()
        if self.as_nobody:
            _become_nobody()
        # If the one that waits is ended, so is this: nothing that follows can call it off.
        kernel_calls.call("prctl", kernel_calls.PARENT_DEATH, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
        os.chdir(folder)
        os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=f"{folder}/matplotlib")
        tempfile.tempdir = None
        self.held = frozenset({self._ruleset(folder)})

    def _make(self, folder: str) -> None:
        for path in (folder, f"{folder}/matplotlib"):
            os.mkdir(path, 0o700)
            if self.as_nobody:
                os.chown(path, NOBODY, NOBODY)
        # matplotlib's list of fonts: without it the first plot of every student takes seconds.
        for font in self.fonts:
            os.symlink(font, f"{folder}/matplotlib/{os.path.basename(font)}")

    def _ruleset(self, folder: str) -> int:
        numbers = [rights_of(self.version)]
        numbers += [3] if self.version >= NETWORK_SINCE else []
        numbers += [3] if self.version >= SCOPES_SINCE else []
        handled = struct.pack(f"={len(numbers)}Q", *numbers)
        ruleset = _landlock(CREATE_RULESET, handled, len(handled), 0)
        for descriptor, rights in (*self.rules, (_open(folder), OWN)):
            given = rights & numbers[0]
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                given &= OF_A_FILE
            _landlock(ADD_RULE, ruleset, BENEATH, struct.pack("=Qi", given, descriptor), 0)
        return ruleset

    def shut(self, request: Request) -> None:
        """Give up every capability, all files but those of the rules, and what the filter does not name."""
        kernel_calls.give_up_capabilities()
        (ruleset,) = self.held
        _landlock(RESTRICT_SELF, ruleset, 0)
        os.close(ruleset)
        kernel_calls.take_filter(request.filter)

    def end(self) -> None:
        """Wait for all who wait, and remove what the grader, were it there, would remove."""
        with suppress(ChildProcessError):
            os.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def _open(path: str) -> int:
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _nobody_reads(paths: list[str]) -> None:
    """Raise :class:`OSError` where nobody may not read what a submission needs."""
    source, sink = os.pipe()
    process = os.fork()
    if process == 0:
        _become_nobody()
        shut_off = next((path for path in paths if not os.access(path, os.R_OK)), "")
        os.write(sink, shut_off.encode())
        os._exit(0)
    os.close(sink)
    with open(source, "rb") as file:
        shut_off = os.fsdecode(file.read())
    os.waitpid(process, 0)
    if shut_off:
        raise OSError(errno.EACCES, f"submissions run as nobody, who may not read {shut_off}")


def remove(folder: str) -> None:
    """Remove a folder in which all folders may be unreadable and lie deeper than any path is long."""
    while entries := list(os.scandir(folder)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in list(os.scandir(entry.path)):
                if inner.is_dir(follow_symlinks=False):
                    # One level up, where its path is short; to be moved a folder must be writable.
                    os.chmod(inner.path, 0o700)
                    os.rename(inner.path, f"{folder}/{secrets.token_hex(8)}")
                else:
                    os.unlink(inner.path)
            os.rmdir(entry.path)
    os.rmdir(folder)
