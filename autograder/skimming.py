"""The text of a notebook's file without what nobody reads in it: pictures and prints cost no memory and little time.

Outputs stream by, a piece at a time, and ``null`` stands in their place; what is left is for :mod:`json`. A library
that reads JSON in pieces would refuse what Jupyter writes: ``NaN``, and halves of surrogate pairs.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Set
from typing import IO

PIECE = 1 << 18
# Of what JSON is made of, an object takes forty times its five bytes.
MOST_PARTS = 100_000
# Of what is left out, brackets about others take a microsecond each, and whatever else ends a text some hundredth.
MOST_SKIPPED = 1 << 20
MOST_SIGNS = 1 << 24
# A key may be written with escapes.
LONGEST_KEY = 120
# Repeated so often at most, since each time is kept for going back. (Without going back, as `*+`, Python 3.11.2 errs.)
OFTEN = "{0,4096}"
REST_OF_STRING = re.compile(rf'[^"\\]*+(?:\\.[^"\\]*+){OFTEN}', re.DOTALL)
STRING = rf'"{REST_OF_STRING.pattern}"'
BETWEEN = re.compile(r'[^"\[\]{},:]*+')
# Whatever stands within brackets that hold no others.
INNERMOST = rf'\[[^"\[\]{{}}]*+\]|\{{[^"\[\]{{}}]*+\}}|{STRING}'
SKIPPED = re.compile(rf'[^"\[\]{{}}]*+(?:(?:{INNERMOST})[^"\[\]{{}}]*+){OFTEN}', re.DOTALL)
# One sign beyond these makes Python keep each sign of a text in two or four bytes.
WIDE = re.compile(r"[^\x00-\xff]+")


class TooLongError(ValueError):
    """The file does not end where it should."""


class TooLargeError(ValueError):
    """More is left than may be kept."""


class TooManyPartsError(ValueError):
    """The file has more parts than a notebook has."""


def skim(file: IO[bytes], unread: Set[str], limit: int, longest: int) -> str:
    """Return the JSON text of a file, with ``null`` for each list and object that stands under a key in ``unread``.

    Of valid JSON the values are otherwise the same; of what is left out only brackets and strings are looked at. What
    comes back takes at most ``limit`` bytes, and so do all strings in it together.

    Raises
    ------
    TooLongError
        If the file has more than ``longest`` bytes.
    TooLargeError, TooManyPartsError
        If more is left of it, or it has parts without end.
    UnicodeDecodeError
        If it is in no encoding of Unicode.
    """
    skimmer = _Skimmer(unread, limit)
    for text in _pieces(file, longest):
        skimmer.feed(text)
    return "".join(skimmer.pieces)


def _pieces(file: IO[bytes], longest: int) -> Iterator[str]:
    content = file.read(PIECE)
    decoder = codecs.getincrementaldecoder(json.detect_encoding(content))()
    while content:
        longest -= len(content)
        if longest < 0:
            raise TooLongError
        yield decoder.decode(content)
        content = file.read(PIECE)
    yield decoder.decode(b"", final=True)


class _Skimmer:
    """Takes a text piece by piece and keeps what is read of it."""

    def __init__(self, unread: Set[str], limit: int) -> None:
        self.unread, self.limit = unread, limit
        self.pieces: list[str] = []
        self.size = self.parts = self.skipped = self.signs = 0
        # Within a string; within how many brackets of what is left out.
        self.in_string, self.depth = False, 0
        # The string that has just ended, as far as it may be a key; whether a value follows that is left out.
        self.word, self.unread_follows = "", False
        # Of the string under way: how many signs it has, and whether one of them makes all others take four bytes.
        self.length, self.is_wide = 0, False
        # A backslash at the end of the last piece; whether the piece has wide signs at all.
        self.rest, self.wide = "", False

    def feed(self, text: str) -> None:
        """Take the next piece."""
        self.signs += sum(map(text.count, '"\\[{'))
        if self.signs > MOST_SIGNS:
            raise TooManyPartsError
        text, self.rest = self.rest + text, ""
        self.wide = _is_wide(text)
        at, start = 0, 0
        while at < len(text):
            if self.in_string:
                at = self._string(text, at)
            elif self.depth:
                at = start = self._out(text, at)
            else:
                at = self._between(text, at)
                if self.depth:
                    self._keep(text[start : at - 1] + "null")
        if not self.depth:
            self._keep(text[start : len(text) - len(self.rest)])

    def _keep(self, text: str) -> None:
        if self.wide:
            # Where nothing is wide, no sign takes more than a byte.
            text, count = WIDE.subn(_escaped, text)
            self._count(count)
        self._grow(len(text))
        self.pieces.append(text)

    def _grow(self, size: int) -> None:
        self.size += size
        if self.size > self.limit:
            raise TooLargeError

    def _count(self, parts: int = 1) -> None:
        self.parts += parts
        # Beside each bracket and comma two strings and a colon.
        if self.parts > 4 * MOST_PARTS:
            raise TooManyPartsError

    def _string(self, text: str, at: int) -> int:
        """Go on in a string, up to behind its end or to that of the piece."""
        end = _end(REST_OF_STRING, text, at)
        ends = text[end : end + 1]
        self.in_string = ends != '"'
        if ends == "\\" and end == len(text) - 1:
            self.rest, end = ends, len(text)
        if not self.depth:
            self.word += text[at : min(end, at + LONGEST_KEY)]
            self.length += end - at
            if self.is_wide:
                self._grow(3 * (end - at))
            elif text.find("\\u", at, end) >= 0 or (self.wide and WIDE.search(text, at, end)):
                self.is_wide = True
                self._grow(3 * self.length)
        return end if self.in_string else end + 1

    def _out(self, text: str, at: int) -> int:
        """Go on in what is left out, up to behind the next bracket or into the next string."""
        at = _end(SKIPPED, text, at)
        if at == len(text):
            return at
        self.skipped += 1
        if self.skipped > MOST_SKIPPED:
            raise TooManyPartsError
        if text[at] == '"':
            self.in_string = True
        else:
            self.depth += 1 if text[at] in "[{" else -1
        return at + 1

    def _between(self, text: str, at: int) -> int:
        """Go on between strings of what is kept, up to behind the next sign."""
        at = _end(BETWEEN, text, at)
        if at == len(text):
            return at
        self._count()
        sign = text[at]
        if sign == '"':
            self.in_string, self.word, self.length, self.is_wide = True, "", 0, False
        elif sign in "[{" and self.unread_follows:
            self.depth = 1
        self.unread_follows = sign == ":" and _key(self.word) in self.unread
        if sign != '"':
            self.word = ""
        return at + 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _is_wide(text: str) -> bool:
    try:
        # The fastest way to ask.
        return not text.isascii() and not text.encode("latin-1")
    except UnicodeEncodeError:
        return True


def _key(word: str) -> str:
    """Return a key as it is read."""
    if "\\" not in word or len(word) > LONGEST_KEY:
        return word
    try:
        return str(json.loads(f'"{word}"'))
    except ValueError:
        return word


def _escaped(signs: re.Match[str]) -> str:
    return json.dumps(signs[0])[1:-1]
