"""Whole notebooks in the browser: JupyterLite beside the book, with the Python that the pages' cells load as well."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from page_python import archives, distribution, scripts, site
from page_python.programs import python

FOLDER = "lite"
EXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
SHOWN = ("@jupyter-widgets/jupyterlab-manager", KERNEL)
PARTS = ("jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyterlab-widgets", "ipywidgets", "comm")
# Loaded with the kernel; the last one is no package here, and the kernel does without it.
AT_ONCE = ("stdlib-rest", "micropip", "ipython", "jedi", "comm", "sqlite3", "ssl")
# What is imported tells Pyodide what to load: `check` comes with all that the notebooks' pictures need.
PICTURES = ("numpy", "matplotlib", "ipywidgets")
WIDGETS = {"comm": (), "ipywidgets": ("comm", "ipython", "traitlets")}
CONFIG = {
    "apps": ["notebooks", "tree", "lab"],
    "ignore_sys_prefix": True,
    "no_sourcemaps": True,
    "no_unused_shared_packages": True,
    "federated_extensions": [str(EXTENSIONS / name) for name in SHOWN],
}
SETTINGS = {
    "pyodideUrl": "./python.js",
    "disablePyPIFallback": True,
    "loadPyodideOptions": {"packages": list(AT_ONCE)},
}
OVERRIDES = {
    # All cells are in the page: the browser's search finds them, and a screen reader reads them.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    # JupyterLite has it in the file browser's own menu only, which a finger or a keyboard hardly opens.
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [{"id": "jp-mainmenu-file", "items": [{"command": "docmanager:download", "rank": 6}]}]
    },
}


def find() -> Path:
    """Return the folder with the packages that whole notebooks need.

    Raises
    ------
    NotToBeHadError
        If they cannot be had.
    """
    return distribution.find(distribution.package_hashes())


def write(html: Path, kept: Path, notebooks: list[Path]) -> None:
    """Write JupyterLite with some notebooks into the folder ``lite`` of a built book, unless it is there already.

    ``kept`` is the folder of the cells' archives, as :func:`page_python.site.write` returned it.
    """
    target, given, work = html / FOLDER, find(), kept.parent
    runtime = {"files": site.runtime(kept), "base": f"../_static/{site.FOLDER}/"}
    script = scripts.worker_script(work / "npm", "lite", runtime)
    inputs = _hash(script, CONFIG, [version(part) for part in PARTS], *notebooks, *Path(__file__).parent.glob("*.*"))
    stamp = target / "made-of"
    if stamp.is_file() and stamp.read_text("utf-8") == inputs:
        return
    shutil.rmtree(target, ignore_errors=True)
    _build(target, work / "jupyterlite", notebooks)
    packages = target / "packages"
    packages.mkdir()
    for name in distribution.package_hashes():
        shutil.copy2(given / name, packages / name)
    (packages / "lock.json").write_text(json.dumps(_lock(packages, kept)), "utf-8")
    (target / "python.js").write_text(script, "utf-8")
    stamp.write_text(inputs, "utf-8")


def _hash(*inputs: Any) -> str:
    total = hashlib.sha256()
    for one in inputs:
        total.update(one.read_bytes() if isinstance(one, Path) else json.dumps(one).encode())
    return total.hexdigest()


def _build(target: Path, work: Path, notebooks: list[Path]) -> None:
    """Have JupyterLite write itself, the notebooks, and where its Python is."""
    shutil.rmtree(work, ignore_errors=True)
    contents = work / "notebooks"
    contents.mkdir(parents=True)
    for path in notebooks:
        shutil.copy2(path, contents)
    (work / "jupyter_lite_config.json").write_text(
        json.dumps({"LiteBuildConfig": {**CONFIG, "contents": [str(contents)], "output_dir": str(target)}}), "utf-8"
    )
    settings = {"litePluginSettings": {f"{KERNEL}:kernel": SETTINGS}, "settingsOverrides": OVERRIDES}
    (work / "jupyter-lite.json").write_text(
        json.dumps({"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}), "utf-8"
    )
    done = python("-m", "jupyterlite_core", "build", folder=work)
    if done.returncode:
        raise RuntimeError(f"JupyterLite cannot be built: {done.stderr[-1500:]}")


def _lock(packages: Path, kept: Path) -> dict[str, Any]:
    """Return what Pyodide must know of all packages; write into their folder what has been made of ours."""
    shutil.copy2(kept / archives.REST, packages)
    own = {
        "stdlib-rest": _entry(packages / archives.REST, "stdlib-rest", distribution.VERSION, ()),
        "numpy": _entry(kept / "numpy.tar", "numpy", archives.NUMPY.split("-")[1], ("numpy",)),
        "course": _entry(kept / "course.tar", "course", version("pooling-measured"),
                         ("autograder", *archives.LIBRARIES), PICTURES),
    }  # fmt: skip
    for name, depends in WIDGETS.items():
        archives.write_zip(packages / f"{name}.zip", _modules(name))
        own[name] = _entry(packages / f"{name}.zip", name, version(name), (name,), depends)
    return {"info": archives.INFO, "packages": distribution.packages() | own}


def _entry(
    archive: Path, name: str, release: str, imports: tuple[str, ...], depends: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "name": name,
        "version": release,
        "file_name": archive.name,
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": imports,
        "depends": depends,
    }


def _modules(name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the modules of an installed package, as names with contents."""
    root = Path(str(files(name)))
    for path in sorted(root.rglob("*.py")):
        if "tests" not in path.parts:
            yield path.relative_to(root.parent).as_posix(), path.read_bytes()
