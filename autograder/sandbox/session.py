"""The confined process from outside: starts it, talks to it against the clock, ends it."""

from __future__ import annotations

import atexit
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from ..model import Limits, Status
from . import confinement, wire
from .confinement import ConfinementError
from .replies import SandboxEnd
from .terms import BEGUN, ENDED, OWN_PROCESS, REQUEST, STATUS

__all__ = ["ConfinementError", "Sandbox", "SandboxEnd", "SandboxError", "Session"]

START_SECONDS = 60.0
# Collecting garbage while modules are imported finds none; the warm process enables it afterwards.
BOOT = "import gc, sys; gc.disable(); sys.path[:0] = sys.argv[3:]; import warm; warm.main()"
# What the machine is short of now is no reason to say that it cannot confine.
PASSING = ("temporarily unavailable", "Cannot allocate memory", "Too many open files")
# How often a waiting grader looks at the clock and into the sandbox.
LOOK_SECONDS = 0.2
STOPPED_SECONDS = 1.0
# Files of a tmpfs take memory of the kernel's that no size limit counts.
FILES = 10_000
# So do the tables of where its pages are: 2 for a GiB in one piece, 512 for one in pieces of a page. In KiB.
TABLES = 32 << 10
CHUNK = 1 << 16
# Stands in a frame until the frame is sent.
NONCE = bytes(16)


class SandboxError(RuntimeError):
    """The confined process did not start although the machine can confine: not the student's doing."""


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
            If this is not Linux, or bubblewrap or libseccomp is missing or refused by the kernel.
        SandboxError
            If it does not come up for another reason, twice.
        """
        if confinement.lacking():
            raise ConfinementError(confinement.lacking())
        try:
            return Session(self)
        except SandboxError:
            return Session(self)

    def command(self) -> list[str]:
        """Return the argument vector of a warm process, confined or not."""
        kind, names = "confined" if self.confined else "free", ",".join(self.packages)
        boot = [os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", BOOT, kind, names]
        if not self.confined:
            return [*boot, *sys.path, os.path.dirname(__file__)]
        return [*confinement.arguments(self.packages), *boot, "/packages", "/worker"]


class Warm:
    """A process in the sandbox that has imported the packages, and forks for each submission."""

    kept: ClassVar[dict[tuple[str, ...], Warm]] = {}

    def __init__(self, sandbox: Sandbox) -> None:
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own argument vector, no shell
                sandbox.command(),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={} if sandbox.confined else confinement.ENVIRONMENT,
            )

    @classmethod
    def of(cls, sandbox: Sandbox) -> Warm:
        """Return this process's own for such a sandbox, started when it is first wanted."""
        key = tuple(sandbox.command())
        if key not in cls.kept:
            cls.kept[key] = warm = cls(sandbox)
            atexit.register(warm.end)
        return cls.kept[key]

    def end(self) -> str:
        """End it and what it has forked; return what was said last."""
        atexit.unregister(self.end)
        for key in [key for key, warm in self.kept.items() if warm is self]:
            del self.kept[key]
        self.requests.close()
        self.process.kill()
        said: bytes = self.process.communicate()[1]
        return said.decode(errors="replace").strip()


