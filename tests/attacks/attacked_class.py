"""One class of attackers, a neighbour beside each, judged once for all tests here."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from string import Template
from tempfile import mkdtemp
from typing import Any

import pytest

from autograder.judging.batch import Batch
from autograder.judging.exams import OneExam
from autograder.judging.hand_ins import hand_ins
from autograder.judging.verdicts import Store
from autograder.model import Verdict
from tests.attacks.attack import Attack
from tests.attacks.attack_escapes import ESCAPES
from tests.attacks.attack_memory import MEMORY as OWN_MEMORY
from tests.attacks.attack_process import PROCESS
from tests.attacks.attack_values import VALUES
from tests.helpers.tiny_exam import LIMITS, cell, cells, exam, hand_in, notebook

ROOT = Path(__file__).resolve().parents[2]
ATTACKS: list[Attack] = [*VALUES, *OWN_MEMORY, *PROCESS, *ESCAPES]
SECRET = "CANARY-5c1d6b"
# An odd number of bytes tells these sandboxes from others on the machine.
SCRATCH = LIMITS.scratch + 13
PARTS = 4


@dataclass
class Class:
    """What was judged, and what lay around meanwhile."""

    folder: Path
    verdicts: dict[str, Verdict]
    listeners: dict[str, socket.socket]
    before: dict[str, str]
    batch: Batch
    confinement: str
    temporary: Path


def graded(folder: Path, confinement: str) -> Iterator[Class]:
    """Judge the class in ``folder``; close what listened afterwards."""
    submitted, temporary = folder / "submitted", Path(mkdtemp(prefix="attacked-"))
    # As the folder for temporary files usually is: the folder of a test is closed to nobody.
    temporary.chmod(0o1777)
    (folder / "canary").write_text(SECRET)
    listeners = _listen(folder)
    places = {
        "CANARY": folder / "canary",
        "SUBMITTED": submitted,
        "STORE": folder / "store",
        "TEMPORARY": temporary,
        "ROOT": ROOT,
        "PORT": listeners["tcp"].getsockname()[1],
        "SOCKET": listeners["unix"].getsockname(),
        "ABSTRACT": listeners["abstract"].getsockname()[1:].decode(),
    }
    hand_in(submitted, "neighbour")
    for attack in ATTACKS:
        hand_in(submitted, attack.name, notebook(cells(double=Template(attack.source).safe_substitute(places))))
        # A comment makes each neighbour's verdict its own.
        hand_in(submitted, f"{attack.name}-neighbour", notebook([cell(f"# beside {attack.name}"), *cells()]))
    before = snapshot(folder)
    asked = OneExam(exam(limits=replace(LIMITS, scratch=SCRATCH), confinement=confinement))
    everybody, store = hand_ins(submitted, "tiny"), Store(folder / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANARY", SECRET)
        patch.setenv("TMPDIR", str(temporary))
        # What was too slow is judged once more, one after the other: in parts of the class side by side here.
        size = -(-len(everybody) // PARTS)
        parts = [Batch(asked, everybody[start : start + size], store) for start in range(0, len(everybody), size)]
        with ThreadPoolExecutor(PARTS) as threads:
            for done in [threads.submit(part.run, new_process, lambda _: None) for part in parts]:
                done.result()
        batch = Batch(asked, everybody, store)
        batch.run(new_process, lambda _: None)
    assert batch.failures == {}
    verdicts = {verdict.student: verdict for verdict in batch.verdicts()}
    yield Class(folder, verdicts, listeners, before, batch, confinement, temporary)
    for listener in listeners.values():
        listener.close()
    rmtree(temporary)


def new_process() -> ProcessPoolExecutor:
    """Return an executor; a server of forks that is there already would not know of what the environment holds now."""
    return ProcessPoolExecutor(1, get_context("spawn"))


def _listen(folder: Path) -> dict[str, socket.socket]:
    kinds: dict[str, tuple[int, Any]] = {
        "tcp": (socket.AF_INET, ("127.0.0.1", 0)),
        "unix": (socket.AF_UNIX, str(folder / "socket")),
        "abstract": (socket.AF_UNIX, f"\0canary-{os.getpid()}"),
    }
    listeners = {}
    for name, (family, address) in kinds.items():
        listeners[name] = socket.socket(family)
        listeners[name].bind(address)
        listeners[name].listen()
        listeners[name].setblocking(False)
    return listeners


def snapshot(folder: Path) -> dict[str, str]:
    """Return what is in a folder, apart from the verdicts."""
    files = (path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts)
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
