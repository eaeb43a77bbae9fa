"""The confined process from outside: starts it, talks to it against the clock, ends it."""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from . import confinement, wire
from .confinement import ConfinementError
from .model import Limits, Status

__all__ = ["ConfinementError", "Sandbox", "SandboxEnd", "SandboxError", "Session"]

START_SECONDS = 60.0
# Collecting garbage while modules are imported finds none; the worker enables it.
BOOT = "import gc, sys; gc.disable(); sys.path[:0] = sys.argv[6:]; import worker; worker.main()"
# What the machine is short of now is no reason to say that it cannot confine.
PASSING = ("temporarily unavailable", "Cannot allocate memory", "Too many open files")
# How often a waiting grader looks at the clock and into the sandbox.
LOOK_SECONDS = 0.2
STOPPED_SECONDS = 1.0
# Files of a tmpfs take memory of the kernel's that no size limit counts.
FILES = 10_000
CHUNK = 1 << 16
# Stands in a frame until the frame is sent.
NONCE = bytes(16)


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

    def command(self, nonce: str, filter_fd: int, info_fd: int) -> list[str]:
        """Return the argument vector of a worker, confined or not."""
        budgets = [str(size) for size in (self.limits.memory, self.limits.scratch, self.limits.result)]
        python = os.path.realpath(sys.executable)
        worker = [python, "-I", "-S", "-B", "-c", BOOT, nonce, *budgets, ",".join(self.packages)]
        if not self.confined:
            return [*worker, *sys.path, os.path.dirname(__file__)]
        around = confinement.arguments(filter_fd, info_fd, self.limits.scratch, self.packages)
        return [*around, *worker, "/packages", "/worker"]


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
        self.tmp = ""
        info, info_fd = os.pipe()
        with tempfile.TemporaryFile() as filter_file, os.fdopen(info, "rb") as told:
            if sandbox.confined:
                filter_file.write(confinement.seccomp_program())
                filter_file.seek(0)
            try:
                self.process = subprocess.Popen(  # noqa: S603 - our own argument vector, no shell
                    sandbox.command(self.nonce.hex(), filter_file.fileno(), info_fd),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=(filter_file.fileno(), info_fd) if sandbox.confined else (),
                    env={} if sandbox.confined else confinement.ENVIRONMENT,
                    bufsize=0,
                )
            finally:
                os.close(info_fd)
            self.pipes = [pipe for pipe in (self.process.stdin, self.process.stdout, self.process.stderr) if pipe]
            self.stdin, self.stdout, self.stderr = (pipe.fileno() for pipe in self.pipes)
            os.set_blocking(self.stdin, False)
            os.set_blocking(self.stdout, False)
            self.clock = Clock(START_SECONDS)
            try:
                wire.read(self._receive, self.nonce, 0)
                if sandbox.confined:
                    self._watch(json.load(told)["child-pid"])
            except (SandboxEnd, wire.WireError, OSError, ValueError) as problem:
                raise self._no_start(problem) from problem

    def _watch(self, first: int) -> None:
        """Take hold of the namespace's first process, with which all others end, and of its ``/tmp``."""
        self.first = os.pidfd_open(first)
        self.tmp = f"/proc/{first}/root/tmp"
        os.statvfs(self.tmp)

    def _no_start(self, problem: Exception) -> Exception:
        self.process.kill()
        said = os.read(self.stderr, 1 << 16).decode(errors="replace").strip()
        self.close()
        if said.startswith("bwrap:") and not any(words in said for words in PASSING):
            return confinement.refusal(said)
        return SandboxError(f"the sandbox did not start: {said or problem}")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and everything in its namespace."""
        if self.first is not None:
            # With its first process the kernel ends a whole namespace, and bubblewrap outside takes note.
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
            os.close(self.first)
            self.first = None
        else:
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
                if self.taken > self.limits.result + wire.JSON_LIMIT:
                    text = f"the results of {count} calls have more than {self.limits.result >> 20} MiB together"
                    return answers[:-1], SandboxEnd(Status.MEMORY, text)
            self._look()
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
        """End a process that fills the kernel's memory with files; a process that is gone has none."""
        with suppress(FileNotFoundError, ProcessLookupError):
            found = os.statvfs(self.tmp) if self.tmp else None
            if found and found.f_files - found.f_ffree > FILES:
                raise SandboxEnd(Status.MEMORY, f"more than {FILES} files were written")

    def _how_it_ended(self) -> str:
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "the process closed its connection"
        # bubblewrap reports a signal as a shell does, 128 above its number.
        number = -code if code < 0 else code - 128
        if number in set(signal.Signals):
            return f"the process was ended by {signal.Signals(number).name}"
        return f"the process ended itself with code {code}"
