"""Namespaces: bubblewrap's arguments, the mounts, and what it says where it cannot confine.

bubblewrap gives the warm process empty namespaces (user, process, network, ipc) and a read-only root that holds the
interpreter, its standard library and the packages asked for. In there each submission gets namespaces of its own.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import ClassVar

from .confinement import (
    ENVIRONMENT,
    FILES,
    HERE,
    INSIDE,
    Confinement,
    ConfinementError,
    Launch,
    Watch,
    python,
    seccomp_program,
)
from .distributions import font_lists, importable
from .terms import FONTS, OWN_PROCESS


@cache
def bwrap() -> str:
    """Return the path of bubblewrap; raises :class:`ConfinementError` if there is none."""
    path = shutil.which("bwrap")
    if path is None:
        raise ConfinementError("bubblewrap is not installed; install it with `sudo apt-get install bubblewrap`")
    return path


@dataclass(frozen=True)
class Namespaces(Confinement):
    """What bubblewrap makes, found at ``program``."""

    name: ClassVar[str] = "namespaces"
    program: str

    def launch(self, packages: tuple[str, ...]) -> Launch:
        """Return the command that starts a warm process in namespaces."""
        inside = [*python(), self.settings(packages), "/packages", "/worker"]
        return Launch([*arguments(self.program, packages), *inside], {})

    def watch(self, launch: Launch, process: int, nonce: bytes, scratch: int) -> InNamespace:
        """Look into the namespace of its first process."""
        del launch, nonce, scratch
        return InNamespace(Path(f"/proc/{process}/root"))

    def filter(self) -> bytes:
        """Return the filter for processes whose files are limited by the kernel."""
        return seccomp_program()

    def refusal(self, said: str) -> ConfinementError:
        """Return the error for what bubblewrap said when it would not start."""
        if "nknown option" in said:
            return ConfinementError(f"bubblewrap 0.7 or newer is needed ({said}); install a newer one")
        if "mount proc" in said:
            return ConfinementError(
                f"bubblewrap cannot confine here ({said}). Parts of /proc are hidden, as containers do: start the "
                "container with `--security-opt systempaths=unconfined`, or in Kubernetes with `procMount: Unmasked`"
            )
        if "mount: Invalid argument" in said:
            return ConfinementError(f"Linux 5.8 or newer is needed, for a /proc that holds processes only ({said})")
        return ConfinementError(
            f"bubblewrap cannot confine here ({said}). It needs user namespaces for ordinary users: see "
            "`sysctl kernel.unprivileged_userns_clone user.max_user_namespaces "
            "kernel.apparmor_restrict_unprivileged_userns`; in a container, its seccomp and AppArmor profiles must "
            "allow them, and mounts in them"
        )


class InNamespace(Watch):
    """Looks at a namespace through the root of its first process."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / "proc" / str(OWN_PROCESS) / "status")
        self.root, self.tmp = root, root / "tmp"
        os.statvfs(self.tmp)

    def look_at_files(self) -> None:
        """Raise :class:`SandboxEnd` if too many are in its ``/tmp``, whose size the kernel limits."""
        found = os.statvfs(self.tmp)
        if found.f_files - found.f_ffree > FILES:
            raise self.too_many_files()


def arguments(program: str, packages: tuple[str, ...]) -> list[str]:
    """Return the command that confines whatever is appended to it."""
    return [
        program, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv",
        "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL",
        *(word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)),
        *_root(), *(word for path in importable(packages) for word in _read_only(path, f"/packages/{path.name}")),
        *_worker(), *(word for path in font_lists() for word in _read_only(path, f"{FONTS}/{path.name}")),
        "--dir", "/tmp", "--remount-ro", "/",  # noqa: S108
        "--",
    ]  # fmt: skip


def _read_only(path: Path, place: str) -> tuple[str, str, str]:
    return "--ro-bind", str(path), place


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
    program = os.path.realpath(sys.executable)
    words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    words += ["--ro-bind", program, program, "--ro-bind", library, library]
    for path in Path(sys.base_prefix, "lib").glob("libpython*.so*"):
        words += ["--ro-bind", str(path), str(path)]
    # What else is installed beside the interpreter is none of a student's business.
    for folder in (os.path.join(library, "site-packages"), "/usr/lib/python3"):
        if os.path.isdir(folder):
            words += ["--tmpfs", folder, "--remount-ro", folder]
    # --dev would nest a second user namespace; these two are all that Python and PyTorch need. They are the host's,
    # and nobody may change them: see :mod:`fence_namespaces`.
    words += ["--tmpfs", "/dev", "--dev-bind", "/dev/null", "/dev/null"]
    words += ["--dev-bind", "/dev/urandom", "/dev/urandom", "--remount-ro", "/dev"]
    words += ["--proc", "/proc"]
    return tuple(words)


@cache
def _worker() -> tuple[str, ...]:
    """Return the mounts of the worker's modules, compiled where this interpreter has compiled them."""
    words: list[str] = []
    for path in (HERE / name for name in INSIDE):
        compiled = cache_from_source(str(path))
        words += ["--ro-bind", str(path), f"/worker/{path.name}"]
        words += ["--ro-bind-try", compiled, f"/worker/__pycache__/{os.path.basename(compiled)}"]
    return tuple(words)
