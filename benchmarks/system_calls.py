"""Runs a command and tells which system calls hand-ins made meanwhile in their sandboxes, and which were refused.

The list in ``autograder/sandbox/allow_list.py`` was made by it; it tells what a new interpreter, C library or package
lacks there. It needs strace. A call that was refused counts as well: the tracer sees it before the filter does.

Usage: python -m benchmarks.system_calls COMMAND...

as with ``python -m pytest tests/criteria/test_variants.py tests/attacks/test_oddities.py``
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

# From here on a process runs a hand-in; what came before is the grader's own.
BEGINNING = "prctl(PR_SET_SECCOMP"
REFUSED = ("EPERM (Operation not permitted)\n", "ENOSYS (Function not implemented)\n")
LINE = re.compile(r"(?P<process>\d+)\s+(?P<call>(?P<name>\w+)\((?P<arguments>.*))")
# The arguments that tell what a call is for, by their places.
TELLING = {
    "fcntl": (1, 2), "ioctl": (1,), "socketpair": (0, 1), "socket": (0, 1), "prctl": (0,), "madvise": (2,),
    "mmap": (3,), "mremap": (3,), "futex": (1,), "prlimit64": (0, 1), "kill": (0, 1), "tgkill": (0, 1, 2),
    "clone": (0,), "fadvise64": (3,), "setitimer": (0,),
}  # fmt: skip


def main(command: list[str]) -> None:
    """Run a command with a tracer in front of bubblewrap; print what it saw."""
    tools = {name: shutil.which(name) for name in ("bwrap", "strace")}
    if None in tools.values():
        sys.exit(f"needed, and not found: {' '.join(name for name, path in tools.items() if path is None)}")
    with tempfile.TemporaryDirectory() as folder:
        tracer = Path(folder, "bwrap")
        tracer.write_text(
            f'#!/bin/sh\nexec {tools["strace"]} -D -f -qq -s 0 -o {folder}/record.$$ {tools["bwrap"]} "$@"\n',
            encoding="ascii",
        )
        tracer.chmod(0o755)
        subprocess.run(command, env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}, check=False)
        records = sorted(Path(folder).glob("record.*"))
        made: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        for record in records:
            with record.open(encoding="utf-8", errors="replace") as lines:
                for call, was_refused in calls(lines):
                    made[call] += 1
                    refused[call] += was_refused
    print(f"\n{'made':>9} {'refused':>9}  call")
    for call in sorted(made):
        print(f"{made[call]:9} {refused[call] or '':>9}  {call}")


def calls(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield each call that a hand-in's process made, with its telling arguments, and whether it was refused."""
    begun = set()
    for line in lines:
        match = LINE.match(line)
        if match is None:
            continue
        if match["call"].startswith(BEGINNING):
            begun.add(match["process"])
        elif match["process"] in begun:
            yield described(match["name"], match["arguments"]), line.endswith(REFUSED)


def described(name: str, arguments: str) -> str:
    """Return a call's name with the arguments that tell what it is for."""
    if name not in TELLING:
        return name
    parts = re.sub(r"\)\s+=.*| <unfinished.*", "", arguments.rstrip("\n")).split(", ")
    return f"{name}({', '.join(parts[place] for place in TELLING[name] if place < len(parts))})"


if __name__ == "__main__":
    main(sys.argv[1:])
