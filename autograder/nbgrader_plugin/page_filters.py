"""The filters with which templates put texts and code into the feedback page, and nbgrader's into the Formgrader.

A student's text stands in a frame that says whose it is and that nothing in it can leave: it is painted inside of the
frame only, and whatever would set a place, a size or a name was taken out. What cannot be rendered is shown as it was
written, as far as there is room, after a sentence that says why.

``nbgrader_config.py`` puts these in the place of nbconvert's, whose ``markdown2html`` lets scripts through and whose
``clean_html`` shows the tags of tables as text.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from autograder.nbgrader_plugin.figures import with_figures
from autograder.nbgrader_plugin.rendering import LONGEST_CODE, LONGEST_TEXT, Allowance, NotRendered, Piece, rendered
from autograder.report import html_filter
from autograder.report.sanitize import visible

WHOSE = "Text of the student"
SHOWN = 2_000
"""Characters that are shown, as they were written, of a text that is not rendered."""

SHOWN_OF_CODE = 20_000
SHOWN_ON_A_PAGE = 60_000
"""Characters of all texts on a page that are not rendered, and of all code."""

_CONTAINED = "contain: paint"
"""Nothing inside is painted outside, be it text in a pile of accents, and a margin moves nothing else."""

_FRAME = f"{_CONTAINED}; border: 1px dashed rgba(128, 128, 128, 0.8); padding: 0 12px 4px 12px; margin: 8px 0"
_LABEL = "font-size: 12px; opacity: 0.8"
_LANGUAGE = "ipython3"


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Return the text of a cell."""
    cell = context.get("cell") or {}
    if by_course(cell):
        return _text(context, Piece(source, by_student=False))
    return framed(_text(context, Piece(source, attachments=_attachments(cell))))


@pass_context
def comment2html(context: Context, source: str) -> str:
    """Return what an instructor wrote about an answer."""
    return _text(context, Piece(source, by_student=False))


@pass_context
def highlight_code(
    context: Context, source: str, language: str | None = None, metadata: Mapping[str, Any] | None = None
) -> str:
    """Return the code of a cell; its language is that of a magic at its top that nbconvert has recognised."""
    name = language or (metadata or {}).get("magics_language") or _LANGUAGE
    piece = Piece(source or " ", language=str(name), by_student=not by_course(context.get("cell") or {}))
    try:
        if piece.by_student and len(source) > LONGEST_CODE:
            raise NotRendered(f"{len(source):,} characters are too many")
        body = rendered(piece, _allowance(context))
    except NotRendered as why:
        said = f"<p><em>This code is shown without colours, and only its beginning: {escape(str(why))}.</em></p>"
        body = f'{said}<div class="highlight"><pre>{_as_written(context, source, SHOWN_OF_CODE)}</pre></div>'
    return f'<div style="{_CONTAINED}">{body}</div>'


@pass_context
def clean_html(context: Context, element: str | bytes) -> str:
    """Return the HTML of an output. The source of a raw cell is no HTML, whatever it may look like."""
    cell = context.get("cell") or {}
    if cell.get("cell_type") == "raw" and isinstance(element, str) and element == cell.get("source"):
        return raw_text(context, element)
    return html_filter.clean_html(element)


@pass_context
def raw_text(context: Context, source: str) -> str:
    """Return the text of a raw cell, as it was written."""
    return framed(f"<pre>{_as_written(context, source, SHOWN)}</pre>") if source.strip() else ""


def unchanged(text: str) -> str:
    """Return the text unchanged, in place of filters that are needless or slow on cleaned HTML."""
    return text


def by_course(cell: Mapping[str, Any]) -> bool:
    """Return whether a cell is the course's own: it is locked, so its text comes from the gradebook."""
    told = (cell.get("metadata") or {}).get("nbgrader") or {}
    return bool(told.get("locked")) and not told.get("solution")


def framed(body: str) -> str:
    """Return the HTML of a student's text in a frame that it cannot leave."""
    return f'<div class="by-student" style="{_FRAME}"><div style="{_LABEL}">{WHOSE}</div>{body}</div>'


def _text(context: Context, piece: Piece) -> str:
    if piece.by_student and len(piece.source) > LONGEST_TEXT:
        return _instead(
            context, piece.source, f"it has {len(piece.source):,} characters, and only the beginning is shown"
        )
    try:
        page = rendered(piece, _allowance(context))
    except NotRendered as why:
        return _instead(context, piece.source, str(why))
    path = (context.get("resources") or {}).get("metadata", {}).get("path", "")
    return with_figures(page, Path(path))


def _instead(context: Context, source: str, why: str) -> str:
    said = f"<p><em>This text could not be shown as it is meant: {escape(why)}. It begins like this:</em></p>"
    return f"{said}<pre>{_as_written(context, source, SHOWN)}</pre>"


def _as_written(context: Context, source: str, longest: int) -> str:
    left = _resources(context).setdefault("shown_as_written", SHOWN_ON_A_PAGE)
    text = source[: min(longest, left)]
    _resources(context)["shown_as_written"] = left - len(text)
    rows = (escape(visible(line.expandtabs(4), longest)) for line in text.split("\n"))
    return "\n".join(rows) + ("…" if len(text) < len(source) else "")


def _attachments(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    found = cell.get("attachments")
    return found if isinstance(found, Mapping) else {}


def _allowance(context: Context) -> Allowance:
    """Return the time that is left for the page in progress."""
    allowance: Allowance = _resources(context).setdefault("allowance", Allowance())
    return allowance


def _resources(context: Context) -> dict[str, Any]:
    """Return what templates share while one page is made."""
    resources: dict[str, Any] = context["resources"]
    return resources
