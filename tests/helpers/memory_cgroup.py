"""A group of processes that may use only so much memory, where this machine lets one be made."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path("/sys/fs/cgroup")


@contextmanager
def memory_cgroup(name: str, size: int) -> Iterator[Path]:
    """Yield the folder of a new group below our own, limited to ``size`` bytes; skip the test where that is refused."""
    folder, limit, with_swap, swap = _place(name)
    try:
        folder.mkdir()
        (folder / limit).write_text(str(size))
        if (folder / with_swap).exists():
            (folder / with_swap).write_text(str(size if swap else 0))
    except OSError as problem:
        if folder.is_dir():
            folder.rmdir()
        pytest.skip(f"no memory cgroup can be made here: {problem}")
    try:
        yield folder
    finally:
        # Of what was ended, the last is gone a moment after its grader.
        for _ in range(100):
            if not (folder / "cgroup.procs").read_text(encoding="ascii"):
                break
            time.sleep(0.1)
        folder.rmdir()


def _place(name: str) -> tuple[Path, str, str, bool]:
    """Return where a group of ours would be, its limits' names, and whether that on swap counts memory as well.

    In version 1 of cgroups, where the kernel has memory there, or else in version 2.
    """
    lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    own: dict[str, str] = {line.split(":", 2)[1]: line.split(":", 2)[2] for line in lines}
    if "memory" in own:
        folder = Path(f"{ROOT}/memory{own['memory']}", name)
        return folder, "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", True
    return Path(f"{ROOT}{own.get('', '/')}", name), "memory.max", "memory.swap.max", False
