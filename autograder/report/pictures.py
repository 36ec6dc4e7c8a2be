"""Pictures of runs as images: addresses that hold the whole picture, for wherever an ``<img>`` can be."""

from base64 import b64encode
from dataclasses import dataclass

from autograder.report import chart
from autograder.report.diagram.rows import Diagram, diagram
from autograder.report.diagram.sentences import summary, title
from autograder.report.diagram.svg import draw
from autograder.report.model import Chart, RunSummary


@dataclass(frozen=True)
class Image:
    """An image: its address, its width in pixels, and what it shows, for those who do not see it."""

    url: str
    width: int
    said: str


def of_messages(shown: Diagram) -> Image:
    """Return the picture of a run's messages."""
    drawn = draw(shown)
    return Image(_url(drawn.svg), drawn.width, f"{title(shown)} {summary(shown)}")


def of_chart(shown: Chart) -> Image:
    """Return the picture of what a run's messages come to."""
    return Image(_url(chart.draw(shown)), chart.WIDTH, chart.summary(shown))


def of_run(run: RunSummary) -> Image | None:
    """Return the picture that tells most of a run; None of one without messages."""
    if run.chart:
        return of_chart(run.chart)
    return of_messages(diagram(run)) if run.deliveries else None


def _url(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode('ascii')).decode('ascii')}"
