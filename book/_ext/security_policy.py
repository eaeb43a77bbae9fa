"""Gives every page a policy: scripts that the book brings and no others, no foreign host for anything.

Scripts within a page are named by their hashes. WebAssembly may run, for the exercises' Python; a worker is made from
a blob, so that the policy holds in it as well, whatever a host says of scripts. JupyterLite, beside the book, compiles
text to code; foreign hosts are closed to its pages, too.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection
from html import unescape
from pathlib import Path

from page_python import jupyterlite
from sphinx.application import Sphinx

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
HANDLER = re.compile(r'<[^<>]*?\son[a-z]+="(?P<code>[^"]*)"')
PLACE = '<meta charset="utf-8" />'
POLICY = (
    "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'{hashes}; worker-src blob:; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; base-uri 'none'; "
    "form-action 'self'"
)
LITE = (
    "default-src 'self'; script-src 'self' blob: 'unsafe-eval'{hashes}; worker-src 'self' blob:; "
    "connect-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; frame-src 'self' blob:; base-uri 'none'; form-action 'self'"
)
MARK = '<meta http-equiv="Content-Security-Policy"'


def admitted(html: str, handlers: Collection[str]) -> str:
    """Return the hashes of a page's own scripts, and of the handlers of all pages, as a policy names them.

    The search parses other pages, handlers included, under its own policy.
    """
    scripts = [match["code"] for match in SCRIPT.finditer(html) if _runs(match["attributes"])]
    words = [_hash(code) for code in dict.fromkeys([*scripts, *handlers])]
    return "".join(f" {word}" for word in ([*words, "'unsafe-hashes'"] if handlers else words))


def _runs(attributes: str) -> bool:
    return "src=" not in attributes and "type=" not in attributes


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def write(app: Sphinx, problem: Exception | None) -> None:
    """Put the policy into every page that has been written anew."""
    if problem or app.builder.format != "html":
        return
    root = Path(app.outdir)
    lite = set((root / jupyterlite.FOLDER).rglob("*.html"))
    for path in lite:
        html = path.read_text("utf-8")
        _put(path, html, LITE.format(hashes=admitted(html, ())))
    pages = {path: path.read_text("utf-8") for path in root.rglob("*.html") if path not in lite}
    handlers = sorted({unescape(match["code"]) for html in pages.values() for match in HANDLER.finditer(html)})
    for path, html in pages.items():
        _put(path, html, POLICY.format(hashes=admitted(html, handlers)))


def _put(path: Path, html: str, policy: str) -> None:
    if PLACE in html and MARK not in html:
        path.write_text(html.replace(PLACE, f'{PLACE}\n    {MARK} content="{policy}" />', 1), "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
