"""Pictures that a student attached to a text: handed on to who reads it, under names of the grader's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from .prose import harmless

Bundles = dict[str, dict[str, str]]
# What is only looked at; a drawing in SVG may hold a script.
TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOST_PICTURES = 20
# Of the pictures of a cell, and of all cells together.
MOST_BYTES = 12 << 20
SPACE = re.compile(r"\s+")
BASE64 = re.compile(r"[A-Za-z0-9+/]*+={0,2}")
# As Jupyter writes that a picture stands here, and as people do who want it smaller.
PLACE = re.compile(
    r"!\[[^\]\n]{0,300}\]\(\s*<?attachment:(?P<name>[^)<>\n\"]{1,300}?)>?(?:\s+\"[^\"\n]{0,300}\")?\s*\)"
    r"|<img\b[^<>]{0,1000}?\bsrc\s*=\s*[\"']?attachment:(?P<other>[^\"'<>]{1,300})[\"']?[^<>]{0,1000}>",
    re.IGNORECASE,
)


def with_pictures(text: str, cell: Mapping[str, Any]) -> tuple[str, Bundles]:
    """Return a cell's harmless Markdown and the attachments that it needs.

    Each picture is shown once, where the text first has it or else at its end. What is no picture is named.
    """
    attached = cell.get("attachments")
    if not isinstance(attached, Mapping) or not attached:
        return harmless(text), {}
    pictures = dict(_pictures(attached))
    # Nobody can write a text that holds its own hash: the names are not in it yet.
    digest = hashlib.sha256(repr((text, list(pictures))).encode())
    for bundle in pictures.values():
        for kind, data in bundle.items():
            digest.update(f"{kind} {len(data)} ".encode() + data.encode())
    names = {given: f"{digest.hexdigest()[:16]}-{number}" for number, given in enumerate(pictures, 1)}
    left = dict(names)

    def placed(found: re.Match[str]) -> str:
        given = found["name"] or found["other"]
        name = left.pop(given, None) or left.pop(unquote(given), None)
        return f"![picture](attachment:{name})" if name else found[0]

    text = PLACE.sub(placed, text)
    text += "".join(f"\n\n![picture](attachment:{name})" for name in left.values())
    unseen = [str(name)[:80] for name in attached if name not in pictures][:MOST_PICTURES]
    text += "".join(f"\n\n(attached, but no picture that is shown: {name})" for name in unseen)
    return harmless(text, [f"attachment:{name}" for name in names.values()]), {
        names[given]: bundle for given, bundle in pictures.items()
    }


def _pictures(attached: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the attachments that are pictures, each with one type and data that are what they say."""
    left = MOST_BYTES
    for name, bundle in list(attached.items())[:MOST_PICTURES]:
        for kind in TYPES:
            data = _data(bundle.get(kind)) if isinstance(bundle, Mapping) else None
            if data and len(data) <= left:
                left -= len(data)
                yield name, {kind: data}
                break


def _data(given: Any) -> str | None:
    """Return base64 text in its plain form, if it is that."""
    if isinstance(given, list):
        given = "".join(part for part in given if isinstance(part, str))
    if not isinstance(given, str) or len(given) > 2 * MOST_BYTES:
        return None
    # Not decoded to be asked: that would take a few times its memory.
    plain = SPACE.sub("", given)
    return plain if len(plain) % 4 == 0 and BASE64.fullmatch(plain) else None


def without_too_many(cells: Sequence[dict[str, Any]]) -> None:
    """Leave out pictures of some cells, the first of which matter most, where all together are too large to hand on."""
    left = MOST_BYTES
    for cell in cells:
        size = sum(len(data) for bundle in cell.get("attachments", {}).values() for data in bundle.values())
        if size > left:
            del cell["attachments"]
            cell["source"] += (
                "\n\n*Pictures were attached, too: they are in the hand-in, and too large to be shown here.*"
            )
        else:
            left -= size
