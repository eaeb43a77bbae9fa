"""Landlock: for machines that let nobody make namespaces, as Ubuntu, Docker and Kubernetes do as they come.

The kernel refuses a submission's process every file but the interpreter, its packages and a folder of its own, and the
filter of system calls refuses it the rest: sockets, signals to others, shared memory. The libraries that there are for
Landlock are young, and it takes three system calls only (:mod:`fence_landlock`).
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from ..model import Status
from . import fence_landlock
from .confinement import (
    ENVIRONMENT,
    FILES,
    HERE,
    Confinement,
    ConfinementError,
    Launch,
    Watch,
    python,
    seccomp_program,
)
from .distributions import font_lists, importable
from .fence_landlock import NOBODY
from .replies import SandboxEnd
from .terms import SCRATCH

# What becoming nobody and tidying up after nobody takes: CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID.
NEEDED = sum(1 << number for number in (0, 1, 3, 5, 6, 7))
# Folders within folders: a submission has no use for more, and each takes time to look into.
DEPTH = 20
ABSENT = {
    errno.ENOSYS: "this kernel has no Landlock: Linux 5.13 or newer is needed, built with it",
    errno.EOPNOTSUPP: "Landlock is switched off: boot with `lsm=landlock,...`, see /sys/kernel/security/lsm",
    errno.EPERM: "the container's seccomp profile refuses Landlock: a newer container runtime allows it",
}


@cache
def abi() -> int:
    """Return the version of Landlock here; raises :class:`ConfinementError` where there is none."""
    try:
        return fence_landlock.abi()
    except OSError as problem:
        raise ConfinementError(ABSENT.get(problem.errno or 0, str(problem))) from problem


@dataclass(frozen=True)
class Landlock(Confinement):
    """Landlock as its interface of version ``abi`` knows it."""

    name: ClassVar[str] = "landlock"
    abi: int

    def launch(self, packages: tuple[str, ...]) -> Launch:
        """Make the folder of a warm process; return how to start it."""
        home = Path(tempfile.mkdtemp(prefix="autograder-"))
        # Nobody may go through, and list nothing.
        home.chmod(0o711)
        for name, mode in (("packages", 0o755), ("fonts", 0o755), (SCRATCH, 0o711)):
            (home / name).mkdir()
            (home / name).chmod(mode)
        for path in font_lists():
            shutil.copyfile(path, home / "fonts" / path.name)
        # Where there is nothing else but what may be imported, a module that may not be is not found.
        for path in importable(packages):
            (home / "packages" / path.name).symlink_to(path)
        settings = self.settings(
            packages,
            abi=self.abi,
            home=str(home),
            as_nobody=becomes_nobody(),
            fonts=[str(home / "fonts" / path.name) for path in font_lists()],
            listed=[str(_library())],
            readable=[str(path) for path in (home / "packages", home / "fonts", *importable(packages), *_system())],
        )
        return Launch([*python(), settings, str(home / "packages"), str(HERE)], ENVIRONMENT, home)

    def watch(self, launch: Launch, process: int, nonce: bytes, scratch: int) -> OnDisk:
        """Look at the folder of a process."""
        home = launch.folder or Path()
        return OnDisk(Path(f"/proc/{process}/status"), home / SCRATCH / nonce.hex(), scratch)

    def filter(self) -> bytes:
        """Return the filter for processes whose files are counted from outside."""
        return seccomp_program(countable=True)


class OnDisk(Watch):
    """Looks at a folder on a disk, whose size nobody but the grader limits."""

    def __init__(self, status: Path, folder: Path, most: int) -> None:
        super().__init__(status)
        self.folder, self.most = folder, most

    def look_at_files(self) -> None:
        """Raise :class:`SandboxEnd` if more was written than may be."""
        try:
            self._count()
        except FileNotFoundError:
            raise
        except OSError as problem:  # a mode forbids it, or a path is too long
            raise SandboxEnd(Status.MEMORY, "a folder was written that cannot be looked into") from problem

    def _count(self) -> None:
        size = 0
        for count, entry in enumerate(_within(self.folder, 0)):
            size += entry.stat(follow_symlinks=False).st_blocks * 512
            if count > FILES:
                raise self.too_many_files()
            if size > self.most:
                raise SandboxEnd(Status.MEMORY, f"more than {self.most >> 20} MiB were written")


def _within(folder: Path | str, depth: int) -> Iterator[os.DirEntry[str]]:
    for entry in list(os.scandir(folder)):
        yield entry
        if entry.is_dir(follow_symlinks=False):
            if depth == DEPTH:
                raise SandboxEnd(Status.MEMORY, f"more than {DEPTH} folders were written one in another")
            yield from _within(entry.path, depth + 1)


def becomes_nobody() -> bool:
    """Whether submissions run as nobody: where the grader is root, with what root may do, and there is a nobody."""
    own = Path("/proc/self")
    effective = int((own / "status").read_text(encoding="ascii").partition("CapEff:")[2].split()[0], 16)
    if os.geteuid() != 0 or effective & NEEDED != NEEDED or (own / "setgroups").read_text() == "deny\n":
        return False
    return all(_there_is_nobody(own / name) for name in ("uid_map", "gid_map"))


def _there_is_nobody(numbers: Path) -> bool:
    rows = (map(int, line.split()) for line in numbers.read_text(encoding="ascii").splitlines())
    return any(first <= NOBODY < first + count for first, _, count in rows)


def _library() -> Path:
    return Path(os.path.dirname(os.__file__)).resolve()


@cache
def _system() -> tuple[Path, ...]:
    """Return what an interpreter reads: its library and the system's shared libraries, not what is beside them."""
    library = _library()
    # What else is installed beside the interpreter is none of a student's business.
    hidden = {library / "site-packages", library / "dist-packages", Path("/usr/lib/python3").resolve()}
    hidden |= {Path(place).resolve() for place in sys.path if place.endswith(("site-packages", "dist-packages"))}
    hidden = {place for place in hidden if place.is_dir()}
    found = [Path("/etc/ld.so.cache"), *_without(library, hidden)]
    for folder in map(Path, ("/lib", "/lib64", "/usr/lib", "/usr/lib64", f"{sys.base_prefix}/lib")):
        several = sysconfig.get_config_var("MULTIARCH")
        places = [folder] if folder.name == "lib64" else [folder / several] if several else []
        found += [path for place in places if place.is_dir() for path in _without(place.resolve(), hidden)]
        found += [path for path in folder.glob("*.so*") if path.is_file()]
    return tuple(dict.fromkeys(path for path in found if path.exists()))


def _without(folder: Path, hidden: set[Path]) -> Iterator[Path]:
    """Yield a folder, or what is in it but for what is hidden."""
    if folder in hidden:
        return
    if not any(folder in place.parents for place in hidden):
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _without(path, hidden)
        elif path.is_file():
            yield path
