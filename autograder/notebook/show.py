"""Showing things: as HTML in a notebook, as text in a terminal."""

import sys
from typing import Any

from autograder.report import html, text
from autograder.report.model import ExerciseReport, RunSummary
from autograder.report.sanitize import wrap


class Shown:
    """Something to display, in the richest form that the place can show."""

    def __init__(self, as_html: str, as_text: str) -> None:
        self.html = as_html
        self.text = as_text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text

    def __add__(self, other: "Shown") -> "Shown":
        """Return both, one below the other."""
        return Shown(self.html + other.html, f"{self.text}\n\n{other.text}")


def say(text: object) -> None:
    """Print a text; what the console has no characters for is escaped there, and ends nothing."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(str(text).encode(encoding, "backslashreplace").decode(encoding))


def notice(message: str) -> Shown:
    """Return a message of a sentence or two."""
    return Shown(
        html.notice(message), "\n".join(line for part in message.split("\n") for line in wrap(part, text.WIDTH))
    )


def rubric(report: ExerciseReport) -> Shown:
    """Return the rubric of an exercise. Hints come in steps where they can be folded, and as a whole in a terminal."""
    return Shown(html.exercise(report, in_steps=True), text.exercise(report))


def summary(run: RunSummary) -> Shown:
    """Return one run. Why messages are wrong is folded as hints are, and told at once in a terminal."""
    return Shown(html.run(run, in_steps=True), text.run(run))
