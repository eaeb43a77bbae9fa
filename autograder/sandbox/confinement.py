"""What confines a process: bubblewrap's arguments, the mounts, and the filter of system calls where it can be made.

bubblewrap gives the worker empty namespaces (user, process, network, ipc), a read-only root that holds the
interpreter, its standard library and the packages asked for. In there :mod:`warm` forks each submission's process,
in namespaces and with a small ``/tmp`` of its own. A seccomp filter leaves the system calls that notebooks need
(:mod:`allow_list`); the worker lowers its own resource limits before any student code runs.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from importlib import metadata
from importlib.util import cache_from_source
from pathlib import Path

from packaging.requirements import Requirement

from . import allow_list
from .terms import FONTS

HERE = Path(__file__).parent
# What of this folder is mounted in the sandbox.
INSIDE = ("described.py", "shell.py", "terms.py", "warm.py", "wire.py", "worker.py")
ENVIRONMENT = {
    "PATH": "/nowhere",
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",  # noqa: S108
    # There are no threads in the sandbox; libraries must not try.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class ConfinementError(RuntimeError):
    """This machine cannot confine student code; the message says what is missing and how to get it."""


def lacking() -> str:
    """Return what this platform lacks for grading, in one sentence; nothing on Linux."""
    if sys.platform == "linux":
        return ""
    return f"Grading needs Linux, and this is {sys.platform}. `check` in a notebook does without it."


@cache
def bwrap() -> str:
    """Return the path of bubblewrap; raises :class:`ConfinementError` if there is none."""
    path = shutil.which("bwrap")
    if path is None:
        raise ConfinementError("bubblewrap is not installed; install it with `sudo apt-get install bubblewrap`")
    return path


def refusal(said: str) -> ConfinementError:
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


@cache
def seccomp_program() -> bytes:
    """Return the filter of system calls as the kernel reads it.

    Raises
    ------
    ConfinementError
        If libseccomp is missing.
    """
    try:
        import pyseccomp as seccomp  # noqa: PLC0415 - importing it fails without the system's libseccomp
    except (ImportError, OSError, RuntimeError) as problem:
        raise ConfinementError(
            "libseccomp is not installed; install it with `sudo apt-get install libseccomp2`"
        ) from problem
    return allow_list.program(seccomp)


def arguments(packages: tuple[str, ...]) -> list[str]:
    """Return the command that confines whatever is appended to it."""
    return [
        bwrap(), "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv",
        "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL",
        *(word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)),
        *_root(), *_mounts(("numpy", "matplotlib", "ipython", *packages)), *_worker(),
        *_font_cache(), "--dir", "/tmp", "--remount-ro", "/",  # noqa: S108
        "--",
    ]  # fmt: skip


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
    python = os.path.realpath(sys.executable)
    words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    words += ["--ro-bind", python, python, "--ro-bind", library, library]
    for path in Path(sys.base_prefix, "lib").glob("libpython*.so*"):
        words += ["--ro-bind", str(path), str(path)]
    # What else is installed beside the interpreter is none of a student's business.
    for folder in (os.path.join(library, "site-packages"), "/usr/lib/python3"):
        if os.path.isdir(folder):
            words += ["--tmpfs", folder, "--remount-ro", folder]
    # --dev would nest a second user namespace; these two are all that Python and PyTorch need. They are the host's,
    # and nobody may change them: see :mod:`warm`.
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


@cache
def _mounts(packages: tuple[str, ...]) -> tuple[str, ...]:
    """Return mounts below ``/packages`` of these distributions and all that they need."""
    words: list[str] = []
    for source in sorted({path for name in _closure(packages) for path in _top_level(name)}):
        words += ["--ro-bind", str(source), f"/packages/{source.name}"]
    return tuple(words)


def _closure(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        if name in found:
            continue
        found.add(name)
        for text in requires:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name.lower())
    return found


def _top_level(name: str) -> set[Path]:
    distribution = metadata.distribution(name)
    files = distribution.files or []
    tops = {file.parts[0] for file in files if file.parts[0] not in ("..", "__pycache__")}
    found = {Path(str(distribution.locate_file(top))) for top in tops}
    return {path for path in found if path.exists() and path.suffix != ".dist-info"}


@cache
def _font_cache() -> tuple[str, ...]:
    """Return the mount of matplotlib's list of fonts: without it the first plot of every student takes seconds."""
    import matplotlib as mpl  # noqa: PLC0415 - only the trusted side's path is wanted, and only once

    words: list[str] = []
    for path in Path(mpl.get_cachedir()).glob("fontlist-*.json"):
        words += ["--ro-bind", str(path), f"{FONTS}/{path.name}"]
    return tuple(words)
