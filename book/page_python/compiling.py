"""Runs inside Pyodide, once, when the book is built: turns sources into code that a page need not compile.

What starts with every exercise is kept as code; of the rest of the standard library sources are smaller. Archives are
not compressed here: they are compressed whole, for the way to the page.
"""

from __future__ import annotations

import importlib
import io
import py_compile
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path

FOLDER = Path("/tmp")  # noqa: S108 - of a file system in memory
LIBRARY = "/lib/python312.zip/"
READ = "autograder/"  # whose code looks at its own sources


def everything() -> None:
    """Write the archives that a page unpacks, and the one that its Python reads as it is."""
    for name in ("numpy", "course"):
        with tarfile.open(FOLDER / f"{name}.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
            for entry, content in contents(f"{name}.zip"):
                info = tarfile.TarInfo(entry)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    started = loaded_at_the_start()
    library = list(contents("stdlib.zip", started))
    with zipfile.ZipFile(FOLDER / "stdlib.zip", "w") as archive:
        for entry, content in library:
            archive.writestr(zipfile.ZipInfo(entry), content)


def contents(name: str, only: set[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive with their sources, all or some ``only``, compiled."""
    with zipfile.ZipFile(FOLDER / name) as given:
        for entry in sorted(given.namelist()):
            content = given.read(entry)
            code = entry.endswith(".py") and (only is None or entry in only)
            if not code or entry.startswith(READ):
                yield entry, content
            if code:
                yield cache_from_source(entry) if entry.startswith(READ) else f"{entry}c", compiled(entry, content)


def compiled(name: str, source: bytes) -> bytes:
    """Return what Python keeps of a module; it is never compared with the source, which is not there."""
    path = FOLDER / "one.py"
    path.write_bytes(source)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    code = py_compile.compile(str(path), str(path) + "c", name, doraise=True, invalidation_mode=mode)
    return Path(str(code)).read_bytes()


def loaded_at_the_start() -> set[str]:
    """Return the files of the standard library that an exercise's first check imports."""
    for name in ("numpy", "course"):
        with tarfile.open(FOLDER / f"{name}.tar") as archive:
            archive.extractall(FOLDER / "site", filter="data")
    sys.path.insert(0, str(FOLDER / "site"))
    importlib.import_module("autograder.in_page").check("def max_pool2d(): ...", "max_pool2d")
    files = {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
    return {file.removeprefix(LIBRARY) for file in files if file.startswith(LIBRARY)}
