"""What must be the same whenever the same work is graded: points, and every word that a student reads of it."""

import json
import re
from dataclasses import asdict

from autograder.report.model import ExerciseReport, Report

_DRAWN = re.compile(r"\b[0-9a-f]{16}\b", re.IGNORECASE)
"""What is drawn for each run, so that nobody can foresee it."""

Verdict = tuple[str, ...]
"""Each check of an exercise as JSON."""


def verdict_of(exercise: ExerciseReport) -> Verdict:
    """Return the points of each check, and what is said of it."""
    return tuple(_DRAWN.sub("…", json.dumps(asdict(check), sort_keys=True)) for check in exercise.checks)


def verdicts_of(report: Report) -> dict[str, Verdict]:
    """The verdict on each exercise, by its name."""
    return {exercise.name: verdict_of(exercise) for exercise in report.exercises}
