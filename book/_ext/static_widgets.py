"""Keeps a demo's plain picture beside the demo, for print and for readers without JavaScript.

A demo's output holds a widget view and an HTML picture, and myst-nb keeps only one of the two. This transform runs
before myst-nb chooses and attaches the picture to the view, so both reach the page; the style sheet shows one of them.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

VIEW, PICTURE = "application/vnd.jupyter.widget-view+json", "text/html"


class KeepPicture(SphinxPostTransform):
    """Append the picture's nodes to the widget view's."""

    default_priority = 3  # myst-nb selects at 4
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Move the picture in every output that has both."""
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            kinds = {child["mime_type"]: child for child in bundle.children}
            if VIEW in kinds and PICTURE in kinds:
                kinds[VIEW].extend(kinds[PICTURE].children)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(KeepPicture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
