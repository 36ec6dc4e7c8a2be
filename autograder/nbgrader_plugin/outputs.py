"""The outputs of a graded check cell: what it shows, and what nbgrader reads its points from.

nbgrader's ``determine_grade`` gives 0 for any error output or text on stderr, reads the first ``execute_result`` as a
number, gives full marks when it cannot, and throws the submission away when the number is larger than the cell's
points. So there is exactly one ``execute_result``, its text is a plain number within the cell's points, and all else
is ``display_data``.
"""

import math
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.report import html, text, words
from autograder.report.model import ExerciseReport
from autograder.report.sanitize import visible

_MOST_PLACES = 50


def check_outputs(report: ExerciseReport, max_points: float, remarks: Sequence[str] = ()) -> list[NotebookNode]:
    """Return the outputs of a check cell: remarks, rubric, runs, and the points as a plain number.

    Args:
        report: what is shown.
        max_points: what the cell is worth in the gradebook; never more than this is given.
        remarks: what is to be said about the notebook as a whole.
    """
    outputs = [_remarks(remarks)] if remarks else []
    outputs.append(_rubric(report))
    outputs += [_shown(html.run(run), text.run(run)) for run in words.telling_first(report.runs)]
    outputs.append(new_output("execute_result", {"text/plain": _number(report.points, max_points)}, execution_count=1))
    return outputs


def _remarks(remarks: Sequence[str]) -> NotebookNode:
    said = "\n".join(["About this notebook:", *remarks])
    return _shown(html.notice(said), said)


def _rubric(report: ExerciseReport) -> NotebookNode:
    """Return the rubric; its metadata holds what the feedback page says at its top."""
    output = _shown(html.exercise(report), text.exercise(report))
    first = words.first_to_mend(report)
    output.metadata["autograder"] = {
        "title": visible(report.title, 120),
        "result": words.mark(report.verdict),
        "next": visible(first.hint, 600) if first else "",
        "section": visible(first.section, 200) if first else "",
        "places": [list(place.name) for place in report.places[:_MOST_PLACES]],
    }
    return output


def _shown(as_html: str, as_text: str) -> NotebookNode:
    output: NotebookNode = new_output("display_data", {"text/html": as_html, "text/plain": as_text})
    return output


def _number(points: float, max_points: float) -> str:
    if not math.isfinite(points):
        raise ValueError(f"a report with {points} points cannot be scored")
    return repr(float(max(0.0, min(points, max_points))))
