"""Renders what the book's Python shows as HTML or SVG: the only place that knows of Jinja.

Templates lie in ``templates``. Every value put into one is escaped, unless the template says ``safe``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment() -> Environment:
    """Return the settings that all templates share."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(template: str, **values: Any) -> str:
    """Return the text of a template, given by its path below ``templates``.

    >>> print(render("table.html", caption="Sides", heads=["n", "n < 3"], rows=[["2", "yes"]]))
    <table class="table">
    <caption>Sides</caption>
    <thead>
    <tr><th scope="col">n</th><th scope="col">n &lt; 3</th></tr>
    </thead>
    <tbody>
    <tr><th scope="row">2</th><td>yes</td></tr>
    </tbody>
    </table>

    Raises ``jinja2.UndefinedError`` if the template asks for a value that is not given.
    """
    return environment().get_template(template).render(values)
