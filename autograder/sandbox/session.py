"""The confined process from outside: starts it, talks to it against the clock, ends it."""

from __future__ import annotations

import atexit
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from ..model import Limits, Status
from . import backends, wire
from .confinement import LOOK_SECONDS, Confinement, ConfinementError, Watch
from .replies import SandboxEnd
from .terms import BEGUN, ENDED, REQUEST, STATUS

__all__ = ["ConfinementError", "Sandbox", "SandboxEnd", "SandboxError", "Session", "chosen", "passed_over"]

AUTO = "auto"
START_SECONDS = 60.0
END_SECONDS = 10.0
# What the machine is short of now is no reason to say that it cannot confine.
PASSING = ("temporarily unavailable", "Cannot allocate memory", "Too many open files")
STOPPED_SECONDS = 1.0
CHUNK = 1 << 16
# Stands in a frame until the frame is sent.
NONCE = bytes(16)


class SandboxError(RuntimeError):
    """The confined process did not start although the machine can confine: not the student's doing."""


@dataclass(frozen=True)
class Sandbox:
    """How to start confined processes: what they may use, which packages they see, what confines them.

    ``confinement`` is a name of :mod:`backends`, or "auto" for the strongest that this machine has.
    """

    limits: Limits = field(default_factory=Limits)
    packages: tuple[str, ...] = ()
    confinement: str = AUTO

    def start(self) -> Session:
        """Start a fresh confined process.

        Raises
        ------
        ConfinementError
            If this is not Linux, or what confines is missing or refused by the kernel.
        SandboxError
            If it does not come up for another reason, twice.
        """
        backend = backends.named(chosen() if self.confinement == AUTO else self.confinement)
        try:
            return Session(self, backend)
        except SandboxError:
            return Session(self, backend)


@cache
def tried(name: str) -> str:
    """Try a way to confine for real; return what it lacks here, or nothing."""
    try:
        Sandbox(confinement=name).start().close()
    except ConfinementError as problem:
        return str(problem)
    return ""


def chosen() -> str:
    """Return the name of the strongest way to confine that works here.

    Raises
    ------
    ConfinementError
        If none does; it says what each of them lacks.
    """
    found = next((name for name in backends.CONFINING if not tried(name)), None)
    if found is None:
        raise ConfinementError("; ".join(dict.fromkeys(map(tried, backends.CONFINING))))
    return found


def passed_over(name: str) -> dict[str, str]:
    """Return the ways that are stronger than a confining one, with what each lacks here."""
    stronger = backends.CONFINING[: backends.CONFINING.index(name)] if name in backends.CONFINING else ()
    return {other: tried(other) for other in stronger}


class Warm:
    """A process that has imported the packages, and forks for each submission."""

    kept: ClassVar[dict[tuple[Confinement, tuple[str, ...]], Warm]] = {}

    def __init__(self, backend: Confinement, packages: tuple[str, ...]) -> None:
        self.launch = backend.launch(packages)
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own argument vector, no shell
                self.launch.command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=self.launch.environment,
                # What is typed to end or stop the grader is not for these.
                start_new_session=True,
            )

    @classmethod
    def of(cls, backend: Confinement, packages: tuple[str, ...]) -> Warm:
        """Return this process's own for such submissions, started when it is first wanted."""
        key = (backend, packages)
        if key not in cls.kept:
            cls.kept[key] = warm = cls(backend, packages)
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
        if self.launch.folder:
            shutil.rmtree(self.launch.folder, ignore_errors=True)
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

    def __init__(self, sandbox: Sandbox, backend: Confinement) -> None:
        self.limits = sandbox.limits
        self.nonce = secrets.token_bytes(16)
        self.used = 0.0
        self.buffer = bytearray()
        self.taken = 0
        self.first: int | None = None
        self.watch: Watch | None = None
        self.pipes: list[int] = []
        filter_ = backend.filter()
        warm = Warm.of(backend, sandbox.packages)
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._ask(warm, theirs, filter_)
            self._begin(backend, warm)
        except (SandboxEnd, wire.WireError, OSError, ValueError) as problem:
            self.close()
            raise _no_start(backend, warm.end() or getattr(problem, "message", str(problem))) from problem

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

    def _begin(self, backend: Confinement, warm: Warm) -> None:
        """Wait until the process is there; take hold of it and of what it may fill."""
        self.clock = Clock(START_SECONDS)
        self._wait(self.control.fileno(), select.POLLIN)
        said, descriptors, *_ = socket.recv_fds(self.control, 1 << 12, 1)
        if said != BEGUN:
            raise OSError(said[1:].decode(errors="replace") or "no process began")
        (self.first,) = descriptors
        wire.read(self._receive, self.nonce, 0)
        info = Path(f"/proc/self/fdinfo/{self.first}").read_text(encoding="ascii")
        process = int(info.partition("Pid:")[2].split()[0])
        self.watch = backend.watch(warm.launch, process, self.nonce, self.limits.scratch)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and all that is its own."""
        if self.first is not None:
            # With its first process the kernel ends a whole namespace.
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
            _readable(self.first)
            os.close(self.first)
            self.first = None
            # Who waited for the process has tidied up after it when nobody is left to tell of it.
            while _readable(self.control.fileno(), END_SECONDS) and self._told():
                pass
        for pipe in self.pipes:
            os.close(pipe)
        self.pipes = []
        self.control.close()

    def _told(self) -> bytes:
        """Return what is told of the process; nothing when nobody is left to tell."""
        with suppress(OSError):
            return self.control.recv(1 << 12)
        return b""

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
        """End a process that fills the kernel's memory or the disk."""
        if self.watch:
            self.watch.look()

    def _how_it_ended(self) -> str:
        if not _readable(self.control.fileno(), 1.0):
            return "the process closed its connection"
        said = self._told()
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


def _no_start(backend: Confinement, said: str) -> Exception:
    # Of a traceback the last line says why.
    last = said.rpartition("\n")[2]
    if last.startswith(("bwrap:", "OSError:", "PermissionError:")) and not any(words in said for words in PASSING):
        return backend.refusal(last)
    return SandboxError(f"the sandbox did not start: {said}")
