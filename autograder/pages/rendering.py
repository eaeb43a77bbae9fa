"""Pages from templates: everything that is filled in is escaped, nothing is fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .failing_case import show
from .where_to_look import where_to_look
from .words import EXPLANATIONS, clean, one_line, points_text

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"clean": clean, "one_line": one_line, "points": points_text}
    environment.filters |= {"show": show, "where": where_to_look}
    environment.globals |= {"explanations": EXPLANATIONS, "asset": asset, "digest": digest}
    return environment


def render(template: str, **context: Any) -> str:
    """Return a template filled in, without characters that no file can hold."""
    return _environment().get_template(template).render(context).encode(errors="replace").decode()


@cache
def asset(name: str) -> Markup:
    """Return a style sheet or script of the templates, to stand in a page as it is."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - the project's own file


@cache
def digest(name: str) -> str:
    """Return the hash by which a page's security policy admits a script, and no other."""
    return base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode()
