"""Filters the HTML that may reach a page that others read: the course's own and, far less, a student's text.

nbconvert's own ``clean_html`` rests on bleach, which is no longer developed, and knows neither header cells nor
paragraphs. Here the cleaner is nh3. Neither kind of HTML can run or fetch anything. Tags that may not pass are spelled
out, so that what looks like one in a text, such as ``List<int>``, is still read.

How long cleaning takes depends on the HTML, and for a hostile one without a bound: clean what a student wrote in a
process that can be stopped, as `autograder.nbgrader_plugin.rendering` does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import nh3
from pygments.token import STANDARD_TYPES

_INLINE = (
    *("a", "abbr", "acronym", "b", "code", "del", "em", "i", "img", "span", "strong", "sub", "sup"),
    *("blockquote", "li", "ol", "ul"),
)
_BLOCKS = ("div", "p", "br", "hr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "details", "summary")
_TABLES = ("table", "thead", "tbody", "tr", "th", "td", "caption")
TAGS = frozenset({*_INLINE, *_BLOCKS, *_TABLES})
"""Tags that pass."""

_SIDES = ("", "-bottom", "-left", "-right", "-top")
_SPACES = {f"{kind}{side}" for kind in ("border", "margin", "padding") for side in _SIDES}
_TEXT_STYLES = frozenset(
    {"background-color", "color", "font-style", "font-weight", "text-align", "text-decoration", "vertical-align"}
)
"""Properties of a style that change how letters look and not where anything is."""

STYLES = _TEXT_STYLES | _SPACES
STYLES |= {"border-collapse", "border-color", "border-radius", "counter-reset", "cursor", "display", "float", "height"}
STYLES |= {"font", "font-family", "font-size", "line-height", "max-width", "min-width", "opacity", "overflow", "width"}
STYLES |= {"overflow-wrap", "overflow-x", "table-layout", "text-indent", "white-space", "word-break"}
"""Properties that pass in a style of the course's own HTML. ``position`` does not: nothing of it lies over the page."""

_FETCHES = re.compile(r"url|image|src|\\", re.IGNORECASE)
"""The characters that a style needs to name an address. A backslash can spell any of it."""

_LINKS = ("http://", "https://", "mailto:", "#")
_FIGURE = re.compile(r"figures/[\w-]+\.(?:svg|png)", re.ASCII)
"""A file of the assignment, which `autograder.nbgrader_plugin.figures` puts into the page."""

_FOR_SCREEN_READERS = {
    "role": re.compile("heading|group"),
    "aria-level": re.compile("[1-6]"),
    "aria-label": re.compile(".*", re.DOTALL),
    "tabindex": re.compile("0"),
}
"""Attributes of a ``div`` of the course's and the values that pass."""

_HIGHLIGHT = "highlight"
_TOKENS = frozenset(filter(None, STANDARD_TYPES.values()))
_TAG = re.compile(r"<(?=/?([a-zA-Z][^\s/>]*))")
_IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
_NO_DESCRIPTION = ' alt="an image without a description"'
_LONGEST_REMEMBERED = 20_000
"""Characters. What a whole class shares is shorter."""


@dataclass(frozen=True)
class _Policy:
    """The HTML that passes besides `TAGS`, links, images that are part of the page, and descriptions.

    Attributes:
        attributes: of any tag.
        styles: properties of a style.
        figures: whether an image may name a figure of the assignment.
        own: whether it is the course's HTML: attributes for screen readers pass.
    """

    attributes: frozenset[str]
    styles: frozenset[str]
    figures: bool
    own: bool

    def filter(self, tag: str, name: str, value: str) -> str | None:
        """Return the value of an attribute, or None if it may not pass."""
        return value if self._passes(tag, name, value) else None

    def _passes(self, tag: str, name: str, value: str) -> bool:
        """Let images pass only as a part of the page: fetching one would tell its owner who reads the page."""
        match tag, name:
            case "img", "src":
                return value.startswith("data:image/") or (self.figures and _FIGURE.fullmatch(value) is not None)
            case "a", "href":
                return value.lower().startswith(_LINKS)
            case _, "style":
                return not _FETCHES.search(value)
            case "div", _ if name in _FOR_SCREEN_READERS:
                return self.own and _FOR_SCREEN_READERS[name].fullmatch(value) is not None
            case (("span" | "div"), "class") if not self.own:
                return value in _TOKENS if tag == "span" else value == _HIGHLIGHT
        return True

    def cleaner(self) -> nh3.Cleaner:
        attributes: Mapping[str, set[str]] = {
            "*": {*self.attributes, "style", "title"},
            "a": {"href"},
            "img": {"src", "alt"},
            "th": {"scope"},
            "div": {*_FOR_SCREEN_READERS, "class"} if self.own else {"class"},
            "span": {"class"},
        }
        return nh3.Cleaner(
            tags=set(TAGS),
            clean_content_tags=set(),
            attributes=dict(attributes),
            attribute_filter=self.filter,
            filter_style_properties=set(self.styles),
            url_schemes={"http", "https", "mailto", "data"},
            link_rel=None,
        )


_course = _Policy(frozenset({"class", "id"}), STYLES, figures=False, own=True).cleaner()
_course_text = _Policy(frozenset({"class", "id"}), STYLES, figures=True, own=True).cleaner()
_student_text = _Policy(frozenset(), _TEXT_STYLES, figures=True, own=False).cleaner()


def clean_html(element: str | bytes) -> str:
    """Clean the course's own HTML, with the elements of an exercise's report; nothing leaves its place on the page."""
    text = element.decode(errors="replace") if isinstance(element, bytes) else str(element)
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _cleaned(_course, text)


def clean_course_text(page: str) -> str:
    """Clean HTML made of a text of the course's. Figures are let through by their names."""
    return _cleaned(_course_text, page)


def clean_student_text(page: str) -> str:
    """Clean HTML made of a student's text or code: no ``id``, no layout, and only classes of highlighted code."""
    return _cleaned(_student_text, page)


def _cleaned(cleaner: nh3.Cleaner, page: str) -> str:
    text = page.encode("utf-8", "replace").decode("utf-8")  # lone surrogates have no place in a page
    return _IMAGE.sub(_described, cleaner.clean(_TAG.sub(_spelled_out, text)))


@lru_cache(maxsize=256)
def _remembered(text: str) -> str:
    return _cleaned(_course, text)


def _spelled_out(tag: re.Match[str]) -> str:
    return "<" if tag[1].lower() in TAGS else "&lt;"


def _described(image: re.Match[str]) -> str:
    """Return an image with a text in place of a missing description."""
    return image[0] if ' alt="' in image[1] else f"<img{image[1]}{_NO_DESCRIPTION}>"
