"""What of a program stays when its names, its layout and its words are changed: fingerprints of runs of its tokens.

Winnowing (Schleimer, Wilkerson and Aiken, 2003): of every few runs of tokens one is kept, so that whoever shares a
longer run shares a fingerprint. Nothing of a hand-in is parsed for it: a hostile one can bring a parser down.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections.abc import Iterator

# Tokens of a run, and how many runs there are of which one is kept at least.
RUN, WINDOW = 9, 4
# Of a hand-in's code: nobody writes more.
LONGEST = 300_000
KEPT = {*keyword.kwlist, *(name for name in dir(builtins) if name.islower())}
# What no quotation mark ends goes on to the end, so that every sign is looked at once.
TOKEN = re.compile(
    r"""
    (?P<text>[rbuf]{0,2}(?:'{3}(?:[^\\]|\\.)*?(?:'{3}|\Z) | "{3}(?:[^\\]|\\.)*?(?:"{3}|\Z)
              | '(?:[^'\\\n]|\\.)*+'? | "(?:[^"\\\n]|\\.)*+"?))
    | (?P<comment>\#[^\n]*) | (?P<name>\.?[^\W\d]\w*) | (?P<number>\d[\w.]*)
    | (?P<changed>(?:\*\*|//|>>|<<|[-+*/%@&|^])=) | (?P<line>\n) | (?P<sign>\*\*|//|->|[=!<>]=|<<|>>|[^\s\w])
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# Lines that say nothing about how somebody works.
IDLE = re.compile(r"^[ \t]*(?:(?:import|from)\b|[%!]|check\()[^\n]*$", re.MULTILINE)


def tokens(source: str) -> Iterator[str]:
    r"""Yield what counts of a program's tokens: names are all one, but those of Python's own and of attributes.

    >>> " ".join(tokens("def f(x):\n    'Words.'\n    y = np.pad(x, 1)  # more\n    y += 2"))
    'def v ( v ) : v = v .pad ( v , 1 ) v = v + 2'
    """
    begins = True
    for found in TOKEN.finditer(IDLE.sub("", source[:LONGEST])):
        kind, text = found.lastgroup, found[0]
        if kind == "line":
            begins = True
            continue
        if kind == "comment" or (kind == "text" and begins):
            continue
        begins = False
        if kind == "name":
            yield text if text in KEPT or text.startswith(".") else "v"
        elif kind == "changed":
            yield from ("=", "v", text[:-1])
        else:
            yield "s" if kind == "text" else text


def fingerprints(source: str) -> frozenset[int]:
    """Return a program's fingerprints."""
    words = list(tokens(source))
    runs = [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
    hashes = [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) for run in runs]
    return frozenset(min(hashes[start : start + WINDOW]) for start in range(max(1, len(hashes) - WINDOW + 1)) if hashes)
