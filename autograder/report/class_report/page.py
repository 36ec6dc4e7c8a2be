"""The class at a glance as one HTML page that needs nothing else: no network, no other file, and no script to be read.

Three things keep what students wrote from doing harm. Every text is escaped where it is put in. What would not be seen
as it is (control characters, a change of direction) is spelled out. And a content security policy lets the page run its
own script only, known by its hash, and fetch nothing.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.report import words
from autograder.report.class_report import figures
from autograder.report.class_report.model import Check, ClassReport, State
from autograder.report.elements import prose
from autograder.report.sanitize import visible

_CLASSES = {State.PASSED: "p", State.PARTLY: "h", State.NOT_PASSED: "f", State.NOT_JUDGED: "n"}
"""CSS classes of the cells; short, since there are thousands."""
_LONGEST = 2000
_MARKS = re.compile(r"[_.@-](?=\w)")


def render(report: ClassReport) -> str:
    """Return the page."""
    style, script = text_of("page.css"), text_of("page.js")
    return (
        environment()
        .get_template("page.html")
        .render(
            report=report,
            exercises=_exercises(report.checks),
            histogram=Markup(figures.histogram(report.histogram)),  # numbers only
            **policy(style, script),
        )
    )


def _exercises(checks: tuple[Check, ...]) -> list[tuple[str, str, list[Check]]]:
    """Name, title and checks of each exercise."""
    by_exercise = groupby(checks, key=lambda check: (check.exercise, check.exercise_title))
    return [(name, title, list(found)) for (name, title), found in by_exercise]


@cache
def environment() -> Environment:
    """Return the way in which templates become pages: whatever is put in is escaped."""
    environment = Environment(
        loader=FunctionLoader(text_of),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen_as_it_is,
    )
    environment.filters.update(
        breakable=_breakable,
        cut=_cut,
        prose=_prose,
        number=words.number,
        span=figures.span,
        css=_CLASSES.__getitem__,
    )
    return environment


def _seen_as_it_is(value: Any) -> Any:
    """Return the value of a template expression for the page, before it is escaped."""
    return visible(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def _cut(text: str, limit: int) -> str:
    """Return a shortened text; the whole text is in the JSON and on the feedback page."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _breakable(name: str) -> Markup:
    """Return a name that may break after a punctuation mark, but not inside a word."""
    return Markup(_MARKS.sub(r"\g<0><wbr>", str(escape(visible(name, _LONGEST)))))  # no entity holds such a mark


def _prose(text: str) -> Markup:
    """Return a text of ours, with code in it set as code."""
    return Markup(prose(text, _LONGEST))


def policy(style: str, script: str) -> dict[str, Markup | str]:
    """Return our own style and script for a page, and the policy by which it runs and fetches nothing else."""
    allowed = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    said = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return {"style": Markup(style), "script": Markup(script), "policy": said}


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def text_of(name: str) -> str:
    """Return a file beside this module."""
    return files("autograder.report.class_report").joinpath(name).read_text(encoding="utf-8")
