"""Everything that exercises load, as files of the book: Python, compressed for http and for disk, and scripts."""

from __future__ import annotations

import base64
import filecmp
import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from page_python import archives, distribution, scripts

HERE = Path(__file__).parent
FOLDER = "page_python"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")
OURS = ("stdlib.zip", "numpy.tar", "course.tar", "lock.json")


def write(static: Path, work: Path) -> Path:
    """Write the folder ``page_python`` into a folder of static files; ``work`` keeps what need not be made again.

    Returns the folder below ``work`` that has the archives.

    Raises
    ------
    NotToBeHadError
        If Pyodide or the editor cannot be had; nothing has been written then.
    """
    pyodide = distribution.find(distribution.hashes())
    scripts.install(work / "npm")
    kept, target = work / _inputs(), static / FOLDER
    if not (kept / "runtime.json").is_file():
        shutil.rmtree(target, ignore_errors=True)
        archives.write(pyodide, kept)
        files = [
            _compress(path, kept) for path in (*(pyodide / name for name in CORE), *(kept / name for name in OURS))
        ]
        (kept / "runtime.json").write_text(json.dumps({"files": files}), "utf-8")
    files = runtime(kept)
    target.mkdir(parents=True, exist_ok=True)
    published = [kept / f"{file['name']}.{kind}" for file in files for kind in ("gz", "js")]
    # Browsers keep what they have compiled, if it comes as it is; a host that compresses finds the other beside it.
    for path in (*published, pyodide / "pyodide.asm.wasm"):
        copy = target / path.name
        if not copy.exists() or not filecmp.cmp(path, copy):
            shutil.copy2(path, copy)
    scripts.bundle(work / "npm", target, {"files": files})
    return kept


def runtime(kept: Path) -> list[dict[str, Any]]:
    """Return the files that are published, with their versions and sizes."""
    files: list[dict[str, Any]] = json.loads((kept / "runtime.json").read_text("utf-8"))["files"]
    return files


def _inputs() -> str:
    """Return a hash of all that the archives are made of."""
    total = hashlib.sha256()
    own = ((path.name, path.read_bytes()) for path in HERE.iterdir() if path.is_file())
    for name, content in sorted([*archives.course(), *own]):
        total.update(name.encode() + b"\0" + content)
    return total.hexdigest()[:16]


def _compress(path: Path, kept: Path) -> dict[str, Any]:
    """Compress a file, once to be fetched and once as a script; return what a page must know of it."""
    content = gzip.compress(path.read_bytes(), 9, mtime=0)
    (kept / f"{path.name}.gz").write_bytes(content)
    text = base64.b64encode(content).decode()
    (kept / f"{path.name}.js").write_text(f'pagePythonFile("{path.name}", "{text}");\n', "utf-8")
    return {"name": path.name, "version": hashlib.sha256(content).hexdigest()[:12], "size": len(content)}
