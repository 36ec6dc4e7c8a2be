"""Sections of a notebook: how a report leads to one."""

import re
from html import escape, unescape

_HEADING = re.compile(r"<h(?P<level>[1-6])>(?P<body>.*?)</h(?P=level)>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def anchor(heading: str) -> str:
    """Return the name of the place at which a section begins, as JupyterLab and nbconvert make it of its heading."""
    return heading.strip().replace(" ", "-")


def with_anchors(page: str) -> str:
    """Add names to the headings in HTML made of Markdown, so that links find its sections."""
    return _HEADING.sub(_named, page)


def _named(found: re.Match[str]) -> str:
    heading = unescape(_TAG.sub("", found["body"]))
    return f'<h{found["level"]} id="{escape(anchor(heading))}">{found["body"]}</h{found["level"]}>'
