"""The page's JavaScript, bundled by esbuild into classic scripts, which a page from disk can load as well."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from page_python.distribution import NotToBeHadError
from page_python.programs import node, npm

WEB = Path(__file__).parent / "web"
# By the names of what they export: loaded with a page, with its first editor, with its first answer in words.
BUNDLES = {"cells": "PageCells", "editor": "PageEditor", "prose": "PageProse"}


def install(work: Path) -> None:
    """Install what ``package-lock.json`` names, by its hashes, unless it is there already."""
    lock = (WEB / "package-lock.json").read_bytes()
    stamp = work / "installed"
    digest = hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == digest:
        return
    work.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(WEB / name, work)
    done = npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=work)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["npm said nothing"])[0]
        raise NotToBeHadError(f"npm cannot install the editor: {why}")
    stamp.write_text(digest, "utf-8")


def bundle(work: Path, target: Path, runtime: dict[str, Any]) -> None:
    """Write the scripts; ``runtime`` tells them the names and sizes of Python's files."""
    worker = worker_script(work, "worker")
    public = [name for name in np.__all__ if name.islower()]
    defined: dict[str, dict[str, Any]] = {
        "cells": {"RUNTIME": runtime, "WORKER": worker},
        "editor": {"NUMPY_NAMES": sorted(public)},
    }
    for name, surface in BUNDLES.items():
        options = [f"--define:{key}={json.dumps(value)}" for key, value in defined.get(name, {}).items()]
        text = _esbuild(work, WEB / "src" / f"{name}.js", f"--global-name={surface}", *options)
        (target / f"{name}.js").write_text(text, "utf-8")


def worker_script(work: Path, name: str, runtime: dict[str, Any] | None = None) -> str:
    """Return a script that runs in a worker of its own."""
    return _esbuild(work, WEB / "src" / f"{name}.js", *([f"--define:RUNTIME={json.dumps(runtime)}"] if runtime else []))


def _esbuild(work: Path, entry: Path, *more: str) -> str:
    program = work / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = [
        "--bundle",
        "--minify",
        "--target=es2022",
        "--charset=utf8",
        "--legal-comments=none",
        "--log-level=warning",
    ]
    done = node(program, entry, *options, *more, packages=work / "node_modules")
    if done.returncode or done.stderr:
        raise RuntimeError(f"esbuild: {done.stderr}")
    return done.stdout
