"""Which installed files a submission may import: some distributions, all that they need, and a list of fonts."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ALWAYS = ("numpy", "matplotlib", "ipython")


@cache
def importable(packages: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the files and folders that NumPy, matplotlib, IPython, these packages and what they need consist of."""
    return tuple(sorted({path for name in _closure((*ALWAYS, *packages)) for path in _top_level(name)}))


def _closure(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        if name in found:
            continue
        found.add(name)
        for text in requires:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name.lower())
    return found


def _top_level(name: str) -> set[Path]:
    distribution = metadata.distribution(name)
    files = distribution.files or []
    tops = {file.parts[0] for file in files if file.parts[0] not in ("..", "__pycache__")}
    found = {Path(str(distribution.locate_file(top))) for top in tops}
    return {path for path in found if path.exists() and path.suffix != ".dist-info"}


@cache
def font_lists() -> tuple[Path, ...]:
    """Return matplotlib's lists of fonts: without one the first plot of every student takes seconds."""
    import matplotlib as mpl  # noqa: PLC0415 - only the trusted side's path is wanted, and only once

    return tuple(Path(mpl.get_cachedir()).glob("fontlist-*.json"))
