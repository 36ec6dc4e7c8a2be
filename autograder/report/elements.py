"""The elements of the HTML of reports, with inline styles, whose texts are escaped and safe to look at."""

import re
from html import escape

from autograder.report.sanitize import visible

LINE = "1px solid rgba(128, 128, 128, 0.35)"
"""A border that is seen on light and dark pages."""

BOX = "text-align: left; line-height: 1.45; font-size: 14px; margin: 4px 0 12px 0; overflow-wrap: anywhere"
"""Around everything."""

LOG = (
    "font-family: monospace; font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; "
    f"text-align: left; margin: 4px 0; padding: 6px 10px; background-color: rgba(128, 128, 128, 0.10); border: {LINE}"
)
"""The style of log lines."""

BADGE = (
    "display: inline-block; padding: 1px 8px; border-radius: 9px; font-size: 12px; font-weight: 600; "
    "white-space: nowrap; color: #ffffff; background-color: "
)
"""The style of a word on a colour, which has to be written after it."""


def safe(text: str, limit: int = 300) -> str:
    """Return a text escaped for HTML, whoever wrote it; cut after ``limit`` characters."""
    return escape(visible(text, limit))


_CODE = re.compile(r"`([^`\s](?:[^`\n]{0,78}[^`\s])?)`")


def prose(text: str, limit: int = 300) -> str:
    """Escape a text as `safe` does, and set what is between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", safe(text, limit))


def element(name: str, body: str, style: str = "", **attributes: str) -> str:
    """Return an element; ``body`` is HTML already."""
    given = {**attributes, **({"style": style} if style else {})}
    written = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    return f"<{name}{written}>{body}</{name}>"
