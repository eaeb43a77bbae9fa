"""Which exam a hand-in sits: cases belong to a student and an attempt, and what feedback has shown is asked no more.

A run draws up to :data:`SIZE` exams from a secret of its own, and hands them out by student and content. Before
anything of a run is shown, its exams are closed: whoever hands in something new afterwards sits others. What was judged
once stays with its exam, so that the same hand-in meets the same cases, also where its verdict was lost.
"""

from __future__ import annotations

import hashlib
import hmac
import pickle
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ..files import alone_in, write_atomically
from ..model import Limits
from ..submission import Release, Submission
from .exam import Exam
from .verdicts import fingerprint, key

SIZE = 16


class RegisterError(ValueError):
    """What an earlier run left about its exams cannot be read."""


@dataclass(frozen=True)
class Sitting:
    """An exam as a batch needs it."""

    exam: Exam

    @cached_property
    def packed(self) -> bytes:
        """The exam packed once for all who sit it, and unpacked once by each process that judges."""
        return pickle.dumps(self.exam)

    @cached_property
    def fingerprint(self) -> str:
        """What the verdicts depend on beside the hand-in."""
        return fingerprint(self.exam)


class Exams(Protocol):
    """Hands out exams, which differ in their cases only."""

    limits: Limits
    release: Release

    def sitting(self, student: str, submission: Submission) -> Sitting:
        """Return the exam that a student sits with a submission."""

    def close(self) -> None:
        """Let nobody else sit what is about to be shown."""


class OneExam:
    """One exam for everybody."""

    def __init__(self, exam: Exam) -> None:
        self.limits, self.release = exam.limits, exam.release
        self.only = Sitting(exam)

    def sitting(self, student: str, submission: Submission) -> Sitting:
        """Return the exam."""
        del student, submission
        return self.only

    def close(self) -> None:
        """Leave it open: somebody wants these cases."""


class Pool:
    """Exams drawn by ``draw`` from seeds of a register, each when somebody first sits it."""

    def __init__(self, draw: Callable[[int], Exam], register: Register, limits: Limits, release: Release) -> None:
        self.draw, self.register, self.limits, self.release = draw, register, limits, release
        self.drawn: dict[int, Sitting] = {}

    def sitting(self, student: str, submission: Submission) -> Sitting:
        """Return the exam, drawn when it is first wanted."""
        seed = self.register.seed(student, key("", submission))
        if seed not in self.drawn:
            self.drawn[seed] = Sitting(self.draw(seed))
        return self.drawn[seed]

    def close(self) -> None:
        """Close this run's exams."""
        self.register.close()


class Register:
    """A folder that remembers the secret, which hand-in sat which exam, and which exams are closed.

    Exams are numbered within rounds; a round ends when something of it is shown. Two graders may share a register.

    Raises
    ------
    RegisterError
        If the folder holds something that is no register's.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            for name in ("secret", "sat", "closed"):
                (folder / name).unlink(missing_ok=True)
        # Two graders that begin at once draw one secret.
        with alone_in(folder):
            if not (folder / "secret").exists():
                write_atomically(folder / "secret", f"{secrets.token_hex(32)}\n".encode())
                (folder / "secret").chmod(0o600)
        try:
            self.secret = bytes.fromhex((folder / "secret").read_text("ascii").strip())
            self.round = int(self._text("closed") or 0) + 1
            lines = [line.split() for line in self._text("sat").splitlines() if line.endswith(".")]
            self.sat = {name: (int(round_), int(number)) for name, round_, number, _ in lines}
        except ValueError as problem:
            raise RegisterError(f"{folder} is damaged; remove it, or run with --fresh") from problem
        if not self.secret:
            raise RegisterError(f"{folder} is damaged; remove it, or run with --fresh")

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("ascii")
        except FileNotFoundError:
            return ""

    def seed(self, student: str, content: str) -> int:
        """Return the seed of the exam that a student sits with this content, and remember it."""
        name = self._digest(f"hand-in\0{student}\0{content}").hex()
        if name not in self.sat:
            self.sat[name] = self.round, int(name, 16) % SIZE
            with (self.folder / "sat").open("a", encoding="ascii") as file:
                # The dot tells a line that was written whole.
                file.write(f"{name} {self.sat[name][0]} {self.sat[name][1]} .\n")
        round_, number = self.sat[name]
        return int.from_bytes(self._digest(f"exam\0{round_}\0{number}")[:8]) >> 1

    def close(self) -> None:
        """End the round."""
        write_atomically(self.folder / "closed", f"{self.round}\n".encode())

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self.secret, text.encode(errors="surrogatepass"), hashlib.sha256)
