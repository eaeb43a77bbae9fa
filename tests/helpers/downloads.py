"""A platform's download, made of names and contents, and what collecting it brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path

from traitlets.config import Config

from autograder.collecting import collect as collecting
from autograder.collecting.download import Download
from autograder.collecting.platforms import pieces
from autograder.collecting.roster import Roster

ASSIGNMENTS = ["dropout", "pooling", "tiny"]


def download(files: Mapping[str, str | Callable[[], bytes]]) -> Download:
    """Return a download of files with these contents, or with what a function reads."""
    made = Download()
    for name, content in files.items():
        size, read = (len(content), content.encode) if isinstance(content, str) else (1, content)
        made.take(name, size, read, None)
    return made


def collected(
    submitted: Path, platform: str, made: Download, roster: Roster, config: Config | None = None
) -> tuple[dict[str, str], str]:
    """Collect pooling; return what lies below ``submitted`` and what was said."""
    order = collecting.Order("pooling", platform, roster, submitted, UTC)
    handed = list(pieces(made, platform, config or Config(), roster, ASSIGNMENTS))
    done = collecting.collect(handed, order, made.left_out)
    there = (path for path in submitted.rglob("*") if path.is_file() and not path.name.startswith("."))
    found = {path.relative_to(submitted).as_posix(): path.read_text() for path in there}
    return found, "\n".join(f"{student}: {remark}" for student, remark in done.remarks)
