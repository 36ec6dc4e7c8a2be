"""The process in which texts and code of a notebook become HTML: whatever they are, only this process is at risk.

Markdown, highlighting and cleaning take a time that grows with the square of some texts, or more, inside of regular
expressions that nothing in the same process can interrupt. So each piece has a limit of CPU time, at which the kernel
ends this process, and all of it has a limit of memory. `autograder.nbgrader_plugin.rendering` starts it, and starts
another one when it has ended. It answers one line of JSON with one line of JSON until there are no more, reads no file
and remembers nothing.
"""

import json
import re
import resource
import signal
import sys
import time
from collections.abc import Mapping
from html import escape
from typing import Any

from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.nbgrader_plugin.attachments import Renderer, pictures
from autograder.report.html_filter import clean_course_text, clean_student_text
from autograder.report.sections import with_anchors

MEMORY = 768 << 20
"""Bytes of data of this process. It begins with about a tenth of it."""

LARGEST_HTML = 8_000_000
"""Characters of HTML that one piece may become, with the images that are attached to it."""

DEEPEST = 100
"""The depth to which its elements may be nested. What reads a page later, such as a browser, has its own limits."""

TOO_LARGE = "too large"
TOO_DEEP = "too deep"
NO_MEMORY = "no memory"
FAILED = "failed"

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = {"br", "hr", "img"}


def text_as_html(source: str, attachments: Mapping[str, Any], *, by_student: bool) -> str:
    """Return a text in Markdown as HTML that may be put into a page."""
    renderer = Renderer(escape=False, attachments=pictures(attachments), exclude_anchor_links=True)
    page = MarkdownWithMath(renderer=renderer).render(source)
    return clean_student_text(page) if by_student else clean_course_text(with_anchors(page))


def code_as_html(source: str, language: str) -> str:
    """Return code with its syntax highlighted, as HTML that may be put into a page."""
    page: str = Highlight2HTML(pygments_lexer=language)(source)
    return clean_student_text(page.replace(f'class=" highlight hl-{escape(language)}"', 'class="highlight"', 1))


def depth(page: str) -> int:
    """Return how deeply elements of cleaned HTML are nested."""
    deepest = now = 0
    for end, name in _TAG.findall(page):
        if name not in _VOID:
            now += -1 if end else 1
            deepest = max(deepest, now)
    return deepest


def answer(piece: Mapping[str, Any]) -> dict[str, Any]:
    """Return the HTML of a piece and the seconds of CPU time that it took, or why it has none."""
    begun = time.process_time()
    try:
        told = _checked(_as_html(piece))
    except MemoryError:
        told = {"why": NO_MEMORY}
    except RecursionError:
        told = {"why": TOO_DEEP}
    except Exception:  # of three libraries, each given what nobody has read
        told = {"why": FAILED}
    return {**told, "seconds": time.process_time() - begun}


def _as_html(piece: Mapping[str, Any]) -> str:
    if piece["language"]:
        return code_as_html(piece["source"], piece["language"])
    return text_as_html(piece["source"], piece["attachments"], by_student=piece["by_student"])


def _checked(page: str) -> dict[str, Any]:
    if len(page) > LARGEST_HTML:
        return {"why": TOO_LARGE}
    return {"why": TOO_DEEP} if depth(page) > DEEPEST else {"html": page}


def main() -> None:
    """Answer what comes on standard input until it ends."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer({"source": "x = 1", "language": "ipython3"})  # so that the first one pays for no imports
    print(json.dumps({}), flush=True)
    for line in sys.stdin.buffer:
        piece = json.loads(line)
        # The timer's signal ends the process, also in the midst of a regular expression.
        signal.setitimer(signal.ITIMER_PROF, piece["limit"])
        told = answer(piece)
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
