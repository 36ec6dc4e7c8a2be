"""The pictures attached to a text cell, with something to see for each one that is missing.

nbconvert makes no page at all of a notebook with a picture that its cell does not have. JupyterLab leaves some behind
when a cell is copied, and nbconvert itself does not find those whose names have letters that are no ASCII.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer
from nbformat import NotebookNode

_PREFIX = "attachment:"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="220" height="60" role="img">'
    '<rect x="1" y="1" width="218" height="58" fill="#f5f5f5" stroke="#767676" stroke-dasharray="6 4"/>'
    '<text x="110" y="35" text-anchor="middle" font-family="sans-serif" font-size="14" fill="#333">'
    "This picture is missing</text></svg>"
)
MISSING = {"image/svg+xml": b64encode(_PICTURE.encode()).decode("ascii")}
"""Shown in the place of a picture that is not there."""


def pictures(attachments: Any) -> NotebookNode:
    """Return the attachments of a cell that nbconvert can show."""
    bundles = attachments if isinstance(attachments, Mapping) else {}
    return NotebookNode({name: NotebookNode(bundle) for name, bundle in bundles.items() if is_picture(bundle)})


def is_picture(bundle: Any) -> bool:
    """Return whether an attachment is text of some kinds, as every picture is."""
    return bool(bundle) and isinstance(bundle, Mapping) and all(isinstance(data, str) for data in bundle.values())


class Renderer(IPythonRenderer):
    """Renders a text as nbconvert does, with the picture that says so in the place of each one that is missing."""

    def _embed_image_or_attachment(self, src: str) -> str:
        if src.startswith(_PREFIX):
            name = src.removeprefix(_PREFIX)
            found = self.attachments.get(name) or self.attachments.get(unquote(name)) or MISSING
            self.attachments = {**self.attachments, name: found}
        return super()._embed_image_or_attachment(src)
