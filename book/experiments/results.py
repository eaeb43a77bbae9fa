"""Where measurements are kept: a cached file per arm during a run, a committed JSON file per experiment.

An arm is a dictionary of plain values that says everything about one measurement, seeds included. Its cache
name is a hash of the arm and of the code that computes it, so that a run resumes where it stopped and a
changed experiment is measured anew.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"
# By number, as results and caches are named: {"e01": "e01_counts", ...}
EXPERIMENTS = {path.stem[:3]: path.stem for path in sorted(HERE.glob("e[0-9][0-9]_*.py"))}

Arm = Mapping[str, Any]


def measured() -> tuple[str, ...]:
    """Return the numbers of the experiments whose results exist; others have been written down and not run yet."""
    return tuple(name for name in EXPERIMENTS if (RESULTS / f"{name}.json").exists())


def module(name: str) -> Any:
    """Import the module of an experiment by its number, such as ``e05``."""
    return importlib.import_module(f"experiments.{EXPERIMENTS[name]}")


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    names = ("numpy", "scipy", "sklearn", "torch")
    return {"python": platform.python_version(), **{n: importlib.import_module(n).__version__ for n in names}}


@cache
def code(name: str) -> str:
    """Return a module's source without what cannot change a figure: comments, docstrings, types, lists of arms."""
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    tree.body = [n for n in tree.body if not (isinstance(n, ast.FunctionDef) and n.name in ("arms", "reduced"))]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and _is_text(body[0].value):
            body[0].value = ast.Constant("")
    return ast.unparse(tree)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@cache
def needed(name: str) -> tuple[str, ...]:
    """Return the modules of this package that a module imports, directly or not, and last the module itself."""
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    direct = [
        n.module.removeprefix("experiments.")
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom) and n.module and n.module.startswith("experiments.")
    ]
    return (*sorted({part for d in direct for part in needed(d)}), name)


def key(name: str, arm: Arm) -> str:
    """Return the content hash under which an arm's figures are cached.

    The hash covers the experiment's number but not its file's name, so renaming a file does not invalidate the cache.
    """
    sources = [code(part) for part in needed(EXPERIMENTS[name])]
    text = json.dumps([name, arm, sources, versions()], sort_keys=True)
    return f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def write(path: Path, value: Any) -> None:
    """Write JSON in one step: a reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_layout(value) + "\n")
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _layout(value: Any) -> str:
    """Lay out one arm per line, so that a change of one measurement is a change of one line."""
    if not (isinstance(value, dict) and "arms" in value):
        return json.dumps(value)
    head = json.dumps({k: v for k, v in value.items() if k != "arms"}, indent=1)[:-2]
    return head + ',\n "arms": [\n' + ",\n".join("  " + json.dumps(arm) for arm in value["arms"]) + "\n ]\n}"


def rounded(value: Any) -> Any:
    """Return figures with floats rounded to six significant digits, which is enough to quote.

    >>> rounded({1: [2 / 3, True, "max"]})
    {'1': [0.666667, True, 'max']}
    """
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(k): rounded(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [rounded(v) for v in value]
    return float(f"{float(value):.6g}")


class Result:
    """The measured arms of one experiment."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def arms(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the figures (with their arm under ``"arm"``) of every arm that has the wanted values."""
        return [
            {**entry["figures"], "arm": entry["arm"]}
            for entry in self.content["arms"]
            if all(entry["arm"].get(k) == v for k, v in wanted.items())
        ]

    def pick(self, **wanted: Any) -> dict[str, Any]:
        """Return the figures of the one arm that has the wanted values.

        Raises ``LookupError`` if none or several have them.
        """
        found = self.arms(**wanted)
        if len(found) != 1:
            raise LookupError(f"{self.content['experiment']}: {len(found)} arms with {wanted}")
        return found[0]


@cache
def load(name: str, folder: Path = RESULTS) -> Result:
    """Read the committed results of an experiment, such as ``e05``."""
    return Result(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
