"""The pictures attached to a text cell, with something to see for each one that is missing.

nbconvert makes no page at all of a notebook with a picture that its cell does not have. JupyterLab leaves some behind
when a cell is copied, and nbconvert itself does not find those whose names have letters that are no ASCII.
"""

import contextlib
from base64 import b64encode
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

_WORD = "attachment"
_PREFIX = f"{_WORD}:"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="220" height="60" role="img">'
    '<rect x="1" y="1" width="218" height="58" fill="#f5f5f5" stroke="#767676" stroke-dasharray="6 4"/>'
    '<text x="110" y="35" text-anchor="middle" font-family="sans-serif" font-size="14" fill="#333">'
    "This picture is missing</text></svg>"
)
MISSING = {"image/svg+xml": b64encode(_PICTURE.encode()).decode("ascii")}
"""Shown in the place of a picture that is not there."""


def with_missing(source: str, attachments: Any) -> NotebookNode:
    """The attachments that a text needs and has, each under the name by which nbconvert looks for it."""
    bundles = attachments if isinstance(attachments, Mapping) else {}
    there = {name: bundle for name, bundle in bundles.items() if _is_picture(bundle)}
    wanted = {name: there.get(name) or there.get(unquote(name)) or MISSING for name in _names_in(source)}
    return NotebookNode({name: NotebookNode(bundle) for name, bundle in {**there, **wanted}.items()})


def _is_picture(bundle: Any) -> bool:
    return bool(bundle) and isinstance(bundle, Mapping) and all(isinstance(data, str) for data in bundle.values())


def _names_in(source: str) -> list[str]:
    """The names of the attachments that a page of this text shows."""
    renderer = _Listing(escape=False, attachments={})
    if _WORD in unescape(source):  # most texts have none, and need not be rendered
        with contextlib.suppress(Exception):  # a text that cannot be rendered shows no pictures either
            MarkdownWithMath(renderer=renderer).render(source)
    return renderer.names


class _Listing(IPythonRenderer):
    """Renders a text as nbconvert does, and lists the attachments in it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.names: list[str] = []

    def _embed_image_or_attachment(self, src: str) -> str:
        if src.startswith(_PREFIX):
            self.names.append(src.removeprefix(_PREFIX))
        return src
