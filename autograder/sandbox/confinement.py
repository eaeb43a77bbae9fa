"""What confines student code, and how it is asked for: the words that all ways to confine have in common.

Each way is a module (:mod:`namespaces`, :mod:`landlock`; :mod:`unconfined` is none) behind :class:`Confinement`; what
it does inside is in a module of the same name with ``fence_`` before it. A seccomp filter leaves the system calls that
notebooks need (:mod:`allow_list`); the worker lowers its own resource limits before any student code runs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from ..model import Status
from . import allow_list
from .replies import SandboxEnd

HERE = Path(__file__).parent
# What of this folder the warm process imports.
INSIDE = (
    "described.py", "fence.py", "fence_landlock.py", "fence_namespaces.py", "kernel_calls.py", "shell.py", "terms.py",
    "warm.py", "wire.py", "worker.py",
)  # fmt: skip
ENVIRONMENT = {
    "PATH": "/nowhere",
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",  # noqa: S108
    # There are no threads in the sandbox; libraries must not try.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# Collecting garbage while modules are imported finds none; the warm process enables it afterwards.
BOOT = "import gc, sys; gc.disable(); sys.path[:0] = sys.argv[2:]; import warm; warm.main()"
# How often a waiting grader looks into the sandbox.
LOOK_SECONDS = 0.2
# Files take memory of the kernel's that no limit on their size counts.
FILES = 10_000
# So do the tables of where its pages are: 2 for a GiB in one piece, 512 for one in pieces of a page. In KiB.
TABLES = 32 << 10


class ConfinementError(RuntimeError):
    """This machine cannot confine student code; the message says what is missing and how to get it."""


@dataclass(frozen=True)
class Launch:
    """How a warm process is started, and the folder that is its own as long as it is there."""

    command: list[str]
    environment: dict[str, str]
    folder: Path | None = None


class Watch:
    """Looks at what a process holds of the kernel's that no limit of its own counts."""

    def __init__(self, status: Path) -> None:
        """``status`` is the file in which the kernel tells of the process."""
        self.status = status
        self.looked = time.monotonic()

    def look(self) -> None:
        """Raise :class:`SandboxEnd` if it is too much; a process that is gone has none."""
        now = time.monotonic()
        if now - self.looked < LOOK_SECONDS / 2:
            return
        self.looked = now
        with suppress(FileNotFoundError, ProcessLookupError):
            self.look_at_files()
            tables = self.status.read_bytes().partition(b"VmPTE:")[2].split(None, 1)
            if tables and int(tables[0]) > TABLES:
                raise SandboxEnd(Status.MEMORY, "the memory is in too many pieces")

    def look_at_files(self) -> None:
        """Raise :class:`SandboxEnd` if too many files were written."""

    @staticmethod
    def too_many_files() -> SandboxEnd:
        """Return the end of what wrote too many files."""
        return SandboxEnd(Status.MEMORY, f"more than {FILES} files were written")


class Confinement(ABC):
    """A way to confine; equal ones share their warm processes."""

    name: ClassVar[str]

    @abstractmethod
    def launch(self, packages: tuple[str, ...]) -> Launch:
        """Return how to start a warm process that has these packages."""

    @abstractmethod
    def watch(self, launch: Launch, process: int, nonce: bytes, scratch: int) -> Watch | None:
        """Return what looks at the submission whose first ``process`` was told; it may write ``scratch`` bytes."""

    def filter(self) -> bytes:
        """Return the filter of system calls; nothing where there is none."""
        return b""

    def refusal(self, said: str) -> Exception:
        """Return the error for what was said when the sandbox would not start."""
        return ConfinementError(f"{self.name} cannot confine here ({said})")

    def settings(self, packages: tuple[str, ...], **more: Any) -> str:
        """Return what the warm process is told, as a word of its command."""
        return json.dumps({"confinement": self.name, "packages": packages, **more})


def python() -> list[str]:
    """Return the beginning of a warm process's command; what it is told and its search path follow."""
    return [os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", BOOT]


def lacking() -> str:
    """Return what this platform lacks for grading, in one sentence; nothing on Linux."""
    if sys.platform == "linux":
        return ""
    return f"Grading needs Linux, and this is {sys.platform}. `check` in a notebook does without it."


@cache
def seccomp_program(*, countable: bool = False) -> bytes:
    """Return the filter of system calls as the kernel reads it; see :func:`allow_list.program` for ``countable``.

    Raises
    ------
    ConfinementError
        If libseccomp is missing.
    """
    try:
        import pyseccomp as seccomp  # noqa: PLC0415 - importing it fails without the system's libseccomp
    except (ImportError, OSError, RuntimeError) as problem:
        raise ConfinementError(
            "libseccomp is not installed; install it with `sudo apt-get install libseccomp2`"
        ) from problem
    return allow_list.program(seccomp, countable=countable)
