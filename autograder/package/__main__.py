"""Grades one submission in the container of a service, and writes what the service reads.

Exit status: 0 when there is a result, 1 when the run broke and the service has to run it again.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder import assignments
from autograder.atomic_file import replacing
from autograder.course import Course
from autograder.grading.grade import grade_submission
from autograder.package.services import SERVICES
from autograder.report import table
from autograder.report.model import Report
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.submission.read import read_submission


def main(argv: Sequence[str] | None = None) -> int:
    """Grade what is in the submission's folder. Return the exit status."""
    parser = argparse.ArgumentParser(prog="autograder.package", description="Grades one submission for a service.")
    parser.add_argument("service", choices=sorted(SERVICES))
    parser.add_argument("assignment")
    for name in ("course", "submission", "results"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args(argv)
    service = SERVICES[args.service]
    began = time.monotonic()
    report = _graded(Course(args.course), args.assignment, args.submission, service.TITLE)
    result = service.results(report, time.monotonic() - began)
    print(table.plain([table.Row("this submission", report)]))  # for instructors: it has the flags too
    if result is None:
        return 1
    args.results.parent.mkdir(parents=True, exist_ok=True)
    with replacing(args.results) as file:
        json.dump(result, file, ensure_ascii=True, allow_nan=False)
    return 0


def _graded(course: Course, name: str, submitted: Path, service: str) -> Report:
    """Grade in a sandbox where there can be one, else in nothing but the service's container, which the report says."""
    assignment = assignments.load_in(course, name)
    settings = RunSettings.for_grading(unsandboxed=True, limits=assignment.limits)
    submission = read_submission(submitted, assignment, course)
    report = grade_submission(submission, assignment, course, settings=settings)
    if settings.isolation is Isolation.SANDBOX:
        return report
    return replace(report, isolation=f"{report.isolation} but the container of {service}")


if __name__ == "__main__":
    sys.exit(main())
