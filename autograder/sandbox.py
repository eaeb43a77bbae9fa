"""The confined process from outside: starts it, talks to it against the clock, ends it.

bubblewrap gives the worker empty namespaces (user, process, network, ipc), a read-only root that holds the
interpreter, its standard library and the packages asked for, and a small private ``/tmp``. A seccomp filter
takes away new processes and the kernel's doors that no notebook needs; the worker lowers its own resource
limits before any student code runs.
"""

from __future__ import annotations

import errno
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from . import wire
from .model import Limits, Status

START_SECONDS = 60.0
BOOT = "import sys; sys.path[:0] = sys.argv[5:]; import worker; worker.main()"
ENVIRONMENT = {
    "PATH": "/nowhere",
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",  # noqa: S108
    # More threads would slow a class down and eat the address space that RLIMIT_AS counts.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# No new process, no look into another one, no new namespace or mount, no memory that no limit counts, no
# socket but a pair of one's own, no half-supervised corner of the kernel.
DENIED = (
    "fork vfork ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd unshare setns mount umount2 pivot_root "
    "chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr memfd_create memfd_secret shmget "
    "semget msgget mq_open add_key request_key keyctl bpf userfaultfd perf_event_open io_uring_setup "
    "io_uring_enter io_uring_register socket init_module finit_module kexec_load personality"
)
CLONE_THREAD = 0x10000


class ConfinementError(RuntimeError):
    """This machine cannot confine student code; the message says what is missing and how to get it."""


class SandboxError(RuntimeError):
    """The confined process did not start although the machine can confine: not the student's doing."""


class SandboxEnd(Exception):
    """The confined process is over; ``status`` says how it ended."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(status, message)
        self.status, self.message = status, message


@dataclass(frozen=True)
class Sandbox:
    """How to start confined processes: what they may use and which packages they see."""

    limits: Limits = field(default_factory=Limits)
    packages: tuple[str, ...] = ()
    confined: bool = True

    def start(self) -> Session:
        """Start a fresh confined process.

        Raises
        ------
        ConfinementError
            If bubblewrap or libseccomp is missing or refused by the kernel.
        SandboxError
            If it does not come up for another reason, twice.
        """
        try:
            return Session(self)
        except SandboxError:
            return Session(self)

    def command(self, nonce: str, filter_fd: int) -> list[str]:
        """Return the argument vector of a worker, confined or not."""
        budgets = [str(size) for size in (self.limits.memory, self.limits.scratch, self.limits.result)]
        python = os.path.realpath(sys.executable)
        worker = [python, "-I", "-S", "-B", "-c", BOOT, nonce, *budgets]
        here = os.path.dirname(__file__)
        if not self.confined:
            return [*worker, *sys.path, here]
        return [
            *_bwrap(), "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv",
            "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL",
            "--seccomp", str(filter_fd),
            *(word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)),
            *_root(), *_mounts(("numpy", "matplotlib", *self.packages)),
            "--ro-bind", os.path.join(here, "worker.py"), "/worker/worker.py",
            "--ro-bind", os.path.join(here, "wire.py"), "/worker/wire.py",
            "--size", str(self.limits.scratch), "--tmpfs", "/tmp",  # noqa: S108
            *_font_cache(),
            "--remount-ro", "/", "--chdir", "/tmp",  # noqa: S108
            "--", *worker, "/packages", "/worker",
        ]  # fmt: skip


class Session:
    """One confined process; use it as a context manager."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.limits = sandbox.limits
        self.nonce = secrets.token_bytes(16)
        with tempfile.TemporaryFile() as filter_file:
            if sandbox.confined:
                filter_file.write(_seccomp_program())
                filter_file.seek(0)
            self.process = subprocess.Popen(  # noqa: S603 - our own argument vector, no shell
                sandbox.command(self.nonce.hex(), filter_file.fileno()),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(filter_file.fileno(),),
                env={} if sandbox.confined else ENVIRONMENT,
                bufsize=0,
            )
        self.pipes = [pipe for pipe in (self.process.stdin, self.process.stdout, self.process.stderr) if pipe]
        self.stdin, self.stdout, self.stderr = (pipe.fileno() for pipe in self.pipes)
        os.set_blocking(self.stdin, False)
        os.set_blocking(self.stdout, False)
        self.deadline = time.monotonic() + START_SECONDS
        try:
            wire.read(self._receive, self.nonce, 0)
        except (SandboxEnd, wire.WireError) as problem:
            self.process.kill()
            said = os.read(self.stderr, 1 << 16).decode(errors="replace").strip()
            self.close()
            if said.startswith("bwrap:"):
                raise ConfinementError(
                    f"bubblewrap cannot confine here ({said}). It needs unprivileged user namespaces: "
                    "see `sysctl kernel.unprivileged_userns_clone user.max_user_namespaces "
                    "kernel.apparmor_restrict_unprivileged_userns`"
                ) from problem
            raise SandboxError(f"the sandbox did not start: {said or problem}") from problem

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and everything in its namespace."""
        # The namespace's init dies with its parent, and with init the kernel ends all the rest.
        self.process.kill()
        for pipe in self.pipes:
            pipe.close()
        self.process.wait()

    def request(self, message: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Send a message and return the answer.

        Raises
        ------
        SandboxEnd
            If no well-formed answer came within ``seconds``; the session is of no use afterwards.
        """
        self.deadline = time.monotonic() + seconds
        self._send(wire.pack(message, self.nonce))
        try:
            return wire.read(self._receive, self.nonce, self.limits.result)
        except wire.WireError as problem:
            raise SandboxEnd(Status.CRASHED, str(problem)) from problem

    def _send(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            self._wait(self.stdin, select.POLLOUT)
            try:
                view = view[os.write(self.stdin, view) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise SandboxEnd(Status.CRASHED, self._how_it_ended()) from None

    def _receive(self, count: int) -> bytes:
        parts, missing = [], count
        while missing:
            self._wait(self.stdout, select.POLLIN)
            try:
                part = os.read(self.stdout, min(missing, 1 << 20))
            except BlockingIOError:
                continue
            if not part:
                raise SandboxEnd(Status.CRASHED, self._how_it_ended())
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _wait(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, self.deadline - time.monotonic()) * 1000):
            raise SandboxEnd(Status.TIMEOUT, "no answer in time")

    def _how_it_ended(self) -> str:
        try:
            code = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "the process closed its connection"
        # bubblewrap reports a signal as a shell does, 128 above its number.
        number = -code if code < 0 else code - 128
        if number in set(signal.Signals):
            return f"the process was ended by {signal.Signals(number).name}"
        return f"the process ended itself with code {code}"


@cache
def _bwrap() -> tuple[str, ...]:
    path = shutil.which("bwrap")
    if path is None:
        raise ConfinementError("bubblewrap is not installed; install it with `sudo apt-get install bubblewrap`")
    return (path,)


@cache
def _seccomp_program() -> bytes:
    """Return the filter as the kernel reads it; system calls that a machine does not know are left out."""
    try:
        import pyseccomp as seccomp  # noqa: PLC0415 - importing it fails without the system's libseccomp
    except (ImportError, OSError, RuntimeError) as problem:
        raise ConfinementError(
            "libseccomp is not installed; install it with `sudo apt-get install libseccomp2`"
        ) from problem
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in DENIED.split():
        try:
            rules.add_rule(seccomp.ERRNO(errno.EPERM), name)
        except (ValueError, OSError):  # an old libseccomp, or an architecture without this call
            continue
    rules.add_rule(seccomp.ERRNO(errno.EPERM), "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_THREAD, 0))
    # Its flags lie in memory, where a filter cannot look; without it the C library falls back to clone.
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as program:
        rules.export_bpf(program)
        program.seek(0)
        return program.read()


@cache
def _root() -> tuple[str, ...]:
    """Return the mounts that an interpreter needs: itself, its library, the system's shared libraries."""
    words: list[str] = []
    for folder in ("/usr/lib", "/usr/lib64", "/lib", "/lib64"):
        if os.path.islink(folder):
            words += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            words += ["--ro-bind", folder, folder]
    library = os.path.dirname(os.__file__)
    python = os.path.realpath(sys.executable)
    words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    words += ["--ro-bind", python, python, "--ro-bind", library, library]
    shared = Path(sys.base_prefix, "lib")
    for path in shared.glob("libpython*.so*"):
        words += ["--ro-bind", str(path), str(path)]
    # What else is installed beside the interpreter is none of a student's business.
    for folder in (os.path.join(library, "site-packages"), "/usr/lib/python3"):
        if os.path.isdir(folder):
            words += ["--tmpfs", folder, "--remount-ro", folder]
    # --dev would nest a second user namespace; these two are all that Python needs.
    words += ["--tmpfs", "/dev", "--dev-bind", "/dev/null", "/dev/null"]
    words += ["--dev-bind", "/dev/urandom", "/dev/urandom", "--remount-ro", "/dev", "--proc", "/proc"]
    return tuple(words)


@cache
def _mounts(packages: tuple[str, ...]) -> tuple[str, ...]:
    """Return mounts below ``/packages`` of these distributions and all that they need."""
    words: list[str] = []
    for source in sorted({path for name in _closure(packages) for path in _top_level(name)}):
        words += ["--ro-bind", str(source), f"/packages/{source.name}"]
    return tuple(words)


def _closure(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        if name in found:
            continue
        found.add(name)
        for text in requires:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name.lower())
    return found


def _top_level(name: str) -> set[Path]:
    distribution = metadata.distribution(name)
    files = distribution.files or []
    tops = {file.parts[0] for file in files if file.parts[0] not in ("..", "__pycache__")}
    return {path for top in tops if (path := Path(str(distribution.locate_file(top)))).exists()}


@cache
def _font_cache() -> tuple[str, ...]:
    """Return the mount of matplotlib's list of fonts: without it the first plot of every student takes seconds."""
    import matplotlib as mpl  # noqa: PLC0415 - only the trusted side's path is wanted, and only once

    words: list[str] = []
    for path in Path(mpl.get_cachedir()).glob("fontlist-*.json"):
        words += ["--ro-bind", str(path), f"/tmp/matplotlib/{path.name}"]  # noqa: S108
    return tuple(words)
