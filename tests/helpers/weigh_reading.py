"""What a hand-in costs the process that reads it and records it: the memory at its peak, and the seconds.

Run as a program in a course's folder: each line that comes in names a student of the assignment ``tiny``, each that
goes out has, in MiB and in seconds, what reading and recording took, and what was said.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.judging.hand_ins import HandIn
from autograder.model import Limits
from autograder.submission import Release
from tests.helpers.tiny_course import record, verdict

ROOT = Path()


def main() -> None:
    """Answer each line in a fork, which has nothing of what others took."""
    release = Release.of(json.loads((ROOT / "exercises/tiny/tiny.ipynb").read_text()))
    _weighed(release, "warm")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            print(json.dumps(_weighed(release, line.rstrip("\n"))), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


def _weighed(release: Release, student: str) -> list[Any]:
    hand_in = HandIn(student, ROOT / "submitted" / student / "tiny" / "tiny.ipynb")
    read, reading = _weigh(lambda: hand_in.read(Limits(), release))
    said = list(read.malformed.values())[:1]
    del read
    notes, recording = _weigh(lambda: record(ROOT, verdict(student)))
    return [reading, recording, [*said, *notes]]


def _weigh(work: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, begin = _kilobytes("VmRSS"), time.perf_counter()
    done = work()
    return done, ((_kilobytes("VmHWM") - before) / 1024, time.perf_counter() - begin)


def _kilobytes(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
