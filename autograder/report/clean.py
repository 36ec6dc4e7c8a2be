"""What of a notebook's HTML may reach a feedback page.

nbconvert's own ``clean_html`` knows neither header cells nor paragraphs and shows their tags as text. This one lets
through what Markdown makes and what ``html`` of this package makes, and nothing that could run or fetch. It is used in
its place by ``c.HTMLExporter.filters = {"clean_html": "autograder.report.clean.clean_html"}`` together with
``c.HTMLExporter.sanitize_html = True``.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import bleach  # type: ignore[import-untyped]  # it ships no types
from bleach.css_sanitizer import ALLOWED_CSS_PROPERTIES, CSSSanitizer  # type: ignore[import-untyped]
from bleach.html5lib_shim import Filter  # type: ignore[import-untyped]

_BLOCKS = ("div", "p", "br", "hr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "details", "summary")
_TABLES = ("table", "thead", "tbody", "tr", "th", "td", "caption")
TAGS = frozenset(bleach.ALLOWED_TAGS) | {*_BLOCKS, *_TABLES, "span", "del", "sub", "sup", "img"}
"""Tags that pass."""

_BORDERS = ("border", "border-bottom", "border-left", "border-right", "border-top", "border-radius")
_SPACES = tuple(
    f"{kind}{side}" for kind in ("margin", "padding") for side in ("", "-bottom", "-left", "-right", "-top")
)
STYLES = frozenset(ALLOWED_CSS_PROPERTIES) | {
    *_BORDERS,
    *_SPACES,
    "max-width",
    "min-width",
    "opacity",
    "overflow-x",
    "overflow-wrap",
    "table-layout",
    "word-break",
}
"""Properties that pass in an inline style. ``position`` does not: with it, a text could cover the page."""

_LINKS = ("http://", "https://", "mailto:", "#")
_css = CSSSanitizer(allowed_css_properties=STYLES)


_FOR_SCREEN_READERS = {
    "role": re.compile("heading|group"),
    "aria-level": re.compile("[1-6]"),
    "aria-label": re.compile(".*", re.DOTALL),
    "tabindex": re.compile("0"),
}
"""Attributes of a ``div`` and the values that pass."""


_LONGEST_REMEMBERED = 20_000
"""Characters. What a whole class shares, such as the texts of the notebook, is shorter."""


def clean_html(element: str | bytes) -> str:
    """The HTML, with every tag spelled out and every attribute and style taken out that may not pass."""
    text = element.decode(errors="replace") if isinstance(element, bytes) else str(element)
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _clean(text)


class _Described(Filter):  # type: ignore[misc]  # it has no types
    """Says of an image without a description that it has none, for those who do not see it."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if token.get("name") == "img":
                token["data"].setdefault((None, "alt"), "an image without a description")
            yield token


def _clean(text: str) -> str:
    protocols = {*bleach.ALLOWED_PROTOCOLS, "data"}
    cleaner = bleach.Cleaner(
        tags=TAGS, attributes=_may_pass, protocols=protocols, css_sanitizer=_css, filters=[_Described]
    )
    return str(cleaner.clean(text))


_remembered = lru_cache(maxsize=256)(_clean)
"""The notebook's texts are the same on the page of every student, and cleaning them is half of the work of a page."""


def _may_pass(tag: str, name: str, value: str) -> bool:
    """Images only when they are part of the page: fetching one would tell its owner who reads the page."""
    if tag == "img" and name == "src":
        return value.startswith("data:image/")
    if tag == "a" and name == "href":
        return value.lower().startswith(_LINKS)
    if tag == "div" and name in _FOR_SCREEN_READERS:
        return _FOR_SCREEN_READERS[name].fullmatch(value) is not None
    return name in {"class", "id", "style", "title", "alt"} or (tag == "th" and name == "scope")