class Clock:
    """Counts down, but not while the grader itself is stopped: Ctrl-Z is no reason for a timeout."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.left, self.seen = seconds, seconds, time.monotonic()

    def tick(self) -> float:
        """Return the seconds left."""
        now = time.monotonic()
        self.left -= min(now - self.seen, STOPPED_SECONDS)
        self.seen = now
        return self.left


class Session:
    """One confined process; use it as a context manager.

    ``used`` are the seconds and ``taken`` the bytes that the last request took.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.limits = sandbox.limits
        self.nonce = secrets.token_bytes(16)
        self.used = 0.0
        self.buffer = bytearray()
        self.taken = 0
        self.first: int | None = None
        self.tmp = self.status = ""
        self.looked = time.monotonic()
        self.pipes: list[int] = []
        filter_ = confinement.seccomp_program() if sandbox.confined else b""
        warm = Warm.of(sandbox)
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._ask(warm, theirs, filter_)
            self._begin(sandbox.confined)
        except (SandboxEnd, wire.WireError, OSError, ValueError) as problem:
            self.close()
            raise _no_start(warm.end() or getattr(problem, "message", str(problem))) from problem

    def _ask(self, warm: Warm, theirs: socket.socket, filter_: bytes) -> None:
        """Have a process forked that answers through pipes."""
        message = REQUEST.pack(self.nonce, self.limits.memory, self.limits.scratch, self.limits.result) + filter_
        source, self.stdin = os.pipe()
        self.stdout, sink = os.pipe()
        self.pipes = [self.stdin, self.stdout]
        try:
            socket.send_fds(warm.requests, [message], [source, sink, theirs.fileno()])
        finally:
            os.close(source)
            os.close(sink)
        os.set_blocking(self.stdin, False)
        os.set_blocking(self.stdout, False)

    def _begin(self, confined: bool) -> None:
        """Wait until the process is there; take hold of it and of its namespace's ``/tmp``."""
        self.clock = Clock(START_SECONDS)
        self._wait(self.control.fileno(), select.POLLIN)
        said, descriptors, *_ = socket.recv_fds(self.control, 1 << 12, 1)
        if said != BEGUN:
            raise OSError(said[1:].decode(errors="replace") or "no process began")
        (self.first,) = descriptors
        wire.read(self._receive, self.nonce, 0)
        if confined:
            info = Path(f"/proc/self/fdinfo/{self.first}").read_text(encoding="ascii")
            root = f"/proc/{info.partition('Pid:')[2].split()[0]}/root"
            self.tmp, self.status = f"{root}/tmp", f"{root}/proc/{OWN_PROCESS}/status"  # noqa: S108
            os.statvfs(self.tmp)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and everything in its namespace."""
        if self.first is not None:
            # With its first process the kernel ends a whole namespace.
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
            _readable(self.first)
            os.close(self.first)
            self.first = None
        for pipe in self.pipes:
            os.close(pipe)
        self.pipes = []
        self.control.close()

    def request(self, message: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Send a message and return the answer.

        Raises
        ------
        SandboxEnd
            If no well-formed answer came within ``seconds``; the session is of no use afterwards.
        """
        answers, end = self.request_all(wire.pack(message, NONCE), 1, seconds, seconds)
        if end:
            raise end
        return answers[0]

    def request_all(
        self, frame: bytes, count: int, seconds: float, budget: float
    ) -> tuple[list[dict[str, Any]], SandboxEnd | None]:
        """Send a frame that has ``count`` answers; return those that came, and how the process ended if it did.

        Each may take ``seconds``, all together ``budget`` seconds and the memory of one result.
        """
        # Known to the worker only now: a frame written ahead, for a later request, gives itself away.
        echo = secrets.token_bytes(16)
        answers: list[dict[str, Any]] = []
        self.used, self.taken = 0.0, 0
        try:
            for number in range(count):
                self.clock = Clock(min(seconds, budget - self.used))
                try:
                    if number == 0:
                        self._send(wire.stamped(frame, echo))
                    answers.append(wire.read(self._receive, echo, self.limits.result))
                finally:
                    self.used += self.clock.seconds - self.clock.tick()
                self._look()
                if self.taken > self.limits.result + wire.JSON_LIMIT:
                    text = f"the results of {count} calls have more than {self.limits.result >> 20} MiB together"
                    return answers[:-1], SandboxEnd(Status.MEMORY, text)
        except SandboxEnd as end:
            return answers, end
        except wire.WireError as problem:
            return answers, SandboxEnd(Status.CRASHED, str(problem))
        return answers, None

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
        # One buffer that grows: a reply that drips byte by byte must not cost an object a byte.
        while len(self.buffer) < count:
            self._wait(self.stdout, select.POLLIN)
            try:
                part = os.read(self.stdout, max(count - len(self.buffer), CHUNK))
            except BlockingIOError:
                continue
            if not part:
                raise SandboxEnd(Status.CRASHED, self._how_it_ended())
            self.buffer += part
        taken = bytes(memoryview(self.buffer)[:count])
        del self.buffer[:count]
        self.taken += count
        return taken

    def _wait(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        while True:
            left = self.clock.tick()
            ready = poll.poll(max(0.0, min(left, LOOK_SECONDS)) * 1000)
            # What came while the grader was stopped still counts, but a reply that drips does not for ever.
            if ready and left > -STOPPED_SECONDS:
                return
            if left <= 0:
                raise SandboxEnd(Status.TIMEOUT, f"no result after {self.clock.seconds:.3g} s")
            self._look()

    def _look(self) -> None:
        """End a process that fills the kernel's memory; a process that is gone has none."""
        now = time.monotonic()
        if not self.tmp or now - self.looked < LOOK_SECONDS / 2:
            return
        self.looked = now
        with suppress(FileNotFoundError, ProcessLookupError):
            found = os.statvfs(self.tmp)
            if found.f_files - found.f_ffree > FILES:
                raise SandboxEnd(Status.MEMORY, f"more than {FILES} files were written")
            with open(self.status, "rb") as status:
                tables = status.read().partition(b"VmPTE:")[2].split(None, 1)
            if tables and int(tables[0]) > TABLES:
                raise SandboxEnd(Status.MEMORY, "the memory is in too many pieces")

    def _how_it_ended(self) -> str:
        if not _readable(self.control.fileno(), 1.0):
            return "the process closed its connection"
        said = self.control.recv(1 << 12)
        if said[:1] != ENDED:
            return said[1:].decode(errors="replace") or "the process closed its connection"
        code = os.waitstatus_to_exitcode(STATUS.unpack(said[1:])[0])
        if code < 0:
            # Most real-time signals have no name.
            known = -code in set(signal.Signals)
            return f"the process was ended by {signal.Signals(-code).name if known else f'signal {-code}'}"
        return f"the process ended itself with code {code}"


def _readable(descriptor: int, seconds: float | None = None) -> bool:
    """Wait until there is something to read, or a process has ended; say whether that came in time."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))


def _no_start(said: str) -> Exception:
    if said.startswith(("bwrap:", "OSError:", "PermissionError:")) and not any(words in said for words in PASSING):
        return confinement.refusal(said)
    return SandboxError(f"the sandbox did not start: {said}")
