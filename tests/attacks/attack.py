"""What an attack is: the source of the cell ``double``, and how each part of it must end."""

from __future__ import annotations

from dataclasses import dataclass

# Tries ways out, and raises an error that tells which of them worked.
ATTEMPT = """
import ctypes, os, sys
import numpy as np

def attempt(**ways):
    got = {}
    for name, way in ways.items():
        try:
            got[name] = repr(way())[:200]
        except BaseException:
            pass
    raise RuntimeError(f"got {got}")

def libc(name, *arguments):
    result = getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result
"""
NOTHING = r"RuntimeError: got \{\} "


@dataclass(frozen=True)
class Attack:
    """``double`` must end with this status and a message like this; ``total``, untouched, keeps its points."""

    name: str
    source: str
    status: str
    message: str = ""
    total: float = 2.0


def escape(name: str, body: str) -> Attack:
    """Return an attack whose ``double`` calls ``attempt``; nothing may work."""
    return Attack(name, ATTEMPT + "\ndef double(x):\n" + _indented(body), "error", NOTHING)


def during_the_call(name: str, body: str, status: str, message: str = "", **more: float) -> Attack:
    """Return an attack with this body of ``double``."""
    return Attack(
        name, "import os, sys\nimport numpy as np\n\ndef double(x):\n" + _indented(body), status, message, **more
    )


def _indented(body: str) -> str:
    return "".join(f"    {line}\n" for line in body.strip().splitlines())
