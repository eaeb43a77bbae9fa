"""An export of Gradescope: numbered folders, and a file that says who handed in what and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import yaml

from .download import DownloadError, File
from .handed import Piece, Reader, Sender

METADATA = "submission_metadata.yml"
LARGEST = 32 << 20
FOLDER = re.compile(r"submission_\d+", re.ASCII)


def reader(files: Iterable[File]) -> Reader:
    """Return a reader of an export's files; who handed in together has the same.

    Raises
    ------
    DownloadError
        If the export does not say who handed in, or cannot be read.
    """
    said = next((_said(file) for file in files if _is_metadata(file)), None)
    if said is None:
        raise DownloadError(f"the download has no {METADATA}, which says whose a submission is")
    told = {str(name): one for name, one in said.items() if isinstance(one, Mapping)}

    def read(file: File) -> list[Piece]:
        place = next((i for i, part in enumerate(file.parts[:2]) if FOLDER.fullmatch(part)), len(file.parts))
        parts = file.parts[place + 1 :]
        if _is_metadata(file):
            return [Piece(Sender(), (), file)]
        one = told.get(file.parts[place], {}) if parts else {}
        when = one.get(":created_at")
        time = when if isinstance(when, datetime) else None
        return [Piece(sender, parts, file, time) for sender in _senders(one.get(":submitters"))]

    return read


def _is_metadata(file: File) -> bool:
    """Whether a file is the export's own: what lies in a submission's folder is a student's."""
    return file.parts[-1] == METADATA and len(file.parts) <= 2 and not FOLDER.fullmatch(file.parts[0])


def _said(file: File) -> Mapping[Any, Any]:
    if file.size > LARGEST:
        raise DownloadError(f"{file.shown} is larger than {LARGEST >> 20} MiB")
    try:
        said = yaml.load(file.read(), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as problem:
        raise DownloadError(f"{file.shown} cannot be read as YAML ({type(problem).__name__})") from problem
    return said if isinstance(said, Mapping) else {}


def _senders(people: Any) -> Iterator[Sender]:
    for one in people if isinstance(people, list) else ():
        if isinstance(one, Mapping):
            number, name, email = (str(one.get(f":{key}") or "") for key in ("sid", "name", "email"))
            yield Sender((number,) if number else (), name, email)
