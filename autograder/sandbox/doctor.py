"""What a machine offers to confine hand-ins with, what each layer needs, and the one command that would give more."""

from __future__ import annotations

import ctypes.util
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import backends, landlock, namespaces
from .confinement import ConfinementError
from .session import tried

PROFILE = "deploy/apparmor-bwrap"
RESTRICTED, CLONE, MOST = (
    "kernel.apparmor_restrict_unprivileged_userns",
    "kernel.unprivileged_userns_clone",
    "user.max_user_namespaces",
)
# What lets namespaces be made in a container; each leaves the container's own walls as they are but for these.
CONTAINERS = {
    "docker": "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined ...",
    "podman": "podman run --security-opt seccomp=unconfined --security-opt unmask=ALL ...",
    "kubernetes": "securityContext: {seccompProfile: {type: Unconfined}, appArmorProfile: {type: Unconfined}, "
    "procMount: Unmasked} for the container and hostUsers: false for the pod",
}


@dataclass(frozen=True)
class Machine:
    """What there is: the kind of container, settings of the kernel, and what each way to confine lacks."""

    container: str
    settings: Mapping[str, str]
    lacks: Mapping[str, str]
    has_bwrap: bool


def here() -> Machine:
    """Look at this machine; every way to confine is tried for real."""
    settings = {}
    for name in (RESTRICTED, CLONE, MOST):
        path = Path("/proc/sys", *name.split("."))
        settings[name] = path.read_text(encoding="ascii").strip() if path.exists() else ""
    return Machine(_container(), settings, {name: tried(name) for name in backends.CONFINING}, _version() != "none")


def _container() -> str:
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return "kubernetes"
    marks = {"docker": "/.dockerenv", "podman": "/run/.containerenv"}
    return next((name for name, mark in marks.items() if os.path.exists(mark)), "")


def more(machine: Machine) -> str:
    """Return the one command, or the options of a container, that would give a stronger way to confine.

    >>> more(Machine("", {RESTRICTED: "1"}, {"namespaces": "refused", "landlock": ""}, True))
    'sudo cp deploy/apparmor-bwrap /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap'
    """
    why, settings = machine.lacks[namespaces.Namespaces.name], machine.settings
    advice = (
        (not why, ""),
        (not machine.has_bwrap, "sudo apt-get install bubblewrap"),
        ("libseccomp" in why, "sudo apt-get install libseccomp2"),
        (settings.get(CLONE) == "0", f"sudo sysctl -w {CLONE}=1"),
        (settings.get(MOST) == "0", f"sudo sysctl -w {MOST}=15000"),
        (bool(machine.container), CONTAINERS.get(machine.container, "")),
        (
            settings.get(RESTRICTED) == "1",
            f"sudo cp {PROFILE} /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap",
        ),
    )
    return next((words for holds, words in advice if holds), "")


def layers(machine: Machine) -> list[tuple[str, str, str]]:
    """Return each layer, what it needs and what there is."""
    said = ", ".join(f"{name} = {value}" for name, value in machine.settings.items() if value)
    return [
        ("Linux", "5.8 for namespaces, 5.13 for Landlock", platform.release()),
        ("bubblewrap", "0.7, for namespaces", _version()),
        ("user namespaces", "that ordinary users may make, for namespaces", said or "no setting forbids them"),
        ("Landlock", "switched on in the kernel; ABI 6 also asks it about signals and abstract sockets", _abi()),
        ("system calls", "libseccomp, for both", ctypes.util.find_library("seccomp") or "none"),
        ("another user", "root, for Landlock: hand-ins run as nobody", "yes" if landlock.becomes_nobody() else "no"),
        ("memory of all together", "a cgroup around the grader", _memory()),
    ]


def _version() -> str:
    try:
        return subprocess.run(  # noqa: S603 - found on the search path, as grading does
            [namespaces.bwrap(), "--version"], capture_output=True, text=True, check=False
        ).stdout.strip()
    except (ConfinementError, OSError):
        return "none"


def _abi() -> str:
    try:
        return f"ABI {landlock.abi()}"
    except ConfinementError as problem:
        return str(problem)


def _memory() -> str:
    """Return the limit that this process's group has on memory."""
    root = Path("/sys/fs/cgroup")
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()]
    own = {name: place for _, name, place in lines}
    files = [Path(f"{root}{own.get('', '/')}/memory.max")]
    if "memory" in own:
        files.insert(0, Path(f"{root}/memory{own['memory']}/memory.limit_in_bytes"))
    for file in files:
        text = file.read_text(encoding="ascii").strip() if file.exists() else "max"
        if text != "max" and int(text) < 1 << 60:
            return f"{int(text) >> 20} MiB"
    return "none"


