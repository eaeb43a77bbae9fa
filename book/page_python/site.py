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


def write(static: Path, work: Path) -> None:
    """Write the folder ``page_python`` into a folder of static files; ``work`` keeps what need not be made again.

    Raises
    ------
    NotToBeHadError
        If Pyodide or the editor cannot be had; nothing has been written then.
    """
    pyodide = distribution.find()
    scripts.install(work / "npm")
    made = work / _inputs()
    if not (made / "runtime.json").is_file():
        shutil.rmtree(static / FOLDER, ignore_errors=True)
        archives.write(pyodide, made)
        files = [
            _compress(path, made) for path in (*(pyodide / name for name in CORE), *(made / name for name in OURS))
        ]
        (made / "runtime.json").write_text(json.dumps({"files": files}), "utf-8")
    runtime = json.loads((made / "runtime.json").read_text("utf-8"))
    target = static / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    published = [made / f"{file['name']}.{kind}" for file in runtime["files"] for kind in ("gz", "js")]
    # Browsers keep what they have compiled, if it comes as it is; a host that compresses finds the other beside it.
    for path in (*published, pyodide / "pyodide.asm.wasm"):
        copy = target / path.name
        if not copy.exists() or not filecmp.cmp(path, copy):
            shutil.copy2(path, copy)
    scripts.bundle(work / "npm", target, runtime)


def _inputs() -> str:
    """Return a hash of all that the archives are made of."""
    total = hashlib.sha256()
    own = ((path.name, path.read_bytes()) for path in HERE.iterdir() if path.is_file())
    for name, content in sorted([*archives.course(), *own]):
        total.update(name.encode() + b"\0" + content)
    return total.hexdigest()[:16]


def _compress(path: Path, made: Path) -> dict[str, Any]:
    """Compress a file, once to be fetched and once as a script; return what a page must know of it."""
    content = gzip.compress(path.read_bytes(), 9, mtime=0)
    (made / f"{path.name}.gz").write_bytes(content)
    text = base64.b64encode(content).decode()
    (made / f"{path.name}.js").write_text(f'pagePythonFile("{path.name}", "{text}");\n', "utf-8")
    return {"name": path.name, "version": hashlib.sha256(content).hexdigest()[:12], "size": len(content)}
