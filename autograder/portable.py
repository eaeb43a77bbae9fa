"""Which of the autograder's own files a student, or a page, needs: what a door imports, and its data."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
# What every door brings: `check`, and assignments, which are loaded by computed names.
ALWAYS = ("__init__.py", "assignments/**/*.py")
DATA = ("examples/*.json", "pages/templates/c*", "pages/templates/pictures.css")


def names(*doors: str) -> list[str]:
    """Return what the modules named need, as paths below the folder of the package.

    >>> needed = names("in_page.py")
    >>> "autograder/checking.py" in needed, any("judging" in name for name in needed)
    (True, False)
    """
    found = {path for pattern in DATA for path in HERE.glob(pattern)}
    waiting = {path for pattern in (*ALWAYS, *doors) for path in HERE.glob(pattern)}
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= {other for name in _imported(path) for other in _files(name)} - found
    return sorted(path.relative_to(HERE.parent).as_posix() for path in found)


def _imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module may import from the autograder."""
    package = path.relative_to(HERE.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


def _files(name: str) -> Iterator[Path]:
    """Yield the files that importing a dotted name runs."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        place = HERE.parent.joinpath(*parts[:length])
        yield from (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file())


if __name__ == "__main__":
    print(json.dumps(names(*sys.argv[1:])))
